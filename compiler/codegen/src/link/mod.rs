//! The linker: functions to a core module, the same bytes for the same program.
//!
//! What is exported is compiled first, then what that refers to, and so on, in the order in which it is met; what
//! nothing refers to never exists. Then everything gets its place: imports, functions, types, the table, static
//! data, globals; and the holes in the code are filled.

mod arena;
mod data;
mod dwarf;
mod module;
mod traps;

pub use traps::{Place, SourceResolver};

use crate::adapter::{ExportFn, ImportFn};
use crate::counts::{Context, Memory, Options};
use crate::crossing::Crossing;
use crate::emit::{CompiledFunction, Filler, emit};
use crate::lir::{Address, Builder, Helper, ResourceFn, RuntimeFn, Sig, Symbol, Val};
use crate::lower::{Unsupported, lower};
use crate::query::Compiled;
use crate::repr::Reprs;
use crate::resource::ExportResource;
use dot_db::Item;
use dot_mir::Program;
use dot_mir::ir::{Function, Instance, InstanceKind};
use dot_types::Ty;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Where the linker gets functions from.
pub trait Source<'db> {
    /// The program.
    fn program(&self) -> &dyn Program<'db>;

    /// The function to compile: optimised as the profile says, its ownership explicit.
    fn function(&self, instance: Instance<'db>) -> Option<&Function<'db>>;

    /// A function of the runtime: out of `std/rt_float`, `std/rt`, or `std/rt_arena` for modules whose memory is an
    /// arena.
    fn runtime(&self, function: RuntimeFn, memory: Memory) -> Option<Instance<'db>> {
        let module = match (function, memory) {
            (RuntimeFn::RemF64 | RuntimeFn::WrapF64, _) => "rt_float",
            (_, Memory::Arena) => "rt_arena",
            _ => "rt",
        };
        let item = self.program().std_item(module, function.name())?;
        Some(Instance::new(self.program().db(), InstanceKind::Item(item), Vec::new()))
    }

    /// The compiled form of a function that MIR has, if it was kept.
    fn compiled(&self, instance: Instance<'db>, memory: Memory) -> Compiled<'db> {
        let _ = (instance, memory);
        None
    }
}

/// What is linked.
pub struct LinkInput<'a, 'db> {
    /// Functions and the runtime.
    pub source: &'a dyn Source<'db>,
    /// Turns places in items into lines and columns.
    pub resolver: &'a dyn SourceResolver<'db>,
    /// What the module exports, in order.
    pub exports: Vec<ExportFn<'db>>,
    /// What it may import.
    pub imports: Vec<ImportFn<'db>>,
    /// The resources that it exports.
    pub resources: Vec<ExportResource<'db>>,
    /// The import that does something with handles of an exported resource: module and field.
    pub resource: &'a dyn Fn(ResourceFn, Item<'db>) -> Option<(String, String)>,
    /// The import that drops handles of a resource of someone else: module and field.
    pub resource_drop: &'a dyn Fn(Item<'db>) -> Option<(String, String)>,
    /// The import that drops a stream or future of a type, module and field; none where no function gives or takes one.
    pub end_drop: &'a dyn Fn(Ty<'db>) -> Option<(String, String)>,
    /// Whether names, the trap table and debug information are left out.
    pub strip: bool,
    /// Whether code is made for speed and size rather than for looking into it.
    pub release: bool,
}

/// A core module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoreModule<'db> {
    /// The module in the binary format.
    pub bytes: Vec<u8>,
    /// The imports that are left, module and field, in order.
    pub imports: Vec<(String, String)>,
    /// The bytes of each function's code, in order, with what it was compiled from; none for what converts at the boundary
    /// and for helpers.
    pub sizes: Vec<(Option<Instance<'db>>, usize)>,
}

/// Why a program can't be linked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkError<'db> {
    /// Something that can't be compiled yet.
    Unsupported(Unsupported<'db>),
    /// Something is missing that must be there: a mistake of this compiler.
    Missing(String),
}

impl<'db> From<Unsupported<'db>> for LinkError<'db> {
    fn from(what: Unsupported<'db>) -> Self {
        Self::Unsupported(what)
    }
}

