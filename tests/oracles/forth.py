"""What Forth programs do, by Python that does the same."""

from math import factorial, gcd

from calls import Case, call, err, ok


def good(program, printed, stack=()):
    call("interpret", ok((" ".join(map(str, printed)), list(stack))), program=program)


good(": fact dup 1 > if dup 1 - fact * else drop 1 then ; 0 fact . 5 fact . 20 fact .", map(factorial, [0, 5, 20]))
good(": gcd begin swap over mod dup 0 = until drop ; 1071 462 gcd . 17 5 gcd . 12 18 gcd .", [gcd(1071, 462), gcd(17, 5), gcd(12, 18)])
fib = [0, 1]
while len(fib) < 15:
    fib.append(fib[-1] + fib[-2])
good("0 1 15 0 do over . swap over + loop drop drop", fib)
good(": squares ( n -- ) 1 + 1 do i i * . loop ; 8 SQUARES ( done )", [n * n for n in range(1, 9)])
good(": prime? dup 2 < if drop 0 else -1 swap dup 2 do dup i mod 0 = if swap drop 0 swap then loop drop then ; 30 0 do i prime? if i . then loop", [p for p in range(2, 30) if all(p % d for d in range(2, p))])
good("3 0 do 3 0 do i . loop cr loop", ["0", "1", "2", "\n"] * 3)
good("1 2 3 rot swap - 10 -7 2 / -7 2 mod 3 4 min 3 4 max 2 2 = 1 2 >", [], [2, 1 - 3, 10, -3, -1, 3, 4, -1, 0])
good("", [])
for program, error in [("1 +", Case("Underflow", "+")), ("1 0 /", Case("DivideByZero")), (": x 1", Case("Unfinished", ":")), (":", Case("Unfinished", ":")), ("i", Case("Underflow", "i")), ("do loop", Case("Underflow", "do"))]:
    call("interpret", err(error), source="by hand", program=program)
