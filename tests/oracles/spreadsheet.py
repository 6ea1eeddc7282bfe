"""Cells by Python's `eval`, with functions for the cells."""

import re

from calls import call, show


def column(letters):
    n = 0
    for c in letters:
        n = n * 26 + ord(c) - 64
    return n


def letters(n):
    out = ""
    while n:
        n, r = divmod(n - 1, 26)
        out = chr(65 + r) + out
    return out


def value(cells, at):
    text = cells.get(at, "")
    if not text.startswith("="):
        try:
            return float(text)
        except ValueError:
            return text
    code = re.sub(r"([A-Z]+\d+):([A-Z]+\d+)", r"*area('\1','\2')", text[1:])
    code = re.sub(r"(?<!')\b([A-Z]+\d+)\b(?!')", r"num('\1')", code)
    code = re.sub(r"(?<![\w.'])(\d+)(?![\w.'])", r"\1.0", code)

    def area(a, b):
        (ca, ra), (cb, rb) = (re.fullmatch(r"([A-Z]+)(\d+)", x).groups() for x in (a, b))
        found = [value(cells, letters(c) + str(r)) for r in range(int(ra), int(rb) + 1) for c in range(column(ca), column(cb) + 1)]
        return [v for v in found if isinstance(v, float)]

    def add(*xs):
        total = 0.0
        for x in xs:
            total += x
        return total

    env = {
        "num": lambda a: value(cells, a) or 0.0,
        "area": area,
        "SUM": add,
        "COUNT": lambda *x: float(len(x)),
        "MAX": lambda *x: max(x, default=0.0),
        "MIN": lambda *x: min(x, default=0.0),
        "AVG": lambda *x: add(*x) / len(x),
    }
    return float(eval(code, env))


def sheet(cells):
    shown = {at: value(cells, at) for at in cells}
    return {at: v if isinstance(v, str) else show(v) for at, v in shown.items()}


CELLS = {
    "A1": "item", "B1": "price", "C1": "count", "D1": "total",
    "A2": "tea", "B2": "3.5", "C2": "4", "D2": "=B2*C2",
    "A3": "milk", "B3": "1.25", "C3": "12", "D3": "=B3*C3",
    "A4": "cake", "B4": "", "C4": "1", "D4": "=B4 * C4",
    "D6": "=SUM(D2:D4)", "D7": "=D6*(1+B7/100)", "B7": "19", "D8": "=AVG(A1:D4, 100)", "D9": "=MAX(B2:C4)-MIN(B1:B9)",
    "D10": "=-(D6-D7)/COUNT(A1:D4)", "AA1": "=2*3-4/5-6", "AB1": "=AA1*AA1+AA2", "Z1": "=SUM(Z2:AC4,1)", "AC3": "0.125",
    "E1": "=SUM(D2:D3)*-2",
}
call("evaluate", sheet(CELLS), cells=list(map(list, CELLS.items())))
call("evaluate", {}, cells=[])
wrong = {
    "A1": "=A2", "A2": "=A3+1", "A3": "=SUM(A1:A2)", "B1": "=1/0", "B2": "=B1+1", "B3": "=1+", "B4": "=(1", "B5": "=FOO(1)",
    "B6": "word", "B7": "=B6*2", "B8": "=1 2", "B9": "=A1:A2", "C1": "=AVG()", "C2": "=SUM()",
}
shown = {
    "A1": "#CIRCLE A1", "A2": "#CIRCLE A1", "A3": "#CIRCLE A1", "B1": "#DIV/0", "B2": "#DIV/0", "B3": "#FORMULA ",
    "B4": "#FORMULA ", "B5": "#NAME FOO", "B6": "word", "B7": "#NUMBER word", "B8": "#FORMULA 2", "B9": "#FORMULA A1:A2",
    "C1": "#DIV/0", "C2": "0.0",
}
call("evaluate", shown, source="by hand", cells=list(map(list, wrong.items())))
