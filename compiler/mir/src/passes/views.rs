//! Parts of lists and strings that are looked at where they are, instead of being copied.
//!
//! A slice, the rest of a list pattern, and what a hole of a string pattern takes are lowered to operations that copy.
//! Where nobody needs the copy for himself, the part becomes an [`Op::View`]: an address in the whole and a length,
//! borrowed from it as an element is. What only looks at lists takes a view as it takes a list, calls of functions
//! that borrow included, so this recursion copies nothing, and counts nothing:
//!
//! ```text
//! fn sum(xs) { match xs { [] => 0, [x, ..rest] => x + sum(rest) } }
//! ```
//!
//! A view can't be owned, since its memory is somebody else's. It is copied where it would have to be: where it is
//! stored, returned, captured, or given to one who keeps it. A view is never a block's parameter, either. A variable
//! that goes through a list part by part,
//!
//! ```text
//! var rest = xs
//! while rest is [x, ..tail] { …; rest = tail }
//! ```
//!
//! is `xs` or a part of it all the time. So the loop carries the bounds of that part, two numbers, and what was the
//! parameter is made of them again at the loop's head, as a view of `xs`. Where `rest` is kept behind the loop, an
//! [`Op::Cut`] makes it a value of its own, which is `xs` itself if nothing was cut off.
//!
//! [`plan`] finds out what can be a view, [`mod@apply`] rewrites the function. Afterwards views are projections like any
//! others, and the counts keep alive what they are views of.

mod apply;
mod plan;

use super::Env;
use super::bitset::BitSet;
use super::counts::endangered;
use crate::glue::{glue_passing, nests};
use crate::ir::{Function, Instance, InstanceKind, Op, Value, ValueTy};
use crate::program::Program;
use apply::apply;
use dot_types::{Intrinsic, Ty, TyKind};
use plan::Plan;

/// Turns parts into views where that saves the copy. The edges have been split; the function isn't counted yet.
/// O(instructions × parameters of blocks that hold parts of lists).
pub(crate) fn use_views<'db>(function: &mut Function<'db>, env: &Env<'_, 'db>) {
    if !takes_parts(function) {
        return;
    }
    let mut barred = BitSet::new(function.values.len());
    loop {
        let plan = Plan::new(function, env, &mut barred);
        if plan.is_empty() {
            return;
        }
        let mut rewritten = function.clone();
        apply(&mut rewritten, env, &plan);
        // Behind what takes the whole away a part has to be a copy. For a slice that is made where it is taken; a
        // parameter would be copied in every turn of its loop.
        let copied: Vec<Value> = endangered(&rewritten, env)
            .iter()
            .map(Value)
            .filter(|value| plan.is_param(function, *value))
            .collect();
        if copied.is_empty() {
            *function = rewritten;
            return;
        }
        copied.iter().for_each(|value| {
            barred.insert(value.0);
        });
    }
}

/// Whether a function takes any part of a list or string.
pub(crate) fn takes_parts(function: &Function<'_>) -> bool {
    function.blocks.iter().flat_map(|block| &block.insts).any(|inst| part_of(&inst.op).is_some())
}

/// The list or string that an operation copies a part of, and the bounds.
fn part_of(op: &Op<'_>) -> Option<(Value, Value, Value)> {
    match op {
        Op::Intrinsic(Intrinsic::ListSlice | Intrinsic::StringByteSlice, args) => match args.as_slice() {
            [base, start, end] => Some((*base, *start, *end)),
            _ => None,
        },
        _ => None,
    }
}

/// The operation that copies a part of a list or string of this type.
pub(super) fn copy_of<'db>(
    program: &dyn Program<'db>,
    ty: ValueTy<'db>,
    (base, start, end): (Value, Value, Value),
) -> Op<'db> {
    let op = if is_text(program, ty) { Intrinsic::StringByteSlice } else { Intrinsic::ListSlice };
    Op::Intrinsic(op, vec![base, start, end])
}

fn is_text<'db>(program: &dyn Program<'db>, ty: ValueTy<'db>) -> bool {
    matches!(ty, ValueTy::Data(ty) if *ty.kind(program.db()) == TyKind::String)
}

/// Whether values of a type can be views.
pub(crate) fn is_sequence<'db>(program: &dyn Program<'db>, ty: ValueTy<'db>) -> bool {
    let ValueTy::Data(ty) = ty else { return false };
    matches!(ty.kind(program.db()), TyKind::String | TyKind::List(_))
}

/// Whether glue becomes an owner of the lists that it borrows: it saves those that it comes back to.
pub(crate) fn keeps_lists<'db>(program: &dyn Program<'db>, instance: Instance<'db>) -> bool {
    let db = program.db();
    let of_nesting = |ty: &Ty<'db>| nests(program, *ty);
    match instance.kind(db) {
        InstanceKind::DupGlue => true,
        kind => glue_passing(kind).is_some() && instance.type_args(db).first().is_some_and(of_nesting),
    }
}
