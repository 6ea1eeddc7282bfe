//! Whether a package has what an interface of others asks for that it exports: `missing-export`, `export-mismatch`.

use crate::{Diagnostics, FnSignature, Mode, TyKind, display_type, fn_signature, own_resource};
use dot_db::{Anchor, Db, Diagnostic, Item};
use dot_diagnostics::{Edit, Span, TextRange, codes};
use dot_hir::wit::{
    ExportDeclaration, ExportedFunction, Stub, SuppliedResource, declared_function, demands_of, exports_of,
    needs_of, stub_of,
};
use dot_hir::{ImportKind, item_signature, signature_source_map};

/// Tells what an `export` asks for that isn't there, and what is there and isn't as it says.
pub(crate) fn check<'db>(db: &'db dyn Db, export: Item<'db>, out: &mut Diagnostics<'db>) {
    let package = export.module(db).package(db);
    let Some(declaration) = exports_of(db, package).iter().find(|other| other.item == export) else { return };
    let at = dot_hir::declared_span(db, export);
    if let Some(first) = exports_of(db, package).iter().find(|other| other.id == declaration.id)
        && first.item != export
    {
        let title = format!("`{}` is exported twice", declaration.id);
        let other = dot_hir::declared_span(db, first.item);
        out.push(Diagnostic::error(codes::DUPLICATE_ITEM, title, at).with_label(other, "the other one"));
        return;
    }
    let check = Check { db, export, id: &declaration.id, at };
    let demand = demands_of(db, export);
    check.features(declaration, out);
    let mut missing = Missing::default();
    for (index, SuppliedResource { name, item }) in demand.resources.iter().enumerate() {
        if item.is_none() {
            let of_it = demand.functions.iter().filter(|function| check.resource_of(function) == Some(index));
            missing.resource(name, of_it.filter_map(|function| check.stub(function)).collect());
        }
    }
    for function in &demand.functions {
        let is_of_missing = || {
            let resource = check.resource_of(function).and_then(|index| demand.resources.get(index));
            resource.is_some_and(|supplied| supplied.item.is_none())
        };
        match function.dot {
            Some(dot) => check.compare(function.declared, dot, out),
            None if is_of_missing() => {}
            None => missing.functions(check.stub(function)),
        }
    }
    out.extend(check.missing(&missing));
    for dot in &demand.spare {
        out.push(check.spare(*dot, &demand.functions));
    }
}

/// So many missing functions are shown.
const MOST_SHOWN: usize = 30;

/// What isn't there.
#[derive(Default)]
struct Missing {
    /// What it is called.
    names: Vec<String>,
    /// How its declarations begin, a line for each.
    wanted: Vec<String>,
    /// The declarations.
    text: String,
}

impl Missing {
    fn resource(&mut self, name: &str, stubs: Vec<Stub>) {
        self.names.push(name.to_owned());
        self.wanted.push(format!("resource {name} {{ … }}"));
        self.text.push_str(&format!("resource {name} {{}}\n\n"));
        stubs.into_iter().for_each(|stub| self.stub(&stub));
    }

    fn functions(&mut self, stubs: impl IntoIterator<Item = Stub>) {
        for stub in stubs {
            self.names.push(stub.name.clone());
            self.stub(&stub);
        }
    }

    fn stub(&mut self, stub: &Stub) {
        self.wanted.push(format!("dot {}{}", stub.name, stub.signature()));
        self.text.push_str(&stub.text());
        self.text.push('\n');
    }
}

struct Check<'a, 'db> {
    db: &'db dyn Db,
    export: Item<'db>,
    id: &'a str,
    at: Span<Anchor<'db>>,
}

