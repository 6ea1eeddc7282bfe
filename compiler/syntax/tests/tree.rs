//! What trees come from what texts. The expectations follow the operators' order and the rules for line
//! breaks, braces and type arguments in the language's definition, and are worked out by hand.

use dot_syntax::dump::{dump_expr, dump_item};
use dot_syntax::{parse_expr, parse_item};

/// The tree of an expression that has no errors.
fn expr(text: &str) -> String {
    let parsed = parse_expr(text);
    assert_eq!(parsed.errors, [], "{text}");
    dump_expr(&parsed.expr.expect("no errors, so a tree"))
}

/// The statements of a body that has no errors.
fn body(text: &str) -> String {
    item(&format!("fn f() {{\n{text}\n}}"))
}

/// The tree of an item that has no errors, on one line.
fn item(text: &str) -> String {
    let parsed = parse_item(text);
    assert_eq!(parsed.errors, [], "{text}");
    let tree = dump_item(&parsed.item.expect("no errors, so a tree"));
    tree.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn same(text: &str, tree: &str) {
    assert_eq!(expr(text), tree, "{text}");
}

#[track_caller]
fn stmts(text: &str, tree: &str) {
    assert_eq!(body(text), format!("(fn f (params) (block {tree}))"), "{text}");
}

#[test]
fn operators_from_loosest_to_tightest() {
    same("a |> f", "(|> a f)");
    same("a..b |> f", "(|> (.. a b) f)");
    same("a ?? b || c", "(?? a (|| b c))");
    same("a || b && c", "(|| a (&& b c))");
    same("a && b == c", "(&& a (== b c))");
    same("a == b | c", "(== a (| b c))");
    same("a | b << c", "(| a (<< b c))");
    same("a << b + c", "(<< a (+ b c))");
    same("a + b * c", "(+ a (* b c))");
    same("-a * b", "(* (- a) b)");
    same("-a.b", "(- (. a b))");
    same("a..b + 1", "(.. a (+ b 1))");
    same("a +% b -| c", "(-| (+% a b) c)");
}

#[test]
fn operators_of_one_level_group_to_the_left_but_for_coalescing() {
    same("a - b - c", "(- (- a b) c)");
    same("a / b * c", "(* (/ a b) c)");
    same("a & b ^ c", "(^ (& a b) c)");
    same("a ?? b ?? c", "(?? a (?? b c))");
    same("a |> f |> g", "(|> (|> a f) g)");
    same("a ?? return err(x)", "(?? a (return (call err x)))");
}

#[test]
fn shifts_and_type_arguments_are_told_apart() {
    same("a >> b", "(>> a b)");
    same("a>>b", "(>> a b)");
    same("f<list<u8>>(x)", "(call f (types (list u8)) x)");
    same("json.decode<Rate>(x)", "(.decode json (types Rate) x)");
    same("a<b && c>d", "(&& (< a b) (> c d))");
    same("a<b && c>>d == e", "(&& (< a b) (== (>> c d) e))");
    same("a < b", "(< a b)");
    same("x |> f<u8>(1)", "(|> x f (types u8) 1)");
}

#[test]
fn calls_and_methods() {
    same("f(a, b: 1, inout c.d)", "(call f a (b: 1) (inout (. c d)))");
    same("s.area(2)", "(.area s 2)");
    same("(r.f)(x)", "(call (paren (. r f)) x)");
    same("Expr.Num(1.0)", "(call (. Expr Num) 1.0)");
    same("Block.html", "(. Block html)");
    same("m[k, or: d]", "(index m k (or: d))");
    same("t.0.1", "(. (. t 0) 1)");
    same("a?.b()?", "(? (.b (? a)))");
    same("x |> f(a)?", "(? (|> x f a))");
    same("x |> ok", "(|> x ok)");
    same("a.type.match", "(. (. a type) match)");
    same("1.max(2)", "(.max 1 2)");
}

#[test]
fn braces_are_records_blocks_or_bodies() {
    same("{ a: 1 }", "(new _ (a: 1))");
    same("{ a, }", "(new _ a)");
    same("{ ..r, a: 1 }", "(new _ (.. r) (a: 1))");
    same("{ x }", "(block x)");
    same("{}", "(block)");
    same("Line { a, b: 2 }", "(new Line a (b: 2))");
    same("fs.Line { a }", "(new fs.Line a)");
    same("if a { 1 } else { 2 }", "(if a (block 1) (block 2))");
    same("if (P { a: 1 }) == p { 1 } else { 2 }", "(if (== (paren (new P (a: 1))) p) (block 1) (block 2))");
    same("if x is Leaf { 1 } else { 2 }", "(if (is x Leaf) (block 1) (block 2))");
    same("if x is P { a } { 1 } else { 2 }", "(if (is x (fields P a)) (block 1) (block 2))");
    same("if x is { a, .. } && a { 1 } else { 2 }", "(if (&& (is x (fields _ a ..)) a) (block 1) (block 2))");
    same(
        "with http.get = |url| { ok(1) } { f() }",
        "(with http.get (closure (url) (block (call ok 1))) (block (call f)))",
    );
    same("match x { A => 1, B => { a: 1 } }", "(match x (=> A 1) (=> B (new _ (a: 1))))");
}

#[test]
fn closures() {
    same("|x| x + 1", "(closure (x) (+ x 1))");
    same("|| 1", "(closure () 1)");
    same("|x, (k, v), inout a: T| a", "(closure (x (tuple k v) (: (inout a) T)) a)");
    same("|x| -> u32 { x }", "(closure (x) (-> u32) (block x))");
    same("|inout n| n += 1", "(closure ((inout n)) (do (+= n 1)))");
    same("f(|x| x, 1)", "(call f (closure (x) x) 1)");
}

#[test]
fn lists_maps_tuples() {
    same("[]", "(list)");
    same("[1, ..xs, 2,]", "(list 1 (.. xs) 2)");
    same("[:]", "(map)");
    same("[\"k\": v, ..m]", "(map (\"k\" v) (.. m))");
    same("()", "(tuple)");
    same("(1)", "(paren 1)");
    same("(1,)", "(tuple 1)");
    same("(1, 2)", "(tuple 1 2)");
    same("[none: 1]", "(map (none 1))");
}

#[test]
fn patterns() {
    same("x is some(1 | 2)", "(is x (some (| 1 2)))");
    same("x is '0'..='9' | '.'", "(is x (| (..= '0' '9') '.'))");
    same("x is -1.. as n", "(is x (as (.. (- 1)) n))");
    same("x is [a, ..rest, b]", "(is x (list a (.. rest) b))");
    same("x is fs.E.Num(n, at: 2, ..)", "(is x (case fs.E.Num n (at: 2) ..))");
    same("x is \"# {title}\"", "(is x (string \"# \" title))");
    same("x is ok()", "(is x (ok))");
    same("x is none && y", "(&& (is x none) y)");
}

#[test]
fn literals() {
    same("1_000", "1000");
    same("0xff", "255");
    same("0b101", "5");
    same("0o17", "15");
    same("18446744073709551615", "18446744073709551615");
    same("1e9", "1e9");
    same("1_0.5_0e-3", "10.50e-3");
    same("'\\n'", "'\\n'");
    same("'\\u{1f600}'", "'😀'");
    same("b'x'", "b'x'");
    same("b\"a\\xff\"", "b\"a\\xff\"");
    same("r\"a\\d{2}\"", "\"a\\\\d{2}\"");
    same("\"a\\{b\\}\\u{41}\"", "\"a{b}A\"");
    same("\"{a}{b} c\"", "(string a b \" c\")");
    same("\"x{f(\"y{z}\")}\"", "(string \"x\" (call f (string \"y\" z)))");
    same("\"{ { a: 1 } }\"", "(string (new _ (a: 1)))");
    same("true != false", "(!= true false)");
}

#[test]
fn indented_strings_lose_their_indentation_and_last_line_break() {
    same("\"\"\"\n    a\n      b\n\n    c\n    \"\"\"", "\"a\\n  b\\n\\nc\"");
    same("\"\"\"\n    a\n  \"\"\"", "\"  a\"");
    same("\"\"\"a \"quoted\" word\"\"\"", "\"a \\\"quoted\\\" word\"");
    same("\"\"\"\n  {x}:\n    {y}\n  \"\"\"", "(string x \":\\n  \" y)");
    same("\"\"\"\r\n  a\r\n  b\r\n  \"\"\"", "\"a\\nb\"");
    same("\"\"\"\n\"\"\"", "\"\"");
    same("\"\"\"\n  a\\n\n  \"\"\"", "\"a\\n\"");
}

#[test]
fn a_line_break_ends_a_statement() {
    stmts("a\nb", "a b");
    stmts("a; b", "a b");
    stmts("let x = 1\nlet y = 2", "(let x 1) (let y 2)");
    stmts("return\nx", "(return) x");
    stmts("f()\n?", "(? (call f))");
}

#[test]
fn a_line_that_cannot_begin_a_statement_goes_on() {
    stmts("a\n  .b()", "(.b a)");
    stmts("a\n  + b", "(+ a b)");
    stmts("a\n  * b", "(* a b)");
    stmts("a\n  && b", "(&& a b)");
    stmts("a\n  || b", "(|| a b)");
    stmts("a\n  |> f", "(|> a f)");
    stmts("a\n  ?? b", "(?? a b)");
    stmts("a +\n  b", "(+ a b)");
    stmts("let x =\n  1", "(let x 1)");
    stmts("if a { b }\nelse { c }", "(if a (block b) (block c))");
}

#[test]
fn a_line_that_begins_like_a_statement_is_one() {
    stmts("a\n-b", "a (- b)");
    stmts("a\n(b)", "a (paren b)");
    stmts("a\n[b]", "a (list b)");
    stmts("a\n|x| x", "a (closure (x) x)");
    stmts("a\n{ b }", "a (block b)");
}

#[test]
fn in_parentheses_and_square_brackets_line_breaks_mean_nothing() {
    stmts("f(a\n  -b)", "(call f (- a b))");
    stmts("[a\n  -b]", "(list (- a b))");
    stmts("(a\n  (b))", "(paren (call a b))");
}

#[test]
fn a_free_greater_goes_on_and_a_glued_one_ends() {
    stmts("a >\nb", "(> a b)");
    assert_eq!(item("record R {\n  a: list<u8>\n  b: u8\n}"), "(record R (a (list u8)) (b u8))");
}

#[test]
fn statements() {
    stmts("let some(x) = y else { return }", "(let (some x) y (else (block (return))))");
    stmts("var x: u32 = 0", "(var x (: u32) 0)");
    stmts("a.b[0] +%= 1", "(+%= (index (. a b) 0) 1)");
    stmts("x >>= 1; y <<= 2", "(>>= x 1) (<<= y 2)");
    stmts("let xs: list<u8>= []", "(let xs (: (list u8)) (list))");
    stmts("for (k, v) in m { break }", "(for (tuple k v) m (block (break)))");
    stmts("while true { continue }", "(while true (block (continue)))");
    stmts("if a { b } else if c { d }", "(if a (block b) (if c (block d)))");
    stmts("assert a == b", "(assert (== a b))");
    stmts("yield a", "(yield a)");
    stmts(
        "match inout x { A => x = 1\n B if y => yield 2 }",
        "(match inout x (=> A (do (= x 1))) (=> B (if y) (do (yield 2))))",
    );
    stmts("par { a, b }", "(par a b)");
    stmts("par for x in xs { x }", "(par-for x xs (block x))");
}

#[test]
fn words_are_names_where_no_keyword_can_stand() {
    stmts("let type = record", "(let type record)");
    stmts("f(in: 1, if: 2)", "(call f (in: 1) (if: 2))");
    stmts("`if` + `match`", "(+ if match)");
    assert_eq!(item("dot match() {}"), "(dot match (params) (block))");
    assert_eq!(item("record R { for: u32, type: u8 }"), "(record R (for u32) (type u8))");
    assert_eq!(item("use std/test as use"), "(use std/test (as use))");
}

#[test]
fn items() {
    let cases = [
        ("use std/http.{A, b as c}", "(use std/http A (as b c))"),
        ("use wasi:http/types@0.2.8 as t", "(use wasi:http/types@0.2.8 (as t))"),
        ("use wasi:http/types.{A}", "(use wasi:http/types A)"),
        ("export wasi:http/handler@0.3.0-rc.1 as h", "(export wasi:http/handler@0.3.0-rc.1 h)"),
        ("type G<T> = map<string, list<T, 4>>", "(type G (types T) (map string (list T 4)))"),
        (
            "type F = pure fn(A, inout B) -> (C, D) uses http + log",
            "(type F (fn pure A (inout B) (-> (tuple C D)) (uses http log)))",
        ),
        ("const MAX_LEN: u32 = 1 << 4", "(const MAX_LEN u32 (<< 1 4))"),
        ("enum E { A, @x B\n C }", "(enum E A (@x B) C)"),
        ("flags F { A }", "(flags F A)"),
        ("resource S { a: u8 = 1 }", "(resource S (a u8 (= 1)))"),
        ("record P { ..Order, at: geo.Point }", "(record P (.. Order) (at geo.Point))"),
        (
            "variant V<T> { A, @from B(T), C(op: char, l: V<T>) }",
            "(variant V (types T) (A) (@from B T) (C (op: char) (l: (V T))))",
        ),
        ("pub opaque record L<K: key, V> { }", "(item pub opaque (record L (types (K key) V)))"),
        (
            "/// One.\n/// Two.\n@get(\"/\")\ndot f(@min(1) inout x: u8 = 2) -> () uses _ {}",
            "(item (doc \"One.\\nTwo.\") (@get \"/\") (dot f (params ((@min 1) inout x u8 (= 2))) (-> (tuple)) (uses _) (block)))",
        ),
        (
            "fn Lru.new<K, V>(a: u32) -> Lru<K, V> { a }",
            "(fn Lru.new (types K V) (params (a u32)) (-> (Lru K V)) (block a))",
        ),
        ("test \"n\" (xs: list<u8>) { assert true }", "(test \"n\" (xs (list u8)) (block (assert true)))"),
    ];
    for (text, tree) in cases {
        assert_eq!(item(text), tree, "{text}");
    }
}

#[test]
fn ranges_count_from_the_start_of_the_item() {
    let text = "fn f() { ab + c }";
    let parsed = parse_item(text);
    let Some(dot_syntax::ast::ItemBody::Function(function)) = parsed.item.map(|item| item.body) else {
        panic!("a function");
    };
    let dot_syntax::ast::StmtKind::Expr(sum) = &function.body.stmts[0].kind else { panic!("an expression") };
    assert_eq!(sum.range.slice(text), "ab + c");
    assert_eq!(function.name.range.slice(text), "f");
    assert_eq!(function.body.range.slice(text), "{ ab + c }");
}
