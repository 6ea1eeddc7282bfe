"""Cramer's rule and cofactors over Python's `fractions`."""

import random
from fractions import Fraction

from calls import Case, call, some


def det(m):
    if not m:
        return 1
    return sum((-1) ** j * m[0][j] * det([row[:j] + row[j + 1 :] for row in m[1:]]) for j in range(len(m)))


rng = random.Random(20)
for n in [1, 2, 3, 4]:
    a = [[rng.randint(-6, 6) for _ in range(n)] for _ in range(n)]
    b = [rng.randint(-9, 9) for _ in range(n)]
    d = det(a)
    assert d
    xs = [Fraction(det([row[:j] + [y] + row[j + 1 :] for row, y in zip(a, b)]), d) for j in range(n)]
    call("solve", Case("One", [str(x) for x in xs]), equations=[row + [y] for row, y in zip(a, b)])
    minors = [[(-1) ** (i + j) * det([r[:i] + r[i + 1 :] for k, r in enumerate(a) if k != j]) for j in range(n)] for i in range(n)]
    call("inverse", some([[str(Fraction(x, d)) for x in row] for row in minors]), matrix=a)
hand = "by hand"
call("solve", Case("Many", 2), source=hand, equations=[[1, 2, 3, 4], [2, 4, 6, 8]])
call("solve", Case("Nothing"), source=hand, equations=[[1, 2, 3], [0, 0, 1]])
call("solve", Case("One", ["0", "1/3"]), source=hand, equations=[[0, 3, 1], [2, 3, 1], [4, 6, 2]])
call("inverse", None, source=hand, matrix=[[1, 2], [2, 4]])
