//! What the host reads when the program has trapped, so that it has to be computed and lie in locals: a computed
//! message, and in code that keeps them all values.

use super::{Func, Op, Reg, TrapId};

/// The registers that the host reads when the trap has happened.
pub fn told_by<'f>(func: &'f Func<'_>, trap: TrapId) -> impl Iterator<Item = Reg> + 'f {
    let values = func.traps[trap.0 as usize].values.iter();
    let kept = values.filter(|value| value.length.is_some() || func.keeps_values);
    kept.flat_map(|value| [Some(value.reg), value.length]).flatten()
}

/// The registers that the host reads when this instruction has trapped.
pub fn told_at<'f>(func: &'f Func<'_>, op: &Op<'_>) -> impl Iterator<Item = Reg> + 'f {
    let trap = match op {
        Op::TrapIf(trap) | Op::Num(_, Some(trap)) => Some(*trap),
        _ => None,
    };
    trap.into_iter().flat_map(|trap| told_by(func, trap))
}
