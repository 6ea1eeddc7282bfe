"""Life on a board that is wide enough, cell by cell."""

from calls import Case, call

PATTERNS = {
    "r-pentomino": ".##\n##.\n.#.",
    "glider": ".#.\n..#\n###",
    "acorn": ".#.....\n...#...\n##..###",
    "pulsar": "..###...###\n\n#....#.#....#\n#....#.#....#\n#....#.#....#\n..###...###\n\n..###...###\n#....#.#....#\n#....#.#....#\n#....#.#....#\n\n..###...###",
    "lightweight spaceship": ".#..#\n#....\n#...#\n####.",
    "empty": "",
}


def parse(text):
    return {(x, y) for y, line in enumerate(text.split("\n")) for x, c in enumerate(line) if c == "#"}


def step(cells):
    if not cells:
        return cells
    xs, ys = [x for x, _ in cells], [y for _, y in cells]
    out = set()
    for x in range(min(xs) - 1, max(xs) + 2):
        for y in range(min(ys) - 1, max(ys) + 2):
            n = sum((x + dx, y + dy) in cells for dx in (-1, 0, 1) for dy in (-1, 0, 1) if dx or dy)
            if n == 3 or (n == 2 and (x, y) in cells):
                out.add((x, y))
    return out


def shape(cells):
    x0, y0 = min((x for x, _ in cells), default=0), min((y for _, y in cells), default=0)
    return {(x - x0, y - y0) for x, y in cells}


def draw(cells):
    s = shape(cells)
    if not s:
        return ""
    w, h = max(x for x, _ in s) + 1, max(y for _, y in s) + 1
    return "\n".join("".join("#" if (x, y) in s else "." for x in range(w)) for y in range(h))


for name, generations in [("r-pentomino", 8), ("glider", 7), ("acorn", 6), ("pulsar", 1), ("empty", 3)]:
    cells, counts = parse(PATTERNS[name]), []
    for _ in range(generations):
        counts.append(len(cells))
        cells = step(cells)
    call("generations", draw(cells), pattern=PATTERNS[name], count=generations)
    call("population", counts + [len(cells)], pattern=PATTERNS[name], count=generations)
for pattern in ["######", "##\n.#\n..#", "#.#\n.#."]:
    cells, generations = parse(pattern), 0
    while cells:
        cells, generations = step(cells), generations + 1
    call("watch", Case("Dies", generations), pattern=pattern)
published = "published: the well-known behaviour of the pattern"
call("watch", Case("Repeats", 0, 3), source=published, pattern=PATTERNS["pulsar"])
call("watch", Case("Moves", 0, 4), source=published, pattern=PATTERNS["lightweight spaceship"])
call("watch", Case("Unknown"), source=published, pattern=PATTERNS["r-pentomino"], limit=12)
