//! An interface of WIT written out in Dot.
//!
//! ```text
//! interface streams {                            pub use wasi:io/error@0.2.12.{Error}
//!   use error.{error};
//!   variant stream-error {                       variant StreamError {
//!     last-operation-failed(error),                LastOperationFailed(Error),
//!     closed                                       Closed,
//!   }                                            }
//!   resource output-stream {                     resource OutputStream {}
//!     check-write: func() -> result<u64, …>;     fn check_write(self: OutputStream) -> result<u64, StreamError> {}
//! ```
//!
//! Names take the case of their kind in Dot; where that can't be undone by [`super::kebab_case`], `@wit("…")` keeps
//! the name in WIT. A handle is the resource's type, whether owned or lent. Functions have an empty body.

use super::content::{Content, Side, is_supplied};
use super::export::EXPORTED;
use super::features::{needs_of, needs_of_all};
use super::import::{ImportKind, ImportedFunction, kebab_case};
use super::lend::{Lend, gives_away};
use super::spell::{Speller, pascal};
use super::universe::WitUniverse;
use crate::NameCase;
use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use std::fmt::Write;
use wit_parser::{
    Docs, Function, FunctionKind, Resolve, Stability, Type, TypeDef, TypeDefKind, TypeId, TypeOwner,
};

/// An interface in Dot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rendered {
    /// The declarations.
    pub text: String,
    /// The functions in the order of the text.
    pub functions: Vec<ImportedFunction>,
    /// The names of the resources that the package supplies, in Dot, with those in WIT.
    pub supplied: Vec<(SmolStr, SmolStr)>,
    /// The module of its functions in a core module.
    pub core_module: SmolStr,
    /// The features of the target that the whole of it needs.
    pub needs: Vec<&'static str>,
    /// The interface's documentation.
    pub docs: SmolStr,
}

/// Writes out an interface or world: what it uses, its types, its functions, each in the order of the WIT. Nothing if
/// `id` names none.
pub(super) fn render(universe: &WitUniverse, id: &str, side: &Side) -> Rendered {
    let Some(content) = Content::of(universe, id, side) else { return Rendered::default() };
    let mut renderer = Renderer {
        universe,
        resolve: &universe.resolve,
        speller: Speller::plain(&universe.resolve),
        owner: content.owner,
        name: id.into(),
        content: &content,
        side,
        taken: FxHashSet::default(),
        out: Rendered {
            docs: content.docs.trim_end().into(),
            core_module: content.core.clone(),
            needs: needs_of_all(&universe.resolve, &content),
            ..Rendered::default()
        },
    };
    for (name, ty) in &content.types {
        renderer.ty(name, *ty);
    }
    for label in &content.inner {
        renderer.inner(label);
    }
    for function in &content.functions {
        renderer.function(function);
    }
    renderer.out
}

struct Renderer<'a> {
    universe: &'a WitUniverse,
    resolve: &'a Resolve,
    speller: Speller<'a>,
    owner: TypeOwner,
    name: SmolStr,
    content: &'a Content<'a>,
    side: &'a Side,
    /// The names of functions so far, with the names of their resources.
    taken: FxHashSet<(SmolStr, String)>,
    out: Rendered,
}

