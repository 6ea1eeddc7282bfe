//! Small programs with mistakes: which code is told, and at which text.

mod support;

use support::{fine, tells};

#[test]
fn a_mismatch_is_told_where_the_value_stands() {
    tells("fn f() -> string { 1 }", &["type-mismatch: 1"]);
    tells("fn f(b: bool) -> u32 { let x: u32 = b\n x }", &["type-mismatch: b"]);
    tells("fn f(b: bool) -> u32 { if b { 1 } else { \"no\" } }", &["type-mismatch: \"no\""]);
    tells("fn f(n: u64) -> u32 { n }", &["type-mismatch: n"]);
    tells("fn f(n: u64, m: s64) -> bool { n < m }", &["type-mismatch: n < m"]);
    tells("fn f(n: u8) -> f64 { n * 1.5 }", &["type-mismatch: n * 1.5"]);
    tells("fn f() -> f64 { 1 +% 2 }", &["type-mismatch: 1 +% 2"]);
}

#[test]
fn a_local_that_hides_a_module_is_shown() {
    let text = "use wasi:clocks/monotonic-clock@0.2.12 as clock\n\
        fn f(clock: u64) -> u64 { clock.now() }\nfn g(clock: u64) -> u64 { clock.then() }\n";
    let db = support::program(text);
    let all = dot_types::module_diagnostics(&db, support::module(&db, "main"));
    let labels: Vec<Vec<&str>> = all
        .iter()
        .filter(|told| told.code == dot_diagnostics::codes::UNKNOWN_METHOD)
        .map(|told| told.labels.iter().map(|label| label.message.as_str()).collect())
        .collect();
    assert_eq!(labels, [vec!["this hides the module `clock`, which has one"], vec![]]);
}

#[test]
fn several_mistakes_are_told_and_none_cascades() {
    tells(
        "fn f() -> u32 { let x = nothing\n let y = x + 1\n y.foo()\n \"a\" }",
        &["unknown-name: nothing", "type-mismatch: \"a\""],
    );
    tells(
        "fn f(n: u32) -> u32 { g(1, 2) + true }\nfn g(n: u32) -> u32 { n }",
        &["type-mismatch: g(1, 2) + true", "wrong-arguments: 2"],
    );
}

#[test]
fn the_branch_whose_value_is_dropped_is_told() {
    tells("fn g() -> u32 { 1 }\nfn f(b: bool) { if b { g() } else { } }", &["unused-value: g()"]);
    tells(
        "fn g() -> u32 { 1 }\nfn f(b: bool) { match b { true => g()\n false => {} }\n let _ = 1 }",
        &["unused-value: g()"],
    );
    fine("fn f(inout xs: list<u32>) { if xs.pop() is some(n) { xs.push(n) } }");
}

#[test]
fn a_unit_function_drops_no_value() {
    tells("fn g() -> u32 { 1 }\nfn f() { g() }", &["unused-value: g()"]);
}

#[test]
fn calls_fit_their_parameters() {
    let g = "fn g(a: u32, b: u32 = 2, c: u32 = 3) -> u32 { a + b + c }\n";
    fine(&format!("{g}fn f() -> u32 {{ g(1) + g(1, 2) + g(1, c: 4) + g(c: 1, a: 2) }}"));
    tells(&format!("{g}fn f() -> u32 {{ g() }}"), &["wrong-arguments: g()"]);
    tells(&format!("{g}fn f() -> u32 {{ g(1, 2, 3, 4) }}"), &["wrong-arguments: 4"]);
    tells(&format!("{g}fn f() -> u32 {{ g(1, d: 4) }}"), &["wrong-arguments: d"]);
    tells(&format!("{g}fn f() -> u32 {{ g(1, a: 4) }}"), &["wrong-arguments: 4"]);
    tells(&format!("{g}fn f() -> u32 {{ g(true) }}"), &["type-mismatch: true"]);
}

#[test]
fn a_pipe_gives_the_first_argument() {
    fine("fn g(a: u32, b: u32) -> u32 { a - b }\nfn f() -> u32 { 3 |> g(1) |> g(2) }");
    fine("fn f(n: u32) -> option<u32> { n |> some }");
}