impl<'db> Check<'_, 'db> {
    /// The place of the resource that a function is of, among those that the package supplies.
    fn resource_of(&self, function: &ExportedFunction<'db>) -> Option<usize> {
        let kind = &declared_function(self.db, function.declared)?.kind;
        let name = dot_hir::NameCase::Pascal.convert(kind.resource());
        demands_of(self.db, self.export).resources.iter().position(|other| other.name == name)
    }

    fn features(&self, declaration: &ExportDeclaration<'db>, out: &mut Diagnostics<'db>) {
        let features = self.export.module(self.db).package(self.db).features(self.db);
        for need in needs_of(self.db, declaration.module) {
            if !features.iter().any(|feature| feature == need) {
                out.push(missing_feature(&format!("to export `{}`", self.id), need, self.at));
            }
        }
    }

    /// A fix that writes something below the `export`.
    fn below(&self, text: &str) -> Vec<Edit<Anchor<'db>>> {
        let end = u32::try_from(self.export.text(self.db).trim_end().len()).unwrap_or(u32::MAX);
        let span = Span::new(Anchor::Item(self.export), TextRange::empty(end));
        vec![Edit { span, replacement: format!("\n\n{}", text.trim_end()) }]
    }

    fn stub(&self, function: &ExportedFunction<'db>) -> Option<Stub> {
        stub_of(self.db, self.export, function.declared)
    }

    /// Tells what is missing, side by side with how it has to be written; one fix writes it all.
    fn missing(&self, missing: &Missing) -> Option<Diagnostic<'db>> {
        let (first, others) = missing.names.split_first()?;
        let title = match others.len() {
            0 => format!("`{}` asks for `{first}`, which is missing", self.id),
            more => format!("`{}` asks for `{first}` and {more} more, which are missing", self.id),
        };
        let mut shown: Vec<&str> = missing.wanted.iter().map(String::as_str).take(MOST_SHOWN).collect();
        let left = format!("and {} more", missing.wanted.len().saturating_sub(MOST_SHOWN));
        if missing.wanted.len() > MOST_SHOWN {
            shown.push(&left);
        }
        let diagnostic = Diagnostic::error(codes::MISSING_EXPORT, title, self.at)
            .with_note(format!("asked for:\n  {}", shown.join("\n  ")))
            .with_edits("write what is missing, with bodies that trap", self.below(&missing.text));
        Some(diagnostic)
    }

    fn spare(&self, dot: Item<'db>, functions: &[ExportedFunction<'db>]) -> Diagnostic<'db> {
        let owner = dot.owner(self.db);
        let shown = if owner.is_empty() {
            dot.name(self.db).to_string()
        } else {
            format!("{owner}.{}", dot.name(self.db))
        };
        let title = format!("`{}` has no `{shown}`", self.id);
        let at = dot_hir::declared_span(self.db, dot);
        let note = "Who imports the interface would not find it. A function that it doesn't have is a `fn`.";
        let diagnostic = Diagnostic::error(codes::UNKNOWN_NAME, title, at).with_note(note);
        let open = functions.iter().filter(|function| function.dot.is_none());
        let names: Vec<&str> = open.map(|function| function.declared.name(self.db).as_str()).collect();
        match dot_hir::suggest::nearest(dot.name(self.db), names.iter().copied()) {
            Some(meant) => diagnostic.with_message(format!("did you mean `{meant}`?")),
            None => diagnostic,
        }
    }

    /// Compares a dot with what the interface says.
    fn compare(&self, declared: Item<'db>, dot: Item<'db>, out: &mut Diagnostics<'db>) {
        let (wanted, given) = (fn_signature(self.db, declared), fn_signature(self.db, dot));
        if !given.generics.is_empty() || crate::check::is_signature_misread(self.db, dot) {
            return;
        }
        let is_method =
            declared_function(self.db, declared).is_some_and(|f| matches!(f.kind, ImportKind::Method { .. }));
        if is_method && given.params.first().is_some_and(|first| self.is_foreign_self(dot, first.ty)) {
            return;
        }
        let fits = |a, b| a == b || is_error(self.db, a) || is_error(self.db, b);
        let same_count = wanted.params.len() == given.params.len();
        let same_params = same_count
            && wanted.params.iter().zip(&given.params).all(|(wanted, given)| fits(wanted.ty, given.ty));
        if same_params && fits(wanted.ret, given.ret) {
            return;
        }
        let Some(stub) = stub_of(self.db, self.export, declared) else { return };
        let title = format!("`{}` is not what `{}` asks for", stub.name, self.id);
        let mut diagnostic =
            Diagnostic::error(codes::EXPORT_MISMATCH, title, dot_hir::declared_span(self.db, dot))
                .with_message(format!("it should be `dot {}{}`", stub.name, stub.signature()))
                .with_note(format!("asked for: {}\n     here: {}", stub.signature(), self.shown(given)));
        let edits = if same_count { self.edits(&stub, dot, wanted, given, &fits) } else { None };
        if let Some(edits) = edits.filter(|edits| !edits.is_empty()) {
            diagnostic = diagnostic.with_edits("write the types that it asks for", edits);
        }
        out.push(diagnostic);
    }

    fn is_foreign_self(&self, dot: Item<'db>, ty: crate::Ty<'db>) -> bool {
        own_resource(self.db, ty).is_some_and(|item| item.module(self.db) != dot.module(self.db))
    }

    /// The types that differ, written as they should be; none where a result stands on one side only.
    fn edits(
        &self,
        stub: &Stub,
        dot: Item<'db>,
        wanted: &FnSignature<'db>,
        given: &FnSignature<'db>,
        fits: &dyn Fn(crate::Ty<'db>, crate::Ty<'db>) -> bool,
    ) -> Option<Vec<Edit<Anchor<'db>>>> {
        let map = signature_source_map(self.db, dot);
        let function = item_signature(self.db, dot).function()?;
        let edit = |id, text: &str| Edit {
            span: Span::new(Anchor::Item(dot), map.type_ref(id)),
            replacement: text.to_owned(),
        };
        let mut edits = Vec::new();
        for (index, param) in function.params.iter().enumerate() {
            let (wanted, given) = (wanted.params.get(index)?, given.params.get(index)?);
            if !fits(wanted.ty, given.ty) {
                edits.push(edit(param.ty, &stub.params.get(index)?.1));
            }
        }
        if !fits(wanted.ret, given.ret) {
            edits.push(edit(function.ret?, stub.ret.as_ref()?));
        }
        Some(edits)
    }

    /// A signature as it is written.
    fn shown(&self, signature: &FnSignature<'db>) -> String {
        let params = signature.params.iter().map(|param| {
            let inout = if param.mode == Mode::InOut { "inout " } else { "" };
            format!("{inout}{}: {}", param.name, display_type(self.db, param.ty, &signature.generics))
        });
        let params = params.collect::<Vec<_>>().join(", ");
        match signature.ret.kind(self.db) {
            TyKind::Tuple(parts) if parts.is_empty() => format!("({params})"),
            _ => format!("({params}) -> {}", display_type(self.db, signature.ret, &signature.generics)),
        }
    }
}

