//! Names in patterns.

use super::Target;
use super::body::{Names, case_target, field_target};
use dot_hir::body::{ListPat, Pat, PatId};
use dot_hir::{Def, Name, resolve_path};
use dot_types::TyKind;

impl<'db> Names<'_, 'db> {
    /// Adds the names of all patterns.
    pub(super) fn patterns(&mut self) {
        let pats = &self.view.hir.pats;
        for (id, pat) in (0u32..).zip(pats).map(|(id, pat)| (PatId(id), pat)) {
            self.pattern(id, pat);
        }
    }

    fn pattern(&mut self, id: PatId, pat: &'db Pat) {
        match pat {
            Pat::Bind { name, .. } | Pat::As { name, .. } => self.bound(name),
            Pat::List(parts) => {
                for part in parts {
                    if let ListPat::Rest(Some(name)) = part {
                        self.bound(name);
                    }
                }
            }
            Pat::Case { path, args, .. } => {
                let Some((last, before)) = path.segments.split_last() else { return };
                self.path(&dot_hir::Path { segments: before.to_vec() });
                let target = self.case(id, path, last);
                let case = match &target {
                    Some(Target::Case(item, case)) => Some((*item, case.clone())),
                    _ => None,
                };
                self.mention(last, target);
                for label in args.iter().flatten().filter_map(|arg| arg.label.as_ref()) {
                    let part = case
                        .as_ref()
                        .map(|(item, case)| Target::Part(*item, case.clone(), label.text.clone()));
                    self.mention(label, part);
                }
            }
            Pat::Record { path, fields, .. } => {
                path.iter().for_each(|path| self.path(path));
                let ty = self.view.pattern_type(id);
                for field in fields {
                    let Some(ty) = ty else { continue };
                    let Some(target) = field_target(self.view.db, ty, &field.name.text) else { continue };
                    let place = self.view.map.name(field.name.id);
                    let is_shorthand = self.view.map.pat(field.pat) == place;
                    self.push(&field.name, target, false, is_shorthand);
                }
            }
            _ => {}
        }
    }

    /// A name that a pattern binds; a later alternative names what the first declares.
    fn bound(&mut self, name: &Name) {
        let place = self.view.map.name(name.id);
        let Some(declared) = self.locals.at(place).map(|local| local.place) else { return };
        let is_shorthand = self.is_field_of_pattern(name);
        self.push(name, Target::Local(self.view.item, declared), declared == place, is_shorthand);
    }

    /// Whether the name is a field's, too: `{ x }`.
    fn is_field_of_pattern(&self, name: &Name) -> bool {
        let place = self.view.map.name(name.id);
        self.view.hir.pats.iter().any(|pat| match pat {
            Pat::Record { fields, .. } => fields.iter().any(|field| {
                self.view.map.name(field.name.id) == place && self.view.map.pat(field.pat).touches(place.end)
            }),
            _ => false,
        })
    }

    /// A case of the type that is matched, the only one of that name, or a constant.
    fn case(&self, id: PatId, path: &dot_hir::Path, name: &Name) -> Option<Target<'db>> {
        let db = self.view.db;
        if let Some(TyKind::Adt(item, _)) = self.view.pattern_type(id).map(|ty| ty.kind(db))
            && let Some(case) = case_target(db, *item, &name.text)
        {
            return Some(case);
        }
        match resolve_path(db, self.view.module, &path.texts()) {
            Ok(resolved) => match resolved.def {
                Def::Item(item) if resolved.used == path.segments.len() => return Some(Target::Item(item)),
                Def::Item(item) => return case_target(db, item, &name.text),
                Def::Module(_) => {}
            },
            Err(_) if path.segments.len() > 1 => return None,
            Err(_) => {}
        }
        match dot_hir::cases_named(db, self.view.module, &name.text) {
            [case] => Some(Target::Case(case.item, name.text.clone())),
            _ => None,
        }
    }
}
