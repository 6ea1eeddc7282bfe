"""Invoices by Python's `decimal`, which rounds half to even."""

import random
from decimal import ROUND_HALF_EVEN, Decimal

from calls import Case, Record, call, err, ok


def cents(x):
    return int(x.quantize(Decimal(1), ROUND_HALF_EVEN))


def net(item):
    full = Decimal(item["price"] * item["quantity"])
    match item["discount"]:
        case None:
            return int(full)
        case {"Percent": p}:
            return int(full) - cents(full * Decimal(p) / 10000)
        case {"Amount": a}:
            return int(full) - a
        case {"Bundle": [of, free]}:
            return item["price"] * (item["quantity"] - item["quantity"] // of * free)


def bill(items):
    lines = [(i["name"], net(i)) for i in items]
    rates = sorted({i["tax"] for i in items})
    taxes = []
    for r in rates:
        total = sum(n for i, (_, n) in zip(items, lines) if i["tax"] == r)
        taxes.append((r, total, cents(Decimal(total) * r / 10000)))
    return lines, taxes, sum(n for _, n in lines)


def money(c):
    return ("-" if c < 0 else "") + f"{abs(c) // 100:,}".replace(",", ".") + f",{abs(c) % 100:02} €"


rng = random.Random(25)
discounts = [None, None, {"Percent": 1250}, {"Amount": 50}, {"Bundle": [3, 1]}, {"Percent": 333}]
for count in [1, 4, 9]:
    items = [
        {"name": f"item {i}", "quantity": rng.randint(1, 12), "price": rng.choice([99, 1999, 5, 123456, 250]) + 50, "tax": rng.choice([700, 1900, 0]), "discount": rng.choice(discounts)}
        for i in range(count)
    ]
    lines, taxes, total = bill(items)
    gross = total + sum(t for _, _, t in taxes)
    call(
        "bill",
        ok(Record("Invoice", lines=[Record("Line", name=n, net=c) for n, c in lines], taxes=[Record("TaxLine", rate=r, net=n, tax=t) for r, n, t in taxes], net=total, gross=gross)),
        items=items,
    )
    row = lambda n, c: n + money(c).rjust(32 - len(n))
    text = [row(n, c) for n, c in lines] + ["-" * 32, row("Net", total)] + [row(f"Tax {r / 100} %", t) for r, _, t in taxes] + ["-" * 32, row("Total", gross)]
    call("print", ok("\n".join(text)), items=items)
for amount, parts in [(100, 3), (0, 2), (99999, 12), (5, 7)]:
    q, r = divmod(amount, parts)
    call("instalments", [q + 1] * r + [q] * (parts - r), amount=amount, parts=parts)
call("instalments", traps="divide-by-zero", source="by hand", amount=5, parts=0)
call("bill", err(Case("BadBundle", "b")), source="by hand", items=[{"name": "b", "quantity": 1, "price": 1, "tax": 0, "discount": {"Bundle": [2, 3]}}])
