//! What is said about items, fields, cases and locals.

use dot_db::{Db, Item, Module};
use dot_hir::signature::{RecordMember, SignatureKind};
use dot_hir::type_ref::TypeRef;
use dot_hir::{Def, item_docs, item_signature, resolve_path};
use dot_syntax::{ItemKind, ast};
use dot_types::{
    AdtShape, Bound, CaseDef, Generic, Mode, ParamSignature, Ty, TyKind, adt_def, alias_target, const_type,
    display_type, fn_signature,
};

/// A declaration with more members than this is shown without the others.
const MAX_MEMBERS: usize = 30;

/// Longer default values are not shown.
const MAX_DEFAULT: usize = 40;

/// Records that include one another in a circle have no end; this is told with them.
const MAX_INCLUDES: u32 = 16;

/// Code in Markdown, and what is said below it, paragraph by paragraph.
pub(super) fn card(code: &str, said: &[&str]) -> String {
    let mut text = format!("```dot\n{code}\n```\n");
    for part in said.iter().filter(|part| !part.is_empty()) {
        text.push_str("\n---\n");
        text.push_str(part);
        text.push('\n');
    }
    text
}

/// A type as it is written.
pub(super) fn type_text(db: &dyn Db, ty: Ty<'_>, generics: &[Generic]) -> String {
    display_type(db, ty, generics).to_string()
}

/// What a name means.
pub(super) fn def<'db>(db: &'db dyn Db, def: Def<'db>, from: Module<'db>) -> String {
    match def {
        Def::Item(found) => item(db, found, from),
        Def::Module(module) => {
            card(&format!("module {}", module.path(db)), &[dot_hir::module_docs(db, module)])
        }
    }
}

/// An item, as code in `from` may see it.
pub(super) fn item<'db>(db: &'db dyn Db, item: Item<'db>, from: Module<'db>) -> String {
    let name = item.name(db);
    let code = match item.kind(db) {
        ItemKind::Fn | ItemKind::Dot => return function(db, item),
        ItemKind::Const => format!("const {name}: {}", type_text(db, const_type(db, item), &[])),
        ItemKind::Type => {
            let generics = alias_generics(db, item);
            let target = type_text(db, alias_target(db, item), &generics);
            format!("type {name}{} = {target}", generics_text(&generics))
        }
        ItemKind::Record | ItemKind::Variant | ItemKind::Enum | ItemKind::Flags | ItemKind::Resource => {
            declaration(db, item, from)
        }
        ItemKind::Test => format!("test {name:?}"),
        ItemKind::Use | ItemKind::Export => format!("{} {name}", item.kind(db).keyword()),
    };
    card(&code, &[&item_docs(db, item).text])
}

/// A function's signature, what it touches, and its documentation.
fn function<'db>(db: &'db dyn Db, item: Item<'db>) -> String {
    let signature = fn_signature(db, item);
    let effects = match &signature.uses {
        Some(_) => String::new(),
        None => {
            let paths: Vec<_> = dot_types::effects_of(db, item)
                .iter()
                .map(|module| format!("`{}`", module.path(db)))
                .collect();
            if paths.is_empty() { String::new() } else { format!("Uses {}.", paths.join(", ")) }
        }
    };
    card(&signature_text(db, item), &[&effects, &item_docs(db, item).text])
}

/// The parameters of a function as they stand in its signature.
pub(crate) fn param_texts(db: &dyn Db, item: Item<'_>) -> Vec<String> {
    let signature = fn_signature(db, item);
    let params = (0..).zip(&signature.params);
    params.map(|(index, param)| param_text(db, item, index, param, &signature.generics)).collect()
}

/// A function's signature as it is declared, with types resolved.
pub(crate) fn signature_text(db: &dyn Db, item: Item<'_>) -> String {
    let signature = fn_signature(db, item);
    let params = param_texts(db, item);
    let owner = item.owner(db);
    let owner = if owner.is_empty() { String::new() } else { format!("{owner}.") };
    let result = type_text(db, signature.ret, &signature.generics);
    let result = if result == "()" { String::new() } else { format!(" -> {result}") };
    let uses = match &signature.uses {
        Some(uses) if !uses.is_empty() => format!(" uses {}", uses.join(" + ")),
        _ => String::new(),
    };
    format!(
        "{} {owner}{}{}({}){result}{uses}",
        item.kind(db).keyword(),
        item.name(db),
        generics_text(&signature.generics),
        params.join(", ")
    )
}

