"""The value of an arithmetic expression, by Python's own parser: `calc.py EXPRESSION…`."""

import sys

for expression in sys.argv[1:]:
    value = float(eval(expression.replace("^", "**"), {"__builtins__": {}}))
    print(f"{expression}  =>  ok({value!r})")
