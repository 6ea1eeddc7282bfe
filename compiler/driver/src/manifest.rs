//! `Dot.toml`. Its shape is `spec/schema/dot-toml.schema.json`.

mod dependency;
mod rules;

pub use dependency::{Dependency, Source};

use crate::budget::Budget;
use crate::profiles::ProfileEntry;
use crate::version::Version;
use dependency::RawDependency;
use serde::Deserialize;
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use toml::Spanned;

/// A manifest: that of a package, of a workspace, or of both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The package; none where the folder only holds a workspace.
    pub package: Option<PackageManifest>,
    /// The folders of the workspace's members, as written: `geo`, `packages/*`.
    pub members: Option<Vec<Located<String>>>,
    /// The folder of the registry, as written.
    pub registry: Option<Located<String>>,
}

/// What a manifest says of its package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageManifest {
    /// `namespace:name`, both WIT identifiers.
    pub name: String,
    /// The package's version.
    pub version: Version,
    /// Features of the language or the target that it turns on.
    pub features: Vec<Located<String>>,
    /// The interfaces that its dots and public functions needn't say they use.
    pub ambient: Vec<String>,
    /// What it is for, in a sentence.
    pub description: Option<String>,
    /// An SPDX expression.
    pub license: Option<String>,
    /// The version that a `use` of a WIT package means, by package.
    pub wit: Vec<(SmolStr, SmolStr)>,
    /// The world that it implements: `wasi:cli/command`, with a version or without.
    pub world: Option<String>,
    /// The packages that it depends on, sorted by the names that its code calls them.
    pub dependencies: Vec<Dependency>,
    /// How it is built, by profile.
    pub profiles: Vec<ProfileEntry>,
    /// What it may cost.
    pub budget: Budget,
}

/// A value, and where it stands in the manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Its bytes in the text.
    pub range: Range<usize>,
}

impl<T> From<Spanned<T>> for Located<T> {
    fn from(spanned: Spanned<T>) -> Self {
        let range = spanned.span();
        Self { value: spanned.into_inner(), range }
    }
}

/// Why a manifest was refused: a reason with the next step, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestError {
    /// The reason.
    pub message: String,
    /// Where in the text, in bytes.
    pub range: Range<usize>,
}

impl ManifestError {
    /// The line of a text, from 1, at which it stands.
    #[must_use]
    pub fn line(&self, text: &str) -> usize {
        line_at(text, self.range.start)
    }

    /// An error at a place of the manifest.
    pub(crate) fn new(range: &Range<usize>, message: impl Into<String>) -> Self {
        Self { message: message.into(), range: range.clone() }
    }
}

/// The line of a text, from 1, at an offset in bytes.
pub(crate) fn line_at(text: &str, offset: usize) -> usize {
    text[..text.floor_char_boundary(offset)].matches('\n').count() + 1
}

impl fmt::Display for ManifestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// The language that this compiler knows.
pub const LANGUAGE: &str = "0.1";

