//! Whole small programs that are fine.

mod support;

use support::{fine, locals};

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
