//! Which parameters a function can borrow.
//!
//! A parameter that the body only looks at is better borrowed: the caller needn't dup it, and nobody counts at all.
//! One that the body keeps, gives away, returns, or takes apart for its parts or its memory is better owned. Ullrich
//! and de Moura ("Counting Immutable Beans", IFL 2019) infer this per group of functions that call each other, from
//! the assumption that everything is borrowed; [`crate::queries::passing`] does the same by a fixpoint. What a loop
//! carries from turn to turn is borrowed along ([`super::lent`]), and parts of a list or string are views of it
//! ([`super::views`]).

use super::Env;
use super::edges::split_edges;
use super::liveness::owners_if_passed;
use super::unpack::{counted_ty, wanted};
use super::uses::Uses;
use super::views::{takes_parts, use_views};
use crate::cfg::Cfg;
use crate::glue::glue_passing;
use crate::ir::{Function, InstanceKind, Passing, Value};
use dot_syntax::ItemKind;

/// How the parameters of an uncounted function should be passed.
pub(crate) fn infer_passing<'db>(function: &Function<'db>, env: &Env<'_, 'db>) -> Vec<Passing> {
    let db = env.program.db();
    match function.instance.kind(db) {
        // Others call these, by rules they know without looking.
        InstanceKind::Closure(..)
        | InstanceKind::ClosureIn(..)
        | InstanceKind::Const(_)
        | InstanceKind::Entry(_) => {
            return function.params.clone();
        }
        InstanceKind::Item(item) if item.kind(db) == ItemKind::Dot => return function.params.clone(),
        InstanceKind::Item(_)
        | InstanceKind::ItemIn(..)
        | InstanceKind::Copy(..)
        | InstanceKind::Visitor(_) => {}
        kind => return glue_passing(kind).unwrap_or_else(|| function.params.clone()),
    }
    let viewed = takes_parts(function).then(|| {
        let mut function = function.clone();
        function.params = all_that_can(&function, env);
        split_edges(&mut function);
        use_views(&mut function, env);
        function
    });
    let function = viewed.as_ref().unwrap_or(function);
    let cfg = Cfg::new(function);
    let uses = Uses::new(function, env);
    let entry = function.blocks.first().map(|block| block.params.as_slice()).unwrap_or_default();
    let mut passing = all_that_can(function, env);
    // One that is owned after all may flow into a loop that others then don't lend to.
    loop {
        let owners = owners_if_passed(function, &passing, env);
        let wanted = wanted(function, env, &uses, &cfg, &owners);
        let before = passing.clone();
        for (param, passing) in entry.iter().zip(&mut passing) {
            if wanted[param.0 as usize] {
                *passing = Passing::Owned;
            }
        }
        if passing == before {
            return passing;
        }
    }
}

/// Every parameter that can be borrowed is.
fn all_that_can<'db>(function: &Function<'db>, env: &Env<'_, 'db>) -> Vec<Passing> {
    let entry = function.blocks.first().map(|block| block.params.as_slice()).unwrap_or_default();
    let passing = |param: &Value| match counted_ty(function, env, *param) {
        Some(ty) if !env.program.has_handles(ty) => Passing::Borrowed,
        _ => Passing::Owned,
    };
    entry.iter().map(passing).collect()
}
