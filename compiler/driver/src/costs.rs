//! What each part of a program costs in bytes.

use crate::build::{BuildError, Profile};
use crate::exports;
use crate::session::Session;
use dot_db::{Db, Origin, Package};
use dot_mir::Instance;
use std::collections::BTreeMap;

/// What a component costs, part by part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Costs {
    /// The bytes of the component, optimised and stripped.
    pub total: usize,
    /// The parts, the largest first; they add up to the total.
    pub parts: Vec<Cost>,
}

/// What a part of a component costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cost {
    /// The part: a package (`acme:geo@1.0.0`), a module of the standard library (`std/list`), a component's file,
    /// `values` for what the compiler makes for types, `boundary` for what converts there, `rest` for all that isn't code.
    pub part: String,
    /// Its bytes.
    pub bytes: usize,
}

impl Session {
    /// What each part of the package's component costs. Complexity: that of a release build.
    ///
    /// # Errors
    ///
    /// As for [`Session::build`]; the package should have been checked.
    pub fn costs(&self) -> Result<Costs, BuildError> {
        let db = self.db();
        let linked = self.link(&exports::dots(db, self.package()), Profile::Release, true)?;
        let total = self.encode(&linked, true)?.len();
        let mut parts: BTreeMap<String, usize> = BTreeMap::new();
        for (instance, bytes) in &linked.core.sizes {
            *parts.entry(part_of(db, *instance)).or_default() += bytes;
        }
        for component in self.components_in(&linked.surface) {
            let stripped = dot_component::encode::strip(&component.bytes);
            let stripped = stripped.map_err(|error| BuildError::Defect(error.to_string()))?;
            *parts.entry(component.path.to_string()).or_default() += stripped.len();
        }
        let sum: usize = parts.values().sum();
        let rest = total.saturating_sub(sum);
        parts.insert("rest".to_owned(), rest);
        let mut parts: Vec<Cost> = parts.into_iter().map(|(part, bytes)| Cost { part, bytes }).collect();
        parts.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.part.cmp(&b.part)));
        Ok(Costs { total, parts })
    }
}

/// The part that a function belongs to.
fn part_of<'db>(db: &'db dyn Db, instance: Option<Instance<'db>>) -> String {
    let Some(instance) = instance else { return "boundary".to_owned() };
    let Some(item) = dot_mir::item_of(db, instance) else { return "values".to_owned() };
    let module = item.module(db);
    let package = module.package(db);
    match package.origin(db) {
        Origin::Std => format!("std/{}", module.path(db)),
        Origin::User | Origin::Component => name_of(db, package),
    }
}

/// `acme:geo@1.0.0`
fn name_of(db: &dyn Db, package: Package) -> String {
    let version = package.version(db).as_ref().map_or_else(String::new, |version| format!("@{version}"));
    format!("{}{version}", package.name(db))
}
