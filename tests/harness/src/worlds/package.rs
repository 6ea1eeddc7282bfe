//! The package that is made for a world.
//!
//! `src/calls.dot` calls each imported function, with arguments that nobody ever makes: a call counts whether or not it is
//! reached. `src/shows.dot` has a dot for each type that is plain data. `src/out_N.dot` exports an interface; what it
//! lacks, the fixes of the compiler write.

use super::corpus::{Source, World};
use dot_hir::NameCase;
use std::collections::BTreeSet;
use std::fmt::Write;
use wit_parser::{
    Function, FunctionKind, Handle, InterfaceId, Resolve, Type, TypeDefKind, TypeId, WorldItem, WorldKey,
};

/// A package in memory.
pub struct Package {
    /// Its files: path and text.
    pub files: Vec<(String, String)>,
}

/// The package for a world, for a target that has these features.
#[must_use]
pub fn package(source: &Source, world: &World, features: &[&str]) -> Package {
    let features: Vec<String> = features.iter().map(|feature| format!("\"{feature}\"")).collect();
    let manifest = format!(
        "name = \"generated:package\"\nversion = \"0.1.0\"\nlanguage = \"0.1\"\nfeatures = [{}]\nworld = \"{}\"\n",
        features.join(", "),
        world.name
    );
    let mut files = vec![("Dot.toml".to_owned(), manifest)];
    files.extend(source.files.iter().map(|(path, text)| (format!("wit/{path}"), text.clone())));
    let resolve = &source.resolve;
    let mut writer = Writer { resolve, exports: exported(resolve, world), ..Writer::new(resolve) };
    writer.imports(world);
    files.push(("src/calls.dot".to_owned(), writer.calls()));
    if !writer.shows.is_empty() {
        files.push(("src/shows.dot".to_owned(), format!("{}\n{}", writer.uses, writer.shows)));
    }
    for (index, id) in exports(resolve, world).into_iter().enumerate() {
        files.push((format!("src/out_{index}.dot"), format!("export {id} as out{index}\n")));
    }
    Package { files }
}

/// The paths of all that a world exports.
fn exports(resolve: &Resolve, world: &World) -> Vec<String> {
    let mut paths = Vec::new();
    let items = &resolve.worlds[world.id].exports;
    if items.values().any(|item| matches!(item, WorldItem::Function(_))) {
        paths.push(world.name.clone());
    }
    for (key, item) in items {
        if matches!(item, WorldItem::Interface { .. }) {
            paths.push(path_of(resolve, world, key));
        }
    }
    paths
}

fn exported(resolve: &Resolve, world: &World) -> BTreeSet<InterfaceId> {
    let items = resolve.worlds[world.id].exports.values();
    items
        .filter_map(|item| if let WorldItem::Interface { id, .. } = item { Some(*id) } else { None })
        .collect()
}

/// The path of an interface of a world: its own, or that of the name which it has there.
fn path_of(resolve: &Resolve, world: &World, key: &WorldKey) -> String {
    match key {
        WorldKey::Interface(id) => resolve.id_of(*id).unwrap_or_default(),
        WorldKey::Name(label) => match world.name.split_once('@') {
            Some((path, version)) => format!("{path}/{label}@{version}"),
            None => format!("{}/{label}", world.name),
        },
    }
}

struct Writer<'a> {
    resolve: &'a Resolve,
    exports: BTreeSet<InterfaceId>,
    /// The `use` of each interface.
    uses: String,
    /// The functions that call, each with the effect that it has.
    callers: Vec<(String, Option<String>)>,
    text: String,
    shows: String,
}

impl<'a> Writer<'a> {
    fn new(resolve: &'a Resolve) -> Self {
        Self {
            resolve,
            exports: BTreeSet::new(),
            uses: String::new(),
            callers: Vec::new(),
            text: String::new(),
            shows: String::new(),
        }
    }

    fn imports(&mut self, world: &World) {
        let items = &self.resolve.worlds[world.id].imports;
        let of_world = items.values().filter_map(|item| match item {
            WorldItem::Function(function) => Some(function),
            _ => None,
        });
        let of_world: Vec<&Function> = of_world.collect();
        let types = items.iter().filter_map(|(key, item)| match (key, item) {
            (WorldKey::Name(name), WorldItem::Type { id, .. }) => Some((name.as_str(), *id)),
            _ => None,
        });
        let types: Vec<(&str, TypeId)> = types.collect();
        if !of_world.is_empty() || !types.is_empty() {
            self.interface("world_itself", &world.name, &of_world, &types, false);
        }
        for (index, (key, item)) in items.iter().enumerate() {
            let WorldItem::Interface { id, .. } = item else { continue };
            let interface = &self.resolve.interfaces[*id];
            let functions: Vec<&Function> = interface.functions.values().collect();
            let types: Vec<(&str, TypeId)> =
                interface.types.iter().map(|(name, id)| (name.as_str(), *id)).collect();
            let path = path_of(self.resolve, world, key);
            let is_named = matches!(key, WorldKey::Interface(_)) && !self.leads_to_export(*id);
            self.interface(&format!("in{index}"), &path, &functions, &types, is_named);
        }
    }

