//! From a path to the database's inputs: a lone file, or a folder with a manifest.

use crate::files::{Files, Location, Locations};
use crate::graph::{self, Graph, GraphPackage, LockChange, Target};
use crate::manifest::{ManifestError, PackageManifest};
use dot_db::{
    ComponentFile, Database, Dependency, FileStatus, ModuleFile, Origin, Package, Project, SourceFile,
    WitFile,
};
use salsa::{Durability, Setter};
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Longer source files than this are refused: 32 MiB.
pub const MAX_FILE_BYTES: usize = 32 << 20;

/// The manifest's file name.
pub const MANIFEST: &str = "Dot.toml";

/// Why a path could not be opened as a package.
#[derive(Debug)]
pub enum OpenError {
    /// A file or folder could not be read.
    Unreadable(PathBuf, io::Error),
    /// A folder has no `Dot.toml`.
    NoManifest(PathBuf),
    /// A manifest or lock file is wrong: its path, its text, and what is wrong.
    Manifest(PathBuf, String, ManifestError),
    /// A folder holds a workspace and no package.
    OnlyWorkspace(PathBuf),
    /// A component can't be depended on: its path, and why.
    Component(PathBuf, String),
    /// A file that is not Dot source.
    NotSource(PathBuf),
    /// A source file over [`MAX_FILE_BYTES`].
    TooLarge(PathBuf),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(path, error) => write!(f, "can't read `{}`: {error}", path.display()),
            Self::NoManifest(path) => {
                write!(
                    f,
                    "`{}` has no `{MANIFEST}`: name a `.dot` file, or a package's folder",
                    path.display()
                )
            }
            Self::Manifest(path, text, error) => {
                write!(f, "{}:{}: {error}", path.display(), error.line(text))
            }
            Self::OnlyWorkspace(path) => write!(
                f,
                "`{}` is a workspace and no package: name the folder of one of its members",
                path.display()
            ),
            Self::Component(path, message) => write!(f, "the component `{}`: {message}", path.display()),
            Self::NotSource(path) => write!(f, "`{}` is not a `.dot` file", path.display()),
            Self::TooLarge(path) => {
                write!(f, "`{}` is over {} MiB; split it into modules", path.display(), MAX_FILE_BYTES >> 20)
            }
        }
    }
}

impl std::error::Error for OpenError {}

/// What a path was opened as.
#[derive(Clone, Debug, Default)]
pub(crate) struct Opened {
    /// The packages and components in the database, by the folders and files that they come from.
    pub(crate) inputs: BTreeMap<PathBuf, Package>,
    /// The manifest of what is built; none for a lone file.
    pub(crate) manifest: Option<RootManifest>,
    /// The lock file as it should be, if it isn't.
    pub(crate) lock: Option<LockChange>,
}

/// The manifest of what is built.
#[derive(Clone, Debug)]
pub(crate) struct RootManifest {
    /// Its path, as it is shown.
    pub(crate) path: PathBuf,
    pub(crate) text: String,
    pub(crate) package: PackageManifest,
}

/// A package as it was read, not yet in a database.
struct PackageSource {
    /// The folder or file that it comes from.
    home: PathBuf,
    name: String,
    version: Option<String>,
    modules: Vec<SourceModule>,
    wit: Vec<WitFile>,
    wit_versions: Vec<(SmolStr, SmolStr)>,
    features: Vec<SmolStr>,
    ambient: Vec<SmolStr>,
    /// By name, the homes of what it depends on.
    dependencies: Vec<(String, PathBuf)>,
    /// The world that it implements.
    world: Option<String>,
    component: Option<Arc<ComponentFile>>,
}

/// A module as it was read.
struct SourceModule {
    /// Its path below the package.
    path: String,
    /// The path of its file, as it is shown.
    shown: String,
    text: Arc<str>,
    status: FileStatus,
}

/// Everything that was read for a path: each package behind those that it depends on.
struct Sources {
    packages: Vec<PackageSource>,
    manifest: Option<RootManifest>,
    lock: Option<LockChange>,
}

/// Sets the inputs for the package at `path` in a new database. With `update` versions of dependencies are chosen as if
/// there were no lock file.
///
/// # Errors
///
/// When there is no such package, it or one that it depends on can't be read, or no versions fit together. What is wrong
/// *inside* source files is not an error here: it becomes diagnostics.
pub(crate) fn open(
    db: &mut Database,
    files: &dyn Files,
    path: &Path,
    update: bool,
) -> Result<Opened, OpenError> {
    let sources = read(files, path, update)?;
    let mut opened = Opened::default();
    let root = set_inputs(db, sources, &mut opened);
    let std = standard_library(db);
    if let Some(root) = root {
        // Which package is built never changes while a tool runs; were it less durable than std, so would be all that
        // std's own queries find.
        let _project = Project::builder(root, std).durability(Durability::HIGH).new(db);
    }
    Ok(opened)
}

