//! What a type's values are made of, as far as ownership cares.
//!
//! Three questions decide everything:
//!
//! * [`shape`]: which parts a value has, after substitution of type arguments.
//! * [`is_boxed`](crate::queries::is_boxed): whether a value is a cell of its own. A record or variant is boxed exactly when it can contain
//!   itself without passing through a list, a map or a function, since those are memory of their own already.
//!   `variant Tree { Leaf, Node(left: Tree, right: Tree) }` is; `record Node { kids: list<Node> }` is not.
//! * [`has_counts`](crate::queries::has_counts): whether a value owns anything, counted memory or a handle, so that copying or dropping one is
//!   work. A `tuple<u32, bool>` doesn't.
//!
//! In MIR there are no maps and sets: [`lower_ty`] puts std's records in their place.

use crate::program::Program;
use dot_types::{AdtShape, FnParam, Ty, TyKind};
use rustc_hash::FxHashSet;

/// Types that nest deeper than this exist only in programs that are refused (see [`mod@crate::instances`]); about
/// them any answer will do, as long as there is one.
pub(crate) const DEEPEST: usize = 64;

/// The parts of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape<'db> {
    /// No parts, nothing owned: numbers, bools, chars, flags, enums.
    Scalar,
    /// One piece of counted memory: strings, lists, fixed-length lists, function values.
    Counted,
    /// A handle to a resource.
    Handle,
    /// The parts of a record or tuple.
    Record(Vec<Ty<'db>>),
    /// The parts of each case of a variant, option or result.
    Variant(Vec<Vec<Ty<'db>>>),
}

/// The parts of a value of a type.
#[must_use]
pub fn shape<'db>(program: &dyn Program<'db>, ty: Ty<'db>) -> Shape<'db> {
    let db = program.db();
    match ty.kind(db) {
        TyKind::Bool | TyKind::Int(_) | TyKind::Float(_) | TyKind::Char => Shape::Scalar,
        TyKind::String | TyKind::List(_) | TyKind::FixedList(..) | TyKind::Fn(..) => Shape::Counted,
        TyKind::Tuple(parts) => Shape::Record(parts.clone()),
        TyKind::Option(item) => Shape::Variant(vec![Vec::new(), vec![*item]]),
        TyKind::Result(ok, err) => Shape::Variant(vec![vec![*ok], vec![*err]]),
        TyKind::Map(..) | TyKind::Set(_) => match lower_ty(program, ty) {
            lowered if lowered == ty => Shape::Counted,
            lowered => shape(program, lowered),
        },
        TyKind::Handle(_) | TyKind::Stream(_) | TyKind::Future(_) => Shape::Handle,
        TyKind::Adt(item, args) => match program.adt(*item).map(|adt| &adt.shape) {
            Some(AdtShape::Record(fields) | AdtShape::Resource(fields)) => {
                Shape::Record(fields.iter().map(|f| f.ty.substitute(db, args)).collect())
            }
            Some(AdtShape::Variant(cases)) if cases.iter().all(|case| case.parts.is_empty()) => Shape::Scalar,
            Some(AdtShape::Variant(cases)) => Shape::Variant(
                cases
                    .iter()
                    .map(|case| case.parts.iter().map(|part| part.ty.substitute(db, args)).collect())
                    .collect(),
            ),
            Some(AdtShape::Flags(_)) | None => Shape::Scalar,
        },
        TyKind::Param(_) | TyKind::Never | TyKind::Error => Shape::Scalar,
    }
}

/// The type of the values that stand for values of `ty` below the evaluator: `map<K, V>` is std's
/// `HashMap<K, V>`, `set<T>` its `HashSet<T>`, wherever they stand in the type.
#[must_use]
pub fn lower_ty<'db>(program: &dyn Program<'db>, ty: Ty<'db>) -> Ty<'db> {
    let db = program.db();
    let one = |ty: &Ty<'db>| lower_ty(program, *ty);
    let many = |tys: &[Ty<'db>]| tys.iter().map(one).collect::<Vec<_>>();
    let std_record = |name: &str, args: Vec<Ty<'db>>| {
        program.std_item("map_impl", name).map(|item| TyKind::Adt(item, args))
    };
    let kind = match ty.kind(db) {
        TyKind::Map(key, value) => match std_record("HashMap", vec![one(key), one(value)]) {
            Some(kind) => kind,
            None => return ty,
        },
        TyKind::Set(item) => match std_record("HashSet", vec![one(item)]) {
            Some(kind) => kind,
            None => return ty,
        },
        TyKind::Tuple(parts) => TyKind::Tuple(many(parts)),
        TyKind::List(item) => TyKind::List(one(item)),
        TyKind::FixedList(item, len) => TyKind::FixedList(one(item), *len),
        TyKind::Option(item) => TyKind::Option(one(item)),
        TyKind::Result(ok, err) => TyKind::Result(one(ok), one(err)),
        TyKind::Adt(item, args) => TyKind::Adt(*item, many(args)),
        TyKind::Fn(params, ret) => {
            let params = params.iter().map(|p| FnParam { mode: p.mode, ty: one(&p.ty) }).collect();
            TyKind::Fn(params, one(ret))
        }
        TyKind::Stream(item) => TyKind::Stream(one(item)),
        TyKind::Future(item) => TyKind::Future(one(item)),
        _ => return ty,
    };
    Ty::new(db, kind)
}

/// How deep a type nests: `u32` is 1, `list<option<u32>>` is 3.
#[must_use]
pub fn nesting<'db>(program: &dyn Program<'db>, ty: Ty<'db>) -> usize {
    let deepest =
        |tys: &mut dyn Iterator<Item = Ty<'db>>| tys.map(|ty| nesting(program, ty)).max().unwrap_or(0);
    1 + match ty.kind(program.db()) {
        TyKind::Tuple(parts) | TyKind::Adt(_, parts) => deepest(&mut parts.iter().copied()),
        TyKind::List(item)
        | TyKind::FixedList(item, _)
        | TyKind::Option(item)
        | TyKind::Set(item)
        | TyKind::Stream(item)
        | TyKind::Future(item) => nesting(program, *item),
        TyKind::Result(a, b) | TyKind::Map(a, b) => deepest(&mut [*a, *b].into_iter()),
        TyKind::Fn(params, ret) => deepest(&mut params.iter().map(|p| p.ty).chain(std::iter::once(*ret))),
        _ => 0,
    }
}

