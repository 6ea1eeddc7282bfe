//! Programs in memory, linked to core modules and run by wasmtime.
#![allow(dead_code, reason = "each test file uses its part")]

use dot_codegen::{CoreModule, ExportFn, LinkError, LinkInput, Place, QuerySource, SourceResolver, link};
use dot_db::{Database, Item, Origin, PackageTexts, Project, module_named, new_project};
use dot_hir::items_of;
use dot_mir::ir::Site;
use dot_mir::{Instance, InstanceKind, Level};
use dot_types::{Ty, TyKind};
use wasmtime::{Engine, Instance as WasmInstance, Module, Store, Val};

/// A project of one module `main` over the whole standard library; nothing may be wrong with it.
pub fn program(text: &str) -> Database {
    let db = Database::default();
    let root = PackageTexts::new("acme:geo", Origin::User, &[("main", text)]);
    new_project(&db, &root, &PackageTexts::new("dot:std", Origin::Std, dot_stdlib::MODULES));
    let module = module_named(&db, Project::get(&db).root(&db), "main").expect("the module");
    let told = dot_types::module_diagnostics(&db, module);
    let told: Vec<_> = told.iter().filter(|d| d.is_error()).collect();
    assert!(told.is_empty(), "{told:?}\n{text}");
    db
}

/// The item of that name in `main`.
pub fn item<'db>(db: &'db Database, name: &str) -> Item<'db> {
    let module = module_named(db, Project::get(db).root(db), "main").expect("the module");
    let found = items_of(db, module).iter().find(|item| item.name(db) == name);
    *found.unwrap_or_else(|| panic!("no `{name}`"))
}

/// No source: every place is on line 1.
pub struct Nowhere;

impl<'db> SourceResolver<'db> for Nowhere {
    fn place(&self, site: Site<'db>) -> Option<Place> {
        let column = site.expr.0 + 1;
        Some(Place { file: "main.dot".to_owned(), line: 1, column, end_line: 1, end_column: column + 1 })
    }
}

/// Exports functions of `main`, under their own names.
pub fn try_link<'db>(
    db: &'db Database,
    names: &[&str],
    level: Level,
    strip: bool,
) -> Result<CoreModule<'db>, LinkError<'db>> {
    let exports = names.iter().map(|name| export(db, name)).collect();
    link_exports(db, exports, level, strip)
}

/// A function of `main` as an export.
pub fn export<'db>(db: &'db Database, name: &str) -> ExportFn<'db> {
    let item = item(db, name);
    let signature = dot_types::fn_signature(db, item);
    let unit = matches!(signature.ret.kind(db), TyKind::Tuple(parts) if parts.is_empty());
    ExportFn {
        receiver: None,
        lent: Vec::new(),
        name: name.to_owned(),
        instance: Instance::new(db, InstanceKind::Item(item), Vec::<Ty<'db>>::new()),
        params: signature.params.iter().map(|param| param.ty).collect(),
        result: (!unit).then_some(signature.ret),
    }
}

/// Exports these.
pub fn link_exports<'db>(
    db: &'db Database,
    exports: Vec<ExportFn<'db>>,
    level: Level,
    strip: bool,
) -> Result<CoreModule<'db>, LinkError<'db>> {
    let source = QuerySource::new(db, level);
    link(&LinkInput {
        source: &source,
        resolver: &Nowhere,
        exports,
        imports: Vec::new(),
        resources: Vec::new(),
        resource: &|_, _| None,
        end_drop: &|_| None,
        resource_drop: &|_| None,
        strip,
        release: level == Level::Release,
    })
}

/// As [`try_link`]; the module is valid.
pub fn module(db: &Database, names: &[&str], level: Level) -> Vec<u8> {
    let module = match try_link(db, names, level, false) {
        Ok(module) => module,
        Err(error) => panic!("{error:?}"),
    };
    let text = || wasmprinter::print_bytes(&module.bytes).unwrap_or_else(|error| error.to_string());
    if let Err(error) = wasmparser::Validator::new().validate_all(&module.bytes) {
        panic!("{error}\n{}", text());
    }
    if std::env::var_os("SHOW").is_some() {
        println!("{}", text());
    }
    module.bytes
}

/// A running module.
pub struct Machine {
    pub store: Store<()>,
    pub instance: WasmInstance,
}

impl Machine {
    /// Compiles functions of a program and starts it.
    pub fn new(text: &str, names: &[&str], level: Level) -> Self {
        let db = program(text);
        Self::of(&module(&db, names, level))
    }

    /// Starts a module.
    pub fn of(bytes: &[u8]) -> Self {
        let engine = Engine::default();
        let module = Module::new(&engine, bytes).expect("the engine takes the module");
        let mut store = Store::new(&engine, ());
        let instance = WasmInstance::new(&mut store, &module, &[]).expect("it starts");
        Self { store, instance }
    }

    /// Calls an export; a trap is the error.
    pub fn call(&mut self, name: &str, args: &[Val]) -> Result<Vec<Val>, String> {
        let function = self.instance.get_func(&mut self.store, name).expect("the export");
        let count = function.ty(&self.store).results().len();
        let mut results = vec![Val::I32(0); count];
        match function.call(&mut self.store, args, &mut results) {
            Ok(()) => Ok(results),
            Err(error) => Err(error.root_cause().to_string()),
        }
    }

    fn memory(&mut self) -> wasmtime::Memory {
        self.instance.get_memory(&mut self.store, "memory").expect("the memory")
    }

    /// The size of the memory in bytes.
    pub fn memory_size(&mut self) -> usize {
        let memory = self.memory();
        memory.data_size(&self.store)
    }

    /// Passes bytes as a host does: address and length.
    pub fn pass(&mut self, bytes: &[u8], align: i32) -> [Val; 2] {
        let args = [Val::I32(0), Val::I32(0), Val::I32(align), Val::I32(bytes.len() as i32)];
        let at = self.call("cabi_realloc", &args).expect("memory")[0].unwrap_i32();
        let memory = self.memory();
        memory.write(&mut self.store, at as usize, bytes).expect("in memory");
        [Val::I32(at), Val::I32(bytes.len() as i32)]
    }

    /// Bytes in memory.
    pub fn bytes(&mut self, at: i32, len: i32) -> Vec<u8> {
        let memory = self.memory();
        memory.data(&self.store)[at as usize..][..len as usize].to_vec()
    }

    /// A `u32` in memory.
    pub fn word(&mut self, at: i32) -> i32 {
        i32::from_le_bytes(self.bytes(at, 4).try_into().expect("four bytes"))
    }

    /// Calls an export that gives a string, and ends the call.
    pub fn string(&mut self, name: &str, args: &[Val]) -> Result<String, String> {
        let area = self.call(name, args)?[0].unwrap_i32();
        let (at, len) = (self.word(area), self.word(area + 4));
        let text = String::from_utf8(self.bytes(at, len)).expect("UTF-8");
        let post = format!("cabi_post_{name}");
        if self.instance.get_func(&mut self.store, &post).is_some() {
            self.call(&post, &[Val::I32(area)]).expect("nothing fails after the call");
        }
        Ok(text)
    }
}

/// Both levels.
pub const LEVELS: [Level; 2] = [Level::Debug, Level::Release];
