"""Orders by Python's `graphlib`."""

import random
from graphlib import TopologicalSorter

from calls import Case, call, err, ok


def waves(rules):
    sorter = TopologicalSorter(rules)
    sorter.prepare()
    out = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        out.append(ready)
        sorter.done(*ready)
    return out


def needed(rules, target):
    return {target}.union(*(needed(rules, n) for n in rules[target]))


rng = random.Random(4)
names = ["app", "lib", "core", "net", "ui", "log", "json", "fs", "time", "rand"]
rules = {n: rng.sample(names[i + 1 :], min(rng.randint(0, 3), len(names) - i - 1)) for i, n in enumerate(names)}
text = "# what needs what\n" + "\n".join(f"{n}: {' '.join(rules[n])} # {i}" for i, n in enumerate(rules)) + "\n\n"
call("waves", ok(waves(rules)), text=text)
for target in ["app", "ui", "rand"]:
    some = needed(rules, target)
    call("order", ok([n for wave in waves(rules) for n in wave if n in some]), text=text, target=target)
call("waves", ok([]), text="")
hand = "by hand"
call("order", err(Case("Unknown", "x", "x")), source=hand, text=text, target="x")
call("waves", err(Case("Circle", ["b", "d", "c"])), source=hand, text="a: b\nb: d\nc: b\nd: c e\ne:\n")
call("waves", err(Case("Circle", ["a"])), source=hand, text="a: a")
call("waves", err(Case("Unknown", "b", "q")), source=hand, text="a:\nb: a q")
