//! Loops over an `each`.
//!
//! The loop calls `each` with a [`Value::Visitor`], which stands for its body. The body runs in the frame around the loop,
//! so that frame is lent to the machine while `each` runs. Where a turn leaves the loop or the function, everything that
//! has been called since is left ([`Exit::Leave`]), and the loop goes on from what the turn said.

use crate::expr::called_from;
use crate::machine::{Exit, Flow, Frame, Machine, internal};
use crate::replaced::Replacements;
use crate::value::Value;
use dot_types::thir::{Arg, Callee, ExprId, ExprKind, Pattern};

/// A loop over an `each` that is running.
pub(crate) struct OpenLoop<'db> {
    /// The frame around the loop; nothing while a turn has it.
    frame: Option<Frame<'db>>,
    pattern: &'db Pattern,
    body: ExprId,
    /// What is replaced where it stands.
    replaced: Replacements<'db>,
    /// How a turn left it.
    left: Option<Exit<'db>>,
}

impl<'db> Machine<'_, 'db> {
    /// Runs a loop by calling `each`.
    pub(crate) fn visit_each(
        &mut self,
        frame: &mut Frame<'db>,
        call: ExprId,
        pattern: &'db Pattern,
        body: ExprId,
    ) -> Flow<'db, ()> {
        let ExprKind::Call { callee: Callee::Item { item, type_args }, args } =
            &frame.instance.body.expr(call).kind
        else {
            return Err(frame.malformed(call));
        };
        let target = self.call_target(frame, call, |machine, outer| {
            let type_args = machine.substitute_all(type_args, outer);
            machine.target(*item, type_args)
        });
        let number = self.loops.len();
        let mut values = Vec::new();
        for arg in args {
            values.push(match arg {
                Arg::Value(arg) if matches!(frame.instance.body.expr(*arg).kind, ExprKind::Visitor) => {
                    Value::Visitor(number)
                }
                Arg::Value(arg) => self.eval(frame, *arg)?,
                Arg::InOut(_) => return Err(frame.malformed(call)),
            });
        }
        let replaced = self.replaced.clone();
        self.loops.push(OpenLoop { frame: Some(frame.lend()), pattern, body, replaced, left: None });
        let result = self.call_item(*item, &target, &mut values);
        let Some(OpenLoop { frame: Some(own), left, .. }) = self.loops.pop() else {
            return Err(internal("a loop that lost its frame"));
        };
        *frame = own;
        match (result, left) {
            (Ok(_), _) => Ok(()),
            (Err(Exit::Leave(to)), Some(left)) if to == number => match left {
                Exit::Break => Ok(()),
                exit => Err(exit),
            },
            (Err(exit), _) => Err(called_from(frame, call, exit)),
        }
    }

    /// A call of a loop's body: one turn.
    pub(crate) fn turn_of(&mut self, number: usize, args: &mut [Value<'db>]) -> Flow<'db> {
        let Some(open) = self.loops.get_mut(number) else { return Err(internal("a loop that is over")) };
        let (pattern, body, replaced) = (open.pattern, open.body, open.replaced.clone());
        let Some(mut frame) = open.frame.take() else { return Err(internal("a turn inside a turn")) };
        let mut values: Vec<Value<'db>> =
            args.iter_mut().map(|arg| std::mem::replace(arg, Value::Unit)).collect();
        let element = match values.pop() {
            Some(one) if values.is_empty() => one,
            last => {
                values.extend(last);
                Value::tuple(values)
            }
        };
        let turn = |machine: &mut Self| machine.visit(&mut frame, pattern, element, body);
        let ended = self.where_replaced(&replaced, turn);
        let Some(open) = self.loops.get_mut(number) else { return Err(internal("a loop that is over")) };
        open.frame = Some(frame);
        let exit = match ended {
            Ok(true) => return Ok(Value::Unit),
            Ok(false) => Exit::Break,
            Err(exit @ Exit::Return(_)) => exit,
            Err(exit) => return Err(exit),
        };
        open.left = Some(exit);
        Err(Exit::Leave(number))
    }
}
