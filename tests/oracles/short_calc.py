"""Arithmetic by Python's parser: its tree is evaluated and printed."""

import ast
import operator

from calls import Case, call, err, ok, show

OPS = {ast.Add: ("+", operator.add), ast.Sub: ("-", operator.sub), ast.Mult: ("*", operator.mul), ast.Div: ("/", operator.truediv)}


def evaluate(node):
    if isinstance(node, ast.Constant):
        return float(node.value)
    return OPS[type(node.op)][1](evaluate(node.left), evaluate(node.right))


def explain(node):
    if isinstance(node, ast.Constant):
        return show(float(node.value))
    return f"({explain(node.left)} {OPS[type(node.op)][0]} {explain(node.right)})"


for text in ["7", "1 + 2 * 3", "(1+2)*3", "10/4/5", "2*(3+4*(5-6))-7/8", " 1.5*1.5 ", "8-3-2+1", "0.1+0.2", "((2))*((3))"]:
    tree = ast.parse(text.strip(), mode="eval").body
    call("calc", ok(evaluate(tree)), text=text)
    call("explain", ok(explain(tree)), text=text)
hand = "by hand: the text where reading stopped"
call("calc", err(Case("DivideByZero")), source=hand, text="1/(1-1)")
call("calc", err(Case("Unexpected", "* 2")), source=hand, text="1 + * 2")
call("calc", err(Case("Unexpected", " 2")), source=hand, text="1 2")
call("calc", err(Case("Unexpected", "")), source=hand, text="")
call("calc", err(Case("Unexpected", "1.2.3")), source=hand, text="1.2.3")
