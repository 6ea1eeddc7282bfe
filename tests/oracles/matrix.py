"""Matrices by sums of products; determinants by permutations; Fibonacci numbers by adding."""

import random
from itertools import permutations
from math import prod

from calls import Case, call, err, ok


def multiply(a, b):
    return [[sum(x * y for x, y in zip(row, column)) for column in zip(*b)] for row in a]


def power(m, n):
    out = [[int(i == j) for j in range(len(m))] for i in range(len(m))]
    for _ in range(n):
        out = multiply(out, m)
    return out


def determinant(m):
    n, total = len(m), 0
    for p in permutations(range(n)):
        inversions = sum(p[i] > p[j] for i in range(n) for j in range(i + 1, n))
        total += (-1) ** inversions * prod(m[i][p[i]] for i in range(n))
    return total


rng = random.Random(2)


def matrix(rows, columns, size=9):
    return [[rng.randint(-size, size) for _ in range(columns)] for _ in range(rows)]


for rows, inner, columns in [(1, 1, 1), (2, 3, 4), (5, 5, 5), (1, 6, 1)]:
    a, b = matrix(rows, inner), matrix(inner, columns)
    call("multiply", ok(multiply(a, b)), a=a, b=b)
    call("transpose", ok([list(row) for row in zip(*a)]), m=a)
m = matrix(3, 3, 3)
for n in [0, 1, 2, 7, 13]:
    call("power", ok(power(m, n)), m=m, exponent=n)
for n in [1, 2, 4, 6]:
    m = matrix(n, n)
    call("determinant", ok(determinant(m)), m=m)
singular = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
call("determinant", ok(determinant(singular)), m=singular)
call("determinant", ok(determinant([[0, 2], [3, 0]])), m=[[0, 2], [3, 0]])
a, b = 0, 1
for i in range(91):
    if i in (0, 1, 2, 50, 90):
        call("fibonacci", a, index=i)
    a, b = b, a + b
call("fibonacci", traps="overflow", source="by hand: the number 93 is greater than 2^63", index=93)
call("determinant", err(Case("NotRectangular")), source="by hand", m=[[1, 2], [3]])
