//! `dotc compose`: components of anyone, put together by hand.

use crate::files::Files;
use crate::project::{OpenError, display_path, read_component_bytes};
use dot_component::compose::{Composed, Fit, Part, compose};
use dot_component::encode::append_section;
use dot_component::meta;
use dot_component::outline::{Outline, outline};
use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

/// Why components could not be put together.
#[derive(Debug)]
pub enum PlugError {
    /// One can't be read, or is none.
    Open(OpenError),
    /// They don't fit together; the reason, with the next step.
    Refused(String),
}

impl fmt::Display for PlugError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(error) => error.fmt(f),
            Self::Refused(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for PlugError {}

/// A component that was read.
struct Read {
    name: String,
    bytes: Vec<u8>,
    outline: Outline,
}

/// The component at `main`, with what the `plugs` export in the place of what it, and they themselves, import. What none
/// of them exports stays an import of the whole, and a compatible version of an interface will do.
///
/// # Errors
///
/// When a file is no component, two plugs export what is asked for, one gives nothing that is, or types don't fit.
pub fn plug(files: &dyn Files, main: &Path, plugs: &[PathBuf]) -> Result<Vec<u8>, PlugError> {
    let main = read(files, main)?;
    let plugs = plugs.iter().map(|path| read(files, path)).collect::<Result<Vec<_>, _>>()?;
    refuse_rivals(&main, &plugs)?;
    let parts: Vec<Part<'_>> = plugs.iter().map(part).collect();
    let composed = compose(part(&main), &parts, Fit::Compatible)
        .map_err(|reason| PlugError::Refused(format!("the components don't fit together: {reason}")))?;
    refuse_idle(&main, &plugs, &composed)?;
    let mut bytes = composed.bytes;
    if let Some(section) = meta::carried(&main.bytes) {
        append_section(&mut bytes, meta::SECTION, &section);
    }
    Ok(bytes)
}

fn read(files: &dyn Files, path: &Path) -> Result<Read, PlugError> {
    let bytes = read_component_bytes(files, path).map_err(PlugError::Open)?;
    let outline =
        outline(&bytes).map_err(|reason| PlugError::Open(OpenError::Component(path.to_owned(), reason)))?;
    Ok(Read { name: display_path(path), bytes, outline })
}

fn part(read: &Read) -> Part<'_> {
    Part { name: &read.name, bytes: &read.bytes }
}

fn exports(read: &Read) -> impl Iterator<Item = &str> {
    read.outline.exports.iter().map(|face| face.name.as_str())
}

fn imports<'a>(main: &'a Read, plugs: impl Iterator<Item = &'a Read>) -> BTreeSet<&'a str> {
    let all = std::iter::once(main).chain(plugs);
    all.flat_map(|read| read.outline.imports.iter().map(|face| face.name.as_str())).collect()
}

/// Refuses plugs of which two could give the same.
fn refuse_rivals(main: &Read, plugs: &[Read]) -> Result<(), PlugError> {
    for import in imports(main, plugs.iter()) {
        for fit in [Fit::Same, Fit::Compatible] {
            let give = |plug: &&Read| exports(plug).any(|export| fit.takes(export, import));
            let givers: Vec<&Read> = plugs.iter().filter(give).collect();
            match givers.as_slice() {
                [] => {}
                [_] => break,
                [first, second, ..] => {
                    return Err(PlugError::Refused(format!(
                        "`{}` and `{}` both give `{import}`: leave one of them out",
                        first.name, second.name
                    )));
                }
            }
        }
    }
    Ok(())
}

/// Refuses a plug that gives nothing, which is a mistake in a name or version.
fn refuse_idle(main: &Read, plugs: &[Read], composed: &Composed) -> Result<(), PlugError> {
    let is_used = |at: usize| composed.given.values().any(|giver| *giver == at);
    let Some((_, idle)) = plugs.iter().enumerate().find(|(at, _)| !is_used(*at)) else { return Ok(()) };
    let used = plugs.iter().enumerate().filter(|(at, _)| is_used(*at)).map(|(_, plug)| plug);
    let missing: Vec<&str> =
        imports(main, used).into_iter().filter(|import| !composed.given.contains_key(*import)).collect();
    let unversioned = |name: &str| name.split_once('@').map_or(name, |(name, _)| name).to_owned();
    let near = exports(idle).find_map(|export| {
        let other = missing.iter().find(|import| unversioned(import) == unversioned(export))?;
        Some(format!("it exports `{export}`, and `{other}` is asked for, which is no compatible version"))
    });
    let list = |names: &[&str]| match names {
        [] => "nothing".to_owned(),
        names => names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
    };
    let reason = near.unwrap_or_else(|| {
        let exported: Vec<&str> = exports(idle).collect();
        format!("it exports {}, and what is asked for is {}", list(&exported), list(&missing))
    });
    Err(PlugError::Refused(format!("`{}` gives nothing that is needed: {reason}. Leave it out", idle.name)))
}
