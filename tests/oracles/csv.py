"""CSV by Python's own `csv` module."""

import io
import sys

# This file has the name of the module that it needs.
here = sys.path.pop(0)
import csv

sys.path.insert(0, here)
from calls import Case, call, err, ok


def parse(text, separator=","):
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))


def write(rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().removesuffix("\n")


TEXTS = [
    "a,b,c\n1,2,3\n",
    'name,said\n"O\'Neil, Bob","He said ""hi"""\n"two\nlines",""\n',
    "x,,z\r\n,y,\r\n",
    "é,ß\n😀,日本",
    '"",a',
]
for text in TEXTS:
    call("parse", ok(parse(text)), text=text)
    rows = parse(text)
    width = max(map(len, rows))
    turned = [[row[i] if i < len(row) else "" for row in rows] for i in range(width)]
    call("transpose", ok(write(turned)), text=text)
tabbed = 'a\tb,c\n"d\te"\t"f"\n'
call("from_tabs", ok(write(parse(tabbed, "\t"))), text=tabbed)
hand = "by hand: the line and column of the wrong byte"
call("parse", err(Case("UnclosedQuote", 2)), source=hand, text='a\n"b')
call("parse", err(Case("Stray", 1, 4)), source=hand, text='"a"b')
call("parse", err(Case("Stray", 2, 2)), source=hand, text='a\nb"c"')
call("parse", ok([]), source="by hand", text="")
