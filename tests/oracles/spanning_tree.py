"""The tree by Prim's algorithm, which agrees where all costs differ; circles by search."""

import random

from calls import Record, call, some

rng = random.Random(18)


def components(n, edges):
    near = {i: set() for i in range(n)}
    for a, b in edges:
        near[a].add(b)
        near[b].add(a)
    seen, parts = set(), []
    for i in range(n):
        if i not in seen:
            part, open_ = {i}, [i]
            while open_:
                for j in near[open_.pop()] - part:
                    part.add(j)
                    open_.append(j)
            seen |= part
            parts.append(part)
    return parts


for count, edges in [(2, 1), (8, 20), (15, 40), (12, 9)]:
    names = [f"town {c}" for c in "ABCDEFGHIJKLMNO"[:count]]
    costs = rng.sample(range(1, 500), edges)
    roads = [dict(zip(("from", "to", "cost"), [*rng.sample(names, 2), c])) for c in costs]
    towns = list(dict.fromkeys(t for r in roads for t in (r["from"], r["to"])))
    parts = components(len(towns), [(towns.index(r["from"]), towns.index(r["to"])) for r in roads])
    chosen = []
    for part in parts:
        inside = {towns[min(part)]}
        while len(inside) < len(part):
            best = min((r for r in roads if (r["from"] in inside) != (r["to"] in inside)), key=lambda r: r["cost"])
            inside |= {best["from"], best["to"]}
            chosen.append(best)
    chosen.sort(key=lambda r: r["cost"])
    call("cheapest", Record("Plan", roads=[Record("Road", **r) for r in chosen], cost=sum(r["cost"] for r in chosen), parts=len(parts)), roads=roads)
for people, count in [(0, 0), (5, 2), (20, 14), (20, 60)]:
    friends = [(rng.randrange(people), rng.randrange(people)) for _ in range(count)]
    call("circles", sorted(map(len, components(people, friends)), reverse=True), people=people, friends=[list(f) for f in friends])
    first = next((k for k in range(1, count + 1) if len(components(people, friends[:k])) == 1), None)
    call("connected_after", None if first is None else some(first), people=people, friends=[list(f) for f in friends])
