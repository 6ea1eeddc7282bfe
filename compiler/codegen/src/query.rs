//! Functions as queries: what is compiled once is kept until its MIR changes.

use crate::counts::{Context, Memory, Options};
use crate::emit::{CompiledFunction, emit};
use crate::link::Source;
use crate::lower::{Unsupported, lower};
use crate::repr::Reprs;
use crate::simplify::simplify;
use dot_db::Db;
use dot_mir::ir::{Function, Instance};
use dot_mir::queries::Queries;
use dot_mir::{Level, Program};
use std::sync::Arc;

/// A compiled function, or why it can't be compiled; none for what has no MIR.
pub type Compiled<'db> = Option<Result<Arc<CompiledFunction<'db>>, Unsupported<'db>>>;

/// An instance of a debug build. Runs again when its MIR changes, or the shape of a type in it.
#[salsa::tracked(returns(ref))]
pub fn wasm_debug<'db>(db: &'db dyn Db, instance: Instance<'db>) -> Compiled<'db> {
    compile(db, instance, Level::Debug, Memory::Counted)
}

/// An instance of a release build.
#[salsa::tracked(returns(ref))]
pub fn wasm_release<'db>(db: &'db dyn Db, instance: Instance<'db>) -> Compiled<'db> {
    compile(db, instance, Level::Release, Memory::Counted)
}

/// An instance of a debug build whose memory is an arena.
#[salsa::tracked(returns(ref))]
pub fn wasm_debug_arena<'db>(db: &'db dyn Db, instance: Instance<'db>) -> Compiled<'db> {
    compile(db, instance, Level::Debug, Memory::Arena)
}

/// An instance of a release build whose memory is an arena.
#[salsa::tracked(returns(ref))]
pub fn wasm_release_arena<'db>(db: &'db dyn Db, instance: Instance<'db>) -> Compiled<'db> {
    compile(db, instance, Level::Release, Memory::Arena)
}

fn compile<'db>(db: &'db dyn Db, instance: Instance<'db>, level: Level, memory: Memory) -> Compiled<'db> {
    let function = dot_mir::compiled(db, instance, level)?;
    let program = Queries::new(db);
    let reprs = Reprs::new(&program);
    let context = Context { reprs: &reprs, options: options(level, memory) };
    Some(lower(context, function).map(|mut func| {
        if level == Level::Release {
            simplify(&mut func);
        }
        Arc::new(emit(&func))
    }))
}

/// What code of a level is made for.
pub(crate) const fn options(level: Level, memory: Memory) -> Options {
    let release = matches!(level, Level::Release);
    Options { memory, inline_counts: release, keeps_values: !release }
}

/// The functions of a database, at a level.
pub struct QuerySource<'db> {
    program: Queries<'db>,
    db: &'db dyn Db,
    level: Level,
}

impl<'db> QuerySource<'db> {
    /// The functions of this database.
    #[must_use]
    pub fn new(db: &'db dyn Db, level: Level) -> Self {
        Self { program: Queries::new(db), db, level }
    }
}

impl<'db> Source<'db> for QuerySource<'db> {
    fn program(&self) -> &dyn Program<'db> {
        &self.program
    }

    fn function(&self, instance: Instance<'db>) -> Option<&Function<'db>> {
        dot_mir::compiled(self.db, instance, self.level)
    }

    fn compiled(&self, instance: Instance<'db>, memory: Memory) -> Compiled<'db> {
        match (self.level, memory) {
            (Level::Debug, Memory::Counted) => wasm_debug(self.db, instance).clone(),
            (Level::Release, Memory::Counted) => wasm_release(self.db, instance).clone(),
            (Level::Debug, Memory::Arena) => wasm_debug_arena(self.db, instance).clone(),
            (Level::Release, Memory::Arena) => wasm_release_arena(self.db, instance).clone(),
        }
    }
}
