//! `spec/grammar.ebnf` is the grammar that the parser has.
//!
//! Three things hold them together: the productions of both, read as text, are the same; every production
//! has cases in `spec/grammar-cases/`; and a recogniser that works from the EBNF alone (Earley's, in
//! `earley.rs`) takes and refuses those cases as the parser does, and needs the production for them.
//!
//! `BLESS=1` rewrites the EBNF from the parser's grammar.

mod cases;
mod earley;
mod notation;

use std::path::PathBuf;

use notation::{Production, from_ebnf, from_lalrpop, to_ebnf};

fn spec() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../spec"))
}

const GRAMMAR: &str = include_str!("../../src/grammar.lalrpop");

fn ebnf() -> Vec<Production> {
    let text = std::fs::read_to_string(spec().join("grammar.ebnf")).expect("the EBNF");
    from_ebnf(&text)
}

#[test]
fn the_ebnf_has_the_productions_of_the_parser() {
    let productions = from_lalrpop(GRAMMAR);
    assert!(productions.len() > 100, "the grammar was read");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(spec().join("grammar.ebnf"), to_ebnf(GRAMMAR, &productions)).expect("written");
    }
    let ebnf = ebnf();
    for production in &productions {
        let same = ebnf.iter().find(|other| other.name == production.name);
        assert_eq!(same, Some(production), "in spec/grammar.ebnf; BLESS=1 rewrites it");
    }
    for production in &ebnf {
        assert!(
            productions.iter().any(|other| other.name == production.name),
            "{} is no more",
            production.name
        );
    }
}

#[test]
fn every_name_is_defined_and_every_definition_used() {
    let ebnf = ebnf();
    let mut used = vec!["Start".to_owned()];
    for production in &ebnf {
        let mut names = Vec::new();
        production.alternatives.iter().flatten().for_each(|symbol| symbol.names(&mut names));
        for name in names {
            let is_token = name.bytes().all(|byte| byte.is_ascii_uppercase());
            let is_param = production.param.as_ref() == Some(&name);
            let is_defined = ebnf.iter().any(|other| other.name == name);
            assert!(is_token || is_param || is_defined, "{name} in {} is not defined", production.name);
            used.push(name);
        }
    }
    for production in &ebnf {
        assert!(used.contains(&production.name), "{} is not used", production.name);
    }
}

#[test]
fn every_production_has_cases_that_the_parser_and_the_ebnf_agree_on() {
    let ebnf = ebnf();
    let grammar = earley::Grammar::new(&ebnf);
    let mut problems = Vec::new();
    for production in &ebnf {
        match cases::read(&spec().join("grammar-cases"), &production.name) {
            Ok(cases) => problems.extend(cases::check(&grammar, &production.name, &cases)),
            Err(problem) => problems.push(problem),
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_file_of_cases_is_about_a_production() {
    let ebnf = ebnf();
    for file in std::fs::read_dir(spec().join("grammar-cases")).expect("the cases") {
        let path = file.expect("a file").path();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or("").to_owned();
        let is_known = ebnf.iter().any(|production| production.name == stem);
        assert!(is_known || stem == "README", "{} is about no production", path.display());
    }
}
