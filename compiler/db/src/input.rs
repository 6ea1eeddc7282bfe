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
    /// A component that others made. It has WIT and no modules; see [`Package::component`].
    Component,
}

/// A package by the name that another one's code calls it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Dependency {
    /// The first name of paths to its modules: `geo` in `use geo/places`.
    pub name: SmolStr,
    /// The package.
    pub package: Package,
}

/// What is known of a component that a package depends on. Names are full ones: `wasi:io/streams@0.2.12`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ComponentFile {
    /// Where it stands, for messages.
    pub path: SmolStr,
    /// The interfaces that it exports, sorted.
    pub exports: Vec<SmolStr>,
    /// The interfaces of which it imports functions, sorted: all that calling any of its own may touch.
    pub imports: Vec<SmolStr>,
    /// Whether code of it runs when it is instantiated, before any of its functions is called.
    pub starts: bool,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
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
    /// Which version a `use` of a WIT package without one means, by package (`wasi:io`), sorted.
    pub wit_versions: Vec<(SmolStr, SmolStr)>,
    /// The features of the language or the target that it turns on, sorted.
    pub features: Vec<SmolStr>,
    /// The interfaces that its dots and public functions needn't say they use, sorted; one without a version stands for each.
    pub ambient: Vec<SmolStr>,
    /// The packages that it depends on, sorted by name.
    pub dependencies: Vec<Dependency>,
    /// The world that it implements, as its manifest says it: `wasi:cli/command@0.2.12`.
    pub world: Option<SmolStr>,
    /// The component that it is; none for a package of Dot.
    pub component: Option<Arc<ComponentFile>>,
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
