//! The files of `spec/grammar-cases/`; their README describes the format.

use std::path::Path;

use crate::earley::{Grammar, token_name};

/// One text and what is to become of it.
pub struct Case {
    accept: bool,
    is_expr: bool,
    text: String,
}

/// The cases of a production.
pub fn read(folder: &Path, production: &str) -> Result<Vec<Case>, String> {
    let path = folder.join(format!("{production}.txt"));
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("--- "), cases.last_mut()) {
            (Some(head), _) => {
                let (verdict, is_expr) =
                    head.strip_suffix(" expr").map_or((head, false), |verdict| (verdict, true));
                if !["accept", "reject"].contains(&verdict) {
                    return Err(format!("{production}: `{line}` is no head of a case"));
                }
                cases.push(Case { accept: verdict == "accept", is_expr, text: String::new() });
            }
            (None, Some(case)) => {
                case.text.push_str(line);
                case.text.push('\n');
            }
            (None, None) => return Err(format!("{production}: text before the first case")),
        }
    }
    let has = |accept| cases.iter().any(|case| case.accept == accept);
    if has(true) && has(false) {
        Ok(cases)
    } else {
        Err(format!("{production}: one case of each kind at least"))
    }
}

/// What is wrong with the cases of a production.
pub fn check(grammar: &Grammar, production: &str, cases: &[Case]) -> Vec<String> {
    let mut problems = Vec::new();
    for case in cases {
        let text = case.text.trim_end();
        let errors = if case.is_expr {
            dot_syntax::parse_expr(text).errors
        } else {
            dot_syntax::parse_item(text).errors
        };
        let mut tokens = vec![if case.is_expr { "EXPR" } else { "ITEM" }.to_owned()];
        for (start, token, end) in dot_syntax::tokens(text) {
            tokens.push(token_name(&token, &text[start as usize..end as usize]));
        }
        let recognised = grammar.recognise(&tokens);
        let mut say = |what: String| problems.push(format!("{production}: `{text}`: {what}"));
        match (case.accept, errors.first()) {
            (true, Some(error)) => say(format!("the parser says: {}", error.title)),
            (false, None) => say("the parser takes it".to_owned()),
            _ => {}
        }
        // Of lists, the rule has the name of what they hold in it.
        let uses = |name: &String| name == production || name.starts_with(&format!("{production}<"));
        match (case.accept, &recognised) {
            (true, None) => say("the EBNF refuses it".to_owned()),
            (true, Some(complete)) if !complete.iter().any(uses) => say("it does without".to_owned()),
            (false, Some(_)) => say("the EBNF takes it".to_owned()),
            _ => {}
        }
    }
    problems
}
