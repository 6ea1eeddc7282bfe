"""Python's own integers."""

import random
from math import factorial

from calls import Case, call, err, ok

rng = random.Random(13)


def number(digits):
    return rng.choice([1, -1]) * rng.randrange(10**digits)


pairs = [(number(rng.choice([1, 9, 10, 30, 70])), number(rng.choice([1, 9, 18, 40]))) for _ in range(8)]
pairs += [(10**18, -(10**18)), (10**27 - 1, 1), (-(10**27), 1), (0, 5), (123456789123456789, 123456789)]
for a, b in pairs:
    values = {"+": a + b, "-": a - b, "*": a * b}
    if b:
        quotient = abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
        values |= {"/": quotient, "%": a - quotient * b}
    for op, value in values.items():
        call("compute", ok(str(value)), a=str(a), op=op, b=str(b))
call("compute", err(Case("DivideByZero")), source="by hand", a="3", op="%", b="0")
for n in [0, 1, 25, 60]:
    call("factorial", str(factorial(n)), n=n)
for b, e in [(2, 0), (2, 200), (-3, 77), (10, 50), (999999999, 7)]:
    call("power", ok(str(b**e)), base=str(b), exponent=e)
