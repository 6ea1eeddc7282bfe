//! The reference evaluator over typed HIR: the meaning of the language, and the engine of constants.
//!
//! It walks the typed tree of a body as it is and computes with plain values: no memory, no counts, no
//! optimisation. What it gives is what a program means; every other engine has to agree with it.
//!
//! What this layer must *not* know: syntax, names, how types were found; memory, WebAssembly, files, hosts.
//! A program comes in through [`Program`], so that a test can make one by hand.
//!
//! Rooms: [`value`] and [`map`] are what is computed with; [`structural`], [`number`], [`mod@show`], [`encoding`] and
//! [`float_text`] are the operations on values, [`constraint`] what is checked of arguments from outside, each with its
//! rules in its documentation; `own` calls what opaque types
//! define instead, `machine` holds the state and calls, `expr`, `each`, `place`, `pattern` and `intrinsic`
//! evaluate, `moves` spares copies, `call_graph` says which calls count for the depth.

mod call_graph;
pub mod components;
pub mod constraint;
mod each;
pub mod encoding;
mod expr;
pub mod failure;
pub mod float_text;
mod intrinsic;
mod machine;
pub mod map;
mod moves;
pub mod number;
mod own;
mod pattern;
mod place;
pub mod program;
mod queries;
pub mod replaced;
mod shape;
pub mod show;
pub mod structural;
pub mod value;

pub use failure::{Cause, Failure, Limit, Limits};
pub use program::Program;
pub use queries::Queries;
pub use show::{show, show_nested};
pub use value::Value;

use dot_db::Item;
use dot_types::Ty;
use dot_types::thir::{ExprId, TrapKind};
use machine::{Exit, Machine};
use std::sync::Arc;

/// Calls a function with arguments of its parameters' types.
///
/// # Errors
///
/// The trap or limit that ended the call.
pub fn call<'db>(
    program: &dyn Program<'db>,
    item: Item<'db>,
    type_args: &[Ty<'db>],
    args: Vec<Value<'db>>,
    limits: Limits,
) -> Result<Value<'db>, Failure<'db>> {
    call_inout(program, item, type_args, args, limits).map(|(value, _)| value)
}

/// Calls a dot as a caller outside of the component does: its arguments are checked first.
///
/// # Errors
///
/// The trap or limit that ended the call.
pub fn call_from_outside<'db>(
    program: &dyn Program<'db>,
    dot: Item<'db>,
    args: Vec<Value<'db>>,
    limits: Limits,
) -> Result<Value<'db>, Failure<'db>> {
    if let Some((param, message)) = constraint::broken(program, dot, &args) {
        let mut failure = Failure::new(Cause::Trap { kind: TrapKind::Constraint, message });
        failure.trace.push((dot, ExprId::of_param(param)));
        return Err(failure);
    }
    call(program, dot, &[], args, limits)
}

/// Calls a function; gives back, besides its value, the arguments, those of `inout` parameters as they are now.
///
/// # Errors
///
/// The trap or limit that ended the call.
pub fn call_inout<'db>(
    program: &dyn Program<'db>,
    item: Item<'db>,
    type_args: &[Ty<'db>],
    mut args: Vec<Value<'db>>,
    limits: Limits,
) -> Result<(Value<'db>, Vec<Value<'db>>), Failure<'db>> {
    let mut machine = Machine::new(program, limits);
    let target = machine.target(item, Arc::from(type_args));
    let value = machine.invoke(&target, &mut args).map_err(failure)?;
    Ok((value, args))
}

/// The value of a constant.
///
/// # Errors
///
/// The trap or limit that ended its evaluation.
pub fn eval_const<'db>(
    program: &dyn Program<'db>,
    item: Item<'db>,
    limits: Limits,
) -> Result<Value<'db>, Failure<'db>> {
    Machine::new(program, limits).constant(item).map_err(failure)
}

/// The default value of a parameter of a function, or of a field of a record, by index.
///
/// # Errors
///
/// The trap or limit that ended its evaluation.
pub fn eval_default<'db>(
    program: &dyn Program<'db>,
    item: Item<'db>,
    index: u32,
    limits: Limits,
) -> Result<Value<'db>, Failure<'db>> {
    Machine::new(program, limits).default_value(item, index).map_err(failure)
}

/// What a type is made of, as the structural encoding of `std/shape`'s `list<Node>`.
pub fn encoded_shape<'db>(program: &dyn Program<'db>, ty: Ty<'db>, limits: Limits) -> Vec<u8> {
    Machine::new(program, limits).shape(ty)
}

/// Runs a test: it passes when it ends.
///
/// # Errors
///
/// The trap or limit that ended it.
pub fn run_test<'db>(
    program: &dyn Program<'db>,
    item: Item<'db>,
    limits: Limits,
) -> Result<(), Failure<'db>> {
    call(program, item, &[], Vec::new(), limits).map(drop)
}

fn failure(exit: Exit<'_>) -> Failure<'_> {
    match exit {
        Exit::Fail(failure) => *failure,
        Exit::Break | Exit::Continue | Exit::Return(_) | Exit::Leave(_) => {
            Failure::new(Cause::Internal("a body was left by a jump".to_owned()))
        }
    }
}