/// Reads the package at `path` again and changes the inputs that differ.
///
/// # Errors
///
/// As for [`open`]; then nothing is changed.
pub(crate) fn refresh(
    db: &mut Database,
    files: &dyn Files,
    path: &Path,
    opened: &mut Opened,
) -> Result<(), OpenError> {
    let sources = read(files, path, false)?;
    set_inputs(db, sources, opened);
    Ok(())
}

/// Makes the root package another one, that at `path`, and changes the inputs that differ.
///
/// # Errors
///
/// As for [`open`]; then nothing is changed.
pub(crate) fn turn_to(
    db: &mut Database,
    files: &dyn Files,
    path: &Path,
    opened: &mut Opened,
) -> Result<(), OpenError> {
    let sources = read(files, path, false)?;
    // Inputs can't be deleted, so the root's is used again.
    opened.inputs.clear();
    if let Some(root) = sources.packages.last() {
        opened.inputs.insert(root.home.clone(), Project::get(db).root(db));
    }
    set_inputs(db, sources, opened);
    Ok(())
}

/// Sets the inputs of all packages, and gives that of the last one.
fn set_inputs(db: &mut Database, sources: Sources, opened: &mut Opened) -> Option<Package> {
    let mut root = None;
    for source in sources.packages {
        let known = opened.inputs.get(&source.home).copied();
        let home = source.home.clone();
        let package = match known {
            Some(package) => update_package(db, package, source, &opened.inputs),
            None => new_package(db, source, &opened.inputs),
        };
        opened.inputs.insert(home, package);
        root = Some(package);
    }
    opened.manifest = sources.manifest;
    opened.lock = sources.lock;
    root
}

fn dependencies(source: &PackageSource, inputs: &BTreeMap<PathBuf, Package>) -> Vec<Dependency> {
    let dependency = |(name, home): &(String, PathBuf)| {
        let package = *inputs.get(home)?;
        Some(Dependency { name: SmolStr::from(name.as_str()), package })
    };
    source.dependencies.iter().filter_map(dependency).collect()
}

fn new_package(db: &Database, source: PackageSource, inputs: &BTreeMap<PathBuf, Package>) -> Package {
    let dependencies = dependencies(&source, inputs);
    let modules = source.modules.into_iter().map(|module| new_module(db, module)).collect();
    Package::new(
        db,
        SmolStr::from(source.name),
        source.version.map(SmolStr::from),
        if source.component.is_some() { Origin::Component } else { Origin::User },
        modules,
        source.wit,
        source.wit_versions,
        source.features,
        source.ambient,
        dependencies,
        source.world.map(SmolStr::from),
        source.component,
    )
}

fn update_package(
    db: &mut Database,
    package: Package,
    source: PackageSource,
    inputs: &BTreeMap<PathBuf, Package>,
) -> Package {
    let dependencies = dependencies(&source, inputs);
    let known: BTreeMap<SmolStr, SourceFile> =
        package.modules(db).iter().map(|module| (module.path.clone(), module.file)).collect();
    let mut modules = Vec::new();
    for module in source.modules {
        let path = SmolStr::from(module.path.as_str());
        let file = match known.get(&path).filter(|file| file.path(db).as_str() == module.shown) {
            Some(file) => {
                update(db, *file, module.text, module.status);
                *file
            }
            None => new_module(db, module).file,
        };
        modules.push(ModuleFile { path, file });
    }
    let version = source.version.map(SmolStr::from);
    let world = source.world.map(SmolStr::from);
    if *package.world(db) != world {
        package.set_world(db).to(world);
    }
    if *package.modules(db) != modules {
        package.set_modules(db).to(modules);
    }
    if *package.wit(db) != source.wit {
        package.set_wit(db).to(source.wit);
    }
    if *package.wit_versions(db) != source.wit_versions {
        package.set_wit_versions(db).to(source.wit_versions);
    }
    if *package.features(db) != source.features {
        package.set_features(db).to(source.features);
    }
    if *package.ambient(db) != source.ambient {
        package.set_ambient(db).to(source.ambient);
    }
    if *package.dependencies(db) != dependencies {
        package.set_dependencies(db).to(dependencies);
    }
    if *package.component(db) != source.component {
        package.set_component(db).to(source.component);
    }
    if *package.version(db) != version {
        package.set_version(db).to(version);
    }
    if package.name(db).as_str() != source.name {
        package.set_name(db).to(SmolStr::from(source.name));
    }
    package
}

