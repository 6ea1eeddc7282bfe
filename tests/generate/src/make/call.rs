//! Calls of declared functions.

use super::{Maker, share};
use crate::model::{Body, Bound, Expr, Function, Piece, Type};

impl Maker {
    /// A call that gives a type.
    pub(super) fn call(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        if self.chance(40)
            && let Some(expr) = self.call_with_less(ty, size)
        {
            return Some(expr);
        }
        let mut found = Vec::new();
        for (at, function) in self.world.functions.iter().enumerate() {
            let mut args = vec![None; function.generics.len()];
            if !self.frame.own.contains(&at) && function.result.fits(ty, &mut args) {
                found.push((at, args));
            }
        }
        let (at, args) = self.random.pick(&found)?.clone();
        self.call_of(at, args, size).map(|call| Expr { ty: ty.clone(), ..call })
    }

    /// A call of a function that is being made, with a smaller countdown.
    fn call_with_less(&mut self, ty: &Type, size: usize) -> Option<Expr> {
        if self.frame.own_left == 0 || self.frame.times > 1 {
            return None;
        }
        let own = self.frame.own.clone();
        let at = *self.random.pick(&own)?;
        let function = self.world.functions[at].clone();
        if function.result != *ty {
            return None;
        }
        self.frame.own_left -= 1;
        let mut args = vec![vec![Piece::Text("n - 1".to_owned())]];
        for param in &function.params[1..] {
            let value = self.expr(&param.ty, share(size, function.params.len()));
            args.push(Expr::of(&param.ty).given(value).pieces);
        }
        Some(Expr::of(ty).text(format!("{}(", function.name)).pieces(joined(args)).text(")"))
    }

    /// A call of a function whose type arguments are known in part.
    pub(super) fn call_of(&mut self, at: usize, known: Vec<Option<Type>>, size: usize) -> Option<Expr> {
        let function = self.world.functions.get(at)?.clone();
        if !self.pay(function.cost) {
            return None;
        }
        let args = self.type_arguments(&function.generics, known)?;
        let result = function.result.with(&args);
        let infers = !args.is_empty() && self.chance(50) && mentions_all(&function);
        let (mut receiver, mut written) = (None, Vec::new());
        let mut used = Vec::new();
        let mut named = false;
        for (index, param) in function.params.iter().enumerate() {
            let ty = param.ty.with(&args);
            let is_receiver = function.is_method && index == 0;
            if param.inout {
                let (root, place) = self.place(&ty, share(size, 3))?;
                if used.contains(&root) {
                    return None;
                }
                used.push(root);
                let mark = if is_receiver { "" } else { "inout " };
                let place = Body::new(mark).pieces(place.pieces);
                if is_receiver {
                    receiver = Some(Expr::of(&ty).pieces(place.pieces))
                } else {
                    written.push(place.pieces)
                }
                continue;
            }
            if param.has_default && self.chance(40) {
                named = true;
                continue;
            }
            let value = self.argument(&function, index, &ty, share(size, function.params.len()));
            if is_receiver {
                receiver = Some(value);
                continue;
            }
            let label = if named { format!("{}: ", param.name) } else { String::new() };
            let label = Body::new(label);
            written.push(if infers { label.free(value) } else { label.given(value) }.pieces);
        }
        Some(self.write_call(&function, &args, infers, receiver, written, &result))
    }

    fn argument(&mut self, function: &Function, index: usize, ty: &Type, size: usize) -> Expr {
        if function.is_countdown && index == 0 {
            return self.small(crate::model::IntTy::U32, 5);
        }
        self.expr(ty, size)
    }

    fn write_call(
        &mut self,
        function: &Function,
        args: &[Type],
        infers: bool,
        receiver: Option<Expr>,
        mut written: Vec<Vec<Piece>>,
        result: &Type,
    ) -> Expr {
        let type_args = if args.is_empty() || infers {
            String::new()
        } else {
            format!("<{}>", args.iter().map(|ty| self.world.show(ty)).collect::<Vec<_>>().join(", "))
        };
        let name = &function.name;
        let expr = Expr::of(result);
        let expr = match receiver {
            // A pipeline passes its left side as the first argument; a method's receiver stands before the dot.
            Some(receiver) => expr.receiver(receiver).text(format!(".{name}{type_args}(")),
            None if !written.is_empty() && self.is_pipeable(function) => {
                let first = written.remove(0);
                let first = Expr::of(&function.params[0].ty.with(args)).text("(").pieces(first).text(")");
                let expr = expr.pieces(first.pieces).text(format!(" |> {name}{type_args}("));
                return expr.pieces(joined(written)).text(")").loose();
            }
            None => expr.text(format!("{name}{type_args}(")),
        };
        expr.pieces(joined(written)).text(")")
    }

    fn is_pipeable(&mut self, function: &Function) -> bool {
        let first = &function.params[0];
        // A closure's parameters get their types from the argument's place only.
        let plain = !first.inout && !first.has_default && !function.is_countdown;
        plain
            && function.generics.is_empty()
            && !matches!(first.ty, Type::Fn(..))
            && self.shows_alone(&first.ty)
            && self.chance(25)
    }

    /// Whether every expression of a type shows it: nothing of it is a number's literal, or empty.
    fn shows_alone(&self, ty: &Type) -> bool {
        matches!(ty, Type::Bool | Type::Char | Type::String)
    }

    /// Type arguments for bounds, where some are known.
    pub(super) fn type_arguments(&mut self, bounds: &[Bound], known: Vec<Option<Type>>) -> Option<Vec<Type>> {
        let mut args = Vec::new();
        for (bound, known) in bounds.iter().zip(known) {
            let arg = known.unwrap_or_else(|| self.argument_for(*bound));
            if !self.world.admits(*bound, &arg, &self.frame.generics) {
                return None;
            }
            args.push(arg);
        }
        Some(args)
    }

    fn argument_for(&mut self, bound: Bound) -> Type {
        let some = self.some_type();
        let fits = self.world.admits(bound, &some, &self.frame.generics);
        if fits { some } else { self.type_with(bound, 1) }
    }
}

/// Whether every type parameter of a function stands in a parameter without a default, so that arguments tell it.
fn mentions_all(function: &Function) -> bool {
    fn mentions(ty: &Type, index: usize) -> bool {
        *ty == Type::Param(index) || ty.parts().into_iter().any(|part| mentions(part, index))
    }
    let plain = |ty: &Type| !matches!(ty, Type::Fn(..));
    (0..function.generics.len()).all(|index| {
        let mut given = function.params.iter().filter(|param| !param.has_default && plain(&param.ty));
        given.any(|param| mentions(&param.ty, index))
    }) && function.params.iter().all(|param| plain(&param.ty))
}

/// Pieces with commas between.
fn joined(args: Vec<Vec<Piece>>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (index, arg) in args.into_iter().enumerate() {
        if index > 0 {
            pieces.push(Piece::Text(", ".to_owned()));
        }
        pieces.extend(arg);
    }
    pieces
}
