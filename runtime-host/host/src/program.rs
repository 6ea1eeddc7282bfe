//! A loaded component: what it can do, ready to be called.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use serde_json::Value as Json;
use wasmtime::component::types::{ComponentFunc, ComponentItem};
use wasmtime::component::{Component, Type};

use crate::call::Linked;
use crate::engine::Engine;
use crate::failure::Failure;
use crate::grants;
use crate::meta::{DotMeta, Meta, ParamMeta};
use crate::names::{snake, split_interface};
use crate::nominal::Nominal;
use crate::precompiled;
use crate::sections::{self, Code, Kind};
use crate::ty::{Export, Ty, Types, any_alike};
use crate::written::refine;

/// Nodes of all signatures together. Types that a person wrote have some thousands.
const TYPE_BUDGET: usize = 1_000_000;

/// A component, compiled.
pub struct Program {
    pub(crate) engine: Engine,
    pub(crate) component: Component,
    /// The component's bytes; a precompiled file may come without.
    pub(crate) bytes: Option<Arc<[u8]>>,
    meta: Option<Meta>,
    dots: Vec<Dot>,
    code: OnceLock<Arc<Code>>,
    /// The imports that need a grant or an implementation.
    pub(crate) needed: BTreeSet<String>,
    /// Linked when it is first called.
    pub(crate) linked: OnceLock<Result<Linked, Failure>>,
    /// The same component compiled so that values can be read, made when it is first needed.
    pub(crate) replay: OnceLock<Option<Linked>>,
}

/// An exported function.
#[derive(Clone, Debug, PartialEq)]
pub struct Dot {
    /// The interface's name as exported, `local:hello/hello`; none at the world's level.
    pub interface: Option<String>,
    /// The function's WIT name.
    pub name: String,
    /// The name in Dot.
    pub dot: String,
    /// The author's words, in Markdown.
    pub docs: String,
    /// The parameters, in order.
    pub params: Vec<Param>,
    /// The result's type; none is `()`.
    pub result: Option<Ty>,
    /// The names of its effects, where the author's compiler told them.
    pub effects: Vec<String>,
}

/// A parameter of a [`Dot`].
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// The WIT name.
    pub name: String,
    /// The name in Dot.
    pub dot: String,
    /// The type.
    pub ty: Ty,
    /// The author's words.
    pub docs: String,
    /// The default, in JSON.
    pub default: Option<Json>,
    /// Constraints by attribute name.
    pub constraints: Vec<(String, Json)>,
}

impl Program {
    /// Loads a component from its bytes.
    pub fn from_bytes(engine: &Engine, bytes: impl Into<Arc<[u8]>>) -> Result<Program, Failure> {
        let bytes = bytes.into();
        check_kind(&bytes)?;
        let component = Component::from_binary(&engine.inner, &bytes)
            .map_err(|e| Failure::Load(format!("this is not a valid component: {e:#}")))?;
        Program::new(engine, component, Some(bytes))
    }

    /// Loads a component from a file.
    pub fn from_file(engine: &Engine, path: &Path) -> Result<Program, Failure> {
        let bytes = std::fs::read(path).map_err(|e| Failure::Load(format!("{}: {e}", path.display())))?;
        Program::from_bytes(engine, bytes).map_err(|failure| in_file(path, failure))
    }

    /// Loads a file that [`Program::precompile`] made. Its native code runs *unchecked*: only for files that
    /// come from oneself.
    pub fn from_precompiled(engine: &Engine, path: &Path) -> Result<Program, Failure> {
        let (component, bytes) = precompiled::load(engine, path).map_err(|f| in_file(path, f))?;
        Program::new(engine, component, bytes)
    }

    /// Compiles a component ahead of time, for engines with the same options on the same kind of machine;
    /// `dot run` takes what [`crate::EngineOptions::UNMETERED`] made.
    pub fn precompile(engine: &Engine, bytes: &[u8]) -> Result<Vec<u8>, Failure> {
        check_kind(bytes)?;
        precompiled::make(engine, bytes)
    }

    fn new(engine: &Engine, component: Component, bytes: Option<Arc<[u8]>>) -> Result<Program, Failure> {
        let meta = bytes.as_deref().and_then(sections::read_meta);
        let dots = reflect(engine, &component, bytes.as_deref(), meta.as_ref())?;
        Ok(Program {
            needed: grants::needed(engine, &component),
            linked: OnceLock::new(),
            engine: engine.clone(),
            component,
            bytes,
            meta,
            dots,
            code: OnceLock::new(),
            replay: OnceLock::new(),
        })
    }

    /// The functions that can be called, in the order of the component's exports. Functions of resources are
    /// not among them: nothing outside a program can hold a resource.
    pub fn dots(&self) -> &[Dot] {
        &self.dots
    }

    /// What the component's author says, if its compiler wrote it down.
    pub fn meta(&self) -> Option<&Meta> {
        self.meta.as_ref()
    }

    /// Whether the component imports nothing that could act on the world.
    pub fn is_pure(&self) -> bool {
        self.needed.is_empty()
    }

    pub(crate) fn code(&self) -> &Arc<Code> {
        self.code.get_or_init(|| Arc::new(self.bytes.clone().map(Code::read).unwrap_or_default()))
    }
}

