//! `Dot.toml`. Its shape is `spec/schema/dot-toml.schema.json`.

use serde::Deserialize;
use std::fmt;

/// The manifest of a package.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// `namespace:name`, both WIT identifiers.
    pub name: String,
    /// The package's version.
    pub version: Option<String>,
    /// The language it is written in.
    pub language: String,
    /// What it is for, in a sentence.
    pub description: Option<String>,
}

/// Why a manifest was refused: a reason, and the byte where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestError {
    /// The reason.
    pub message: String,
    /// Where in the text.
    pub range: std::ops::Range<usize>,
}

impl fmt::Display for ManifestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// The language that this compiler knows.
pub const LANGUAGE: &str = "0.1";

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    ///
    /// When it is not TOML, lacks a key, has an unknown one, or a value is out of its range.
    pub fn parse(text: &str) -> Result<Self, ManifestError> {
        let manifest: Self = toml::from_str(text).map_err(|error| ManifestError {
            message: error.message().to_owned(),
            range: error.span().unwrap_or(0..0),
        })?;
        let at = |key: &str, message: String| {
            let start = text.find(key).unwrap_or(0);
            ManifestError { message, range: start..start + key.len() }
        };
        let well_formed =
            manifest.name.split_once(':').is_some_and(|(space, name)| is_label(space) && is_label(name));
        if !well_formed {
            let message =
                format!("`{}` is not a package name: write `namespace:name` in kebab-case", manifest.name);
            return Err(at("name", message));
        }
        if manifest.language != LANGUAGE {
            let message =
                format!("language `{}` is unknown: this compiler knows `{LANGUAGE}`", manifest.language);
            return Err(at("language", message));
        }
        if let Some(version) = &manifest.version
            && !is_version(version)
        {
            return Err(at("version", format!("`{version}` is not a version such as `1.2.3`")));
        }
        Ok(manifest)
    }
}

/// Whether a text is a WIT identifier in lower case: words of letters and digits that start with a letter.
fn is_label(text: &str) -> bool {
    text.split('-').all(|word| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    })
}

/// Whether a text is `MAJOR.MINOR.PATCH` with an optional pre-release.
fn is_version(text: &str) -> bool {
    let core = text.split_once('-').map_or(text, |(core, _)| core);
    let parts: Vec<_> = core.split('.').collect();
    let number = |part: &&str| part.parse::<u64>().is_ok_and(|n| n.to_string() == **part);
    parts.len() == 3 && parts.iter().all(number)
}

#[cfg(test)]
mod tests {
    use super::Manifest;

    #[test]
    fn a_manifest_needs_name_and_language() {
        let good = "name = \"acme:geo\"\nversion = \"0.1.0\"\nlanguage = \"0.1\"\n";
        assert_eq!(Manifest::parse(good).map(|m| m.name), Ok("acme:geo".to_owned()));
        for (text, part) in [
            ("", "name"),
            ("name = \"geo\"\nlanguage = \"0.1\"", "not a package name"),
            ("name = \"acme:Geo\"\nlanguage = \"0.1\"", "not a package name"),
            ("name = \"acme:geo\"\nlanguage = \"9\"", "unknown"),
            ("name = \"acme:geo\"\nlanguage = \"0.1\"\nversion = \"1.02.3\"", "not a version"),
            ("name = \"acme:geo\"\nlanguage = \"0.1\"\ncolour = 1", "colour"),
            ("name = 1", "string"),
        ] {
            let error = Manifest::parse(text).expect_err(text);
            assert!(error.message.contains(part), "{text}: {error}");
        }
    }
}
