//! How values are represented: in WebAssembly's locals, and in memory.
//!
//! # The ABI
//!
//! **In locals** a value is a row of core values, the *flattening* of the canonical ABI:
//!
//! | type | core values |
//! |---|---|
//! | `bool`, `char`, `u8` … `s32`, flags, enums, handles | one `i32` |
//! | `u64`, `s64`; `f32`; `f64` | one `i64`; `f32`; `f64` |
//! | `string`, `list<T>`, `list<T, N>` | two `i32`: the payload's address, the length in bytes or elements |
//! | records, tuples | those of the fields, one after another; the unit type has none |
//! | variants, `option`, `result` | one `i32`, the case's index; then, position by position, the `join` of what the cases carry |
//! | function types | one `i32`: the address of a closure cell |
//! | boxed types | one `i32`: the address of a cell |
//! | `map<K, V>`, `set<T>` | those of std's `HashMap<K, V>`, `HashSet<T>` |
//!
//! `join(a, a) = a`; `join(i32, f32) = i32`; all else joins to `i64`. Integers below 32 bits are kept normalised:
//! unsigned ones zero-extended, signed ones sign-extended. What a value of another case left in a position means
//! nothing.
//!
//! **In memory** a value has the canonical ABI's size, alignment and offsets, with the same exceptions: what is one
//! address above is one `u32` in memory. A type is *boxed* when it contains itself without a list, a map or a
//! function in between (`dot_mir::repr::is_boxed`); its cell has the layout that the type would have if its own
//! occurrences were `u32`s.
//!
//! **Heap payloads** (of strings, lists, cells) are aligned to 8 and have 8 bytes of header directly before them:
//!
//! | at | what |
//! |---|---|
//! | payload - 8 | `count: u32`, how many owners there are; 1 means unique |
//! | payload - 4 | `capacity: u32`, the bytes that the payload may take, a multiple of 8 |
//!
//! What lies below `heap_base` (static data, and the address 0 of empty lists and strings) has no header and is
//! never counted: whoever counts compares the address with `heap_base` first. `cabi_realloc` makes payloads with
//! headers, so what a host passes is adopted without a copy.
//!
//! **A closure cell** holds the index in the table of the function to call, the index in the table of the function
//! that frees the cell, and the captures, laid out like a tuple that begins at offset 8. The function to call takes
//! the cell's address before the arguments, and only borrows it.
//!
//! **Freeing doesn't recurse without bound.** Cells whose death may lead to the death of cells of their own type
//! are freed by direct calls down to a fixed depth; below it they are chained through their headers and freed one
//! after another (see [`crate::glue`]). For that, lists of elements that can hold such a list have 8 bytes more
//! at the end of their capacity.

mod layout;
pub(crate) mod memory;

pub(crate) use layout::align_to;
pub use layout::{Layout, RecordLayout, VariantLayout};

use crate::lir::Val;
use dot_mir::Program;
use dot_mir::repr::{Shape, lower_ty, shape};
use dot_types::{AdtShape, FloatKind, IntKind, Ty, TyKind, own_resource};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::rc::Rc;

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repr<'db> {
    /// One core value.
    Scalar(Scalar),
    /// Address and length; the elements' type, none for strings.
    List(Option<Ty<'db>>),
    /// The address of a closure cell.
    Closure,
    /// The address of a cell.
    Boxed,
    /// A handle of a resource.
    Handle,
    /// Fields, one after another.
    Record(Vec<Ty<'db>>),
    /// A case and what it carries.
    Variant(Vec<Vec<Ty<'db>>>),
}

/// A type of one core value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// `bool`
    Bool,
    /// An integer.
    Int(IntKind),
    /// A float.
    Float(FloatKind),
    /// `char`
    Char,
    /// An enum, by the number of bytes of its index in memory.
    Enum(u32),
    /// Flags, by the number of flags.
    Flags(u32),
}

impl Scalar {
    /// Its name in the trap table; none for what a host can't show by its bits.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Bool => Some("bool"),
            Self::Int(kind) => Some(kind.name()),
            Self::Float(kind) => Some(kind.name()),
            Self::Char => Some("char"),
            Self::Enum(_) | Self::Flags(_) => None,
        }
    }

    /// Its core type.
    #[must_use]
    pub const fn val(self) -> Val {
        match self {
            Self::Int(IntKind::U64 | IntKind::S64) => Val::I64,
            Self::Float(FloatKind::F32) => Val::F32,
            Self::Float(FloatKind::F64) => Val::F64,
            _ => Val::I32,
        }
    }

    /// Its size in memory, which is its alignment too.
    #[must_use]
    pub const fn size(self) -> u32 {
        match self {
            Self::Bool => 1,
            Self::Int(kind) => kind.bits() / 8,
            Self::Float(FloatKind::F32) | Self::Char => 4,
            Self::Float(FloatKind::F64) => 8,
            Self::Enum(bytes) => bytes,
            Self::Flags(0..=8) => 1,
            Self::Flags(9..=16) => 2,
            Self::Flags(_) => 4,
        }
    }

    /// The integer type that its core value is a number of; none for floats.
    #[must_use]
    pub const fn int(self) -> Option<IntKind> {
        match self {
            Self::Int(kind) => Some(kind),
            Self::Float(_) => None,
            _ => Some(IntKind::U32),
        }
    }
}

