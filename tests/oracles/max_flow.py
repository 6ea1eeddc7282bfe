"""The greatest flow as the least cut, by trying every set of nodes; pairings by recursion."""

import random
from itertools import combinations

from calls import Record, call


def cuts(nodes, pipes, source, sink):
    others = [n for n in range(nodes) if n not in (source, sink)]
    for size in range(len(others) + 1):
        for chosen in combinations(others, size):
            near = {source, *chosen}
            crossing = [p for p in pipes if p["from"] in near and p["to"] not in near]
            yield sum(p["capacity"] for p in crossing), near, crossing


def pairings(tasks, abilities):
    if not abilities:
        return 0
    first, rest = abilities[0], abilities[1:]
    best = pairings(tasks, rest)
    for task in set(first) & tasks:
        best = max(best, 1 + pairings(tasks - {task}, rest))
    return best


rng = random.Random(21)
for nodes, count in [(2, 1), (6, 9), (9, 20), (11, 30)]:
    pipes = []
    for _ in range(count):
        a, b = rng.sample(range(nodes), 2)
        pipes.append({"from": a, "to": b, "capacity": rng.randint(1, 50)})
    all_cuts = list(cuts(nodes, pipes, 0, nodes - 1))
    least = min(total for total, _, _ in all_cuts)
    call("flow", least, args={"nodes": nodes, "pipes": pipes, "source": 0, "sink": nodes - 1})
    # The cut nearest to the source is the one inside all least cuts.
    near = set.intersection(*(near for total, near, _ in all_cuts if total == least))
    cut = [p for p in pipes if p["from"] in near and p["to"] not in near]
    assert sum(p["capacity"] for p in cut) == least
    call("bottleneck", [Record("Pipe", **p) for p in cut], args={"nodes": nodes, "pipes": pipes, "source": 0, "sink": nodes - 1})
for tasks, workers in [(3, 3), (5, 6), (6, 5)]:
    abilities = [rng.sample(range(tasks), rng.randint(0, 2)) for _ in range(workers)]
    call("pairings", pairings(set(range(tasks)), abilities), tasks=tasks, abilities=abilities)
