"""Products by the school's way, and by Python's integers; frequencies as the signals were made."""

import random
from math import cos, pi, sin

from calls import call, some

rng = random.Random(21)
for n, m in [(1, 1), (3, 5), (16, 16), (40, 25)]:
    a = [rng.randint(-100, 100) for _ in range(n)]
    b = [rng.randint(-100, 100) for _ in range(m)]
    out = [0] * (n + m - 1)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            out[i + j] += x * y
    call("multiply", out, a=a, b=b)
for x, y in [(0, 7), (99, 99), (rng.randrange(10**40), rng.randrange(10**55)), (10**20, 10**20)]:
    call("multiply_digits", some(str(x * y)), a=str(x), b=str(y))
call("multiply_digits", None, source="by hand", a="1x", b="2")
for waves in [{3: 1.0}, {2: 1.0, 9: 0.8}, {5: 1.0, 6: 0.1}]:
    signal = [2.0 + sum(a * (cos if k % 2 else sin)(2 * pi * k * t / 64) for k, a in waves.items()) for t in range(64)]
    call("strongest", [k for k, a in sorted(waves.items()) if a >= 0.5], source="by hand: the waves that the signal is made of", signal=[round(x, 6) for x in signal])
