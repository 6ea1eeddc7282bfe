//! Arguments: which one is for which parameter, and in what order they are evaluated.

use super::{Expected, Infer, Typed, Why};
use crate::thir::{self, Arg, ExprKind, Place, Stmt};
use crate::{Mode, table::TypeId};
use dot_db::Item;
use dot_diagnostics::{TextRange, codes};
use dot_hir::body::{self as hir, Expr};
use smol_str::SmolStr;

/// A parameter, as far as passing an argument needs to know it.
pub(super) struct Slot {
    pub(super) name: Option<SmolStr>,
    pub(super) mode: Mode,
    pub(super) ty: TypeId,
    pub(super) has_default: bool,
}

/// What a parameter is given.
#[derive(Clone, Copy)]
enum Given {
    /// What stands before the dot or the `|>`.
    First,
    /// The argument at this index.
    Arg(usize),
    /// Its default value.
    Default,
    /// Nothing, which has been reported.
    Missing,
}

/// What stands before the parentheses and is passed first.
#[derive(Clone, Copy)]
pub(super) enum First {
    /// `x.f()`: changed in place if the parameter is `inout`.
    Receiver(Typed),
    /// `x |> f()`
    Piped(Typed),
}

impl First {
    pub(super) fn value(self) -> Typed {
        match self {
            Self::Receiver(typed) | Self::Piped(typed) => typed,
        }
    }
}

/// Arguments, ready for a call.
pub(super) struct Passed {
    /// What is done before the call, in order of the text.
    pub(super) stmts: Vec<Stmt>,
    /// One for each parameter.
    pub(super) args: Vec<Arg>,
}

/// What is called, for messages and defaults.
pub(super) struct Target<'db> {
    /// Its name.
    pub(super) name: SmolStr,
    /// The function, if it is one.
    pub(super) item: Option<Item<'db>>,
    /// Its type arguments.
    pub(super) vars: Vec<TypeId>,
}

impl<'db> Infer<'db> {
    /// Passes arguments to parameters; nothing if there are too many or too few, which is told.
    pub(super) fn pass(
        &mut self,
        target: &Target<'db>,
        slots: &[Slot],
        first: Option<First>,
        args: &[hir::Arg],
        range: TextRange,
    ) -> Option<Passed> {
        let Some(given) = self.assign_arguments(target, slots, first.is_some(), args, range) else {
            // So that mistakes inside are told too.
            for arg in args {
                self.infer(arg.value, None);
            }
            return None;
        };
        let mut passed: Vec<Option<Arg>> = slots.iter().map(|_| None).collect();
        let mut places = Vec::new();
        // Closures last: the other arguments tell the types of their parameters.
        for closures in [false, true] {
            for (index, (slot, given)) in slots.iter().zip(&given).enumerate() {
                let is_closure = match given {
                    Given::Arg(arg) => matches!(self.hir.expr(args[*arg].value), Expr::Closure(_)),
                    _ => false,
                };
                if is_closure == closures {
                    let why = target.item.map_or(Why::Plain, |item| {
                        Why::Parameter(item, u32::try_from(index).unwrap_or(u32::MAX))
                    });
                    let arg = self.pass_one(target, index, slot, *given, first, args, why, range);
                    if let Some(Arg::InOut(place)) = &arg {
                        let at = match given {
                            Given::Arg(arg) => self.expr_range(args[*arg].value),
                            _ => first.map_or(range, |first| self.range_of(first.value().id)),
                        };
                        places.push((place.clone(), at));
                    }
                    passed[index] = arg;
                }
            }
        }
        self.check_overlap(&places);
        let args: Vec<Arg> = passed.into_iter().collect::<Option<_>>()?;
        Some(self.keep_order(&given, args))
    }

