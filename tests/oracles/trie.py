"""Words by filtering lists; distances by a table for each pair."""

from calls import call

WORDS = dict(zip("the of and to a in is it you that he was for on are with as i his they be at one have this theatre then there these".split(), range(100, 0, -3)))
WORDS |= {"élan": 7, "éclair": 8, "日本": 2, "日曜": 3}
PAIRS = [list(p) for p in WORDS.items()]


def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a):
        new = [i + 1]
        for j, y in enumerate(b):
            new.append(min(row[j] + (x != y), row[j + 1] + 1, new[j] + 1))
        row = new
    return row[-1]


for prefix in ["th", "", "é", "日", "the", "zz"]:
    found = sorted((w for w in WORDS if w.startswith(prefix)), key=lambda w: (-WORDS[w], w))
    call("complete", found[:5], words=PAIRS, prefix=prefix)
for word, limit in [("tha", 1), ("teh", 2), ("elan", 1), ("", 2), ("theaters", 3), ("xyzzy", 2)]:
    found = sorted((distance(word, w), w) for w in WORDS if distance(word, w) <= limit)
    call("correct", [(w, d) for d, w in found], words=PAIRS, word=word, limit=limit)
prefixes = {w[:i] for w in WORDS for i in range(len(w) + 1)}
call("economy", (len(prefixes), sum(map(len, WORDS))), words=PAIRS)
