"""Hands ranked by tuples, and by all fives of seven cards with `itertools`."""

import random
from collections import Counter
from itertools import combinations

from calls import Case, call, err, ok

RANKS = "23456789TJQKA"
NAMES = ["HighCard", "Pair", "TwoPairs", "ThreeOfAKind", "Straight", "Flush", "FullHouse", "FourOfAKind", "StraightFlush"]


def value(five):
    ranks = sorted((RANKS.index(c[0]) + 2 for c in five), reverse=True)
    count = Counter(ranks)
    order = sorted(count, key=lambda r: (-count[r], -r))
    shape = sorted(count.values(), reverse=True)
    flush = len({c[1] for c in five}) == 1
    high = 5 if ranks == [14, 5, 4, 3, 2] else ranks[0] if len(count) == 5 and ranks[0] - ranks[4] == 4 else None
    if high and flush:
        return 8, [high]
    if shape[0] == 4:
        return 7, order
    if shape == [3, 2]:
        return 6, order
    if flush:
        return 5, ranks
    if high:
        return 4, [high]
    return {(3, 1, 1): 3, (2, 2, 1): 2, (2, 1, 1, 1): 1}.get(tuple(shape), 0), order


def best(text):
    return max(value(five) for five in combinations(text.split(), 5))


def shown(v):
    return Case(NAMES[v[0]], v[1])


HANDS = ["TS JS QS KS AS", "9C 9D 9H 9S 2D", "AC AD AH KS KD", "2H 7H 9H JH QH", "AC 2D 3H 4S 5C", "TC JD QH KS AC", "7C 7D 7H 2S 3D", "7C 7D 2H 2S 3D", "7C 7D 4H 2S 3D", "KC 7D 4H 2S 3D", "QC KD AH 2S 3D"]
for hand in HANDS:
    call("rank", ok(shown(best(hand))), cards=hand)
rng = random.Random(24)
deck = [r + s for r in RANKS for s in "CDHS"]
for _ in range(6):
    hand = " ".join(rng.sample(deck, 7))
    call("rank", ok(shown(best(hand))), cards=hand)
for players in [2, 3]:
    for _ in range(3):
        cards = rng.sample(deck, 5 + 1 * players)
        hands = [" ".join(cards[:4] + [c]) for c in cards[5 : 5 + players]]
        values = [best(h) for h in hands]
        call("winners", ok([i for i, v in enumerate(values) if v == max(values)]), hands=hands)
call("winners", ok([0, 1]), source="by hand: suits don't decide", hands=["2C 3C 5C 7C 9C", "2D 3D 5D 7D 9D", "2H 3H 5H 7H 8D"])
call("rank", err(Case("WrongCount", 4)), source="by hand", cards="2C 3C 4C 5C")
