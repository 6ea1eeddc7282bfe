//! The names of members in JSON.

use dot_db::{Db, Item};
use dot_hir::attribute::{Attribute, string_argument};
use dot_hir::item_signature;
use dot_hir::signature::RecordMember;

/// The name of a field, case or flag in JSON: what `@json` says, else its name in Dot.
#[must_use]
pub fn json_member(db: &dyn Db, item: Item<'_>, index: usize, name: &str) -> String {
    let said = string_argument(member_attributes(db, item, index), "json");
    said.map_or_else(|| name.to_owned(), ToString::to_string)
}

/// The attributes of a field, case or flag of a type, by index.
#[must_use]
pub fn member_attributes<'db>(db: &'db dyn Db, item: Item<'db>, index: usize) -> &'db [Attribute] {
    let field = crate::field_declaration(db, item, index).and_then(|(item, member)| {
        match item_signature(db, item).members().get(member) {
            Some(RecordMember::Field(field)) => Some(field.attributes.as_slice()),
            _ => None,
        }
    });
    let case = || item_signature(db, item).cases().get(index).map(|case| case.attributes.as_slice());
    field.or_else(case).unwrap_or_default()
}
