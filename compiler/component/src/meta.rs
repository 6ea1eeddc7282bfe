//! `dot-meta`: what WIT can't say about a dot. The shape is `spec/schema/dot-meta.schema.json`.

use crate::interface::{ExportedDot, Interface, NamedType, Surface};
use crate::json::to_json;
use crate::names::{wit_member, wit_param};
use dot_db::{Db, Item, item_tree};
use dot_eval::{Limits, Queries, eval_default};
use dot_syntax::ast;
use dot_types::json_member;
use dot_types::{AdtShape, FieldDef, Ty, adt_def, display_type, fn_signature};
use serde_json::{Map, Value as Json, json};

/// The custom section's name.
pub const SECTION: &str = "dot-meta";

/// The section's content for a package.
#[must_use]
pub fn section(db: &dyn Db, surface: &Surface<'_>) -> Vec<u8> {
    let version = surface.version.as_ref().map_or_else(String::new, |v| format!("@{v}"));
    let mut dots = Vec::new();
    let mut types = Vec::new();
    for interface in &surface.interfaces {
        dots.extend(interface.dots.iter().map(|dot| dot_entry(db, Some(&interface.name), dot)));
        types.extend(interface.types.iter().map(|ty| type_entry(db, interface, ty)));
    }
    for exported in &surface.exported {
        let interface = exported.core.is_some().then_some(exported.id.as_str());
        dots.extend(exported.dots.iter().map(|dot| dot_entry(db, interface, dot)));
    }
    let meta = json!({
        "version": 1,
        "package": format!("{}{version}", surface.package),
        "dots": dots,
        "types": types,
    });
    meta.to_string().into_bytes()
}

/// The section of a component, for a component that holds it and others: what they give it may have other effects than
/// what it asked for, so of those nothing is said. None where it has no section that can be read.
#[must_use]
pub fn carried(component: &[u8]) -> Option<Vec<u8>> {
    use wasmparser::{Parser, Payload};
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(component) {
        match payload.ok()? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::CustomSection(section) if depth == 0 && section.name() == SECTION => {
                let mut meta: Json = serde_json::from_slice(section.data()).ok()?;
                for dot in meta.get_mut("dots").and_then(Json::as_array_mut).into_iter().flatten() {
                    dot.as_object_mut()?.remove("effects");
                }
                return Some(meta.to_string().into_bytes());
            }
            _ => {}
        }
    }
    None
}

fn dot_entry(db: &dyn Db, interface: Option<&str>, dot: &ExportedDot<'_>) -> Json {
    let docs = dot_hir::item_docs(db, dot.item);
    let mut entry = Map::new();
    if let Some(interface) = interface {
        entry.insert("interface".to_owned(), json!(interface));
    }
    entry.insert("name".to_owned(), json!(dot.name));
    entry.insert("dot".to_owned(), json!(dot.item.name(db).as_str()));
    insert_text(&mut entry, "docs", &docs.text);
    let written = match item_tree(db, dot.item).item.as_ref().map(|tree| &tree.body) {
        Some(ast::ItemBody::Function(function)) => function.params.as_slice(),
        Some(ast::ItemBody::Test(test)) => test.params.as_slice(),
        _ => &[],
    };
    let params: Vec<_> = written
        .iter()
        .enumerate()
        .map(|(at, param)| {
            param_entry(db, dot.item, at, param, docs.members.get(at).map_or("", |d| d.as_str()))
        })
        .collect();
    if !params.is_empty() {
        entry.insert("params".to_owned(), Json::Array(params));
    }
    insert_text(&mut entry, "result", &display_type(db, dot.result, &[]).to_string());
    if let Some(effects) = fn_signature(db, dot.item).uses.as_ref().filter(|effects| !effects.is_empty()) {
        entry.insert("effects".to_owned(), json!(effects.iter().map(|e| e.as_str()).collect::<Vec<_>>()));
    }
    Json::Object(entry)
}

