"""The same pictures by Python's complex numbers and `comb`; floats are the same on both sides."""

from math import comb

from calls import call

LETTERS = " .,:;i1tfLCG08@"


def picture(left, right, top, bottom, width, height, start):
    rows = []
    for j in range(height):
        row = ""
        for i in range(width):
            x = left + (i + 0.5) * (right - left) / width
            y = top - (j + 0.5) * (top - bottom) / height
            zx, zy, cx, cy = start(x, y)
            n = 0
            while n < 30 and zx * zx + zy * zy <= 4.0:
                zx, zy, n = zx * zx - zy * zy + cx, 2.0 * zx * zy + cy, n + 1
            row += LETTERS[min(n, 14)]
        rows.append(row.rstrip())
    return "\n".join(rows)


VIEW = {"left": -2.0, "right": 0.5, "top": 1.25, "bottom": -1.25, "width": 40, "height": 20}
call("mandelbrot", picture(**VIEW, start=lambda x, y: (0.0, 0.0, x, y)), view=VIEW)
wide = {"left": -1.5, "right": 1.5, "top": 1.0, "bottom": -1.0, "width": 30, "height": 12}
call("julia", picture(**wide, start=lambda x, y: (x, y, -0.8, 0.156)), view=wide, re=-0.8, im=0.156)
for n in [1, 8, 16]:
    rows = [" " * (n - 1 - r) + "".join("* " if comb(r, c) % 2 else "  " for c in range(r + 1)) for r in range(n)]
    call("sierpinski", "\n".join(r.rstrip() for r in rows), size=n)
a, b = "A", "AB"
for n in range(9):
    if n in (0, 5, 8):
        call("rewrite", a, start="A", rules=[["A", "AB"], ["B", "A"]], times=n)
    a, b = b, b + a
call("draw", "+-+\n| |\n+-+", source="by hand", path="F+F+F+F")
call("draw", "", source="by hand", path="++")
call("draw", "  +-+\n  | |\n+-+ +-+", source="by hand", path="F+F-F-F+F")
