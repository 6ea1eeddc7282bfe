"""The least cost by `heapq`; the codes by the same rule for ties, with a list that is kept sorted."""

import heapq
from bisect import insort
from collections import Counter

from calls import Case, Char, call, err, ok


def cost(text):
    heap = list(Counter(text).values())
    if len(heap) == 1:
        return heap[0]
    heapq.heapify(heap)
    total = 0
    while len(heap) > 1:
        both = heapq.heappop(heap) + heapq.heappop(heap)
        total += both
        heapq.heappush(heap, both)
    return total


def codes(text):
    trees = []
    for c, n in sorted(Counter(text).items()):
        insort(trees, (n, c), key=lambda t: t[0])
    while len(trees) > 1:
        a, b, *trees = trees
        insort(trees, (a[0] + b[0], a, b), key=lambda t: t[0])

    def walk(tree, prefix):
        if len(tree) == 2:
            return {tree[1]: prefix or "0"}
        return walk(tree[1], prefix + "0") | walk(tree[2], prefix + "1")

    return walk(trees[0], "")


TEXTS = ["abracadabra", "the quick brown fox jumps over the lazy dog", "aaaaabbbbccd", "z", "Fischers Fritz fischt frische Fische – 🐟🐟!"]
for text in TEXTS:
    code = codes(text)
    assert sum(len(code[c]) for c in text) == cost(text)
    call("cost", cost(text), text=text)
    call("measure", ok((cost(text), max(map(len, code.values())), True)), text=text)
    bits = "".join(code[c] for c in text[::-1])
    packed = [int(bits[i : i + 8].ljust(8, "0"), 2) for i in range(0, len(bits), 8)]
    call("with_code_of", ok(packed), sample=text, text=text[::-1])
call("cost", 0, text="", source="by hand")
call("with_code_of", err(Case("UnknownChar", Char("x"))), source="by hand", sample="abc", text="abxc")