#[test]
fn records_are_complete() {
    let p = "record P { x: u32, y: u32 = 1 }\n";
    fine(&format!("{p}fn f() -> P {{ let x: u32 = 1\n let a = P {{ x }}\n {{ ..a, y: 2 }} }}"));
    fine(&format!("{p}fn f() -> list<P> {{ [{{ x: 1, }}, P {{ x: 2, y: 3 }}] }}"));
    tells(&format!("{p}fn f() -> P {{ P {{ y: 2 }} }}"), &["missing-field: P { y: 2 }"]);
    tells(&format!("{p}fn f() -> P {{ P {{ x: 2, z: 1 }} }}"), &["unknown-field: z"]);
    tells(
        &format!("{p}fn f() -> u32 {{ let a = {{ x: 1, y: 2 }}\n a.x }}"),
        &["type-unknown: { x: 1, y: 2 }"],
    );
    tells(&format!("{p}fn f(p: P) -> u32 {{ let {{ x }} = p\n x }}"), &["missing-field: { x }"]);
    fine(&format!("{p}fn f(p: P) -> u32 {{ let {{ x, .. }} = p\n x }}"));
}

#[test]
fn a_spread_takes_fields_from_any_record() {
    let text = "record A { x: u32, y: u32 }\nrecord B { x: u32, y: u32, z: u32 }\n";
    fine(&format!("{text}fn f(a: A) -> B {{ {{ ..a, z: 1 }} }}"));
    let text = "record A { x: bool, y: u32 }\nrecord B { x: u32, y: u32 }\n";
    tells(&format!("{text}fn f(a: A) -> B {{ {{ ..a, }} }}"), &["type-mismatch: a"]);
}

#[test]
fn included_fields_stand_in_the_record() {
    fine(
        "record A { x: u32 = 1, y: u32 }\nrecord B { ..A, z: u32 }\nfn f() -> u32 { let b = B { y: 1, z: 2 }\n b.x + b.z }",
    );
    tells("record A { ..B }\nrecord B { ..A }\nfn f(b: B) -> u32 { b.x }", &["unknown-field: x"]);
}

#[test]
fn generic_functions_are_checked_at_definition() {
    fine("fn twice<T: number>(x: T) -> T { x + x }\nfn f() -> f64 { twice(1.5) }");
    tells("fn twice<T>(x: T) -> T { x + x }", &["unsupported-operator: x + x"]);
    tells(
        "fn twice<T: number>(x: T) -> T { x + x }\nfn f() -> string { twice(\"a\") }",
        &["bound-not-met: twice(\"a\")"],
    );
    fine("fn same<T>(a: T, b: T) -> bool { a == b && a < b }");
    tells("fn same<T: any>(a: T, b: T) -> bool { a == b }", &["bound-not-met: a == b"]);
}

#[test]
fn generic_records_take_type_arguments() {
    let pair = "record Pair<A, B> { a: A, b: B }\nfn swap<A, B>(self: Pair<A, B>) -> Pair<B, A> { { a: self.b, b: self.a } }\n";
    fine(&format!("{pair}fn f() -> string {{ Pair {{ a: 1, b: \"x\" }}.swap().a }}"));
    tells(&format!("{pair}fn f(p: Pair<u32>) -> u32 {{ p.a }}"), &["wrong-type-arguments: Pair<u32>"]);
}

#[test]
fn explicit_type_arguments_are_taken() {
    fine("fn none_of<T>() -> option<T> { none }\nfn f() -> bool { none_of<u32>() is some(1) }");
    tells(
        "fn none_of<T>() -> option<T> { none }\nfn f() -> bool { none_of() is none }",
        &["type-unknown: none_of()"],
    );
}

#[test]
fn closures_capture_copies() {
    fine("fn f(xs: list<u32>, n: u32) -> list<u32> { xs.map(|x| x + n).filter(|x| x > n) }");
    tells("fn f() -> u32 { var n: u32 = 0\n let g = || n = 1\n g()\n n }", &["captured-variable: n"]);
    fine(
        "fn apply(f: fn(inout u32)) -> u32 { var n: u32 = 1\n f(inout n)\n n }\nfn f() -> u32 { apply(|inout n| n += 1) }",
    );
    tells("fn f(g: fn(u32) -> u32) -> u32 { g(true) }", &["type-mismatch: true"]);
    tells("fn f() -> bool { while true { let g = || break\n g() }\n true }", &["outside-loop: break"]);
}

#[test]
fn functions_are_values() {
    fine(
        "variant B { X }\nfn html(self: B) -> string { \"x\" }\nfn f(bs: list<B>) -> list<string> { bs.map(B.html) }",
    );
    fine("fn g(n: u32) -> u32 { n }\nfn f(ns: list<u32>) -> list<u32> { ns.map(g) }");
}

#[test]
fn a_field_that_holds_a_function_is_called_in_parentheses() {
    let text = "record R { f: fn(u32) -> u32 }\n";
    fine(&format!("{text}fn g(r: R) -> u32 {{ (r.f)(1) }}"));
    tells(&format!("{text}fn g(r: R) -> u32 {{ r.f(1) }}"), &["unknown-method: f"]);
}