/// The types that a value's memory holds directly.
fn parts<'db>(program: &dyn Program<'db>, ty: Ty<'db>) -> Vec<Ty<'db>> {
    match shape(program, ty) {
        Shape::Record(parts) => parts,
        Shape::Variant(cases) => cases.into_iter().flatten().collect(),
        Shape::Scalar | Shape::Counted | Shape::Handle => Vec::new(),
    }
}

/// Visits the type and all that is reached from it by `step`, each once, until `found` says yes.
fn any_part<'db>(
    program: &dyn Program<'db>,
    starts: Vec<Ty<'db>>,
    step: fn(&dyn Program<'db>, Ty<'db>) -> Vec<Ty<'db>>,
    found: &mut dyn FnMut(Ty<'db>) -> bool,
) -> bool {
    let mut seen = FxHashSet::default();
    let mut todo = starts;
    while let Some(ty) = todo.pop() {
        if found(ty) {
            return true;
        }
        if seen.insert(ty) && nesting(program, ty) <= DEEPEST {
            todo.extend(step(program, ty));
        }
    }
    false
}

/// Computes [`is_boxed`](crate::queries::is_boxed).
pub(crate) fn compute_is_boxed<'db>(program: &dyn Program<'db>, ty: Ty<'db>) -> bool {
    let TyKind::Adt(..) = ty.kind(program.db()) else { return false };
    // A type whose arguments grow at every step never meets itself; it is found by its depth.
    let again = &mut |part| part == ty || nesting(program, part) > DEEPEST;
    any_part(program, parts(program, ty), parts, again)
}

/// Computes [`has_counts`](crate::queries::has_counts).
pub(crate) fn compute_has_counts<'db>(program: &dyn Program<'db>, ty: Ty<'db>) -> bool {
    any_part(program, vec![ty], parts, &mut |part| {
        matches!(shape(program, part), Shape::Counted | Shape::Handle) || program.is_boxed(part)
    })
}

/// Computes [`has_handles`](crate::queries::has_handles).
pub(crate) fn compute_has_handles<'db>(program: &dyn Program<'db>, ty: Ty<'db>) -> bool {
    let parts_and_elements = |program: &dyn Program<'db>, ty: Ty<'db>| match ty.kind(program.db()) {
        TyKind::List(item) | TyKind::FixedList(item, _) => vec![*item],
        _ => parts(program, ty),
    };
    any_part(program, vec![ty], parts_and_elements, &mut |part| shape(program, part) == Shape::Handle)
}
