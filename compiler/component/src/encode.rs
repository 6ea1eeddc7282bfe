//! Core module to component, by wit-component.

use crate::wit::WORLD;
use crate::world::{self, WorldPart};
use std::collections::BTreeSet;
use std::fmt;
use wasm_encoder::{ComponentSection, CustomSection, Encode, Section};
use wit_component::{ComponentEncoder, StringEncoding, WitPrinter, embed_component_metadata};
use wit_parser::{CloneMaps, InterfaceId, PackageId, Resolve, UnresolvedPackageGroup, WorldId, WorldKey};

/// Why a core module could not become a component. Whatever the source, this is a defect of the compiler.
#[derive(Debug)]
pub struct EncodeError(String);

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for EncodeError {}

impl EncodeError {
    /// Whether the package's WIT means two things at once: an interface of its own shows types of an interface that is both
    /// imported, for others, and exported. That is the program's doing.
    #[must_use]
    pub fn is_torn(&self) -> bool {
        self.0.contains("in incompatible ways")
    }

    fn new(step: &str, error: impl fmt::Display) -> Self {
        Self(format!("{step}: {error:#}"))
    }
}

/// What is asked for besides the code.
#[derive(Clone, Debug, Default)]
pub struct EncodeOptions<'a> {
    /// The package's WIT.
    pub wit: &'a str,
    /// The WIT packages that it refers to.
    pub dependencies: Resolve,
    /// What it imports and exports of worlds, besides interfaces with names of their own.
    pub worlds: Vec<WorldPart>,
}

/// The component that a core module and its WIT make. The same input gives the same bytes.
///
/// # Errors
///
/// When the module does not implement the WIT, which is the compiler's fault.
pub fn encode(core: &[u8], options: EncodeOptions<'_>) -> Result<Vec<u8>, EncodeError> {
    let (resolve, _, world) = resolve(options)?;
    let mut module = core.to_vec();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false)
        .map_err(|e| EncodeError::new("embedding the world", e))?;
    ComponentEncoder::default()
        .validate(true)
        .module(&module)
        .map_err(|e| EncodeError::new("reading the module", e))?
        .encode()
        .map_err(|e| EncodeError::new("encoding the component", e))
}

/// The package's WIT among that which it refers to, and its world with all that it imports and exports.
fn resolve(options: EncodeOptions<'_>) -> Result<(Resolve, PackageId, WorldId), EncodeError> {
    let mut resolve = options.dependencies;
    let group = UnresolvedPackageGroup::parse("package.wit", options.wit)
        .map_err(|(_, error)| EncodeError::new("reading the package's WIT", error))?;
    let package: PackageId =
        resolve.push_group(group).map_err(|e| EncodeError::new("resolving the package's WIT", e))?;
    let world = resolve
        .select_world(&[package], Some(WORLD))
        .map_err(|e| EncodeError::new("choosing the world", e))?;
    let exports = resolve.worlds[world].exports.keys();
    let exported: BTreeSet<InterfaceId> =
        exports.filter_map(|key| if let WorldKey::Interface(id) = key { Some(*id) } else { None }).collect();
    world::forget_external_ids(&mut resolve);
    let mut maps = CloneMaps::default();
    for part in &options.worlds {
        world::reduce(&mut resolve, part, &exported);
        resolve
            .merge_worlds(part.world, world, &mut maps)
            .map_err(|e| EncodeError::new("taking what a world has", e))?;
    }
    Ok((resolve, package, world))
}

/// The package's WIT as text, with what it takes of worlds.
///
/// # Errors
///
/// When the WIT can't be resolved, which is the compiler's fault.
pub fn whole_text(options: EncodeOptions<'_>) -> Result<String, EncodeError> {
    let (resolve, package, _) = resolve(options)?;
    let mut printer = WitPrinter::default();
    printer.print(&resolve, package, &[]).map_err(|e| EncodeError::new("printing the package's WIT", e))?;
    Ok(printer.output.to_string())
}

/// Adds a custom section at the component's outermost level.
pub fn append_section(component: &mut Vec<u8>, name: &str, data: &[u8]) {
    let section = CustomSection { name: name.into(), data: data.into() };
    component.push(ComponentSection::id(&section));
    Encode::encode(&section, component);
    debug_assert_eq!(Section::id(&section), 0);
}

/// A component without what running it doesn't need: names, metadata, DWARF and trap tables.
///
/// # Errors
///
/// When the bytes are no component.
pub fn strip(component: &[u8]) -> Result<Vec<u8>, EncodeError> {
    use wasmparser::{Parser, Payload};
    let mut out = Vec::with_capacity(component.len());
    let mut stack: Vec<Vec<u8>> = Vec::new();
    for payload in Parser::new(0).parse_all(component) {
        let payload = payload.map_err(|e| EncodeError::new("reading the component", e))?;
        match &payload {
            Payload::Version { encoding, .. } => out.extend_from_slice(match encoding {
                wasmparser::Encoding::Component => &wasm_encoder::Component::HEADER,
                wasmparser::Encoding::Module => &wasm_encoder::Module::HEADER,
            }),
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => {
                stack.push(std::mem::take(&mut out));
                continue;
            }
            Payload::End(_) => {
                let Some(mut parent) = stack.pop() else { break };
                parent.push(if out.starts_with(&wasm_encoder::Component::HEADER) { 4 } else { 1 });
                out.encode(&mut parent);
                out = parent;
                continue;
            }
            Payload::CustomSection(_) => continue,
            _ => {}
        }
        if let Some((id, range)) = payload.as_section() {
            out.push(id);
            let bytes = usize::try_from(range.start).ok().zip(usize::try_from(range.end).ok());
            let bytes = bytes.and_then(|(start, end)| component.get(start..end)).unwrap_or_default();
            bytes.encode(&mut out);
        }
    }
    Ok(out)
}
