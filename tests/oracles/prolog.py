"""Answers in the order in which Prolog finds them, by Python's loops in the same order."""

from itertools import permutations

from calls import Case, call, err, ok

APPEND = "append([], L, L).\nappend([H|T], L, [H|R]) :- append(T, L, R).\n"
MEMBER = "member(X, [X|_]).\nmember(X, [_|T]) :- member(X, T).\n"


def lst(items):
    return "[" + ",".join(items) + "]"


items = ["a", "b", "c", "d"]
splits = [f"X = {lst(items[:i])}, Y = {lst(items[i:])}" for i in range(5)]
call("ask", ok(splits), program=APPEND, question="append(X, Y, [a,b,c,d]).")
call("ask", ok(["yes"]), program=APPEND, question="append([a], [b], [a,b]).")
call("ask", ok([]), program=APPEND, question="append([a], [b], [b,a]).")
select = "select(X, [X|T], T).\nselect(X, [H|T], [H|R]) :- select(X, T, R).\nperm([], []).\nperm(L, [H|T]) :- select(H, L, R), perm(R, T).\n"
call("ask", ok([f"P = {lst(p)}" for p in permutations("xyz")]), program=select, question="perm([x,y,z], P).")
parents = [("ann", "bob"), ("bob", "cyd"), ("ann", "dan"), ("dan", "eve"), ("cyd", "fay")]
family = "".join(f"parent({a}, {b}).\n" for a, b in parents) + "anc(X, Y) :- parent(X, Y).\nanc(X, Z) :- parent(X, Y), anc(Y, Z).\n"


def anc(x):
    for a, b in parents:
        if a == x:
            yield b
    for a, b in parents:
        if a == x:
            yield from anc(b)


call("ask", ok([f"W = {w}" for w in anc("ann")]), program=family, question="anc(ann, W).")
call("ask", ok(["A = cyd", "A = ann", "A = bob"]), source="by hand: facts first, then each rule from the top", program=family, question="anc(A, fay).")
number = "add(z, N, N).\nadd(s(M), N, s(R)) :- add(M, N, R).\nmul(z, _, z).\nmul(s(M), N, R) :- mul(M, N, P), add(N, P, R).\n"


def peano(n):
    return "z" if n == 0 else f"s({peano(n - 1)})"


call("ask", ok([f"R = {peano(6)}"]), program=number, question=f"mul({peano(2)}, {peano(3)}, R).")
call("ask", ok([f"A = {peano(i)}, B = {peano(4 - i)}" for i in range(5)]), program=number, question=f"add(A, B, {peano(4)}).")
colours = ["red", "green", "blue"]
edges = [("A", "B"), ("A", "C"), ("B", "C"), ("B", "D"), ("C", "D")]
facts = "".join(f"diff({a}, {b}).\n" for a in colours for b in colours if a != b)
found = [(a, b, c, d) for a in colours for b in colours if b != a for c in colours if c not in (a, b) for d in colours if d not in (b, c)]
call("ask", ok([f"A = {a}, B = {b}, C = {c}, D = {d}" for a, b, c, d in found]), program=facts, question=", ".join(f"diff({a}, {b})" for a, b in edges) + ".")
call("ask", ok(["X = a", "X = b", "X = a"]), program=MEMBER, question="member(X, [a,b,a]).")
call("ask", err(Case("Syntax", 5)), source="by hand", program="p(a) q.", question="p(a).")