    /// Whether an interface is exported, or depends on one that is: an interface that showed its types would be torn between
    /// what is imported and what is exported.
    fn leads_to_export(&self, id: InterfaceId) -> bool {
        self.exports.contains(&id)
            || self.resolve.interface_direct_deps(id).any(|id| self.leads_to_export(id))
    }

    /// What calls the functions of an interface, and mentions its types; where it has a name of its own, dots show them.
    fn interface(
        &mut self,
        alias: &str,
        path: &str,
        functions: &[&Function],
        types: &[(&str, TypeId)],
        is_named: bool,
    ) {
        let _ = writeln!(self.uses, "use {path} as {alias}");
        let effect = (!functions.is_empty()).then(|| alias.to_owned());
        let uses = effect.as_ref().map_or_else(String::new, |effect| format!(" uses {effect}"));
        let _ = writeln!(self.text, "\nfn call_{alias}(){uses} {{");
        for (index, (name, id)) in types.iter().enumerate() {
            let name = NameCase::Pascal.convert(name);
            let _ = writeln!(self.text, "  let _: {alias}.{name} = made()");
            if is_named && self.is_data(*id) {
                let _ = writeln!(
                    self.shows,
                    "dot show_{alias}_of_{index}(x: {alias}.{name}) -> {alias}.{name} {{ x }}"
                );
            }
        }
        for function in functions {
            self.call(alias, function);
        }
        self.text.push_str("}\n");
        self.callers.push((format!("call_{alias}"), effect));
    }

    fn call(&mut self, alias: &str, function: &Function) {
        let name = NameCase::Snake.convert(function.item_name());
        let resource = |id: &TypeId| {
            NameCase::Pascal.convert(self.resolve.types[*id].name.as_deref().unwrap_or_default())
        };
        let (receiver, callee) = match &function.kind {
            FunctionKind::Freestanding | FunctionKind::AsyncFreestanding => (None, format!("{alias}.{name}")),
            FunctionKind::Method(id) | FunctionKind::AsyncMethod(id) => {
                (Some(format!("{alias}.{}", resource(id))), format!("receiver.{name}"))
            }
            FunctionKind::Static(id) | FunctionKind::AsyncStatic(id) => {
                (None, format!("{alias}.{}.{name}", resource(id)))
            }
            FunctionKind::Constructor(id) => (None, format!("{alias}.{}.new", resource(id))),
            _ => return,
        };
        let count = function.params.len() - usize::from(receiver.is_some());
        let args = vec!["made()"; count].join(", ");
        let result = if function.result.is_some_and(|ty| !self.is_unit(&ty)) { "let _ = " } else { "" };
        let call = format!("{result}{callee}({args})");
        let _ = match receiver {
            None => writeln!(self.text, "  {call}"),
            Some(ty) => {
                writeln!(self.text, "  if true {{\n    let receiver: {ty} = made()\n    {call}\n  }}")
            }
        };
    }

    fn is_unit(&self, ty: &Type) -> bool {
        match ty {
            Type::Id(id) => match &self.resolve.types[*id].kind {
                TypeDefKind::Tuple(tuple) => tuple.types.is_empty(),
                TypeDefKind::Type(ty) => self.is_unit(ty),
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether a type holds nothing but data that every target can pass.
    fn is_data(&self, id: TypeId) -> bool {
        let of = |ty: &Type| match ty {
            Type::Id(id) => self.is_data(*id),
            other => *other != Type::ErrorContext,
        };
        match &self.resolve.types[id].kind {
            TypeDefKind::Resource
            | TypeDefKind::Handle(Handle::Own(_) | Handle::Borrow(_))
            | TypeDefKind::Future(_)
            | TypeDefKind::Stream(_)
            | TypeDefKind::Map(..)
            | TypeDefKind::FixedLengthList(..)
            | TypeDefKind::Unknown => false,
            TypeDefKind::Flags(_) | TypeDefKind::Enum(_) => true,
            TypeDefKind::Record(record) => record.fields.iter().all(|field| of(&field.ty)),
            TypeDefKind::Variant(variant) => variant.cases.iter().filter_map(|case| case.ty.as_ref()).all(of),
            TypeDefKind::Tuple(tuple) => !tuple.types.is_empty() && tuple.types.iter().all(of),
            TypeDefKind::Option(ty) | TypeDefKind::List(ty) | TypeDefKind::Type(ty) => of(ty),
            TypeDefKind::Result(result) => result.ok.iter().chain(&result.err).all(of),
        }
    }

    fn calls(&self) -> String {
        let effects: Vec<&str> = self.callers.iter().filter_map(|(_, effect)| effect.as_deref()).collect();
        let uses = if effects.is_empty() { String::new() } else { format!(" uses {}", effects.join(" + ")) };
        let mut text = format!(
            "{}\nfn made<T: any>() -> T {{ unreachable(\"nobody makes it\") }}\n{}",
            self.uses, self.text
        );
        let _ = writeln!(text, "\ndot calls(){uses} {{");
        for (caller, _) in &self.callers {
            let _ = writeln!(text, "  {caller}()");
        }
        text.push_str("}\n");
        text
    }
}
