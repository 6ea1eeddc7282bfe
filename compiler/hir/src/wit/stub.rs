//! What a function of an exported interface looks like in the file that exports it.

use super::export::{ExportDeclaration, content, supplied_items};
use super::import::{ImportKind, declared_function};
use super::spell::{Speller, pascal};
use super::{export_module, exports_of, rendered_interface};
use dot_db::{Db, Item};
use smol_str::SmolStr;
use std::fmt::Write;
use wit_parser::{Function, TypeDefKind, TypeId};

/// A function as its dot has to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stub {
    /// What stands behind `dot`: `store.get`, `Bucket.new`, `close`.
    pub name: String,
    /// Its parameters: name and type.
    pub params: Vec<(String, String)>,
    /// Its result; none for `()`.
    pub ret: Option<String>,
    /// Its documentation.
    pub docs: String,
}

impl Stub {
    /// `(key: string) -> option<string>`.
    #[must_use]
    pub fn signature(&self) -> String {
        let params: Vec<String> = self.params.iter().map(|(name, ty)| format!("{name}: {ty}")).collect();
        let ret = self.ret.as_ref().map_or_else(String::new, |ret| format!(" -> {ret}"));
        format!("({}){ret}", params.join(", "))
    }

    /// The whole dot, with a body that traps.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for line in self.docs.lines() {
            let _ = writeln!(text, "{}", format!("/// {line}").trim_end());
        }
        let (name, signature) = (&self.name, self.signature());
        let _ =
            writeln!(text, "dot {name}{signature} {{\n  unreachable(\"`{name}` is not written yet\")\n}}");
        text
    }
}

/// How a function of an exported interface, given by its declaration there, is written as a dot.
pub fn stub_of<'db>(db: &'db dyn Db, export: Item<'db>, declared: Item<'db>) -> Option<Stub> {
    let module = export_module(db, export)?;
    let export = exports_of(db, module.package(db)).iter().find(|other| other.item == export)?;
    let content = content(db, export)?;
    let imported = declared_function(db, declared)?;
    let function: &Function = content.functions.iter().find(|function| function.name == imported.name)?;
    let speller = speller(db, export, &content.types);
    let mut params = speller.params(function);
    let own =
        rendered_interface(db, module).supplied.iter().position(|(_, wit)| wit == imported.kind.resource());
    let resource = own.and_then(|index| supplied_name(db, export, index)).unwrap_or_default();
    let name = declared.name(db);
    let name = match &imported.kind {
        ImportKind::Freestanding => format!("{}.{name}", export.item.name(db)),
        ImportKind::Method { .. } => {
            if let Some(first) = params.first_mut() {
                first.1 = resource.to_string();
            }
            name.to_string()
        }
        ImportKind::Static { .. } | ImportKind::Constructor { .. } => format!("{resource}.{name}"),
    };
    let ret = function.result.as_ref().map(|ty| speller.ty(ty)).filter(|ret| ret != "()");
    let docs = function.docs.contents.as_deref().unwrap_or_default().trim_end().to_owned();
    Some(Stub { name, params, ret, docs })
}

/// The name of the n-th resource that the package supplies: of the item, or what it should be called.
fn supplied_name<'db>(db: &'db dyn Db, export: &ExportDeclaration<'db>, index: usize) -> Option<SmolStr> {
    let supplied = supplied_items(db, export.module).get(index)?;
    Some(supplied.item.map_or_else(|| supplied.name.clone(), |item| item.name(db).clone()))
}

fn speller<'db>(
    db: &'db dyn Db,
    export: &ExportDeclaration<'db>,
    types: &[(&'db str, TypeId)],
) -> Speller<'db> {
    let resolve = &super::wit_universe(db, export.module.package(db)).resolve;
    let mut own = Vec::new();
    for (name, id) in types {
        let is_resource = matches!(resolve.types[*id].kind, TypeDefKind::Resource);
        let index =
            supplied_items(db, export.module).iter().position(|supplied| supplied.name == pascal(name));
        if let (true, Some(index)) = (is_resource, index)
            && let Some(name) = supplied_name(db, export, index)
        {
            own.push((*id, name));
        }
    }
    Speller::outside(resolve, export.item.name(db), own)
}
