//! A component and those that it needs, as one.

use std::collections::BTreeMap;
use wac_graph::types::Package;
use wac_graph::{CompositionGraph, EncodeOptions, NodeId, PackageId};

/// A component that gives others what they import.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// Its name, for messages.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// `main` with what `parts` export put in the place of what it, and they themselves, import; what none exports stays an
/// import of the whole. A part that nothing needs is left out.
///
/// # Errors
///
/// With the reason, when types don't fit or the parts need each other in a circle.
pub fn compose(main: &[u8], parts: &[Part<'_>]) -> Result<Vec<u8>, String> {
    let mut composer = Composer { graph: CompositionGraph::new(), parts: Vec::new(), made: BTreeMap::new() };
    for part in parts {
        let id = composer.register(&format!("part:{}", composer.parts.len()), part.bytes);
        composer.parts.push((part.name.to_owned(), id.map_err(|error| format!("{}: {error}", part.name))?));
    }
    let main = composer.register("dot:main", main)?;
    let instance = composer.instantiate(main, "the program", &mut Vec::new())?;
    let exports: Vec<String> = composer.world_names(main, |world| &world.exports);
    for name in exports {
        let export = composer.graph.alias_instance_export(instance, &name).map_err(|e| e.to_string())?;
        composer.graph.export(export, &name).map_err(|error| error.to_string())?;
    }
    composer.graph.encode(EncodeOptions::default()).map_err(|error| format!("{:#}", Chain(&error)))
}

struct Composer {
    graph: CompositionGraph,
    parts: Vec<(String, PackageId)>,
    /// The instances, by the place of their part.
    made: BTreeMap<usize, NodeId>,
}

impl Composer {
    fn register(&mut self, name: &str, bytes: &[u8]) -> Result<PackageId, String> {
        let package = Package::from_bytes(name, None, bytes.to_vec(), self.graph.types_mut());
        let package = package.map_err(|error| format!("{error:#}"))?;
        self.graph.register_package(package).map_err(|error| error.to_string())
    }

    /// The names of what a component imports or exports.
    fn world_names(
        &self,
        package: PackageId,
        side: impl Fn(&wac_graph::types::World) -> &indexmap::IndexMap<String, wac_graph::types::ItemKind>,
    ) -> Vec<String> {
        side(&self.graph.types()[self.graph[package].ty()]).keys().cloned().collect()
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
            let has = |(_, id): &(String, PackageId)| {
                self.graph.types()[self.graph[*id].ty()].exports.contains_key(&import)
            };
            let Some(part) = self.parts.iter().position(has) else { continue };
            if open.contains(&part) {
                return Err(format!("`{name}` needs itself, through `{import}`"));
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
            arguments.push((import, part_name, instance));
        }
        let node = self.graph.instantiate(package);
        for (import, part, instance) in arguments {
            let export = self.graph.alias_instance_export(instance, &import).map_err(|e| e.to_string())?;
            self.graph.set_instantiation_argument(node, &import, export).map_err(|error| {
                format!("`{import}` of `{part}` does not fit `{name}`: {:#}", Chain(&error))
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
