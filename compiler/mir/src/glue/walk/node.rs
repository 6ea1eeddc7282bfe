//! What there is inside a value, and which types contain each other.

use crate::glue::map_args;
use crate::program::Program;
use crate::repr::{DEEPEST, Shape, lower_ty, nesting, shape};
use dot_types::{Ty, TyKind, own};
use rustc_hash::FxHashSet;

/// A type, and what its values stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::glue) struct Node<'db> {
    pub(in crate::glue) ty: Ty<'db>,
    pub(in crate::glue) role: Role,
}

/// What a value stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::glue) enum Role {
    /// Itself.
    Plain,
    /// The list of a map's entries.
    Entries,
    /// One of them, a tuple of key and value.
    Entry,
    /// The list of a set's entries, for operations that see a set as a sequence.
    Elements,
    /// One of them, a tuple of the element and unit.
    Element,
}

/// What there is inside a value.
pub(in crate::glue) enum Inside<'db> {
    /// Nothing, or what the operation handles itself: numbers, strings.
    Whole,
    /// A map's entries as a list, made by std.
    Map(Node<'db>),
    /// A set's.
    Set(Node<'db>),
    /// The elements of a list.
    List(Node<'db>),
    /// The parts of a record or tuple.
    Record(Vec<Node<'db>>),
    /// The parts of each case.
    Variant(Vec<Vec<Node<'db>>>),
}

/// What an operation sees of values.
#[derive(Clone, Copy)]
pub(in crate::glue) struct Sight {
    /// Whether a set is a sequence.
    pub(in crate::glue) sets: bool,
    /// What is done. Types that do it themselves are whole.
    pub(in crate::glue) operation: own::Operation,
}

/// What there is inside the values of a node.
pub(in crate::glue) fn inside<'db>(program: &dyn Program<'db>, node: Node<'db>, sight: Sight) -> Inside<'db> {
    let db = program.db();
    if own::own_operation(db, node.ty, sight.operation).is_some() {
        return Inside::Whole;
    }
    let plain = |ty: &Ty<'db>| Node { ty: lower_ty(program, *ty), role: Role::Plain };
    let plains = |tys: &[Ty<'db>]| tys.iter().map(plain).collect::<Vec<_>>();
    let entries = |args: Vec<Ty<'db>>, role| {
        let entry = Ty::new(db, TyKind::Tuple(args));
        Node { ty: Ty::new(db, TyKind::List(entry)), role }
    };
    if let Some(args) = map_args(program, node.ty) {
        return Inside::Map(entries(args, Role::Entries));
    }
    match (node.ty.kind(db), shape(program, node.ty)) {
        (TyKind::List(item) | TyKind::FixedList(item, _), _) => {
            let role = match node.role {
                Role::Entries => Role::Entry,
                Role::Elements => Role::Element,
                _ => Role::Plain,
            };
            Inside::List(Node { ty: lower_ty(program, *item), role })
        }
        (TyKind::Adt(item, _), Shape::Record(parts))
            if sight.sets && program.std_item("map_impl", "HashSet") == Some(*item) =>
        {
            let map = parts.first().and_then(|map| map_args(program, lower_ty(program, *map)));
            map.map_or(Inside::Whole, |args| Inside::Set(entries(args, Role::Elements)))
        }
        (_, Shape::Record(parts)) if node.role == Role::Element => {
            Inside::Record(plains(parts.get(..1).unwrap_or_default()))
        }
        (_, Shape::Record(parts)) => Inside::Record(plains(&parts)),
        (_, Shape::Variant(cases)) => Inside::Variant(cases.iter().map(|case| plains(case)).collect()),
        _ => Inside::Whole,
    }
}

/// The nodes directly inside a node.
pub(super) fn children<'db>(program: &dyn Program<'db>, node: Node<'db>, sight: Sight) -> Vec<Node<'db>> {
    match inside(program, node, sight) {
        Inside::Whole => Vec::new(),
        Inside::Map(inner) | Inside::Set(inner) | Inside::List(inner) => vec![inner],
        Inside::Record(parts) => parts,
        Inside::Variant(cases) => cases.into_iter().flatten().collect(),
    }
}

/// Gives the nodes directly inside a node.
type Step<'s, 'db> = &'s dyn Fn(Node<'db>) -> Vec<Node<'db>>;

/// All nodes that are reached from one, in the order they are met; itself only if it is inside itself.
fn reached<'db>(program: &dyn Program<'db>, from: Node<'db>, step: Step<'_, 'db>) -> Vec<Node<'db>> {
    let mut seen = FxHashSet::default();
    let mut order = Vec::new();
    let mut todo = vec![from];
    while let Some(node) = todo.pop() {
        for child in step(node) {
            if nesting(program, child.ty) <= DEEPEST && seen.insert(child) {
                order.push(child);
                todo.push(child);
            }
        }
    }
    order
}

/// The nodes that contain a node and are contained in it: none unless it contains itself.
pub(in crate::glue) fn cycle<'db>(
    program: &dyn Program<'db>,
    of: Node<'db>,
    step: Step<'_, 'db>,
) -> Vec<Node<'db>> {
    let inner = reached(program, of, step);
    if !inner.contains(&of) {
        return Vec::new();
    }
    inner.into_iter().filter(|node| reached(program, *node, step).contains(&of)).collect()
}

/// Whether values of a type nest without bound, by what they are made of.
pub(crate) fn nests<'db>(program: &dyn Program<'db>, ty: Ty<'db>) -> bool {
    let node = Node { ty, role: Role::Plain };
    // Which no type does by itself.
    let sight = Sight { sets: false, operation: own::Operation::Encode };
    reached(program, node, &|node| children(program, node, sight)).contains(&node)
}
