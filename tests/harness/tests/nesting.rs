//! Sources that nest or go on without end: an answer, and never a crash.

use dot_driver::{Emit, OsFiles, Profile, Session};

/// What building a text tells: the codes of its errors.
fn told(name: &str, text: &str) -> Vec<String> {
    let folder = std::env::temp_dir().join(format!("dot-nesting-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join(format!("{name}.dot"));
    std::fs::write(&path, text).expect("a file");
    let session = Session::open(&OsFiles, &path).unwrap_or_else(|error| panic!("{error}"));
    let built = session.build(Profile::Debug, Emit::Component, false);
    let checked = session.check();
    std::fs::remove_file(&path).expect("the file goes");
    let errors = checked.diagnostics().iter().filter(|diagnostic| diagnostic.is_error());
    let codes: Vec<String> = errors.map(|diagnostic| diagnostic.code.as_str().to_owned()).collect();
    assert_eq!(built.is_ok(), codes.is_empty(), "{name}: {codes:?}");
    codes
}

const DEEP: usize = 100_000;

/// Brackets of every kind, types, patterns, operators, and chains of whatever can be chained.
#[test]
// r[lex.depth]
fn what_nests_a_hundred_thousand_deep_is_refused() {
    let nested =
        |open: &str, inner: &str, close: &str| format!("{}{inner}{}", open.repeat(DEEP), close.repeat(DEEP));
    let body =
        |text: String| format!("fn g(self: s64) -> s64 {{ self }}\ndot f(x: s64) -> s64 {{ {text} }}\n");
    let sources = [
        ("parentheses", body(nested("(", "1", ")"))),
        ("lists", body(format!("let y = {}\n 1", nested("[", "", "]")))),
        ("blocks", body(nested("{ ", "x", " }"))),
        ("types", format!("dot f(x: {}) -> s64 {{ 1 }}\n", nested("list<", "u8", ">"))),
        ("function_types", format!("dot f(x: {}) -> s64 {{ 1 }}\n", nested("fn(", "u8", ")"))),
        ("patterns", body(format!("match some(x) {{ {} => 1\n _ => 2 }}", nested("some(", "_", ")")))),
        ("alternatives", body(format!("match x {{ {}1 => 1\n _ => 2 }}", "0 | ".repeat(DEEP)))),
        ("negations", body(format!("if {}true {{ 1 }} else {{ 2 }}", "!".repeat(DEEP)))),
        ("sums", body(format!("x{}", " + x".repeat(DEEP)))),
        ("defaults", body(format!("{}1", "some(x) ?? ".repeat(DEEP)))),
        ("texts", body(format!("let y = {}\n 1", nested("\"{", "1", "}\"")))),
        ("choices", body(format!("if x == 0 {{ 0 }}{} else {{ 1 }}", " else if x == 1 { 1 }".repeat(DEEP)))),
        ("pipes", body(format!("x{}", " |> g()".repeat(DEEP)))),
        ("methods", body(format!("x{}", ".g()".repeat(DEEP)))),
        ("fields", body(format!("x{}", ".a".repeat(DEEP)))),
        ("indices", body(format!("x{}", "[0]".repeat(DEEP)))),
        ("closures", body(format!("let y = {}1\n x", "|| ".repeat(DEEP)))),
    ];
    for (name, text) in sources {
        assert_eq!(told(name, &text), ["nesting-too-deep"], "{name}");
    }
}

/// What is only long compiles, or its limit is told.
#[test]
fn what_is_only_long_compiles() {
    let numbers = |count: usize| (0..count).map(|n| n.to_string()).collect::<Vec<_>>().join(", ");
    let fields: String = (0..10_000).map(|n| format!("f{n}: u8\n")).collect();
    let arms: String = (0..50_000).map(|n| format!("{n} => {}\n", n % 7)).collect();
    let sources = [
        ("long_list", format!("dot f() -> u32 {{ let xs = [{}]\n xs.len() }}\n", numbers(100_000)), None),
        (
            "long_record",
            format!("record R {{\n{fields}}}\nfn g(r: R) -> u8 {{ r.f9999 }}\ndot f() -> u8 {{ 1 }}\n"),
            None,
        ),
        (
            "long_sum",
            format!("dot f(x: s64) -> s64 {{ x{} }}\n", " + x".repeat(20_000)),
            Some("nesting-too-deep"),
        ),
        (
            "long_match",
            format!("dot f(x: s64) -> s64 {{ match x {{\n{arms}_ => 9 }} }}\n"),
            Some("match-too-complex"),
        ),
    ];
    for (name, text, limit) in sources {
        assert_eq!(told(name, &text), Vec::from_iter(limit), "{name}");
    }
}
