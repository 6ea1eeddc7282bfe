"""Search without an index: every query looks through all words of all documents."""

import re

from calls import call

STOP = {"a", "an", "and", "the", "of", "in", "to", "is"}


def stem(w):
    if w.endswith("ss"):
        return w
    for end, least, add in [("ies", 2, "y"), ("ing", 3, ""), ("ed", 3, ""), ("s", 3, "")]:
        if w.endswith(end) and len(w) - len(end) >= least:
            return w[: -len(end)] + add
    return w


def words(text):
    return [stem(w) for w in re.findall("[a-z0-9]+", text.lower())]


def conjunction(docs, text):
    wanted, _, unwanted = text.partition("NOT ")
    scores = {i: 0 for i in range(len(docs))}
    for k, part in enumerate(wanted.split('"')):
        ws = words(part if k % 2 else part.replace("AND", ""))
        for phrase in [ws] if k % 2 else [[w] for w in ws if w not in STOP]:
            found = {}
            for i, doc in enumerate(docs):
                hits = sum(
                    doc[p : p + 1] == phrase[:1] and all(w in STOP or doc[p + o : p + o + 1] == [w] for o, w in enumerate(phrase))
                    for p in range(len(doc))
                )
                if phrase and phrase[0] not in STOP and hits:
                    found[i] = hits * (2 if k % 2 else 1)
            scores = {i: s + found[i] for i, s in scores.items() if i in found}
    if unwanted:
        scores = {i: s for i, s in scores.items() if i not in conjunction(docs, unwanted)}
    return scores


def find(texts, query):
    docs, total = [words(t) for t in texts], {}
    for part in query.split(" OR "):
        for i, s in conjunction(docs, part).items():
            total[i] = total.get(i, 0) + s
    return sorted(total.items(), key=lambda e: (-e[1], e[0]))


TEXTS = [
    "The cat sat on the mat; cats like mats.",
    "A dog is chasing the cat in the garden of the house.",
    "Gardens of stone and cities of glass.",
    "The dogs barked, the cats hissed and the birds sang in the city.",
    "Stone houses in the city: a city of stone!",
    "",
]
for query in ["cat", "cats dogs", "cat AND dog NOT garden", "city OR cat", '"city of stone"', '"the city"', 'stone "city of" OR mats', "unicorn", "NOT cat", '"garden of the house" OR "cat sat"', "cat NOT dog NOT mat"]:
    call("find", find(TEXTS, query), documents=TEXTS, query=query)
count = {}
for text in TEXTS:
    for w in set(words(text)) - STOP:
        count[w] = count.get(w, 0) + 1
call("common", sorted(((w, n) for w, n in count.items() if n > 1), key=lambda e: (-e[1], e[0])), documents=TEXTS)
