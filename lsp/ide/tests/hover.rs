//! What a hover says. The cursor is at `^`; each expectation is read off the text by hand.

use dot_db::{Database, Origin, PackageTexts, new_project};
use dot_ide::{Hover, hover};

const STD: &[(&str, &str)] = &[
    ("prelude", "pub fn min<T>(a: T, b: T) -> T { if a == b { b } else { a } }\n"),
    (
        "list",
        "//! Sequences.\n\
         @intrinsic(\"list.len\") pub fn len<T: any>(self: list<T>) -> u32 {}\n\
         /// The elements that `keep` holds for.\n\
         pub fn filter<T>(self: list<T>, keep: fn(T) -> bool) -> list<T> {\n\
         var out: list<T> = []\n  for x in self { if keep(x) { out = [..out, x] } }\n  out\n}\n",
    ),
];

const CLOCK: &str = "package acme:clock@1.0.0;\n\
                     /// Tells the time.\ninterface now {\n\
                     /// Since the start.\nread: func() -> u64;\n}\n";

/// What the module `main` shows at its `^`; the other modules stand beside it.
fn hover_in(others: &[(&str, &str)], text: &str) -> Option<(String, String)> {
    let offset = text.find('^').expect("there is a cursor");
    let plain = text.replacen('^', "", 1);
    let db = Database::default();
    let mut modules = others.to_vec();
    modules.push(("main", &plain));
    let root = PackageTexts::new("local:main", Origin::User, &modules).with_wit(&[("wit/clock.wit", CLOCK)]);
    let project = new_project(&db, &root, &PackageTexts::new("dot:std", Origin::Std, STD));
    let files = project.root(&db).modules(&db);
    let file = files.iter().find(|module| module.path == "main").expect("it was added").file;
    let Hover { range, markdown } = hover(&db, file, u32::try_from(offset).expect("small"))?;
    Some((range.slice(&plain).to_owned(), markdown))
}

/// The code of the hover, and what is about.
fn at(text: &str) -> Option<(String, String)> {
    let (about, markdown) = hover_in(&[], text)?;
    let code = markdown.strip_prefix("```dot\n").expect("code comes first");
    Some((about, code.split("\n```").next().expect("it ends").to_owned()))
}

fn says(text: &str, about: &str, code: &str) {
    assert_eq!(at(text), Some((about.to_owned(), code.to_owned())), "{text}");
}

fn silent(text: &str) {
    assert_eq!(at(text), None, "{text}");
}

#[test]
fn locals_have_their_names() {
    says("fn f() -> s64 { let x^y = 1\n xy }", "xy", "xy: s64");
    says("fn f() -> s64 { let xy = 1\n ^xy }", "xy", "xy: s64");
    says("fn f() -> s64 { let xy = 1\n xy^ }", "xy", "xy: s64");
    says("fn f() { var xy: u8 = 1\n x^y += 1 }", "xy", "xy: u8");
    says("fn f() -> u8 { let x: u8 = 1\n if true { let x = \"a\"\n let _ = ^x }\n x }", "x", "x: string");
    says("fn f() -> u8 { let x: u8 = 1\n if true { let x = \"a\"\n let _ = x }\n ^x }", "x", "x: u8");
}

#[test]
fn names_of_a_match_inout_stand_for_parts() {
    let text = |body: &str| {
        format!(
            "variant E {{ Num(u8), Neg }}\nfn f(inout e: E) {{ match inout e {{ Num(inout num) => {body}, Neg => {{}} }} }}"
        )
    };
    says(&text("nu^m += 1"), "num", "num: u8");
    says(&text("{ let a = num^\n num = a }"), "num", "num: u8");
    says(&text("num += 1").replace("inout num", "inout n^um"), "num", "num: u8");
}

#[test]
fn constants_and_flags_are_told_in_patterns() {
    says("const LIMIT: u8 = 3\nfn f(n: u8) -> bool { n is LIM^IT }", "LIMIT", "const LIMIT: u8");
}

#[test]
fn parameters_have_modes_defaults_and_docs() {
    let text = "dot f(\n  /// How often.\n  times: u32 = 2,\n) -> u32 { ti^mes }";
    let (about, markdown) = hover_in(&[], text).expect("a hover");
    assert_eq!(about, "times");
    assert_eq!(markdown, "```dot\ntimes: u32 = 2\n```\n\n---\nHow often.\n");
    says("fn f(inout n^um: u8) { num += 1 }", "num", "inout num: u8");
    says("fn f<K^: key>(a: K) -> K { a }", "K", "K: key");
    says("fn f<K: key>(a: ^K) -> K { a }", "K", "K: key");
}

