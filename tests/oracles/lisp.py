"""What Lisp programs give, by Python functions that do the same."""

from calls import Case, Record, call, err, ok

PRELUDE = """(define map (lambda (f xs) (if (null? xs) '() (cons (f (car xs)) (map f (cdr xs))))))
(define filter (lambda (p xs) (if (null? xs) '() (if (p (car xs)) (cons (car xs) (filter p (cdr xs))) (filter p (cdr xs))))))
(define range (lambda (a b) (if (< a b) (cons a (range (+ a 1) b)) '())))
(define append (lambda (a b) (if (null? a) b (cons (car a) (append (cdr a) b)))))
"""


def lisp(value):
    if isinstance(value, bool):
        return "#t" if value else "#f"
    if isinstance(value, list):
        return "(" + " ".join(map(lisp, value)) + ")"
    return str(value)


def good(program, value, output=(), prelude=PRELUDE, source=None):
    outcome = Record("Outcome", value=lisp(value), output=list(output))
    call("run", ok(outcome), source=source, program=prelude + program)


def fact(n):
    return n * fact(n - 1) if n else 1


def hanoi(n, a, b, c):
    return [] if n == 0 else hanoi(n - 1, a, c, b) + [[a, b]] + hanoi(n - 1, c, b, a)


def ackermann(m, n):
    return n + 1 if m == 0 else ackermann(m - 1, 1 if n == 0 else ackermann(m, n - 1))


good("(define fact (lambda (n) (if (= n 0) 1 (* n (fact (- n 1)))))) (map fact (range 0 12))", [fact(n) for n in range(12)])
good("(map (lambda (x) (* x x)) (filter (lambda (x) (= (- x (* 3 (/ x 3))) 0)) (range 1 10)))", [x * x for x in range(1, 10) if x % 3 == 0])
good(
    "(define hanoi (lambda (n a b c) (if (= n 0) '() (append (hanoi (- n 1) a c b) (cons (list a b) (hanoi (- n 1) c b a))))))"
    "(hanoi 3 'left 'right 'middle)",
    hanoi(3, "left", "right", "middle"),
)
good("(define ack (lambda (m n) (if (= m 0) (+ n 1) (if (= n 0) (ack (- m 1) 1) (ack (- m 1) (ack m (- n 1))))))) (ack 2 1)", ackermann(2, 1))
qs = (
    "(define sort (lambda (xs) (if (null? xs) '() (let ((p (car xs)) (rest (cdr xs)))"
    " (append (sort (filter (lambda (x) (< x p)) rest)) (cons p (sort (filter (lambda (x) (if (< x p) #f #t)) rest))))))))"
)
numbers = [5, 3, 9, 5, -7]
good(f"{qs} (sort '{lisp(numbers)})", sorted(numbers))
good(
    "(define count (lambda (n) (if (= n 0) 'done (begin (print n (* n n)) (count (- n 1)))))) (count 4)",
    "done",
    [f"{n} {n * n}" for n in range(4, 0, -1)],
)
good("", [], prelude="", source="by hand")
good("'(1 (two #t) ())", [1, ["two", True], []], prelude="", source="by hand")
good("(list car (lambda (x y) x))", "(car <lambda x y>)", prelude="", source="by hand")
good("(let ((x 1)) (let ((x 2) (y x)) (list x y)))", [2, 1], prelude="", source="by hand: `let` binds side by side")
for program, error in [
    ("((lambda (x) x))", Case("Arguments", "<lambda x>", 1, 0)),
    ("(+ 1 'a)", Case("WrongType", "+", "a")),
    ("(* 4294967296 4294967296)", Case("Overflow")),
    ("(/ 1 0)", Case("DivideByZero")),
    ("(let ((x)) x)", Case("Unexpected", "(x)")),
    ("(cons 1 2)", Case("WrongType", "cons", "(1 2)")),
    ("(print 1) y", Case("Unbound", "y")),
]:
    call("run", err(error), source="by hand", program=program)