fn param_text(
    db: &dyn Db,
    item: Item<'_>,
    index: usize,
    param: &ParamSignature<'_>,
    generics: &[Generic],
) -> String {
    let inout = if param.mode == Mode::InOut { "inout " } else { "" };
    let default = if param.has_default { default_text(db, item, index) } else { String::new() };
    format!("{inout}{}: {}{default}", param.name, type_text(db, param.ty, generics))
}

/// ` = value` as it is written, or ` = …` if that is long.
fn default_text(db: &dyn Db, item: Item<'_>, index: usize) -> String {
    let tree = dot_db::item_tree(db, item).item.as_ref();
    let default = tree.and_then(|tree| match &tree.body {
        ast::ItemBody::Function(function) => function.params.get(index)?.default.as_ref(),
        ast::ItemBody::Test(test) => test.params.get(index)?.default.as_ref(),
        _ => None,
    });
    let text = default.map(|value| value.range.slice(item.text(db))).unwrap_or_default();
    let shown = if text.is_empty() || text.len() > MAX_DEFAULT || text.contains('\n') { "…" } else { text };
    format!(" = {shown}")
}

/// A parameter of a function or test, and its documentation.
pub(super) fn param<'db>(db: &'db dyn Db, item: Item<'db>, index: usize) -> Option<String> {
    let signature = fn_signature(db, item);
    let text = param_text(db, item, index, signature.params.get(index)?, &signature.generics);
    let docs = item_docs(db, item).members.get(index).map_or("", |docs| docs.as_str());
    Some(card(&text, &[docs]))
}

/// A local variable.
pub(super) fn local(db: &dyn Db, name: &str, ty: Ty<'_>, generics: &[Generic]) -> String {
    card(&format!("{name}: {}", type_text(db, ty, generics)), &[])
}

/// `<K: key, V>`, or nothing.
fn generics_text(generics: &[Generic]) -> String {
    if generics.is_empty() {
        return String::new();
    }
    let one = |generic: &Generic| match generic.bound {
        Bound::Data => generic.name.to_string(),
        bound => format!("{}: {}", generic.name, dot_types::bounds::name(bound)),
    };
    format!("<{}>", generics.iter().map(one).collect::<Vec<_>>().join(", "))
}

/// A type parameter.
pub(super) fn generic(generic: &Generic) -> String {
    card(&format!("{}: {}", generic.name, dot_types::bounds::name(generic.bound)), &["A type parameter."])
}

/// The type parameters that an item declares.
pub(crate) fn generics_of<'db>(db: &'db dyn Db, item: Item<'db>) -> Vec<Generic> {
    match item.kind(db) {
        ItemKind::Fn | ItemKind::Dot => fn_signature(db, item).generics.clone(),
        ItemKind::Record | ItemKind::Variant => adt_def(db, item).generics.clone(),
        ItemKind::Type => alias_generics(db, item),
        _ => Vec::new(),
    }
}

/// Those of an alias have no bounds of their own.
fn alias_generics(db: &dyn Db, item: Item<'_>) -> Vec<Generic> {
    let params = item_signature(db, item).generics().iter();
    params.map(|param| Generic { name: param.name.text.clone(), bound: Bound::Data }).collect()
}

/// A type's declaration, with its members if code in `from` may see them.
fn declaration<'db>(db: &'db dyn Db, item: Item<'db>, from: Module<'db>) -> String {
    let def = adt_def(db, item);
    let visible = dot_hir::is_structure_visible_from(db, item, from);
    let opaque = if dot_hir::item_header(db, item).is_opaque { "opaque " } else { "" };
    let head =
        format!("{opaque}{} {}{}", item.kind(db).keyword(), item.name(db), generics_text(&def.generics));
    if !visible {
        return head;
    }
    let mut members: Vec<String> = match &def.shape {
        AdtShape::Record(fields) | AdtShape::Resource(fields) => fields
            .iter()
            .map(|field| {
                let default = if field.has_default { " = …" } else { "" };
                format!("{}: {}{default}", field.name, type_text(db, field.ty, &def.generics))
            })
            .collect(),
        AdtShape::Variant(cases) => cases.iter().map(|case| case_text(db, case, &def.generics)).collect(),
        AdtShape::Flags(flags) => flags.iter().map(ToString::to_string).collect(),
    };
    if members.len() > MAX_MEMBERS {
        members.truncate(MAX_MEMBERS);
        members.push("…".to_owned());
    }
    if members.is_empty() {
        return format!("{head} {{}}");
    }
    format!("{head} {{\n  {},\n}}", members.join(",\n  "))
}