/// Where the package of a source file is opened: the nearest folder above with a manifest and the file below its
/// `src/`, or the file itself where it stands alone.
#[must_use]
pub fn package_root(files: &dyn Files, path: &Path) -> PathBuf {
    let with_manifest =
        |folder: &&Path| path.starts_with(folder.join("src")) && files.read(&folder.join(MANIFEST)).is_ok();
    path.ancestors().skip(1).find(with_manifest).map_or_else(|| path.to_owned(), Path::to_path_buf)
}

fn update(db: &mut Database, file: SourceFile, text: Arc<str>, status: FileStatus) {
    if *file.text(db) != text {
        file.set_text(db).to(text);
    }
    if *file.status(db) != status {
        file.set_status(db).to(status);
    }
}

fn new_module(db: &Database, module: SourceModule) -> ModuleFile {
    let file = SourceFile::new(db, SmolStr::from(module.shown), module.text, module.status);
    ModuleFile { path: SmolStr::from(module.path), file }
}

fn read(files: &dyn Files, path: &Path, update: bool) -> Result<Sources, OpenError> {
    if files.is_folder(path) { read_folder(files, path, update) } else { read_lone_file(files, path) }
}

/// A lone file: package `local:STEM` with one module.
fn read_lone_file(files: &dyn Files, path: &Path) -> Result<Sources, OpenError> {
    if path.extension().is_none_or(|extension| extension != "dot") {
        return Err(match files.read(path) {
            Ok(_) => OpenError::NotSource(path.to_owned()),
            Err(error) => OpenError::Unreadable(path.to_owned(), error),
        });
    }
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let name = format!("local:{}", dot_component::names::stem_identifier(&stem));
    let module = read_module(files, path, stem)?;
    let package = PackageSource {
        home: path.to_owned(),
        name,
        version: None,
        modules: vec![module],
        wit: Vec::new(),
        wit_versions: Vec::new(),
        features: Vec::new(),
        ambient: Vec::new(),
        dependencies: Vec::new(),
        world: None,
        component: None,
    };
    Ok(Sources { packages: vec![package], manifest: None, lock: None })
}

/// A folder with a manifest, and all that it depends on.
fn read_folder(files: &dyn Files, folder: &Path, update: bool) -> Result<Sources, OpenError> {
    let locations = Locations::like(folder);
    let graph = graph::load(files, &locations, &locations.of(folder), update)?;
    let mut packages = Vec::new();
    for component in &graph.components {
        packages.push(read_component(files, component)?);
    }
    refuse_rivals(&packages)?;
    let mut manifest = None;
    for package in &graph.packages {
        packages.push(read_package(files, &graph, package)?);
        manifest = Some(RootManifest {
            path: package.folder.shown.join(MANIFEST),
            text: package.text.clone(),
            package: package.manifest.clone(),
        });
    }
    Ok(Sources { packages, manifest, lock: graph.lock })
}

/// A package's modules are below `src/`, the WIT it imports below `wit/`.
fn read_package(
    files: &dyn Files,
    graph: &Graph,
    package: &GraphPackage,
) -> Result<PackageSource, OpenError> {
    let sources = package.folder.shown.join("src");
    let mut modules = Vec::new();
    for path in list(files, &sources, "dot")? {
        let below = path.strip_prefix(&sources).unwrap_or(&path).with_extension("");
        modules.push(read_module(files, &path, display_path(&below))?);
    }
    modules.sort_by(|a, b| a.path.cmp(&b.path));
    let home_of = |target: &Target| match target {
        Target::Package(index) => graph.packages.get(*index).map(|package| package.folder.absolute.clone()),
        Target::Component(index) => graph.components.get(*index).map(|component| component.absolute.clone()),
    };
    let dependencies = package.dependencies.iter();
    let dependencies = dependencies.filter_map(|(name, target)| Some((name.clone(), home_of(target)?)));
    Ok(PackageSource {
        home: package.folder.absolute.clone(),
        name: package.manifest.name.clone(),
        version: Some(package.manifest.version.full()),
        modules,
        wit: read_wit(files, &package.folder.shown.join("wit"))?,
        wit_versions: package.manifest.wit.clone(),
        features: package.manifest.features.iter().map(|feature| SmolStr::from(&feature.value)).collect(),
        ambient: package.manifest.ambient.iter().map(SmolStr::from).collect(),
        dependencies: dependencies.collect(),
        world: package.manifest.world.clone(),
        component: None,
    })
}

