//! `[dependencies]`: packages from the registry, packages in folders, and components.

use super::{Located, ManifestError, rules};
use crate::version::Requirement;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use toml::Spanned;

/// A package has at most so many dependencies.
pub const MAX_DEPENDENCIES: usize = 1000;

/// A line of `[dependencies]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// The name by which code calls it: the first of the paths to its modules.
    pub name: String,
    /// The package that is meant; none where the folder says it, or it is a component.
    pub package: Option<String>,
    /// Where it comes from.
    pub source: Source,
    /// The versions that will do; none where any that the folder has will.
    pub requirement: Option<Requirement>,
    /// Where its value stands in the manifest.
    pub range: Range<usize>,
}

/// Where a dependency comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The registry.
    Registry,
    /// A folder with a package, as written.
    Folder(String),
    /// A component's file, as written.
    Component(String),
}

/// A version, or a table.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    package: Option<String>,
    path: Option<String>,
    version: Option<String>,
}

pub(super) struct RawDependency(Table);

impl<'de> Deserialize<'de> for RawDependency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = RawDependency;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a version or a table such as `{ path = \"../geo\" }`")
            }

            fn visit_str<E>(self, version: &str) -> Result<RawDependency, E> {
                Ok(RawDependency(Table { version: Some(version.to_owned()), ..Table::default() }))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawDependency, A::Error> {
                Table::deserialize(MapAccessDeserializer::new(map)).map(RawDependency)
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

/// The dependencies of the package `own`, sorted by name.
pub(super) fn all(
    own: &str,
    raw: BTreeMap<String, Spanned<RawDependency>>,
) -> Result<Vec<Dependency>, ManifestError> {
    if raw.len() > MAX_DEPENDENCIES {
        let mut ranges: Vec<Range<usize>> = raw.values().map(Spanned::span).collect();
        ranges.sort_by_key(|range| range.start);
        let range = ranges.get(MAX_DEPENDENCIES).cloned().unwrap_or_default();
        let message = format!(
            "a package has {} dependencies, and more than {MAX_DEPENDENCIES} are refused: move some into packages between",
            raw.len()
        );
        return Err(ManifestError::new(&range, message));
    }
    let mut all: Vec<Dependency> = Vec::new();
    for (key, value) in raw {
        let dependency = one(&key, value.into())?;
        let (range, name) = (&dependency.range, &dependency.name);
        let next = "give it another one: `other_name = { package = \"…\", … }`";
        if name == "std" || *name == short_name(own) {
            let message =
                format!("the name `{name}` is taken, by this package or the standard library: {next}");
            return Err(ManifestError::new(range, message));
        }
        if all.iter().any(|other| other.name == *name) {
            return Err(ManifestError::new(range, format!("two dependencies are called `{name}`: {next}")));
        }
        all.push(dependency);
    }
    all.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(all)
}

fn one(key: &str, value: Located<RawDependency>) -> Result<Dependency, ManifestError> {
    let (Table { package, path, version }, range) = (value.value.0, value.range);
    let wrong = |message: String| Err(ManifestError::new(&range, message));
    let (name, package) = if rules::is_package_name(key) {
        if let Some(package) = package {
            return wrong(format!(
                "`{key}` names a package and so does `package = \"{package}\"`: leave one out"
            ));
        }
        (short_name(key), Some(key.to_owned()))
    } else if rules::is_module_name(key) {
        (key.to_owned(), package)
    } else {
        return wrong(format!(
            "`{key}` is not a name for a dependency: write the package's (`\"acme:geo\"`) or one in lower_snake"
        ));
    };
    if let Some(package) = package.as_ref().filter(|package| !rules::is_package_name(package)) {
        return wrong(format!("`{package}` is not a package name: write `namespace:name` in kebab-case"));
    }
    let requirement = match version.as_deref().map(Requirement::parse) {
        None => None,
        Some(Ok(requirement)) => Some(requirement),
        Some(Err(message)) => return wrong(message),
    };
    let source = match path {
        Some(path) if path.ends_with(".wasm") => Source::Component(path),
        Some(path) => Source::Folder(path),
        None => Source::Registry,
    };
    match (&source, &package, &requirement) {
        (Source::Registry, None, _) => wrong(format!(
            "which package `{key}` is can't be told: write `{key} = {{ package = \"acme:{key}\", version = \"…\" }}`"
        )),
        (Source::Registry, Some(_), None) => {
            wrong("a package of the registry needs a version: add `version = \"…\"`, or a `path`".to_owned())
        }
        (Source::Component(_), _, Some(_)) => {
            wrong("a component has no version to choose: leave `version` out".to_owned())
        }
        _ => Ok(Dependency { name, package, source, requirement, range }),
    }
}

/// The name by which code calls a package, unless the manifest gives it another: `map_tiles` for `acme:map-tiles`.
pub(crate) fn short_name(package: &str) -> String {
    package.split_once(':').map_or(package, |(_, name)| name).replace('-', "_")
}