/// Links a module.
///
/// # Errors
///
/// What can't be compiled yet.
pub fn link<'db>(input: &LinkInput<'_, 'db>) -> Result<CoreModule<'db>, LinkError<'db>> {
    let options = |memory| Options { memory, inline_counts: input.release, keeps_values: !input.release };
    let mut linker = Linker::new(input, options(Memory::Counted));
    linker.gather()?;
    if arena::fits(&linker) {
        let mut in_arena = Linker::new(input, options(Memory::Arena));
        // A runtime without an arena has none of its functions; then the counted module stands.
        if in_arena.gather().is_ok() {
            linker = in_arena;
        }
    }
    if let Some(too_large) = linker.too_large {
        return Err(too_large.into());
    }
    module::write(&linker)
}

/// What engines take at most: parameters, locals, bytes of a function (the limits of the JavaScript API).
const MOST_PARAMS: usize = 1000;
const MOST_LOCALS: usize = 49_000;
const MOST_CODE: usize = 7_000_000;

/// A function that will be in the module.
struct Placed<'db> {
    code: Arc<CompiledFunction<'db>>,
    exports: Vec<String>,
}

/// What has been gathered so far.
struct Linker<'a, 'db> {
    input: &'a LinkInput<'a, 'db>,
    reprs: Reprs<'a, 'db>,
    /// Types as they cross the boundary.
    crossing: Reprs<'a, 'db>,
    options: Options,
    /// The functions in the order in which they were met.
    placed: Vec<Placed<'db>>,
    /// Where a symbol's function is.
    index: FxHashMap<Symbol<'db>, Target>,
    /// The imports that are called: module, field, type.
    imports: Vec<(String, String, crate::lir::Sig)>,
    /// What is yet to be compiled.
    todo: Vec<Symbol<'db>>,
    /// The first function that no engine would take.
    too_large: Option<Unsupported<'db>>,
}

/// What a symbol stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    /// The n-th import.
    Import(u32),
    /// The n-th function of the module.
    Function(u32),
}

impl<'a, 'db> Linker<'a, 'db> {
    fn new(input: &'a LinkInput<'a, 'db>, options: Options) -> Self {
        Self {
            input,
            reprs: Reprs::new(input.source.program()),
            crossing: Reprs::crossing(input.source.program()),
            options,
            placed: Vec::new(),
            index: FxHashMap::default(),
            imports: Vec::new(),
            todo: Vec::new(),
            too_large: None,
        }
    }