/// The canonical ABI's `join`: a core type that holds either.
#[must_use]
pub fn join(a: Val, b: Val) -> Val {
    match (a, b) {
        _ if a == b => a,
        (Val::I32, Val::F32) | (Val::F32, Val::I32) => Val::I32,
        _ => Val::I64,
    }
}

/// The bytes of a variant's index in memory.
#[must_use]
pub const fn tag_size(cases: usize) -> u32 {
    match cases {
        0..=0x100 => 1,
        0x101..=0x1_0000 => 2,
        _ => 4,
    }
}

/// Answers about representation, remembered while a function or module is made.
pub struct Reprs<'p, 'db> {
    program: &'p dyn Program<'db>,
    /// Whether types are as they cross the boundary: maps and sets as lists, fixed-length lists as tuples, resources of the
    /// package's own as handles.
    crossing: bool,
    reprs: RefCell<FxHashMap<Ty<'db>, Rc<Repr<'db>>>>,
    flats: RefCell<FxHashMap<Ty<'db>, Rc<[Val]>>>,
    layouts: RefCell<FxHashMap<Ty<'db>, Layout>>,
}

impl<'p, 'db> Reprs<'p, 'db> {
    /// Nothing remembered yet.
    #[must_use]
    pub fn new(program: &'p dyn Program<'db>) -> Self {
        let (reprs, flats, layouts) = Default::default();
        Self { program, crossing: false, reprs, flats, layouts }
    }

    /// Types as they cross the boundary: maps are lists of tuples, sets lists, fixed-length lists tuples.
    #[must_use]
    pub fn crossing(program: &'p dyn Program<'db>) -> Self {
        Self { crossing: true, ..Self::new(program) }
    }

    /// The program.
    #[must_use]
    pub fn program(&self) -> &'p dyn Program<'db> {
        self.program
    }

