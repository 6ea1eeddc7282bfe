"""The entries by a dict; the height by an unbalanced tree of nested tuples."""

import random

from calls import call


def insert(t, k, v):
    if t is None:
        return (None, k, v, None)
    l, tk, tv, r = t
    if k < tk:
        return (insert(l, k, v), tk, tv, r)
    if k > tk:
        return (l, tk, tv, insert(r, k, v))
    return (l, k, v, r)


def remove(t, k):
    if t is None:
        return None
    l, tk, tv, r = t
    if k < tk:
        return (remove(l, k), tk, tv, r)
    if k > tk:
        return (l, tk, tv, remove(r, k))
    if l is None:
        return r
    if r is None:
        return l
    least = r
    while least[0] is not None:
        least = least[0]
    return (l, least[1], least[2], remove(r, least[1]))


def height(t):
    return 0 if t is None else 1 + max(height(t[0]), height(t[3]))


def run(changes):
    tree, entries = None, {}
    for change in changes:
        if "Set" in change:
            k, v = change["Set"]
            tree, entries[k] = insert(tree, k, v), v
        else:
            tree = remove(tree, change["Unset"])
            entries.pop(change["Unset"], None)
    return sorted(entries.items()), height(tree)


rng = random.Random(5)
for count, spread in [(0, 1), (1, 1), (30, 10), (120, 60)]:
    changes = []
    for _ in range(count):
        k = rng.randint(-spread, spread)
        changes.append({"Unset": k} if rng.random() < 0.35 else {"Set": [k, "x" * rng.randint(0, 5)]})
    entries, high = run(changes)
    call("run", (entries, high), changes=changes)
    call("lengths", [(k, len(v)) for k, v in entries if -spread // 2 <= k <= spread // 3], changes=changes, low=-spread // 2, high=spread // 3)
