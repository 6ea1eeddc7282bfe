"""Programs turned into Python, line by line."""

import re

from calls import Case, call, err, ok

PROGRAMS = [
    "n = 27; steps = 0; while n != 1 { if n % 2 == 0 { n = n / 2; } else { n = 3 * n + 1; } steps = steps + 1; } print steps;",
    "a = 0; b = 1; i = 0; while i < 20 { print a; c = a + b; a = b; b = c; i = i + 1; }",
    "n = 2; while n < 60 { d = 2; p = 1; while d * d < n + 1 and p { if n % d == 0 { p = 0; } d = d + 1; } if p { print n; } n = n + 1; }",
    "print 2 + 3 * 4 - 10 / 3; print (2 + 3) * (4 - 10) % 4; print not 5; print not (1 > 2) and 3 < 4;",
    "x = 0; if x > 0 or x < 0 { print 1; } else { if x == 0 { print 2; } } print 1 or y_ / 0;".replace("y_", "x"),
    "a = 1071; b = 462; while b { t = a % b; a = b; b = t; } print a;",
    "",
]


def execute(program):
    code = program.replace("{", ":{").replace("}", "}\n").replace("{", "\n{\n").replace(";", "\n")
    lines, depth, out = [], 0, []
    for line in map(str.strip, code.split("\n")):
        if line == "{":
            depth += 1
            lines.append("  " * depth + "pass")
        elif line == "}":
            depth -= 1
        elif line:
            line = re.sub(r"^print (.*)$", r"out.append(int(\1))", line).replace("/", "//")
            lines.append("  " * depth + line)
    exec("\n".join(lines), {"out": out})
    return out


# `or` and `and` give 0 or 1, as comparisons do; the remainder and quotient of negative numbers round towards zero.
for program in PROGRAMS:
    if "% 4" in program:
        call("execute", ok([11, -2, 0, 1]), source="by hand", program=program)
    else:
        call("execute", ok(execute(program)), program=program)
hand = "by hand"
call("execute", err(Case("DivideByZero", 2)), source=hand, program="print 1 / 0;")
call("execute", err(Case("Unexpected", "the end", "a statement")), source=hand, program="while 1 {")
call("listing", ok(["Push(1)", "JumpIfZero(4)", "Push(2)", "Jump(5)", "Push(0)", "Emit"]), source=hand, program="print 1 and 2;")
