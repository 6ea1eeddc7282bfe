//! From exports to a component: reach, link, encode.

use crate::build::{BuildError, Profile};
use crate::exports::Exports;
use crate::place;
use crate::report::Report;
use crate::session::Session;
use dot_codegen::{
    CoreModule, ExportFn, ExportResource, ImportFn, LinkError, LinkInput, Place, QuerySource, Receiver,
    ResourceFn, SourceResolver,
};
use dot_component::compose::{Fit, Part, compose};
use dot_component::encode::{EncodeError, EncodeOptions, append_section, encode};
use dot_component::interface::{Role, is_unit};
use dot_component::world::WorldPart;
use dot_component::{ExportedDot, Surface, meta, surface, wit};
use dot_db::{Anchor, ComponentFile, Db, Diagnostic, Item};
use dot_diagnostics::{Span, codes};
use dot_hir::import_of;
use dot_hir::wit::{core_module, wit_name, wit_universe};
use dot_mir::ir::Site;
use dot_mir::{Instance, InstanceKind, Instances};
use dot_types::{Mode, Ty, TyKind, fn_signature};

/// A linked program, before it becomes a component.
pub(crate) struct Linked<'db> {
    /// What it exports and imports.
    pub surface: Surface<'db>,
    /// Its code.
    pub core: CoreModule<'db>,
    /// What it imports and exports of worlds.
    pub worlds: Vec<WorldPart>,
}

