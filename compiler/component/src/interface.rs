//! The surface of a package: which dots it exports, grouped by interface, and the types that go out with them.
//!
//! Each module's dots form one interface. A type belongs to the interface of the module that declares it, even
//! when that module has no dots; an interface that shows a type of another one `use`s it. A generic type has no
//! counterpart in WIT, so each of its instances that crosses is a type of its own, named after its arguments.

use crate::exported;
use crate::homes::Homes;
use crate::names::{escaped, stem_identifier, wit_item, wit_member, wit_param};
use dot_db::{Db, Item, Module, Package};
use dot_hir::Owner;
use dot_hir::wit::Lend;
use dot_hir::wit::features::{FIXED_LISTS, MAPS};
use dot_types::{AdtShape, CaseDef, FieldDef, FloatKind, Ty, TyKind, adt_def, fn_signature, own_resource};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// What a component made from a package exports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surface<'db> {
    /// The package's WIT name without version: `acme:geo`.
    pub package: String,
    /// Its version.
    pub version: Option<String>,
    /// Its exported interfaces, sorted by name.
    pub interfaces: Vec<Interface<'db>>,
    /// The interfaces of others that it exports, in the order of the source.
    pub exported: Vec<Exported<'db>>,
    /// The interfaces and worlds that it imports, sorted: those whose functions it reaches or whose types it shows.
    pub imports: Vec<String>,
    /// Those of `exported` and `imports` that are worlds, or interfaces with a name in a world only.
    pub of_worlds: Vec<String>,
}

/// An interface or world of others that is exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported<'db> {
    /// Its full name: `wasi:cli/run@0.2.12`.
    pub id: String,
    /// What stands before `#` in the names of core exports; nothing for the functions of a world.
    pub core: Option<String>,
    /// The resources that the package supplies for it.
    pub resources: Vec<OwnResource<'db>>,
    /// Its functions.
    pub dots: Vec<ExportedDot<'db>>,
}

impl<'db> Surface<'db> {
    /// All exported functions.
    pub fn dots(&self) -> impl Iterator<Item = &ExportedDot<'db>> {
        let own = self.interfaces.iter().flat_map(|interface| &interface.dots);
        own.chain(self.exported.iter().flat_map(|exported| &exported.dots))
    }

    /// All resources of the package's own that go out.
    pub fn resources(&self) -> impl Iterator<Item = &OwnResource<'db>> {
        let own = self.interfaces.iter().flat_map(|interface| &interface.resources);
        own.chain(self.exported.iter().flat_map(|exported| &exported.resources))
    }
}

/// One exported interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interface<'db> {
    /// Its WIT name inside the package.
    pub name: String,
    /// Names taken from other interfaces: interface, name there, name here.
    pub uses: BTreeMap<String, BTreeMap<String, String>>,
    /// The types it owns, in the order in which they were found.
    pub types: Vec<NamedType<'db>>,
    /// The resources that it owns, in the order in which they were found.
    pub resources: Vec<OwnResource<'db>>,
    /// Its functions, in the order of the source, those of its resources included.
    pub dots: Vec<ExportedDot<'db>>,
}

/// A resource of the package's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnResource<'db> {
    /// The declaration.
    pub item: Item<'db>,
    /// Its WIT name.
    pub name: String,
    /// The full WIT name of its interface: `local:hello/hello`.
    pub home: String,
    /// How its declaration in WIT begins, with its documentation: `resource counter`.
    pub text: String,
    /// The dot that runs when a handle is dropped.
    pub drop: Option<Item<'db>>,
}

/// What a function is to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role<'db> {
    /// Nothing.
    Free,
    /// It makes one.
    Constructor(Item<'db>),
    /// It is called on one.
    Method(Item<'db>),
    /// It stands below its name.
    Static(Item<'db>),
}

impl<'db> Role<'db> {
    /// The resource.
    #[must_use]
    pub fn resource(self) -> Option<Item<'db>> {
        match self {
            Self::Free => None,
            Self::Constructor(item) | Self::Method(item) | Self::Static(item) => Some(item),
        }
    }
}

/// A type with a name of its own in WIT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedType<'db> {
    /// The declaration.
    pub item: Item<'db>,
    /// The type arguments of this instance.
    pub args: Vec<Ty<'db>>,
    /// Its WIT name.
    pub name: String,
    /// Its declaration in WIT.
    pub text: String,
}