fn param_entry<'db>(db: &'db dyn Db, item: Item<'db>, index: usize, param: &ast::Param, docs: &str) -> Json {
    let mut entry = Map::new();
    entry.insert("name".to_owned(), json!(wit_param(db, item, index)));
    entry.insert("dot".to_owned(), json!(param.name.text.as_str()));
    if let Some(signature) = fn_signature(db, item).params.get(index) {
        insert_text(&mut entry, "type", &display_type(db, signature.ty, &[]).to_string());
        if param.default.is_some()
            && let Some(default) = default_value(db, item, index, signature.ty)
        {
            entry.insert("default".to_owned(), default);
        }
    }
    insert_text(&mut entry, "docs", docs);
    insert_constraints(&mut entry, &param.attributes);
    Json::Object(entry)
}

/// What attributes demand and say of a value, by name. A name in WIT or JSON stands elsewhere.
fn insert_constraints(entry: &mut Map<String, Json>, attributes: &[ast::Attribute]) {
    let says = |attribute: &&ast::Attribute| !matches!(attribute.name.text.as_str(), "wit" | "json" | "key");
    let of = |attribute: &ast::Attribute| (attribute.name.text.to_string(), argument(attribute));
    let constraints: Map<String, Json> = attributes.iter().filter(says).map(of).collect();
    if !constraints.is_empty() {
        entry.insert("constraints".to_owned(), Json::Object(constraints));
    }
}

/// A default that can be computed now. One that traps is left to the guest, where it traps in its own words.
fn default_value<'db>(db: &'db dyn Db, item: Item<'db>, index: usize, ty: Ty<'db>) -> Option<Json> {
    let at = u32::try_from(index).ok()?;
    let value = eval_default(&Queries(db), item, at, Limits::CONSTANT).ok()?;
    to_json(db, &value, ty)
}

/// The argument of an attribute where it is a literal, else `true`.
fn argument(attribute: &ast::Attribute) -> Json {
    attribute.args.first().and_then(|argument| literal(&argument.value)).unwrap_or(Json::Bool(true))
}

fn literal(expr: &ast::Expr) -> Option<Json> {
    match &expr.kind {
        ast::ExprKind::Literal(ast::Literal::Int(n)) => Some(json!(n)),
        ast::ExprKind::Literal(ast::Literal::Float(text)) => Some(json!(text.parse::<f64>().ok()?)),
        ast::ExprKind::Literal(ast::Literal::Char(c)) => Some(json!(c.to_string())),
        ast::ExprKind::Literal(ast::Literal::Byte(byte)) => Some(json!(byte)),
        ast::ExprKind::Literal(ast::Literal::String(text)) => Some(json!(text.as_str())),
        ast::ExprKind::Literal(ast::Literal::Bool(b)) => Some(json!(b)),
        ast::ExprKind::Unary { op: ast::UnaryOp::Neg, operand } => match literal(operand)? {
            Json::Number(n) if n.is_f64() => Some(json!(-n.as_f64()?)),
            Json::Number(n) => {
                Some(json!(n.as_u64().map(i128::from)?.checked_neg().and_then(|n| i64::try_from(n).ok())?))
            }
            _ => None,
        },
        ast::ExprKind::Name(name) => Some(json!(name.text.as_str())),
        _ => None,
    }
}