impl Session {
    /// Links the functions behind exports and all that they reach.
    pub(crate) fn link<'db>(
        &'db self,
        exports: &Exports<'db>,
        profile: Profile,
        strip: bool,
    ) -> Result<Linked<'db>, BuildError> {
        let db = self.db();
        let mut surface = surface(db, self.package(), exports);
        let instances = self.reach(&roots(db, exports), profile)?;
        let input = LinkInput {
            source: &QuerySource::new(db, profile.level()),
            resolver: &Resolver { session: self },
            exports: exported(db, &surface),
            imports: instances.imports.iter().filter_map(|item| import(db, *item)).collect(),
            resources: resources(db, &surface),
            resource: &|function, item| resource_fn(&surface, function, item),
            resource_drop: &|resource| resource_drop(db, resource),
            end_drop: &|ty| crate::ends::drop_of(db, ty, &surface, &instances.imports),
            strip,
            release: profile == Profile::Release,
        };
        let core = dot_codegen::link(&input).map_err(|error| self.link_error(error))?;
        // What a function needs is imported whether or not its code survived: debug and release have one interface.
        let called = instances.imports.iter().filter_map(|item| import_of(db, *item));
        surface.imports.extend(called.map(|import| import.interface.to_string()));
        let others = core.imports.iter().map(|(module, _)| module.clone());
        let is_interface = |module: &String| wit_universe(db, self.package()).unit(module).is_some();
        surface.imports.extend(others.filter(is_interface));
        let worlds = crate::worlds::take(db, self.package(), &mut surface, &instances.imports);
        Ok(Linked { surface, core, worlds })
    }

    /// The component of a linked program.
    pub(crate) fn encode(&self, linked: &Linked<'_>, strip: bool) -> Result<Vec<u8>, BuildError> {
        let db = self.db();
        let text = wit::text(&linked.surface);
        let is_alone = linked.surface.imports.is_empty() && linked.surface.exported.is_empty();
        let dependencies = if is_alone {
            wit_parser::Resolve::default()
        } else {
            wit_universe(db, self.package()).resolve.clone()
        };
        let options = EncodeOptions { wit: &text, dependencies, worlds: linked.worlds.clone() };
        let defect = |error: EncodeError| BuildError::Defect(error.to_string());
        let torn = "an interface of the package's own shows types whose interface the package exports, and others of which that interface is imported: in WIT a name can't stand for both. Show types of the package's own instead";
        let component = encode(&linked.core.bytes, options).map_err(|error| match error.is_torn() {
            true => BuildError::Refused(format!("{torn} ({error})")),
            false => defect(error),
        })?;
        let mut component = self.with_components(component, &linked.surface)?;
        if strip {
            return dot_component::encode::strip(&component).map_err(defect);
        }
        append_section(&mut component, meta::SECTION, &meta::section(db, &linked.surface));
        Ok(component)
    }

    /// A component with those that it depends on put in the place of what it imports of them.
    fn with_components(&self, component: Vec<u8>, surface: &Surface<'_>) -> Result<Vec<u8>, BuildError> {
        let components = self.components_in(surface);
        if components.is_empty() {
            return Ok(component);
        }
        let parts = components.iter().map(|part| Part { name: &part.path, bytes: &part.bytes });
        let parts: Vec<Part<'_>> = parts.collect();
        let refused =
            |reason| format!("the components that the package depends on don't fit together: {reason}");
        let main = Part { name: "the program", bytes: &component };
        // An effect is an interface with its version; so only what has just that name gives it.
        let composed =
            compose(main, &parts, Fit::Same).map_err(|reason| BuildError::Refused(refused(reason)))?;
        Ok(composed.bytes)
    }

    /// The components that give what is imported, and what these import, each once, in the order of the packages: of two
    /// that export an interface the first gives it, here as where effects are found.
    pub(crate) fn components_in(&self, surface: &Surface<'_>) -> Vec<&ComponentFile> {
        let packages = dot_db::packages_of(self.db()).iter();
        let all: Vec<&ComponentFile> =
            packages.filter_map(|package| package.component(self.db()).as_deref()).collect();
        let mut found: Vec<&ComponentFile> = Vec::new();
        let mut todo: Vec<&str> = surface.imports.iter().map(String::as_str).collect();
        while let Some(import) = todo.pop() {
            let gives = |component: &&&ComponentFile| component.exports.iter().any(|id| id == import);
            if let Some(component) = all.iter().find(gives)
                && !found.contains(component)
            {
                found.push(component);
                todo.extend(component.imports.iter().map(|id| id.as_str()));
            }
        }
        all.into_iter().filter(|component| found.contains(component)).collect()
    }

    /// The functions that are reached from `roots`.
    pub(crate) fn reach<'db>(
        &'db self,
        roots: &[Instance<'db>],
        profile: Profile,
    ) -> Result<Instances<'db>, BuildError> {
        let instances = dot_mir::instances(self.db(), roots, profile.level());
        if instances.diagnostics.is_empty() {
            return Ok(instances);
        }
        Err(BuildError::DoesNotCompile(Report::new(self.db(), instances.diagnostics)))
    }

    fn link_error(&self, error: LinkError<'_>) -> BuildError {
        match error {
            LinkError::Missing(what) => BuildError::Defect(format!("{what} is missing")),
            LinkError::Unsupported(unsupported) => {
                let title = format!("{} can't be compiled yet", unsupported.what);
                let Some(site) = unsupported.site else {
                    let anchor =
                        self.package().modules(self.db()).first().map(|module| Anchor::File(module.file));
                    let told =
                        anchor.map(|anchor| not_yet(title, anchor, dot_diagnostics::TextRange::empty(0)));
                    return BuildError::DoesNotCompile(Report::new(self.db(), told));
                };
                let map = dot_types::thir_source_map(self.db(), site.item);
                let range =
                    map.and_then(|map| map.exprs.get(site.expr.0 as usize)).copied().unwrap_or_default();
                BuildError::DoesNotCompile(Report::new(
                    self.db(),
                    [not_yet(title, Anchor::Item(site.item), range)],
                ))
            }
        }
    }
}

fn not_yet<'db>(title: String, anchor: Anchor<'db>, range: dot_diagnostics::TextRange) -> Diagnostic<'db> {
    Diagnostic::error(codes::NOT_YET, title, Span::new(anchor, range))
}

