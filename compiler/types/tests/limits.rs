//! Whatever is written, checking ends, on a stack of two mebibytes, without a panic.

mod support;

use support::{told, told_fully};

fn nested(open: &str, inner: &str, close: &str, depth: usize) -> String {
    format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
}

/// Each shape as deep as the parser lets it be, and deeper.
fn check_deep(make: impl Fn(usize) -> String) {
    for depth in [60, 120, 240, 250, 255, 300, 500, 510, 600, 3_000] {
        let _ = told(&make(depth));
    }
}

#[test]
fn deep_expressions_do_not_overflow() {
    check_deep(|depth| format!("fn f() -> u32 {{ {} }}", nested("(", "1", ")", depth)));
    check_deep(|depth| format!("fn f() -> u32 {{ {} }}", nested("{ ", "1", " }", depth)));
    check_deep(|depth| format!("fn f() -> u32 {{ {} }}", nested("g(", "1", ")", depth)));
    check_deep(|depth| format!("fn f() -> bool {{ {} }}", nested("!", "true", "", depth)));
    check_deep(|depth| format!("fn f() -> u32 {{ let x = {}\n 1 }}", nested("[", "1", "]", depth)));
    check_deep(|depth| format!("fn f() -> u32 {{ {} }}", nested("if true { 1 } else { ", "1", " }", depth)));
    check_deep(|depth| format!("fn f() -> u32 {{ {} }}", nested("match 1 { _ => ", "1", " }", depth)));
    check_deep(|depth| format!("fn f() -> u32 {{ let g = {}\n 1 }}", nested("|x| ", "x", "", depth)));
    check_deep(|depth| format!("fn f() -> string {{ {} }}", nested("\"{", "1", "}\"", depth)));
}

#[test]
fn long_chains_do_not_overflow() {
    check_deep(|depth| format!("fn f() -> u32 {{ 1{} }}", " + 1".repeat(depth)));
    check_deep(|depth| format!("fn f() -> bool {{ true{} }}", " && true".repeat(depth)));
    check_deep(|depth| format!("fn f() -> bool {{ true{} }}", " || true".repeat(depth)));
    check_deep(|depth| format!("fn f(x: u32) -> u32 {{ x{} }}", ".abs()".repeat(depth)));
    check_deep(|depth| format!("fn f(x: u32) -> u32 {{ x{} }}", " |> f".repeat(depth)));
    check_deep(|depth| format!("fn f(x: u32) -> u32 {{ x{} }}", ".a[0]".repeat(depth)));
    check_deep(|depth| format!("fn f(x: option<u32>) -> u32 {{ x{} }}", "?".repeat(depth)));
}

#[test]
fn deep_patterns_and_types_do_not_overflow() {
    check_deep(|depth| format!("fn f(x: u32) -> bool {{ x is {} }}", nested("some(", "y", ")", depth)));
    check_deep(|depth| format!("fn f(x: u32) -> bool {{ x is {} }}", nested("(", "y", ",)", depth)));
    check_deep(|depth| format!("fn f(x: {}) -> bool {{ x == x }}", nested("list<", "u32", ">", depth)));
    check_deep(|depth| format!("fn f(x: {}) -> bool {{ true }}", nested("(", "u32", ",)", depth)));
    check_deep(|depth| format!("fn f(x: {}) -> bool {{ true }}", nested("fn(", "u32", ")", depth)));
}

#[test]
fn types_that_double_are_cut_off() {
    let lets: String = (1..200).map(|n| format!("let x{n} = (x{}, x{})\n", n - 1, n - 1)).collect();
    let all = told(&format!("fn f() -> u32 {{ let x0 = 1\n{lets} 1 }}"));
    assert!(all.iter().any(|one| one.starts_with("type-too-large")), "{all:?}");
    let lets: String = (1..2_000).map(|n| format!("let x{n} = [x{}]\n", n - 1)).collect();
    let all = told(&format!("fn f() -> u32 {{ let x0 = 1\n{lets} 1 }}"));
    assert!(all.iter().any(|one| one.starts_with("type-too-large")), "{all:?}");
    let aliases: String = (1..100).map(|n| format!("type T{n} = (T{}, T{})\n", n - 1, n - 1)).collect();
    let all = told(&format!("type T0 = u32\n{aliases}fn f(x: T99) -> bool {{ x == x }}"));
    assert!(all.iter().any(|one| one.starts_with("type-too-large")), "{:?}", &all[..all.len().min(3)]);
}

#[test]
fn many_statements_are_checked() {
    let lets: String = (1..3_000).map(|n| format!("let x{n} = x{} + 1\n", n - 1)).collect();
    let all = told_fully(&format!("fn f(x0: u32) -> u32 {{ {lets} x2999 }}"));
    assert_eq!(all, Vec::<String>::new());
}

#[test]
fn recursive_records_that_grow_end() {
    let text = "record R<T> { a: T, next: option<R<(T, T)>> }\nfn f(r: R<u32>) -> bool { r == r }\ndot g(r: R<u32>) -> u32 { 1 }";
    let all = told(text);
    assert!(!all.is_empty());
}
