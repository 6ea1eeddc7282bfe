//! Which functions a program needs: everything that can be reached from its roots, each instance once, in an order
//! that depends on the program alone.

use crate::ir::{Function, Instance, InstanceKind, Op, Value, ValueTy};
use crate::lower::Refusal;
use crate::program::Program;
use crate::queries::{
    Queries, counted, counted_release, lowered, optimised, passing, refusals, release_passing,
};
use crate::repr::{DEEPEST, Shape, nesting, shape};
use dot_db::{Anchor, Db, Diagnostic, Item};
use dot_diagnostics::{Span, TextRange, codes};
use dot_types::{Ty, TyKind};
use rustc_hash::FxHashSet;

/// How much is done to functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    /// Nothing but what is needed: every variable can be seen.
    Debug,
    /// Inlined and simplified.
    Release,
}

/// What a program needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instances<'db> {
    /// The functions, glue included, roots first.
    pub functions: Vec<Instance<'db>>,
    /// The imported functions that are called, in order of first call, before anything is optimised: what a program
    /// touches doesn't depend on how well it is compiled.
    pub imports: Vec<Item<'db>>,
    /// Why it can't be compiled, if it can't.
    pub diagnostics: Vec<Diagnostic<'db>>,
}

/// Finds all that is reached from `roots`.
#[must_use]
pub fn instances<'db>(db: &'db dyn Db, roots: &[Instance<'db>], level: Level) -> Instances<'db> {
    let mut walk = Walk::new(db, level, roots);
    walk.run();
    if level == Level::Release {
        walk.found.imports = imports(db, roots);
    }
    walk.found
}

/// The imported functions that functions as they were lowered may call, from `roots` on.
fn imports<'db>(db: &'db dyn Db, roots: &[Instance<'db>]) -> Vec<Item<'db>> {
    let mut walk = Walk::new(db, Level::Debug, roots);
    let mut at = 0;
    while let Some(instance) = walk.found.functions.get(at).copied() {
        at += 1;
        walk.visit_calls(instance);
    }
    walk.found.imports
}

/// An instance as it is compiled at a level.
#[must_use]
pub fn compiled<'db>(db: &'db dyn Db, instance: Instance<'db>, level: Level) -> Option<&'db Function<'db>> {
    match level {
        Level::Debug => counted(db, instance),
        Level::Release => counted_release(db, instance),
    }
}

struct Walk<'db> {
    db: &'db dyn Db,
    level: Level,
    seen: FxHashSet<Instance<'db>>,
    found: Instances<'db>,
}

impl<'db> Walk<'db> {
    fn new(db: &'db dyn Db, level: Level, roots: &[Instance<'db>]) -> Self {
        let found = Instances { functions: Vec::new(), imports: Vec::new(), diagnostics: Vec::new() };
        let mut walk = Self { db, level, seen: FxHashSet::default(), found };
        roots.iter().for_each(|root| walk.add(*root, None));
        walk
    }

    fn run(&mut self) {
        let (mut called, mut counted) = (0, 0);
        loop {
            // First what is called, which needs no counts.
            while let Some(instance) = self.found.functions.get(called).copied() {
                called += 1;
                self.visit_calls(instance);
            }
            // Callees were mostly found after their callers: asked in reverse, the fixpoint over who owns what
            // seldom has to go deep.
            for instance in self.found.functions[counted..].iter().rev() {
                let _ = match self.level {
                    Level::Debug => passing(self.db, *instance),
                    Level::Release => release_passing(self.db, *instance),
                };
            }
            // Then the glue that drops and dups need.
            while counted < called {
                self.visit_ownership(self.found.functions[counted]);
                counted += 1;
            }
            if called == self.found.functions.len() {
                return;
            }
        }
    }

    fn add(&mut self, instance: Instance<'db>, from: Option<Item<'db>>) {
        if !self.seen.insert(instance) {
            return;
        }
        let program = Queries::new(self.db);
        if is_too_deep(&program, instance) {
            if let Some(item) = item_of(self.db, instance).or(from) {
                let of_types = crate::visit::nesting(&program, instance) <= crate::visit::DEEPEST;
                let diagnostic =
                    if of_types { too_deep(self.db, item) } else { visitors_too_deep(self.db, item) };
                self.found.diagnostics.push(diagnostic);
            }
            return;
        }
        self.found.functions.push(instance);
    }

    fn visit_calls(&mut self, instance: Instance<'db>) {
        for refusal in refusals(self.db, instance) {
            self.found.diagnostics.push(not_yet(self.db, refusal));
        }
        let function = match self.level {
            Level::Debug => lowered(self.db, instance),
            Level::Release => optimised(self.db, instance),
        };
        let from = item_of(self.db, instance);
        let Some(function) = function else { return };
        for inst in function.blocks.iter().flat_map(|block| &block.insts) {
            match &inst.op {
                Op::Call(callee, _) => self.add(*callee, from),
                Op::MakeClosure(code, captures) => {
                    self.add(*code, from);
                    self.add_captures(function, captures, from);
                }
                Op::CallImport(item, _) if !self.found.imports.contains(item) => {
                    self.found.imports.push(*item)
                }
                _ => {}
            }
        }
    }

    /// The captures of a function value are dropped together, as a tuple.
    fn add_captures(&mut self, function: &Function<'db>, captures: &[Value], from: Option<Item<'db>>) {
        let tys = captures.iter().filter_map(|v| match function.values[v.0 as usize].ty {
            ValueTy::Data(ty) => Some(ty),
            ValueTy::Token(_) => None,
        });
        let tuple = Ty::new(self.db, TyKind::Tuple(tys.collect()));
        if Queries::new(self.db).has_counts(tuple) {
            self.add(Instance::new(self.db, InstanceKind::DropGlue, vec![tuple]), from);
        }
    }

    fn visit_ownership(&mut self, instance: Instance<'db>) {
        let from = item_of(self.db, instance);
        let Some(function) = compiled(self.db, instance, self.level) else { return };
        let ty_of = |v: &Value| match function.values[v.0 as usize].ty {
            ValueTy::Data(ty) => Some(ty),
            ValueTy::Token(_) => None,
        };
        for inst in function.blocks.iter().flat_map(|block| &block.insts) {
            let (kind, ty) = match &inst.op {
                Op::Drop(v) => (InstanceKind::DropGlue, ty_of(v)),
                Op::Dup(v) => (InstanceKind::DupGlue, ty_of(v)),
                // A list operation may drop or copy elements.
                _ => {
                    for ty in inst.op.operands().iter().filter_map(ty_of) {
                        self.add_elements(ty, from);
                    }
                    continue;
                }
            };
            if let Some(ty) = ty {
                self.add_glue(kind, ty, from);
                self.add_elements(ty, from);
            }
        }
    }

    fn add_elements(&mut self, ty: Ty<'db>, from: Option<Item<'db>>) {
        if let TyKind::List(item) | TyKind::FixedList(item, _) = ty.kind(self.db) {
            self.add_glue(InstanceKind::DropGlue, *item, from);
            self.add_glue(InstanceKind::DupGlue, *item, from);
        }
    }

    fn add_glue(&mut self, kind: InstanceKind<'db>, ty: Ty<'db>, from: Option<Item<'db>>) {
        let program = Queries::new(self.db);
        if program.has_counts(ty) && !matches!(shape(&program, ty), Shape::Handle) {
            self.add(Instance::new(self.db, kind, vec![ty]), from);
        }
    }
}

