//! Semantic tokens: what each name of a file is, for its colour.

use crate::names::{Target, occurrences};
use dot_db::{Db, Item, Origin, SourceFile, module_of_file};
use dot_diagnostics::TextRange;
use dot_hir::{item_signature, signature_source_map};
use dot_syntax::ItemKind;

/// What a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A module or interface.
    Module,
    /// A type.
    Type,
    /// A type parameter.
    TypeParameter,
    /// A parameter.
    Parameter,
    /// A variable.
    Variable,
    /// A field, or a labelled part of a case.
    Field,
    /// A case or flag.
    Case,
    /// A constant.
    Constant,
    /// A function.
    Function,
    /// A function that is found through a type.
    Method,
}

/// A name with its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SemanticToken {
    /// Where it stands.
    pub range: TextRange,
    /// What it is.
    pub kind: TokenKind,
    /// Whether it is declared there.
    pub is_declaration: bool,
    /// Whether the standard library declares it, or the language has it.
    pub is_std: bool,
}

/// The names of a file that mean something, in the order of the text; none overlaps another.
#[must_use]
pub fn semantic_tokens(db: &dyn Db, file: SourceFile) -> Vec<SemanticToken> {
    let Some(module) = module_of_file(db, file) else { return Vec::new() };
    let mut found: Vec<SemanticToken> = Vec::new();
    for item in dot_hir::items_of(db, module) {
        for occurrence in occurrences(db, *item) {
            let range = occurrence.range.shifted(item.offset(db));
            if found.last().is_some_and(|last| range.start < last.range.end) {
                continue;
            }
            found.push(SemanticToken {
                range,
                kind: kind_of(db, &occurrence.target),
                is_declaration: occurrence.is_declaration,
                is_std: is_std(db, &occurrence.target),
            });
        }
    }
    found
}

fn kind_of<'db>(db: &'db dyn Db, target: &Target<'db>) -> TokenKind {
    match target {
        Target::Module(_) => TokenKind::Module,
        Target::Builtin(_) => TokenKind::Type,
        Target::Generic(..) => TokenKind::TypeParameter,
        Target::Field(..) | Target::Part(..) => TokenKind::Field,
        Target::Case(..) => TokenKind::Case,
        Target::Local(item, place) => {
            let map = signature_source_map(db, *item);
            let params = item_signature(db, *item).params();
            let is_param = params.iter().any(|param| map.name(param.name.id) == *place);
            if is_param { TokenKind::Parameter } else { TokenKind::Variable }
        }
        Target::Item(item) => match item.kind(db) {
            ItemKind::Fn | ItemKind::Dot if is_member(db, *item) => TokenKind::Method,
            ItemKind::Fn | ItemKind::Dot => TokenKind::Function,
            ItemKind::Const => TokenKind::Constant,
            ItemKind::Use | ItemKind::Export => TokenKind::Module,
            _ => TokenKind::Type,
        },
    }
}

fn is_member(db: &dyn Db, item: Item<'_>) -> bool {
    !item.owner(db).is_empty() || dot_hir::item_header(db, item).is_method
}

fn is_std<'db>(db: &'db dyn Db, target: &Target<'db>) -> bool {
    let module = match target {
        Target::Builtin(_) => return true,
        Target::Module(module) => *module,
        Target::Item(item)
        | Target::Generic(item, _)
        | Target::Local(item, _)
        | Target::Field(item, _)
        | Target::Case(item, _)
        | Target::Part(item, ..) => item.module(db),
    };
    module.package(db).origin(db) == Origin::Std
}
