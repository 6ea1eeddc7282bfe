"""Families and graphs by set comprehensions."""

from calls import Case, call, err, ok

PARENTS = [("ann", "bob"), ("ann", "cyd"), ("bob", "dan"), ("cyd", "eve"), ("cyd", "fay")]
FAMILY = "# who is whose parent\n" + "\n".join(f"parent({a}, {b})" for a, b in PARENTS) + """

ancestor(X, Y) if parent(X, Y)
ancestor(X, Z) if parent(X, Y), ancestor(Y, Z)
sibling(X, Y) if parent(P, X), parent(P, Y), X != Y
cousin(X, Y) if parent(P, X), parent(Q, Y), sibling(P, Q)
"""
parent = set(PARENTS)
ancestor = set(parent)
while (more := ancestor | {(a, d) for a, b in parent for c, d in ancestor if b == c}) != ancestor:
    ancestor = more
sibling = {(b, d) for a, b in parent for c, d in parent if a == c and b != d}
cousin = {(b, d) for a, b in parent for c, d in parent if (a, c) in sibling}
facts = [f"{name}({a}, {b})" for name, pairs in [("parent", parent), ("ancestor", ancestor), ("sibling", sibling), ("cousin", cousin)] for a, b in pairs]
call("derive", ok(sorted(facts)), program=FAMILY)


def answers(pairs):
    return ok([dict(p) for p in sorted(map(lambda d: sorted(d.items()), pairs))])


call("ask", answers([{"Who": b} for a, b in ancestor if a == "ann"]), program=FAMILY, question="ancestor(ann, Who)")
call("ask", answers([{"A": a, "B": b} for a, b in cousin]), program=FAMILY, question="cousin(A, B)")
call("ask", answers([{}]), program=FAMILY, question="sibling(bob, cyd)")
call("ask", answers([]), program=FAMILY, question="sibling(bob, bob)")
call("ask", answers([]), program=FAMILY, question="sibling(X, X)")

edges = {(str(a), str(a * 2 % 5)) for a in range(1, 5)} | {(str(a), str((a + 3) % 5)) for a in range(1, 5, 3)}
reach = set(edges)
while (more := reach | {(a, d) for a, b in reach for c, d in edges if b == c}) != reach:
    reach = more
graph = "\n".join(f"edge({a}, {b})" for a, b in sorted(edges)) + "\nreach(A, B) if edge(A, B)\nreach(A, C) if reach(A, B), edge(B, C)\nloop(A) if reach(A, A)"
call("ask", answers([{"X": a} for a, b in reach if a == b]), program=graph, question="loop(X)")
call("derive", err(Case("Unbound", 2, "Y")), source="by hand", program="a(b)\nc(X, Y) if a(X)")
call("derive", err(Case("BadFact", 1, "q(")), source="by hand", program="p(x) if q(")
