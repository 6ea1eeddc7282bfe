//! What a component imports and exports, whoever made it.

use crate::type_text::signature_text;
use wit_parser::decoding::{DecodedWasm, decode};
use wit_parser::{Docs, Function, InterfaceId, Resolve, WorldId, WorldItem, WorldKey};

/// The outline of a component.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// What it imports, in its order.
    pub imports: Vec<Face>,
    /// What it exports, in its order.
    pub exports: Vec<Face>,
    /// Whether code of it runs when it is instantiated, before any function is called.
    pub starts: bool,
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
            let unsaid = unsaid(bytes)?;
            outline.imports.extend(unsaid.imports);
            outline.starts = unsaid.starts;
            Ok(outline)
        }
        Ok(DecodedWasm::WitPackage(..)) => Err("it holds WIT and no code".to_owned()),
        Err(error) => Err(format!("its types can't be read: {error:#}")),
    }
}

/// What WIT has no words for: imports of code, and start functions.
struct Unsaid {
    imports: Vec<Face>,
    starts: bool,
}

fn unsaid(component: &[u8]) -> Result<Unsaid, String> {
    use wasmparser::{ComponentTypeRef, Parser, Payload};
    let wrong = |error: wasmparser::BinaryReaderError| format!("it is not valid: {error}");
    let mut depth = 0_usize;
    let mut found = Unsaid { imports: Vec::new(), starts: false };
    for payload in Parser::new(0).parse_all(component) {
        match payload.map_err(wrong)? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            // Whether the module is instantiated is not looked at: one that never is has no reason to be there.
            Payload::StartSection { .. } | Payload::ComponentStartSection { .. } => found.starts = true,
            Payload::ComponentImportSection(imports) if depth == 0 => {
                for import in imports {
                    let import = import.map_err(wrong)?;
                    let named = matches!(
                        import.ty,
                        ComponentTypeRef::Func(_) | ComponentTypeRef::Instance(_) | ComponentTypeRef::Type(_)
                    );
                    if !named {
                        let name = import.name.name.to_owned();
                        found.imports.push(Face {
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
        starts: false,
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
    let Docs { contents } = &function.docs;
    FunctionOutline {
        name: function.name.clone(),
        signature: signature_text(resolve, function, &|def| def.name.clone()),
        docs: contents.as_deref().unwrap_or_default().trim_end().to_owned(),
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
    /// What it does when it is instantiated is among the latter.
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
