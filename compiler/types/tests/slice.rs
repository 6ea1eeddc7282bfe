//! Whole small programs that are fine.

mod support;

use support::{fine, locals, std_is_fine};

#[test]
fn the_calculator_is_fine() {
    fine(
        r#"
variant Token { Num(f64), Op(char), Open, Close, End }

variant Expr { Num(f64), Neg(Expr), Binary(op: char, left: Expr, right: Expr) }

variant CalcError { BadChar(at: u32, found: char), Expected(what: string, found: Token), DivideByZero }

record Parser { tokens: list<Token>, at: u32 }

fn peek(self: Parser) -> Token { self.tokens.get(self.at) ?? End }

fn next(inout self: Parser) -> Token {
  let t = self.peek()
  self.at += 1
  t
}

fn power(op: char) -> tuple<u8, u8> {
  match op {
    '+' | '-' => (1, 2)
    '*' | '/' => (3, 4)
    '^' => (6, 5)
    _ => unreachable("the lexer makes no {op}")
  }
}

fn expr(inout self: Parser, floor: u8) -> result<Expr, CalcError> {
  var left = match self.next() {
    Token.Num(n) => Expr.Num(n)
    Op('-') => Neg(self.expr(5)?)
    Open => {
      let inner = self.expr(0)?
      let Close = self.peek() else { return err(Expected("a )", self.peek())) }
      let _ = self.next()
      inner
    }
    other => return err(Expected("a number", other))
  }
  while self.peek() is Op(op) && power(op).0 >= floor {
    let _ = self.next()
    left = Binary(op, left, right: self.expr(power(op).1)?)
  }
  ok(left)
}

fn eval(self: Expr) -> result<f64, CalcError> {
  match self {
    Num(n) => ok(n)
    Neg(e) => ok(-e.eval()?)
    Binary(op, left, right) => {
      let (a, b) = (left.eval()?, right.eval()?)
      match op {
        '+' => ok(a + b)
        '-' => ok(a - b)
        '*' => ok(a * b)
        '/' if b == 0.0 => err(DivideByZero)
        '/' => ok(a / b)
        _ => unreachable("power let {op} through")
      }
    }
  }
}

/// The value of an arithmetic expression.
dot calc(tokens: list<Token>) -> result<f64, CalcError> {
  var p = Parser { tokens, at: 0 }
  let tree = p.expr(0)?
  if p.peek() != End { return err(Expected("the end", p.peek())) }
  tree.eval()
}

test "precedence" {
  assert calc([Num(1.0), Op('+'), Num(2.0)]) == ok(3.0)
  assert calc([Op('$')]) is err(BadChar(at: 2, ..))
}
"#,
    );
}

#[test]
fn literals_take_their_types_from_where_they_stand() {
    let text = "fn f(n: u8) -> u32 { let a = 1\n let b = n + 1\n let c = 1.5\n let d: u16 = 3\n let e = [n, 2]\n let g = [1, 2]\n u32(a) + b + d + e.len() + g.len() + u32(c) }";
    let expected = ["n: u8", "a: s64", "b: u8", "c: f64", "d: u16", "e: list<u8>", "g: list<s64>"];
    assert_eq!(locals(text, "f"), expected);
}

#[test]
fn numbers_widen_without_being_asked() {
    fine("fn f(a: u8, b: u32) -> u64 { let c = a + b\n c }");
    let text = "fn f(a: u8, b: u32) -> u64 { let c = a + b\n let d = if a > 1 { a } else { b }\n c + d }";
    assert_eq!(locals(text, "f"), ["a: u8", "b: u32", "c: u32", "d: u32"]);
}

#[test]
fn closures_learn_from_the_other_arguments() {
    let text = "fn f(xs: list<u16>) -> u64 { xs.map(|x| u64(x) * 2).fold(0, |a, x| a + x) }";
    fine(text);
    assert_eq!(locals(text, "f"), ["xs: list<u16>", "x: u16", "a: u64", "x: u64"]);
}

#[test]
fn the_library_of_the_tests_is_fine() {
    std_is_fine();
}

#[test]
fn arguments_are_evaluated_in_the_order_of_the_text() {
    fine(
        "fn g(a: u32, b: u32, c: u32 = 9) -> u32 { a + b + c }\nfn n(x: u32) -> u32 { x }\nfn f() -> u32 { g(b: n(1), a: n(2)) }",
    );
    fine(
        "record P { x: u32, y: u32 }\nfn n(x: u32) -> u32 { x }\nfn f(p: P) -> P { { y: n(1), ..p, x: n(2) } }",
    );
}

#[test]
fn closures_in_closures_capture_step_by_step() {
    fine("fn f(xs: list<list<u32>>, n: u32) -> list<list<u32>> { xs.map(|ys| ys.map(|y| y + n)) }");
    fine(
        "fn f(xs: list<(u32, u32)>) -> list<u32> { let k: u32 = 2\n xs.map(|(a, b)| if a > k { a } else { b * k }) }",
    );
}

#[test]
fn defaults_are_filled_in() {
    fine(
        "const N: u32 = 3\nrecord P { xs: list<u32> = [N, N], f: option<u32> = none, s: string = \"a{N}\" }\nfn f() -> u32 { let a = P {}\n let b = P { s: \"b\" }\n a.xs.len() + b.xs.len() }",
    );
    fine(
        "fn g(f: option<list<u32>> = some([1]), n: u32 = h(2)) -> u32 { n }\nfn h(n: u32, m: u32 = 4) -> u32 { n + m }\nfn f() -> u32 { g() + g(n: 1) }",
    );
    fine("record P<T> { xs: list<T> = [] }\nfn f() -> list<bool> { let p = P { }\n p.xs }");
}

#[test]
fn patterns_of_every_kind_bind() {
    fine(
        r#"
fn f(s: string, xs: list<u8>) -> string {
  match (s, xs) {
    ("a{x}b{y}", [1 | 2, ..rest, 9]) => "{x}{y}{rest}"
    (t as whole, [a] | [_, a]) if a > 1 => "{t}{whole.trim()}"
    _ => ""
  }
}
"#,
    );
}

#[test]
fn or_patterns_share_their_names() {
    fine(
        r#"
fn f(p: (option<u32>, option<u32>), c: char) -> u32 {
  match p {
    (some(x), none) | (none, some(x)) => x
    (some(x), some(1 | 2)) | (some(1), some(x)) => x
    _ => if c is 'a'..='z' | '_' { 1 } else { 0 }
  }
}

fn nested(p: (option<u32>, result<u32, u32>)) -> u32 {
  match p {
    (some(_), ok(x) | err(x)) | (none, ok(x) | err(x)) => x
  }
}
"#,
    );
}
