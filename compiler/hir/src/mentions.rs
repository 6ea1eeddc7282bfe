//! Which names an item mentions, for the lint on what nothing needs.
//!
//! Whether a name is a local is not asked: a name that is mentioned at all counts.

use crate::body::{Body, Expr, Pat};
use crate::query::{default_bodies, item_body, item_signature};
use crate::signature::{ItemSignature, SignatureKind};
use crate::type_ref::{EffectRef, TypeRef};
use crate::{Name, Path};
use dot_db::{Db, Item};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

/// The names that an item's declaration and code mention: of a path the first, and the names of methods that are
/// called. Changes with the code, not with its places.
#[salsa::tracked]
pub fn names_mentioned<'db>(db: &'db dyn Db, item: Item<'db>) -> FxHashSet<SmolStr> {
    let mut mentions = Mentions::default();
    mentions.signature(item_signature(db, item));
    if !item.owner(db).is_empty() {
        mentions.names.insert(item.owner(db).clone());
    }
    if let Some(body) = item_body(db, item) {
        mentions.body(body);
    }
    for body in default_bodies(db, item).iter().flatten() {
        mentions.body(body);
    }
    mentions.names
}

/// The names that an item's declaration and code mention in any place where a type or case may stand, by whatever way.
/// Changes with the code, not with its places.
#[salsa::tracked]
pub fn types_mentioned<'db>(db: &'db dyn Db, item: Item<'db>) -> FxHashSet<SmolStr> {
    let mut mentions = Mentions { whole_paths: true, ..Mentions::default() };
    mentions.signature(item_signature(db, item));
    mentions.names.insert(item.owner(db).clone());
    for body in {
        let defaults = default_bodies(db, item).iter().flatten().map(AsRef::as_ref);
        item_body(db, item).into_iter().chain(defaults)
    } {
        mentions.body(body);
        for expr in &body.exprs {
            if let Expr::Field { name, .. } = expr {
                mentions.name(name);
            }
        }
    }
    mentions.names
}

#[derive(Default)]
struct Mentions {
    names: FxHashSet<SmolStr>,
    /// Whether of a path all names count, instead of the first.
    whole_paths: bool,
}

impl Mentions {
    fn name(&mut self, name: &Name) {
        self.names.insert(name.text.clone());
    }

    fn path(&mut self, path: &Path) {
        let count = if self.whole_paths { path.segments.len() } else { 1 };
        self.names.extend(path.segments.iter().take(count).map(|name| name.text.clone()));
    }

    fn effects(&mut self, uses: Option<&[EffectRef]>) {
        for effect in uses.unwrap_or_default() {
            if let EffectRef::Named(path) = effect {
                self.path(path);
            }
        }
    }

    fn types(&mut self, types: &[TypeRef]) {
        for ty in types {
            match ty {
                TypeRef::Named { path, .. } => self.path(path),
                TypeRef::Function(function) => self.effects(function.uses.as_deref()),
                TypeRef::Tuple(_) | TypeRef::Infer | TypeRef::Error => {}
            }
        }
    }

    fn signature(&mut self, signature: &ItemSignature) {
        self.types(&signature.types);
        match &signature.kind {
            SignatureKind::Function(function) => self.effects(function.uses.as_deref()),
            SignatureKind::Export { alias, .. } => self.name(alias),
            _ => {}
        }
    }

    fn body(&mut self, body: &Body) {
        self.types(&body.types);
        for expr in &body.exprs {
            match expr {
                Expr::Name(name) | Expr::MethodCall { name, .. } => self.name(name),
                Expr::Record { path: Some(path), .. } | Expr::With { effect: path, .. } => self.path(path),
                _ => {}
            }
        }
        for pat in &body.pats {
            if let Pat::Case { path, .. } | Pat::Record { path: Some(path), .. } = pat {
                self.path(path);
            }
        }
    }
}
