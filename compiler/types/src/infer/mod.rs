//! Inference: from a body of `hir` to typed HIR, in one walk.
//!
//! The walk is *bidirectional*: it carries what is expected of an expression ([`Expected`]) down, and what it is
//! ([`Typed`]) up. What is expected is a hint (it gives literals, bare cases, anonymous records and closures
//! their types); whether it is met is decided by [`Infer::coerce`], which is also where a lossless widening is
//! put in. Types not known yet are variables in the [`TypeTable`]; inference never leaves the body, since
//! signatures are explicit.
//!
//! Typed expressions are made on the way, with types still as [`TypeId`]s; [`finish`] resolves them, and checks
//! what can only be checked then: ranges of literals, bounds, exhaustiveness.
//!
//! | file | what it infers |
//! |---|---|
//! | `expr` | every expression, by form |
//! | `coerce`, `suggest` | expectations and what would meet them, joining of branches |
//! | `literal`, `operator`, `compare`, `control`, `block`, `record`, `list`, `each`, `closure`, `question`, `par` | those forms |
//! | `path` | names and dotted names |
//! | `call`, `argument`, `method`, `case`, `convert`, `default` | calls of all kinds |
//! | `place` | what can be assigned to |
//! | `with` | replaced effects |
//! | `pattern`, `case_pattern`, `inout_match` | patterns |

mod argument;
mod block;
mod call;
mod case;
mod case_pattern;
mod closure;
mod coerce;
mod compare;
mod control;
mod convert;
mod default;
mod each;
mod expr;
mod finish;
mod inout_match;
mod list;
mod literal;
mod method;
mod operator;
mod par;
mod path;
mod pattern;
mod place;
mod question;
mod record;
mod scope;
mod suggest;
mod type_ref;
mod with;

use crate::difference::{Difference, difference};
use crate::own::Operation;
use crate::table::{Con, Shape, TypeId, TypeTable, VarKind};
use crate::thir::{self, ExprKind};
use crate::{Bound, Diagnostic, FnSignature, Generic, Mode, Ty};
use dot_db::{Anchor, Db, Item, Module};
use dot_diagnostics::{Code, Reported, Span, TextRange, codes};
use dot_hir::body as hir;
use rustc_hash::FxHashMap;
use scope::Scopes;
use smol_str::SmolStr;

pub(crate) use finish::Finished;

/// Where what is expected comes from, for the label that says so.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Why<'db> {
    /// It needs no saying.
    Plain,
    /// The function's declared result.
    Return,
    /// A type annotation.
    Annotation(TextRange),
    /// Another branch, element or operand, which has this type.
    Sibling(TextRange),
    /// A parameter of a function.
    Parameter(Item<'db>, u32),
    /// A field of a record.
    Field(Item<'db>),
    /// A condition is a `bool`.
    Condition,
    /// A statement's value is not used.
    Statement,
    /// The variable that is assigned to.
    Place(TextRange),
}

/// What is expected of an expression.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expected<'db> {
    ty: TypeId,
    why: Why<'db>,
}

/// A typed expression.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Typed {
    id: thir::ExprId,
    ty: TypeId,
}

/// What a local may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mutability {
    /// `let`, a pattern, a parameter.
    Fixed,
    /// `var`
    Var,
    /// An `inout` parameter.
    InOut,
}

struct LocalData {
    name: SmolStr,
    ty: TypeId,
    range: TextRange,
    mutability: Mutability,
    /// How many closures enclose it.
    depth: usize,
    used: bool,
}

/// The function or closure being checked.
struct Frame<'db> {
    ret: Expected<'db>,
    loops: u32,
    captures: Vec<(thir::LocalId, thir::LocalId)>,
    /// In the body of a `par`: locals below this are outside of it.
    par_floor: Option<u32>,
    /// What `yield` gives, in a function that produces a stream.
    yields: Option<TypeId>,
}

/// A type that must meet a bound.
struct Obligation {
    ty: TypeId,
    bound: Bound,
    range: TextRange,
    reason: &'static str,
    /// For what the structure of values is looked at here, if it is.
    structure: Option<Operation>,
}

/// A literal whose range is checked once its type is known.
struct LiteralCheck {
    ty: TypeId,
    value: i128,
    range: TextRange,
}

