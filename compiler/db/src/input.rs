//! The inputs: what the outside world tells the compiler.

use smol_str::SmolStr;
use std::sync::Arc;

/// One source file. Inputs can't be deleted, so a file that is gone keeps its handle and says so in its status.
#[salsa::input(debug)]
pub struct SourceFile {
    /// The path as a person would write it, relative to where the tool was started; `/` on every system.
    pub path: SmolStr,
    /// The text. Bytes that are not UTF-8 have been replaced; `status` then says where.
    pub text: Arc<str>,
    /// Whether the file can be read.
    pub status: FileStatus,
}

/// Whether a file can be read, and if not, why.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum FileStatus {
    /// It was read.
    Present,
    /// There is no such file any more.
    Missing,
    /// It was read, but the byte at `offset` does not continue valid UTF-8.
    InvalidUtf8 {
        /// The offset of the first byte that is not UTF-8.
        offset: u32,
    },
}

/// Where a package comes from, which decides what its code may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The package being compiled, or a dependency of it.
    User,
    /// The standard library: may declare intrinsics.
    Std,
}

/// A module's place in its package.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ModuleFile {
    /// The module's path below the package, without extension: `places`, `shapes/round`.
    pub path: SmolStr,
    /// Its source.
    pub file: SourceFile,
}

/// A file of WIT that supplies interfaces to import.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WitFile {
    /// Where it stands, for messages.
    pub path: SmolStr,
    /// Its text.
    pub text: Arc<str>,
}

/// A package: a named, versioned set of modules.
#[salsa::input(debug)]
pub struct Package {
    /// `acme:geo`, or `local:STEM` for a lone file; `dot:std` for the standard library.
    pub name: SmolStr,
    /// The version in the manifest, if there is a manifest.
    pub version: Option<SmolStr>,
    /// Where it comes from.
    #[returns(copy)]
    pub origin: Origin,
    /// Its modules, sorted by path.
    pub modules: Vec<ModuleFile>,
    /// The WIT that its `use` of interfaces is resolved against, sorted by path.
    pub wit: Vec<WitFile>,
}

/// All that one compilation sees. There is one in a database, changed in place: `Project::get(db)`.
#[salsa::input(singleton, debug)]
pub struct Project {
    /// The package that becomes the component.
    #[returns(copy)]
    pub root: Package,
    /// The standard library.
    #[returns(copy)]
    pub std: Package,
}
