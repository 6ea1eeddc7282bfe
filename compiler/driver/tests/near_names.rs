//! Unknown names of every kind suggest the near one that was meant, and the fix writes it.
// r[fn.method.unknown], r[type.unknown]

mod support;

use dot_diagnostics::apply_all;
use dot_diagnostics::render::Colour;
use support::check;

/// What the name is of, a program in which it stands misspelt as `NAME`, the misspelt name, and the one that is meant.
const NAMES: [(&str, &str, &str, &str); 20] = [
    ("a local", "dot f(total: u32) -> u32 { NAME + 1 }", "totl", "total"),
    ("a function", "fn half(n: u32) -> u32 { n / 2 }\ndot f() -> u32 { NAME(2) }", "hlaf", "half"),
    ("a constant", "const LIMIT: u32 = 3\ndot f() -> u32 { NAME }", "LIMTI", "LIMIT"),
    ("a type", "record Point { x: u32 }\ndot f(p: NAME) -> u32 { p.x }", "Piont", "Point"),
    ("a built-in type", "dot f(p: list<NAME>) -> u32 { p.len() }", "stirng", "string"),
    ("a type parameter", "fn id<Item>(x: Item) -> NAME { x }\ndot f() -> u32 { id(1) }", "Itme", "Item"),
    ("a field", "record Point { east: u32 }\ndot f(p: Point) -> u32 { p.NAME }", "esat", "east"),
    ("a field of a literal", "record Point { east: u32 }\ndot f() -> Point { { NAME: 1 } }", "esat", "east"),
    (
        "a field of a pattern",
        "record Point { east: u32, west: u32 }\ndot f(p: Point) -> u32 { let { NAME: e, .. } = p; e }",
        "esat",
        "east",
    ),
    ("a method", "dot f(xs: list<u32>) -> list<u32> { xs.NAME(|x| x > 1) }", "fitler", "filter"),
    ("a static", "dot f() -> list<u32> { list.NAME(3, 1) }", "off", "of"),
    ("a constant of a type", "dot f() -> u32 { u32.NAME }", "MXA", "MAX"),
    ("a case", "enum Light { Amber, Green }\ndot f() -> Light { Light.NAME }", "Ambr", "Amber"),
    ("a bare case", "enum Light { Amber, Green }\ndot f(l: Light) -> bool { l == NAME }", "Ambr", "Amber"),
    (
        "a case of a pattern",
        "enum Light { Amber, Green }\ndot f(l: Light) -> u32 { match l { NAME => 1, Green => 2 } }",
        "Ambr",
        "Amber",
    ),
    (
        "an argument",
        "fn half(number: u32) -> u32 { number / 2 }\ndot f() -> u32 { half(NAME: 2) }",
        "nubmer",
        "number",
    ),
    (
        "a part of a case",
        "variant Line { From(start: u32, end: u32) }\ndot f() -> Line { From(1, NAME: 2) }",
        "edn",
        "end",
    ),
    ("a module", "use std/NAME as numbers\ndot f() -> f64 { numbers.f64.MAX }", "flaot", "float"),
    (
        "a bound",
        "fn add<T: NAME>(a: T, b: T) -> T { a + b }\ndot f() -> u32 { add(1, 2) }",
        "numbr",
        "number",
    ),
    ("an attribute", "dot f(@NAME(3) n: u32) -> u32 { n }", "mn", "min"),
];

#[test]
fn each_suggests_the_name_that_is_meant() {
    let wrong: Vec<String> = NAMES
        .iter()
        .filter_map(|(what, program, misspelt, meant)| {
            judge(&program.replace("NAME", misspelt), &program.replace("NAME", meant))
                .err()
                .map(|why| format!("{what}: {why}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn judge(text: &str, fixed: &str) -> Result<(), String> {
    let report = check(text);
    let texts = apply_all(report.sources(), report.diagnostics());
    match texts.into_values().next() {
        Some(text) if text == fixed => Ok(()),
        Some(text) => Err(format!("the fix gives\n{text}\n{}", report.render(Colour::Never))),
        None => Err(format!("no fix:\n{}", report.render(Colour::Never))),
    }
}