/// What is put into a typed expression once types are known.
enum Patch {
    TypeArgs(Vec<TypeId>),
    ClosureRet(TypeId),
    /// Values of this type are told where an assertion fails, unless they can't be printed.
    Told(TypeId),
    /// A number literal is one of its type: an integer becomes a float, a float is rounded.
    Number,
}

/// A pattern that must fit every value, or the arms of a `match`.
struct PatternCheck {
    ty: TypeId,
    range: TextRange,
    kind: PatternCheckKind,
}

enum PatternCheckKind {
    /// The arms of this `match`, with their patterns' ranges.
    Match(thir::ExprId, Vec<TextRange>),
    /// One pattern that can't fail.
    Irrefutable(thir::Pattern),
}

/// A call, for effects.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub struct CallSite<'db> {
    /// What is called, or taken as a value.
    pub callee: Item<'db>,
    /// Where.
    pub range: TextRange,
    /// The functions that are replaced there by `with`.
    pub replaced: Vec<Item<'db>>,
}

/// A place where function values that have effects are taken out of a field, a case or a result.
#[derive(Clone, Debug, PartialEq, Eq, Hash, salsa::SalsaValue)]
pub(crate) struct EffectRead<'db> {
    pub(crate) effects: Vec<Module<'db>>,
    pub(crate) range: TextRange,
}

pub(crate) struct Infer<'db> {
    db: &'db dyn Db,
    item: Item<'db>,
    module: Module<'db>,
    hir: &'db hir::Body,
    map: &'db hir::BodySourceMap,
    generics: Vec<Generic>,
    table: TypeTable<'db>,
    exprs: Vec<(ExprKind<'db>, TypeId)>,
    ranges: Vec<TextRange>,
    locals: Vec<LocalData>,
    scopes: Scopes,
    frames: Vec<Frame<'db>>,
    obligations: Vec<Obligation>,
    literals: Vec<LiteralCheck>,
    patches: FxHashMap<thir::ExprId, Patch>,
    pattern_checks: Vec<PatternCheck>,
    /// How many locals there were when the innermost guard began.
    guard: Option<usize>,
    /// Where the guards stand.
    guards: Vec<TextRange>,
    /// What `m[k, or: d]` starts from, by the index expression.
    index_defaults: FxHashMap<thir::ExprId, thir::ExprId>,
    inout_names: inout_match::InoutNames,
    /// The local that a closure's local is a copy of.
    copy_of: FxHashMap<thir::LocalId, thir::LocalId>,
    calls: Vec<CallSite<'db>>,
    reads: Vec<EffectRead<'db>>,
    /// See [`thir::SourceMap::places`].
    places: Vec<(thir::ExprId, TextRange)>,
    /// The functions that are replaced by the `with` blocks around what is being checked.
    replaced: Vec<Item<'db>>,
    /// Whether the function gives a value and doesn't say so.
    lacks_result: bool,
    /// Whether a `with` is wrong, so that what it should replace isn't.
    lacks_replacement: bool,
    /// Where a line ends that was broken at the wrong place, and the variable that it was to give a value.
    broken_lines: Vec<(u32, SmolStr)>,
    diagnostics: Vec<Diagnostic<'db>>,
}

impl<'db> Infer<'db> {
    pub(crate) fn new(
        db: &'db dyn Db,
        item: Item<'db>,
        hir: &'db hir::Body,
        map: &'db hir::BodySourceMap,
        generics: Vec<Generic>,
    ) -> Self {
        Self {
            db,
            item,
            module: item.module(db),
            hir,
            map,
            generics,
            table: TypeTable::new(db),
            exprs: Vec::new(),
            ranges: Vec::new(),
            locals: Vec::new(),
            scopes: Scopes::default(),
            frames: Vec::new(),
            obligations: Vec::new(),
            literals: Vec::new(),
            patches: FxHashMap::default(),
            pattern_checks: Vec::new(),
            guard: None,
            guards: Vec::new(),
            index_defaults: FxHashMap::default(),
            inout_names: inout_match::InoutNames::default(),
            copy_of: FxHashMap::default(),
            calls: Vec::new(),
            reads: Vec::new(),
            places: Vec::new(),
            replaced: Vec::new(),
            lacks_result: false,
            lacks_replacement: false,
            broken_lines: Vec::new(),
            diagnostics: Vec::new(),
        }
    }

