//! What a component imports and exports, whoever made it.

use wit_parser::decoding::{DecodedWasm, decode};
use wit_parser::{
    Docs, Function, Handle, InterfaceId, Resolve, Type, TypeDef, TypeDefKind, WorldId, WorldItem, WorldKey,
};

/// The outline of a component.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// What it imports, in its order.
    pub imports: Vec<Face>,
    /// What it exports, in its order.
    pub exports: Vec<Face>,
}

/// Something that a component imports or exports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Face {
    /// The interface's full name, `wasi:io/streams@0.2.12`; for what stands alone, its own name.
    pub name: String,
    /// What it is.
    pub kind: FaceKind,
    /// The functions that it has, methods included.
    pub functions: Vec<FunctionOutline>,
    /// The names of the types that it declares.
    pub types: Vec<String>,
}

/// What a [`Face`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaceKind {
    /// An interface with a name of its own.
    Interface,
    /// An interface that was written where it is imported or exported.
    Inline,
    /// A function that stands alone.
    Function,
    /// A type that stands alone.
    Type,
    /// A core module, a component or a value, which comes with whatever it does.
    Code,
}

/// A function of a [`Face`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionOutline {
    /// Its name, as components spell it: `read`, `[method]output-stream.write`.
    pub name: String,
    /// Its parameters and result in WIT: `(name: string) -> string`.
    pub signature: String,
    /// Its documentation, where the component has it.
    pub docs: String,
}

/// The outline of the component in `bytes`.
///
/// # Errors
///
/// With the reason, when they are no component.
pub fn outline(bytes: &[u8]) -> Result<Outline, String> {
    if !wasmparser::Parser::is_component(bytes) {
        let core = wasmparser::Parser::is_core_wasm(bytes);
        return Err(if core {
            "it is a core module, not a component: `wasm-tools component new` makes one of it".to_owned()
        } else {
            "it is not a WebAssembly component".to_owned()
        });
    }
    let features = wasmparser::WasmFeatures::all();
    wasmparser::Validator::new_with_features(features)
        .validate_all(bytes)
        .map_err(|error| format!("it is not valid: {error}"))?;
    match decode(bytes) {
        Ok(DecodedWasm::Component(resolve, world)) => {
            let mut outline = of_world(&resolve, world);
            outline.imports.extend(imported_code(bytes)?);
            Ok(outline)
        }
        Ok(DecodedWasm::WitPackage(..)) => Err("it holds WIT and no code".to_owned()),
        Err(error) => Err(format!("its types can't be read: {error:#}")),
    }
}

/// What a component imports that WIT has no words for.
fn imported_code(component: &[u8]) -> Result<Vec<Face>, String> {
    use wasmparser::{ComponentTypeRef, Parser, Payload};
    let wrong = |error: wasmparser::BinaryReaderError| format!("it is not valid: {error}");
    let mut depth = 0_usize;
    let mut found = Vec::new();
    for payload in Parser::new(0).parse_all(component) {
        match payload.map_err(wrong)? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(imports) if depth == 0 => {
                for import in imports {
                    let import = import.map_err(wrong)?;
                    let named = matches!(
                        import.ty,
                        ComponentTypeRef::Func(_) | ComponentTypeRef::Instance(_) | ComponentTypeRef::Type(_)
                    );
                    if !named {
                        let name = import.name.name.to_owned();
                        found.push(Face {
                            name,
                            kind: FaceKind::Code,
                            functions: Vec::new(),
                            types: Vec::new(),
                        });
                    }
                }
            }
            _ => {}
        }
    }
    Ok(found)
}

fn of_world(resolve: &Resolve, world: WorldId) -> Outline {
    let world = &resolve.worlds[world];
    let face = |(key, item): (&WorldKey, &WorldItem)| face(resolve, key, item);
    Outline {
        imports: world.imports.iter().map(face).collect(),
        exports: world.exports.iter().map(face).collect(),
    }
}

fn face(resolve: &Resolve, key: &WorldKey, item: &WorldItem) -> Face {
    let name = resolve.name_world_key(key);
    match item {
        WorldItem::Interface { id, .. } => {
            let kind =
                if matches!(key, WorldKey::Interface(_)) { FaceKind::Interface } else { FaceKind::Inline };
            interface_face(resolve, name, kind, *id)
        }
        WorldItem::Function(function) => {
            let functions = vec![of_function(resolve, function)];
            Face { name, kind: FaceKind::Function, functions, types: Vec::new() }
        }
        WorldItem::Type { .. } => {
            Face { types: vec![name.clone()], name, kind: FaceKind::Type, functions: Vec::new() }
        }
    }
}

