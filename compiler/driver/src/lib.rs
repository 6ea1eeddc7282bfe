//! The compiler as a library: what dotc, dot and dot-lsp ask for.
//!
//! This is the lowest layer that touches the world: files come in through [`Files`], and what comes out is a
//! [`Report`] or bytes. It has no opinion about command lines or protocols.

mod budget;
mod build;
mod comparison;
#[allow(missing_docs, reason = "salsa's macros make functions without docs")]
mod constants;
mod costs;
mod effects;
mod ends;
mod exports;
mod features;
mod files;
mod fixes;
mod formatting;
mod graph;
mod interpret;
mod link;
mod lock;
mod manifest;
mod memory_files;
mod place;
mod plug;
mod profiles;
mod project;
mod registry;
mod report;
mod resolve;
mod scaffold;
mod session;
mod version;
mod worlds;

pub use build::{BuildError, Built, Emit, Profile};
pub use comparison::{CompareError, Comparison, compare};
pub use costs::{Cost, Costs};
pub use dot_component::outline::{Face, FaceKind, FunctionOutline, Outline, outline};
pub use dot_eval::Limits;
pub use effects::{Call, DotEffects, EffectsReport, ImportUse, StartEffects, effects_json, effects_text};
pub use exports::TestEntry;
pub use files::{Files, OsFiles};
pub use fixes::Fixed;
pub use formatting::{FormatOutcome, Formatted, format_bytes, format_path, unified_diff};
pub use graph::{LockChange, MAX_PACKAGES, workspace_members};
pub use interpret::{CallError, Failed, Frame, Interpreter, Returned, Target};
pub use lock::{LOCK, hash_of};
pub use manifest::{Dependency, Located, Manifest, ManifestError, PackageManifest, Source};
pub use memory_files::MemoryFiles;
pub use plug::{PlugError, plug};
pub use profiles::{ProfileEntry, Settings};
pub use project::{MANIFEST, MAX_FILE_BYTES, OpenError, package_root};
pub use registry::{FolderRegistry, Registry};
pub use report::Report;
pub use scaffold::scaffold;
pub use session::Session;
pub use version::{Line, Requirement, Version};
