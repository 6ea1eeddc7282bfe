//! From a path to the database's inputs: a lone file, or a folder with a manifest.

use crate::files::Files;
use crate::manifest::{Manifest, ManifestError};
use dot_db::{Database, FileStatus, ModuleFile, Origin, Package, Project, SourceFile, WitFile};
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
    /// The manifest is wrong: its path, its text, and what is wrong.
    Manifest(PathBuf, String, ManifestError),
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
                let line = text[..error.range.start.min(text.len())].matches('\n').count() + 1;
                write!(f, "{}:{line}: {error}", path.display())
            }
            Self::NotSource(path) => write!(f, "`{}` is not a `.dot` file", path.display()),
            Self::TooLarge(path) => {
                write!(f, "`{}` is over {} MiB; split it into modules", path.display(), MAX_FILE_BYTES >> 20)
            }
        }
    }
}

impl std::error::Error for OpenError {}

/// A package as it was read, not yet in a database.
struct Source {
    name: String,
    version: Option<String>,
    modules: Vec<SourceModule>,
    wit: Vec<WitFile>,
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

/// Sets the inputs for the package at `path` in a new database.
///
/// # Errors
///
/// When there is no such package or it can't be read. What is wrong *inside* source files is not an error here:
/// it becomes diagnostics.
pub fn open(db: &mut Database, files: &dyn Files, path: &Path) -> Result<(), OpenError> {
    let source = read(files, path)?;
    let modules = source.modules.into_iter().map(|module| new_module(db, module)).collect();
    let root = Package::new(
        db,
        SmolStr::from(source.name),
        source.version.map(SmolStr::from),
        Origin::User,
        modules,
        source.wit,
    );
    let std = standard_library(db);
    Project::new(db, root, std);
    Ok(())
}

/// Reads the package at `path` again and changes the inputs that differ.
///
/// # Errors
///
/// As for [`open`]; then nothing is changed.
pub fn refresh(db: &mut Database, files: &dyn Files, path: &Path) -> Result<(), OpenError> {
    let source = read(files, path)?;
    let root = Project::get(db).root(db);
    let known: BTreeMap<SmolStr, SourceFile> =
        root.modules(db).iter().map(|module| (module.path.clone(), module.file)).collect();
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
    if *root.modules(db) != modules {
        root.set_modules(db).to(modules);
    }
    if *root.wit(db) != source.wit {
        root.set_wit(db).to(source.wit);
    }
    if *root.version(db) != version {
        root.set_version(db).to(version);
    }
    if root.name(db).as_str() != source.name {
        root.set_name(db).to(SmolStr::from(source.name));
    }
    Ok(())
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

fn read(files: &dyn Files, path: &Path) -> Result<Source, OpenError> {
    if files.is_folder(path) { read_folder(files, path) } else { read_lone_file(files, path) }
}

/// A lone file: package `local:STEM` with one module.
fn read_lone_file(files: &dyn Files, path: &Path) -> Result<Source, OpenError> {
    if path.extension().is_none_or(|extension| extension != "dot") {
        return Err(match files.read(path) {
            Ok(_) => OpenError::NotSource(path.to_owned()),
            Err(error) => OpenError::Unreadable(path.to_owned(), error),
        });
    }
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let name = format!("local:{}", dot_component::names::stem_identifier(&stem));
    let module = read_module(files, path, stem)?;
    Ok(Source { name, version: None, modules: vec![module], wit: Vec::new() })
}

/// A folder with a manifest; its modules are below `src/`, the WIT it imports below `wit/`.
fn read_folder(files: &dyn Files, folder: &Path) -> Result<Source, OpenError> {
    let manifest = read_manifest(files, folder)?;
    let sources = folder.join("src");
    let mut modules = Vec::new();
    for path in list(files, &sources, "dot")? {
        let below = path.strip_prefix(&sources).unwrap_or(&path).with_extension("");
        modules.push(read_module(files, &path, display_path(&below))?);
    }
    modules.sort_by(|a, b| a.path.cmp(&b.path));
    let wit = read_wit(files, &folder.join("wit"))?;
    Ok(Source { name: manifest.name, version: manifest.version, modules, wit })
}

fn read_manifest(files: &dyn Files, folder: &Path) -> Result<Manifest, OpenError> {
    let path = folder.join(MANIFEST);
    let bytes = match files.read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(OpenError::NoManifest(folder.to_owned()));
        }
        Err(error) => return Err(OpenError::Unreadable(path, error)),
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Manifest::parse(&text).map_err(|error| OpenError::Manifest(path, text, error))
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
    Package::builder(SmolStr::new_static("dot:std"), None, Origin::Std, modules, wit)
        .durability(Durability::HIGH)
        .new(db)
}

/// A path as messages show it: with `/` on every system.
fn display_path(path: &Path) -> String {
    path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}
