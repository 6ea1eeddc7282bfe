//! Signatures and bodies: what is kept of the text, what is dropped, and where things stand.

mod support;

use dot_hir::body::{Expr, Literal, Pat, RecordInit, Stmt};
use dot_hir::signature::RecordMember;
use dot_hir::{Body, SignatureKind, TypeRef, default_bodies, item_body, item_docs, item_signature};
use support::{item, module, project, told};

/// The body of `f` in `text`, and the text at each of its expressions.
fn body_of(text: &str) -> (Body, Vec<String>) {
    let db = project(&[("main", text)]);
    assert_eq!(told(&db, "main"), Vec::<String>::new());
    let f = item(&db, module(&db, "main"), "f");
    let map = dot_hir::body_source_map(&db, f).expect("it has a body");
    let places = map.exprs.iter().map(|range| range.slice(f.text(&db)).to_owned()).collect();
    (item_body(&db, f).expect("it has a body").clone(), places)
}

/// The statements of a body.
fn stmts(body: &Body) -> &[Stmt] {
    match body.expr(body.root) {
        Expr::Block(block) => &block.stmts,
        other => panic!("the root is {other:?}"),
    }
}

#[test]
fn every_expression_knows_its_place() {
    let (body, places) = body_of("/// Docs.\nfn f(a: u8) -> u8 {\n  // one\n  a + g(2)\n}");
    assert_eq!(body.exprs.len(), places.len());
    assert_eq!(places, ["a", "g", "2", "g(2)", "a + g(2)", "{\n  // one\n  a + g(2)\n}"]);
}

#[test]
fn parentheses_are_gone_but_a_stored_function_is_told_from_a_method() {
    let (body, _) = body_of("fn f(r: u8) { let _ = ((1))\n let _ = (r.g)(1)\n let _ = r.g(1) }");
    let values: Vec<&Expr> = stmts(&body)
        .iter()
        .map(|stmt| match stmt {
            Stmt::Let { value, .. } => body.expr(*value),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(*values[0], Expr::Literal(Literal::Int(1)));
    assert!(
        matches!(values[1], Expr::Call { callee, .. } if matches!(body.expr(*callee), Expr::Field { .. }))
    );
    assert!(matches!(values[2], Expr::MethodCall { name, .. } if name.text == "g"));
}

#[test]
fn short_fields_are_written_out() {
    let (body, places) = body_of("fn f(x: u8) { let P { y } = P { x } }");
    let Some(Stmt::Let { pat, value, .. }) = stmts(&body).first() else { panic!("a let") };
    let Expr::Record { inits, .. } = body.expr(*value) else { panic!("a record") };
    let Some(RecordInit::Field { name, value }) = inits.first() else { panic!("a field") };
    assert_eq!(name.text, "x");
    assert!(matches!(body.expr(*value), Expr::Name(name) if name.text == "x"));
    assert_eq!(places[value.0 as usize], "x");
    let Pat::Record { fields, .. } = body.pat(*pat) else { panic!("a record pattern") };
    assert!(matches!(body.pat(fields[0].pat), Pat::Bind { name, inout: false } if name.text == "y"));
}

#[test]
fn a_signature_has_what_is_declared() {
    let db = project(&[(
        "main",
        "record Order<T: number> { /// Cents.\n @min(1) total: u64 = 0, ..Base, at: geo.Point }\nfn f(inout self: u8, b: list<u8, 4> = []) -> u8 uses log + net.send { 1 }",
    )]);
    let main = module(&db, "main");
    let order = item_signature(&db, item(&db, main, "Order"));
    let SignatureKind::Record { generics, members } = &order.kind else { panic!("a record") };
    assert_eq!(generics[0].name.text, "T");
    assert_eq!(generics[0].bound.as_ref().map(|bound| bound.as_str()), Some("number"));
    let [RecordMember::Field(total), RecordMember::Include(base), RecordMember::Field(at)] =
        members.as_slice()
    else {
        panic!("{members:?}")
    };
    assert!(total.has_default && total.attributes.len() == 1);
    let named = |id| match order.type_ref(id) {
        TypeRef::Named { path, .. } => path.display(),
        other => panic!("{other:?}"),
    };
    assert_eq!((named(*base), named(at.ty)), ("Base".to_owned(), "geo.Point".to_owned()));
    let docs = item_docs(&db, item(&db, main, "Order"));
    assert_eq!(docs.members, ["Cents.", "", ""]);
    let f = item_signature(&db, item(&db, main, "f")).function().expect("a function");
    assert!(f.is_method() && f.params[0].inout && f.params[1].has_default);
    assert_eq!(f.uses.as_ref().map(Vec::len), Some(2));
    let defaults = default_bodies(&db, item(&db, main, "f"));
    assert!(defaults[0].is_none() && defaults[1].is_some());
    assert!(
        matches!(defaults[1].as_ref().map(|body| body.expr(body.root)), Some(Expr::List(parts)) if parts.is_empty())
    );
}

#[test]
fn deep_code_is_refused_or_lowered_but_never_overflows() {
    let deep = [
        format!("fn f() -> u8 {{ {}1{} }}", "(".repeat(200), ")".repeat(200)),
        format!("fn f() -> u8 {{ 1{} }}", " + 1".repeat(500)),
        format!("fn f() -> u8 {{ {}1{} }}", "{ ".repeat(200), " }".repeat(200)),
        format!("fn f() -> u8 {{ {}1{} }}", "g(".repeat(200), ")".repeat(200)),
        format!("fn f() -> u8 {{ {}1 }}", "|x| ".repeat(200)),
        format!("fn f(x: {}u8{}) {{}}", "list<".repeat(150), ">".repeat(150)),
        format!("fn f() {{ let {}x{} = 1 }}", "some(".repeat(150), ")".repeat(150)),
    ];
    let too_deep = [
        format!("fn f() -> u8 {{ {}1 }}", "-".repeat(10_000)),
        format!("fn f() -> u8 {{ {}1{} }}", "(".repeat(10_000), ")".repeat(10_000)),
        format!("fn f() -> u8 {{ 1{} }}", " + 1".repeat(10_000)),
        format!("fn f() -> u8 {{ a{} }}", ".b".repeat(10_000)),
        format!("fn f() {{ {} }}", "if a {} else ".repeat(10_000)),
    ];
    for (texts, is_told) in [(&deep[..], false), (&too_deep[..], true)] {
        for text in texts {
            let db = project(&[("main", text)]);
            let main = module(&db, "main");
            assert_eq!(!support::diagnostics(&db, main).is_empty(), is_told, "{}", &text[..40]);
            assert!(item_body(&db, item(&db, main, "f")).is_some() || is_told, "{}", &text[..40]);
        }
    }
}