fn read_component(files: &dyn Files, location: &Location) -> Result<PackageSource, OpenError> {
    let bytes = read_component_bytes(files, &location.shown)?;
    let refused = |message| OpenError::Component(location.shown.clone(), message);
    let outline = dot_component::outline::outline(&bytes).map_err(refused)?;
    let (exports, imports) = outline.as_dependency().map_err(refused)?;
    let shown = display_path(&location.shown);
    let names = |names: Vec<String>| names.into_iter().map(SmolStr::from).collect();
    let component = ComponentFile {
        path: SmolStr::from(shown.as_str()),
        exports: names(exports),
        imports: names(imports),
        starts: outline.starts,
        bytes: Arc::from(bytes),
    };
    Ok(PackageSource {
        home: location.absolute.clone(),
        name: shown,
        version: None,
        modules: Vec::new(),
        wit: Vec::new(),
        wit_versions: Vec::new(),
        features: Vec::new(),
        ambient: Vec::new(),
        dependencies: Vec::new(),
        world: None,
        component: Some(Arc::new(component)),
    })
}

/// Refuses two components that export one interface and aren't the same: which of them is meant could not be told.
fn refuse_rivals(components: &[PackageSource]) -> Result<(), OpenError> {
    let mut givers: BTreeMap<&SmolStr, &ComponentFile> = BTreeMap::new();
    for component in components.iter().filter_map(|source| source.component.as_deref()) {
        for interface in &component.exports {
            match givers.insert(interface, component) {
                Some(other) if other.bytes != component.bytes => {
                    let message = format!(
                        "it exports `{interface}`, and so does `{}`, which is another one: depend on one of them, or give one's interface another version",
                        other.path
                    );
                    return Err(OpenError::Component(PathBuf::from(component.path.as_str()), message));
                }
                _ => {}
            }
        }
    }
    Ok(())
}

fn read_wit(files: &dyn Files, folder: &Path) -> Result<Vec<WitFile>, OpenError> {
    if !files.is_folder(folder) {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for path in list(files, folder, "wit")? {
        let bytes = read_bytes(files, &path)?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        found.push(WitFile { path: SmolStr::from(display_path(&path)), text: Arc::from(text) });
    }
    Ok(found)
}

fn read_module(files: &dyn Files, file: &Path, path: String) -> Result<SourceModule, OpenError> {
    let (text, status) = decode(read_bytes(files, file)?);
    Ok(SourceModule { path, shown: display_path(file), text, status })
}

/// The bytes of a component's file.
pub(crate) fn read_component_bytes(files: &dyn Files, path: &Path) -> Result<Vec<u8>, OpenError> {
    files.read(path).map_err(|error| OpenError::Unreadable(path.to_owned(), error))
}

/// The text of a file.
pub(crate) fn read_text(files: &dyn Files, path: &Path) -> Result<String, OpenError> {
    let bytes = read_bytes(files, path)?;
    String::from_utf8(bytes).map_err(|_| {
        let error = io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8");
        OpenError::Unreadable(path.to_owned(), error)
    })
}

fn read_bytes(files: &dyn Files, path: &Path) -> Result<Vec<u8>, OpenError> {
    let bytes = files.read(path).map_err(|error| OpenError::Unreadable(path.to_owned(), error))?;
    if bytes.len() > MAX_FILE_BYTES { Err(OpenError::TooLarge(path.to_owned())) } else { Ok(bytes) }
}

fn list(files: &dyn Files, folder: &Path, extension: &str) -> Result<Vec<PathBuf>, OpenError> {
    files.list(folder, extension).map_err(|error| OpenError::Unreadable(folder.to_owned(), error))
}

/// Text from bytes, and whether they were UTF-8.
#[must_use]
pub fn decode(bytes: Vec<u8>) -> (Arc<str>, FileStatus) {
    match String::from_utf8(bytes) {
        Ok(text) => (Arc::from(text), FileStatus::Present),
        Err(error) => {
            let offset = u32::try_from(error.utf8_error().valid_up_to()).unwrap_or(u32::MAX);
            (Arc::from(String::from_utf8_lossy(error.as_bytes())), FileStatus::InvalidUtf8 { offset })
        }
    }
}

/// The standard library's package. It never changes while a tool runs.
fn standard_library(db: &Database) -> Package {
    let modules = dot_stdlib::MODULES
        .iter()
        .map(|(path, text)| {
            let file = SourceFile::builder(
                SmolStr::from(format!("std/{path}.dot")),
                Arc::from(*text),
                FileStatus::Present,
            )
            .durability(Durability::HIGH)
            .new(db);
            ModuleFile { path: SmolStr::from(*path), file }
        })
        .collect();
    let wit = dot_stdlib::WIT
        .iter()
        .map(|(path, text)| WitFile { path: SmolStr::from(*path), text: Arc::from(*text) })
        .collect();
    Package::builder(
        SmolStr::new_static("dot:std"),
        None,
        Origin::Std,
        modules,
        wit,
        Vec::new(),
        Vec::new(),
        Vec::new(),
        Vec::new(),
        None,
        None,
    )
    .durability(Durability::HIGH)
    .new(db)
}

/// A path as messages show it: with `/` on every system.
pub(crate) fn display_path(path: &Path) -> String {
    path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}
