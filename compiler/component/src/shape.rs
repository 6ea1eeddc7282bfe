//! What others see of a package, in a form in which two versions of it can be compared.
//!
//! A shape has *faces*: what is exported and what is imported, interface by interface. The same face of two versions has
//! one [key](Shape): of the package's own interfaces the name alone, since their version is what is asked for; of others'
//! the name and what compatible versions have in common. Types are written out as far as only their structure counts,
//! and by name where the name does: records, variants, enums, flags and resources.

use crate::type_text::{declared_text, signature_text, type_text};
use std::collections::BTreeMap;
use wit_parser::decoding::{DecodedWasm, decode};
use wit_parser::{
    InterfaceId, PackageId, Resolve, TypeDef, TypeDefKind, TypeId, TypeOwner, WorldId, WorldItem, WorldKey,
};

/// What others see of a package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// The package's name, `acme:geo`, if it has one.
    pub package: Option<String>,
    /// Its version, if it has one.
    pub version: Option<String>,
    pub(crate) faces: BTreeMap<(Side, String), Face>,
}

/// Which side of a component something is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// It is given to others.
    Export,
    /// It is asked of others.
    Import,
}

/// An interface, or what stands in its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Face {
    /// Its name as it is shown, without a version of the package's own.
    pub(crate) name: String,
    /// The version of an interface of another package.
    pub(crate) version: Option<String>,
    /// Signatures by name.
    pub(crate) functions: BTreeMap<String, String>,
    pub(crate) types: BTreeMap<String, TypeShape>,
}

/// What a declared type is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TypeShape {
    /// `record`, `variant`, …, or `type` for a name of another type.
    pub(crate) kind: &'static str,
    /// Names and types of fields and cases, in order; the type itself of a name of another.
    pub(crate) members: Vec<(String, String)>,
}

impl Shape {
    /// The shape of a component, or of WIT that was encoded as one. `own` is the name of the package whose version is asked
    /// for, `acme:geo`; without one it is the one whose interfaces the component exports, if that is one.
    ///
    /// # Errors
    ///
    /// With the reason, when the bytes are neither.
    pub fn of_component(bytes: &[u8], own: Option<&str>) -> Result<Self, String> {
        // The outline knows best why something is no component, and checks that it is valid.
        match decode(bytes) {
            Ok(DecodedWasm::WitPackage(resolve, package)) => Ok(Self::of_package(&resolve, package)),
            Ok(DecodedWasm::Component(resolve, world)) => {
                crate::outline::outline(bytes)?;
                let is_own = |(_, package): &(PackageId, &wit_parser::Package)| {
                    let name = &package.name;
                    own.is_some_and(|own| own == format!("{}:{}", name.namespace, name.name))
                };
                let own = match own {
                    Some(_) => resolve.packages.iter().find(is_own).map(|(id, _)| id),
                    None => exporting_package(&resolve, world),
                };
                Ok(Self::of_world(&resolve, world, own))
            }
            Err(error) => Err(match crate::outline::outline(bytes) {
                Err(reason) => reason,
                Ok(_) => format!("its types can't be read: {error:#}"),
            }),
        }
    }

    /// The shape of a world, as that of a component that it describes; `own` is the package whose interfaces it exports.
    #[must_use]
    pub fn of_world(resolve: &Resolve, world: WorldId, own: Option<PackageId>) -> Self {
        let mut shape = Self::new(resolve, own);
        let reader = Reader { resolve, own };
        let world = &resolve.worlds[world];
        for (side, items) in [(Side::Import, &world.imports), (Side::Export, &world.exports)] {
            for (key, item) in items {
                let (key, face) = reader.world_item(key, item);
                shape.faces.insert((side, key), face);
            }
        }
        shape
    }

    /// The shape of a package of WIT: its interfaces, as if they were exported, and what its worlds ask for and give.
    #[must_use]
    pub fn of_package(resolve: &Resolve, package: PackageId) -> Self {
        let mut shape = Self::new(resolve, Some(package));
        let reader = Reader { resolve, own: Some(package) };
        for id in resolve.packages[package].interfaces.values() {
            shape.faces.insert((Side::Export, reader.key(*id)), reader.interface(*id));
        }
        for (name, world) in &resolve.packages[package].worlds {
            let world = &resolve.worlds[*world];
            for (side, items) in [(Side::Import, &world.imports), (Side::Export, &world.exports)] {
                for (key, item) in items {
                    let (key, mut face) = reader.world_item(key, item);
                    face.name = format!("{} of world {name}", face.name);
                    // What an interface of the package's own has is told where it is declared.
                    if matches!(item, WorldItem::Interface { id, .. } if reader.is_own(*id)) {
                        face.types.clear();
                        face.functions.clear();
                    }
                    shape.faces.insert((side, format!("world {name} {key}")), face);
                }
            }
        }
        shape
    }

    fn new(resolve: &Resolve, own: Option<PackageId>) -> Self {
        let name = own.map(|own| &resolve.packages[own].name);
        Self {
            package: name.map(|name| format!("{}:{}", name.namespace, name.name)),
            version: name.and_then(|name| name.version.as_ref()).map(ToString::to_string),
            faces: BTreeMap::new(),
        }
    }
}