#[test]
fn functions_have_signatures_effects_and_docs() {
    let text =
        "/// Doubles.\nfn twice<T: number>(n: T, by: T) -> T { n * by }\nfn g() -> u8 { tw^ice(1, 2) }";
    let (about, markdown) = hover_in(&[], text).expect("a hover");
    assert_eq!(about, "twice");
    assert_eq!(markdown, "```dot\nfn twice<T: number>(n: T, by: T) -> T\n```\n\n---\nDoubles.\n");
    says(
        "dot he^llo(name: string = \"world\") -> string { name }",
        "hello",
        "dot hello(name: string = \"world\") -> string",
    );
    says("fn g() { }\nfn h() { let f = ^g\n f() }", "g", "fn g()");
    says("fn f(a: u8, big: u8 = 1) -> u8 { a + big }\nfn g() -> u8 { f(1, b^ig: 2) }", "big", "big: u8 = 1");
    says("fn g() -> u8 { 1 |> do^ne }\nfn done(a: u8) -> u8 { a }", "done", "fn done(a: u8) -> u8");
}

#[test]
fn methods_and_statics_are_found_through_their_types() {
    let shape = "record Sq { side: u8 }\nfn area(self: Sq) -> u8 { self.side }\nfn Sq.new() -> Sq { Sq { side: 1 } }\n";
    says(&format!("{shape}fn f(s: Sq) -> u8 {{ s.a^rea() }}"), "area", "fn area(self: Sq) -> u8");
    says(&format!("{shape}fn f() -> Sq {{ Sq.n^ew() }}"), "new", "fn Sq.new() -> Sq");
    says(&format!("{shape}fn f() -> Sq {{ S^q.new() }}"), "Sq", "record Sq {\n  side: u8,\n}");
    says("fn f(xs: list<u8>) -> u32 { xs.l^en() }", "len", "fn len<T: any>(self: list<T>) -> u32");
    let (_, markdown) =
        hover_in(&[], "fn f(xs: list<u8>) -> list<u8> { xs.fil^ter(|x| x > 1) }").expect("a hover");
    assert!(markdown.ends_with("---\nThe elements that `keep` holds for.\n"), "{markdown}");
    says("fn f() -> u8 { m^in(1, 2) }", "min", "fn min<T>(a: T, b: T) -> T");
}

#[test]
fn constants_and_types_show_their_declarations() {
    let text = "/// Enough.\nconst LIMIT: u8 = 3\nfn f() -> u8 { LIM^IT }";
    assert_eq!(hover_in(&[], text).expect("a hover").1, "```dot\nconst LIMIT: u8\n```\n\n---\nEnough.\n");
    says("record P^air<A, B> { a: A, b: B }", "Pair", "record Pair<A, B> {\n  a: A,\n  b: B,\n}");
    says(
        "variant E { Num(f64), Bin(op: char, left: E) }\nfn f(e: ^E) { let _ = e }",
        "E",
        "variant E {\n  Num(f64),\n  Bin(op: char, left: E),\n}",
    );
    says("enum Dir { Up, Down }\nfn f(d: D^ir) { let _ = d }", "Dir", "enum Dir {\n  Up,\n  Down,\n}");
    says("type Na^mes = list<string>", "Names", "type Names = list<string>");
    says("fn f(a: u^32) { let _ = a }", "u32", "u32");
    assert_eq!(
        hover_in(&[], "fn f(a: li^st<u8>) { let _ = a }").expect("a hover").1,
        "```dot\nlist\n```\n\n---\nSequences.\n"
    );
}

