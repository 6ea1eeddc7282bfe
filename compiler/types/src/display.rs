//! Types as a person writes them.

use crate::{Generic, Mode, Ty, TyKind};
use dot_db::Db;
use std::cell::Cell;
use std::fmt::{self, Display};
use std::rc::Rc;

/// Prints `ty` as it would be written; its type parameters have the names of `generics`.
#[must_use]
pub fn display_type<'a, 'db>(db: &'db dyn Db, ty: Ty<'db>, generics: &'a [Generic]) -> TypeDisplay<'a, 'db> {
    TypeDisplay { db, ty, generics, left: Rc::new(Cell::new(MAX_PARTS)) }
}

/// How many parts of a type are printed.
const MAX_PARTS: u32 = 200;

/// A type that can be formatted. Of a very large one only the beginning is.
pub struct TypeDisplay<'a, 'db> {
    db: &'db dyn Db,
    ty: Ty<'db>,
    generics: &'a [Generic],
    left: Rc<Cell<u32>>,
}

impl<'a, 'db> TypeDisplay<'a, 'db> {
    fn of(&self, ty: Ty<'db>) -> TypeDisplay<'a, 'db> {
        TypeDisplay { db: self.db, ty, generics: self.generics, left: Rc::clone(&self.left) }
    }

    fn list(&self, f: &mut fmt::Formatter<'_>, tys: &[Ty<'db>]) -> fmt::Result {
        for (index, ty) in tys.iter().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            self.of(*ty).fmt(f)?;
        }
        Ok(())
    }

    fn generic(&self, f: &mut fmt::Formatter<'_>, name: &str, args: &[Ty<'db>]) -> fmt::Result {
        f.write_str(name)?;
        if args.is_empty() {
            return Ok(());
        }
        f.write_str("<")?;
        self.list(f, args)?;
        f.write_str(">")
    }
}

impl Display for TypeDisplay<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.left.get() == 0 {
            return f.write_str("…");
        }
        self.left.set(self.left.get() - 1);
        match self.ty.kind(self.db) {
            TyKind::Bool => f.write_str("bool"),
            TyKind::Int(kind) => f.write_str(kind.name()),
            TyKind::Float(kind) => f.write_str(kind.name()),
            TyKind::Char => f.write_str("char"),
            TyKind::String => f.write_str("string"),
            TyKind::Tuple(parts) => {
                f.write_str("(")?;
                self.list(f, parts)?;
                f.write_str(if parts.len() == 1 { ",)" } else { ")" })
            }
            TyKind::List(item) => self.generic(f, "list", &[*item]),
            TyKind::FixedList(item, len) => write!(f, "list<{}, {len}>", self.of(*item)),
            TyKind::Option(item) => self.generic(f, "option", &[*item]),
            TyKind::Result(ok, err) => self.generic(f, "result", &[*ok, *err]),
            TyKind::Map(key, value) => self.generic(f, "map", &[*key, *value]),
            TyKind::Set(item) => self.generic(f, "set", &[*item]),
            TyKind::Adt(item, args) => self.generic(f, item.name(self.db), args),
            TyKind::Handle(item) => f.write_str(item.name(self.db)),
            TyKind::Fn(params, ret) => {
                f.write_str("fn(")?;
                for (index, param) in params.iter().enumerate() {
                    f.write_str(if index > 0 { ", " } else { "" })?;
                    f.write_str(if param.mode == Mode::InOut { "inout " } else { "" })?;
                    self.of(param.ty).fmt(f)?;
                }
                f.write_str(")")?;
                if *ret == Ty::unit(self.db) { Ok(()) } else { write!(f, " -> {}", self.of(*ret)) }
            }
            TyKind::Stream(item) => self.generic(f, "stream", &[*item]),
            TyKind::Future(item) => self.generic(f, "future", &[*item]),
            TyKind::Param(index) => match self.generics.get(*index as usize) {
                Some(generic) => f.write_str(&generic.name),
                None => write!(f, "T{index}"),
            },
            TyKind::Never => f.write_str("!"),
            TyKind::Error => f.write_str("_"),
        }
    }
}
