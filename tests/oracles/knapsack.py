"""The best of all choices, by trying each."""

import random
from functools import lru_cache
from itertools import combinations, combinations_with_replacement

from calls import Record, call, some

rng = random.Random(19)


def subsets(items):
    return (c for k in range(len(items) + 1) for c in combinations(items, k))


for count, limit in [(0, 3), (4, 10), (9, 30), (10, 25)]:
    items = [{"name": "abcdefghij"[i], "weight": rng.randint(1, 12), "value": rng.randint(1, 1000)} for i in range(count)]
    fits = [c for c in subsets(items) if sum(i["weight"] for i in c) <= limit]
    value = max(sum(i["value"] for i in c) for c in fits)
    best = [c for c in fits if sum(i["value"] for i in c) == value]
    assert len(best) == 1
    call("pack", Record("Choice", names=[i["name"] for i in best[0]], weight=sum(i["weight"] for i in best[0]), value=value), items=items, limit=limit)


def fewest(amount, coins):
    wave, seen = [()], {0}
    while wave:
        for way in wave:
            if sum(way) == amount:
                return len(way)
        new = {}
        for way in wave:
            for coin in coins:
                total = sum(way) + coin
                if total <= amount and total not in seen:
                    new.setdefault(total, way + (coin,))
        seen |= set(new)
        wave = list(new.values())
    return None


for amount, coins in [(63, [1, 5, 10, 21, 25]), (30, [1, 15, 25]), (11, [4, 6]), (7, [3, 4])]:
    n = fewest(amount, coins)
    ways = [w for w in combinations_with_replacement(sorted(coins, reverse=True), n or 0) if sum(w) == amount]
    assert n is None or len(ways) == 1
    call("change", None if n is None else some(list(ways[0])), amount=amount, coins=coins)


def count_ways(amount, coins):
    if amount == 0:
        return 1
    return count_ways(amount, coins[1:]) + (count_ways(amount - coins[0], coins) if coins[0] <= amount else 0) if coins else 0


for amount, coins in [(100, [50, 25, 10, 5, 1]), (10, [3, 7]), (5, [])]:
    call("ways", count_ways(amount, coins), amount=amount, coins=coins)
call("ways", 73682, source="published: Project Euler, problem 31", amount=200, coins=[1, 2, 5, 10, 20, 50, 100, 200])
prices = [1, 5, 8, 9, 10, 17, 17, 20, 24, 30]


@lru_cache(None)
def rod(n):
    return max((prices[k - 1] + rod(n - k) for k in range(1, min(n, 10) + 1)), default=0)


for n in [0, 1, 7, 10, 23]:
    call("cut_rod", rod(n), length=n, prices=prices)
jobs = []
for _ in range(11):
    start = rng.randint(0, 30)
    jobs.append({"start": start, "end": start + rng.randint(1, 12), "pay": rng.randint(1, 90)})
free = [c for c in subsets(jobs) if all(a["end"] <= b["start"] or b["end"] <= a["start"] for a, b in combinations(c, 2))]
call("earn", max(sum(j["pay"] for j in c) for c in free), jobs=jobs)
numbers = [rng.randint(-20, 20) for _ in range(14)]
rising = [c for c in subsets(numbers) if all(a < b for a, b in zip(c, c[1:]))]
call("longest_rise", max(map(len, rising)), numbers=numbers)
