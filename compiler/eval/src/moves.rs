//! Which readings of a local are its last.
//!
//! Reading a local copies its value, and a copy that is then changed has to be made for real as long as the
//! local still holds the first. Where the local is certainly not read again, the reading moves the value out
//! instead; nothing can tell the difference but the clock. Two cases are found, without a flow analysis:
//!
//! - the local is mentioned once in the whole body, and between its binding and the mention there is no loop
//!   and no closure, so that the mention is evaluated at most once for each binding;
//! - `x = e`, where `e` mentions `x` once, outside loops and closures, and can't leave before the assignment.
//!
//! A mention is a reading, the root of a place, or a capture.

use dot_types::Mode;
use dot_types::thir::{Arg, Body, Callee, ExprId, ExprKind, Iter, ListPart, LocalId, Pattern, Piece};
use dot_types::thir::{Place, Projection, Stmt};
use dot_types::walk::for_each_binding;

/// The readings that move, by expression.
pub(crate) struct Moves(Vec<bool>);

/// What is known of a local.
#[derive(Clone, Copy, Default)]
struct Mentions {
    count: u32,
    /// The only reading, if the one mention is a reading.
    reading: Option<ExprId>,
    /// The repeated region (a loop's or closure's body, numbered from 1) of the mention, and of the binding.
    region: u32,
    bound_in: u32,
}

impl Moves {
    pub(crate) fn of(body: &Body<'_>) -> Self {
        let mut scan = Scan {
            body,
            moves: vec![false; body.exprs.len()],
            locals: vec![Mentions::default(); body.locals.len()],
            region: 0,
            regions: 0,
            leaves: 0,
        };
        scan.expr(body.root);
        let given_back =
            |index| body.params.iter().any(|p| p.local.0 as usize == index && p.mode == Mode::InOut);
        for (index, local) in scan.locals.iter().enumerate() {
            if let (1, Some(reading)) = (local.count, local.reading)
                && local.region == local.bound_in
                && !given_back(index)
            {
                scan.moves[reading.0 as usize] = true;
            }
        }
        Self(scan.moves)
    }

    pub(crate) fn moves(&self, id: ExprId) -> bool {
        self.0[id.0 as usize]
    }
}

struct Scan<'a, 'db> {
    body: &'a Body<'db>,
    moves: Vec<bool>,
    locals: Vec<Mentions>,
    region: u32,
    regions: u32,
    /// How many expressions so far can leave the one they stand in.
    leaves: u32,
}

impl Scan<'_, '_> {
    fn mention(&mut self, local: LocalId, reading: Option<ExprId>) {
        let region = self.region;
        let mentions = &mut self.locals[local.0 as usize];
        mentions.count += 1;
        mentions.reading = reading;
        mentions.region = region;
    }

    /// Scans what may be evaluated several times for one evaluation of what is around it.
    fn repeated(&mut self, scan: impl FnOnce(&mut Self)) {
        let around = self.region;
        self.regions += 1;
        self.region = self.regions;
        scan(self);
        self.region = around;
    }

    fn bind(&mut self, local: LocalId) {
        self.locals[local.0 as usize].bound_in = self.region;
    }

    fn pattern(&mut self, pattern: &Pattern) {
        for_each_binding(pattern, &mut |local| self.bind(local));
    }

    fn place(&mut self, place: &Place) {
        self.mention(place.root, None);
        for step in &place.path {
            match step {
                Projection::Field(_) | Projection::Part { .. } | Projection::FromEnd(_) => {}
                Projection::Index(index) => self.expr(*index),
                Projection::Key { key, default } => {
                    self.expr(*key);
                    self.maybe(*default);
                }
            }
        }
    }

    fn maybe(&mut self, id: Option<ExprId>) {
        if let Some(id) = id {
            self.expr(id);
        }
    }

    fn all(&mut self, ids: &[ExprId]) {
        ids.iter().for_each(|id| self.expr(*id));
    }

    fn expr(&mut self, id: ExprId) {
        stacker::maybe_grow(1 << 20, 16 << 20, || self.expr_here(id));
    }

