//! Rename: a new name wherever the old one means the same.

use crate::names::{Target, declaration_of, everywhere, name_at, name_of, targets_at};
use dot_db::{Db, Origin, SourceFile};
use dot_diagnostics::TextRange;
use dot_format::TextEdit;
use dot_hir::NameCase;
use std::collections::BTreeMap;

/// What a rename changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renaming {
    /// The edits of each file, in the order of the text.
    pub edits: Vec<(SourceFile, Vec<TextEdit>)>,
}

/// What would be renamed at an offset: the place of the name, and the name. An error says why nothing can be.
///
/// # Errors
///
/// When there is no name, or what it names isn't the user's.
pub fn prepare_rename(db: &dyn Db, file: SourceFile, offset: u32) -> Result<(TextRange, String), String> {
    let (item, found) = name_at(db, file, offset).ok_or("there is no name here")?;
    let what = name_of(db, &found.target);
    check_own(db, &found.target)?;
    let written = found.range.slice(item.text(db)).trim_matches('`');
    if written != what {
        return Err(format!("`{written}` is another name for `{what}` here; rename it where it is given"));
    }
    Ok((found.range.shifted(item.offset(db)), what.to_string()))
}

/// The edits that give what is named at an offset another name.
///
/// # Errors
///
/// As [`prepare_rename`], and when the new name can't be a name of this kind.
pub fn rename(db: &dyn Db, file: SourceFile, offset: u32, new: &str) -> Result<Renaming, String> {
    let (_, old) = prepare_rename(db, file, offset)?;
    let cases = [NameCase::Snake, NameCase::Pascal, NameCase::Screaming];
    let case = cases.into_iter().find(|case| case.fits(&old));
    let is_name = new.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && new.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !is_name || case.is_some_and(|case| !case.fits(new)) {
        return Err(format!("`{new}` can't be a name for what `{old}` is"));
    }
    let written = if is_keyword(new) { format!("`{new}`") } else { new.to_owned() };
    let target = targets_at(db, file, offset).into_iter().next().ok_or("there is no name here")?;
    let mut edits: BTreeMap<String, (SourceFile, Vec<TextEdit>)> = BTreeMap::new();
    for (item, occurrence) in everywhere(db, &target) {
        let Some(file) = item.module(db).file(db) else { continue };
        if occurrence.range.slice(item.text(db)).trim_matches('`') != old {
            continue;
        }
        // What stands for two things at once is written out.
        let replacement = match (&target, occurrence.is_shorthand) {
            (_, false) => written.clone(),
            (Target::Field(..), true) => format!("{written}: {old}"),
            (_, true) => format!("{old}: {written}"),
        };
        let range = occurrence.range.shifted(item.offset(db));
        let entry = edits.entry(file.path(db).to_string()).or_insert_with(|| (file, Vec::new()));
        entry.1.push(TextEdit { range, replacement });
    }
    let mut edits: Vec<(SourceFile, Vec<TextEdit>)> = edits.into_values().collect();
    for (_, edits) in &mut edits {
        edits.sort_by_key(|edit| edit.range);
        edits.dedup();
    }
    Ok(Renaming { edits })
}

/// Only what the project's own packages declare can be renamed.
fn check_own<'db>(db: &'db dyn Db, target: &Target<'db>) -> Result<(), String> {
    let item = match target {
        Target::Builtin(name) => return Err(format!("`{name}` is built in")),
        Target::Module(_) => return Err("a module is renamed with its file".to_owned()),
        Target::Item(item)
        | Target::Generic(item, _)
        | Target::Local(item, _)
        | Target::Field(item, _)
        | Target::Case(item, _)
        | Target::Part(item, ..) => *item,
    };
    let name = name_of(db, target);
    if name == "self" {
        return Err("`self` makes a method of a function".to_owned());
    }
    let is_own =
        item.module(db).package(db).origin(db) == Origin::User && declaration_of(db, target).is_some();
    if is_own { Ok(()) } else { Err(format!("`{name}` is not declared in this project")) }
}

fn is_keyword(name: &str) -> bool {
    let lexed = dot_syntax::lexer::lex(name);
    lexed.lexemes.first().is_some_and(|lexeme| lexeme.kind.is_reserved())
}