#[test]
fn question_marks_leave_the_function() {
    fine("fn g() -> option<u32> { none }\nfn f() -> option<string> { some(\"{g()?}\") }");
    fine("fn g() -> result<u32, string> { err(\"no\") }\nfn f() -> result<bool, string> { ok(g()? > 1) }");
    tells(
        "fn g() -> option<u32> { none }\nfn f() -> result<u32, string> { ok(g()?) }",
        &["invalid-try: g()?"],
    );
    tells("fn f() -> option<u32> { some(1?) }", &["invalid-try: 1?"]);
    fine("fn f(xs: list<string>) -> list<option<f64>> { xs.map(|x| some(f64.parse(x)? + 1.0)) }");
}

#[test]
fn coalescing_takes_the_fallback() {
    fine("fn f(n: option<u8>) -> u32 { n ?? 0 }");
    fine("fn f(n: option<u8>) -> option<u32> { let x = n ?? return none\n some(x + 1) }");
    tells("fn f(n: u32) -> u32 { n ?? 0 }", &["type-mismatch: n"]);
}

#[test]
fn is_binds_through_and() {
    fine(
        "fn f(a: option<u32>, b: option<u32>) -> u32 { if a is some(x) && b is some(y) && x < y { x + y } else { 0 } }",
    );
    tells("fn f(a: option<u32>) -> u32 { if a is some(x) || x > 1 { 1 } else { 0 } }", &["unknown-name: x"]);
    tells("fn f(a: option<u32>) -> u32 { if a is some(x) { x } else { x } }", &["unknown-name: x"]);
}

#[test]
fn bare_cases_are_found_by_the_expected_type() {
    let text = "enum A { X, Y }\nenum B { X, Z }\n";
    fine(&format!(
        "{text}fn f() -> A {{ X }}\nfn g(b: B) -> bool {{ b == X }}\nfn h() -> list<A> {{ [X, Y] }}"
    ));
    tells(&format!("{text}fn f() -> bool {{ let a = X\n a == A.Y }}"), &["ambiguous-case: X"]);
    tells(&format!("{text}fn f() -> A {{ A.Z }}"), &["unknown-case: Z"]);
}

#[test]
fn matches_are_exhaustive() {
    tells(
        "fn f(n: option<bool>) -> u32 { match n { some(true) => 1\n none => 0 } }",
        &["non-exhaustive-match: n"],
    );
    tells("fn f(n: u8) -> u32 { match n { 0..=9 => 1\n 11.. => 2 } }", &["non-exhaustive-match: n"]);
    tells(
        "fn f(n: string) -> u32 { match n { \"a\" => 1\n \"b{x}\" => x.byte_len() } }",
        &["non-exhaustive-match: n"],
    );
    fine("fn f(xs: list<u32>) -> u32 { match xs { [] => 0\n [a] => a\n [a, .., b] => a + b } }");
    tells(
        "fn f(b: bool) -> u32 { match b { true => 1\n _ => 2\n false => 3 } }",
        &["unreachable-arm: false"],
    );
}

#[test]
fn guards_let_values_pass() {
    tells("fn f(n: u8) -> u32 { match n { x if x > 1 => 1 } }", &["non-exhaustive-match: n"]);
}

#[test]
fn for_visits_what_can_be_visited() {
    fine(
        "fn f(xs: list<u8>) -> u32 { var n: u32 = 0\n for x in xs { n += x }\n for i in 0..xs.len() { n += i }\n n }",
    );
    fine("fn f(m: map<string, u32>) -> u32 { var n: u32 = 0\n for (_, v) in m { n += v }\n n }");
    fine("fn f(s: string) -> bool { for c in s { if c == 'x' { return true } }\n false }");
    tells("fn f(b: bool) { for _x in b { } }", &["not-iterable: b"]);
}

#[test]
fn places_are_assigned_to() {
    fine(
        "record P { xs: list<u32>, m: map<string, u32> }\nfn f(inout p: P) { p.xs[0] += 1\n p.m[\"a\", or: 0] += 1\n p.m[\"b\"] = 2 }",
    );
    tells("fn f(p: list<u32>) { p[0] = 1 }", &["not-mutable: p"]);
    tells("fn f(xs: list<u32>) { xs.push(1) }", &["not-mutable: xs"]);
    fine("fn f() -> string { var s = \"a\"\n s += \"b\"\n s }");
    tells("fn f(n: u8) -> u8 { var x = n\n x += 300\n x }", &["literal-out-of-range: 300"]);
    tells("fn f(n: u32) -> u8 { var x: u8 = 1\n x += n\n x }", &["type-mismatch: n"]);
}

