"""The policies one unit of time at a time."""

import random

from calls import Record, call, some


def units(processes, kind, slice_):
    """Who runs in each unit."""
    order = sorted(processes, key=lambda p: p["arrives"])
    left = {p["name"]: p["takes"] for p in processes}
    by_name = {p["name"]: p for p in processes}
    queue, line, now, used = [], [], 0, 0
    coming = [p["name"] for p in order]
    while coming or queue:
        while coming and by_name[coming[0]]["arrives"] <= now:
            queue.append(coming.pop(0))
        if not queue:
            line.append(None)
            now += 1
            continue
        if kind == "Priority":
            first = min(queue, key=lambda n: by_name[n]["priority"])
            queue.remove(first)
            queue.insert(0, first)
        name = queue[0]
        line.append(name)
        now, used = now + 1, used + 1
        left[name] -= 1
        while coming and by_name[coming[0]]["arrives"] <= now:
            queue.append(coming.pop(0))
        if left[name] == 0:
            queue.pop(0)
            used = 0
        elif kind == "RoundRobin" and used == slice_:
            queue.append(queue.pop(0))
            used = 0
    return line


def simulate(processes, kind, slice_=0):
    line = units(processes, kind, slice_)
    spans = []
    for at, name in enumerate(line):
        if spans and spans[-1][0] == name:
            spans[-1][2] = at + 1
        else:
            spans.append([name, at, at + 1])
    waiting = []
    for p in processes:
        end = max(i for i, n in enumerate(line) if n == p["name"]) + 1
        waiting.append(Record("Waiting", name=p["name"], waited=end - p["arrives"] - p["takes"], finished=end))
    mean = sum(w.fields["waited"] for w in waiting) / len(waiting) if waiting else 0.0
    shown = [Record("Span", name=None if n is None else some(n), start=a, end=b) for n, a, b in spans]
    return Record("Schedule", spans=shown, waiting=waiting, mean_wait=mean), "".join(n or "." for n in line)


rng = random.Random(9)
for count in [0, 1, 4, 7]:
    processes = [
        {"name": "ABCDEFG"[i], "arrives": rng.randint(0, 20), "takes": rng.randint(1, 9), "priority": rng.randint(0, 3)}
        for i in range(count)
    ]
    for policy in ["FirstCome", {"RoundRobin": 1}, {"RoundRobin": 3}, "Priority"]:
        kind, slice_ = (policy, 0) if isinstance(policy, str) else ("RoundRobin", policy["RoundRobin"])
        schedule, line = simulate(processes, kind, slice_)
        call("simulate", schedule, processes=processes, policy=policy)
        call("chart", line, processes=processes, policy=policy)
