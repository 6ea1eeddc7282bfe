//! Types that are written in a body.

use super::{Infer, Obligation};
use crate::lower_type::{TypeLowering, TypeMaker};
use crate::table::{Con, TypeId, TypeTable, VarKind};
use crate::{Bound, Ty};
use dot_hir::TypeRefId;

struct IdMaker<'a, 'db> {
    table: &'a mut TypeTable<'db>,
    required: Vec<(TypeId, Bound, TypeRefId)>,
}

impl<'db> TypeMaker<'db> for IdMaker<'_, 'db> {
    type Out = TypeId;

    fn make(&mut self, con: Con<'db>, args: Vec<TypeId>) -> TypeId {
        self.table.app(con, args)
    }

    fn hole(&mut self) -> Option<TypeId> {
        Some(self.table.fresh(VarKind::General))
    }

    fn import(&mut self, ty: Ty<'db>, args: &[TypeId]) -> TypeId {
        self.table.import(ty, args)
    }

    fn is_too_large(&self, _ty: TypeId) -> bool {
        // The table has limits of its own.
        false
    }

    fn require(&mut self, arg: TypeId, bound: Bound, at: TypeRefId) {
        self.required.push((arg, bound, at));
    }
}

impl<'db> Infer<'db> {
    /// The type that is written; its mistakes are told.
    pub(super) fn lower_type(&mut self, id: TypeRefId) -> TypeId {
        let maker = IdMaker { table: &mut self.table, required: Vec::new() };
        let mut lowering = TypeLowering {
            db: self.db,
            module: self.module,
            types: &self.hir.types,
            generics: &self.generics,
            maker,
            mistakes: Vec::new(),
        };
        let ty = lowering.lower(id);
        let (mistakes, required) = (lowering.mistakes, lowering.maker.required);
        for mistake in mistakes {
            let span = self.span(self.map.type_ref(mistake.at));
            let name_span = |name: &dot_hir::Name| self.span(self.map.name(name.id));
            let found = mistake.diagnostic(self.db, self.module, &self.generics, span, &name_span);
            self.diagnostics.extend(found);
        }
        for (ty, bound, at) in required {
            let range = self.map.type_ref(at);
            let reason = "the type is declared so";
            self.obligations.push(Obligation { ty, bound, range, reason, structure: None });
        }
        ty
    }
}
