"""The same picture in Python; no pixel is so near to the edge of a letter that rounding could tell."""

from math import floor, sqrt

from calls import call

SPHERES = [((0.0, 0.2, 5.0), 1.2, 0.9, 0.6), ((-2.1, -0.4, 4.2), 0.6, 1.0, 0.0), ((1.7, -0.5, 3.4), 0.5, 0.7, 0.0)]
LIGHT = (-4.0, 6.0, -2.0)


def add(a, b, k=1.0):
    return tuple(x + k * y for x, y in zip(a, b))


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def unit(a):
    n = sqrt(dot(a, a))
    return tuple(x / n for x in a)


def hits(o, d):
    for c, r, shade, mirror in SPHERES:
        oc = add(o, c, -1)
        b, q = dot(oc, d), dot(oc, oc) - r * r
        if b * b >= q:
            for t in (-b - sqrt(b * b - q), -b + sqrt(b * b - q)):
                if t > 1e-6:
                    p = add(o, d, t)
                    yield t, p, unit(add(p, c, -1)), shade, mirror
                    break
    if d[1] and (t := (-1.0 - o[1]) / d[1]) > 1e-6:
        p = add(o, d, t)
        yield t, p, (0.0, 1.0, 0.0), 0.8 * (0.3 if (floor(p[0]) + floor(p[2])) % 2 else 1.0), 0.0


def brightness(o, d, depth):
    found = min(hits(o, d), default=None)
    if found is None:
        return 0.0
    _, p, n, shade, mirror = found
    to_light = unit(add(LIGHT, p, -1))
    lit = 0.0 if any(True for _ in hits(p, to_light)) else max(0.0, dot(n, to_light))
    own = shade * (0.15 + 0.85 * lit)
    if not mirror or not depth:
        return own
    return own * (1 - mirror) + mirror * brightness(p, add(d, n, -2 * dot(n, d)), depth - 1)


def render(w, h):
    rows = []
    for j in range(h):
        row = ""
        for i in range(w):
            d = unit((((i + 0.5) / w * 2 - 1) * 1.2, (1 - (j + 0.5) / h * 2) * 0.9, 2.0))
            level = min(max(brightness((0.0, 0.0, -1.0), d, 3), 0.0), 0.999) * 10
            assert level == 0 or abs(level - round(level)) > 1e-7, (i, j, level)
            row += " .:-=+*#%@"[int(level)]
        rows.append(row)
    return "\n".join(rows)


call("render", render(60, 24))
call("render", render(21, 9), width=21, height=9)