#[test]
fn an_entry_may_start_from_a_default() {
    let text = "fn f(inout m: map<string, list<u32>>, n: map<string, u8>) -> u32 { m[\"a\", or: []].push(1)\n m[\"b\", or: []].len() + n[\"c\", or: 0] }";
    fine(text);
    fine(
        "record R { xs: list<u32> }\nfn f(m: map<string, R>) -> u32 { m[\"a\", or: { xs: [1], }].xs.len() }",
    );
    tells("fn f(xs: list<u32>) -> u32 { xs[0, or: 1] }", &["wrong-arguments: xs[0, or: 1]"]);
}

#[test]
fn different_fields_may_be_changed_together() {
    let text = "record P { a: u32, b: u32 }\nfn g(inout x: u32, inout y: u32) { x = y\n y = 1 }\n";
    fine(&format!("{text}fn f(inout p: P) {{ g(inout p.a, inout p.b) }}"));
    tells(
        &format!("{text}fn f(inout p: list<u32>) {{ g(inout p[0], inout p[1]) }}"),
        &["inout-overlap: p[1]"],
    );
}

#[test]
fn literals_fit_their_types() {
    tells("fn f() -> s8 { -129 }", &["literal-out-of-range: -129"]);
    fine("fn f() -> s8 { -128 }");
    fine("fn f() -> u64 { 18446744073709551615 }");
    tells(
        "fn f() -> bool { let x = 9223372036854775808\n x == 1 }",
        &["literal-out-of-range: 9223372036854775808"],
    );
    tells("fn f(n: u8) -> bool { n is 0..=256 }", &["literal-out-of-range: 0..=256"]);
    tells("fn f(n: u32) -> u32 { -n }", &["unsupported-operator: -n"]);
}

#[test]
fn an_integer_may_stand_for_a_float() {
    fine("fn f(x: f64) -> f32 { let y = x * 2 - 1\n if y == 0 { 16777216 } else { -3 } }");
    tells("fn f() -> f32 { 16777217 }", &["literal-out-of-range: 16777217"]);
    fine("fn f(x: f64) -> bool { x is 1 | 2.5 }");
}

#[test]
fn what_is_not_carried_out_is_refused() {
    tells("fn f(xs: stream<u8>) { for x in xs { let _ = x } }", &["not-yet: xs"]);
    tells("fn f() -> stream<u8> { yield 1 }", &["not-yet: 1"]);
    fine("fn f(xs: stream<u8>) -> stream<u8> { xs }");
}

#[test]
fn aliases_are_other_names() {
    fine(
        "type Id = u32\ntype Names<T: key> = map<T, string>\nfn f(n: Names<Id>) -> u32 { for (k, _) in n { return k }\n 0 }",
    );
    tells(
        "type A = list<B>\ntype B = option<A>\nfn f(a: A) -> u32 { 0 }",
        &["recursive-alias: list<B>", "recursive-alias: option<A>"],
    );
}

#[test]
fn constants_are_typed() {
    fine("const LIMIT: u32 = 10 * 2\nfn f() -> u32 { LIMIT + u32.MAX }");
    tells("const LIMIT: u32 = \"a\"", &["type-mismatch: \"a\""]);
}

#[test]
fn conversions_say_what_happens_to_the_rest() {
    fine("fn f(n: s64) -> u32 { u32(u8.wrap(n)) + u32(u8.saturate(n)) + (u8.try(n) ?? 0) + u32('a') }");
    tells("fn f(n: string) -> u32 { u32(n) }", &["invalid-conversion: u32(n)"]);
}

#[test]
fn strings_print_any_data() {
    fine("fn f(n: u8, xs: list<bool>) -> string { \"{n} and {xs}\" }");
    tells("fn f(g: fn() -> u8) -> string { \"{g}\" }", &["bound-not-met: g"]);
}

#[test]
fn an_opaque_type_has_what_its_file_defines() {
    let text = "opaque record C { n: u32 }\nfn eq(self: C, other: C) -> bool { self.n == other.n }\n";
    fine(&format!("{text}test \"t\" {{ assert C {{ n: 1 }} == C {{ n: 1 }} }}"));
    tells(&format!("{text}fn f(a: C, b: C) -> bool {{ a < b }}"), &["opaque-type: a < b"]);
    fine(&format!("{text}fn f(a: list<C>) -> bool {{ a == a }}"));
    fine(&format!("{text}fn f(a: list<C>) -> string {{ \"{{a}}\" }}"));
    let text = format!("{text}fn show(self: C) -> string {{ \"C\" }}\n");
    fine(&format!("{text}fn f(a: C) -> string {{ \"{{a}}\" }}"));
    fine(&format!("{text}fn f(a: list<C>) -> string {{ \"{{a}}\" }}"));
}

#[test]
fn unused_variables_are_warned_of() {
    tells("fn f() { let a = 1 }", &["unused-variable: a"]);
    fine("fn f() { let _a = 1 }");
}
