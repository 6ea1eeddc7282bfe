//! What a type is made of, as data that std reads: the structural encoding of `list<Node>` of `std/shape`.
//!
//! A node is a type; it names others by their place in the list, so that a type may contain itself. The type that was
//! asked for is the first. What no data has, functions and handles, stands for the empty tuple.

use crate::encoding;
use crate::machine::Machine;
use dot_db::Item;
use dot_types::{AdtShape, FieldDef, FloatKind, IntKind, Ty, TyKind, json_member};

// The cases of `Node`, in its order.
const BOOL: u8 = 0;
const INT: u8 = 1;
const FLOAT: u8 = 2;
const CHAR: u8 = 3;
const TEXT: u8 = 4;
const LIST: u8 = 5;
const FIXED: u8 = 6;
const TUPLE: u8 = 7;
const OPTION: u8 = 8;
const RESULT: u8 = 9;
const MAP: u8 = 10;
const SET: u8 = 11;
const RECORD: u8 = 12;
const VARIANT: u8 = 13;
const FLAGS: u8 = 14;

impl<'db> Machine<'_, 'db> {
    /// The encoded shape of a type.
    pub(crate) fn shape(&mut self, ty: Ty<'db>) -> Vec<u8> {
        let mut shaper = Shaper { machine: self, types: vec![ty], out: Vec::new() };
        let mut at = 0;
        while let Some(ty) = shaper.types.get(at).copied() {
            shaper.node(ty);
            at += 1;
        }
        let mut out = Vec::new();
        encoding::push_number(&mut out, at as u64);
        out.append(&mut shaper.out);
        out
    }

    /// The encoding of a field's default. One that traps is none: who needs it is told that the field is missing.
    fn encoded_default(&mut self, item: Item<'db>, index: usize, ty: Ty<'db>) -> Option<Vec<u8>> {
        let (owner, member) = dot_types::field_declaration(self.db, item, index)?;
        let value = self.default_value(owner, u32::try_from(member).ok()?).ok()?;
        let (program, mut out) = (self.program, Vec::new());
        self.by_methods(|ways| encoding::encode(program, ways, &mut out, &value, ty)).ok()?;
        Some(out)
    }
}

struct Shaper<'a, 'm, 'db> {
    machine: &'a mut Machine<'m, 'db>,
    /// The types of the nodes, those whose node is still to be written behind the others.
    types: Vec<Ty<'db>>,
    out: Vec<u8>,
}

impl<'db> Shaper<'_, '_, 'db> {
    fn number(&mut self, number: usize) {
        encoding::push_number(&mut self.out, number as u64);
    }

    fn text(&mut self, text: &str) {
        self.number(text.len());
        self.out.extend(text.as_bytes());
    }

    /// The place of a type.
    fn part(&mut self, ty: Ty<'db>) {
        let place = self.types.iter().position(|known| *known == ty).unwrap_or_else(|| {
            self.types.push(ty);
            self.types.len() - 1
        });
        self.number(place);
    }

    fn parts(&mut self, tys: impl ExactSizeIterator<Item = Ty<'db>>) {
        self.number(tys.len());
        tys.for_each(|ty| self.part(ty));
    }

    fn node(&mut self, ty: Ty<'db>) {
        let db = self.machine.db;
        match ty.kind(db) {
            TyKind::Bool => self.out.push(BOOL),
            TyKind::Int(kind) => self.int(*kind),
            TyKind::Float(FloatKind::F32) => self.out.extend([FLOAT, 32]),
            TyKind::Float(FloatKind::F64) => self.out.extend([FLOAT, 64]),
            TyKind::Char => self.out.push(CHAR),
            TyKind::String => self.out.push(TEXT),
            TyKind::List(item) => self.one(LIST, &[*item]),
            TyKind::FixedList(item, len) => {
                self.one(FIXED, &[*item]);
                self.number(*len as usize);
            }
            TyKind::Tuple(parts) => {
                self.out.push(TUPLE);
                self.parts(parts.iter().copied());
            }
            TyKind::Option(item) => self.one(OPTION, &[*item]),
            TyKind::Result(value, error) => self.one(RESULT, &[*value, *error]),
            TyKind::Map(key, value) => self.one(MAP, &[*key, *value]),
            TyKind::Set(item) => self.one(SET, &[*item]),
            TyKind::Adt(item, args) => self.declared(*item, args),
            _ => self.out.extend([TUPLE, 0]),
        }
    }

    fn int(&mut self, kind: IntKind) {
        let bits = u8::try_from(kind.bits()).unwrap_or(64);
        self.out.extend([INT, u8::from(kind.is_signed()), bits]);
    }

    fn one(&mut self, case: u8, tys: &[Ty<'db>]) {
        self.out.push(case);
        tys.iter().for_each(|ty| self.part(*ty));
    }

    fn declared(&mut self, item: Item<'db>, args: &[Ty<'db>]) {
        let db = self.machine.db;
        // What maps and sets are below the evaluator.
        if dot_hir::is_std(db, item.module(db)) && item.module(db).path(db) == "map_impl" {
            return self.one(if item.name(db) == "HashSet" { SET } else { MAP }, args);
        }
        match self.machine.program.adt(item).map(|adt| &adt.shape) {
            Some(AdtShape::Record(fields)) => {
                self.out.push(RECORD);
                self.number(fields.len());
                for (at, field) in fields.iter().enumerate() {
                    self.field(item, args, at, field);
                }
            }
            Some(AdtShape::Variant(cases)) => {
                self.out.push(VARIANT);
                self.number(cases.len());
                for (at, case) in cases.iter().enumerate() {
                    self.text(&json_member(db, item, at, &case.name));
                    self.parts(case.parts.iter().map(|part| part.ty.substitute(db, args)));
                }
            }
            Some(AdtShape::Flags(names)) => {
                self.out.push(FLAGS);
                self.number(names.len());
                for (at, name) in names.iter().enumerate() {
                    self.text(&json_member(db, item, at, name));
                }
            }
            Some(AdtShape::Resource(_)) | None => self.out.extend([TUPLE, 0]),
        }
    }

    fn field(&mut self, item: Item<'db>, args: &[Ty<'db>], at: usize, field: &FieldDef<'db>) {
        let db = self.machine.db;
        let ty = field.ty.substitute(db, args);
        self.text(&json_member(db, item, at, &field.name));
        self.part(ty);
        match field.has_default.then(|| self.machine.encoded_default(item, at, ty)).flatten() {
            Some(default) => {
                self.out.push(1);
                self.number(default.len());
                self.out.extend(default);
            }
            None => self.out.push(0),
        }
    }
}
