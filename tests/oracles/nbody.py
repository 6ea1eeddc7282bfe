"""The n-body energies: `nbody.py STEPS`, after the benchmark game's description.

The published energies are -0.169075164 at the start and -0.169087605 after 1000 steps.
"""

import math
import sys

SOLAR_MASS = 4 * math.pi**2
DAYS = 365.24
BODIES = [
    [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0], SOLAR_MASS],
    [[4.84143144246472090e00, -1.16032004402742839e00, -1.03622044471123109e-01],
     [1.66007664274403694e-03, 7.69901118419740425e-03, -6.90460016972063023e-05], 9.54791938424326609e-04],
    [[8.34336671824457987e00, 4.12479856412430479e00, -4.03523417114321381e-01],
     [-2.76742510726411899e-03, 4.99852801234917238e-03, 2.30417297573763929e-05], 2.85885980666130812e-04],
    [[1.28943695621391310e01, -1.51111514016986312e01, -2.23307578892655734e-01],
     [2.96460137564761618e-03, 2.37847173959480950e-03, -2.96589568540237556e-05], 4.36624404335156298e-05],
    [[1.53796971148509165e01, -2.59193146099879641e01, 1.79258772950371181e-01],
     [2.68067772490389322e-03, 1.62824170038242295e-03, -9.51592254519715870e-05], 5.15138902046611451e-05],
]
for body in BODIES[1:]:
    body[1] = [v * DAYS for v in body[1]]
    body[2] *= SOLAR_MASS
BODIES[0][1] = [-sum(b[1][k] * b[2] for b in BODIES) / SOLAR_MASS for k in range(3)]
PAIRS = [(a, b) for i, a in enumerate(BODIES) for b in BODIES[i + 1:]]


def energy():
    kinetic = sum(0.5 * m * sum(c * c for c in v) for _, v, m in BODIES)
    return kinetic - sum(a[2] * b[2] / math.dist(a[0], b[0]) for a, b in PAIRS)


def advance(dt):
    for a, b in PAIRS:
        d = [p - q for p, q in zip(a[0], b[0])]
        pull = dt / sum(c * c for c in d) ** 1.5
        for k in range(3):
            a[1][k] -= d[k] * b[2] * pull
            b[1][k] += d[k] * a[2] * pull
    for p, v, _ in BODIES:
        for k in range(3):
            p[k] += dt * v[k]


print(f"{energy():.9f}")
for _ in range(int(sys.argv[1])):
    advance(0.01)
print(f"{energy():.9f}")
