//! Everything that is wrong in an item, a module, a package.

use crate::adt::lower_adt;
use crate::lower_type::{TypeMistake, bound_named};
use crate::signature::{Problems, lower_function, lower_one};
use crate::{
    Bound, Diagnostics, Generic, Ty, TyKind, TypedBody, adt, adt_def, alias_target, bounds, typed_body,
    typed_default,
};
use dot_db::{Anchor, Db, Diagnostic, Item, Module, Package, modules_of};
use dot_diagnostics::{Edit, Span, TextRange, codes};
use dot_hir::signature::{RecordMember, SignatureKind};
use dot_hir::{TypeRefId, item_signature, items_of, signature_source_map};

/// Everything that is wrong in an item: its syntax, its names, its declaration, its body, its effects, and whether it
/// is needed.
#[salsa::tracked]
pub fn item_diagnostics<'db>(db: &'db dyn Db, item: Item<'db>) -> Diagnostics<'db> {
    let mut out = own_diagnostics(db, item).clone();
    crate::effects::check(db, item, &mut out);
    crate::instances::check(db, item, &mut out);
    crate::looks::check(db, item, &mut out);
    crate::visits::check(db, item, &mut out);
    crate::constants::check(db, item, &mut out);
    crate::unused::check(db, item, &mut out);
    out
}

/// What is wrong in an item but for its effects, which depend on the bodies of others.
#[salsa::tracked]
pub(crate) fn own_diagnostics<'db>(db: &'db dyn Db, item: Item<'db>) -> Diagnostics<'db> {
    let mut out = Diagnostics::default();
    let syntax = dot_db::item_syntax_diagnostics(db, item);
    out.extend(syntax.iter().cloned());
    out.extend(dot_hir::item_diagnostics(db, item).iter().cloned());
    if is_misread(db, item, &syntax) {
        return out;
    }
    check_declaration(db, item, &mut out);
    crate::export::check(db, item, &mut out);
    crate::constraint::check(db, item, &mut out);
    let defaults = item_signature(db, item).params().len().max(item_signature(db, item).members().len());
    for index in 0..u32::try_from(defaults).unwrap_or(u32::MAX) {
        // An included field's default is told with the record that declares it.
        let is_own = crate::body::declares_default(db, item, index);
        if let (true, Some(typed)) = (is_own, typed_default(db, item, index)) {
            out.extend(typed.diagnostics.iter().cloned());
        }
    }
    if let Some(typed) = typed_body(db, item) {
        let unread = crate::unread::Unread::new(db, item, &syntax);
        let follows = |told: &&Diagnostic<'db>| {
            unread.explains(told)
                || follows_from_callee(db, typed, told)
                || follows_from_declaration(db, item, told)
        };
        out.extend(typed.diagnostics.iter().filter(|told| !follows(told)).cloned());
    }
    crate::deprecated::check(db, item, &mut out);
    out
}

/// Whether what stands before an item's code couldn't be read, so that nobody can tell how it is called, or what a type
/// holds. Seldom changes.
#[salsa::tracked(returns(copy))]
pub(crate) fn is_signature_misread<'db>(db: &'db dyn Db, item: Item<'db>) -> bool {
    let syntax = dot_db::item_syntax_diagnostics(db, item);
    let start = code_start(db, item).unwrap_or(u32::MAX);
    syntax.iter().any(|told| told.is_error() && told.primary.span.range.start <= start)
}

/// Where an item's code begins; nothing where it has none.
fn code_start<'db>(db: &'db dyn Db, item: Item<'db>) -> Option<u32> {
    let (body, map) = dot_hir::item_body(db, item).zip(dot_hir::body_source_map(db, item))?;
    Some(map.expr(body.root).start)
}

/// Whether what seems wrong in an item's types follows from what is wrong with its syntax: brackets or quotes don't
/// match, or what stands before its code couldn't be read.
fn is_misread<'db>(db: &'db dyn Db, item: Item<'db>, syntax: &Diagnostics<'db>) -> bool {
    let unmatched = [codes::UNCLOSED_BRACKET, codes::UNOPENED_BRACKET, codes::UNCLOSED_STRING];
    let start = code_start(db, item).unwrap_or(0);
    syntax
        .iter()
        .filter(|told| told.is_error())
        .any(|told| unmatched.contains(&told.code) || told.primary.span.range.start < start)
}

