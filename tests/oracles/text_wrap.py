"""`textwrap` for the greedy lines; all ways of breaking for the even ones."""

import textwrap
from itertools import combinations

from calls import call

TEXT = """The quick brown fox jumps over the lazy dog. Pack my box with five dozen liquor jugs!

Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich; donaudampfschiffahrtsgesellschaft.


  How   vexingly quick
daft zebras jump."""


def lines(words, width):
    return textwrap.wrap(" ".join(words), width, break_long_words=False, break_on_hyphens=False)


def even(words, width):
    best = None
    for k in range(len(words)):
        for cuts in combinations(range(1, len(words)), k):
            ends = [0, *cuts, len(words)]
            parts = [words[a:b] for a, b in zip(ends, ends[1:])]
            if any(len(" ".join(p)) > width and len(p) > 1 for p in parts):
                continue
            cost = sum(max(0, width - len(" ".join(p))) ** 2 for p in parts[:-1])
            key = (cost, [len(p) for p in parts])
            if best is None or key < best[0]:
                best = (key, [" ".join(p) for p in parts])
    return best[1]


def justify(line, width):
    words = line.split()
    gaps, room = len(words) - 1, width - len("".join(line.split()))
    if gaps == 0 or room < gaps:
        return line
    return "".join(w + " " * (room // gaps + (i < room % gaps) if i < gaps else 0) for i, w in enumerate(words))


def paragraphs(text):
    return [p.split() for p in text.split("\n\n") if p.split()]


def wrap(text, width, align, breaker=lines):
    out = []
    for words in paragraphs(text):
        ls = breaker(words, width)
        if align == "Right":
            ls = [l.rjust(width) for l in ls]
        elif align == "Centre":
            ls = [" " * (max(0, width - len(l)) // 2) + l for l in ls]
        elif align == "Justified":
            ls = [justify(l, width) for l in ls[:-1]] + ls[-1:]
        out.append("\n".join(ls))
    return "\n\n".join(out)


for width in [10, 24, 40]:
    for align in ["Left", "Right", "Centre", "Justified"]:
        call("wrap", wrap(TEXT, width, align), text=TEXT, width=width, align=align)
for width in [11, 17]:
    call("wrap", wrap(TEXT, width, "Left", even), text=TEXT, width=width, balanced=True)
a, b = lines(TEXT.split()[:17], 20), lines(TEXT.split()[17:26], 20)
rows = [f"{a[i] if i < len(a) else '':20} | {b[i] if i < len(b) else ''}".rstrip() for i in range(max(len(a), len(b)))]
call("columns", "\n".join(rows), left=" ".join(TEXT.split()[:17]), right=" ".join(TEXT.split()[17:26]))
call("wrap", "", source="by hand", text=" \n\n ")
