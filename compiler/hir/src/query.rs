//! The queries of one item: its signature, its bodies, its documentation, and the source maps beside.
//!
//! Value and source map are queries of their own, so that what depends on the value alone is not touched when only
//! places changed.

use crate::body::{Body, BodySourceMap};
use crate::lower::{Root, lower_body, lower_signature};
use crate::signature::{ItemSignature, SignatureSourceMap};
use dot_db::{Db, Item, Module, file_chunks, item_tree, module_items};
use dot_syntax::ItemKind;
use dot_syntax::ast;
use smol_str::SmolStr;
use std::sync::Arc;

/// The items of a module in order of appearance, whether it is a file or an interface of WIT.
///
/// The value changes only when an item comes, goes or is renamed.
pub fn items_of<'db>(db: &'db dyn Db, module: Module<'db>) -> &'db [Item<'db>] {
    match module.file(db) {
        Some(_) => module_items(db, module),
        None => crate::wit::interface_items(db, module),
    }
}

/// What an item declares. Changes when the declaration does; not with the code in it, its docs, its comments, or
/// its place.
#[salsa::tracked]
pub fn item_signature<'db>(db: &'db dyn Db, item: Item<'db>) -> ItemSignature {
    lower_signature(item_tree(db, item).item.as_ref()).0
}

/// Where the parts of a signature stand. Changes with nearly every edit inside the item: only for messages. Since few
/// items have any, it is made by a second walk, when someone asks.
#[salsa::tracked]
pub fn signature_source_map<'db>(db: &'db dyn Db, item: Item<'db>) -> SignatureSourceMap {
    lower_signature(item_tree(db, item).item.as_ref()).1
}

#[derive(Clone, PartialEq, Eq)]
struct LoweredBody {
    body: Arc<Body>,
    map: Arc<BodySourceMap>,
}

impl LoweredBody {
    fn new(root: Root<'_>) -> Self {
        let (body, map) = lower_body(root);
        Self { body: Arc::new(body), map: Arc::new(map) }
    }
}

#[salsa::tracked]
fn lowered_body<'db>(db: &'db dyn Db, item: Item<'db>) -> Option<LoweredBody> {
    let root = match &item_tree(db, item).item.as_ref()?.body {
        ast::ItemBody::Function(function) => Root::Block(&function.body),
        ast::ItemBody::Test(test) => Root::Block(&test.body),
        ast::ItemBody::Const(constant) => Root::Expr(&constant.value),
        _ => return None,
    };
    Some(LoweredBody::new(root))
}

/// The code of a function, dot or test, or the value of a constant; none for other items. (A function of an
/// imported interface and an intrinsic of std have an empty block.)
///
/// Changes when the code does, not when its comments or its place do.
#[salsa::tracked(returns(as_deref))]
pub fn item_body<'db>(db: &'db dyn Db, item: Item<'db>) -> Option<Arc<Body>> {
    lowered_body(db, item).as_ref().map(|lowered| lowered.body.clone())
}

/// Where the parts of [`item_body`] stand. Changes with nearly every edit inside the item: only for messages.
#[salsa::tracked(returns(as_deref))]
pub fn body_source_map<'db>(db: &'db dyn Db, item: Item<'db>) -> Option<Arc<BodySourceMap>> {
    lowered_body(db, item).as_ref().map(|lowered| lowered.map.clone())
}

/// The default values of an item's parameters or members, as trees.
fn default_trees(item: &ast::Item) -> Vec<Option<&ast::Expr>> {
    fn params(params: &[ast::Param]) -> Vec<Option<&ast::Expr>> {
        params.iter().map(|param| param.default.as_ref()).collect()
    }
    fn member(member: &ast::RecordMember) -> Option<&ast::Expr> {
        match member {
            ast::RecordMember::Field(field) => field.default.as_ref(),
            ast::RecordMember::Include(_) => None,
        }
    }
    match &item.body {
        ast::ItemBody::Function(function) => params(&function.params),
        ast::ItemBody::Test(test) => params(&test.params),
        ast::ItemBody::Record(record) => record.members.iter().map(member).collect(),
        ast::ItemBody::Resource(resource) => resource.members.iter().map(member).collect(),
        _ => Vec::new(),
    }
}

/// The default values of a function's parameters or a record's members, by index of the parameter or member.
#[salsa::tracked]
pub fn default_bodies<'db>(db: &'db dyn Db, item: Item<'db>) -> Vec<Option<Arc<Body>>> {
    let trees = item_tree(db, item).item.as_ref().map(default_trees).unwrap_or_default();
    trees.into_iter().map(|tree| tree.map(|value| Arc::new(lower_body(Root::Expr(value)).0))).collect()
}