    fn assign_arguments(
        &mut self,
        target: &Target<'db>,
        slots: &[Slot],
        first: bool,
        args: &[hir::Arg],
        range: TextRange,
    ) -> Option<Vec<Given>> {
        let mut given: Vec<Option<Given>> = slots.iter().map(|_| None).collect();
        let mut next = 0;
        if first {
            *given.first_mut()? = Some(Given::First);
            next = 1;
        }
        let mut fine = true;
        let mut named = false;
        for (index, arg) in args.iter().enumerate() {
            let at = self.expr_range(arg.value);
            named |= arg.label.is_some();
            if named && arg.label.is_none() {
                self.report_positional_after_named(arg, slots, at);
                return None;
            }
            let slot = match &arg.label {
                Some(label) => {
                    let found = slots.iter().position(|slot| slot.name.as_ref() == Some(&label.text));
                    if found.is_none() {
                        let title = format!("`{}` has no parameter `{}`", target.name, label.text);
                        let at = self.map.name(label.id);
                        let mut diagnostic = self.error(codes::WRONG_ARGUMENTS, title, at);
                        let names = slots.iter().filter_map(|slot| slot.name.as_deref());
                        if let Some(meant) = dot_hir::suggest::nearest(&label.text, names) {
                            diagnostic =
                                diagnostic.with_fix(format!("write `{meant}`"), self.span(at), meant);
                        }
                        self.report(diagnostic);
                        fine = false;
                        continue;
                    }
                    found
                }
                None => {
                    next += 1;
                    Some(next - 1)
                }
            };
            match slot.and_then(|slot| given.get_mut(slot)) {
                Some(free @ None) => *free = Some(Given::Arg(index)),
                Some(Some(_)) => {
                    let title = format!("a parameter of `{}` is given twice", target.name);
                    let diagnostic = self.error(codes::WRONG_ARGUMENTS, title, at);
                    self.report(diagnostic);
                    fine = false;
                }
                None => {
                    self.report_too_many(target, slots.len() - usize::from(first), args, index);
                    fine = false;
                    break;
                }
            }
        }
        let by_name = args.iter().any(|arg| arg.label.is_some());
        let (mut missing, mut names) = (Vec::new(), Vec::new());
        let given = given
            .into_iter()
            .zip(slots)
            .enumerate()
            .map(|(index, (given, slot))| match given {
                Some(given) => given,
                None if slot.has_default => Given::Default,
                None => {
                    let name = slot.name.clone();
                    names.push(name.clone());
                    missing.push(
                        name.map_or_else(|| format!("number {}", index + 1), |name| format!("`{name}`")),
                    );
                    Given::Missing
                }
            })
            .collect();
        if fine && !missing.is_empty() {
            let title = format!("`{}` needs {} more: {}", target.name, missing.len(), missing.join(", "));
            let mut diagnostic = self.error(codes::WRONG_ARGUMENTS, title, range);
            if let Some(span) = target.item.and_then(|item| crate::signature::name_span(self.db, item)) {
                diagnostic = diagnostic.with_label(span, "declared here");
            }
            let diagnostic = self.suggest_arguments(diagnostic, range, &names, by_name);
            self.report(diagnostic);
            fine = false;
        }
        fine.then_some(given)
    }

    fn report_positional_after_named(&mut self, arg: &hir::Arg, slots: &[Slot], at: TextRange) {
        let mut diagnostic = self
            .error(codes::WRONG_ARGUMENTS, "this argument stands after a named one, so it is named too", at)
            .with_note("Arguments without names come first, in the order of the parameters.");
        if let Expr::Name(name) = self.hir.expr(arg.value)
            && slots.iter().any(|slot| slot.name.as_ref() == Some(&name.text))
        {
            let start = self.span(TextRange::empty(at.start));
            diagnostic = diagnostic.with_fix("name it", start, format!("{}: ", name.text));
        }
        self.report(diagnostic);
    }

    /// Tells that the argument at `first` and those after it have no parameter.
    fn report_too_many(&mut self, target: &Target<'db>, takes: usize, args: &[hir::Arg], first: usize) {
        let surplus: Vec<TextRange> = args[first..]
            .iter()
            .take_while(|arg| arg.label.is_none())
            .map(|arg| self.expr_range(arg.value))
            .collect();
        let at = surplus.iter().copied().reduce(TextRange::join).unwrap_or_default();
        let plural = if takes == 1 { "argument" } else { "arguments" };
        let verb = if args.len() == 1 { "is" } else { "are" };
        let title = format!("`{}` takes {takes} {plural}, {} {verb} given", target.name, args.len());
        let message = if surplus.len() == 1 { "one too many" } else { "too many" };
        let mut diagnostic = self.error(codes::WRONG_ARGUMENTS, title, at).with_message(message);
        if let Some(span) = target.item.and_then(|item| crate::signature::name_span(self.db, item)) {
            diagnostic = diagnostic.with_label(span, "declared here");
        }
        let before =
            first.checked_sub(1).and_then(|last| args.get(last)).map(|arg| self.expr_range(arg.value));
        if let Some(surplus) = self.removable(before, at) {
            diagnostic = diagnostic.with_fix("remove what is too many", self.span(surplus), "");
        }
        self.report(diagnostic);
    }

    /// The text of arguments with the comma before them, if nothing else stands around them.
    fn removable(&self, before: Option<TextRange>, surplus: TextRange) -> Option<TextRange> {
        let text = self.item.text(self.db);
        let rest = text.get(surplus.end as usize..)?.trim_start();
        let start = match before {
            Some(before) => {
                let between = TextRange::new(before.end, surplus.start).slice(text);
                (between.trim() == ",").then_some(before.end)?
            }
            None => {
                let open = text.get(..surplus.start as usize)?.trim_end();
                open.ends_with('(').then_some(surplus.start)?
            }
        };
        (rest.starts_with(')') || (before.is_some() && rest.starts_with(',')))
            .then_some(TextRange::new(start, surplus.end))
    }

