"""Sudoku by plain backtracking, which also sees that there is one solution; the deduction by sets."""

from calls import Case, call, err, ok, some

PUZZLES = [
    "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79",
    "..9748...7.........2.1.9.....7...24..64.1.59..98...3.....8.3.2.........6...2759..",
    "4.....8.5.3..........7......2.....6.....8.4......1.......6.3.7.5..2.....1.4......",
]


def peers(i):
    return {j for j in range(81) if j != i and (j // 9 == i // 9 or j % 9 == i % 9 or (j // 27 == i // 27 and j % 9 // 3 == i % 9 // 3))}


PEERS = [peers(i) for i in range(81)]


def solutions(cells):
    free = [i for i in range(81) if cells[i] == "."]
    if not free:
        yield "".join(cells)
        return
    i = min(free, key=lambda i: len(set("123456789") - {cells[j] for j in PEERS[i]}))
    for d in sorted(set("123456789") - {cells[j] for j in PEERS[i]}):
        cells[i] = d
        yield from solutions(cells)
    cells[i] = "."


def deduced(puzzle):
    open_ = [set("123456789") if c == "." else {c} for c in puzzle]
    changed = True
    while changed:
        changed = False
        for i in range(81):
            for j in PEERS[i]:
                if len(open_[j]) == 1 and open_[j] <= open_[i]:
                    open_[i] -= open_[j]
                    changed = True
    return sum(len(o) == 1 for o in open_)


for puzzle in PUZZLES[:2]:
    found = list(solutions(list(puzzle)))
    assert len(found) == 1
    rows = [found[0][i : i + 9] for i in range(0, 81, 9)]
    call("solution", ok(some("\n".join(rows))), puzzle=puzzle)
for puzzle in PUZZLES:
    call("deduced", ok(deduced(puzzle)), puzzle=puzzle)
impossible = "12345678." + "........9" + "." * 63
call("solution", err(Case("Contradiction")), source="by hand: the ninth cell has no digit left", puzzle=impossible)
