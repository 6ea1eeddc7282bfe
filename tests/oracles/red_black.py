"""Sorted lists without duplicates; that a red-black tree is balanced and low is a theorem."""

import random

from calls import Record, call

rng = random.Random(16)
for items in [[], [1], list(range(60)), list(range(60, 0, -1)), [rng.randint(-50, 50) for _ in range(120)]]:
    call("build", Record("Shape", items=sorted(set(items)), is_balanced=True, is_low=True), items=items)
text = "it was the best of times it was the worst of times it was the age of wisdom"
asked = ["age", "it", "worst", "wisdo", "", "zebra"]
call("vocabulary", (sorted(set(text.split())), [w in text.split() for w in asked]), text=text, asked=asked)