    /// Checks the body as that of a function with this signature, whose parameters stand at `places`.
    pub(crate) fn run(mut self, signature: &FnSignature<'db>, places: &[TextRange]) -> Finished<'db> {
        let mut params = Vec::new();
        for (index, param) in signature.params.iter().enumerate() {
            let ty = self.table.import(param.ty, &[]);
            let mutability = if param.mode == Mode::InOut { Mutability::InOut } else { Mutability::Fixed };
            let range = places.get(index).copied().unwrap_or_default();
            let local = self.new_local(param.name.clone(), ty, range, mutability);
            self.locals[local.0 as usize].used = true;
            self.scopes.bind(param.name.clone(), local);
            params.push(thir::Param { local, mode: param.mode });
        }
        let ret = self.table.import(signature.ret, &[]);
        self.run_root(params, Expected { ty: ret, why: Why::Return })
    }

    /// Checks the body as an expression of type `ty`: that of a constant or a default value.
    pub(crate) fn run_value(mut self, ty: Ty<'db>) -> Finished<'db> {
        let ty = self.table.import(ty, &[]);
        self.run_root(Vec::new(), Expected { ty, why: Why::Plain })
    }

    fn run_root(mut self, params: Vec<thir::Param>, ret: Expected<'db>) -> Finished<'db> {
        let yields = self.yielded(ret.ty);
        let body_ret = match yields {
            Some(_) => Expected { ty: self.unit_type(), why: Why::Plain },
            None => ret,
        };
        self.frames.push(Frame { ret: body_ret, loops: 0, captures: Vec::new(), par_floor: None, yields });
        let root = self.check(self.hir.root, body_ret);
        self.table.settle_literals(0);
        self.finish(params, ret.ty, root.id)
    }

    // What expressions are made with.

    fn emit(&mut self, kind: ExprKind<'db>, ty: TypeId, range: TextRange) -> Typed {
        let id = thir::ExprId(u32::try_from(self.exprs.len()).unwrap_or(u32::MAX));
        self.exprs.push((kind, ty));
        self.ranges.push(range);
        Typed { id, ty }
    }

    fn emit_error(&mut self, range: TextRange) -> Typed {
        let ty = self.error_type();
        self.emit(ExprKind::Error, ty, range)
    }

    fn emit_unit(&mut self, range: TextRange) -> Typed {
        let ty = self.unit_type();
        self.emit(ExprKind::Tuple(Vec::new()), ty, range)
    }

    fn emit_local(&mut self, local: thir::LocalId, range: TextRange) -> Typed {
        let ty = self.locals[local.0 as usize].ty;
        self.emit(ExprKind::Local(local), ty, range)
    }

    /// An expression that stands for a local of the desugaring's own, and the statement that gives it its value.
    fn bind_temporary(&mut self, value: Typed) -> (Typed, thir::Stmt) {
        let range = self.range_of(value.id);
        let local = self.new_local(SmolStr::default(), value.ty, range, Mutability::Fixed);
        let stmt =
            thir::Stmt::Let { pattern: thir::Pattern::Bind(local, None), init: value.id, otherwise: None };
        (self.emit_local(local, range), stmt)
    }

    fn new_local(
        &mut self,
        name: SmolStr,
        ty: TypeId,
        range: TextRange,
        mutability: Mutability,
    ) -> thir::LocalId {
        let id = thir::LocalId(u32::try_from(self.locals.len()).unwrap_or(u32::MAX));
        let depth = self.frames.len().saturating_sub(1);
        self.locals.push(LocalData { name, ty, range, mutability, depth, used: false });
        id
    }

    fn range_of(&self, id: thir::ExprId) -> TextRange {
        self.ranges[id.0 as usize]
    }

    // Types.

    fn fresh(&mut self) -> TypeId {
        self.table.fresh(VarKind::General)
    }

    fn error_type(&mut self) -> TypeId {
        self.table.con(Con::Error)
    }

    fn never_type(&mut self) -> TypeId {
        self.table.con(Con::Never)
    }

    fn unit_type(&mut self) -> TypeId {
        self.table.con(Con::Tuple)
    }

    fn bool_type(&mut self) -> TypeId {
        self.table.con(Con::Bool)
    }

    fn is_unit(&self, ty: TypeId) -> bool {
        self.table.head(ty) == Some(&Con::Tuple) && self.table.args(ty).is_empty()
    }

    /// What a type is, with the types of literals that decide it here settled.
    fn known_shape(&mut self, ty: TypeId) -> Shape<'db> {
        self.table.settle(ty);
        self.table.shape(ty)
    }

    /// The type as far as it is known, for messages.
    /// A function is called here, or taken as a value.
    fn note_call(&mut self, callee: Item<'db>, range: TextRange) {
        self.calls.push(CallSite { callee, range, replaced: self.replaced.clone() });
    }

    fn show(&self, ty: TypeId) -> String {
        match self.table.var_kind(ty) {
            Some(VarKind::Number | VarKind::Int) => return "an integer".to_owned(),
            Some(VarKind::Float) => return "a float".to_owned(),
            Some(VarKind::General) => return "an unknown type".to_owned(),
            None => {}
        }
        let mut memo = crate::table::Resolved::default();
        let ty = self.table.resolve(ty, &mut memo);
        format!("`{}`", crate::display::display_type(self.db, ty, &self.generics))
    }

    /// What differs between two types, as far as they are known.
    fn difference(&self, expected: TypeId, found: TypeId) -> Difference {
        let is_open = |ty| self.table.var_kind(ty).is_some();
        if is_open(expected) || is_open(found) {
            let (expected, found) = (self.show(expected), self.show(found));
            return Difference { expected, found, inner: None, homes: None };
        }
        let mut memo = crate::table::Resolved::default();
        let (expected, found) =
            (self.table.resolve(expected, &mut memo), self.table.resolve(found, &mut memo));
        difference(self.db, expected, found, &self.generics)
    }

    fn require(&mut self, ty: TypeId, bound: Bound, range: TextRange, reason: &'static str) {
        if bound != Bound::Any {
            self.obligations.push(Obligation { ty, bound, range, reason, structure: None });
        }
    }

    /// Notes that values of a type are compared or printed.
    fn require_structure(&mut self, ty: TypeId, what: Operation, range: TextRange, reason: &'static str) {
        let (bound, structure) = (Bound::Data, Some(what));
        self.obligations.push(Obligation { ty, bound, range, reason, structure });
    }

    /// Notes function values that may have effects.
    fn take_out(&mut self, effects: Vec<Module<'db>>, range: TextRange) {
        if !effects.is_empty() {
            self.reads.push(EffectRead { effects, range });
        }
    }

    // Diagnostics.

    fn span(&self, range: TextRange) -> Span<Anchor<'db>> {
        Span::new(Anchor::Item(self.item), range)
    }

    fn report(&mut self, diagnostic: Diagnostic<'db>) -> Reported {
        Reported::tell(&mut self.diagnostics, diagnostic)
    }

    /// Whether an error has been told that lies in this range.
    fn is_told(&self, range: TextRange) -> bool {
        self.diagnostics.iter().any(|told| told.is_error() && range.covers(told.primary.span.range))
    }

    fn error(&self, code: Code, title: impl Into<String>, range: TextRange) -> Diagnostic<'db> {
        Diagnostic::error(code, title, self.span(range))
    }

