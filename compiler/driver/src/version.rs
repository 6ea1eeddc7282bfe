//! Versions, and which of them a requirement takes.
//!
//! Two versions are *compatible* when their first number that isn't zero is the same, as semantic versioning has it:
//! `1.2.0` and `1.9.3`, `0.3.0` and `0.3.1`. Of compatible versions a build takes one; others stand side by side. So a
//! requirement speaks of compatible versions only.

use dot_component::change::Step;
use pubgrub::Ranges;
use std::fmt;

/// A semantic version.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version(semver::Version);

/// What compatible versions have in common: the numbers up to the first that isn't zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Line(u64, u64, u64);

impl Version {
    /// Reads `MAJOR.MINOR.PATCH`, with an optional pre-release and build.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        semver::Version::parse(text).ok().map(Self)
    }

    /// A version that stands below all that are released of its numbers.
    fn before(major: u64, minor: u64, patch: u64) -> Self {
        let lowest = semver::Prerelease::new("0").unwrap_or(semver::Prerelease::EMPTY);
        Self(semver::Version { pre: lowest, ..semver::Version::new(major, minor, patch) })
    }

    /// Its whole text.
    #[must_use]
    pub fn full(&self) -> String {
        self.0.to_string()
    }

    /// The lowest release that takes a step from this one. Below 1.0.0 a minor step is one of the last number, and one that
    /// breaks is one of the first number that isn't zero, as [`Line`] has it.
    #[must_use]
    pub fn after(&self, step: Step) -> Self {
        let semver::Version { major, minor, patch, .. } = self.0;
        let next = |number: u64| number.saturating_add(1);
        Self(match (step, major, minor) {
            (Step::Major, 0, 0) => semver::Version::new(0, 0, next(patch)),
            (Step::Major, 0, _) => semver::Version::new(0, next(minor), 0),
            (Step::Major, ..) => semver::Version::new(next(major), 0, 0),
            (Step::Minor, 1.., _) => semver::Version::new(major, next(minor), 0),
            (Step::Minor, 0, _) | (Step::Patch, ..) => semver::Version::new(major, minor, next(patch)),
        })
    }

    /// Whether it is one that was tried out before its release.
    #[must_use]
    pub fn is_prerelease(&self) -> bool {
        !self.0.pre.is_empty()
    }

    /// What it has in common with those that are compatible.
    #[must_use]
    pub fn line(&self) -> Line {
        match (self.0.major, self.0.minor, self.0.patch) {
            (0, 0, patch) => Line(0, 0, patch),
            (0, minor, _) => Line(0, minor, 0),
            (major, ..) => Line(major, 0, 0),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The end of a range, which no person wrote.
        if self.0.pre.as_str() == "0" && self.0.build.is_empty() {
            return write!(f, "{}.{}.{}", self.0.major, self.0.minor, self.0.patch);
        }
        self.0.fmt(f)
    }
}

impl Line {
    /// All versions that have this in common.
    fn versions(self) -> Ranges<Version> {
        let Self(major, minor, patch) = self;
        let after = match (major, minor) {
            (0, 0) => Version::before(0, 0, patch.saturating_add(1)),
            (0, _) => Version::before(0, minor.saturating_add(1), 0),
            _ => Version::before(major.saturating_add(1), 0, 0),
        };
        stretch(Version::before(major, minor, patch), after)
    }
}

/// The versions of a package that will do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    text: String,
    /// The versions.
    pub(crate) versions: Ranges<Version>,
    /// What they have in common.
    pub(crate) line: Line,
}