/// Whether something was wrong with a type, which has been told.
fn is_error(db: &dyn Db, ty: crate::Ty<'_>) -> bool {
    let mut todo = vec![ty];
    while let Some(ty) = todo.pop() {
        match ty.kind(db) {
            TyKind::Error => return true,
            TyKind::Adt(..) => {}
            kind => todo.extend(crate::table::decompose(kind).1),
        }
    }
    false
}

/// The error that the target may lack what something needs.
pub(crate) fn missing_feature<'db>(what: &str, feature: &str, at: Span<Anchor<'db>>) -> Diagnostic<'db> {
    use dot_hir::wit::features::{FIXED_LISTS, MAPS};
    let title = format!("{what} needs `{feature}`, which not every target has");
    let diagnostic = Diagnostic::error(codes::MISSING_FEATURE, title, at);
    if [MAPS, FIXED_LISTS].contains(&feature) {
        diagnostic.with_note(format!(
            "If the target has it, say so in the manifest: `features = [\"{feature}\"]`. Without it no component can have such a function."
        ))
    } else {
        diagnostic.with_note("No target of this compiler has it.")
    }
}

/// Which parameters of a dot hold handles that are only lent for the call: an exported interface says so.
pub(crate) fn lent_params<'db>(db: &'db dyn Db, dot: Item<'db>) -> Vec<bool> {
    let Some((_, function)) = dot_hir::wit::implemented(db, dot) else { return Vec::new() };
    function.lent.iter().map(|lend| *lend != dot_hir::wit::Lend::Nothing).collect()
}