#[test]
fn fields_have_types_and_docs() {
    let point = "record Base { /// The id.\n  id: u64 }\nrecord P<T> { ..Base, /// Across.\n  x: T }\n";
    let card =
        |code: &str, docs: &str| format!("```dot\n{code}\n```\n\n---\nA field of `P`.\n\n---\n{docs}\n");
    for (code, expected) in [
        ("fn f(p: P<u8>) -> u8 { p.^x }", card("x: u8", "Across.")),
        ("fn f(p: P<u8>) -> u64 { p.i^d }", card("id: u64", "The id.")),
        ("fn f() -> P<u8> { P { id: 1, ^x: 2 } }", card("x: u8", "Across.")),
        ("fn f(p: P<u8>) -> u8 { let { ^x: a, .. } = p\n a }", card("x: u8", "Across.")),
    ] {
        let text = format!("{point}{code}");
        assert_eq!(hover_in(&[], &text).expect("a hover").1, expected, "{code}");
    }
    says("record P { ^x: u8 }", "x", "x: u8");
    says("record P { x: u8 }\nfn f(p: P) -> u8 { let { ^x } = p\n x }", "x", "x: u8");
}

#[test]
fn cases_are_told_with_their_types() {
    let shape = "variant Shape { /// Round.\n  Disc(r: f64), Dot }\nvariant Other { Disc }\n";
    let disc = "```dot\nDisc(r: f64)\n```\n\n---\nA case of `Shape`.\n\n---\nRound.\n";
    for code in [
        "fn f() -> Shape { Di^sc(1.0) }",
        "fn f() -> Shape { Shape.Di^sc(1.0) }",
        "fn f(s: Shape) -> bool { s is Di^sc(_) }",
        "fn f(s: option<Shape>) -> bool { match s { some(Di^sc(_)) => true\n _ => false } }",
    ] {
        let text = format!("{shape}{code}");
        assert_eq!(hover_in(&[], &text).expect(code).1, disc, "{code}");
    }
    says(&format!("{shape}fn f() -> Shape {{ Disc(^r: 1.0) }}"), "r", "r: f64");
    says(
        &format!("{shape}fn f(s: Shape) -> f64 {{ match s {{ Disc(rad^ius) => radius\n Dot => 0.0 }} }}"),
        "radius",
        "radius: f64",
    );
    says("flags Perm { Read, Write }\nfn f() -> Perm { Perm.Re^ad }", "Read", "Read");
}

#[test]
fn patterns_bind_what_is_inside() {
    says("fn f(m: map<string, u8>) { for (k, ^v) in m { let _ = (k, v) } }", "v", "v: u8");
    says("fn f() { for ^i in 0..3 { let _ = i } }", "i", "i: s64");
    says("fn f(o: option<u8>) -> u8 { if o is some(^x) { x } else { 0 } }", "x", "x: u8");
    says(
        "fn f(xs: list<u8>) -> list<u8> { if xs is [_, ..re^st] { rest } else { [] } }",
        "rest",
        "rest: list<u8>",
    );
    says("fn f(xs: list<u8>) -> list<u8> { xs.filter(|^x| x > 1) }", "x", "x: u8");
    says("fn f(n: u8) -> bool { match n { ^1 => true\n _ => false } }", "1", "u8");
}

#[test]
fn other_expressions_have_their_types() {
    says("fn f(a: u8) -> bool { a ^== 1 }", "a == 1", "bool");
    says("fn f() -> f64 { 1^.5 }", "1.5", "f64");
    says("fn f(a: u8) -> u64 { ^(a + 1) * 2 }", "(a + 1) * 2", "u8"); // before it is widened
    says("fn f(a: u8) -> string { \"n^ is {a}\" }", "\"n is {a}\"", "string");
    says("fn f(a: u8) -> string { \"n is {^a}\" }", "a", "a: u8");
    says("fn f(xs: list<u8>) -> u8 { xs^[0] }", "xs", "xs: list<u8>");
    says("fn f(xs: list<u8>) -> u8 { xs[0^] }", "xs[0]", "u8");
    says("fn f() -> option<u8> { so^me(1) }", "some(1)", "option<u8>");
}

