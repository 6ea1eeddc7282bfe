"""Longest common subsequences by remembered recursion; the hunks by GNU's rules, as `diff -U` prints them."""

import random
from functools import lru_cache

from calls import call


def changes(old, new):
    @lru_cache(None)
    def lcs(i, j):
        if i == len(old) or j == len(new):
            return 0
        return 1 + lcs(i + 1, j + 1) if old[i] == new[j] else max(lcs(i + 1, j), lcs(i, j + 1))

    i = j = 0
    while i < len(old) or j < len(new):
        if i < len(old) and j < len(new) and old[i] == new[j]:
            yield " ", old[i], i, j
            i, j = i + 1, j + 1
        elif j == len(new) or (i < len(old) and lcs(i + 1, j) >= lcs(i, j + 1)):
            yield "-", old[i], i, j
            i += 1
        else:
            yield "+", new[j], i, j
            j += 1


def span(start, count):
    return f"{start},0" if count == 0 else str(start + 1) if count == 1 else f"{start + 1},{count}"


def unified(old, new, context):
    all_changes, out = list(changes(old, new)), []
    wanted = {k + d for k, c in enumerate(all_changes) if c[0] != " " for d in range(-context, context + 1)}
    group = []
    for k, change in enumerate([*all_changes, None]):
        if change is not None and k in wanted:
            group.append(change)
        elif group:
            olds, news = sum(c[0] != "+" for c in group), sum(c[0] != "-" for c in group)
            out.append(f"@@ -{span(group[0][2], olds)} +{span(group[0][3], news)} @@")
            out += [c[0] + c[1] for c in group]
            group = []
    return "\n".join(out)


rng = random.Random(1)
for size, context in [(0, 3), (6, 1), (20, 3), (40, 0), (30, 2)]:
    old = [rng.choice("abcdefghij") for _ in range(size)]
    new = []
    for line in old:
        roll = rng.random()
        new += [line] if roll < 0.75 else [] if roll < 0.85 else [line, rng.choice("xyz")] if roll < 0.95 else ["w"]
    new = new or ["one"]
    a, b = "\n".join(old), "\n".join(new)
    call("unified", unified(old, new, context), old=a, new=b, context=context)
    all_changes = list(changes(old, new))
    call("count", (sum(c[0] == "-" for c in all_changes), sum(c[0] == "+" for c in all_changes)), old=a, new=b)
    call("patched", new, old=a, new=b)
