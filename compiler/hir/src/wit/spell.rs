//! Types of WIT as Dot spells them.

use crate::NameCase;
use smol_str::SmolStr;
use wit_parser::{Function, FunctionKind, Handle, Resolve, Type, TypeDefKind, TypeId};

/// How the names of declared types are written.
pub(super) struct Speller<'a> {
    resolve: &'a Resolve,
    /// What stands before them: `store.`.
    prefix: String,
    /// Those that are called otherwise, and have no prefix: the resources that a package supplies.
    own: Vec<(TypeId, SmolStr)>,
}

impl<'a> Speller<'a> {
    /// As they are called in the interface itself.
    pub fn plain(resolve: &'a Resolve) -> Self {
        Self { resolve, prefix: String::new(), own: Vec::new() }
    }

    /// As a module writes them that exports the interface under a name.
    pub fn outside(resolve: &'a Resolve, alias: &str, own: Vec<(TypeId, SmolStr)>) -> Self {
        Self { resolve, prefix: format!("{alias}."), own }
    }

    /// A function's parameters: name and type.
    pub fn params(&self, function: &Function) -> Vec<(String, String)> {
        let is_method = matches!(function.kind, FunctionKind::Method(_) | FunctionKind::AsyncMethod(_));
        let named = function.params.iter().enumerate().map(|(index, param)| {
            let name = NameCase::Snake.convert(&param.name);
            // Only a method's first parameter may be called `self` in Dot.
            let name = if name == "self" && !(is_method && index == 0) { "self_".to_owned() } else { name };
            (name, self.ty(&param.ty))
        });
        named.collect()
    }

    /// A type where it is mentioned.
    pub fn ty(&self, ty: &Type) -> String {
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
            Type::Id(id) => return self.declared(*id),
        };
        plain.to_owned()
    }

    fn declared(&self, id: TypeId) -> String {
        let def = &self.resolve.types[id];
        if let Some((_, name)) = self.own.iter().find(|(own, _)| *own == id) {
            return name.to_string();
        }
        match &def.name {
            Some(name) => format!("{}{}", self.prefix, pascal(name)),
            None => self.kind(&def.kind),
        }
    }

    /// What a type is made of.
    pub fn kind(&self, kind: &TypeDefKind) -> String {
        let optional = |ty: &Option<Type>| ty.as_ref().map_or_else(|| "()".to_owned(), |ty| self.ty(ty));
        match kind {
            TypeDefKind::Handle(Handle::Own(id) | Handle::Borrow(id)) | TypeDefKind::Type(Type::Id(id)) => {
                self.declared(*id)
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
}

/// A name of WIT as a type or case of Dot.
pub(super) fn pascal(name: &str) -> String {
    NameCase::Pascal.convert(name)
}