#[test]
fn imports_are_followed() {
    let shapes = [(
        "shapes",
        "//! Plane things.\n/// Four sides.\npub record Sq { side: u8 }\npub fn unit() -> Sq { Sq { side: 1 } }\n",
    )];
    let sq = "```dot\nrecord Sq {\n  side: u8,\n}\n```\n\n---\nFour sides.\n";
    let module = "```dot\nmodule shapes\n```\n\n---\nPlane things.\n";
    for (text, expected) in [
        ("use main/shapes.{S^q}", sq),
        ("use main/shapes.{Sq}\nfn f(s: S^q) { let _ = s }", sq),
        ("use main/shapes\nfn f(s: shapes.S^q) { let _ = s }", sq),
        ("use main/sha^pes", module),
        ("use main/shapes as pl^ane", module),
        ("use main/shapes\nfn f() { let _ = sha^pes.unit() }", module),
        ("use main/shapes\nfn f() { let _ = shapes.un^it() }", "```dot\nfn unit() -> Sq\n```\n"),
    ] {
        let found = hover_in(&shapes, text).map(|(_, markdown)| markdown);
        assert_eq!(found.as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn interfaces_and_what_they_do_to_functions_are_told() {
    let import = "use acme:clock/now@1.0.0 as now\n";
    let interface = "```dot\nmodule acme:clock/now@1.0.0\n```\n\n---\nTells the time.\n";
    let read =
        "```dot\nfn read() -> u64\n```\n\n---\nUses `acme:clock/now@1.0.0`.\n\n---\nSince the start.\n";
    let inner = "```dot\nfn inner() -> u64\n```\n\n---\nUses `acme:clock/now@1.0.0`.\n";
    for (text, expected) in [
        ("use acme:clo^ck/now@1.0.0 as now\n".to_owned(), interface),
        ("use acme:clock/now@1.0.0 as n^ow\n".to_owned(), interface),
        (format!("{import}fn f() -> u64 {{ now.re^ad() }}"), read),
        (format!("{import}dot f() -> u64 uses n^ow {{ now.read() }}"), interface),
        (format!("{import}fn inner() -> u64 {{ now.read() }}\nfn f() -> u64 {{ in^ner() }}"), inner),
    ] {
        let found = hover_in(&[], &text).map(|(_, markdown)| markdown);
        assert_eq!(found.as_deref(), Some(expected), "{text}");
    }
    says(&format!("{import}dot f^f() -> u64 uses now {{ now.read() }}"), "ff", "dot ff() -> u64 uses now");
}

#[test]
fn white_space_comments_and_keywords_tell_nothing() {
    silent("fn f() { ^ }");
    silent("fn f() { // not^e\n }");
    silent("/// do^cs\nfn f() { }");
    silent("f^n f() { }");
    silent("fn f() { l^et x = 1\n let _ = x }");
    silent("fn f() { }\n^\nfn g() { }");
    silent("^");
    silent("fn f(a: u8) -> u8 { a  ^ + 1 }");
}

#[test]
fn bodies_with_mistakes_are_told_as_far_as_they_go() {
    says("fn f(name: string) -> u8 { let x: u8 = \"\"\n na^me }", "name", "name: string");
    says("record P { x: u8 }\nfn f(p: P) { p.^x. }", "x", "x: u8");
    says("record P { x: u8 }\nfn f(p: P) { let y = ^p.", "p", "p: P");
    says("fn g(a: u8) { let _ = a }\nfn f() { ^g(\"wrong\", 1) }", "g", "fn g(a: u8)");
    says("fn f() { let n = 1\n let m = n^ + \n}", "n", "n: s64");
    silent("fn f() { unkn^own }");
    silent("fn f() { unknown.fi^eld }");
}

#[test]
fn every_place_of_every_prefix_can_be_asked_about() {
    let text = "//! M\nuse main/other.{A}\n/// D\n@len(1) pub variant E<T> { N(f64), B(op: char, l: T) }\n\
                record R { ..Q, x: u8 = 1 }\nconst C: u8 = u8.MAX\nfn R.new<K: key>(k: K, n: u8 = C) -> R { \
                let { x, .. } = R { x: n }\n match k { [a, ..r] => \"{x} é𝄞\" |> g(n: 1)\n _ => x? ?? 1 } }\n";
    let db = Database::default();
    let std = PackageTexts::new("dot:std", Origin::Std, STD);
    let root = PackageTexts::new("local:main", Origin::User, &[("main", text)]);
    let project = new_project(&db, &root, &std);
    let file = project.root(&db).modules(&db).first().expect("one").file;
    let mut db = db;
    let mut told = 0;
    for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)).step_by(3) {
        salsa::Setter::to(file.set_text(&mut db), text[..end].into());
        for offset in 0..=u32::try_from(end).expect("small") + 2 {
            if let Some(hover) = hover(&db, file, offset) {
                assert!(hover.range.touches(offset) && hover.range.end as usize <= end, "{offset} in {end}");
                told += 1;
            }
        }
    }
    assert!(told > 0);
}