/// The item whose body an instance's code is in; none for glue, which is made for a type.
#[must_use]
pub fn item_of<'db>(db: &'db dyn Db, instance: Instance<'db>) -> Option<Item<'db>> {
    crate::visit::item_of(&Queries::new(db), instance)
}

/// Whether an instance is for types, for visitors in visitors, or for replacements in replacements, that nest too deep.
pub(crate) fn is_too_deep<'db>(program: &dyn Program<'db>, instance: Instance<'db>) -> bool {
    instance.type_args(program.db()).iter().any(|ty| nesting(program, *ty) > DEEPEST)
        || crate::visit::nesting(program, instance) > crate::visit::DEEPEST
        || replacements_in(program.db(), instance) > DEEPEST
}

/// How deep replacements nest in an instance: methods that run where others are replaced, and so on.
fn replacements_in<'db>(db: &'db dyn Db, instance: Instance<'db>) -> usize {
    let first = match instance.kind(db) {
        InstanceKind::ItemIn(_, first) | InstanceKind::ClosureIn(.., first) => Some(first),
        InstanceKind::Copy(.., replaced) => replaced,
        InstanceKind::Visitor(visitor) => visitor.replaced(db),
        _ => None,
    };
    let Some(first) = first else { return 0 };
    let (mut level, mut depth) = (FxHashSet::from_iter([first]), 0);
    while !level.is_empty() && depth <= DEEPEST {
        depth += 1;
        level = level.iter().flat_map(|one| one.bound(db)).filter_map(|bound| bound.around).collect();
    }
    depth
}

fn not_yet<'db>(db: &'db dyn Db, refusal: &Refusal<'db>) -> Diagnostic<'db> {
    let item = refusal.site.item;
    let range = dot_types::thir_source_map(db, item)
        .and_then(|map| map.exprs.get(refusal.site.expr.0 as usize).copied())
        .unwrap_or_default();
    let title = format!("{} can't be compiled yet", refusal.what);
    Diagnostic::error(codes::NOT_YET, title, Span::new(Anchor::Item(item), range))
}

fn visitors_too_deep<'db>(db: &'db dyn Db, item: Item<'db>) -> Diagnostic<'db> {
    let title = format!("`{}` is needed for bodies of loops that nest too deep", item.name(db));
    let span = Span::new(Anchor::Item(item), TextRange::empty(0));
    Diagnostic::error(codes::ENDLESS_INSTANTIATION, title, span).with_note(
        "A function that a loop's body is passed on to is compiled for that body; these may nest 12 deep.",
    )
}

/// The layer below tells this where a body shows it; this is the bound that holds whatever got past it.
fn too_deep<'db>(db: &'db dyn Db, item: Item<'db>) -> Diagnostic<'db> {
    let title = format!("`{}` is needed for types that nest ever deeper", item.name(db));
    let span = Span::new(Anchor::Item(item), TextRange::empty(0));
    Diagnostic::error(codes::ENDLESS_INSTANTIATION, title, span).with_note(
        "Each call with other type arguments is a function of its own; their types may nest 64 deep.",
    )
}
