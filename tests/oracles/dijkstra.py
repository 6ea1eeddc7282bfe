"""Shortest paths by relaxing all edges until nothing changes (Bellman and Ford); the graphs have one shortest path."""

import random

from calls import Record, call, some


def distances(graph, start):
    best, before = {start: 0}, {}
    changed = True
    while changed:
        changed = False
        for node, edges in graph.items():
            for to, cost in edges:
                if node in best and best[node] + cost < best.get(to, 10**9):
                    best[to], before[to], changed = best[node] + cost, node, True
    tight = [to for node, edges in graph.items() if node in best for to, cost in edges if best[node] + cost == best[to]]
    assert len(tight) == len(set(tight)), "two shortest paths"
    return best, before


def route(graph, start, end):
    best, before = distances(graph, start)
    if end not in best:
        return None
    path = [end]
    while path[-1] != start:
        path.append(before[path[-1]])
    return some(Record("Route", cost=best[end], path=path[::-1]))


def crossing(graph):
    return [[node, [{"to": to, "cost": cost} for to, cost in edges]] for node, edges in graph.items()]


rng = random.Random(11)
names = [f"n{i}" for i in range(30)]
weights = rng.sample(range(1, 2**20), 120)
graph = {n: [] for n in names}
for i, weight in enumerate(weights):
    a, b = rng.sample(names[:28], 2)
    graph[a].append((b, weight))
graph["n28"].append(("n0", 5))
for start, end in [("n0", "n27"), ("n5", "n17"), ("n28", "n3"), ("n0", "n28"), ("n29", "n0"), ("n7", "n7")]:
    call("shortest", route(graph, start, end), graph=crossing(graph), **{"from": start, "to": end})
best, _ = distances(graph, "n28")
call("distances", sorted(best.items(), key=lambda p: (p[1], p[0])), graph=crossing(graph), **{"from": "n28"})
