//! `dotc semver`: what changed between two versions of a package, and which version the new one should have.

use crate::build::BuildError;
use crate::files::Files;
use crate::project::{MANIFEST, OpenError, read_component_bytes, read_text};
use crate::report::Report;
use crate::session::Session;
use crate::version::Version;
use dot_component::change::{Change, Step, changes};
use dot_component::shape::{Shape, Side};
use serde_json::{Value as Json, json};
use std::fmt::Write as _;
use std::path::Path;
use wit_parser::{Resolve, UnresolvedPackageGroup};

/// Two versions of a package, compared.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// What changed, what breaks first.
    pub changes: Vec<Change>,
    /// The step that all of it needs.
    pub step: Step,
    /// The old version, where it has one.
    pub old: Option<Version>,
    /// The new one, as it says itself.
    pub new: Option<Version>,
}

/// Why two versions could not be compared.
#[derive(Debug)]
pub enum CompareError {
    /// One can't be opened.
    Open(OpenError),
    /// One does not compile.
    DoesNotCompile(Report),
    /// One is nothing that can be compared; the reason.
    Refused(String),
    /// The compiler is wrong.
    Defect(String),
}

/// Compares two versions of a package, each a `.dot` file, a package's folder, a `.wit` file or a folder of them, or a
/// component.
///
/// # Errors
///
/// When one of them can't be read, or does not compile.
pub fn compare(files: &dyn Files, old: &Path, new: &Path) -> Result<Comparison, CompareError> {
    let (old, new) = (shape_of(files, old)?, shape_of(files, new)?);
    let changes = changes(&old, &new);
    let version = |shape: &Shape| shape.version.as_deref().and_then(Version::parse);
    Ok(Comparison {
        step: changes.iter().map(|change| change.step).max().unwrap_or(Step::Patch),
        changes,
        old: version(&old),
        new: version(&new),
    })
}

fn shape_of(files: &dyn Files, path: &Path) -> Result<Shape, CompareError> {
    let extension = path.extension().and_then(|extension| extension.to_str());
    let is_folder = files.is_folder(path);
    match extension {
        Some("wit") if !is_folder => {
            let text = read_text(files, path).map_err(CompareError::Open)?;
            of_wit(path, &text)
        }
        Some("wasm") if !is_folder => {
            let bytes = read_component_bytes(files, path).map_err(CompareError::Open)?;
            Shape::of_component(&bytes, None)
                .map_err(|reason| CompareError::Open(OpenError::Component(path.to_owned(), reason)))
        }
        _ if is_folder && files.read(&path.join(MANIFEST)).is_err() && has_wit(files, path) => {
            let mut resolve = Resolve::default();
            let (package, _) =
                resolve.push_dir(path).map_err(|error| refused(path, &format!("{error:#}")))?;
            Ok(Shape::of_package(&resolve, package))
        }
        _ => {
            let session = Session::open(files, path).map_err(CompareError::Open)?;
            session.shape().map_err(|error| match error {
                BuildError::DoesNotCompile(report) => CompareError::DoesNotCompile(report),
                BuildError::Refused(reason) => CompareError::Refused(reason),
                BuildError::Defect(what) => CompareError::Defect(what),
            })
        }
    }
}

fn has_wit(files: &dyn Files, folder: &Path) -> bool {
    files.list(folder, "wit").is_ok_and(|found| !found.is_empty())
}

fn refused(path: &Path, reason: &str) -> CompareError {
    CompareError::Refused(format!("`{}`: {reason}", path.display()))
}

fn of_wit(path: &Path, text: &str) -> Result<Shape, CompareError> {
    let mut resolve = Resolve::default();
    let group = UnresolvedPackageGroup::parse(path, text);
    let group = group.map_err(|(map, error)| refused(path, &error.render(&map)))?;
    let package = resolve.push_group(group).map_err(|error| {
        let next = "a folder may hold what it refers to in `deps/`: name the folder";
        refused(path, &format!("{error:#}; {next}"))
    })?;
    Ok(Shape::of_package(&resolve, package))
}

impl Comparison {
    /// The lowest version that the new one should have, where the old one has any.
    #[must_use]
    pub fn needed(&self) -> Option<Version> {
        self.old.as_ref().map(|old| old.after(self.step))
    }

    /// Whether the version that the new one says is high enough; none where one of them says none.
    #[must_use]
    pub fn is_enough(&self) -> Option<bool> {
        let (new, needed) = (self.new.as_ref()?, self.needed()?);
        Some(*new >= needed)
    }

    /// As text for a person: the step, then what changed, what breaks first.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        let _ = match (&self.old, self.needed()) {
            (Some(old), Some(needed)) => writeln!(out, "{}: {old} needs {needed}", self.step.name()),
            _ => writeln!(out, "{}", self.step.name()),
        };
        if self.changes.is_empty() {
            let _ = writeln!(out, "  nothing that others see has changed");
        }
        for change in &self.changes {
            let side = side_name(change.side);
            let _ = writeln!(out, "  {:<8} {side} {}: {}", kind(change.step), change.interface, change.what);
        }
        if let (Some(new), Some(old), Some(false)) = (&self.new, &self.old, self.is_enough()) {
            let _ = if new == old {
                writeln!(out, "both say {new}: the new one has yet to take its step")
            } else {
                writeln!(out, "the new one says {new}, which is not enough")
            };
        }
        out
    }

    /// As JSON.
    #[must_use]
    pub fn json(&self) -> Json {
        let change = |change: &Change| {
            json!({
                "step": change.step.name(),
                "side": side_name(change.side),
                "interface": change.interface,
                "what": change.what,
            })
        };
        let text = |version: Option<&Version>| version.map(Version::full);
        json!({
            "step": self.step.name(),
            "old": text(self.old.as_ref()),
            "new": text(self.new.as_ref()),
            "needed": text(self.needed().as_ref()),
            "enough": self.is_enough(),
            "changes": self.changes.iter().map(change).collect::<Vec<_>>(),
        })
    }
}

fn side_name(side: Side) -> &'static str {
    match side {
        Side::Export => "export",
        Side::Import => "import",
    }
}

/// What a change is to who relies on the old version.
fn kind(step: Step) -> &'static str {
    match step {
        Step::Major => "breaks",
        Step::Minor => "adds",
        Step::Patch => "is fine",
    }
}
