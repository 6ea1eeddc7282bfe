"""Dictionaries and sorting; that a B-tree is well formed is a theorem."""

import random

from calls import call, some

rng = random.Random(17)
for count, spread in [(0, 1), (3, 5), (40, 1000), (150, 80), (100, 10**6)]:
    keys = [rng.randint(-spread, spread) for _ in range(count)]
    last = {key: place for place, key in enumerate(keys)}
    low, high = -spread // 2, spread // 3
    found = sorted((k, v) for k, v in last.items() if low <= k < high)
    call("build", (len(last), True, found), args={"keys": keys, "from": low, "to": high})
pairs = [(rng.choice("abcdefghijklm") * rng.randint(1, 2), rng.randint(-99, 99)) for _ in range(50)]
seen, replaced = {}, []
for key, value in pairs:
    replaced.append(some(seen[key]) if key in seen else None)
    seen[key] = value
asked = ["a", "bb", "m", "x", ""]
call("replace", (replaced, [some(seen[k]) if k in seen else None for k in asked]), pairs=[list(p) for p in pairs], asked=asked)
