"""Totals per category of a CSV file: `totals.py FILE [CATEGORY AMOUNT]`."""

import csv
import decimal
import json
import sys

category, amount = sys.argv[2:4] if len(sys.argv) > 3 else ("category", "amount")
sums = {}
with open(sys.argv[1], encoding="utf-8", newline="") as file:
    for row in csv.DictReader(file):
        cents, rows = sums.get(row[category], (0, 0))
        sums[row[category]] = (cents + int(decimal.Decimal(row[amount]) * 100), rows + 1)
shown = (f"Total {{ category: {json.dumps(key, ensure_ascii=False)}, cents: {c}, rows: {n} }}" for key, (c, n) in sums.items())
print("ok([" + ", ".join(shown) + "])")
