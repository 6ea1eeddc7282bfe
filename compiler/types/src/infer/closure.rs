//! Closures.

use super::{Expected, Frame, Infer, Mutability, Patch, Typed, Why};
use crate::Mode;
use crate::table::{Con, TypeId};
use crate::thir::{self, ExprKind, Stmt};
use dot_diagnostics::{TextRange, codes};
use dot_hir::body::{self as hir, Pat};
use smol_str::SmolStr;

impl<'db> Infer<'db> {
    pub(super) fn infer_closure(
        &mut self,
        closure: &hir::Closure,
        hint: Option<Expected<'db>>,
        range: TextRange,
    ) -> Typed {
        let hints: Vec<TypeId> = match hint {
            Some(hint) if matches!(self.table.head(hint.ty), Some(Con::Fn(_))) => {
                self.table.args(hint.ty).to_vec()
            }
            _ => Vec::new(),
        };
        if let Some((_, params)) =
            hints.split_last().filter(|(_, params)| params.len() != closure.params.len())
        {
            return self.report_closure_arity(closure, params.len(), range);
        }
        let (param_hints, ret_hint) = match hints.split_last() {
            Some((ret, params)) if params.len() == closure.params.len() => (params, Some(*ret)),
            _ => ([].as_slice(), None),
        };
        let (ret, why) = match (closure.ret, ret_hint) {
            (Some(written), _) => (self.lower_type(written), Why::Annotation(self.map.type_ref(written))),
            (None, Some(ret)) => (ret, hint.map_or(Why::Plain, |hint| hint.why)),
            (None, None) => (self.fresh(), Why::Plain),
        };
        let mark = self.scopes.enter();
        let ret_expected = Expected { ty: ret, why };
        self.frames.push(Frame {
            ret: ret_expected,
            loops: 0,
            captures: Vec::new(),
            par_floor: None,
            yields: None,
        });
        let mut params = Vec::new();
        let mut types = Vec::new();
        let mut stmts = Vec::new();
        for (index, param) in closure.params.iter().enumerate() {
            let ty = match param.ty {
                Some(written) => self.lower_type(written),
                None => param_hints.get(index).copied().unwrap_or_else(|| self.fresh()),
            };
            let param = self.bind_param(param.pat, ty, &mut stmts);
            types.push((param.mode, ty));
            params.push(param);
        }
        let body = self.check_closure_body(closure.body, Expected { ty: ret, why });
        let body = self.emit_after(stmts, body);
        let captures = self.frames.pop().map(|frame| frame.captures).unwrap_or_default();
        self.scopes.leave(mark);
        let ty = self.table.function(&types, ret);
        let unit = crate::Ty::unit(self.db);
        let kind = ExprKind::Closure(Box::new(thir::Closure { params, captures, ret: unit, body: body.id }));
        let typed = self.emit(kind, ty, range);
        self.patches.insert(typed.id, Patch::ClosureRet(ret));
        typed
    }

    /// A closure of another number of parameters than what is expected. Its body is not looked at: nothing tells its
    /// parameters' types.
    fn report_closure_arity(&mut self, closure: &hir::Closure, expected: usize, range: TextRange) -> Typed {
        let counted = |count: usize| match count {
            0 => "no parameters".to_owned(),
            1 => "one parameter".to_owned(),
            _ => format!("{count} parameters"),
        };
        let (wanted, given) = (counted(expected), counted(closure.params.len()));
        let title = format!("a function of {wanted} is expected, this closure has {given}");
        let mut diagnostic = self.error(codes::TYPE_MISMATCH, title, range);
        if expected == 1 && closure.params.len() > 1 {
            diagnostic = diagnostic.with_note("The parts of a tuple are named in parentheses: `|(a, b)| …`.");
        }
        self.report(diagnostic);
        self.emit_error(range)
    }

    /// The body's value is the closure's; if nothing is expected of it, it is what the body gives.
    fn check_closure_body(&mut self, body: hir::ExprId, ret: Expected<'db>) -> Typed {
        let typed = self.infer(body, Some(ret));
        if self.table.head(ret.ty).is_none() && self.table.is_error(typed.ty) {
            return typed;
        }
        let statement = Expected { ty: ret.ty, why: Why::Statement };
        let wants_unit = self.is_unit(ret.ty);
        self.coerce(typed, if wants_unit { statement } else { ret })
    }

    /// A parameter; one that is a pattern is taken apart by a statement.
    fn bind_param(&mut self, pat: hir::PatId, ty: TypeId, stmts: &mut Vec<Stmt>) -> thir::Param {
        let range = self.map.pat(pat);
        if let Pat::Bind { inout, name } = self.hir.pat(pat) {
            let (mode, mutability) =
                if *inout { (Mode::InOut, Mutability::InOut) } else { (Mode::In, Mutability::Fixed) };
            let local = self.new_local(name.text.clone(), ty, range, mutability);
            // A parameter may be needed only to fit the type that is expected.
            self.locals[local.0 as usize].used = true;
            self.scopes.bind(name.text.clone(), local);
            return thir::Param { local, mode };
        }
        let local = self.new_local(SmolStr::default(), ty, range, Mutability::Fixed);
        let pattern = self.check_irrefutable(pat, ty, Mutability::Fixed);
        if !matches!(pattern, thir::Pattern::Wildcard) {
            let init = self.emit_local(local, range).id;
            stmts.push(Stmt::Let { pattern, init, otherwise: None });
        }
        thir::Param { local, mode: Mode::In }
    }
}
