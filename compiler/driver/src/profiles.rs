//! `[profile.NAME]`: how much work goes into the code, and what is left out of the file.

use crate::build::Profile;
use crate::manifest::{Located, ManifestError};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// A profile of a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileEntry {
    /// Its name.
    pub name: String,
    /// What is done.
    pub settings: Settings,
}

/// How something is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Settings {
    /// How much work goes into the code.
    pub profile: Profile,
    /// Whether names, metadata and tables are left out.
    pub strip: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawProfile {
    inherits: Option<String>,
    optimise: Option<bool>,
    strip: Option<bool>,
}

impl Settings {
    /// As it comes, with all that helps to look at it.
    pub const DEBUG: Self = Self { profile: Profile::Debug, strip: false };
    /// Optimised.
    pub const RELEASE: Self = Self { profile: Profile::Release, strip: false };

    fn built_in(name: &str) -> Option<Self> {
        match name {
            "debug" => Some(Self::DEBUG),
            "release" => Some(Self::RELEASE),
            _ => None,
        }
    }
}

/// The profiles of a manifest, `debug` and `release` among them.
pub(crate) fn all(raw: BTreeMap<String, Spanned<RawProfile>>) -> Result<Vec<ProfileEntry>, ManifestError> {
    let raw: BTreeMap<String, Located<RawProfile>> =
        raw.into_iter().map(|(name, profile)| (name, profile.into())).collect();
    let names = ["debug", "release"].into_iter().chain(raw.keys().map(String::as_str));
    let mut entries: Vec<ProfileEntry> = Vec::new();
    for name in names {
        if !entries.iter().any(|entry| entry.name == name) {
            entries.push(ProfileEntry { name: name.to_owned(), settings: settings(&raw, name, raw.len())? });
        }
    }
    Ok(entries)
}

/// What a profile comes to. It inherits at most `deep` times: more is a circle.
fn settings(
    raw: &BTreeMap<String, Located<RawProfile>>,
    name: &str,
    deep: usize,
) -> Result<Settings, ManifestError> {
    let Some(written) = raw.get(name) else { return Ok(Settings::built_in(name).unwrap_or(Settings::DEBUG)) };
    let wrong = |message: String| Err(ManifestError::new(&written.range, message));
    let base = match (Settings::built_in(name), &written.value.inherits) {
        (Some(base), None) => base,
        (Some(_), Some(_)) => return wrong(format!("`{name}` inherits from no other profile: leave it out")),
        (None, None) => {
            return wrong(format!("profile `{name}` starts from another: add `inherits = \"release\"`"));
        }
        (None, Some(base)) if deep == 0 => {
            return wrong(format!("the profiles `{name}` and `{base}` inherit from each other"));
        }
        (None, Some(base)) if Settings::built_in(base).is_none() && !raw.contains_key(base) => {
            return wrong(format!("there is no profile `{base}`: inherit from `debug` or `release`"));
        }
        (None, Some(base)) => settings(raw, base, deep - 1)?,
    };
    let profile = match written.value.optimise {
        Some(true) => Profile::Release,
        Some(false) => Profile::Debug,
        None => base.profile,
    };
    Ok(Settings { profile, strip: written.value.strip.unwrap_or(base.strip) })
}