/// An exported function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedDot<'db> {
    /// The dot, or a test in a test build.
    pub item: Item<'db>,
    /// What it is to a resource.
    pub role: Role<'db>,
    /// Its WIT name; of a resource's function `[method]counter.bump`, `[static]counter.of`, `[constructor]counter`.
    pub name: String,
    /// The name of the core export that implements it: `local:hello/hello#hello`.
    pub core_name: String,
    /// Its parameters: WIT name and type.
    pub params: Vec<(String, Ty<'db>)>,
    /// Which handles its parameters only lend; nothing for those of an interface of the package's own.
    pub lent: Vec<Lend>,
    /// What it returns.
    pub result: Ty<'db>,
    /// Its declaration in WIT.
    pub text: String,
}

/// What a function exports as: its item and the name it has in Dot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export<'db> {
    /// The item.
    pub item: Item<'db>,
    /// The WIT name.
    pub name: String,
}

/// The surface of `package` when it exports `exports`, given by module in the order of the source.
#[must_use]
pub fn surface<'db>(
    db: &'db dyn Db,
    package: Package,
    exports: &[(Module<'db>, Vec<Export<'db>>)],
) -> Surface<'db> {
    let version = package.version(db).as_ref().map(ToString::to_string);
    let mut builder = Builder {
        db,
        homes: Homes::new(db, package),
        has_fixed_lists: package.features(db).iter().any(|feature| feature == FIXED_LISTS),
        has_maps: package.features(db).iter().any(|feature| feature == MAPS),
        package: package.name(db).to_string(),
        version: version.clone(),
        interfaces: BTreeMap::new(),
        named: FxHashMap::default(),
        exported: exported::all(db, package, exports),
        imports: Vec::new(),
    };
    for (module, dots) in exports {
        let own: Vec<_> =
            dots.iter().filter(|export| !exported::has(&builder.exported, export.item)).collect();
        if own.is_empty() {
            continue;
        }
        let interface = builder.interface_of(*module);
        for export in own {
            builder.export(&interface, export);
        }
    }
    let package = builder.package;
    let mut imports = builder.imports;
    imports.sort();
    imports.dedup();
    let interfaces = builder.interfaces.into_values().collect();
    Surface { package, version, interfaces, exported: builder.exported, imports, of_worlds: Vec::new() }
}

struct Builder<'db> {
    db: &'db dyn Db,
    homes: Homes<'db>,
    /// Whether fixed-length lists cross as such.
    has_fixed_lists: bool,
    /// Whether maps cross as such, where WIT takes their keys.
    has_maps: bool,
    package: String,
    version: Option<String>,
    interfaces: BTreeMap<String, Interface<'db>>,
    named: FxHashMap<Ty<'db>, (String, String)>,
    exported: Vec<Exported<'db>>,
    imports: Vec<String>,
}

impl<'db> Builder<'db> {
    /// The name of the interface of a module, which from now on exists.
    fn interface_of(&mut self, module: Module<'db>) -> String {
        let name = self.homes.name_of(self.db, module);
        self.interfaces.entry(name.clone()).or_insert_with(|| Interface {
            name: name.clone(),
            uses: BTreeMap::new(),
            types: Vec::new(),
            resources: Vec::new(),
            dots: Vec::new(),
        });
        name
    }

    /// `acme:geo/places@0.1.0` for `places`.
    fn qualified(&self, interface: &str) -> String {
        let version = self.version.as_ref().map_or_else(String::new, |v| format!("@{v}"));
        format!("{}/{interface}{version}", self.package)
    }

    fn export(&mut self, interface: &str, export: &Export<'db>) {
        let signature = fn_signature(self.db, export.item);
        let role = role(self.db, export.item);
        let resource = role.resource().map(|item| self.resource(item));
        if let (Role::Method(item), "drop") = (role, export.item.name(self.db).as_str()) {
            let owned = self.interfaces.values_mut().flat_map(|interface| &mut interface.resources);
            owned.filter(|resource| resource.item == item).for_each(|own| own.drop = Some(export.item));
            return;
        }
        let mut params = Vec::new();
        let mut texts = Vec::new();
        for (index, param) in signature.params.iter().enumerate() {
            let name = wit_param(self.db, export.item, index);
            let ty = self.type_text(interface, param.ty);
            if index > 0 || !matches!(role, Role::Method(_)) {
                texts.push(format!("{}: {ty}", escaped(&name)));
            }
            params.push((name, param.ty));
        }
        let result = if is_unit(self.db, signature.ret) {
            String::new()
        } else {
            format!(" -> {}", self.type_text(interface, signature.ret))
        };
        let texts = texts.join(", ");
        let (name, text) = match (role, resource) {
            (Role::Constructor(_), Some(of)) => {
                (format!("[constructor]{of}"), format!("constructor({texts});"))
            }
            (Role::Method(_), Some(of)) => (
                format!("[method]{of}.{}", export.name),
                format!("{}: func({texts}){result};", escaped(&export.name)),
            ),
            (Role::Static(_), Some(of)) => (
                format!("[static]{of}.{}", export.name),
                format!("{}: static func({texts}){result};", escaped(&export.name)),
            ),
            _ => (export.name.clone(), format!("{}: func({texts}){result};", escaped(&export.name))),
        };
        let indent = if role == Role::Free { "  " } else { "    " };
        let dot = ExportedDot {
            item: export.item,
            role,
            core_name: format!("{}#{name}", self.qualified(interface)),
            text: documented(&dot_hir::item_docs(self.db, export.item).text, &text, indent),
            name,
            params,
            lent: Vec::new(),
            result: signature.ret,
        };
        if let Some(owner) = self.interfaces.get_mut(interface) {
            owner.dots.push(dot);
        }
    }