    /// Refuses a part of the language that is not carried out yet.
    fn not_yet(&mut self, what: &str, range: TextRange) -> Typed {
        self.report_not_yet(what, range);
        self.emit_error(range)
    }

    fn report_not_yet(&mut self, what: &str, range: TextRange) {
        let title = format!("{what}: this version of the compiler can't do it yet");
        let diagnostic = self
            .error(codes::NOT_YET, title, range)
            .with_note("It is part of the language. It is refused as a whole rather than half done.");
        self.report(diagnostic);
    }

    /// Tells that an imported function needs a feature that the package doesn't say its target has; whether it does.
    fn refuse_for_target(&mut self, item: Item<'db>, range: TextRange) -> bool {
        let Some(import) = dot_hir::import_of(self.db, item) else { return false };
        let features = self.module.package(self.db).features(self.db);
        let Some(need) = import.needs.iter().find(|need| !features.iter().any(|it| it == *need)) else {
            return false;
        };
        let what = format!("`{}` of `{}`", item.name(self.db), import.interface);
        let diagnostic = crate::implement::missing_feature(&what, need, self.span(range));
        self.report(diagnostic);
        true
    }

    fn type_unknown(&mut self, what: &str, range: TextRange) -> Typed {
        let diagnostic = self
            .error(codes::TYPE_UNKNOWN, format!("the type of {what} is not known here"), range)
            .with_note("Types are inferred from what stands before. Write the type where the value is made.");
        self.report(diagnostic);
        self.emit_error(range)
    }

    fn expr_range(&self, id: hir::ExprId) -> TextRange {
        self.map.expr(id)
    }
}
