//! A component and those that it needs, as one.
//!
//! `main` stands in the middle; what it imports is looked for by name among what the parts export, and then what the parts
//! that were taken import. Whether what was found fits is for the component model's subtyping to say.

use std::collections::BTreeMap;
use wac_graph::types::{Package, are_semver_compatible};
use wac_graph::{CompositionGraph, EncodeOptions, NodeId, PackageId};

/// A component, under the name that messages call it.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// Its name, for messages.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// Which export may stand where something is imported; one of just that name goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// One of the same name.
    Same,
    /// One of the same name, but for a compatible version: `acme:db/query@1.2.5` for `@1.2.3`.
    Compatible,
}

impl Fit {
    /// Whether an export of one name may stand where the other is imported.
    #[must_use]
    pub fn takes(self, export: &str, import: &str) -> bool {
        export == import || self == Self::Compatible && are_semver_compatible(export, import)
    }
}

/// Components that were made into one.
#[derive(Clone, Debug)]
pub struct Composed {
    /// The component.
    pub bytes: Vec<u8>,
    /// By interface that was imported, the place of the part that gives it.
    pub given: BTreeMap<String, usize>,
}

/// `main` with what `parts` export put in the place of what it, and they themselves, import; what none exports stays an
/// import of the whole. A part that nothing needs is left out.
///
/// # Errors
///
/// With the reason, when types don't fit or the parts need each other in a circle.
pub fn compose(main: Part<'_>, parts: &[Part<'_>], fit: Fit) -> Result<Composed, String> {
    let mut composer = Composer {
        fit,
        graph: CompositionGraph::new(),
        parts: Vec::new(),
        made: BTreeMap::new(),
        given: BTreeMap::new(),
    };
    for part in parts {
        let id = composer.register(&format!("part:{}", composer.parts.len()), *part)?;
        composer.parts.push((part.name.to_owned(), id));
    }
    let id = composer.register("dot:main", main)?;
    let instance = composer.instantiate(id, main.name, &mut Vec::new())?;
    let exports: Vec<String> = composer.world_names(id, |world| &world.exports);
    for name in exports {
        let export = composer.graph.alias_instance_export(instance, &name).map_err(|e| e.to_string())?;
        composer.graph.export(export, &name).map_err(|error| error.to_string())?;
    }
    let bytes = composer.graph.encode(EncodeOptions::default());
    let bytes = bytes.map_err(|error| format!("{:#}", Chain(&error)))?;
    Ok(Composed { bytes, given: composer.given })
}

struct Composer {
    fit: Fit,
    graph: CompositionGraph,
    parts: Vec<(String, PackageId)>,
    /// The instances, by the place of their part.
    made: BTreeMap<usize, NodeId>,
    given: BTreeMap<String, usize>,
}

impl Composer {
    fn register(&mut self, name: &str, part: Part<'_>) -> Result<PackageId, String> {
        let package = Package::from_bytes(name, None, part.bytes.to_vec(), self.graph.types_mut());
        let package = package.map_err(|error| format!("`{}`: {error:#}", part.name))?;
        self.graph.register_package(package).map_err(|error| format!("`{}`: {error}", part.name))
    }

    /// The names of what a component imports or exports.
    fn world_names(
        &self,
        package: PackageId,
        side: impl Fn(&wac_graph::types::World) -> &indexmap::IndexMap<String, wac_graph::types::ItemKind>,
    ) -> Vec<String> {
        side(&self.graph.types()[self.graph[package].ty()]).keys().cloned().collect()
    }

    /// The part that gives an import, and under which name.
    fn giver(&self, import: &str) -> Option<(usize, String)> {
        let with = |fits: &dyn Fn(&str) -> bool| {
            self.parts.iter().enumerate().find_map(|(at, (_, id))| {
                let export =
                    self.world_names(*id, |world| &world.exports).into_iter().find(|name| fits(name));
                export.map(|export| (at, export))
            })
        };
        with(&|export| export == import).or_else(|| with(&|export| self.fit.takes(export, import)))
    }

    /// An instance of a component, connected with instances of the parts that it needs. `open` are the parts that wait for
    /// this one; the recursion is as deep as there are parts.
    fn instantiate(
        &mut self,
        package: PackageId,
        name: &str,
        open: &mut Vec<usize>,
    ) -> Result<NodeId, String> {
        let mut arguments = Vec::new();
        for import in self.world_names(package, |world| &world.imports) {
            let Some((part, export)) = self.giver(&import) else { continue };
            if let Some(start) = open.iter().position(|waiting| *waiting == part) {
                let names = open[start..].iter().chain([&part]).map(|at| format!("`{}`", self.parts[*at].0));
                let circle = names.collect::<Vec<_>>().join(" → ");
                return Err(format!("they need each other in a circle, through `{import}`: {circle}"));
            }
            let (part_name, id) = self.parts[part].clone();
            let instance = match self.made.get(&part) {
                Some(instance) => *instance,
                None => {
                    open.push(part);
                    let instance = self.instantiate(id, &part_name, open)?;
                    open.pop();
                    self.made.insert(part, instance);
                    instance
                }
            };
            self.given.insert(import.clone(), part);
            arguments.push((import, export, part_name, instance));
        }
        let node = self.graph.instantiate(package);
        for (import, export, part, instance) in arguments {
            let alias = self.graph.alias_instance_export(instance, &export).map_err(|e| e.to_string())?;
            self.graph.set_instantiation_argument(node, &import, alias).map_err(|error| {
                format!("`{export}` of `{part}` does not fit `{import}` of `{name}`: {:#}", Chain(&error))
            })?;
        }
        Ok(node)
    }
}

/// An error with its causes on one line.
struct Chain<'a>(&'a dyn std::error::Error);

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(next) = cause {
            write!(f, ": {next}")?;
            cause = next.source();
        }
        Ok(())
    }
}
