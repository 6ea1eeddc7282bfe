//! Hover: what is under the cursor, its type, and its documentation.
//!
//! Bodies with mistakes are typed too, as far as it goes, so a hover works while someone types. A name is told by what it
//! means; anything else by the type of the narrowest expression around it. White space and comments tell nothing.
//!
//! | file | what it finds |
//! |---|---|
//! | `declaration` | names in an item's head: its own, parameters, fields, cases, types, what a `use` imports |
//! | `body` | names and expressions in code |
//! | `pattern` | names and types in patterns |
//! | `describe` | the words for what was found |

mod body;
mod declaration;
mod describe;
mod pattern;

use crate::names::item_at;
use crate::view::views;
use dot_db::{Db, Item, SourceFile};
use dot_diagnostics::TextRange;
use dot_syntax::lexer::{Kind, lex};

pub(crate) use describe::{generics_of, param_texts as params_of, signature_text as signature_of};

/// What is shown about a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// What it is about.
    pub range: TextRange,
    /// What is said, in Markdown.
    pub markdown: String,
}

/// What is known about the byte at `offset` of `file`. A cursor directly behind a name is taken to be on it.
#[must_use]
pub fn hover(db: &dyn Db, file: SourceFile, offset: u32) -> Option<Hover> {
    let item = item_at(db, file, offset)?;
    let start = item.offset(db);
    let hover = hover_item(db, item, offset - start)?;
    Some(Hover { range: hover.range.shifted(start), ..hover })
}

/// Here offsets and ranges count from the item's start.
fn hover_item<'db>(db: &'db dyn Db, item: Item<'db>, offset: u32) -> Option<Hover> {
    // Of `a.b`, a cursor between `.` and `b` is on `b`; one between `a` and `.` is on `a`.
    for holds in [contains, TextRange::touches] {
        if let Some(hover) = declaration::hover_name(db, item, offset, holds) {
            return Some(hover);
        }
        for view in views(db, item) {
            if let Some(hover) = view.hover_name(offset, holds) {
                return Some(hover);
            }
        }
    }
    let lexemes = lex(item.text(db)).lexemes;
    let lexeme = lexemes.iter().find(|lexeme| contains(lexeme.range, offset))?;
    if matches!(lexeme.kind, Kind::Doc | Kind::ModuleDoc) {
        return None;
    }
    views(db, item).iter().find_map(|view| view.hover_expr(offset))
}

/// Whether the byte at `offset` is in the range.
fn contains(range: TextRange, offset: u32) -> bool {
    range.start <= offset && offset < range.end
}