    #[allow(clippy::too_many_arguments, reason = "they are what one argument depends on")]
    fn pass_one(
        &mut self,
        target: &Target<'db>,
        index: usize,
        slot: &Slot,
        given: Given,
        first: Option<First>,
        args: &[hir::Arg],
        why: Why<'db>,
        range: TextRange,
    ) -> Option<Arg> {
        let expected = Expected { ty: slot.ty, why };
        match given {
            Given::Missing => None,
            Given::Default => {
                let item = target.item?;
                let typed = self.emit_default(item, index, &target.vars, range);
                Some(Arg::Value(typed.id))
            }
            Given::First => match (slot.mode, first?) {
                (Mode::In, first) => {
                    let value = self.read_default(first.value());
                    Some(Arg::Value(self.coerce(value, expected).id))
                }
                (Mode::InOut, First::Receiver(typed)) => self.pass_place(typed, expected),
                (Mode::InOut, First::Piped(typed)) => {
                    let at = self.range_of(typed.id);
                    let title =
                        format!("`{}` changes its first argument, so `|>` can't pass it", target.name);
                    let diagnostic = self.error(codes::NOT_A_PLACE, title, at);
                    self.report(diagnostic);
                    None
                }
            },
            Given::Arg(arg) => {
                let arg = &args[arg];
                let at = self.expr_range(arg.value);
                match (slot.mode, arg.inout) {
                    (Mode::In, false) => Some(Arg::Value(self.check(arg.value, expected).id)),
                    (Mode::InOut, true) => {
                        let typed = self.infer_place(arg.value);
                        self.pass_place(typed, expected)
                    }
                    (Mode::InOut, false) => {
                        let typed = self.infer(arg.value, Some(expected));
                        if self.table.is_error(typed.ty) {
                            return None;
                        }
                        let title =
                            format!("`{}` changes this argument, so it is marked `inout`", target.name);
                        let start = self.span(TextRange::empty(at.start));
                        let diagnostic = self
                            .error(codes::INOUT_MARK, title, at)
                            .with_note("So whoever reads the call sees what it may change.")
                            .with_fix("mark it", start, "inout ");
                        self.report(diagnostic);
                        None
                    }
                    (Mode::In, true) => {
                        self.infer(arg.value, Some(expected));
                        let title = format!("`{}` does not change this argument", target.name);
                        let diagnostic = self
                            .error(codes::INOUT_MARK, title, at)
                            .with_note("`inout` marks what a call may change. This parameter takes a value.");
                        self.report(diagnostic);
                        None
                    }
                }
            }
        }
    }

    /// A place is passed as it is, so its type is exactly the parameter's.
    fn pass_place(&mut self, typed: Typed, expected: Expected<'db>) -> Option<Arg> {
        if let Err(error) = self.table.unify(expected.ty, typed.ty) {
            self.report_mismatch(typed.id, typed.ty, expected, error);
            return None;
        }
        self.place_of(typed.id, "changed").map(Arg::InOut)
    }

    /// If arguments stand in another order than the parameters, evaluates them first, in their own order.
    fn keep_order(&mut self, given: &[Given], mut args: Vec<Arg>) -> Passed {
        let mut order: Vec<(usize, usize)> = given
            .iter()
            .enumerate()
            .filter_map(|(slot, given)| match given {
                Given::First => Some((0, slot)),
                Given::Arg(arg) => Some((arg + 1, slot)),
                Given::Default | Given::Missing => None,
            })
            .collect();
        let in_order = order.is_sorted();
        order.sort_unstable();
        let mut stmts = Vec::new();
        if in_order {
            return Passed { stmts, args };
        }
        for (_, slot) in order {
            match &mut args[slot] {
                Arg::Value(id) => *id = self.bind_in_order(*id, &mut stmts),
                Arg::InOut(place) => {
                    let mut place = place.clone();
                    self.bind_indices(&mut place, &mut stmts);
                    args[slot] = Arg::InOut(place);
                }
            }
        }
        Passed { stmts, args }
    }

    /// Evaluates an expression by a statement, unless it is a literal, or a local that never changes.
    pub(super) fn bind_in_order(&mut self, id: thir::ExprId, stmts: &mut Vec<Stmt>) -> thir::ExprId {
        let (kind, ty) = &self.exprs[id.0 as usize];
        let stays = match kind {
            ExprKind::Literal(_) => true,
            ExprKind::Local(local) => self.locals[local.0 as usize].mutability == super::Mutability::Fixed,
            _ => false,
        };
        if stays {
            return id;
        }
        let (local, stmt) = self.bind_temporary(Typed { id, ty: *ty });
        stmts.push(stmt);
        local.id
    }

    fn bind_indices(&mut self, place: &mut Place, stmts: &mut Vec<Stmt>) {
        for step in &mut place.path {
            match step {
                thir::Projection::Field(_) | thir::Projection::Part { .. } | thir::Projection::FromEnd(_) => {
                }
                thir::Projection::Index(index) => *index = self.bind_in_order(*index, stmts),
                thir::Projection::Key { key, .. } => *key = self.bind_in_order(*key, stmts),
            }
        }
    }
}
