//! Two types that differ, shown by what differs.
//!
//! Of `map<string, list<u32>>` and `map<string, list<u64>>` only the ends need to be read: parts that are the same on
//! both sides become `_`.

use crate::table::{compose, decompose};
use crate::{Generic, Ty, TyKind, display_type};
use dot_db::Db;

/// Two types that are not the same, as a message shows them.
pub(crate) struct Difference {
    /// The expected one, without what both have.
    pub(crate) expected: String,
    /// The one that was found.
    pub(crate) found: String,
    /// The innermost types that differ, if that is in one place and not the whole.
    pub(crate) inner: Option<(String, String)>,
    /// Where each is declared, if they are of one name.
    pub(crate) homes: Option<(String, String)>,
}

/// Compares two types.
pub(crate) fn difference<'db>(
    db: &'db dyn Db,
    expected: Ty<'db>,
    found: Ty<'db>,
    generics: &[Generic],
) -> Difference {
    let show = |ty| format!("`{}`", display_type(db, ty, generics));
    let (short, short_found) = elide(db, expected, found);
    let (inner, inner_found) = innermost(db, expected, found);
    let homes = match (inner.kind(db), inner_found.kind(db)) {
        (TyKind::Adt(a, _) | TyKind::Handle(a), TyKind::Adt(b, _) | TyKind::Handle(b))
            if a != b && a.name(db) == b.name(db) =>
        {
            Some((a.module(db).path(db).to_string(), b.module(db).path(db).to_string()))
        }
        _ => None,
    };
    let inner = (inner != expected).then(|| (show(inner), show(inner_found)));
    Difference { expected: show(short), found: show(short_found), inner, homes }
}

/// The parts of two types of one constructor; none if they have different ones.
fn parts_of_both<'db>(db: &'db dyn Db, a: Ty<'db>, b: Ty<'db>) -> Option<(Vec<Ty<'db>>, Vec<Ty<'db>>)> {
    let ((con, parts), (other, others)) = (decompose(a.kind(db)), decompose(b.kind(db)));
    (con == other && parts.len() == others.len() && !parts.is_empty()).then_some((parts, others))
}

/// Both types with `_` where they agree.
fn elide<'db>(db: &'db dyn Db, a: Ty<'db>, b: Ty<'db>) -> (Ty<'db>, Ty<'db>) {
    if a == b {
        let same = Ty::new(db, TyKind::Error);
        return (same, same);
    }
    let Some((parts, others)) = parts_of_both(db, a, b) else { return (a, b) };
    let (parts, others): (Vec<_>, Vec<_>) =
        parts.into_iter().zip(others).map(|(a, b)| elide(db, a, b)).unzip();
    let whole = |ty: Ty<'db>, parts| Ty::new(db, compose(decompose(ty.kind(db)).0, parts));
    (whole(a, parts), whole(b, others))
}

/// The types that differ, as deep inside as there is only one place.
fn innermost<'db>(db: &'db dyn Db, a: Ty<'db>, b: Ty<'db>) -> (Ty<'db>, Ty<'db>) {
    let Some((parts, others)) = parts_of_both(db, a, b) else { return (a, b) };
    let mut different = parts.into_iter().zip(others).filter(|(a, b)| a != b);
    match (different.next(), different.next()) {
        (Some((a, b)), None) => innermost(db, a, b),
        _ => (a, b),
    }
}
