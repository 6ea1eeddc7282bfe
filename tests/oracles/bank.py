"""A ledger in signed cents: an account may go down to minus its limit."""

import random

from calls import Case, call, err, ok


def money(cents):
    return f"{cents // 100:,}.{cents % 100:02}"


def run(accounts, orders):
    limits = {a["id"]: a["limit"] for a in accounts}
    owners = {a["id"]: a["owner"] for a in accounts}
    sums = {a["id"]: a["balance"] - a["drawn"] for a in accounts}
    refused, book = [], []
    for order in orders:
        (kind, parts), = order.items()
        if kind == "Close":
            if parts not in sums:
                refused.append(Case("NoAccount", parts))
            elif sums[parts] > 0:
                refused.append(Case("NotEmpty", parts, sums[parts]))
            elif sums[parts] < 0:
                refused.append(Case("Insufficient", -sums[parts], 0))
            else:
                del sums[parts]
            continue
        amount = parts[-1]
        payer = parts[0] if kind != "Deposit" else None
        payee = {"Deposit": parts[0], "Withdraw": None, "Transfer": parts[1]}[kind]
        if amount == 0:
            refused.append(Case("NothingToMove"))
        elif payer is not None and payer == payee:
            refused.append(Case("SameAccount", payer))
        elif payer is not None and payer not in sums:
            refused.append(Case("NoAccount", payer))
        elif payee is not None and payee not in sums:
            refused.append(Case("NoAccount", payee))
        elif payer is not None and sums[payer] + limits[payer] < amount:
            refused.append(Case("Insufficient", amount, sums[payer] + limits[payer]))
        else:
            if payer is not None:
                sums[payer] -= amount
            if payee is not None:
                sums[payee] += amount
            book.append((payer, payee, amount))
    lines = [f"{i:<6}{owners[i]:<8}{('-' if s < 0 else '') + money(abs(s)):>14}" for i, s in sums.items()]
    return lines, refused, book


ACCOUNTS = [
    {"id": "a", "owner": "Ada", "balance": 1_234_567, "limit": 50_000, "drawn": 0},
    {"id": "b", "owner": "Bob", "balance": 0, "limit": 10_000, "drawn": 9_999},
    {"id": "c", "owner": "Cyd", "balance": 5, "limit": 0, "drawn": 0},
]

lines, refused, _ = run(ACCOUNTS, [])
call("run", (lines, refused), accounts=ACCOUNTS, orders=[])

rng = random.Random(7)
orders = []
for _ in range(60):
    kind = rng.choice(["Deposit", "Withdraw", "Transfer", "Transfer", "Close"])
    who, whom = rng.choice("abcd"), rng.choice("abc")
    amount = rng.choice([0, 1, 5, 4_321, 20_000, 700_000])
    orders.append(
        {"Deposit": {kind: [who, amount]}, "Withdraw": {kind: [who, amount]}, "Transfer": {kind: [who, whom, amount]},
         "Close": {kind: who}}[kind]
    )
lines, refused, _ = run(ACCOUNTS, orders)
call("run", (lines, refused), accounts=ACCOUNTS, orders=orders)

good = [{"Deposit": ["b", 12_000]}, {"Transfer": ["a", "b", 1_250_000]}, {"Withdraw": ["b", 99]}, {"Transfer": ["b", "c", 1]}]
_, refused, book = run(ACCOUNTS, good)
assert not refused
lines = []
for payer, payee, amount in book:
    if payee == "b":
        lines.append(f"+{money(amount)} {payer or 'cash'}")
    elif payer == "b":
        lines.append(f"-{money(amount)} {payee or 'cash'}")
call("statement", ok(lines), accounts=ACCOUNTS, orders=good, id="b")
call("statement", err(Case("NoAccount", "z")), accounts=ACCOUNTS, orders=good, id="z")
