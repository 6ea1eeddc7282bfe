//! Types of WIT as WIT writes them.

use wit_parser::{Handle, Resolve, Type, TypeDef, TypeDefKind};

/// A type as text. `named` gives the name of a declared type, or none where what it is declared as should be written.
pub(crate) fn type_text(resolve: &Resolve, ty: &Type, named: &dyn Fn(&TypeDef) -> Option<String>) -> String {
    let primitive = match ty {
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
        Type::ErrorContext => "error-context",
        Type::Id(id) => return declared_text(resolve, &resolve.types[*id], named),
    };
    primitive.to_owned()
}

/// The same of a declared type.
pub(crate) fn declared_text(
    resolve: &Resolve,
    def: &TypeDef,
    named: &dyn Fn(&TypeDef) -> Option<String>,
) -> String {
    if let Some(name) = named(def) {
        return name;
    }
    let text = |ty: &Type| type_text(resolve, ty, named);
    let optional = |ty: &Option<Type>| ty.as_ref().map(&text);
    let with = |keyword: &str, ty: &Option<Type>| {
        optional(ty).map_or_else(|| keyword.to_owned(), |ty| format!("{keyword}<{ty}>"))
    };
    match &def.kind {
        TypeDefKind::Handle(Handle::Own(id)) => declared_text(resolve, &resolve.types[*id], named),
        TypeDefKind::Handle(Handle::Borrow(id)) => {
            format!("borrow<{}>", declared_text(resolve, &resolve.types[*id], named))
        }
        TypeDefKind::Tuple(tuple) => {
            let parts: Vec<String> = tuple.types.iter().map(text).collect();
            format!("tuple<{}>", parts.join(", "))
        }
        TypeDefKind::Option(ty) => format!("option<{}>", text(ty)),
        TypeDefKind::Result(result) => match (optional(&result.ok), optional(&result.err)) {
            (None, None) => "result".to_owned(),
            (Some(ok), None) => format!("result<{ok}>"),
            (None, Some(err)) => format!("result<_, {err}>"),
            (Some(ok), Some(err)) => format!("result<{ok}, {err}>"),
        },
        TypeDefKind::List(ty) => format!("list<{}>", text(ty)),
        TypeDefKind::Map(key, value) => format!("map<{}, {}>", text(key), text(value)),
        TypeDefKind::FixedLengthList(ty, len) => format!("list<{}, {len}>", text(ty)),
        TypeDefKind::Future(ty) => with("future", ty),
        TypeDefKind::Stream(ty) => with("stream", ty),
        TypeDefKind::Type(ty) => text(ty),
        // These have names.
        other => def.name.clone().unwrap_or_else(|| other.as_str().to_owned()),
    }
}

/// A function's parameters and result: `(name: string) -> string`.
pub(crate) fn signature_text(
    resolve: &Resolve,
    function: &wit_parser::Function,
    named: &dyn Fn(&TypeDef) -> Option<String>,
) -> String {
    let text = |ty: &Type| type_text(resolve, ty, named);
    let params: Vec<String> =
        function.params.iter().map(|param| format!("{}: {}", param.name, text(&param.ty))).collect();
    let result = function.result.as_ref().map_or_else(String::new, |ty| format!(" -> {}", text(ty)));
    format!("({}){result}", params.join(", "))
}