    fn context(&self) -> Context<'_, 'a, 'db> {
        Context { reprs: &self.reprs, options: self.options }
    }

    /// Does something with what converts values at the boundary.
    fn at_boundary<T>(&self, act: impl FnOnce(&Crossing<'_, 'a, 'db>) -> T) -> T {
        let passing = |instance| self.input.source.function(instance).map(|function| function.params.clone());
        act(&Crossing {
            inside: self.context(),
            outside: &self.crossing,
            resources: &self.input.resources,
            passing: &passing,
        })
    }

    /// Compiles what is exported and all that it needs.
    fn gather(&mut self) -> Result<(), LinkError<'db>> {
        for export in &self.input.exports {
            let passing = self.input.source.function(export.instance).map(|f| f.params.clone());
            let Some(passing) = passing else {
                return Err(LinkError::Missing(format!("the function behind `{}`", export.name)));
            };
            let adapter = self.at_boundary(|boundary| emit(&boundary.export_adapter(export, &passing)));
            self.place(None, adapter, vec![export.name.clone()]);
            if let Some(post) = self.at_boundary(|boundary| boundary.post_return(export)) {
                self.place(None, emit(&post), vec![format!("cabi_post_{}", export.name)]);
            }
            self.compile_all()?;
        }
        for resource in &self.input.resources {
            let drop = resource.drop.and_then(|drop| self.input.source.function(drop));
            let passing = drop.and_then(|drop| drop.params.first()).copied();
            let code = self.at_boundary(|boundary| emit(&boundary.destructor(resource, passing)));
            self.place(None, code, vec![resource.destructor.clone()]);
            self.compile_all()?;
        }
        // What calls it may have been optimised away; a program imports the same however well it is compiled.
        for import in &self.input.imports {
            self.refer(&Symbol::CoreImport(import.item))?;
        }
        if self.needs_realloc() {
            self.refer(&Symbol::Runtime(RuntimeFn::Realloc))?;
            self.compile_all()?;
            if let Some(Target::Function(n)) = self.index.get(&Symbol::Runtime(RuntimeFn::Realloc)).copied() {
                self.placed[n as usize].exports.push("cabi_realloc".to_owned());
            }
        }
        Ok(())
    }

    /// Whether the host needs memory to pass something: a parameter of an export, the result of an import.
    fn needs_realloc(&self) -> bool {
        let context = self.context();
        let exports = self.input.exports.iter().any(|export| {
            self.crossing.flat_all(&export.params).len() > crate::adapter::MAX_PARAMS
                || export.params.iter().any(|ty| !context.is_plain(*ty) && holds_memory(&context, *ty))
        });
        let used = |import: &&ImportFn<'db>| {
            self.index.contains_key(&Symbol::CoreImport(import.item))
                || self.index.contains_key(&Symbol::Import(import.item))
        };
        exports
            || self
                .input
                .imports
                .iter()
                .filter(used)
                .filter_map(|i| i.result)
                .any(|ty| holds_memory(&context, ty))
    }

    fn place(&mut self, symbol: Option<Symbol<'db>>, code: CompiledFunction<'db>, exports: Vec<String>) {
        self.place_shared(symbol, Arc::new(code), exports);
    }

    fn place_shared(
        &mut self,
        symbol: Option<Symbol<'db>>,
        code: Arc<CompiledFunction<'db>>,
        exports: Vec<String>,
    ) {
        if code.sig.params.len().max(code.sig.results.len()) > MOST_PARAMS
            || code.locals.len() > MOST_LOCALS
            || code.code.len() > MOST_CODE
        {
            let site = code.sites.iter().find_map(|site| site.trap.site);
            self.too_large.get_or_insert(Unsupported { what: format!("the size of `{}`", code.name), site });
        }
        let mut refers = Vec::new();
        for hole in &code.holes {
            match &hole.filler {
                Filler::Function(symbol) => refers.push(symbol.clone()),
                Filler::Address(Address::Table(symbol) | Address::StaticClosure(symbol)) => {
                    refers.push(symbol.clone());
                }
                _ => {}
            }
        }
        // The list is worked off from its end.
        refers.reverse();
        self.todo.extend(refers);
        if let Some(symbol) = symbol {
            self.index.insert(symbol, Target::Function(self.placed.len() as u32));
        }
        self.placed.push(Placed { code, exports });
    }

    fn compile_all(&mut self) -> Result<(), LinkError<'db>> {
        while let Some(symbol) = self.todo.pop() {
            self.refer(&symbol)?;
        }
        Ok(())
    }

    /// Makes sure that a symbol has its place.
    fn refer(&mut self, symbol: &Symbol<'db>) -> Result<(), LinkError<'db>> {
        if self.index.contains_key(symbol) {
            return Ok(());
        }
        match symbol {
            Symbol::Runtime(function) => {
                let missing = || LinkError::Missing(format!("`{}` of the runtime", function.name()));
                let instance =
                    self.input.source.runtime(*function, self.options.memory).ok_or_else(missing)?;
                let target = Symbol::Instance(instance);
                self.refer(&target)?;
                if let Some(place) = self.index.get(&target).copied() {
                    self.index.insert(symbol.clone(), place);
                }
            }
            Symbol::Instance(instance) => {
                let code = self.compile(*instance)?;
                self.place_shared(Some(symbol.clone()), code, Vec::new());
            }
            Symbol::Helper(helper) => {
                let callee = match helper {
                    Helper::ClosureEntry(instance, _) | Helper::FreeClosure(instance, _) => {
                        let missing =
                            || LinkError::Missing(format!("the function of a closure: {instance:?}"));
                        Some(self.input.source.function(*instance).ok_or_else(missing)?)
                    }
                    _ => None,
                };
                let code = emit(&self.context().helper(*helper, callee));
                self.place(Some(symbol.clone()), code, Vec::new());
            }
            Symbol::Import(item) => self.refer_import(symbol, *item)?,
            Symbol::CoreImport(item) => {
                let import = self.import_of(*item)?;
                let sig = self.at_boundary(|boundary| boundary.canonical_sig(&import.params, import.result));
                self.import(symbol, import.module.clone(), import.field.clone(), sig);
            }
            Symbol::ResourceDrop(item) => {
                let missing = || LinkError::Missing(format!("the drop of resource {item:?}"));
                let (module, field) = (self.input.resource_drop)(*item).ok_or_else(missing)?;
                let sig = Sig { params: vec![Val::I32], results: Vec::new() };
                self.import(symbol, module, field, sig);
            }
            Symbol::EndDrop(ty) => match (self.input.end_drop)(*ty) {
                Some((module, field)) => {
                    let sig = Sig { params: vec![Val::I32], results: Vec::new() };
                    self.import(symbol, module, field, sig);
                }
                // Nobody ever has one.
                None => {
                    let mut b = Builder::new("drop of what is never there".to_owned(), &[Val::I32], &[]);
                    b.unreachable();
                    self.place(Some(symbol.clone()), emit(&b.finish()), Vec::new());
                }
            },
            Symbol::Resource(function, item) => {
                let missing = || LinkError::Missing(format!("{} of {item:?}", function.prefix()));
                let (module, field) = (self.input.resource)(*function, *item).ok_or_else(missing)?;
                let results = if *function == ResourceFn::Drop { Vec::new() } else { vec![Val::I32] };
                self.import(symbol, module, field, Sig { params: vec![Val::I32], results });
            }
        }
        Ok(())
    }

    fn import_of(&self, item: Item<'db>) -> Result<&'a ImportFn<'db>, LinkError<'db>> {
        let found = self.input.imports.iter().find(|import| import.item == item);
        found.ok_or_else(|| LinkError::Missing(format!("the import {item:?}")))
    }

    fn refer_import(&mut self, symbol: &Symbol<'db>, item: Item<'db>) -> Result<(), LinkError<'db>> {
        let import = self.import_of(item)?;
        match self.at_boundary(|boundary| boundary.import_adapter(import)) {
            Some(adapter) => self.place(Some(symbol.clone()), emit(&adapter), Vec::new()),
            None => {
                let core = Symbol::CoreImport(item);
                self.refer(&core)?;
                if let Some(place) = self.index.get(&core).copied() {
                    self.index.insert(symbol.clone(), place);
                }
            }
        }
        Ok(())
    }

    fn import(&mut self, symbol: &Symbol<'db>, module: String, field: String, sig: crate::lir::Sig) {
        self.index.insert(symbol.clone(), Target::Import(self.imports.len() as u32));
        self.imports.push((module, field, sig));
    }

    /// Compiles a function of MIR, or glue that is made here.
    fn compile(&self, instance: Instance<'db>) -> Result<Arc<CompiledFunction<'db>>, LinkError<'db>> {
        let db = self.input.source.program().db();
        let context = self.context();
        let func = match (instance.kind(db), instance.type_args(db).first()) {
            (InstanceKind::DropGlue, Some(ty)) => context.drop_glue(*ty),
            (InstanceKind::DupGlue, Some(ty)) => context.dup_glue(*ty),
            _ => {
                if let Some(kept) = self.input.source.compiled(instance, self.options.memory) {
                    return Ok(kept?);
                }
                let name = || dot_mir::print::instance_name(db, instance);
                let missing = || LinkError::Missing(format!("the function {}", name()));
                lower(context, self.input.source.function(instance).ok_or_else(missing)?)?
            }
        };
        Ok(Arc::new(emit(&func)))
    }
}

/// Whether a value of a type holds memory: a string or a list.
fn holds_memory<'db>(context: &Context<'_, '_, 'db>, ty: Ty<'db>) -> bool {
    use crate::repr::Repr;
    match &*context.reprs.repr(ty) {
        Repr::Scalar(_) | Repr::Handle => false,
        Repr::List(_) | Repr::Closure | Repr::Boxed => true,
        Repr::Record(fields) => fields.iter().any(|field| holds_memory(context, *field)),
        Repr::Variant(cases) => cases.iter().flatten().any(|part| holds_memory(context, *part)),
    }
}