fn interface_face(resolve: &Resolve, name: String, kind: FaceKind, id: InterfaceId) -> Face {
    let interface = &resolve.interfaces[id];
    let functions = interface.functions.values().map(|function| of_function(resolve, function)).collect();
    Face { name, kind, functions, types: interface.types.keys().cloned().collect() }
}

fn of_function(resolve: &Resolve, function: &Function) -> FunctionOutline {
    let params: Vec<String> =
        function.params.iter().map(|param| format!("{}: {}", param.name, text(resolve, &param.ty))).collect();
    let result = function.result.as_ref().map_or_else(String::new, |ty| format!(" -> {}", text(resolve, ty)));
    let Docs { contents } = &function.docs;
    FunctionOutline {
        name: function.name.clone(),
        signature: format!("({}){result}", params.join(", ")),
        docs: contents.as_deref().unwrap_or_default().trim_end().to_owned(),
    }
}

/// A type as WIT writes it; a declared one by its name.
fn text(resolve: &Resolve, ty: &Type) -> String {
    let name = match ty {
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
        Type::Id(id) => return of_declared(resolve, &resolve.types[*id]),
    };
    name.to_owned()
}

fn of_declared(resolve: &Resolve, def: &TypeDef) -> String {
    if let Some(name) = &def.name {
        return name.clone();
    }
    let optional = |ty: &Option<Type>| ty.as_ref().map(|ty| text(resolve, ty));
    let with = |keyword: &str, ty: &Option<Type>| {
        optional(ty).map_or_else(|| keyword.to_owned(), |ty| format!("{keyword}<{ty}>"))
    };
    match &def.kind {
        TypeDefKind::Handle(Handle::Own(id)) => of_declared(resolve, &resolve.types[*id]),
        TypeDefKind::Handle(Handle::Borrow(id)) => {
            format!("borrow<{}>", of_declared(resolve, &resolve.types[*id]))
        }
        TypeDefKind::Tuple(tuple) => {
            let parts: Vec<String> = tuple.types.iter().map(|ty| text(resolve, ty)).collect();
            format!("tuple<{}>", parts.join(", "))
        }
        TypeDefKind::Option(ty) => format!("option<{}>", text(resolve, ty)),
        TypeDefKind::Result(result) => match (optional(&result.ok), optional(&result.err)) {
            (None, None) => "result".to_owned(),
            (Some(ok), None) => format!("result<{ok}>"),
            (None, Some(err)) => format!("result<_, {err}>"),
            (Some(ok), Some(err)) => format!("result<{ok}, {err}>"),
        },
        TypeDefKind::List(ty) => format!("list<{}>", text(resolve, ty)),
        TypeDefKind::Map(key, value) => format!("map<{}, {}>", text(resolve, key), text(resolve, value)),
        TypeDefKind::FixedLengthList(ty, len) => format!("list<{}, {len}>", text(resolve, ty)),
        TypeDefKind::Future(ty) => with("future", ty),
        TypeDefKind::Stream(ty) => with("stream", ty),
        TypeDefKind::Type(ty) => text(resolve, ty),
        // These have names.
        other => other.as_str().to_owned(),
    }
}

impl Face {
    /// Whether an import of this may do something: it is more than types.
    #[must_use]
    pub fn acts(&self) -> bool {
        !self.functions.is_empty() || self.kind == FaceKind::Code
    }
}

impl Outline {
    /// Whether it imports nothing but types, so that the same arguments give the same result.
    #[must_use]
    pub fn is_pure(&self) -> bool {
        !self.imports.iter().any(Face::acts)
    }

    /// As one that packages depend on: the interfaces that it exports, and those of which it imports functions, sorted.
    ///
    /// # Errors
    ///
    /// With the reason and the next step, when it imports functions that no effect could name, or exports no interface.
    pub fn as_dependency(&self) -> Result<(Vec<String>, Vec<String>), String> {
        let mut imports = Vec::new();
        for import in self.imports.iter().filter(|import| import.acts()) {
            if import.kind != FaceKind::Interface {
                return Err(format!(
                    "it imports `{}`, which is more than types and no named interface, so that no effect can name it: wrap it in a component that doesn't",
                    import.name
                ));
            }
            imports.push(import.name.clone());
        }
        let exports = self.exports.iter().filter(|export| export.kind == FaceKind::Interface);
        let mut exports: Vec<String> = exports.map(|export| export.name.clone()).collect();
        if exports.is_empty() {
            return Err("it exports no interface with a name, so that there is nothing to `use`".to_owned());
        }
        imports.sort();
        exports.sort();
        Ok((exports, imports))
    }
}