/// The functions behind exports.
pub(crate) fn roots<'db>(db: &'db dyn Db, exports: &Exports<'db>) -> Vec<Instance<'db>> {
    let items = exports.iter().flat_map(|(_, exports)| exports);
    items.map(|export| instance(db, export.item)).collect()
}

/// What a caller outside calls: a dot's entry where its arguments are checked.
pub(crate) fn instance<'db>(db: &'db dyn Db, item: Item<'db>) -> Instance<'db> {
    let checked = dot_types::constraint::is_constrained(db, item);
    let kind = if checked { InstanceKind::Entry(item) } else { InstanceKind::Item(item) };
    Instance::new(db, kind, Vec::new())
}

fn exported<'db>(db: &'db dyn Db, surface: &Surface<'db>) -> Vec<ExportFn<'db>> {
    let export = |dot: &ExportedDot<'db>| ExportFn {
        name: dot.core_name.clone(),
        receiver: receiver(db, dot),
        instance: instance(db, dot.item),
        params: dot.params.iter().map(|(_, ty)| *ty).collect(),
        lent: dot.lent.clone(),
        result: (!is_unit(db, dot.result)).then_some(dot.result),
    };
    surface.dots().map(export).collect()
}

fn receiver(db: &dyn Db, dot: &ExportedDot<'_>) -> Option<Receiver> {
    let first = fn_signature(db, dot.item).params.first()?;
    matches!(dot.role, Role::Method(_)).then_some(if first.mode == Mode::InOut {
        Receiver::Changed
    } else {
        Receiver::Lent
    })
}

fn resources<'db>(db: &'db dyn Db, surface: &Surface<'db>) -> Vec<ExportResource<'db>> {
    surface
        .resources()
        .map(|resource| ExportResource {
            destructor: format!("{}#[dtor]{}", resource.home, resource.name),
            ty: Ty::new(db, TyKind::Adt(resource.item, Vec::new())),
            drop: resource.drop.map(|drop| Instance::new(db, InstanceKind::Item(drop), Vec::new())),
        })
        .collect()
}

/// The import by which a component handles a resource that it exports.
fn resource_fn<'db>(
    surface: &Surface<'db>,
    function: ResourceFn,
    item: Item<'db>,
) -> Option<(String, String)> {
    let resource = surface.resources().find(|resource| resource.item == item)?;
    Some((format!("[export]{}", resource.home), format!("{}{}", function.prefix(), resource.name)))
}

fn import<'db>(db: &'db dyn Db, item: Item<'db>) -> Option<ImportFn<'db>> {
    let import = import_of(db, item)?;
    let signature = fn_signature(db, item);
    Some(ImportFn {
        item,
        module: import.core_module.to_string(),
        field: import.name.to_string(),
        lent: import.lent.clone(),
        lends: import.lends.clone(),
        params: signature
            .params
            .iter()
            .filter(|param| param.mode == Mode::In)
            .map(|param| param.ty)
            .collect(),
        result: (!is_unit(db, signature.ret)).then_some(signature.ret),
    })
}

/// The import that drops a handle of a resource of an imported interface.
fn resource_drop(db: &dyn Db, resource: Item<'_>) -> Option<(String, String)> {
    let module = resource.module(db);
    let is_imported = module.file(db).is_none();
    is_imported
        .then(|| (core_module(db, module).to_string(), format!("[resource-drop]{}", wit_name(db, resource))))
}

/// Places for trap tables and line tables, by paths that don't depend on where the package lies.
struct Resolver<'a> {
    session: &'a Session,
}

impl<'db> SourceResolver<'db> for Resolver<'db> {
    fn place(&self, site: Site<'db>) -> Option<Place> {
        let db = self.session.db();
        let place = place::of_expr(db, site.item, site.expr);
        (!place.file.is_empty()).then(|| Place {
            file: place::stable_path(db, site.item),
            line: place.start.0,
            column: place.start.1,
            end_line: place.end.0,
            end_column: place.end.1,
        })
    }
}
