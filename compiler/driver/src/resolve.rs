//! Which version of each package a build takes: PubGrub, whose explanation is shown when none will do.
//!
//! What PubGrub calls a package is here a package and a [`Line`] of compatible versions, so that one that isn't compatible
//! may stand beside it (Nystrom, "PubGrub: Next-Generation Version Solving", 2018; the lines are Cargo's).

use crate::registry::Registry;
use crate::version::{Line, Version};
use pubgrub::{
    DefaultStringReporter, Dependencies, DependencyProvider, DerivationTree, External,
    PackageResolutionStatistics, PubGrubError, Ranges, Reporter,
};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What a version is chosen for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Subject {
    /// What is built, by the name it is told under.
    Root(String),
    /// A package, and what its versions have in common.
    Package(String, Line),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root(name) | Self::Package(name, _) => f.write_str(name),
        }
    }
}

/// What a package needs: which, and the versions that will do.
pub(crate) type Needs = Vec<(Subject, Ranges<Version>)>;

/// The version that was chosen on each line of each package.
pub(crate) type Chosen = BTreeMap<(String, Line), Version>;

/// What resolution asks of the project.
pub(crate) trait Candidates {
    /// What went wrong with a file or the registry.
    type Error;

    /// The versions that there are on a line of a package, in any order.
    fn versions(&self, package: &str, line: Line) -> Result<Vec<Version>, Self::Error>;

    /// What a version of a package needs.
    fn needs(&self, package: &str, version: &Version) -> Result<Needs, Self::Error>;

    /// The version that was taken before.
    fn locked(&self, package: &str, line: Line) -> Option<Version>;
}

/// Why no versions could be chosen.
pub(crate) enum Unresolved<E> {
    /// None fit together: the explanation, and the packages that it speaks of.
    Conflict(String, Vec<Subject>),
    /// Whether any fit together wasn't found out in [`MAX_STEPS`].
    GivenUp,
    /// A file or the registry can't be read, or is wrong.
    Failed(E),
}

/// The version to take on each line of each package that `root` needs, directly or not.
pub(crate) fn resolve<C: Candidates>(
    candidates: &C,
    root: &str,
    version: &Version,
    needs: Needs,
) -> Result<Chosen, Unresolved<C::Error>> {
    let subject = Subject::Root(root.to_owned());
    let provider = Provider { candidates, needs, failure: RefCell::new(None), steps: Cell::new(0) };
    match pubgrub::resolve(&provider, subject, version.clone()) {
        Ok(chosen) => Ok(chosen
            .into_iter()
            .filter_map(|(subject, version)| match subject {
                Subject::Root(_) => None,
                Subject::Package(name, line) => Some(((name, line), version)),
            })
            .collect()),
        Err(PubGrubError::NoSolution(tree)) => {
            let (explanation, subjects) = explain(tree);
            Err(Unresolved::Conflict(in_our_words(&explanation, root, version), subjects))
        }
        Err(_) => match provider.failure.into_inner() {
            Some(failure) => Err(Unresolved::Failed(failure)),
            None => Err(Unresolved::GivenUp),
        },
    }
}

/// More steps than this aren't taken in search of versions. Which versions fit together is a question that can be made as
/// hard as any (it is NP-complete); packages that people write take some hundred steps.
const MAX_STEPS: u32 = 20_000;

/// An explanation of more parts than this is of no use to a person.
const MAX_PARTS: usize = 400;

type Tree = DerivationTree<Subject, Ranges<Version>, String>;

/// Why no versions fit together, and the packages that have a part in it.
fn explain(mut tree: Tree) -> (String, Vec<Subject>) {
    // Parts of a tree are shared, so that it can have far more of them than there is memory for. This looks at few.
    let (mut todo, mut seen, mut subjects) = (vec![&tree], 0, BTreeSet::new());
    while let Some(part) = todo.pop() {
        seen += 1;
        if seen > MAX_PARTS {
            break;
        }
        match part {
            DerivationTree::Derived(derived) => todo.extend([&*derived.cause1, &*derived.cause2]),
            DerivationTree::External(External::FromDependencyOf(one, _, other, _)) => {
                subjects.extend([one.clone(), other.clone()]);
            }
            DerivationTree::External(
                External::NotRoot(one, _) | External::NoVersions(one, _) | External::Custom(one, _, _),
            ) => {
                subjects.insert(one.clone());
            }
        }
    }
    let subjects: Vec<Subject> = subjects.into_iter().collect();
    if seen > MAX_PARTS {
        // Its parts are dropped by recursion, which may be deeper than the stack.
        std::mem::forget(tree);
        let shown: Vec<String> = subjects.iter().take(10).map(|subject| format!("`{subject}`")).collect();
        let explanation = format!(
            "So many requirements exclude each other that telling them would help nobody; among the packages are {}.",
            shown.join(", ")
        );
        return (explanation, subjects);
    }
    tree.collapse_no_versions();
    (DefaultStringReporter::report(&tree), subjects)
}

