//! Applying all fixes of a file converges.
//!
//! The programs are the wrong ones that there are: the conformance cases of errors and lints, the wrong examples on the
//! pages of the codes, and right programs with one token taken out, doubled, or replaced. Of each fix it is asked that
//! its edits lie in the text and don't meet, and that a text that could be parsed still can. Of all of them together,
//! that after a few rounds none is left, and that no text comes again.

mod support;

use dot_diagnostics::render::Colour;
use dot_diagnostics::{ALL_CODES, Diagnostic, FileId, Fix, Sources, apply_all, apply_fixes, meet};
use std::path::{Path, PathBuf};
use support::Checker;

/// After so many rounds no fix may be left.
const MAX_ROUNDS: usize = 8;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The `.dot` files of one file below a folder whose names the filter takes, in order.
fn programs(folder: &str, takes: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![repository().join(folder)];
    while let Some(folder) = folders.pop() {
        // A folder with a manifest is a package of several modules.
        if folder.join("Dot.toml").exists() {
            continue;
        }
        for entry in std::fs::read_dir(&folder).expect("the folder is there") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".dot") && takes(&name) {
                // One case is about bytes that are no text.
                found.extend(std::fs::read_to_string(&path).ok().map(|text| (name, text)));
            }
        }
    }
    found.sort();
    found
}

fn judge_all(programs: Vec<(String, String)>, least: usize) {
    assert!(programs.len() >= least, "only {} programs", programs.len());
    let mut checker = Checker::new();
    let wrong: Vec<String> = programs
        .into_iter()
        .filter_map(|(name, text)| judge(&mut checker, &text).err().map(|why| format!("{name}: {why}")))
        .collect();
    assert!(wrong.is_empty(), "{} programs:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn of_the_conformance_cases() {
    judge_all(
        programs("tests/conformance", |name| name.starts_with("error") || name.starts_with("lint")),
        60,
    );
}

#[test]
fn of_the_wrong_examples() {
    let wrong = ALL_CODES.iter().filter_map(|entry| {
        let (_, rest) = entry.page.split_once("```dot,wrong\n")?;
        Some((entry.code.to_string(), rest.split_once("\n```")?.0.to_owned()))
    });
    judge_all(wrong.collect(), 70);
}

#[test]
fn of_mutated_programs() {
    let mut all = Vec::new();
    let examples = programs("examples", |_| true);
    let cases = programs("tests/conformance", |name| !name.starts_with("error")).into_iter().step_by(9);
    for (name, text) in examples.into_iter().chain(cases) {
        all.extend(mutants(&text, 25).into_iter().map(|(what, text)| (format!("{name}, {what}"), text)));
    }
    judge_all(all, 200);
}

/// Variants of a program, each with one token changed, spread over the text.
fn mutants(text: &str, count: usize) -> Vec<(String, String)> {
    let tokens: Vec<(usize, usize)> = words(text);
    let step = (tokens.len() / count).max(1);
    let mut out = Vec::new();
    for (index, (start, end)) in tokens.iter().copied().enumerate().step_by(step) {
        let (before, token, after) = (&text[..start], &text[start..end], &text[end..]);
        let (what, put) = match index / step % 4 {
            0 => ("without", String::new()),
            1 => ("doubled", format!("{token} {token}")),
            2 => ("misspelt", token.chars().rev().collect()),
            _ => {
                let (start, end) = tokens[(index * 7 + 3) % tokens.len()];
                ("replaced", text[start..end].to_owned())
            }
        };
        out.push((format!("`{token}` at {start} {what}"), format!("{before}{put}{after}")));
    }
    out
}

/// The words and signs of a text.
fn words(text: &str) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    for (at, c) in text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
        let end = at + c.len_utf8();
        match out.last_mut() {
            Some(last) if last.1 == at && is_word(c) && text[last.0..last.1].chars().all(is_word) => {
                last.1 = end
            }
            _ => out.push((at, end)),
        }
    }
    out
}

fn judge(checker: &mut Checker, text: &str) -> Result<(), String> {
    let mut seen = vec![text.to_owned()];
    for _ in 0..MAX_ROUNDS {
        let text = seen.last().expect("there is one").clone();
        let report = checker.check(&text);
        let (sources, told) = (report.sources(), report.diagnostics());
        for diagnostic in told {
            judge_fix(sources, diagnostic, &text)
                .map_err(|why| format!("{why}\n{}", report.render(Colour::Never)))?;
        }
        let Some(next) = apply_all(sources, told).into_values().next() else { return Ok(()) };
        if seen.contains(&next) {
            return Err(format!("a text comes again after\n{}", report.render(Colour::Never)));
        }
        seen.push(next);
    }
    let last = seen.last().expect("there is one");
    Err(format!(
        "after {MAX_ROUNDS} rounds there are still fixes:\n{}",
        checker.check(last).render(Colour::Never)
    ))
}

fn judge_fix(sources: &Sources, diagnostic: &Diagnostic<FileId>, text: &str) -> Result<(), String> {
    let Some(fix) = &diagnostic.fix else { return Ok(()) };
    let code = diagnostic.code;
    if fix.edits.is_empty() {
        return Err(format!("{code}: a fix without edits"));
    }
    for (index, edit) in fix.edits.iter().enumerate() {
        let range = edit.span.range;
        if text.get(range.start as usize..range.end as usize).is_none() {
            return Err(format!("{code}: an edit outside of the text"));
        }
        if fix.edits[..index].iter().any(|other| meet(other, edit)) {
            return Err(format!("{code}: edits that meet"));
        }
    }
    let Some(fixed) = applied(sources, fix) else { return Ok(()) };
    let errors = |text: &str| dot_syntax::parse(text).all_errors().len();
    if errors(text) == 0 && errors(&fixed) > 0 {
        return Err(format!("{code}: after its fix the text can't be parsed"));
    }
    Ok(())
}

fn applied(sources: &Sources, fix: &Fix<FileId>) -> Option<String> {
    apply_fixes(sources, [fix]).into_values().next()
}
