//! What a function of WIT asks of the target beyond what all targets have.

use super::content::{Content, parts};
use rustc_hash::FxHashSet;
use wit_parser::{Function, Resolve, Type, TypeDefKind, TypeId};

/// `map<K, V>` crosses as such.
pub const MAPS: &str = "maps";
/// `list<T, N>` crosses as such.
pub const FIXED_LISTS: &str = "fixed-length-lists";
/// `error-context`, which Dot has no type for.
pub const ERROR_CONTEXT: &str = "error-context";
/// An interface under a name that a world gives it.
pub const IMPLEMENTS: &str = "implements";

/// The features that a function needs, in alphabetical order.
pub(super) fn needs_of(resolve: &Resolve, function: &Function, is_renamed: bool) -> Vec<&'static str> {
    let (mut needs, mut seen) = (Vec::new(), FxHashSet::default());
    for ty in function.params.iter().map(|param| &param.ty).chain(&function.result) {
        note(resolve, ty, &mut seen, &mut needs);
    }
    if is_renamed {
        needs.push(IMPLEMENTS);
    }
    needs.sort_unstable();
    needs.dedup();
    needs
}

/// The features that the whole of an interface needs, in alphabetical order.
pub(super) fn needs_of_all(resolve: &Resolve, content: &Content<'_>) -> Vec<&'static str> {
    let (mut needs, mut seen) = (Vec::new(), FxHashSet::default());
    content.types.iter().for_each(|(_, id)| note(resolve, &Type::Id(*id), &mut seen, &mut needs));
    let functions = content.functions.iter();
    needs.extend(functions.flat_map(|function| needs_of(resolve, function, content.is_renamed)));
    if content.is_renamed {
        needs.push(IMPLEMENTS);
    }
    needs.sort_unstable();
    needs.dedup();
    needs
}

/// A type that stands in many places is looked at once.
fn note(resolve: &Resolve, ty: &Type, seen: &mut FxHashSet<TypeId>, needs: &mut Vec<&'static str>) {
    let id = match ty {
        Type::ErrorContext => return needs.push(ERROR_CONTEXT),
        Type::Id(id) if seen.insert(*id) => id,
        _ => return,
    };
    match &resolve.types[*id].kind {
        TypeDefKind::Map(..) => needs.push(MAPS),
        TypeDefKind::FixedLengthList(..) => needs.push(FIXED_LISTS),
        _ => {}
    }
    parts(&resolve.types[*id].kind).for_each(|part| note(resolve, part, seen, needs));
}