/// Whether what is told of `()` follows from a callee that doesn't say what it gives: that is told there.
fn follows_from_callee<'db>(db: &'db dyn Db, typed: &TypedBody<'db>, told: &Diagnostic<'db>) -> bool {
    let labels = told.labels.iter().map(|label| &label.message);
    let mut texts = [&told.title, &told.primary.message].into_iter().chain(labels);
    told.is_error()
        && texts.any(|text| text.contains("`()`"))
        && typed.calls.iter().any(|call| crate::body::lacks_result(db, call.callee))
}

/// Whether something isn't found that a declaration of the package may have, but that declaration couldn't be read.
fn follows_from_declaration<'db>(db: &'db dyn Db, item: Item<'db>, told: &Diagnostic<'db>) -> bool {
    let not_found = [codes::UNKNOWN_FIELD, codes::UNKNOWN_CASE, codes::UNKNOWN_METHOD, codes::MISSING_FIELD];
    let is_named = |other: &&Item<'db>| told.title.contains(&format!("`{}`", other.name(db)));
    let mut modules = modules_of(db, item.module(db).package(db)).iter();
    not_found.contains(&told.code)
        && modules.any(|module| {
            items_of(db, *module).iter().filter(is_named).any(|other| is_signature_misread(db, *other))
        })
}

/// Everything that is wrong in a module: its file, its names, its items.
pub fn module_diagnostics<'db>(db: &'db dyn Db, module: Module<'db>) -> Vec<Diagnostic<'db>> {
    let mut out: Vec<Diagnostic<'db>> = Vec::new();
    if let Some(file) = module.file(db) {
        out.extend(dot_db::file_diagnostics(db, file).iter().cloned());
    }
    out.extend(dot_hir::module_diagnostics(db, module).iter().cloned());
    out.extend(world_diagnostics(db, module).iter().cloned());
    for item in items_of(db, module) {
        out.extend(item_diagnostics(db, *item).iter().cloned());
    }
    out
}

#[salsa::tracked]
fn world_diagnostics<'db>(db: &'db dyn Db, module: Module<'db>) -> Diagnostics<'db> {
    let mut out = Diagnostics::default();
    crate::world::check(db, module, &mut out);
    out
}

/// Everything that is wrong in a package, module by module in order of their paths.
pub fn package_diagnostics<'db>(db: &'db dyn Db, package: Package) -> Vec<Diagnostic<'db>> {
    modules_of(db, package).iter().flat_map(|module| module_diagnostics(db, *module)).collect()
}

struct Declaration<'a, 'db> {
    db: &'db dyn Db,
    item: Item<'db>,
    generics: Vec<Generic>,
    out: &'a mut Diagnostics<'db>,
}

/// Where the name of a field stands.
fn member_name<'db>(db: &'db dyn Db, origin: &adt::FieldOrigin<'db>) -> Option<Span<Anchor<'db>>> {
    match item_signature(db, origin.item).members().get(origin.member as usize)? {
        RecordMember::Field(field) => {
            let range = signature_source_map(db, origin.item).name(field.name.id);
            Some(Span::new(Anchor::Item(origin.item), range))
        }
        RecordMember::Include(_) => None,
    }
}

