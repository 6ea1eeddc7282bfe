"""Roman numerals place by place, words by recursion, fractions by `fractions`."""

import math
import random
from fractions import Fraction

from calls import Case, call, err, ok


def roman(n):
    out = ""
    for unit, (one, five, ten) in zip((1, 10, 100, 1000), ("IVX", "XLC", "CDM", ("M", "", ""))):
        d = n // unit % 10
        out = (one * d if d < 4 else one + five if d == 4 else five + one * (d - 5) if d < 9 else one + ten) + out if unit < 1000 else "M" * (n // 1000) + out
    return out


rng = random.Random(23)
for n in [1, 4, 9, 14, 40, 90, 400, 944, 1066, 1999, 2024, 3888, 3999]:
    call("to_roman", ok(roman(n)), number=n)
    call("from_roman", ok(n), text=roman(n))
for text in ["IC", "VV", "MMMM", "iv", "XIIX"]:
    call("from_roman", err(Case("Malformed", text)), source="by hand", text=text)

ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()


def words(n):
    if n < 0:
        return "minus " + words(-n)
    if n < 20:
        return ONES[n]
    if n < 100:
        return TENS[n // 10] + ("-" + ONES[n % 10] if n % 10 else "")
    if n < 1000:
        return ONES[n // 100] + " hundred" + (" and " + words(n % 100) if n % 100 else "")
    power = next(p for p in range(6, 0, -1) if n >= 1000**p)
    name = ["thousand", "million", "billion", "trillion", "quadrillion", "quintillion"][power - 1]
    head, rest = divmod(n, 1000**power)
    return words(head) + " " + name + ("" if not rest else (" and " if rest < 100 else ", ") + words(rest))


for n in [0, 7, 13, 20, 85, 100, 342, 999, 1000, 1001, 12_345, 100_100, 1_000_000, 1_002_003, 2**63 - 1, -(2**63), 5_000_000_017]:
    call("in_words", words(n), number=n)


def digits(n, base):
    out = ""
    while n or not out:
        n, d = divmod(n, base)
        out = "0123456789abcdefghijklmnopqrstuvwxyz"[d] + out
    return out


for n, a, b in [(0, 2, 36), (255, 16, 2), (2**64 - 1, 10, 36), (123456789, 7, 13), (35, 36, 10)]:
    call("rebase", ok(digits(n, b)), args={"text": digits(n, a), "from": a, "to": b})
call("rebase", err(Case("BadBase", 37)), source="by hand", args={"text": "1", "from": 10, "to": 37})
call("rebase", err(Case("Malformed", "12")), source="by hand", args={"text": "12", "from": 2, "to": 10})
for a, b in [(3, 4), (7, 15), (5, 121), (1, 9), (0, 3), (6, 7)]:
    rest, parts = Fraction(a, b), []
    while rest and len(parts) < 4:
        parts.append(math.ceil(1 / rest))
        rest -= Fraction(1, parts[-1])
    if not rest:
        call("egyptian", parts, numerator=a, denominator=b)
