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

use super::import::{ImportKind, ImportedFunction, kebab_case};
use crate::NameCase;
use smol_str::SmolStr;
use std::fmt::Write;
use wit_parser::{
    Docs, Function, FunctionKind, Handle, InterfaceId, Resolve, Type, TypeDef, TypeDefKind, TypeId, TypeOwner,
};

/// An interface in Dot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rendered {
    /// The declarations.
    pub text: String,
    /// The functions in the order of the text.
    pub functions: Vec<ImportedFunction>,
    /// The interface's documentation.
    pub docs: SmolStr,
}

/// Writes out an interface: what it uses, its types, its functions, each in the order of the WIT.
pub(crate) fn render(resolve: &Resolve, id: InterfaceId) -> Rendered {
    let interface = &resolve.interfaces[id];
    let mut renderer = Renderer {
        resolve,
        id,
        name: resolve.id_of(id).unwrap_or_default().into(),
        out: Rendered {
            docs: interface.docs.contents.as_deref().unwrap_or_default().trim_end().into(),
            ..Rendered::default()
        },
    };
    for (name, ty) in &interface.types {
        renderer.declare(name, &resolve.types[*ty]);
    }
    for function in interface.functions.values() {
        renderer.function(function);
    }
    renderer.out
}

struct Renderer<'a> {
    resolve: &'a Resolve,
    id: InterfaceId,
    name: SmolStr,
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

    fn declare(&mut self, name: &str, def: &TypeDef) {
        let head = |keyword: &str| format!("{keyword} {}", pascal(name));
        if let TypeDefKind::Type(Type::Id(target)) = def.kind
            && let Some(line) = self.use_line(name, target)
        {
            self.line(&line);
            return;
        }
        self.docs("", &def.docs);
        if let Some(attribute) = wit_attribute(name, &pascal(name)) {
            self.line(attribute.trim_end());
        }
        match &def.kind {
            TypeDefKind::Record(record) => {
                self.line(&(head("record") + " {"));
                for field in &record.fields {
                    let field_name = NameCase::Snake.convert(&field.name);
                    let ty = self.ty(&field.ty);
                    self.member(&field.name, &field_name, &field.docs, &format!("{field_name}: {ty}"));
                }
                self.line("}");
            }
            TypeDefKind::Variant(variant) => {
                self.line(&(head("variant") + " {"));
                for case in &variant.cases {
                    let part = case.ty.as_ref().map(|ty| format!("({})", self.ty(ty))).unwrap_or_default();
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
                let target = self.kind(other);
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
        let TypeOwner::Interface(owner) = def.owner else { return None };
        if owner == self.id {
            return None;
        }
        let (there, here) = (pascal(def.name.as_ref()?), pascal(name));
        let renamed = if there == here { there } else { format!("{there} as {here}") };
        Some(format!("pub use {}.{{{renamed}}}", self.resolve.id_of(owner)?))
    }

    fn function(&mut self, function: &Function) {
        let Some(kind) = self.import_kind(&function.kind) else { return };
        let is_method = matches!(kind, ImportKind::Method { .. });
        let (owner, dot_name) = match &kind {
            ImportKind::Freestanding | ImportKind::Method { .. } => {
                (String::new(), NameCase::Snake.convert(function.item_name()))
            }
            ImportKind::Static { resource } => {
                (pascal(resource) + ".", NameCase::Snake.convert(function.item_name()))
            }
            ImportKind::Constructor { resource } => (pascal(resource) + ".", "new".to_owned()),
        };
        let params: Vec<String> = function
            .params
            .iter()
            .enumerate()
            .map(|(index, param)| {
                let name = NameCase::Snake.convert(&param.name);
                // Only a method's first parameter may be called `self` in Dot.
                let name =
                    if name == "self" && !(is_method && index == 0) { "self_".to_owned() } else { name };
                format!("{name}: {}", self.ty(&param.ty))
            })
            .collect();
        let ret = function.result.as_ref().map(|ty| format!(" -> {}", self.ty(ty))).unwrap_or_default();
        self.docs("", &function.docs);
        let spelled = if owner.ends_with('.') && dot_name == "new" { "new" } else { function.item_name() };
        if let Some(attribute) = wit_attribute(spelled, &dot_name) {
            self.line(attribute.trim_end());
        }
        self.line(&format!("fn {owner}{dot_name}({}){ret} {{}}", params.join(", ")));
        let lends = function.params.iter().map(|param| self.mentions(&param.ty, Mention::Borrow)).collect();
        let types = function.params.iter().map(|param| &param.ty).chain(&function.result);
        let unsupported = types.clone().any(|ty| self.mentions(ty, Mention::ErrorContext));
        self.out.functions.push(ImportedFunction {
            interface: self.name.clone(),
            name: function.name.as_str().into(),
            kind,
            is_async: function.kind.is_async(),
            waits: function.kind.is_async() || self.waits_by_contract(function.item_name()),
            lends,
            unsupported: unsupported.then(|| "`error-context`".into()),
            dot_name: dot_name.into(),
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

    fn ty(&self, ty: &Type) -> String {
        let plain = match ty {
            Type::Bool => "bool",
            Type::U8 => "u8",
            Type::U16 => "u16",
            Type::U32 => "u32",
            Type::U64 => "u64",
            Type::S8 => "s8",
            Type::S16 => "s16",
            Type::S32 => "s32",
            Type::S64 => "s64",
            Type::F32 => "f32",
            Type::F64 => "f64",
            Type::Char => "char",
            Type::String => "string",
            // Has no counterpart in Dot; functions that mention it are marked.
            Type::ErrorContext => "()",
            Type::Id(id) => {
                let def = &self.resolve.types[*id];
                return match &def.name {
                    Some(name) => pascal(name),
                    None => self.kind(&def.kind),
                };
            }
        };
        plain.to_owned()
    }

    fn kind(&self, kind: &TypeDefKind) -> String {
        let optional = |ty: &Option<Type>| ty.as_ref().map_or_else(|| "()".to_owned(), |ty| self.ty(ty));
        match kind {
            TypeDefKind::Handle(Handle::Own(id) | Handle::Borrow(id)) | TypeDefKind::Type(Type::Id(id)) => {
                self.ty(&Type::Id(*id))
            }
            TypeDefKind::Type(ty) => self.ty(ty),
            TypeDefKind::Tuple(tuple) => {
                let parts: Vec<String> = tuple.types.iter().map(|ty| self.ty(ty)).collect();
                if parts.is_empty() { "()".to_owned() } else { format!("tuple<{}>", parts.join(", ")) }
            }
            TypeDefKind::Option(ty) => format!("option<{}>", self.ty(ty)),
            TypeDefKind::Result(result) => {
                format!("result<{}, {}>", optional(&result.ok), optional(&result.err))
            }
            TypeDefKind::List(ty) => format!("list<{}>", self.ty(ty)),
            TypeDefKind::Map(key, value) => format!("map<{}, {}>", self.ty(key), self.ty(value)),
            TypeDefKind::FixedLengthList(ty, length) => format!("list<{}, {length}>", self.ty(ty)),
            TypeDefKind::Future(ty) => format!("future<{}>", optional(ty)),
            TypeDefKind::Stream(ty) => format!("stream<{}>", optional(ty)),
            // These have names, so they are declared and never written in place.
            TypeDefKind::Record(_)
            | TypeDefKind::Resource
            | TypeDefKind::Flags(_)
            | TypeDefKind::Variant(_)
            | TypeDefKind::Enum(_)
            | TypeDefKind::Unknown => "()".to_owned(),
        }
    }

    /// Whether a type holds what is looked for, at any depth. Types of WIT are never recursive.
    fn mentions(&self, ty: &Type, what: Mention) -> bool {
        let id = match ty {
            Type::ErrorContext => return what == Mention::ErrorContext,
            Type::Id(id) => id,
            _ => return false,
        };
        let any = |mut types: &mut dyn Iterator<Item = &Type>| {
            Iterator::any(&mut types, |ty| self.mentions(ty, what))
        };
        match &self.resolve.types[*id].kind {
            TypeDefKind::Handle(Handle::Borrow(_)) => what == Mention::Borrow,
            TypeDefKind::Handle(Handle::Own(_))
            | TypeDefKind::Resource
            | TypeDefKind::Flags(_)
            | TypeDefKind::Enum(_)
            | TypeDefKind::Unknown => false,
            TypeDefKind::Record(record) => any(&mut record.fields.iter().map(|field| &field.ty)),
            TypeDefKind::Variant(variant) => {
                any(&mut variant.cases.iter().filter_map(|case| case.ty.as_ref()))
            }
            TypeDefKind::Tuple(tuple) => any(&mut tuple.types.iter()),
            TypeDefKind::Option(ty)
            | TypeDefKind::List(ty)
            | TypeDefKind::FixedLengthList(ty, _)
            | TypeDefKind::Type(ty) => self.mentions(ty, what),
            TypeDefKind::Result(result) => any(&mut result.ok.iter().chain(&result.err)),
            TypeDefKind::Map(key, value) => self.mentions(key, what) || self.mentions(value, what),
            TypeDefKind::Future(ty) | TypeDefKind::Stream(ty) => any(&mut ty.iter()),
        }
    }
}

/// What is looked for in a type.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mention {
    Borrow,
    ErrorContext,
}

fn pascal(name: &str) -> String {
    NameCase::Pascal.convert(name)
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
