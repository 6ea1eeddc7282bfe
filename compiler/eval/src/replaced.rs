//! `with`: which functions are replaced where, and by what.
//!
//! What is replaced goes with the code, not with the time: a function that is called in the block runs with what is
//! replaced there, a closure with what is replaced where it was written, wherever it is called. What stands for a
//! function belongs to the `with` that says so (one value for each, whichever call is the innermost); it is taken out
//! while it is called, so that it can be changed.

use crate::machine::{Exit, Flow, Frame, Machine, Target};
use crate::value::Value;
use crate::{Cause, Failure};
use dot_db::{Db, Item};
use dot_types::thir::{ExprId, Replaced, Replacement, TrapKind};
use dot_types::{Mode, Ty, fn_signature};
use std::sync::Arc;

/// A `with` of a body: its item, that item's type arguments, and the expression.
pub(crate) type WithSite<'db> = (Item<'db>, Arc<[Ty<'db>]>, ExprId);

/// The functions that are replaced somewhere, innermost last.
#[derive(Clone, Debug, Default)]
pub struct Replacements<'db>(Option<Arc<Block<'db>>>);

/// A block of `with`.
#[derive(Debug)]
struct Block<'db> {
    site: WithSite<'db>,
    replaced: Vec<Replaced<'db>>,
    /// What is replaced around it, which is what the replacement itself runs with.
    around: Replacements<'db>,
}

impl<'db> Replacements<'db> {
    /// The block that replaces a function, and by what.
    fn find(&self, function: Item<'db>) -> Option<(&Block<'db>, Replacement<'db>)> {
        let mut next = self;
        while let Some(block) = &next.0 {
            if let Some(found) = block.replaced.iter().find(|replaced| replaced.function == function) {
                return Some((block, found.by));
            }
            next = &block.around;
        }
        None
    }
}

impl<'db> Machine<'_, 'db> {
    /// Evaluates a `with`.
    pub(crate) fn with(
        &mut self,
        frame: &mut Frame<'db>,
        id: ExprId,
        value: ExprId,
        replaced: &[Replaced<'db>],
        body: ExprId,
    ) -> Flow<'db> {
        let value = self.eval(frame, value)?;
        let site = (frame.instance.item, Arc::clone(&frame.instance.type_args), id);
        let outer = self.stand_ins.insert(site.clone(), value);
        let block = Block { site: site.clone(), replaced: replaced.to_vec(), around: self.replaced.clone() };
        let inside = Replacements(Some(Arc::new(block)));
        let result = self.where_replaced(&inside, |machine| machine.eval(frame, body));
        match outer {
            Some(outer) => self.stand_ins.insert(site, outer),
            None => self.stand_ins.remove(&site),
        };
        result
    }

    /// Does something with these functions replaced.
    pub(crate) fn where_replaced<T>(
        &mut self,
        replaced: &Replacements<'db>,
        work: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let before = std::mem::replace(&mut self.replaced, replaced.clone());
        let result = work(self);
        self.replaced = before;
        result
    }

    /// Calls a function by name: it, or what stands for it here.
    pub(crate) fn call_item(
        &mut self,
        item: Item<'db>,
        target: &Target<'db>,
        args: &mut [Value<'db>],
    ) -> Flow<'db> {
        let Some((block, by)) = self.replaced.find(item) else { return self.invoke(target, args) };
        let (site, around) = (block.site.clone(), block.around.clone());
        let Some(stand_in) = self.stand_ins.remove(&site) else {
            let kind = TrapKind::Unreachable;
            let message = format!("what stood for `{}` is gone", item.name(self.db));
            return Err(Exit::Fail(Box::new(Failure::new(Cause::Trap { kind, message }))));
        };
        let (result, stand_in) = match by {
            Replacement::Value => {
                let target = Target::Value(stand_in.clone());
                (self.where_replaced(&around, |machine| machine.invoke(&target, args)), stand_in)
            }
            Replacement::Method(method) => {
                let target = self.target(method, Arc::from([]));
                let mut all: Vec<Value<'db>> = vec![stand_in.clone()];
                all.extend(args.iter_mut().map(|arg| std::mem::replace(arg, Value::Unit)));
                let result =
                    self.where_replaced(&around, |machine| machine.call_item(method, &target, &mut all));
                let mut all = all.into_iter();
                let own = all.next().filter(|_| is_inout(self.db, method));
                args.iter_mut().zip(all).for_each(|(arg, value)| *arg = value);
                (result, own.unwrap_or(stand_in))
            }
        };
        self.stand_ins.insert(site, stand_in);
        result
    }
}

/// Whether a method gives back a changed `self`. What one that doesn't was given is not there afterwards.
fn is_inout<'db>(db: &'db dyn Db, method: Item<'db>) -> bool {
    fn_signature(db, method).params.first().is_some_and(|param| param.mode == Mode::InOut)
}