impl Renderer<'_> {
    fn line(&mut self, line: &str) {
        self.out.text.push_str(line);
        self.out.text.push('\n');
    }

    fn docs(&mut self, indent: &str, docs: &Docs) {
        for line in docs.contents.as_deref().unwrap_or_default().trim_end().lines() {
            self.line(format!("{indent}/// {line}").trim_end());
        }
    }

    /// The path at which the types of an owner are found: those that a package supplies at the exported interface.
    fn path_of(&self, owner: TypeOwner, is_supplied: bool) -> Option<String> {
        let (path, is_exported) = match (owner, self.side) {
            (TypeOwner::Interface(id), side) => {
                let named = self.resolve.id_of(id);
                let path = named.or_else(|| self.universe.inner_name(id).map(ToString::to_string))?;
                (path, is_supplied && matches!(side, Side::Export(exported) if exported.contains(&id)))
            }
            (TypeOwner::World(id), _) => {
                let world = &self.resolve.worlds[id];
                (self.resolve.id_of_name(world.package?, &world.name), false)
            }
            (TypeOwner::None, _) => return None,
        };
        Some(if is_exported { format!("{EXPORTED}{path}") } else { path })
    }

    fn ty(&mut self, name: &str, id: TypeId) {
        let def = &self.resolve.types[id];
        if let TypeDefKind::Type(Type::Id(target)) = def.kind
            && let Some(line) = self.use_line(name, target)
        {
            self.line(&line);
            return;
        }
        if let Side::Export(exported) = self.side {
            let is_named =
                matches!(def.owner, TypeOwner::Interface(id) if self.resolve.interfaces[id].name.is_some());
            let is_imported = is_named || matches!(def.owner, TypeOwner::World(_));
            if matches!(def.kind, TypeDefKind::Resource) && !matches!(def.owner, TypeOwner::World(_)) {
                self.out.supplied.push((pascal(name).into(), name.into()));
                return;
            }
            // Plain types are one for who imports and who exports.
            if is_imported
                && !is_supplied(self.resolve, id, exported)
                && let Some(path) = self.path_of(def.owner, false)
            {
                self.line(&format!("pub use {path}.{{{}}}", pascal(name)));
                return;
            }
        }
        self.declare(name, def);
    }

    /// The interface that stands in this world under a name.
    fn inner(&mut self, label: &str) {
        let (path, version) = match self.name.split_once('@') {
            Some((path, version)) => (path, format!("@{version}")),
            None => (self.name.as_str(), String::new()),
        };
        let exported = if matches!(self.side, Side::Export(_)) { EXPORTED } else { "" };
        let line = format!("pub use {exported}{path}/{label}{version} as {}", NameCase::Snake.convert(label));
        self.line(&line);
    }

    fn declare(&mut self, name: &str, def: &TypeDef) {
        let head = |keyword: &str| format!("{keyword} {}", pascal(name));
        self.docs("", &def.docs);
        if is_deprecated(&def.stability) {
            self.line("@deprecated");
        }
        if let Some(attribute) = wit_attribute(name, &pascal(name)) {
            self.line(attribute.trim_end());
        }
        match &def.kind {
            TypeDefKind::Record(record) => {
                self.line(&(head("record") + " {"));
                for field in &record.fields {
                    let field_name = NameCase::Snake.convert(&field.name);
                    let ty = self.speller.ty(&field.ty);
                    // The only word that can't be a field as it is.
                    let written = if field_name == "self" { "`self`" } else { field_name.as_str() };
                    self.member(&field.name, &field_name, &field.docs, &format!("{written}: {ty}"));
                }
                self.line("}");
            }
            TypeDefKind::Variant(variant) => {
                self.line(&(head("variant") + " {"));
                for case in &variant.cases {
                    let part =
                        case.ty.as_ref().map(|ty| format!("({})", self.speller.ty(ty))).unwrap_or_default();
                    self.case(&case.name, &case.docs, &part);
                }
                self.line("}");
            }
            TypeDefKind::Enum(cases) => {
                self.line(&(head("enum") + " {"));
                cases.cases.iter().for_each(|case| self.case(&case.name, &case.docs, ""));
                self.line("}");
            }
            TypeDefKind::Flags(flags) => {
                self.line(&(head("flags") + " {"));
                flags.flags.iter().for_each(|flag| self.case(&flag.name, &flag.docs, ""));
                self.line("}");
            }
            TypeDefKind::Resource => self.line(&(head("resource") + " {}")),
            other => {
                let target = self.speller.kind(other);
                self.line(&(head("type") + " = " + &target));
            }
        }
    }

    fn case(&mut self, name: &str, docs: &Docs, part: &str) {
        let case_name = pascal(name);
        self.member(name, &case_name, docs, &format!("{case_name}{part}"));
    }

    fn member(&mut self, wit: &str, dot: &str, docs: &Docs, text: &str) {
        self.docs("  ", docs);
        let attribute = wit_attribute(wit, dot).unwrap_or_default();
        self.line(&format!("  {attribute}{text},"));
    }

    /// The `use` for a type that is another interface's; none for one of this interface.
    fn use_line(&self, name: &str, target: TypeId) -> Option<String> {
        let def = &self.resolve.types[target];
        if def.owner == self.owner {
            return None;
        }
        let is_supplied =
            matches!(self.side, Side::Export(exported) if is_supplied(self.resolve, target, exported));
        let (there, here) = (pascal(def.name.as_ref()?), pascal(name));
        let renamed = if there == here { there } else { format!("{there} as {here}") };
        Some(format!("pub use {}.{{{renamed}}}", self.path_of(def.owner, is_supplied)?))
    }

    fn function(&mut self, function: &Function) {
        let Some(kind) = self.import_kind(&function.kind) else { return };
        let (owner, name) = dot_name(function, &kind);
        let mut free_name = name;
        while !self.taken.insert((SmolStr::from(kind.resource()), free_name.clone())) {
            free_name.push('_');
        }
        let params = self.speller.params(function);
        let params: Vec<String> = params.into_iter().map(|(name, ty)| format!("{name}: {ty}")).collect();
        let ret =
            function.result.as_ref().map(|ty| format!(" -> {}", self.speller.ty(ty))).unwrap_or_default();
        self.docs("", &function.docs);
        if is_deprecated(&function.stability) {
            self.line("@deprecated");
        }
        let spelled =
            if matches!(kind, ImportKind::Constructor { .. }) { "new" } else { function.item_name() };
        if let Some(attribute) = wit_attribute(spelled, &free_name) {
            self.line(attribute.trim_end());
        }
        let owner = if owner.is_empty() { owner } else { owner + "." };
        self.line(&format!("fn {owner}{free_name}({}){ret} {{}}", params.join(", ")));
        let lent: Vec<Lend> = function.params.iter().map(|param| Lend::of(self.resolve, &param.ty)).collect();
        let only_lends = |(param, lend): (&wit_parser::Param, &Lend)| {
            *lend != Lend::Nothing && !gives_away(self.resolve, &param.ty)
        };
        self.out.functions.push(ImportedFunction {
            interface: self.name.clone(),
            core_module: self.content.core.clone(),
            name: function.name.as_str().into(),
            is_async: function.kind.is_async(),
            waits: function.kind.is_async() || self.waits_by_contract(function.item_name()),
            lends: function.params.iter().zip(&lent).map(only_lends).collect(),
            lent,
            needs: needs_of(self.resolve, function, self.content.is_renamed),
            kind,
            dot_name: free_name.into(),
        });
    }

    /// Whether a plain function waits: in WASI 0.2 that is said by its name.
    fn waits_by_contract(&self, name: &str) -> bool {
        let of_poll = self.name.starts_with("wasi:io/poll@") && matches!(name, "poll" | "block");
        of_poll || name.starts_with("blocking-")
    }

    /// The kind of a function; none for what the WIT tools know and no standard has yet (getters and setters).
    fn import_kind(&self, kind: &FunctionKind) -> Option<ImportKind> {
        let resource = |id: &TypeId| Some(SmolStr::from(self.resolve.types[*id].name.as_deref()?));
        Some(match kind {
            FunctionKind::Freestanding | FunctionKind::AsyncFreestanding => ImportKind::Freestanding,
            FunctionKind::Method(id) | FunctionKind::AsyncMethod(id) => {
                ImportKind::Method { resource: resource(id)? }
            }
            FunctionKind::Static(id) | FunctionKind::AsyncStatic(id) => {
                ImportKind::Static { resource: resource(id)? }
            }
            FunctionKind::Constructor(id) => ImportKind::Constructor { resource: resource(id)? },
            FunctionKind::Getter
            | FunctionKind::Setter
            | FunctionKind::MethodGetter(_)
            | FunctionKind::MethodSetter(_)
            | FunctionKind::StaticGetter(_)
            | FunctionKind::StaticSetter(_) => return None,
        })
    }
}

/// What stands before the dot of a function's name in Dot, and the name.
fn dot_name(function: &Function, kind: &ImportKind) -> (String, String) {
    let name = NameCase::Snake.convert(function.item_name());
    match kind {
        ImportKind::Freestanding | ImportKind::Method { .. } => (String::new(), name),
        ImportKind::Static { resource } => (pascal(resource), name),
        ImportKind::Constructor { resource } => (pascal(resource), "new".to_owned()),
    }
}

fn is_deprecated(stability: &Stability) -> bool {
    match stability {
        Stability::Unknown => false,
        Stability::Unstable { deprecated, .. } | Stability::Stable { deprecated, .. } => deprecated.is_some(),
    }
}

/// `@wit("name") `, if the name in WIT is not what the name in Dot gives by rule.
fn wit_attribute(wit: &str, dot: &str) -> Option<String> {
    let mut text = String::new();
    if kebab_case(dot) != wit {
        // Names in WIT have no quotes or backslashes.
        write!(text, "@wit(\"{wit}\") ").ok()?;
    }
    (!text.is_empty()).then_some(text)
}