    /// The WIT name of a resource, which from now on belongs to the interface of its module.
    fn resource(&mut self, item: Item<'db>) -> String {
        let ty = Ty::new(self.db, TyKind::Adt(item, Vec::new()));
        let home = self.interface_of(item.module(self.db));
        self.type_text(&home, ty);
        wit_item(self.db, item)
    }

    fn declare_resource(&mut self, home: &str, item: Item<'db>, name: &str) {
        let docs = &dot_hir::item_docs(self.db, item).text;
        let text = documented(docs, &format!("resource {}", escaped(name)), "  ");
        let qualified = self.qualified(home);
        let resource = OwnResource { item, name: name.to_owned(), home: qualified, text, drop: None };
        if let Some(owner) = self.interfaces.get_mut(home) {
            owner.resources.push(resource);
        }
    }

    /// How a type is written inside `interface`.
    fn type_text(&mut self, interface: &str, ty: Ty<'db>) -> String {
        match ty.kind(self.db) {
            TyKind::Bool => "bool".to_owned(),
            TyKind::Int(kind) => kind.name().to_owned(),
            TyKind::Float(FloatKind::F32) => "f32".to_owned(),
            TyKind::Float(FloatKind::F64) => "f64".to_owned(),
            TyKind::Char => "char".to_owned(),
            TyKind::String => "string".to_owned(),
            TyKind::Tuple(parts) => format!("tuple<{}>", self.type_texts(interface, parts)),
            TyKind::List(item) | TyKind::Set(item) => format!("list<{}>", self.type_text(interface, *item)),
            TyKind::FixedList(item, len) => {
                let item = self.type_text(interface, *item);
                if self.has_fixed_lists {
                    format!("list<{item}, {len}>")
                } else {
                    format!("tuple<{}>", vec![item; *len as usize].join(", "))
                }
            }
            TyKind::Option(item) => format!("option<{}>", self.type_text(interface, *item)),
            TyKind::Result(ok, err) => self.result_text(interface, *ok, *err),
            TyKind::Map(key, value) if self.has_maps && is_wit_key(self.db, *key) => {
                format!("map<{}>", self.type_texts(interface, &[*key, *value]))
            }
            TyKind::Map(key, value) => {
                format!("list<tuple<{}>>", self.type_texts(interface, &[*key, *value]))
            }
            TyKind::Adt(item, args) => self.named_text(interface, ty, *item, args),
            TyKind::Handle(item) => self.named_text(interface, ty, *item, &[]),
            TyKind::Stream(item) if is_unit(self.db, *item) => "stream".to_owned(),
            TyKind::Future(item) if is_unit(self.db, *item) => "future".to_owned(),
            TyKind::Stream(item) => format!("stream<{}>", self.type_text(interface, *item)),
            TyKind::Future(item) => format!("future<{}>", self.type_text(interface, *item)),
            // The front end refuses dots that show these.
            TyKind::Fn(..) | TyKind::Param(_) | TyKind::Never | TyKind::Error => "bool".to_owned(),
        }
    }

