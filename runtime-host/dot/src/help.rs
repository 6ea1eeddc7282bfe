//! A dot's help, from its signature and its author's words.

use dot_host::constraint::written;
use dot_host::{Dot, Named, Param, Ty, example, from_json, literal};

use serde_json::Value as Json;

use crate::pick::list;

/// The help of one dot. `file` is how it was named on the command line.
pub fn of_dot(file: &str, dots: &[Dot], dot: &Dot) -> String {
    let mut text = String::new();
    if !dot.docs.is_empty() {
        text.push_str(dot.docs.trim_end());
        text.push_str("\n\n");
    }
    let name = if dots.len() == 1 { String::new() } else { format!(" {}", dot.dot) };
    text.push_str(&format!("Usage: dot run {file}{name}"));
    for param in &dot.params {
        let usage = format!("--{} <{}>", param.dot, param.ty);
        text.push_str(&if is_optional(param) { format!(" [{usage}]") } else { format!(" {usage}") });
    }
    text.push('\n');
    if !dot.params.is_empty() {
        text.push_str("\nArguments, by name or in this order:\n");
        dot.params.iter().for_each(|p| text.push_str(&describe(p)));
    }
    if let Some(result) = &dot.result {
        text.push_str(&format!("\nResult: {result}\n"));
    }
    if !dot.effects.is_empty() {
        text.push_str(&format!("\nUses: {}\n", dot.effects.join(", ")));
    }
    text.push_str("\n`dot run --help` tells the options of `dot run`, which may stand here too.");
    text
}

/// The help of a file with several dots.
pub fn of_file(file: &str, dots: &[Dot]) -> String {
    format!(
        "Usage: dot run {file} DOT [--ARG VALUE]...\n\nDots:{}\n\n`dot run {file} DOT --help` tells more.",
        list(dots)
    )
}

fn is_optional(param: &Param) -> bool {
    param.default.is_some() || matches!(param.ty, Ty::Option(_))
}

fn describe(param: &Param) -> String {
    let mut text = format!("  --{} <{}>\n", param.dot, param.ty);
    let mut notes: Vec<String> = Vec::new();
    notes.extend(param.docs.lines().map(str::to_string));
    match form(&param.ty) {
        Form::Word => {}
        Form::Cases(named) => notes.push(format!("one of {}", named.member_names())),
        Form::Json => notes.push(format!("as JSON, like {}", example(&param.ty))),
    }
    notes.extend(param.constraints.iter().map(|(name, argument)| demand(name, argument)));
    if let Some(default) = &param.default {
        // A default of another program may not fit its type; it is told when it is used.
        let shown = from_json(&param.dot, default, &param.ty).map(|v| literal(&v, &param.ty));
        notes.push(format!("default: {}", shown.unwrap_or_else(|_| default.to_string())));
    }
    for note in notes {
        text.push_str(&format!("      {note}\n"));
    }
    text
}

/// A constraint or other attribute in words.
fn demand(name: &str, argument: &Json) -> String {
    let text = argument.as_str().unwrap_or_default();
    match name {
        "min" => format!("at least {argument}"),
        "max" => format!("at most {argument}"),
        "len" => format!("of length {argument}"),
        "min_len" => format!("of length {argument} or more"),
        "max_len" => format!("of length {argument} or less"),
        "pattern" => format!("like `{text}`"),
        "format" => format!("of the format `{text}`"),
        "unit" => format!("in {text}"),
        "secret" => "secret: it isn't shown when the call fails".to_string(),
        "deprecated" if text.is_empty() => "deprecated".to_string(),
        "deprecated" => format!("deprecated: {text}"),
        _ => written(name, argument),
    }
}

/// How a value is written on a command line.
enum Form<'a> {
    Word,
    Cases(&'a Named),
    Json,
}

fn form(ty: &Ty) -> Form<'_> {
    match ty {
        Ty::Option(inner) => form(inner),
        Ty::Enum(named) => Form::Cases(named),
        Ty::List(_)
        | Ty::FixedList(..)
        | Ty::Map(..)
        | Ty::Pairs(..)
        | Ty::Set(_)
        | Ty::Tuple(_)
        | Ty::Record(_)
        | Ty::Variant(_)
        | Ty::Result(..)
        | Ty::Flags(_) => Form::Json,
        _ => Form::Word,
    }
}
