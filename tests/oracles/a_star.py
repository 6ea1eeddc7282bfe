"""The cheapest ways by Dijkstra's algorithm with `heapq`; mazes have one cheapest way."""

import heapq
import random

from calls import Case, Char, Record, call, err, ok, some


def solve(text):
    rows = text.split("\n")
    cells = {(x, y): c for y, row in enumerate(rows) for x, c in enumerate(row) if c != "#"}
    start = next(p for p, c in cells.items() if c == "S")
    goal = next(p for p, c in cells.items() if c == "G")
    cost = {p: int(c) if c.isdigit() else 1 for p, c in cells.items()}
    best, before, ways, heap, done = {start: 0}, {}, {start: 1}, [(0, start)], set()
    while heap:
        d, (x, y) = heapq.heappop(heap)
        if (x, y) in done:
            continue
        done.add((x, y))
        for n in [(x, y - 1), (x + 1, y), (x, y + 1), (x - 1, y)]:
            if n in cost:
                total = d + cost[n]
                if total < best.get(n, 10**9):
                    best[n], before[n], ways[n] = total, (x, y), ways[x, y]
                    heapq.heappush(heap, (total, n))
                elif total == best[n]:
                    ways[n] += ways[x, y]
    if goal not in best:
        return None, text, 1
    at, grid = goal, [list(row) for row in rows]
    while at != start:
        if at != goal:
            grid[at[1]][at[0]] = "*"
        at = before[at]
    return best[goal], "\n".join(map("".join, grid)), ways[goal]


rng = random.Random(12)
made = 0
while made < 4:
    width, height = rng.randint(5, 16), rng.randint(4, 10)
    grid = [[rng.choice("...123456789##") for _ in range(width)] for _ in range(height)]
    grid[0][0], grid[-1][-1] = "S", "G"
    text = "\n".join(map("".join, grid))
    cost, drawn, ways = solve(text)
    if cost is None or ways > 1:
        continue
    made += 1
    call("cost", ok(some(cost)), maze=text)
    call("draw", ok(drawn), maze=text)
call("cost", ok(None), source="by hand", maze="S.#.G")
call("cost", err(Case("NoStart")), source="by hand", maze="..G")
call("cost", err(Case("Strange", Char("?"), Record("Point", x=1, y=1))), source="by hand", maze="S.G\n.?.")
