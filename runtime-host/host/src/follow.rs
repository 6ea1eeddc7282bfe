//! Which `unreachable` a trap that was reported at a branch comes from.
//!
//! wasmtime reports the place of the machine instruction that trapped, and its compiler merges a block that
//! only traps into the branch that leads there: for
//!
//! ```wat
//! local.get 0
//! if            ;; reported
//!   unreachable ;; meant
//! end
//! ```
//!
//! the report names the `if`. The same happens behind a `br_if`, and behind the check for time that an engine
//! adds to the start of functions and loops, whose place is that of the instruction before. So from the reported
//! instruction this module follows the ways that lead to an `unreachable` with nothing in between that does
//! something.

use wasmparser::{BinaryReader, FunctionBody, Operator};

/// What matters of an instruction here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    If,
    Else,
    /// `block` or `loop`.
    Open,
    End,
    BrIf(u32),
    Unreachable,
    /// Moves values around, and leaves no machine instruction of its own.
    Pure,
    Other,
}

/// The offsets, from the start of `body`, of the `unreachable`s that control reaches from the instruction at
/// `offset` by at most one branch, the nearest first.
pub(crate) fn reached(body: &[u8], offset: u32) -> Vec<u32> {
    let Some(steps) = read(body) else { return Vec::new() };
    // The start of a function is reported as the start of its body, where no instruction is.
    let at = steps.partition_point(|(o, _)| *o < offset);
    let Some(&(_, step)) = steps.get(at) else { return Vec::new() };
    let mut ways = vec![if steps[at].0 == offset { at + 1 } else { at }];
    match step {
        Step::If => ways.extend(other_branch(&steps, at)),
        Step::BrIf(depth) => ways.extend(end_of_label(&steps, at, depth)),
        Step::Unreachable => ways.insert(0, at),
        _ => {}
    }
    ways.into_iter().filter_map(|way| walk(&steps, way)).collect()
}

/// The instructions of a body with their offsets in it; nothing if it can't be read.
fn read(body: &[u8]) -> Option<Vec<(u32, Step)>> {
    let reader = FunctionBody::new(BinaryReader::new(body, 0)).get_operators_reader().ok()?;
    let mut steps = Vec::new();
    for item in reader.into_iter_with_offsets() {
        let (operator, offset) = item.ok()?;
        steps.push((u32::try_from(offset).ok()?, step(&operator)));
    }
    Some(steps)
}

fn step(operator: &Operator<'_>) -> Step {
    match operator {
        Operator::If { .. } => Step::If,
        Operator::Else => Step::Else,
        Operator::Block { .. } | Operator::Loop { .. } => Step::Open,
        Operator::End => Step::End,
        Operator::BrIf { relative_depth } => Step::BrIf(*relative_depth),
        Operator::Unreachable => Step::Unreachable,
        Operator::Nop
        | Operator::Drop
        | Operator::LocalGet { .. }
        | Operator::LocalSet { .. }
        | Operator::LocalTee { .. }
        | Operator::I32Const { .. }
        | Operator::I64Const { .. }
        | Operator::F32Const { .. }
        | Operator::F64Const { .. } => Step::Pure,
        _ => Step::Other,
    }
}

/// Follows straight-line code from `at` to an `unreachable`.
fn walk(steps: &[(u32, Step)], mut at: usize) -> Option<u32> {
    loop {
        match steps.get(at)? {
            (offset, Step::Unreachable) => return Some(*offset),
            (_, Step::Pure | Step::End | Step::Open) => at += 1,
            // The end of a branch that was taken: on behind its `end`.
            (_, Step::Else) => at = matching_end(steps, at + 1, 0, false)?,
            _ => return None,
        }
    }
}

/// Behind the `else` of the `if` at `at`, or behind its `end`.
fn other_branch(steps: &[(u32, Step)], at: usize) -> Option<usize> {
    matching_end(steps, at + 1, 0, true)
}

/// Behind the end of the label that a branch at `at` leads to. A loop's label is its start, where no trap is.
fn end_of_label(steps: &[(u32, Step)], at: usize, depth: u32) -> Option<usize> {
    matching_end(steps, at + 1, depth, false)
}

/// Scans from `at`, inside `depth + 1` open constructs, to behind the end of the outermost of these; with
/// `stop_at_else`, to behind its `else` if that comes first.
fn matching_end(steps: &[(u32, Step)], mut at: usize, depth: u32, stop_at_else: bool) -> Option<usize> {
    let mut open = u64::from(depth) + 1;
    loop {
        match steps.get(at)?.1 {
            Step::If | Step::Open => open += 1,
            Step::End => open -= 1,
            Step::Else if stop_at_else && open == 1 => return Some(at + 1),
            _ => {}
        }
        at += 1;
        if open == 0 {
            return Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Bytes are hand-assembled: 00 no locals, 20 n local.get, 41 n i32.const, 04 40 if, 05 else, 0b end,
    // 00 unreachable, 02 40 block, 0d n br_if, 0f return, 10 n call.

    #[test]
    fn the_branch_behind_an_if_is_followed() {
        //           0     1     2     3     4     5     6     7
        let body = [0x00, 0x20, 0x00, 0x04, 0x40, 0x00, 0x0b, 0x0b];
        assert_eq!(reached(&body, 3), [5]);
        assert_eq!(reached(&body, 5), [5]);
    }

    #[test]
    fn an_else_is_followed_too() {
        //           0     1     2     3     4     5     6     7     8     9
        let body = [0x00, 0x20, 0x00, 0x04, 0x40, 0x10, 0x00, 0x05, 0x00, 0x0b, 0x0b];
        assert_eq!(reached(&body, 3), [8]);
    }

    #[test]
    fn a_conditional_branch_has_two_ways() {
        // block, local.get 0, br_if 0, unreachable, end, unreachable
        //           0     1     2     3     4     5     6     7     8     9     10
        let body = [0x00, 0x02, 0x40, 0x20, 0x00, 0x0d, 0x00, 0x00, 0x0b, 0x00, 0x0b];
        assert_eq!(reached(&body, 5), [7, 9]);
    }

    #[test]
    fn the_start_leads_over_moves_but_not_over_calls() {
        let moves = [0x00, 0x41, 0x03, 0x21, 0x00, 0x00, 0x0b];
        assert_eq!(reached(&moves, 0), [5]);
        let call = [0x00, 0x10, 0x03, 0x00, 0x0b];
        assert_eq!(reached(&call, 0), [0_u32; 0]);
        assert_eq!(reached(&call, 1), [3]);
    }

    #[test]
    fn nonsense_leads_nowhere() {
        assert_eq!(reached(&[0xff, 0xff], 0), [0_u32; 0]);
        assert_eq!(reached(&[], 7), [0_u32; 0]);
    }
}