/// The package whose interfaces a world exports, if it is one.
fn exporting_package(resolve: &Resolve, world: WorldId) -> Option<PackageId> {
    let interfaces = resolve.worlds[world].exports.values().filter_map(|item| match item {
        WorldItem::Interface { id, .. } => resolve.interfaces[*id].package,
        _ => None,
    });
    let mut packages: Vec<PackageId> = interfaces.collect();
    packages.dedup();
    (packages.len() == 1).then(|| packages.first().copied()).flatten()
}

struct Reader<'a> {
    resolve: &'a Resolve,
    own: Option<PackageId>,
}

impl Reader<'_> {
    fn world_item(&self, key: &WorldKey, item: &WorldItem) -> (String, Face) {
        let name = self.resolve.name_world_key(key);
        match item {
            WorldItem::Interface { id, .. } => match key {
                WorldKey::Interface(_) => (self.key(*id), self.interface(*id)),
                WorldKey::Name(name) => (name.clone(), Face { name: name.clone(), ..self.interface(*id) }),
            },
            WorldItem::Function(function) => {
                let functions = BTreeMap::from([(function.name.clone(), self.signature(function, None))]);
                (name.clone(), Face { name, functions, ..Face::default() })
            }
            WorldItem::Type { id, .. } => {
                let types = BTreeMap::from([(name.clone(), self.type_shape(*id, None))]);
                (name.clone(), Face { name, types, ..Face::default() })
            }
        }
    }

    fn is_own(&self, interface: InterfaceId) -> bool {
        self.own.is_some() && self.resolve.interfaces[interface].package == self.own
    }

    /// By which an interface is known again in another version of the package.
    fn key(&self, id: InterfaceId) -> String {
        let interface = &self.resolve.interfaces[id];
        let name = interface.name.as_deref().unwrap_or_default();
        let Some(package) = interface.package else { return name.to_owned() };
        let package = &self.resolve.packages[package].name;
        if self.is_own(id) {
            // A lone file's module has the name of its package, which is that of its file.
            return if name == package.name { String::new() } else { name.to_owned() };
        }
        let line = package.version.as_ref().map_or_else(String::new, |v| match (v.major, v.minor) {
            (0, 0) => format!("@0.0.{}", v.patch),
            (0, minor) => format!("@0.{minor}"),
            (major, _) => format!("@{major}"),
        });
        format!("{}:{}/{name}{line}", package.namespace, package.name)
    }

    fn interface(&self, id: InterfaceId) -> Face {
        let interface = &self.resolve.interfaces[id];
        let package = interface.package.map(|package| &self.resolve.packages[package].name);
        let name = interface.name.as_deref().unwrap_or_default();
        let functions = interface.functions.iter();
        let types = interface.types.iter();
        Face {
            name: match package {
                Some(package) => format!("{}:{}/{name}", package.namespace, package.name),
                None => name.to_owned(),
            },
            version: package
                .filter(|_| !self.is_own(id))
                .and_then(|package| package.version.as_ref().map(ToString::to_string)),
            functions: functions
                .map(|(name, function)| (name.clone(), self.signature(function, Some(id))))
                .collect(),
            types: types.map(|(name, ty)| (name.clone(), self.type_shape(*ty, Some(id)))).collect(),
        }
    }

    fn signature(&self, function: &wit_parser::Function, within: Option<InterfaceId>) -> String {
        let waits = if function.kind.is_async() { "async " } else { "" };
        let signature = signature_text(self.resolve, function, &|def| self.nominal(def, within));
        format!("{waits}{signature}")
    }

    /// The name of a type that isn't the same as another one of its structure; with its interface, if that is another.
    fn nominal(&self, def: &TypeDef, within: Option<InterfaceId>) -> Option<String> {
        let is_nominal = matches!(
            def.kind,
            TypeDefKind::Record(_)
                | TypeDefKind::Variant(_)
                | TypeDefKind::Enum(_)
                | TypeDefKind::Flags(_)
                | TypeDefKind::Resource
        );
        let name = def.name.as_ref().filter(|_| is_nominal)?;
        Some(match def.owner {
            TypeOwner::Interface(owner) if Some(owner) != within => format!("{}.{name}", self.key(owner)),
            _ => name.clone(),
        })
    }

    fn type_shape(&self, id: TypeId, within: Option<InterfaceId>) -> TypeShape {
        let def = &self.resolve.types[id];
        let named = |def: &TypeDef| self.nominal(def, within);
        let text = |ty: &wit_parser::Type| type_text(self.resolve, ty, &named);
        let none = String::new;
        let members = match &def.kind {
            TypeDefKind::Record(record) => {
                record.fields.iter().map(|field| (field.name.clone(), text(&field.ty))).collect()
            }
            TypeDefKind::Variant(variant) => {
                let payload = |case: &wit_parser::Case| case.ty.as_ref().map_or_else(none, text);
                variant.cases.iter().map(|case| (case.name.clone(), payload(case))).collect()
            }
            TypeDefKind::Enum(cases) => cases.cases.iter().map(|case| (case.name.clone(), none())).collect(),
            TypeDefKind::Flags(flags) => flags.flags.iter().map(|flag| (flag.name.clone(), none())).collect(),
            TypeDefKind::Resource => Vec::new(),
            // A name of another type is that type.
            _ => {
                return TypeShape {
                    kind: "type",
                    members: vec![(none(), declared_text(self.resolve, def, &named))],
                };
            }
        };
        TypeShape { kind: def.kind.as_str(), members }
    }
}