    /// What values of a type are.
    #[must_use]
    pub fn repr(&self, ty: Ty<'db>) -> Rc<Repr<'db>> {
        if let Some(known) = self.reprs.borrow().get(&ty) {
            return Rc::clone(known);
        }
        let is_handle = self.crossing && own_resource(self.program.db(), ty).is_some();
        let found = Rc::new(if is_handle {
            Repr::Handle
        } else if self.program.is_boxed(ty) {
            Repr::Boxed
        } else {
            self.body(ty)
        });
        self.reprs.borrow_mut().insert(ty, Rc::clone(&found));
        found
    }

    /// What is in the cell of a boxed type; for other types the same as [`Reprs::repr`].
    #[must_use]
    pub fn body(&self, ty: Ty<'db>) -> Repr<'db> {
        let db = self.program.db();
        match ty.kind(db) {
            TyKind::Bool => Repr::Scalar(Scalar::Bool),
            TyKind::Int(kind) => Repr::Scalar(Scalar::Int(*kind)),
            TyKind::Float(kind) => Repr::Scalar(Scalar::Float(*kind)),
            TyKind::Char => Repr::Scalar(Scalar::Char),
            TyKind::String => Repr::List(None),
            TyKind::Map(key, value) if self.crossing => {
                Repr::List(Some(Ty::new(db, TyKind::Tuple(vec![*key, *value]))))
            }
            TyKind::Set(item) if self.crossing => Repr::List(Some(*item)),
            TyKind::FixedList(item, len) if self.crossing => Repr::Record(vec![*item; *len as usize]),
            TyKind::List(item) | TyKind::FixedList(item, _) => Repr::List(Some(*item)),
            TyKind::Fn(..) => Repr::Closure,
            TyKind::Map(..) | TyKind::Set(_) => match lower_ty(self.program, ty) {
                lowered if lowered != ty => self.body(lowered),
                _ => Repr::Record(Vec::new()),
            },
            TyKind::Adt(item, _) => {
                let adt = self.program.adt(*item).map(|adt| &adt.shape);
                match (adt, shape(self.program, ty)) {
                    (Some(AdtShape::Variant(cases)), Shape::Scalar) => {
                        Repr::Scalar(Scalar::Enum(tag_size(cases.len())))
                    }
                    (Some(AdtShape::Flags(flags)), _) => Repr::Scalar(Scalar::Flags(flags.len() as u32)),
                    (_, shape) => Self::from_shape(shape),
                }
            }
            TyKind::Never | TyKind::Error | TyKind::Param(_) => Repr::Record(Vec::new()),
            TyKind::Tuple(_) | TyKind::Option(_) | TyKind::Result(..) => {
                Self::from_shape(shape(self.program, ty))
            }
            TyKind::Handle(_) | TyKind::Stream(_) | TyKind::Future(_) => Repr::Handle,
        }
    }

    fn from_shape(shape: Shape<'db>) -> Repr<'db> {
        match shape {
            Shape::Record(parts) => Repr::Record(parts),
            Shape::Variant(cases) => Repr::Variant(cases),
            Shape::Handle => Repr::Handle,
            Shape::Counted => Repr::Closure,
            Shape::Scalar => Repr::Record(Vec::new()),
        }
    }

    /// The core values of a value.
    #[must_use]
    pub fn flat(&self, ty: Ty<'db>) -> Rc<[Val]> {
        if let Some(known) = self.flats.borrow().get(&ty) {
            return Rc::clone(known);
        }
        let flat: Rc<[Val]> = match &*self.repr(ty) {
            Repr::Scalar(scalar) => Rc::new([scalar.val()]),
            Repr::List(_) => Rc::new([Val::I32, Val::I32]),
            Repr::Closure | Repr::Boxed | Repr::Handle => Rc::new([Val::I32]),
            Repr::Record(fields) => self.flat_all(fields).into(),
            Repr::Variant(cases) => self.flat_variant(cases).into(),
        };
        self.flats.borrow_mut().insert(ty, Rc::clone(&flat));
        flat
    }

    /// The core values of several values, one after another.
    #[must_use]
    pub fn flat_all(&self, tys: &[Ty<'db>]) -> Vec<Val> {
        tys.iter().flat_map(|ty| self.flat(*ty).to_vec()).collect()
    }

    fn flat_variant(&self, cases: &[Vec<Ty<'db>>]) -> Vec<Val> {
        let mut joined: Vec<Val> = Vec::new();
        for case in cases {
            for (n, val) in self.flat_all(case).into_iter().enumerate() {
                match joined.get_mut(n) {
                    Some(so_far) => *so_far = join(*so_far, val),
                    None => joined.push(val),
                }
            }
        }
        joined.insert(0, Val::I32);
        joined
    }

    /// The core values of what a variant's cases carry, joined.
    #[must_use]
    pub fn flat_payload(&self, cases: &[Vec<Ty<'db>>]) -> Vec<Val> {
        self.flat_variant(cases).split_off(1)
    }

    /// The bytes that a list with this element type keeps free at the end of its capacity: room for its own length
    /// and its free function while it waits to be freed. Only lists that can hold lists of their own type need it.
    #[must_use]
    pub fn reserve(&self, element: Ty<'db>) -> u32 {
        if self.nests(element) { 8 } else { 0 }
    }

    /// Whether a list with this element type can hold lists of its own type, other than through a boxed type or a
    /// function, which bound the depth of freeing themselves.
    #[must_use]
    pub fn nests(&self, element: Ty<'db>) -> bool {
        let mut seen = FxHashSet::default();
        let mut todo = vec![element];
        while let Some(ty) = todo.pop() {
            if !seen.insert(ty) {
                continue;
            }
            match &*self.repr(ty) {
                Repr::List(Some(item)) if *item == element => return true,
                Repr::List(Some(item)) => todo.push(*item),
                Repr::Record(fields) => todo.extend(fields),
                Repr::Variant(cases) => todo.extend(cases.iter().flatten()),
                Repr::Scalar(_) | Repr::List(None) | Repr::Closure | Repr::Boxed | Repr::Handle => {}
            }
        }
        false
    }
}