    fn type_texts(&mut self, interface: &str, types: &[Ty<'db>]) -> String {
        types.iter().map(|ty| self.type_text(interface, *ty)).collect::<Vec<_>>().join(", ")
    }

    fn result_text(&mut self, interface: &str, ok: Ty<'db>, err: Ty<'db>) -> String {
        match (is_unit(self.db, ok), is_unit(self.db, err)) {
            (true, true) => "result".to_owned(),
            (false, true) => format!("result<{}>", self.type_text(interface, ok)),
            (true, false) => format!("result<_, {}>", self.type_text(interface, err)),
            (false, false) => format!("result<{}>", self.type_texts(interface, &[ok, err])),
        }
    }

    /// The name by which `interface` refers to a declared type, which is declared or `use`d if need be.
    fn named_text(&mut self, interface: &str, ty: Ty<'db>, item: Item<'db>, args: &[Ty<'db>]) -> String {
        let module = item.module(self.db);
        if module.file(self.db).is_none() {
            let path = module.path(self.db).as_str();
            let home = path.strip_prefix("exported:").unwrap_or(path).to_owned();
            // What is exported needs no import for its types.
            if !self.exported.iter().any(|exported| exported.id == home) {
                self.imports.push(home.clone());
            }
            return self.used(interface, &home, &wit_item(self.db, item));
        }
        if let Some((export, name)) = dot_hir::wit::supplied_resource(self.db, item) {
            return self.used(interface, export.id.as_str(), name);
        }
        let (home, name) = if let Some(known) = self.named.get(&ty) {
            known.clone()
        } else {
            let home = self.interface_of(module);
            let name = self.instance_name(item, args);
            self.named.insert(ty, (home.clone(), name.clone()));
            if own_resource(self.db, ty).is_some() {
                self.declare_resource(&home, item, &name);
            } else {
                let text = self.declaration(&home, item, args, &name);
                if let Some(owner) = self.interfaces.get_mut(&home) {
                    owner.types.push(NamedType { item, args: args.to_vec(), name: name.clone(), text });
                }
            }
            (home, name)
        };
        if home == interface { escaped(&name) } else { self.used(interface, &home, &name) }
    }

    fn used(&mut self, interface: &str, home: &str, name: &str) -> String {
        let Some(owner) = self.interfaces.get_mut(interface) else { return escaped(name) };
        let taken = owner.uses.iter().any(|(from, names)| from != home && names.values().any(|n| n == name))
            || owner.types.iter().any(|ty| ty.name == name);
        let here = if taken { format!("{}-{name}", stem_identifier(home)) } else { name.to_owned() };
        let names = owner.uses.entry(home.to_owned()).or_default();
        escaped(names.entry(name.to_owned()).or_insert(here))
    }

    /// `pair` with arguments `u32` and `string` is `pair-u32-string`.
    fn instance_name(&self, item: Item<'db>, args: &[Ty<'db>]) -> String {
        let mut name = wit_item(self.db, item);
        for arg in args {
            name.push('-');
            name.push_str(&self.word(*arg));
        }
        name
    }

    fn word(&self, ty: Ty<'db>) -> String {
        let words = |parts: &[Ty<'db>]| parts.iter().map(|p| self.word(*p)).collect::<Vec<_>>().join("-");
        match ty.kind(self.db) {
            TyKind::Bool => "bool".to_owned(),
            TyKind::Int(kind) => kind.name().to_owned(),
            TyKind::Float(kind) => kind.name().to_owned(),
            TyKind::Char => "char".to_owned(),
            TyKind::String => "string".to_owned(),
            TyKind::Tuple(parts) if parts.is_empty() => "unit".to_owned(),
            TyKind::Tuple(parts) => format!("tuple-{}", words(parts)),
            TyKind::List(item) => format!("list-{}", self.word(*item)),
            TyKind::FixedList(item, len) => format!("list{len}-{}", self.word(*item)),
            TyKind::Set(item) => format!("set-{}", self.word(*item)),
            TyKind::Option(item) => format!("option-{}", self.word(*item)),
            TyKind::Stream(item) => format!("stream-{}", self.word(*item)),
            TyKind::Future(item) => format!("future-{}", self.word(*item)),
            TyKind::Result(ok, err) => format!("result-{}", words(&[*ok, *err])),
            TyKind::Map(key, value) => format!("map-{}", words(&[*key, *value])),
            TyKind::Adt(item, args) => self.instance_name(*item, args),
            TyKind::Handle(item) => wit_item(self.db, *item),
            TyKind::Fn(..) | TyKind::Param(_) | TyKind::Never | TyKind::Error => "t".to_owned(),
        }
    }

    fn declaration(&mut self, home: &str, item: Item<'db>, args: &[Ty<'db>], name: &str) -> String {
        let name = escaped(name);
        let (keyword, members) = match &adt_def(self.db, item).shape {
            AdtShape::Record(fields) | AdtShape::Resource(fields) => {
                ("record", self.fields_text(home, item, fields, args))
            }
            AdtShape::Variant(cases) if cases.iter().all(|case| case.parts.is_empty()) => {
                let names = cases.iter().enumerate().map(|(at, case)| self.member_name(item, at, &case.name));
                ("enum", names.collect())
            }
            AdtShape::Variant(cases) => ("variant", self.cases_text(home, item, cases, args)),
            AdtShape::Flags(flags) => {
                let names = flags.iter().enumerate().map(|(at, flag)| self.member_name(item, at, flag));
                ("flags", names.collect())
            }
        };
        let docs = dot_hir::item_docs(self.db, item);
        let braces = in_braces(&members, &docs.members);
        documented(&docs.text, &format!("{keyword} {name} {braces}"), "  ")
    }

    fn member_name(&self, item: Item<'db>, index: usize, name: &str) -> String {
        escaped(&wit_member(self.db, item, index, name))
    }

    fn fields_text(
        &mut self,
        home: &str,
        item: Item<'db>,
        fields: &[FieldDef<'db>],
        args: &[Ty<'db>],
    ) -> Vec<String> {
        let mut texts = Vec::new();
        for (at, field) in fields.iter().enumerate() {
            let ty = field.ty.substitute(self.db, args);
            let name = self.member_name(item, at, &field.name);
            texts.push(format!("{name}: {}", self.type_text(home, ty)));
        }
        texts
    }

    fn cases_text(
        &mut self,
        home: &str,
        item: Item<'db>,
        cases: &[CaseDef<'db>],
        args: &[Ty<'db>],
    ) -> Vec<String> {
        let mut texts = Vec::new();
        for (at, case) in cases.iter().enumerate() {
            let parts: Vec<_> = case.parts.iter().map(|part| part.ty.substitute(self.db, args)).collect();
            let payload = match parts.as_slice() {
                [] => String::new(),
                [one] => format!("({})", self.type_text(home, *one)),
                several => format!("(tuple<{}>)", self.type_texts(home, several)),
            };
            texts.push(format!("{}{payload}", self.member_name(item, at, &case.name)));
        }
        texts
    }
}

/// A declaration below its documentation.
fn documented(docs: &str, declaration: &str, indent: &str) -> String {
    let lines: String =
        docs.lines().map(|line| format!("{}\n{indent}", format!("/// {line}").trim_end())).collect();
    lines + declaration
}

/// Members on one line, or one a line where there is something to say of them.
fn in_braces(members: &[String], docs: &[impl AsRef<str>]) -> String {
    if docs.iter().all(|docs| docs.as_ref().is_empty()) {
        return format!("{{ {} }}", members.join(", "));
    }
    let docs = docs.iter().map(AsRef::as_ref).chain(std::iter::repeat(""));
    let line = |(member, docs): (&String, &str)| format!("    {},\n", documented(docs, member, "    "));
    let lines: String = members.iter().zip(docs).map(line).collect();
    format!("{{\n{lines}  }}")
}

/// What a dot is to a resource of the package's own.
pub(crate) fn role<'db>(db: &'db dyn Db, item: Item<'db>) -> Role<'db> {
    let Some(Owner::Item(of)) = dot_hir::receiver_of(db, item) else { return Role::Free };
    let resource = Ty::new(db, TyKind::Adt(*of, Vec::new()));
    if own_resource(db, resource).is_none() || of.module(db).file(db).is_none() {
        return Role::Free;
    }
    if item.owner(db).is_empty() {
        Role::Method(*of)
    } else if item.name(db) == "new" && fn_signature(db, item).ret == resource {
        Role::Constructor(*of)
    } else {
        Role::Static(*of)
    }
}

/// The dot that runs when a handle of a resource is dropped.
pub(crate) fn drop_of<'db>(db: &'db dyn Db, resource: Item<'db>, dots: &[Item<'db>]) -> Option<Item<'db>> {
    let is_drop = |dot: &&Item<'db>| dot.name(db) == "drop" && role(db, **dot) == Role::Method(resource);
    dots.iter().find(is_drop).copied()
}

/// Whether WIT has maps with such keys.
fn is_wit_key(db: &dyn Db, ty: Ty<'_>) -> bool {
    matches!(ty.kind(db), TyKind::Bool | TyKind::Int(_) | TyKind::Char | TyKind::String)
}

/// Whether a type is `()`.
#[must_use]
pub fn is_unit(db: &dyn Db, ty: Ty<'_>) -> bool {
    matches!(ty.kind(db), TyKind::Tuple(parts) if parts.is_empty())
}
