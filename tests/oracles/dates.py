"""Dates by Python's `datetime`; Easter from published tables."""

import calendar
import random
from datetime import date, timedelta

from calls import Case, call, err, ok

rng = random.Random(10)
days = [date(1970, 1, 1), date(2000, 2, 29), date(1, 1, 1), date(9999, 12, 31), date(2020, 12, 31), date(2021, 1, 3), date(1900, 3, 1)]
days += [date.fromordinal(rng.randint(1, 3652059)) for _ in range(12)]
for d in days:
    year, week, _ = d.isocalendar()
    call("describe", ok(f"{d} {d:%A} {d.timetuple().tm_yday} {year}-W{week:02}"), date=str(d))
for a, b in zip(days[2:], days[3:]):
    call("days_between", ok((b - a).days), args={"from": str(a), "to": str(b)})
for n in [0, 1, -1, 365, -36524, 146097, 100000]:
    call("plus_days", ok(str(date(2024, 2, 28) + timedelta(n))), date="2024-02-28", days=n)


def months(d, n):
    count = d.year * 12 + d.month - 1 + n
    y, m = divmod(count, 12)
    return date(y, m + 1, min(d.day, calendar.monthrange(y, m + 1)[1]))


call("due", ok([str(months(date(2023, 10, 31), n)) for n in range(7)]), date="2023-10-31", times=7)
call("due", ok([str(months(date(2024, 2, 29), -12 * n)) for n in range(5)]), date="2024-02-29", times=5, every=-12)
EASTERS = {1961: "1961-04-02", 2000: "2000-04-23", 2008: "2008-03-23", 2011: "2011-04-24", 2024: "2024-03-31", 2025: "2025-04-20", 2038: "2038-04-25", 1818: "1818-03-22"}
for year, day in EASTERS.items():
    call("easter", day, source="published dates of Easter", year=year)
call("describe", err(Case("NoSuchDay", 31, 30)), source="by hand", date="2024-04-31")
call("describe", err(Case("Malformed", "2024/04/31")), source="by hand", date="2024/04/31")