/// The text as TOML reads it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    name: Option<Spanned<String>>,
    version: Option<Spanned<String>>,
    language: Option<Spanned<String>>,
    description: Option<String>,
    license: Option<String>,
    world: Option<Spanned<String>>,
    #[serde(default)]
    features: Vec<Spanned<String>>,
    #[serde(default)]
    ambient: Vec<Spanned<String>>,
    #[serde(default)]
    wit: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    dependencies: BTreeMap<String, Spanned<RawDependency>>,
    #[serde(default)]
    profile: BTreeMap<String, Spanned<crate::profiles::RawProfile>>,
    budget: Option<crate::budget::RawBudget>,
    registry: Option<RawRegistry>,
    workspace: Option<RawWorkspace>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRegistry {
    path: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWorkspace {
    members: Vec<Spanned<String>>,
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    ///
    /// When it is not TOML, lacks a key, has an unknown one, or a value is out of its range.
    pub fn parse(text: &str) -> Result<Self, ManifestError> {
        let raw: Raw = toml::from_str(text).map_err(|error| ManifestError {
            message: error.message().to_owned(),
            range: error.span().unwrap_or(0..0),
        })?;
        let is_package = raw.name.is_some() || raw.version.is_some() || raw.language.is_some();
        let members = raw
            .workspace
            .as_ref()
            .map(|workspace| workspace.members.iter().cloned().map(Located::from).collect::<Vec<_>>());
        let registry = raw.registry.as_ref().map(|registry| Located::from(registry.path.clone()));
        let package = if is_package || members.is_none() { Some(package(raw)?) } else { None };
        Ok(Self { package, members, registry })
    }
}

fn package(raw: Raw) -> Result<PackageManifest, ManifestError> {
    let missing = |key: &str, example: &str| {
        ManifestError::new(&(0..0), format!("missing field `{key}`: write `{key} = \"{example}\"`"))
    };
    let name = raw.name.ok_or_else(|| missing("name", "acme:geo"))?;
    let version = raw.version.ok_or_else(|| missing("version", "0.1.0"))?;
    let language = raw.language.ok_or_else(|| missing("language", LANGUAGE))?;
    let name = rules::package_name(&Located::from(name))?;
    rules::language(&Located::from(language))?;
    let version = rules::version(&Located::from(version))?;
    let world = raw.world.map(|world| rules::world(&world.into())).transpose()?;
    let features = rules::features(raw.features.into_iter().map(Located::from))?;
    let ambient = rules::ambient(raw.ambient.into_iter().map(Located::from))?;
    let wit = raw.wit.into_iter().map(|(package, version)| rules::wit_version(&package, &version.into()));
    let wit = wit.collect::<Result<Vec<_>, _>>()?;
    let dependencies = dependency::all(&name, raw.dependencies)?;
    let profiles = crate::profiles::all(raw.profile)?;
    let budget = raw.budget.map(Budget::from).unwrap_or_default();
    Ok(PackageManifest {
        name,
        version,
        features,
        ambient,
        description: raw.description,
        license: raw.license,
        wit,
        world,
        dependencies,
        profiles,
        budget,
    })
}

#[cfg(test)]
mod tests {
    use super::Manifest;

    const HEAD: &str = "name = \"acme:app\"\nversion = \"0.1.0\"\nlanguage = \"0.1\"\n";

    #[test]
    fn a_manifest_needs_name_version_and_language() {
        let manifest = Manifest::parse(HEAD).expect("a manifest");
        assert_eq!(manifest.package.map(|package| package.name), Some("acme:app".to_owned()));
        for (text, part) in [
            ("", "name"),
            ("name = \"acme:geo\"\nlanguage = \"0.1\"", "version"),
            ("name = \"geo\"\nlanguage = \"0.1\"\nversion = \"0.1.0\"", "not a package name"),
            ("name = \"acme:Geo\"\nlanguage = \"0.1\"\nversion = \"0.1.0\"", "not a package name"),
            ("name = \"acme:geo\"\nlanguage = \"9\"\nversion = \"0.1.0\"", "this compiler knows `0.1`"),
            ("name = \"acme:geo\"\nlanguage = \"0.1\"\nversion = \"1.02.3\"", "not a version"),
            ("name = \"acme:geo\"\nlanguage = \"0.1\"\nversion = \"0.1.0\"\ncolour = 1", "colour"),
            ("name = 1", "string"),
        ] {
            let error = Manifest::parse(text).expect_err(text);
            assert!(error.message.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_where_it_stands() {
        for (tail, at, part) in [
            ("features = [\"warp\"]", "\"warp\"", "unknown feature"),
            ("ambient = [\"wasi:io/streams\"]", "\"wasi:io/streams\"", "has to be said"),
            ("ambient = [\"logging\"]", "\"logging\"", "has to be said"),
            ("[dependencies]\n\"acme:geo\" = 1", "1", "a version or a table"),
            ("[dependencies]\n\"acme:geo\" = \"one\"", "\"one\"", "not a requirement"),
            ("[dependencies]\n\"acme:geo\" = \">=1, <3\"", "\">=1, <3\"", "name one of them"),
            ("[dependencies]\nGeo = { path = \"../geo\" }", "{ path = \"../geo\" }", "not a name"),
            ("[dependencies]\nstd = { path = \"../geo\" }", "{ path = \"../geo\" }", "taken"),
            ("[dependencies]\napp = { path = \"../geo\" }", "{ path = \"../geo\" }", "taken"),
            ("[dependencies]\ngeo = \"1\"", "\"1\"", "which package"),
            ("world = \"command\"", "\"command\"", "not the path of a world"),
            ("[wit]\nio = \"0.2.0\"", "\"0.2.0\"", "not a package name"),
            ("[profile.tiny]\nstrip = true", "[profile.tiny]", "inherits"),
        ] {
            let text = format!("{HEAD}{tail}\n");
            let error = Manifest::parse(&text).expect_err(&text);
            assert!(error.message.contains(part), "{text}: {error}");
            assert!(text[error.range.clone()].starts_with(at), "{text}: {:?}", &text[error.range.clone()]);
        }
    }

    /// Whatever becomes of a manifest while someone writes it, there is an answer, and a line for it.
    #[test]
    fn no_text_is_too_broken_to_answer() {
        let text = format!(
            "{HEAD}features = [\"fixed-length-lists\"]\n[dependencies]\n\"acme:geo\" = {{ path = \"../geö\", version = \">=1, <2\" }}\nold = {{ package = \"acme:geo\", version = \"1\" }}\n[profile.small]\ninherits = \"release\"\n[budget]\nbytes = 1\neffects = [\"wasi:io/streams\"]\n[workspace]\nmembers = [\"a/*\"]\n"
        );
        assert!(Manifest::parse(&text).is_ok());
        let places = text.char_indices().map(|(at, _)| at);
        for at in places {
            for changed in [
                text[..at].to_owned(),
                format!("{}{}", &text[..at], &text[text.ceil_char_boundary(at + 1)..]),
                format!("{}[{}", &text[..at], &text[at..]),
                format!("{}\"{}", &text[..at], &text[at..]),
                format!("{}9{}", &text[..at], &text[at..]),
            ] {
                if let Err(error) = Manifest::parse(&changed) {
                    assert!(error.line(&changed) <= changed.lines().count() + 1, "{changed}");
                }
            }
        }
        let nested = format!("{HEAD}features = {}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(Manifest::parse(&nested).is_err());
    }

    #[test]
    fn a_workspace_needs_no_package() {
        let manifest = Manifest::parse("[workspace]\nmembers = [\"a\", \"packages/*\"]\n").expect("one");
        assert!(manifest.package.is_none());
        assert_eq!(manifest.members.map(|members| members.len()), Some(2));
    }
}
