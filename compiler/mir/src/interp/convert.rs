//! Values in and out, so that results compare with the evaluator's directly.
//!
//! Values from outside may nest deeper than the stack allows: both ways give up beyond a limit.

use super::heap::{Data, Val};
use super::{Machine, Step, malformed};
use crate::ir::{Instance, InstanceKind};
use crate::repr::{Shape, lower_ty};
use dot_eval::Value as Outside;
use dot_types::{AdtShape, Ty, TyKind};
use std::rc::Rc;

/// How deep a value from outside may nest.
const DEEPEST: usize = 20_000;

impl<'db> Machine<'_, '_, 'db> {
    /// An owned value of the machine for one from outside.
    pub(super) fn bring_in(&mut self, value: &Outside<'db>, ty: Ty<'db>) -> Step<'db, Val> {
        self.bring(value, ty, 0)
    }

    fn bring(&mut self, value: &Outside<'db>, ty: Ty<'db>, depth: usize) -> Step<'db, Val> {
        if depth > DEEPEST {
            return malformed("a value that nests this deep can't be passed in");
        }
        let db = self.code.program.db();
        Ok(match value {
            Outside::Bool(value) => Val::Bits((*value).into()),
            Outside::Int(value) => Val::Bits(value.bits()),
            Outside::Float(value) => Val::Float(*value),
            Outside::Char(c) => Val::Bits(u32::from(*c).into()),
            Outside::Flags(bits) => Val::Bits((*bits).into()),
            Outside::String(text) => self.heap.alloc(Data::Bytes(text.as_bytes().to_vec())),
            Outside::List(items) => {
                let (TyKind::List(item) | TyKind::FixedList(item, _)) = ty.kind(db) else {
                    return malformed("a list of another type");
                };
                let items: Step<'db, Vec<Val>> =
                    items.0.iter().map(|value| self.bring(value, *item, depth + 1)).collect();
                self.heap.alloc(Data::List(items?))
            }
            Outside::Unit | Outside::Tuple(_) => {
                let Shape::Record(tys) = self.shape(ty) else { return malformed("a record of another type") };
                let parts = self.bring_all(value.as_parts().unwrap_or_default(), &tys, depth)?;
                if self.is_boxed(ty) && !parts.is_empty() {
                    self.heap.alloc(Data::Cell(0, parts))
                } else {
                    Val::Record(Rc::from(parts))
                }
            }
            Outside::Bare(case) if self.is_scalar(ty) => Val::Bits(u64::from(*case)),
            Outside::Bare(_) | Outside::Case(_) => {
                let (Shape::Variant(cases), Some((case, parts))) = (self.shape(ty), value.as_case()) else {
                    return malformed("a case of another type");
                };
                let tys = cases.into_iter().nth(case as usize).unwrap_or_default();
                let parts = self.bring_all(parts, &tys, depth)?;
                if self.is_boxed(ty) && !parts.is_empty() {
                    self.heap.alloc(Data::Cell(case, parts))
                } else {
                    Val::Case(case, Rc::from(parts))
                }
            }
            Outside::Map(map) => {
                let entries: Vec<(Outside<'db>, Outside<'db>)> =
                    map.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
                self.bring_map(&entries, ty, depth)?
            }
            Outside::Set(set) => {
                let Some(item) = self.set_item(ty) else { return malformed("a set of another type") };
                let items: Vec<Outside<'db>> = set.iter().map(|(item, _)| item.clone()).collect();
                let list = Ty::new(db, TyKind::List(item));
                let items = self.bring(&Outside::list(items), list, depth + 1)?;
                let set = self.call_std("set_from_items", &[item], vec![items])?.pop();
                set.map_or_else(|| malformed("no set"), Ok)?
            }
            Outside::Closure(_) | Outside::Fn(_) | Outside::Visitor(_) => {
                return malformed("a value that can't be passed in");
            }
        })
    }

    fn bring_all(&mut self, values: &[Outside<'db>], tys: &[Ty<'db>], depth: usize) -> Step<'db, Vec<Val>> {
        if values.len() != tys.len() {
            return malformed("another number of parts");
        }
        let program = self.code.program;
        values
            .iter()
            .zip(tys)
            .map(|(value, ty)| self.bring(value, lower_ty(program, *ty), depth + 1))
            .collect()
    }

    /// A map is made as the program makes one: by std's functions.
    fn bring_map(
        &mut self,
        entries: &[(Outside<'db>, Outside<'db>)],
        ty: Ty<'db>,
        depth: usize,
    ) -> Step<'db, Val> {
        let Some(args) = crate::glue::map_args(self.code.program, ty) else {
            return malformed("a map of another type");
        };
        let mut map = self.call_std("empty", &args, Vec::new())?;
        for (key, value) in entries {
            let (Some(key_ty), Some(value_ty)) = (args.first(), args.get(1)) else {
                return malformed("a map of another type");
            };
            let key = self.bring(key, *key_ty, depth + 1)?;
            let value = self.bring(value, *value_ty, depth + 1)?;
            let Some(owned) = map.pop() else { return malformed("no map") };
            map = self.call_std("insert", &args, vec![owned, key, value])?;
            self.heap.drop_value(map.remove(0))?;
        }
        map.pop().map_or_else(|| malformed("no map"), Ok)
    }

    /// Calls a function of std's maps with owned arguments. Those that it borrows are dropped afterwards.
    fn call_std(&mut self, name: &str, type_args: &[Ty<'db>], args: Vec<Val>) -> Step<'db, Vec<Val>> {
        let Some(item) = self.code.program.std_item("map_impl", name) else {
            return malformed("a map without the standard library");
        };
        let db = self.code.program.db();
        let instance = Instance::new(db, InstanceKind::Item(item), type_args.to_vec());
        let ready = self.ready(instance)?;
        let lent: Vec<Val> = args
            .iter()
            .zip(&ready.function.params)
            .filter(|(_, passing)| **passing == crate::ir::Passing::Borrowed)
            .map(|(value, _)| value.clone())
            .collect();
        let results = self.run(instance, args)?;
        for value in lent {
            self.heap.drop_value(value)?;
        }
        Ok(results)
    }

    /// The value outside for one of the machine, which stays as it is.
    pub(super) fn take_out(&mut self, value: &Val, ty: Ty<'db>) -> Step<'db, Outside<'db>> {
        self.take(value, ty, 0)
    }

    fn take(&mut self, value: &Val, ty: Ty<'db>, depth: usize) -> Step<'db, Outside<'db>> {
        if depth > DEEPEST {
            return malformed("a value that nests this deep can't be passed out");
        }
        let db = self.code.program.db();
        if let Some(args) = crate::glue::map_args(self.code.program, ty) {
            return self.take_map(value, &args, depth);
        }
        if let Some(item) = self.set_item(ty) {
            return self.take_set(value, item, depth);
        }
        Ok(match (ty.kind(db), value) {
            (TyKind::Bool, _) => Outside::Bool(value.bits()? != 0),
            (TyKind::Int(kind), _) => Outside::int(super::number::int_of(value.bits()?, *kind)),
            (TyKind::Float(_), Val::Float(value)) => Outside::Float(*value),
            (TyKind::Char, _) => match char::from_u32(value.bits()? as u32) {
                Some(c) => Outside::Char(c),
                None => return malformed("no scalar value"),
            },
            (TyKind::String, _) => match String::from_utf8(self.heap.bytes(value)?) {
                Ok(text) => Outside::string(text),
                Err(_) => return malformed("a string that isn't UTF-8"),
            },
            (TyKind::List(item) | TyKind::FixedList(item, _), _) => {
                let len = self.heap.list_len(value)?;
                let items = self.heap.elements(value, 0, len)?;
                let items: Step<'db, Vec<Outside<'db>>> =
                    items.iter().map(|value| self.take(value, *item, depth + 1)).collect();
                Outside::list(items?)
            }
            _ => self.take_parts(value, ty, depth)?,
        })
    }

    fn take_parts(&mut self, value: &Val, ty: Ty<'db>, depth: usize) -> Step<'db, Outside<'db>> {
        let (case, parts) = match value {
            Val::Record(parts) => (0, parts.to_vec()),
            Val::Case(case, parts) => (*case, parts.to_vec()),
            Val::Object(id) => match self.heap.data(*id)? {
                Data::Cell(case, parts) => (*case, parts.clone()),
                _ => return malformed("a value that can't be passed out"),
            },
            Val::Bits(bits) => return Ok(self.take_scalar(*bits, ty)),
            _ => return malformed("a value that can't be passed out"),
        };
        let (tys, is_case) = match self.shape(ty) {
            Shape::Record(tys) => (tys, false),
            Shape::Variant(cases) => (cases.into_iter().nth(case as usize).unwrap_or_default(), true),
            _ => return malformed("parts of another type"),
        };
        let program = self.code.program;
        let parts: Step<'db, Vec<Outside<'db>>> = parts
            .iter()
            .zip(tys)
            .map(|(value, ty)| self.take(value, lower_ty(program, ty), depth + 1))
            .collect();
        Ok(if is_case { Outside::case(case, parts?) } else { Outside::tuple(parts?) })
    }

    /// Flags or an enum.
    fn take_scalar(&self, bits: u64, ty: Ty<'db>) -> Outside<'db> {
        let flags = match ty.kind(self.code.program.db()) {
            TyKind::Adt(item, _) => {
                matches!(self.code.program.adt(*item).map(|adt| &adt.shape), Some(AdtShape::Flags(_)))
            }
            _ => false,
        };
        if flags { Outside::Flags(bits as u32) } else { Outside::case(bits as u32, Vec::new()) }
    }

    fn take_map(&mut self, value: &Val, args: &[Ty<'db>], depth: usize) -> Step<'db, Outside<'db>> {
        self.heap.dup(value)?;
        let mut entries = self.call_std("entries", args, vec![value.clone()])?;
        let Some(list) = entries.pop() else { return malformed("no entries") };
        let db = self.code.program.db();
        let entry = Ty::new(db, TyKind::Tuple(args.to_vec()));
        let outside = self.take(&list, Ty::new(db, TyKind::List(entry)), depth + 1)?;
        self.heap.drop_value(list)?;
        let mut map = dot_eval::map::MapValue::default();
        for entry in outside.as_parts().unwrap_or_default() {
            if let Some([key, value]) = entry.as_parts() {
                map.insert(key.clone(), value.clone());
            }
        }
        Ok(Outside::Map(std::sync::Arc::new(map)))
    }

    /// What a set holds, if the type is std's of sets.
    fn set_item(&self, ty: Ty<'db>) -> Option<Ty<'db>> {
        match ty.kind(self.code.program.db()) {
            TyKind::Adt(item, args) if self.code.program.std_item("map_impl", "HashSet") == Some(*item) => {
                args.first().copied()
            }
            _ => None,
        }
    }

    fn take_set(&mut self, value: &Val, item: Ty<'db>, depth: usize) -> Step<'db, Outside<'db>> {
        self.heap.dup(value)?;
        let Some(list) = self.call_std("set_items", &[item], vec![value.clone()])?.pop() else {
            return malformed("no items");
        };
        let items = Ty::new(self.code.program.db(), TyKind::List(item));
        let outside = self.take(&list, items, depth + 1)?;
        self.heap.drop_value(list)?;
        let mut set = dot_eval::map::MapValue::default();
        for item in outside.as_parts().unwrap_or_default() {
            set.insert(item.clone(), Outside::Unit);
        }
        Ok(Outside::Set(std::sync::Arc::new(set)))
    }
}
