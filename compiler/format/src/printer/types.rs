//! Types. No line breaks inside `<` and `>`: there the layout of tokens has a meaning.

use super::Printer;
use super::bracketed::{ARGUMENTS, TUPLE};
use crate::doc::{Doc, Node};
use dot_diagnostics::TextRange;
use dot_syntax::ast::{FunctionType, Type, TypeArg, TypeKind, TypeParam, Uses};
use dot_syntax::lexer::Kind;

impl Printer<'_> {
    /// A type.
    pub(super) fn ty(&mut self, ty: &Type) -> Doc {
        self.in_parens(ty.range, |printer| printer.bare_type(ty))
    }

    /// A type that doesn't break where what stands around it can.
    pub(super) fn flat_type(&mut self, ty: &Type) -> Doc {
        let ty = self.ty(ty);
        self.arena.add(Node::Flat(ty))
    }

    /// What `print` prints, in the parentheses that stand around it and that no tree knows of.
    pub(super) fn in_parens(&mut self, range: TextRange, print: impl FnOnce(&mut Self) -> Doc) -> Doc {
        let mut parts = Vec::new();
        while self.peek() == Some(Kind::OpenParen) && self.pos() < range.start && self.closes_after(range.end)
        {
            parts.push(self.next());
        }
        let count = parts.len();
        parts.push(print(self));
        for _ in 0..count {
            parts.push(self.word(Kind::CloseParen));
        }
        self.arena.concat(&parts)
    }

    /// Whether the bracket that comes next closes at or after `end`.
    fn closes_after(&self, end: u32) -> bool {
        let partner = self.toks.get(self.at).and_then(|tok| self.toks.get(tok.partner));
        partner.is_some_and(|partner| partner.range.start >= end)
    }

    fn bare_type(&mut self, ty: &Type) -> Doc {
        match &ty.kind {
            TypeKind::Named { path, args } => {
                let parts = [self.glued(path.range.end), self.type_args(args)];
                self.arena.concat(&parts)
            }
            TypeKind::Tuple(elements) => {
                let style = if elements.len() == 1 { TUPLE } else { ARGUMENTS };
                self.each(style, elements, Self::ty)
            }
            TypeKind::Function(function) => self.function_type(function),
            TypeKind::Infer => self.next(),
            TypeKind::Error(_) => {
                self.lost = true;
                self.next()
            }
        }
    }

    fn function_type(&mut self, function: &FunctionType) -> Doc {
        let space = self.arena.text(" ");
        let mut parts = Vec::new();
        if function.pure.is_some() {
            parts.extend([self.word(Kind::Pure), space]);
        }
        parts.push(self.word(Kind::Fn));
        parts.push(self.each(ARGUMENTS, &function.params, |printer, param| {
            if param.inout.is_none() {
                return printer.ty(&param.ty);
            }
            let parts = [printer.word(Kind::Inout), space, printer.ty(&param.ty)];
            printer.arena.concat(&parts)
        }));
        if let Some(result) = &function.result {
            parts.extend([space, self.word(Kind::Arrow), space, self.ty(result)]);
        }
        if let Some(uses) = &function.uses {
            parts.extend([space, self.uses(uses)]);
        }
        self.arena.concat(&parts)
    }

    /// `uses a + b.c`
    pub(super) fn uses(&mut self, uses: &Uses) -> Doc {
        let space = self.arena.text(" ");
        let mut parts = vec![self.next()];
        while self.pos() < uses.range.end {
            let is_glued = matches!(self.peek(), Some(Kind::Dot))
                || self.at.checked_sub(1).is_some_and(|at| self.toks[at].kind == Kind::Dot);
            if !is_glued {
                parts.push(space);
            }
            parts.push(self.next());
        }
        self.arena.concat(&parts)
    }

    /// `<A, B>`, if there are any.
    pub(super) fn type_args(&mut self, args: &[TypeArg]) -> Doc {
        self.angled(args, |printer, arg| match arg {
            TypeArg::Type(ty) => printer.ty(ty),
            TypeArg::Length(..) => printer.next(),
        })
    }

    /// `<T, U: data>`, if there are any.
    pub(super) fn type_params(&mut self, params: &[TypeParam]) -> Doc {
        self.angled(params, |printer, param| {
            let mut parts = vec![printer.next()];
            if param.bound.is_some() {
                parts.extend([printer.word(Kind::Colon), printer.arena.text(" "), printer.next()]);
            }
            printer.arena.concat(&parts)
        })
    }

    fn angled<T>(&mut self, items: &[T], mut print: impl FnMut(&mut Self, &T) -> Doc) -> Doc {
        if items.is_empty() {
            return self.arena.text("");
        }
        let mut parts = vec![self.word(Kind::Less)];
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                parts.push(self.arena.text(" "));
            }
            parts.push(print(self, item));
            if index + 1 < items.len() {
                parts.push(self.word(Kind::Comma));
            } else {
                parts.extend(self.separator());
            }
        }
        parts.push(self.closing_angle());
        self.arena.concat(&parts)
    }

    /// `>`, which the lexer joins with a `=` right behind it.
    fn closing_angle(&mut self) -> Doc {
        if self.peek() == Some(Kind::GreaterEq)
            && let Some(tok) = self.toks.get_mut(self.at)
        {
            let angle = TextRange::new(tok.range.start, tok.range.start + 1);
            tok.kind = Kind::Eq;
            tok.range.start += 1;
            return self.arena.add(Node::Source(angle));
        }
        self.word(Kind::Greater)
    }
}
