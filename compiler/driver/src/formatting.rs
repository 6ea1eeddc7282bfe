//! Files formatted: which there are below a path, and what becomes of each.

use crate::files::Files;
use crate::report::Report;
use std::io;
use std::path::{Path, PathBuf};

/// A file that was to be formatted.
#[derive(Debug)]
pub struct Formatted {
    /// The file, as it was found below the path that was given.
    pub path: PathBuf,
    /// What came of it.
    pub outcome: FormatOutcome,
}

/// What came of formatting a file.
#[derive(Debug)]
pub enum FormatOutcome {
    /// It is formatted already.
    Same,
    /// It was not; this is its text and what that becomes.
    Changed(String, String),
    /// It can't be parsed.
    Wrong(Report),
    /// It can't be read.
    Unreadable(io::Error),
}

/// Formats a `.dot` file, or all that lie below a folder: a package's, or those of all members of a workspace. Nothing
/// is written. Folders whose names begin with a dot, and `build` beside a manifest, are passed over.
///
/// # Errors
///
/// When the folder can't be listed.
pub fn format_path(files: &dyn Files, path: &Path) -> io::Result<Vec<Formatted>> {
    let found = if files.is_folder(path) { sources(files, path)? } else { vec![path.to_owned()] };
    let formatted = found.into_iter().map(|path| {
        let outcome = match files.read(&path) {
            Ok(bytes) => format_bytes(&path.to_string_lossy(), &bytes),
            Err(error) => FormatOutcome::Unreadable(error),
        };
        Formatted { path, outcome }
    });
    Ok(formatted.collect())
}

/// Formats a text; `name` is what is shown for it.
#[must_use]
pub fn format_bytes(name: &str, bytes: &[u8]) -> FormatOutcome {
    let (text, undecoded) = dot_syntax::decode_utf8(bytes);
    let formatted = match undecoded {
        Some(error) => Err(vec![error]),
        None => dot_format::format(&text),
    };
    match formatted {
        Ok(after) if after == text => FormatOutcome::Same,
        Ok(after) => FormatOutcome::Changed(text, after),
        Err(errors) => FormatOutcome::Wrong(Report::of_text(name, &text, errors)),
    }
}

/// The difference between two texts of a file in the unified form of diff(1).
#[must_use]
pub fn unified_diff(path: &Path, before: &str, after: &str) -> String {
    dot_format::unified_diff(&path.to_string_lossy(), before, after)
}

fn sources(files: &dyn Files, folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = files.list(folder, "dot")?;
    let is_own = |path: &PathBuf| {
        let below = path.strip_prefix(folder).unwrap_or(path);
        let mut at = folder.to_owned();
        below.parent().into_iter().flat_map(Path::components).all(|part| {
            let name = part.as_os_str().to_string_lossy();
            let is_output = name == "build" && files.read(&at.join(crate::MANIFEST)).is_ok();
            at.push(part);
            !name.starts_with('.') && !is_output
        })
    };
    found.retain(is_own);
    Ok(found)
}