    fn expr_here(&mut self, id: ExprId) {
        let body = self.body;
        match &body.expr(id).kind {
            ExprKind::Literal(_)
            | ExprKind::Const(_)
            | ExprKind::Flags(_)
            | ExprKind::FnValue { .. }
            | ExprKind::Visitor
            | ExprKind::Error => {}
            ExprKind::Local(local) => self.mention(*local, Some(id)),
            ExprKind::Break | ExprKind::Continue => self.leaves += 1,
            ExprKind::Return(value) => {
                self.leaves += 1;
                self.maybe(*value);
            }
            ExprKind::Block { stmts, tail } => {
                stmts.iter().for_each(|stmt| self.stmt(stmt));
                self.maybe(*tail);
            }
            ExprKind::If { cond, then_branch, else_branch } => {
                self.all(&[*cond, *then_branch]);
                self.maybe(*else_branch);
            }
            ExprKind::Match { scrutinee, arms } => {
                self.expr(*scrutinee);
                for arm in arms {
                    self.pattern(&arm.pattern);
                    self.maybe(arm.guard);
                    self.expr(arm.body);
                }
            }
            ExprKind::Is { scrutinee, pattern } => {
                self.expr(*scrutinee);
                self.pattern(pattern);
            }
            ExprKind::While { cond, body } => self.repeated(|scan| scan.all(&[*cond, *body])),
            ExprKind::For { pattern, iter, body } => {
                self.iter(*iter);
                self.repeated(|scan| {
                    scan.pattern(pattern);
                    scan.expr(*body);
                });
            }
            ExprKind::Interpolate(pieces) => pieces.iter().for_each(|piece| match piece {
                Piece::Text(_) => {}
                Piece::Value(value) => self.expr(*value),
            }),
            ExprKind::Call { callee, args } => {
                if let Callee::Value(callee) = callee {
                    self.expr(*callee);
                }
                args.iter().for_each(|arg| match arg {
                    Arg::Value(value) => self.expr(*value),
                    Arg::InOut(place) => self.place(place),
                });
            }
            ExprKind::Closure(closure) => {
                closure.captures.iter().for_each(|(outside, _)| self.mention(*outside, None));
                self.repeated(|scan| {
                    closure.captures.iter().for_each(|(_, inside)| scan.bind(*inside));
                    closure.params.iter().for_each(|param| scan.closure_param(param));
                    scan.expr(closure.body);
                });
            }
            other => self.operands(other),
        }
    }

    /// The expressions that only evaluate their operands.
    fn operands(&mut self, kind: &ExprKind<'_>) {
        match kind {
            ExprKind::ShortCircuit { left, right, .. }
            | ExprKind::Binary { left, right, .. }
            | ExprKind::Compare { left, right, .. } => self.all(&[*left, *right]),
            ExprKind::Unary { operand, .. } | ExprKind::Convert { operand, .. } => self.expr(*operand),
            ExprKind::Record(parts) | ExprKind::Tuple(parts) => self.all(parts),
            ExprKind::Case { args, .. } => self.all(args),
            ExprKind::List(parts) => parts.iter().for_each(|part| match part {
                ListPart::Item(value) | ListPart::Spread(value) => self.expr(*value),
            }),
            ExprKind::Map(entries) => entries.iter().for_each(|(key, value)| self.all(&[*key, *value])),
            ExprKind::Field { base, .. } | ExprKind::Part { base, .. } | ExprKind::FromEnd { base, .. } => {
                self.expr(*base);
            }
            ExprKind::Index { base, index } => self.all(&[*base, *index]),
            ExprKind::Trap { message, .. } => self.expr(*message),
            ExprKind::With { value, body, .. } => self.all(&[*value, *body]),
            _ => {}
        }
    }

    fn closure_param(&mut self, param: &dot_types::thir::Param) {
        self.bind(param.local);
        if param.mode == Mode::InOut {
            // Given back at the end, which is a mention more.
            self.mention(param.local, None);
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let { pattern, init, otherwise } => {
                self.expr(*init);
                self.maybe(*otherwise);
                self.pattern(pattern);
            }
            Stmt::Expr(value) => self.expr(*value),
            Stmt::Assign { place, op, value } => {
                if op.is_some() || !place.path.is_empty() {
                    self.place(place);
                    self.expr(*value);
                } else {
                    self.assign_whole(place.root, *value);
                }
            }
        }
    }

    /// `x = e`
    fn assign_whole(&mut self, local: LocalId, value: ExprId) {
        let index = local.0 as usize;
        let (before, leaves) = (self.locals[index], self.leaves);
        self.expr(value);
        let after = self.locals[index];
        if let Some(reading) = after.reading
            && after.count == before.count + 1
            && after.region == self.region
            && self.leaves == leaves
        {
            self.moves[reading.0 as usize] = true;
        }
        // The assignment itself is a mention, so that a local that is assigned to is never "mentioned once".
        self.mention(local, None);
    }

    fn iter(&mut self, iter: Iter) {
        match iter {
            Iter::Range { start, end, .. } => {
                self.expr(start);
                self.maybe(end);
            }
            Iter::List(value)
            | Iter::Map(value)
            | Iter::Set(value)
            | Iter::Chars(value)
            | Iter::Each(value) => self.expr(value),
        }
    }
}
