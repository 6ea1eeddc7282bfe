//! Projects whose files are in memory: what the driver and the language server make of what they have read, and
//! what tests make of nothing.

use crate::{Db, Dependency, FileStatus, ModuleFile, Origin, Package, Project, SourceFile, WitFile};
use salsa::Durability;
use smol_str::SmolStr;
use std::sync::Arc;

/// A package as texts.
#[derive(Clone, Debug)]
pub struct PackageTexts<'a> {
    /// Its name, `acme:geo`.
    pub name: &'a str,
    /// Its version, if it has one.
    pub version: Option<&'a str>,
    /// Where it comes from. The standard library is taken to change next to never.
    pub origin: Origin,
    /// Path below the package without extension, path for messages, text.
    pub modules: Vec<(&'a str, String, Arc<str>)>,
    /// Path for messages and text of its WIT.
    pub wit: Vec<(&'a str, Arc<str>)>,
    /// The packages that it depends on, by the names that its code calls them.
    pub dependencies: Vec<(&'a str, Package)>,
}

impl<'a> PackageTexts<'a> {
    /// A package with modules of these paths and texts; their files are named after them.
    #[must_use]
    pub fn new(name: &'a str, origin: Origin, modules: &[(&'a str, &str)]) -> Self {
        let modules = modules.iter().map(|(path, text)| (*path, format!("{path}.dot"), Arc::from(*text)));
        Self {
            name,
            version: None,
            origin,
            modules: modules.collect(),
            wit: Vec::new(),
            dependencies: Vec::new(),
        }
    }

    /// The same with these WIT files.
    #[must_use]
    pub fn with_wit(mut self, wit: &[(&'a str, &str)]) -> Self {
        self.wit = wit.iter().map(|(path, text)| (*path, Arc::from(*text))).collect();
        self
    }

    /// The same with these dependencies.
    #[must_use]
    pub fn with_dependencies(mut self, dependencies: &[(&'a str, Package)]) -> Self {
        self.dependencies = dependencies.to_vec();
        self
    }

    /// Makes the package an input of `db`.
    pub fn add_to(&self, db: &dyn Db) -> Package {
        let durability = match self.origin {
            Origin::User | Origin::Component => Durability::LOW,
            Origin::Std => Durability::HIGH,
        };
        let mut modules: Vec<ModuleFile> = self
            .modules
            .iter()
            .map(|(path, shown, text)| {
                let file = SourceFile::builder(SmolStr::from(shown), text.clone(), FileStatus::Present);
                ModuleFile { path: SmolStr::from(*path), file: file.durability(durability).new(db) }
            })
            .collect();
        modules.sort_by(|a, b| a.path.cmp(&b.path));
        let wit_file = |(path, text): &(&str, Arc<str>)| WitFile { path: (*path).into(), text: text.clone() };
        let mut wit: Vec<WitFile> = self.wit.iter().map(wit_file).collect();
        wit.sort_by(|a, b| a.path.cmp(&b.path));
        let version = self.version.map(SmolStr::from);
        let mut dependencies: Vec<Dependency> = self
            .dependencies
            .iter()
            .map(|(name, package)| Dependency { name: SmolStr::from(*name), package: *package })
            .collect();
        dependencies.sort_by(|a, b| a.name.cmp(&b.name));
        Package::builder(
            SmolStr::from(self.name),
            version,
            self.origin,
            modules,
            wit,
            Vec::new(),
            Vec::new(),
            Vec::new(),
            dependencies,
            None,
            None,
        )
        .durability(durability)
        .new(db)
    }
}

/// Makes two packages the project of `db`, which must have none yet.
pub fn new_project(db: &dyn Db, root: &PackageTexts<'_>, std: &PackageTexts<'_>) -> Project {
    let (root, std) = (root.add_to(db), std.add_to(db));
    // Which packages there are never changes while a tool runs; were it less durable than std, so would be all that
    // std's own queries find.
    Project::builder(root, std).durability(Durability::HIGH).new(db)
}
