"""Minimax without cut-offs, remembered."""

from functools import lru_cache

from calls import Case, Char, Record, call, err, ok

LINES = [(0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8), (0, 4, 8), (2, 4, 6)]


def winner(b):
    return next((b[i] for i, j, k in LINES if b[i] != "." and b[i] == b[j] == b[k]), None)


def turn(b):
    return "X" if b.count("X") == b.count("O") else "O"


@lru_cache(None)
def value(b):
    if winner(b):
        return -1 - b.count(".")
    return max((-value(b[:i] + turn(b) + b[i + 1 :]) for i in range(9) if b[i] == "."), default=0)


def best(b):
    if winner(b):
        return []
    values = {i: -value(b[:i] + turn(b) + b[i + 1 :]) for i in range(9) if b[i] == "."}
    return [i for i, v in values.items() if v == max(values.values())]


@lru_cache(None)
def games(b):
    if winner(b):
        return (1, 0, 0) if winner(b) == "X" else (0, 1, 0)
    if "." not in b:
        return (0, 0, 1)
    return tuple(map(sum, zip(*(games(b[:i] + turn(b) + b[i + 1 :]) for i in range(9) if b[i] == "."))))


def show(b):
    return "/".join(b[i : i + 3] for i in (0, 3, 6))


for board in ["XOX.O....", "X.O.X.O..", "XXXOO....", "XOXXOOOX.", "XO.OX...."]:
    call("best_moves", ok(best(board)), board=show(board))
for board in ["XO..XO...", "X.O.O...X", "XOXOXO..."]:
    boards, b = [], board
    while best(b):
        i = best(b)[0]
        b = b[:i] + turn(b) + b[i + 1 :]
        boards.append(show(b))
    end = f"Won({winner(b)})" if winner(b) else "Drawn"
    call("play", ok((boards, end)), board=show(board))
assert games(".........") == (131184, 77904, 46080)  # published
for board in ["XOX.O....", "XO..X.O.X", "X.O.X.O.."]:
    x, o, drawn = games(board)
    call("games", ok(Record("Ends", x=x, o=o, drawn=drawn)), board=show(board))
call("games", err(Case("BadCell", Char("Q"))), source="by hand", board="Q")
