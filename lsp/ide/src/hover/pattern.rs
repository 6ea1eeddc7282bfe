//! Names and types in patterns.
//!
//! Typed HIR has no types for patterns, since each follows from what is matched. So they are worked out here again,
//! from the value inwards.

use super::declaration::type_name;
use super::describe;
use crate::view::View;
use dot_hir::Name;
use dot_hir::body::{ListPat, Pat, PatId};
use dot_syntax::ItemKind;
use dot_types::{Ty, TyKind};

impl<'db> View<'db> {
    /// What a name in a pattern means.
    pub(super) fn in_patterns(&self, at: &dyn Fn(&Name) -> bool) -> Option<(&'db Name, String)> {
        (0u32..).zip(&self.hir.pats).find_map(|(id, pat)| self.in_pattern(PatId(id), pat, at))
    }

    fn in_pattern(
        &self,
        id: PatId,
        pat: &'db Pat,
        at: &dyn Fn(&Name) -> bool,
    ) -> Option<(&'db Name, String)> {
        match pat {
            Pat::Bind { name, .. } | Pat::As { name, .. } if at(name) => Some((name, self.bound(id, name)?)),
            Pat::List(parts) => {
                let name = parts.iter().find_map(|part| match part {
                    ListPat::Rest(Some(name)) if at(name) => Some(name),
                    _ => None,
                })?;
                Some((name, self.bound(id, name)?))
            }
            Pat::Case { path, args, .. } => {
                if let Some(index) = path.segments.iter().position(at) {
                    let names: Vec<&Name> = path.segments.iter().take(index + 1).collect();
                    let name = path.segments.get(index)?;
                    let is_last = index + 1 == path.segments.len();
                    let case =
                        if is_last { self.case_of(id, name).or_else(|| self.constant(path)) } else { None };
                    return Some((name, case.or_else(|| type_name(self.db, self.module, &[], &names))?));
                }
                let mut labels = args.iter().flatten().filter_map(|arg| arg.label.as_ref());
                let label = labels.find(|label| at(label))?;
                let case = path.last()?;
                Some((label, describe::case_part(self.db, self.pattern_type(id)?, &case.text, &label.text)?))
            }
            Pat::Record { path, fields, .. } => {
                let segments = path.as_ref().map(|path| path.segments.as_slice()).unwrap_or_default();
                if let Some(index) = segments.iter().position(at) {
                    let names: Vec<&Name> = segments.iter().take(index + 1).collect();
                    return Some((segments.get(index)?, type_name(self.db, self.module, &[], &names)?));
                }
                let name = &fields.iter().find(|field| at(&field.name))?.name;
                // `{ x }` binds as well as it names a field: the variable is told.
                if let Some(said) = self.local_at(self.map.name(name.id), &name.text) {
                    return Some((name, said));
                }
                Some((name, describe::field(self.db, self.pattern_type(id)?, &name.text, &[])?))
            }
            _ => None,
        }
    }

    /// A variable where a pattern binds it. Of alternatives only the first declares it.
    fn bound(&self, id: PatId, name: &Name) -> Option<String> {
        let declared = self.local_at(self.map.name(name.id), &name.text);
        declared.or_else(|| Some(self.local_text(name, self.pattern_type(id)?)))
    }

    fn local_text(&self, name: &Name, ty: Ty<'db>) -> String {
        describe::local(self.db, &name.text, ty, self.generics())
    }

    /// The constant that a path names.
    fn constant(&self, path: &dot_hir::Path) -> Option<String> {
        match dot_hir::resolve_path(self.db, self.module, &path.texts()).ok()?.def {
            dot_hir::Def::Item(item) if item.kind(self.db) == ItemKind::Const => {
                Some(describe::item(self.db, item, self.module))
            }
            _ => None,
        }
    }

    /// A case: of the type that is matched, or the only one of that name.
    fn case_of(&self, id: PatId, name: &Name) -> Option<String> {
        if let Some(TyKind::Adt(item, _)) = self.pattern_type(id).map(|ty| ty.kind(self.db)) {
            return describe::case(self.db, *item, &name.text);
        }
        match dot_hir::cases_named(self.db, self.module, &name.text) {
            [case] => describe::case(self.db, case.item, &name.text),
            _ => None,
        }
    }
}
