"""A least-recently-used cache by `OrderedDict`."""

import random
from collections import OrderedDict

from calls import call, show, some


def run(capacity, actions):
    cache, told = OrderedDict(), []
    for action in actions:
        (kind, parts), = action.items()
        if kind == "Get":
            if parts in cache:
                cache.move_to_end(parts)
            told.append(show(some(cache[parts]) if parts in cache else None))
        elif kind == "Put":
            key, value = parts
            out = None
            if key not in cache and len(cache) == capacity:
                out = some(cache.popitem(last=False)) if capacity else None
            if capacity:
                cache[key] = value
                cache.move_to_end(key)
            told.append(show(out))
        else:
            key, by = parts
            if key in cache:
                cache[key] += by
            told.append(show(key in cache))
    return told, list(reversed(cache))


rng = random.Random(3)
for capacity, count in [(1, 12), (3, 40), (5, 80), (0, 3)]:
    actions = []
    for _ in range(count):
        key, n = rng.choice("abcdefgh"), rng.randint(-9, 99)
        actions.append(rng.choice([{"Get": key}, {"Put": [key, n]}, {"Put": [key, n]}, {"Add": [key, n]}]))
    call("run", run(capacity, actions), capacity=capacity, actions=actions)
