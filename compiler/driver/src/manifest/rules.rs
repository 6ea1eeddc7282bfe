//! What single values of a manifest may be.

use super::{LANGUAGE, Located, ManifestError};
use crate::version::Version;
use dot_hir::wit::features::{FIXED_LISTS, MAPS};
use smol_str::SmolStr;

/// The features that this compiler knows, with what each is for.
pub(crate) const FEATURES: &[(&str, &str)] = &[
    (FIXED_LISTS, "`list<T, N>` crosses the boundary as such, not as a tuple of N"),
    (MAPS, "`map<K, V>` crosses the boundary as such, not as a list of tuples"),
];

pub(super) fn package_name(name: &Located<String>) -> Result<String, ManifestError> {
    if is_package_name(&name.value) {
        return Ok(name.value.clone());
    }
    let text = &name.value;
    Err(ManifestError::new(
        &name.range,
        format!("`{text}` is not a package name: write `namespace:name` in kebab-case"),
    ))
}

/// Whether a text is `namespace:name`.
pub(super) fn is_package_name(text: &str) -> bool {
    text.split_once(':').is_some_and(|(space, name)| is_label(space) && is_label(name))
}

/// Whether a text is a WIT identifier in lower case: words of letters and digits that start with a letter.
fn is_label(text: &str) -> bool {
    text.split('-').all(|word| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    })
}

/// Whether a text is a name of Dot for a module: `lower_snake`.
pub(super) fn is_module_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

pub(super) fn language(language: &Located<String>) -> Result<(), ManifestError> {
    if language.value == LANGUAGE {
        return Ok(());
    }
    let text = &language.value;
    let message =
        format!("language `{text}` is unknown: this compiler knows `{LANGUAGE}`; a newer one may know it");
    Err(ManifestError::new(&language.range, message))
}

pub(super) fn version(version: &Located<String>) -> Result<Version, ManifestError> {
    Version::parse(&version.value).ok_or_else(|| {
        let text = &version.value;
        ManifestError::new(&version.range, format!("`{text}` is not a version: write one such as `1.2.3`"))
    })
}

pub(super) fn wit_version(
    package: &str,
    version: &Located<String>,
) -> Result<(SmolStr, SmolStr), ManifestError> {
    if !is_package_name(package) {
        let message = format!("`{package}` is not a package name: write `\"wasi:io\" = \"0.2.8\"`");
        return Err(ManifestError::new(&version.range, message));
    }
    self::version(version)?;
    Ok((SmolStr::from(package), SmolStr::from(version.value.as_str())))
}

/// `wasi:cli/command`, perhaps with `@0.2.12`.
pub(super) fn world(world: &Located<String>) -> Result<String, ManifestError> {
    let text = &world.value;
    let (path, version) =
        text.split_once('@').map_or((text.as_str(), None), |(path, version)| (path, Some(version)));
    let is_path =
        path.split_once('/').is_some_and(|(package, name)| is_package_name(package) && is_label(name));
    if is_path && version.is_none_or(|version| Version::parse(version).is_some()) {
        return Ok(text.clone());
    }
    let message =
        format!("`{text}` is not the path of a world: write `wasi:cli/command`, or with its version");
    Err(ManifestError::new(&world.range, message))
}

/// The interfaces that may be ambient: they take what a program says of itself, and give nothing back.
const MAY_BE_AMBIENT: &[&str] = &["wasi:logging/logging"];

pub(super) fn ambient(written: impl Iterator<Item = Located<String>>) -> Result<Vec<String>, ManifestError> {
    let mut ambient = Vec::new();
    for interface in written {
        let name = interface.value.split_once('@').map_or(interface.value.as_str(), |(name, _)| name);
        if !MAY_BE_AMBIENT.contains(&name) {
            let message = format!(
                "what uses `{}` has to be said at each dot, after `uses`; only `{}` may be ambient",
                interface.value,
                MAY_BE_AMBIENT.join("`, `")
            );
            return Err(ManifestError::new(&interface.range, message));
        }
        ambient.push(interface.value);
    }
    ambient.sort();
    ambient.dedup();
    Ok(ambient)
}

pub(super) fn features(
    features: impl Iterator<Item = Located<String>>,
) -> Result<Vec<Located<String>>, ManifestError> {
    let mut known: Vec<Located<String>> = Vec::new();
    for feature in features {
        if !FEATURES.iter().any(|(name, _)| *name == feature.value) {
            let names: Vec<String> = FEATURES.iter().map(|(name, _)| format!("`{name}`")).collect();
            let message = format!(
                "unknown feature `{}`: this compiler knows {}; leave it out, or build with one that knows it",
                feature.value,
                names.join(", ")
            );
            return Err(ManifestError::new(&feature.range, message));
        }
        if known.iter().any(|other| other.value == feature.value) {
            let message = format!("feature `{}` stands here twice: once is enough", feature.value);
            return Err(ManifestError::new(&feature.range, message));
        }
        known.push(feature);
    }
    known.sort_by(|a, b| a.value.cmp(&b.value));
    Ok(known)
}
