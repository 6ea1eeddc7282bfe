"""Distances by remembered recursion; parts by comparing slices."""

from collections import Counter
from functools import lru_cache

from calls import call, some


def make(a, b):
    @lru_cache(None)
    def d(i, j):
        if i == 0 or j == 0:
            return i + j
        return min(d(i - 1, j - 1) + (a[i - 1] != b[j - 1]), d(i - 1, j) + 1, d(i, j - 1) + 1)

    return d


def distance(a, b):
    return make(a, b)(len(a), len(b))


def align(a, b):
    d, i, j, out = make(a, b), len(a), len(b), []
    while i or j:
        if i and j and d(i, j) == d(i - 1, j - 1) + (a[i - 1] != b[j - 1]):
            i, j = i - 1, j - 1
            out.append((a[i], b[j]))
        elif i and d(i, j) == d(i - 1, j) + 1:
            i -= 1
            out.append((a[i], "-"))
        else:
            j -= 1
            out.append(("-", b[j]))
    out.reverse()
    return "".join(x for x, _ in out), "".join(y for _, y in out)


def common(a, b):
    for n in range(min(len(a), len(b)), 0, -1):
        for i in range(len(a) - n + 1):
            if a[i : i + n] in b:
                return a[i : i + n]
    return ""


def similarity(a, b):
    x, y = (Counter(zip(t, t[1:])) for t in (a.lower(), b.lower()))
    total = sum(x.values()) + sum(y.values())
    return (1000 if a == b else 0) if total == 0 else 2000 * sum((x & y).values()) // total


PAIRS = [("kitten", "sitting"), ("intention", "execution"), ("", ""), ("", "日本"), ("GCATGCG", "GATTACA"), ("Saturday", "Sunday"), ("naïve café", "naive coffee"), ("x", "x"), ("banana bandana", "ananas and bananas")]
for a, b in PAIRS:
    call("distance", distance(a, b), a=a, b=b)
    call("align", align(a, b), a=a, b=b)
    call("common", common(a, b), a=a, b=b)
    call("similarity", similarity(a, b), a=a, b=b)
KNOWN = ["receive", "separate", "definitely", "necessary", "it"]
for word in ["recieve", "seperate", "definately", "neccesary", "is", "xylophone"]:
    best = min(KNOWN, key=lambda k: distance(word, k))
    call("meant", some(best) if distance(word, best) <= 1 + len(word) // 4 else None, word=word, known=KNOWN)