fn check_declaration<'db>(db: &'db dyn Db, item: Item<'db>, out: &mut Diagnostics<'db>) {
    let mut check = Declaration { db, item, generics: adt::generics(db, item), out };
    check.check_bounds();
    match &item_signature(db, item).kind {
        SignatureKind::Function(_) | SignatureKind::Test { .. } => {
            let (_, problems) = lower_function(db, item);
            check.tell(problems);
            check.check_intrinsic();
        }
        SignatureKind::Record { .. }
        | SignatureKind::Resource { .. }
        | SignatureKind::Variant { .. }
        | SignatureKind::Enum { .. }
        | SignatureKind::Flags { .. } => check.check_adt(),
        SignatureKind::Alias { ty, .. } => {
            let (_, problems) = lower_one(db, item, *ty);
            let told = !problems.mistakes.is_empty();
            check.tell(problems);
            check.check_alias(*ty, told);
        }
        SignatureKind::Const { ty } => {
            let (_, problems) = lower_one(db, item, *ty);
            check.tell(problems);
        }
        SignatureKind::Export { .. } => crate::implement::check(db, item, check.out),
        SignatureKind::Use(_) | SignatureKind::Error => {}
    }
}

impl<'db> Declaration<'_, 'db> {
    fn span(&self, range: TextRange) -> Span<Anchor<'db>> {
        Span::new(Anchor::Item(self.item), range)
    }

    fn type_span(&self, id: TypeRefId) -> Span<Anchor<'db>> {
        self.span(signature_source_map(self.db, self.item).type_ref(id))
    }

    fn tell(&mut self, problems: Problems<'db>) {
        self.tell_mistakes(&problems.mistakes);
        for (ty, bound, at) in problems.required {
            self.check_bound(ty, bound, at);
        }
    }

    fn tell_mistakes(&mut self, mistakes: &[TypeMistake]) {
        let map = signature_source_map(self.db, self.item);
        for mistake in mistakes {
            let anchor = Anchor::Item(self.item);
            let name_span = |name: &dot_hir::Name| Span::new(anchor, map.name(name.id));
            let span = self.type_span(mistake.at);
            let module = self.item.module(self.db);
            self.out.extend(mistake.diagnostic(self.db, module, &self.generics, span, &name_span));
        }
    }

    fn check_bound(&mut self, ty: Ty<'db>, bound: Bound, at: TypeRefId) {
        if bounds::obstacle(self.db, ty, bound, &self.generics).is_none() {
            return;
        }
        let shown = crate::display_type(self.db, ty, &self.generics).to_string();
        let title = format!("`{shown}` does not meet the bound `{}`", bounds::name(bound));
        self.out.push(
            Diagnostic::error(codes::BOUND_NOT_MET, title, self.type_span(at))
                .with_note(bounds::admits(bound)),
        );
    }

    fn check_bounds(&mut self) {
        let map = signature_source_map(self.db, self.item);
        for generic in item_signature(self.db, self.item).generics() {
            let Some(bound) = generic.bound.as_ref().filter(|bound| !bound.is_missing()) else { continue };
            if bound_named(&bound.text).is_some() {
                continue;
            }
            let title = format!("there is no bound `{}`", bound.text);
            let span = self.span(map.name(bound.id));
            let note = "The bounds are `data` (the default), `key`, `number`, `integer`, `float` and `any`.";
            let mut diagnostic = Diagnostic::error(codes::UNKNOWN_BOUND, title, span).with_note(note);
            let names = bounds::ALL.map(bounds::name);
            if let Some(meant) = dot_hir::suggest::nearest(&bound.text, names) {
                diagnostic = diagnostic.with_fix(format!("write `{meant}`"), span, meant);
            }
            self.out.push(diagnostic);
        }
    }

    fn check_adt(&mut self) {
        let lowered = lower_adt(self.db, self.item);
        self.tell(Problems { mistakes: lowered.mistakes, required: lowered.required });
        if crate::growth::grows(self.db, self.item)
            && let Some(span) = crate::signature::name_span(self.db, self.item)
        {
            let title = format!("values of `{}` would need ever larger types", self.item.name(self.db));
            let note = "A type holds itself with its own type parameters, or with types that hold none.";
            self.out.push(Diagnostic::error(codes::ENDLESS_TYPE, title, span).with_note(note));
        }
        self.check_finite();
        self.check_included();
        for id in lowered.bad_includes {
            let title = "only a record's fields can be included";
            self.out.push(Diagnostic::error(codes::NOT_A_RECORD, title, self.type_span(id)));
        }
        if let (crate::AdtShape::Flags(flags), Some(span)) =
            (&lowered.def.shape, crate::signature::name_span(self.db, self.item))
            && flags.len() > 32
        {
            let title = "a flags type with more than 32 flags: this version of the compiler can't do it yet";
            self.out.push(Diagnostic::error(codes::NOT_YET, title, span));
        }
    }

    /// Tells fields of one name, of which one at least is included.
    fn check_included(&mut self) {
        let (crate::AdtShape::Record(fields) | crate::AdtShape::Resource(fields)) =
            &adt_def(self.db, self.item).shape
        else {
            return;
        };
        let origins = adt::field_origins(self.db, self.item);
        for (index, field) in fields.iter().enumerate() {
            let Some(first) = fields[..index].iter().position(|other| other.name == field.name) else {
                continue;
            };
            let (Some(one), Some(two)) = (origins.get(first), origins.get(index)) else { continue };
            // Two fields that stand here are told by name.
            if one.item == self.item && two.item == self.item {
                continue;
            }
            let title = format!("`{}` would have two fields `{}`", self.item.name(self.db), field.name);
            let mut diagnostic =
                Diagnostic::error(codes::DUPLICATE_ITEM, title, dot_hir::declared_span(self.db, self.item));
            for origin in [one, two] {
                if let Some(span) = member_name(self.db, origin) {
                    diagnostic = diagnostic.with_label(span, "it is declared here");
                }
            }
            self.out.push(diagnostic);
        }
    }

    /// Tells a type that holds itself without end.
    fn check_finite(&mut self) {
        if !crate::finite::is_endless(self.db, self.item) {
            return;
        }
        let Some(span) = crate::signature::name_span(self.db, self.item) else { return };
        let title = format!("a value of `{}` would have no end", self.item.name(self.db));
        let mut diagnostic = Diagnostic::error(codes::ENDLESS_TYPE, title, span).with_note(
            "Each value holds another one. An `option` or a list in between, or a case without one, ends it.",
        );
        if let Some(ty) = self.endless_field() {
            let range = self.type_span(ty).range;
            let (start, end) = (TextRange::empty(range.start), TextRange::empty(range.end));
            let edit = |at, text: &str| Edit { span: self.span(at), replacement: text.to_owned() };
            diagnostic = diagnostic
                .with_label(self.span(range), "this is needed for every value")
                .with_edits("make it an `option`", vec![edit(start, "option<"), edit(end, ">")]);
        }
        self.out.push(diagnostic);
    }

    /// The type of the record's own field that keeps its values from ending.
    fn endless_field(&self) -> Option<TypeRefId> {
        let index = crate::finite::endless_field(self.db, self.item)?;
        let origin = adt::field_origins(self.db, self.item).get(index)?;
        let members = item_signature(self.db, self.item).members();
        match members.get(origin.member as usize)? {
            RecordMember::Field(field) if origin.item == self.item => Some(field.ty),
            _ => None,
        }
    }

    fn check_alias(&mut self, ty: TypeRefId, told: bool) {
        let target = alias_target(self.db, self.item);
        if told || *target.kind(self.db) != TyKind::Error {
            return;
        }
        let title = format!("the alias `{}` stands for itself", self.item.name(self.db));
        let diagnostic = Diagnostic::error(codes::RECURSIVE_ALIAS, title, self.type_span(ty)).with_note(
            "An alias is another name for a type. A type that holds itself is a record or variant.",
        );
        self.out.push(diagnostic);
    }

    fn check_intrinsic(&mut self) {
        if !dot_hir::is_std(self.db, self.item.module(self.db)) {
            return;
        }
        let attributes = &item_signature(self.db, self.item).attributes;
        let Some(name) = dot_hir::attribute::string_argument(attributes, "intrinsic") else { return };
        if crate::Intrinsic::from_name(name).is_none()
            && let Some(span) = crate::signature::name_span(self.db, self.item)
        {
            let title = format!("there is no intrinsic `{name}`");
            self.out.push(Diagnostic::error(codes::INVALID_ATTRIBUTE, title, span));
        }
    }
}