fn type_entry(db: &dyn Db, interface: &Interface<'_>, ty: &NamedType<'_>) -> Json {
    let docs = dot_hir::item_docs(db, ty.item);
    let mut entry = Map::new();
    entry.insert("interface".to_owned(), json!(interface.name));
    entry.insert("name".to_owned(), json!(ty.name));
    entry.insert("dot".to_owned(), json!(ty.item.name(db).as_str()));
    insert_text(&mut entry, "docs", &docs.text);
    let docs_of = |at: usize| docs.members.get(at).map_or("", |d| d.as_str());
    let member = |at: usize, name: &str| {
        let mut member = Map::new();
        member.insert("name".to_owned(), json!(wit_member(db, ty.item, at, name)));
        member.insert("dot".to_owned(), json!(name));
        insert_text(&mut member, "docs", docs_of(at));
        insert_json_name(db, &mut member, ty.item, at, name);
        member
    };
    let (key, members): (_, Vec<Json>) = match &adt_def(db, ty.item).shape {
        AdtShape::Record(fields) | AdtShape::Resource(fields) => {
            ("fields", fields.iter().enumerate().map(|(at, field)| field_entry(db, ty, at, field)).collect())
        }
        AdtShape::Flags(names) => {
            ("cases", names.iter().enumerate().map(|(at, name)| Json::Object(member(at, name))).collect())
        }
        AdtShape::Variant(cases) => {
            let entry = |(at, case): (usize, &dot_types::CaseDef<'_>)| {
                let mut member = member(at, &case.name);
                if !case.parts.is_empty() {
                    let labels: Vec<_> =
                        case.parts.iter().map(|part| part.label.as_ref().map(|l| l.as_str())).collect();
                    member.insert("labels".to_owned(), json!(labels));
                    insert_text(&mut member, "type", &payload(db, case, &ty.args));
                }
                Json::Object(member)
            };
            ("cases", cases.iter().enumerate().map(entry).collect())
        }
    };
    entry.insert(key.to_owned(), Json::Array(members));
    Json::Object(entry)
}

/// The type of a case's payload as written in Dot: that of its only part, or a tuple of several.
fn payload<'db>(db: &'db dyn Db, case: &dot_types::CaseDef<'db>, args: &[dot_types::Ty<'db>]) -> String {
    let part =
        |part: &dot_types::CasePart<'db>| display_type(db, part.ty.substitute(db, args), &[]).to_string();
    let parts: Vec<String> = case.parts.iter().map(part).collect();
    match parts.as_slice() {
        [only] => only.clone(),
        several => format!("({})", several.join(", ")),
    }
}

/// A field of a record; an included one is described where it is declared.
fn field_entry<'db>(db: &'db dyn Db, record: &NamedType<'db>, at: usize, field: &FieldDef<'db>) -> Json {
    let ty = field.ty.substitute(db, &record.args);
    let mut entry = Map::new();
    entry.insert("name".to_owned(), json!(wit_member(db, record.item, at, &field.name)));
    entry.insert("dot".to_owned(), json!(field.name.as_str()));
    let declared = dot_types::field_declaration(db, record.item, at);
    if let Some((item, member)) = declared {
        insert_text(
            &mut entry,
            "docs",
            dot_hir::item_docs(db, item).members.get(member).map_or("", |d| d.as_str()),
        );
    }
    insert_json_name(db, &mut entry, record.item, at, &field.name);
    insert_text(&mut entry, "type", &display_type(db, ty, &[]).to_string());
    if field.has_default
        && let Some(default) = default_value(db, record.item, at, ty)
    {
        entry.insert("default".to_owned(), default);
    }
    if let Some((item, member)) = declared
        && let Some(ast::ItemBody::Record(record)) = item_tree(db, item).item.as_ref().map(|tree| &tree.body)
        && let Some(ast::RecordMember::Field(field)) = record.members.get(member)
    {
        insert_constraints(&mut entry, &field.attributes);
    }
    Json::Object(entry)
}

fn insert_json_name(db: &dyn Db, entry: &mut Map<String, Json>, item: Item<'_>, at: usize, name: &str) {
    let json = json_member(db, item, at, name);
    if json != name {
        entry.insert("json".to_owned(), Json::from(json));
    }
}

fn insert_text(entry: &mut Map<String, Json>, key: &str, text: &str) {
    if !text.is_empty() {
        entry.insert(key.to_owned(), Json::from(text));
    }
}