impl Requirement {
    /// Reads a requirement: `1.2` takes `1.2.0` and what is compatible and later, `~1.2` only `1.2.*`, `=1.2.3` that one;
    /// `>=1.2, <1.5` a stretch.
    ///
    /// # Errors
    ///
    /// With the reason and the next step, where it is none, takes nothing, or takes versions that aren't compatible.
    pub fn parse(text: &str) -> Result<Self, String> {
        let read = semver::VersionReq::parse(text).ok().filter(|read| !read.comparators.is_empty());
        let read = read.ok_or_else(|| {
            format!("`{text}` is not a requirement: write one such as `1.2`, `=1.2.3` or `>=1.2, <1.5`")
        })?;
        let mut versions = Ranges::full();
        for comparator in &read.comparators {
            versions = versions.intersection(&of_comparator(comparator));
        }
        let lowest = versions.bounding_range().and_then(|(start, _)| match start {
            std::ops::Bound::Included(version) | std::ops::Bound::Excluded(version) => Some(version.clone()),
            std::ops::Bound::Unbounded => None,
        });
        if versions.is_empty() {
            return Err(format!("`{text}` takes no version: its parts exclude each other"));
        }
        let line = lowest.map(|version| version.line());
        match line {
            Some(line) if versions.subset_of(&line.versions()) => {
                Ok(Self { text: text.to_owned(), versions, line })
            }
            _ => Err(format!(
                "`{text}` takes versions that are not compatible with each other: name one of them, as in `1.2`"
            )),
        }
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Versions from one on and below another; none where they stand the other way round, as with numbers that can't grow.
fn stretch(first: Version, end: Version) -> Ranges<Version> {
    if first < end { Ranges::between(first, end) } else { Ranges::empty() }
}

fn of_comparator(comparator: &semver::Comparator) -> Ranges<Version> {
    let (major, minor, patch) = (comparator.major, comparator.minor, comparator.patch);
    let pre = comparator.pre.clone();
    let first = Version(semver::Version {
        pre: pre.clone(),
        ..semver::Version::new(major, minor.unwrap_or(0), patch.unwrap_or(0))
    });
    // After all that the written numbers begin.
    let after = match (minor, patch) {
        (None, _) => Version::before(major.saturating_add(1), 0, 0),
        (Some(minor), None) => Version::before(major, minor.saturating_add(1), 0),
        (Some(minor), Some(patch)) => Version::before(major, minor, patch.saturating_add(1)),
    };
    match comparator.op {
        semver::Op::Exact if patch.is_some() => Ranges::singleton(first),
        semver::Op::Exact | semver::Op::Wildcard => stretch(first, after),
        semver::Op::Greater if patch.is_some() => Ranges::strictly_higher_than(first),
        semver::Op::Greater => Ranges::higher_than(after),
        semver::Op::GreaterEq => Ranges::higher_than(first),
        semver::Op::Less => {
            let end = if pre.is_empty() {
                Version::before(major, minor.unwrap_or(0), patch.unwrap_or(0))
            } else {
                first
            };
            Ranges::strictly_lower_than(end)
        }
        semver::Op::LessEq if patch.is_some() => Ranges::lower_than(first),
        semver::Op::LessEq => Ranges::strictly_lower_than(after),
        semver::Op::Tilde => {
            let end = match minor {
                None => Version::before(major.saturating_add(1), 0, 0),
                Some(minor) => Version::before(major, minor.saturating_add(1), 0),
            };
            stretch(first, end)
        }
        _ => {
            let end = match (major, minor, patch) {
                (0, None, _) => Version::before(1, 0, 0),
                (0, Some(0), None) => Version::before(0, 1, 0),
                (0, Some(0), Some(patch)) => Version::before(0, 0, patch.saturating_add(1)),
                (0, Some(minor), _) => Version::before(0, minor.saturating_add(1), 0),
                _ => Version::before(major.saturating_add(1), 0, 0),
            };
            stretch(first, end)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Requirement, Version};

    fn takes(requirement: &str, version: &str) -> bool {
        let requirement = Requirement::parse(requirement).expect(requirement);
        requirement.versions.contains(&Version::parse(version).expect(version))
    }

    // What is expected here is what semver.org and Cargo's reference say of these requirements.
    #[test]
    fn requirements_take_what_is_compatible() {
        for (requirement, yes, no) in [
            ("1.2", &["1.2.0", "1.9.3"][..], &["1.1.9", "2.0.0", "2.0.0-alpha"][..]),
            ("1", &["1.0.0", "1.9.3"], &["0.9.0", "2.0.0"]),
            ("1.2.3", &["1.2.3", "1.3.0"], &["1.2.2", "1.2.3-rc.1", "2.0.0"]),
            ("0.3", &["0.3.0", "0.3.9"], &["0.4.0", "0.2.0"]),
            ("0.0.3", &["0.0.3"], &["0.0.4"]),
            ("=1.2.3", &["1.2.3"], &["1.2.4"]),
            ("~1.2", &["1.2.0", "1.2.9"], &["1.3.0"]),
            (">=1.2, <1.5", &["1.2.0", "1.4.9"], &["1.5.0", "1.5.0-beta"]),
            ("=1.3.0-beta.1", &["1.3.0-beta.1"], &["1.3.0"]),
        ] {
            yes.iter().for_each(|version| assert!(takes(requirement, version), "{requirement} {version}"));
            no.iter().for_each(|version| assert!(!takes(requirement, version), "{requirement} {version}"));
        }
    }

    #[test]
    fn requirements_stay_on_one_line() {
        let most = u64::MAX;
        let (largest, caret, tilde) =
            (format!("{most}.{most}.{most}"), format!("{most}"), format!("~1.{most}"));
        for wrong in
            [">=1", ">=1, <3", "*", "<2", "", "one", "1.2, 2.0", "=1.2.3, =1.2.4", &largest, &caret, &tilde]
        {
            assert!(Requirement::parse(wrong).is_err(), "{wrong}");
        }
    }
}
