"""Groups by reachability from every node (Warshall); satisfiability by trying everything."""

import random
from itertools import product

from calls import call, some


def reach(graph):
    n = len(graph)
    r = [[i == j or j in graph[i] for j in range(n)] for i in range(n)]
    for k in range(n):
        for i in range(n):
            for j in range(n):
                r[i][j] = r[i][j] or (r[i][k] and r[k][j])
    return r


def groups(graph):
    r, n = reach(graph), len(graph)
    return sorted({tuple(j for j in range(n) if r[i][j] and r[j][i]) for i in range(n)})


rng = random.Random(8)
for n, edges in [(0, 0), (1, 0), (8, 12), (20, 26), (30, 34)]:
    graph = [[] for _ in range(n)]
    for _ in range(edges):
        graph[rng.randrange(n)].append(rng.randrange(n))
    found = groups(graph)
    call("groups", [list(g) for g in found], graph=graph)
    name = {node: g[0] for g in found for node in g}
    call("condensed", sorted({(name[a], name[b]) for a in range(n) for b in graph[a] if name[a] != name[b]}), graph=graph)

for n, count in [(3, 5), (4, 8), (5, 16), (2, 4)]:
    literals = [v for v in range(-n, n + 1) if v]
    clauses = [(rng.choice(literals), rng.choice(literals)) for _ in range(count)]
    holds = [v for v in product([False, True], repeat=n) if all((v[abs(a) - 1] == (a > 0)) or (v[abs(b) - 1] == (b > 0)) for a, b in clauses)]
    # Only where the answer is the only one can it be told without the algorithm.
    while len(holds) > 1:
        fixed = rng.choice(literals)
        clauses.append((fixed, fixed))
        holds = [v for v in holds if v[abs(fixed) - 1] == (fixed > 0)]
    call("two_sat", some(list(holds[0])) if holds else None, variables=n, clauses=[list(c) for c in clauses])