/// Where the parts of [`default_bodies`] stand: only for messages.
#[salsa::tracked]
pub fn default_source_maps<'db>(db: &'db dyn Db, item: Item<'db>) -> Vec<Option<Arc<BodySourceMap>>> {
    let trees = item_tree(db, item).item.as_ref().map(default_trees).unwrap_or_default();
    trees.into_iter().map(|tree| tree.map(|value| Arc::new(lower_body(Root::Expr(value)).1))).collect()
}

/// The documentation of an item and of what stands in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ItemDocs {
    /// The item's own, Markdown, lines joined; empty if there is none.
    pub text: SmolStr,
    /// That of its parameters, members or cases, by index.
    pub members: Vec<SmolStr>,
}

/// The documentation of an item. Kept apart from its signature, since no meaning depends on it.
#[salsa::tracked]
pub fn item_docs<'db>(db: &'db dyn Db, item: Item<'db>) -> ItemDocs {
    let text = |docs: &[ast::DocLine]| SmolStr::from(ast::doc_text(docs));
    let Some(tree) = &item_tree(db, item).item else { return ItemDocs::default() };
    let member = |member: &ast::RecordMember| match member {
        ast::RecordMember::Field(field) => text(&field.docs),
        ast::RecordMember::Include(_) => SmolStr::default(),
    };
    let members = match &tree.body {
        ast::ItemBody::Function(function) => function.params.iter().map(|param| text(&param.docs)).collect(),
        ast::ItemBody::Test(test) => test.params.iter().map(|param| text(&param.docs)).collect(),
        ast::ItemBody::Record(record) => record.members.iter().map(member).collect(),
        ast::ItemBody::Resource(resource) => resource.members.iter().map(member).collect(),
        ast::ItemBody::Variant(variant) => variant.cases.iter().map(|case| text(&case.docs)).collect(),
        ast::ItemBody::Enum(cases) | ast::ItemBody::Flags(cases) => {
            cases.cases.iter().map(|case| text(&case.docs)).collect()
        }
        _ => Vec::new(),
    };
    ItemDocs { text: text(&tree.docs), members }
}

/// The `//!` documentation of a module.
#[salsa::tracked]
pub fn module_docs<'db>(db: &'db dyn Db, module: Module<'db>) -> SmolStr {
    let Some(file) = module.file(db) else { return crate::wit::interface_docs(db, module) };
    let text = file.text(db);
    let lines = file_chunks(db, file).module_docs.iter();
    let lines: Vec<ast::DocLine> = lines.map(|range| dot_syntax::module_doc(text, *range)).collect();
    ast::doc_text(&lines).into()
}

/// What the scope of a module needs to know of an item: the little that rarely changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemHeader {
    /// Whether other packages may use it: `pub`, or a dot.
    pub is_public: bool,
    /// Whether its structure is hidden outside its file.
    pub is_opaque: bool,
    /// Whether it is a function whose first parameter is `self`.
    pub is_method: bool,
    /// The names of its cases or flags.
    pub cases: Vec<SmolStr>,
}

/// The header of an item. Runs again when the signature changes; its value seldom does.
#[salsa::tracked]
pub fn item_header<'db>(db: &'db dyn Db, item: Item<'db>) -> ItemHeader {
    let signature = item_signature(db, item);
    ItemHeader {
        is_public: signature.is_pub || item.kind(db) == ItemKind::Dot || item.module(db).file(db).is_none(),
        is_opaque: signature.is_opaque,
        is_method: signature.function().is_some_and(|function| function.is_method()),
        cases: signature.cases().iter().map(|case| case.name.text.clone()).collect(),
    }
}

/// Whether other packages may use an item: it says `pub`, is a dot, or belongs to an imported interface.
pub fn is_public<'db>(db: &'db dyn Db, item: Item<'db>) -> bool {
    item_header(db, item).is_public
}

/// Whether code in `module` may use `item`.
pub fn is_visible_from<'db>(db: &'db dyn Db, item: Item<'db>, module: Module<'db>) -> bool {
    item.module(db).package(db) == module.package(db) || is_public(db, item)
}

/// Whether code in `module` may see what a type is made of: not if it is opaque and of another file.
pub fn is_structure_visible_from<'db>(db: &'db dyn Db, item: Item<'db>, module: Module<'db>) -> bool {
    item.module(db) == module || !item_header(db, item).is_opaque
}
