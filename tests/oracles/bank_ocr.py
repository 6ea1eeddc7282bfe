"""The published cases of the kata Bank OCR (by Emmanuel Gaillot and Christophe Thibaut); scans are made from the
forms of the digits."""

from calls import Case, call, err, ok

FORMS = {"0": " _ | ||_|", "1": "     |  |", "2": " _  _||_ ", "3": " _  _| _|", "4": "   |_|  |", "5": " _ |_  _|", "6": " _ |_ |_|", "7": " _   |  |", "8": " _ |_||_|", "9": " _ |_| _|"}


def scan(number, changes=()):
    forms = [list(FORMS[d]) for d in number]
    for digit, cell, mark in changes:
        forms[digit][cell] = mark
    return "\n".join("".join("".join(f[r * 3 : r * 3 + 3]) for f in forms) for r in range(3))


published = "published: the cases of the kata Bank OCR"
for number, reading in [
    ("123456789", Case("Account", "123456789")),
    ("111111111", Case("Account", "711111111")),
    ("777777777", Case("Account", "777777177")),
    ("200000000", Case("Account", "200800000")),
    ("333333333", Case("Account", "333393333")),
    ("888888888", Case("Ambiguous", "888888888", ["888886888", "888888880", "888888988"])),
    ("555555555", Case("Ambiguous", "555555555", ["555655555", "559555555"])),
    ("666666666", Case("Ambiguous", "666666666", ["666566666", "686666666"])),
    ("999999999", Case("Ambiguous", "999999999", ["899999999", "993999999", "999959999"])),
    ("490067715", Case("Ambiguous", "490067715", ["490067115", "490067719", "490867715"])),
]:
    call("read", ok(reading), source=published, scan=scan(number))
call("read", ok(Case("Account", "000000051")), source=published, scan=scan("000000051", [(0, 3, " ")]))
call("read", ok(Case("Account", "490867715")), source=published, scan=scan("490867715", [(8, 1, " ")]))
call("read", err(Case("WrongWidth", 1, 28)), source="by hand", scan=" _\n" + "|" * 28 + "\n|")
call("read", ok(Case("Illegible", "?????????")), source="by hand", scan="|||\n|||\n|||")
call("write", scan("0123456789"), number="0123456789")