fn in_file(path: &Path, failure: Failure) -> Failure {
    match failure {
        Failure::Load(message) => Failure::Load(format!("{}: {message}", path.display())),
        other => other,
    }
}

/// Says in plain words why a file is not a component.
fn check_kind(bytes: &[u8]) -> Result<(), Failure> {
    let message = match sections::detect(bytes) {
        Kind::Component => return Ok(()),
        Kind::Empty => "the file is empty",
        Kind::CoreModule => {
            "this is a core WebAssembly module, not a component; `wasm-tools component new` makes a component of \
             one that was built for it"
        }
        Kind::OtherVersion => "this is a WebAssembly binary of a version that this host does not know",
        Kind::Text => "this is WebAssembly text; `wasm-tools parse` makes a binary of it",
        Kind::Precompiled => {
            "this is native code, which runs outside the sandbox's checks; it is only loaded when asked for as a \
             precompiled component"
        }
        Kind::Junk => "this is not a WebAssembly component: it does not start with `\\0asm`",
    };
    Err(Failure::Load(message.to_string()))
}

/// Finds the exported functions.
fn reflect(
    engine: &Engine,
    component: &Component,
    bytes: Option<&[u8]>,
    meta: Option<&Meta>,
) -> Result<Vec<Dot>, Failure> {
    let ty = component.component_type();
    let mut exports = Vec::new();
    let mut functions: Vec<(Option<String>, Option<String>, String, ComponentFunc)> = Vec::new();
    for (name, item) in ty.exports(&engine.inner) {
        match item.ty {
            ComponentItem::ComponentFunc(func) => functions.push((None, None, name.to_string(), func)),
            ComponentItem::Type(ty) => exports.push(named_type(None, None, name, ty)),
            ComponentItem::ComponentInstance(instance) => {
                let short = short_name(name, meta);
                for (inner, item) in instance.exports(&engine.inner) {
                    let (interface, short) = (Some(name.to_string()), short.clone());
                    match item.ty {
                        ComponentItem::ComponentFunc(func) => {
                            functions.push((interface, short, inner.to_string(), func));
                        }
                        ComponentItem::Type(ty) => exports.push(named_type(interface, short, inner, ty)),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    let names = || ty.exports(&engine.inner).map(|(name, _)| name);
    let nominal = bytes.filter(|_| any_alike(&exports)).and_then(|b| Nominal::read(b, names()));
    let budget = Cell::new(TYPE_BUDGET);
    let types = Types { exports: &exports, meta, budget, owners: RefCell::default() };
    functions
        .into_iter()
        .filter(|(_, _, name, _)| !name.starts_with('['))
        .map(|(interface, short, name, func)| {
            let known = meta.and_then(|m| m.dot(short.as_deref(), &name));
            let owners = nominal.as_ref().map(|n| n.of_function(interface.as_deref(), &name));
            types.owners.replace(owners.unwrap_or_default().into());
            make_dot(&types, interface, name, &func, known)
        })
        .collect::<Option<Vec<Dot>>>()
        .ok_or_else(|| Failure::Load("the component's types are too large".to_string()))
}

fn named_type(interface: Option<String>, short: Option<String>, name: &str, ty: Type) -> Export {
    Export { interface, short, name: name.to_string(), ty }
}

/// The interface's name inside the package that `dot-meta` describes.
fn short_name(interface: &str, meta: Option<&Meta>) -> Option<String> {
    let described = meta.map(|m| m.package.split_once('@').map_or(m.package.as_str(), |(name, _)| name));
    match split_interface(interface) {
        (Some(package), short) if described == Some(package) => Some(short.to_string()),
        (None, short) => Some(short.to_string()),
        _ => None,
    }
}

fn make_dot(
    types: &Types<'_>,
    interface: Option<String>,
    name: String,
    func: &ComponentFunc,
    known: Option<&DotMeta>,
) -> Option<Dot> {
    let params = func
        .params()
        .map(|(wit, ty)| {
            let ty = types.convert(interface.as_deref(), &ty)?;
            let known = known.and_then(|k| k.params.iter().find(|p| p.name == wit));
            Some(make_param(wit, ty, known))
        })
        .collect::<Option<Vec<Param>>>()?;
    let result = match func.results().next() {
        Some(ty) => {
            let ty = types.convert(interface.as_deref(), &ty)?;
            Some(refine(ty, known.map_or("", |k| &k.result)))
        }
        None => None,
    };
    Some(Dot {
        dot: known.map_or_else(|| snake(&name), |k| k.dot.clone()),
        docs: known.map(|k| k.docs.clone()).unwrap_or_default(),
        effects: known.map(|k| k.effects.clone()).unwrap_or_default(),
        interface,
        name,
        params,
        result,
    })
}

fn make_param(wit: &str, ty: Ty, known: Option<&ParamMeta>) -> Param {
    Param {
        name: wit.to_string(),
        dot: known.map_or_else(|| snake(wit), |k| k.dot.clone()),
        ty: match known {
            Some(known) => refine(ty, &known.ty),
            None => ty,
        },
        docs: known.map(|k| k.docs.clone()).unwrap_or_default(),
        default: known.and_then(|k| k.default.clone()),
        constraints: known
            .map(|k| k.constraints.iter().map(|(n, v)| (n.clone(), v.clone())).collect())
            .unwrap_or_default(),
    }
}