fn case_text(db: &dyn Db, case: &CaseDef<'_>, generics: &[Generic]) -> String {
    let parts: Vec<String> = case
        .parts
        .iter()
        .map(|part| {
            let ty = type_text(db, part.ty, generics);
            part.label.as_ref().map_or(ty.clone(), |label| format!("{label}: {ty}"))
        })
        .collect();
    if parts.is_empty() { case.name.to_string() } else { format!("{}({})", case.name, parts.join(", ")) }
}

/// A case of a variant or enum, or a flag, by its name.
pub(super) fn case<'db>(db: &'db dyn Db, item: Item<'db>, name: &str) -> Option<String> {
    let def = adt_def(db, item);
    let (index, code) = match &def.shape {
        AdtShape::Variant(cases) => {
            let index = cases.iter().position(|case| case.name == name)?;
            (index, case_text(db, cases.get(index)?, &def.generics))
        }
        AdtShape::Flags(flags) => (flags.iter().position(|flag| flag == name)?, name.to_owned()),
        AdtShape::Record(_) | AdtShape::Resource(_) => return None,
    };
    let what = if item.kind(db) == ItemKind::Flags { "flag" } else { "case" };
    let said = format!("A {what} of `{}`.", item.name(db));
    let docs = item_docs(db, item).members.get(index).map_or("", |docs| docs.as_str());
    Some(card(&code, &[&said, docs]))
}

/// A labelled part of a case.
pub(super) fn case_part<'db>(db: &'db dyn Db, ty: Ty<'db>, case: &str, label: &str) -> Option<String> {
    let TyKind::Adt(item, args) = ty.kind(db) else { return None };
    let AdtShape::Variant(cases) = &adt_def(db, *item).shape else { return None };
    let case = cases.iter().find(|found| found.name == case)?;
    let part = case.parts.iter().find(|part| part.label.as_deref() == Some(label))?;
    let ty = type_text(db, part.ty.substitute(db, args), &[]);
    Some(card(&format!("{label}: {ty}"), &[&format!("A part of `{}`.", case.name)]))
}

/// The field `name` of a value of type `ty`; type parameters in it are called as `generics` are.
pub(super) fn field<'db>(db: &'db dyn Db, ty: Ty<'db>, name: &str, generics: &[Generic]) -> Option<String> {
    let TyKind::Adt(item, args) = ty.kind(db) else { return None };
    let (AdtShape::Record(fields) | AdtShape::Resource(fields)) = &adt_def(db, *item).shape else {
        return None;
    };
    let field = fields.iter().find(|field| field.name == name)?;
    let ty = type_text(db, field.ty.substitute(db, args), generics);
    let said = format!("A field of `{}`.", item.name(db));
    let docs = field_docs(db, *item, name, MAX_INCLUDES);
    Some(card(&format!("{name}: {ty}"), &[&said, docs.unwrap_or_default()]))
}

/// The documentation of a field, where it is declared: in the record or in one that it includes.
fn field_docs<'db>(db: &'db dyn Db, item: Item<'db>, name: &str, depth: u32) -> Option<&'db str> {
    let depth = depth.checked_sub(1)?;
    let signature = item_signature(db, item);
    signature.members().iter().enumerate().find_map(|(index, member)| match member {
        RecordMember::Field(field) if field.name.text == name => {
            item_docs(db, item).members.get(index).map(|docs| docs.as_str())
        }
        RecordMember::Field(_) => None,
        RecordMember::Include(id) => {
            let TypeRef::Named { path, .. } = signature.type_ref(*id) else { return None };
            match resolve_path(db, item.module(db), &path.texts()).ok()?.def {
                Def::Item(inner)
                    if matches!(item_signature(db, inner).kind, SignatureKind::Record { .. }) =>
                {
                    field_docs(db, inner, name, depth)
                }
                _ => None,
            }
        }
    })
}
