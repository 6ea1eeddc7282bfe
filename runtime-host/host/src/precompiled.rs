//! Components compiled ahead of time: `.cwasm`.
//!
//! A file is what wasmtime serializes (an ELF image, which any wasmtime with the same settings loads), followed
//! by the component it was made from and a footer of 16 bytes: the component's length as a little-endian `u64`,
//! then [`MAGIC`]. ELF readers ignore what follows the image. The component is kept because documentation and
//! the reasons of traps live in its custom sections, and native code has none.

use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use wasmtime::component::Component;
use wasmtime::{Engine as WasmtimeEngine, Precompiled};

use crate::engine::Engine;
use crate::failure::Failure;

/// The file's last bytes.
const MAGIC: &[u8; 8] = b"dotcwasm";

const FOOTER: u64 = 16;

/// Compiles `component` to the content of a `.cwasm` file.
pub(crate) fn make(engine: &Engine, component: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut out = engine
        .inner
        .precompile_component(component)
        .map_err(|e| Failure::Load(format!("this is not a valid component: {e:#}")))?;
    out.extend_from_slice(component);
    out.extend_from_slice(&(component.len() as u64).to_le_bytes());
    out.extend_from_slice(MAGIC);
    Ok(out)
}

/// The native code, and the component it was made from where the file has it.
pub(crate) type Loaded = (Component, Option<Arc<[u8]>>);

/// Loads a `.cwasm` file.
pub(crate) fn load(engine: &Engine, path: &Path) -> Result<Loaded, Failure> {
    match WasmtimeEngine::detect_precompiled_file(path) {
        Ok(Some(Precompiled::Component)) => {}
        Ok(Some(Precompiled::Module)) => {
            return Err(Failure::Load("this is a precompiled core module, not a component".to_string()));
        }
        Ok(None) => return Err(Failure::Load("this is not a precompiled component".to_string())),
        Err(e) => return Err(Failure::Load(format!("{e:#}"))),
    }
    // SAFETY: wasmtime asks for a file that it made itself and that nobody changes while it is mapped. That can
    // only be known by whoever names the file: this function is reached only when a caller asks, by name, for
    // precompiled code to be trusted (`Program::from_precompiled`).
    #[allow(unsafe_code)]
    let component = unsafe { Component::deserialize_file(&engine.inner, path) };
    let component = component.map_err(|e| {
        Failure::Load(format!("this was compiled by another version or with other settings: {e:#}"))
    })?;
    let source = read_source(path).map_err(|e| Failure::Load(e.to_string()))?;
    Ok((component, source))
}

/// Reads the component at the end of the file.
fn read_source(path: &Path) -> std::io::Result<Option<Arc<[u8]>>> {
    let mut file = std::fs::File::open(path)?;
    let length = file.seek(SeekFrom::End(0))?;
    let Some(end) = length.checked_sub(FOOTER) else { return Ok(None) };
    let mut footer = [0_u8; FOOTER as usize];
    file.seek(SeekFrom::Start(end))?;
    file.read_exact(&mut footer)?;
    let (size, magic) = footer.split_at(8);
    let size = size.try_into().map(u64::from_le_bytes).unwrap_or(u64::MAX);
    let Some(start) = end.checked_sub(size).filter(|_| magic == MAGIC) else { return Ok(None) };
    file.seek(SeekFrom::Start(start))?;
    let mut source = Vec::new();
    file.take(size).read_to_end(&mut source)?;
    Ok(Some(source.into()))
}