/// PubGrub speaks of the root as of a package whose version is to be chosen.
fn in_our_words(report: &str, root: &str, version: &Version) -> String {
    let report = report.replace(&format!("{root} {version} is forbidden"), &format!("{root} can't be built"));
    report.replace(&format!("{WORKSPACE} {version}"), WORKSPACE)
}

/// What the root is called where all members of a workspace are resolved together.
pub(crate) const WORKSPACE: &str = "the workspace";

struct Provider<'a, C: Candidates> {
    candidates: &'a C,
    /// What the root needs.
    needs: Needs,
    /// Why the last question had no answer.
    failure: RefCell<Option<C::Error>>,
    steps: Cell<u32>,
}

/// That a question had no answer; [`Provider::failure`] says why.
#[derive(Debug)]
struct Failed;

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a package can't be read")
    }
}

impl std::error::Error for Failed {}

impl<C: Candidates> Provider<'_, C> {
    fn note<T>(&self, answer: Result<T, C::Error>) -> Result<T, Failed> {
        answer.map_err(|error| {
            *self.failure.borrow_mut() = Some(error);
            Failed
        })
    }
}

impl<C: Candidates> DependencyProvider for Provider<'_, C> {
    type P = Subject;
    type V = Version;
    type VS = Ranges<Version>;
    type M = String;
    type Err = Failed;
    /// What has led to more conflicts is decided first.
    type Priority = u32;

    fn prioritize(&self, _: &Subject, _: &Ranges<Version>, counts: &PackageResolutionStatistics) -> u32 {
        counts.conflict_count()
    }

    fn should_cancel(&self) -> Result<(), Failed> {
        let steps = self.steps.get() + 1;
        self.steps.set(steps);
        if steps > MAX_STEPS { Err(Failed) } else { Ok(()) }
    }

    fn choose_version(&self, subject: &Subject, range: &Ranges<Version>) -> Result<Option<Version>, Failed> {
        let Subject::Package(name, line) = subject else { return Ok(range.as_singleton().cloned()) };
        let mut versions = self.note(self.candidates.versions(name, *line))?;
        versions.retain(|version| range.contains(version));
        if let Some(locked) = self.candidates.locked(name, *line).filter(|locked| versions.contains(locked)) {
            return Ok(Some(locked));
        }
        versions.sort();
        // One that was only tried out is taken when there is no other.
        let released = versions.iter().rev().find(|version| !version.is_prerelease());
        Ok(released.or(versions.last()).cloned())
    }

    fn get_dependencies(
        &self,
        subject: &Subject,
        version: &Version,
    ) -> Result<Dependencies<Subject, Ranges<Version>, String>, Failed> {
        let needs = match subject {
            Subject::Root(_) => self.needs.clone(),
            Subject::Package(name, _) => self.note(self.candidates.needs(name, version))?,
        };
        // Of two needs on one line both have to be met.
        let mut all: BTreeMap<Subject, Ranges<Version>> = BTreeMap::new();
        for (subject, range) in needs {
            let both = all.get(&subject).map_or_else(|| range.clone(), |other| other.intersection(&range));
            all.insert(subject, both);
        }
        Ok(Dependencies::Available(all.into_iter().collect()))
    }
}

/// The versions of a package that a registry has on a line.
pub(crate) fn on_line(registry: &dyn Registry, package: &str, line: Line) -> std::io::Result<Vec<Version>> {
    let mut versions = registry.versions(package)?;
    versions.retain(|version| version.line() == line);
    Ok(versions)
}
