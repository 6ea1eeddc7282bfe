"""Rows by string rules, the ant by complex numbers, the sand by sweeping over a board."""

from calls import call


def rule(number, steps, start):
    row, rows = "." * steps + start + "." * steps, []
    table = {f"{k:03b}".replace("0", ".").replace("1", "#"): ".#"[number >> k & 1] for k in range(8)}
    # An endless line: what surrounds the row changes too, under odd rules.
    back = "."
    for _ in range(steps + 1):
        rows.append(row)
        padded = back + row + back
        row = "".join(table[padded[i : i + 3]] for i in range(len(row)))
        back = table[back * 3]
    return rows


for number, steps, start in [(30, 12, "#"), (90, 15, "#"), (110, 14, "#"), (184, 8, "##.#.###"), (54, 6, "#"), (0, 2, "#")]:
    call("rule", rule(number, steps, start), number=number, steps=steps, start=start)
for steps in [0, 1, 100, 386]:
    black, at, way = set(), 0j, -1j
    for _ in range(steps):
        way *= -1j if at in black else 1j
        black ^= {at}
        at += way
    call("ant", ((int(at.real), int(at.imag)), len(black)), steps=steps)
for grains in [1, 16, 100, 256]:
    n = 12
    board = [[0] * (2 * n + 1) for _ in range(2 * n + 1)]
    board[n][n] = grains
    while any(c > 3 for row in board for c in row):
        for y in range(2 * n + 1):
            for x in range(2 * n + 1):
                if board[y][x] > 3:
                    board[y][x] -= 4
                    for dx, dy in ((0, 1), (1, 0), (0, -1), (-1, 0)):
                        board[y + dy][x + dx] += 1
    reach = max(x - n for row in board for x, c in enumerate(row) if c)
    call("sand", ["".join(map(str, row[n - reach : n + reach + 1])) for row in board[n - reach : n + reach + 1]], grains=grains)
