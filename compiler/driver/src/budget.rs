//! `[budget]`: what a package's component may cost, and where in the manifest that is said.

use crate::build::{BuildError, Profile};
use crate::manifest::{Located, line_at};
use crate::project::RootManifest;
use dot_component::outline::{Outline, outline};
use serde::Deserialize;
use std::ops::Range;
use toml::Spanned;

/// What a component may cost at most; what isn't said is free.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    /// Bytes of the component, optimised and stripped.
    pub bytes: Option<Located<u64>>,
    /// How many interfaces it may import.
    pub imports: Option<Located<u64>>,
    /// The interfaces of which it may import functions; one without a version stands for each.
    pub effects: Option<Located<Vec<Located<String>>>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawBudget {
    bytes: Option<Spanned<u64>>,
    imports: Option<Spanned<u64>>,
    effects: Option<Spanned<Vec<Spanned<String>>>>,
}

impl From<RawBudget> for Budget {
    fn from(raw: RawBudget) -> Self {
        let effects = raw.effects.map(|effects| {
            let range = effects.span();
            Located { value: effects.into_inner().into_iter().map(Located::from).collect(), range }
        });
        Self { bytes: raw.bytes.map(Located::from), imports: raw.imports.map(Located::from), effects }
    }
}

/// Refuses a component that costs more than its package's manifest allows. Its bytes count when it is optimised.
///
/// # Errors
///
/// [`BuildError::Refused`] with the manifest's line, what the component has, and what to do next.
pub(crate) fn check(manifest: &RootManifest, component: &[u8], profile: Profile) -> Result<(), BuildError> {
    let budget = &manifest.package.budget;
    if *budget == Budget::default() {
        return Ok(());
    }
    let refuse = |range: &Range<usize>, message: String| {
        let line = line_at(&manifest.text, range.start);
        Err(BuildError::Refused(format!("{}:{line}: over budget: {message}", manifest.path.display())))
    };
    let outline = outline(component).map_err(BuildError::Defect)?;
    if let Some(effects) = &budget.effects
        && let Some(effect) = effects_of(&outline).find(|effect| !allows(&effects.value, effect))
    {
        return refuse(
            &effects.range,
            format!(
                "the component may call functions of `{effect}`, which isn't among these. `dotc effects` shows which calls lead there"
            ),
        );
    }
    let imports = u64::try_from(outline.imports.len()).unwrap_or(u64::MAX);
    if let Some(most) = budget.imports.as_ref().filter(|most| imports > most.value) {
        let names: Vec<&str> = outline.imports.iter().map(|import| import.name.as_str()).collect();
        let message = format!(
            "the component imports {imports} interfaces, not at most {}: {}",
            most.value,
            names.join(", ")
        );
        return refuse(&most.range, message);
    }
    if let (Some(most), Profile::Release) = (&budget.bytes, profile) {
        let stripped = dot_component::encode::strip(component);
        let stripped = stripped.map_err(|error| BuildError::Defect(error.to_string()))?;
        let bytes = u64::try_from(stripped.len()).unwrap_or(u64::MAX);
        if bytes > most.value {
            let message = format!(
                "the component has {bytes} bytes, {} more than {}. `dotc effects` tells what each package costs",
                bytes - most.value,
                most.value
            );
            return refuse(&most.range, message);
        }
    }
    Ok(())
}

/// The interfaces of which a component imports functions.
fn effects_of(outline: &Outline) -> impl Iterator<Item = &str> {
    let imports = outline.imports.iter().filter(|import| import.acts());
    imports.map(|import| import.name.as_str())
}

fn allows(allowed: &[Located<String>], effect: &str) -> bool {
    let unversioned = effect.split_once('@').map_or(effect, |(name, _)| name);
    allowed.iter().any(|one| one.value == effect || one.value == unversioned)
}
