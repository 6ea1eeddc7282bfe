"""Queens by all permutations; the published counts agree (OEIS A000170)."""

from itertools import permutations

from calls import Char, call, some

PUBLISHED = [1, 1, 0, 0, 2, 10, 4, 40]


def boards(n):
    for p in permutations(range(n)):
        if len({i + c for i, c in enumerate(p)}) == n == len({i - c for i, c in enumerate(p)}):
            yield p


for n, count in enumerate(PUBLISHED):
    assert len(list(boards(n))) == count
    if 3 < n < 7:
        call("queens", count, size=n)
        rows = [" ".join("Q" if c == j else "." for j in range(n)) for c in next(boards(n))]
        call("draw", some("\n".join(rows)), size=n)
call("tour", (True, True), source="published: there is a knight's tour from a corner", size=5)
call("tour", (False, True), source="published: there is no knight's tour on three by three", size=3)
for words in [["I", "BB", "ILL"], ["AB", "AB", "BCC"], ["A", "B", "C", "A"]]:
    letters = list(dict.fromkeys("".join(words)))
    found = []
    for p in permutations(range(10), len(letters)):
        v = dict(zip(letters, p))
        ns = [int("".join(str(v[c]) for c in w)) for w in words]
        if sum(ns[:-1]) == ns[-1] and all(v[w[0]] for w in words):
            found.append({Char(c): v[c] for c in letters})
    call("letters", found, words=words)
