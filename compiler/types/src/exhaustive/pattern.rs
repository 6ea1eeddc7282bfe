//! Patterns as choices: what the check needs of a pattern, and what it needs of a type.

use super::constructor::{Constructor, ListShape};
use crate::thir::{Literal, Pattern, TextPiece};
use crate::{AdtShape, IntKind, Ty, TyKind, adt_def};
use dot_db::Db;
use smol_str::SmolStr;
use std::marker::PhantomData;
use std::rc::Rc;

/// A pattern, bindings forgotten.
#[derive(Clone, Debug)]
pub(super) enum Choice<'db> {
    /// Fits everything.
    Any,
    /// Fits what one constructor makes, if the fields fit.
    Fits(Rc<Constructor>, Rc<[Choice<'db>]>),
    /// Fits what one of these fits; none of them is an `Either`.
    Either(Rc<[Choice<'db>]>, PhantomData<&'db ()>),
}

impl<'db> Choice<'db> {
    fn fits(constructor: Constructor, fields: Vec<Choice<'db>>) -> Self {
        Self::Fits(Rc::new(constructor), fields.into())
    }

    /// The alternatives: itself, unless it is an or-pattern.
    pub(super) fn alternatives(&self) -> &[Choice<'db>] {
        match self {
            Self::Either(all, _) => all,
            Self::Any | Self::Fits(..) => std::slice::from_ref(self),
        }
    }

    /// The outermost choice, if it makes one.
    pub(super) fn constructor(&self) -> Option<&Constructor> {
        if let Self::Fits(constructor, _) = self { Some(constructor) } else { None }
    }

    /// What is still to fit once the value is known to be in `part`: a choice for each of its fields, or
    /// nothing if it can't fit.
    pub(super) fn specialize(&self, part: &Constructor, arity: usize) -> Option<Vec<Choice<'db>>> {
        let Self::Fits(constructor, fields) = self else { return Some(vec![Self::Any; arity]) };
        if !constructor.covers(part) {
            return None;
        }
        let mut out = fields.to_vec();
        if let Constructor::List(ListShape::AtLeast(before, _)) = **constructor {
            let middle = before as usize;
            let gap = vec![Self::Any; arity.saturating_sub(out.len())];
            out.splice(middle..middle, gap);
        }
        out.resize(arity, Self::Any);
        Some(out)
    }
}

/// What the values of a type are, as far as patterns tell them apart.
pub(super) enum Kind<'db> {
    /// One constructor with these fields.
    Single(Vec<Ty<'db>>),
    /// Cases, each with its fields.
    Cases(Vec<(SmolStr, Vec<Ty<'db>>)>),
    /// Scalars in these ranges.
    Scalars {
        /// The ranges, in order.
        whole: Vec<(i128, i128)>,
    },
    /// Lists, perhaps of a fixed length.
    List {
        /// The elements' type.
        item: Ty<'db>,
        /// The length.
        len: Option<u32>,
    },
    /// Values that can't be enumerated.
    Infinite,
}

impl<'db> Kind<'db> {
    pub(super) fn of(db: &'db dyn Db, ty: Ty<'db>) -> Self {
        let scalars = |first, last| Self::Scalars { whole: vec![(first, last)] };
        match ty.kind(db) {
            TyKind::Bool => scalars(0, 1),
            TyKind::Int(kind) => scalars(IntKind::min(*kind), IntKind::max(*kind)),
            TyKind::Char => Self::Scalars { whole: vec![(0, 0xd7ff), (0xe000, 0x10_ffff)] },
            TyKind::Tuple(parts) => Self::Single(parts.clone()),
            TyKind::List(item) => Self::List { item: *item, len: None },
            TyKind::FixedList(item, len) => Self::List { item: *item, len: Some(*len) },
            TyKind::Option(item) => Self::Cases(vec![("none".into(), vec![]), ("some".into(), vec![*item])]),
            TyKind::Result(ok, err) => {
                Self::Cases(vec![("ok".into(), vec![*ok]), ("err".into(), vec![*err])])
            }
            TyKind::Adt(item, args) => match &adt_def(db, *item).shape {
                AdtShape::Record(fields) => {
                    Self::Single(fields.iter().map(|field| field.ty.substitute(db, args)).collect())
                }
                AdtShape::Variant(cases) => {
                    let parts = |case: &crate::CaseDef<'db>| {
                        case.parts.iter().map(|part| part.ty.substitute(db, args)).collect()
                    };
                    Self::Cases(cases.iter().map(|case| (case.name.clone(), parts(case))).collect())
                }
                AdtShape::Flags(_) | AdtShape::Resource(_) => Self::Infinite,
            },
            TyKind::Never => Self::Cases(Vec::new()),
            TyKind::Float(_)
            | TyKind::String
            | TyKind::Map(..)
            | TyKind::Set(_)
            | TyKind::Handle(_)
            | TyKind::Fn(..)
            | TyKind::Stream(_)
            | TyKind::Future(_)
            | TyKind::Param(_)
            | TyKind::Error => Self::Infinite,
        }
    }

    /// The types of the fields of what `constructor` makes.
    pub(super) fn fields(&self, constructor: &Constructor) -> Vec<Ty<'db>> {
        match (self, constructor) {
            (Self::Single(fields), Constructor::Single) => fields.clone(),
            (Self::Cases(cases), Constructor::Case(case)) => {
                cases.get(*case as usize).map(|(_, parts)| parts.clone()).unwrap_or_default()
            }
            (Self::List { item, .. }, Constructor::List(shape)) => vec![*item; shape.arity() as usize],
            _ => Vec::new(),
        }
    }
}

/// Reads patterns of typed HIR as choices.
pub(super) struct Reader<'db> {
    db: &'db dyn Db,
    opaque: u32,
}

impl<'db> Reader<'db> {
    pub(super) fn new(db: &'db dyn Db) -> Self {
        Self { db, opaque: 0 }
    }

    pub(super) fn read(&mut self, pattern: &Pattern, ty: Ty<'db>) -> Choice<'db> {
        match pattern {
            Pattern::Wildcard | Pattern::Bind(_, None) => Choice::Any,
            Pattern::Bind(_, Some(inner)) => self.read(inner, ty),
            Pattern::Literal(literal) => read_literal(literal),
            Pattern::Equals(_) => self.opaque(),
            Pattern::Range { start, end, inclusive } => self.read_range(start, end.as_ref(), *inclusive, ty),
            Pattern::Case { case, parts } => {
                let constructor = Constructor::Case(*case);
                let fields = Kind::of(self.db, ty).fields(&constructor);
                let parts = parts.iter().zip(fields).map(|(part, ty)| self.read(part, ty)).collect();
                Choice::fits(constructor, parts)
            }
            Pattern::Fields(named) => {
                let types = Kind::of(self.db, ty).fields(&Constructor::Single);
                let mut fields = vec![Choice::Any; types.len()];
                for (index, pattern) in named {
                    let index = *index as usize;
                    if let (Some(field), Some(ty)) = (fields.get_mut(index), types.get(index)) {
                        *field = self.read(pattern, *ty);
                    }
                }
                Choice::fits(Constructor::Single, fields)
            }
            Pattern::List { before, rest, after } => self.read_list(before, rest.is_some(), after, ty),
            Pattern::Text(pieces) => match pieces.as_slice() {
                [TextPiece::Hole(inner)] => self.read(inner, ty),
                _ => self.opaque(),
            },
            Pattern::Or(all) => {
                let mut out = Vec::new();
                for one in all {
                    let one = self.read(one, ty);
                    out.extend(one.alternatives().iter().cloned());
                }
                Choice::Either(out.into(), PhantomData)
            }
        }
    }

    /// A choice of which nothing is known.
    fn opaque(&mut self) -> Choice<'db> {
        self.opaque += 1;
        Choice::fits(Constructor::Opaque(self.opaque), Vec::new())
    }

    fn read_range(
        &mut self,
        start: &Literal,
        end: Option<&Literal>,
        inclusive: bool,
        ty: Ty<'db>,
    ) -> Choice<'db> {
        let bound = |literal: &Literal| Constructor::of_literal(literal).and_then(|one| one.range());
        let Some((first, _)) = bound(start) else {
            // A range of floats fits nothing for sure.
            return self.opaque();
        };
        let last = match end.and_then(bound) {
            Some((last, _)) if inclusive => last,
            Some((last, _)) => last - 1,
            None => match Kind::of(self.db, ty) {
                Kind::Scalars { whole } => whole.last().map_or(first, |(_, last)| *last),
                _ => first,
            },
        };
        Choice::fits(Constructor::Range(first, last), Vec::new())
    }

    fn read_list(&mut self, before: &[Pattern], rest: bool, after: &[Pattern], ty: Ty<'db>) -> Choice<'db> {
        let item = match Kind::of(self.db, ty) {
            Kind::List { item, .. } => item,
            _ => return Choice::Any,
        };
        let length = |patterns: &[Pattern]| u32::try_from(patterns.len()).unwrap_or(u32::MAX);
        let shape = if rest {
            ListShape::AtLeast(length(before), length(after))
        } else {
            ListShape::Exactly(length(before))
        };
        let elements = before.iter().chain(after).map(|one| self.read(one, item)).collect();
        Choice::fits(Constructor::List(shape), elements)
    }
}

fn read_literal<'db>(literal: &Literal) -> Choice<'db> {
    if let Literal::Bytes(bytes) = literal {
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let byte = |byte: &u8| Choice::fits(Constructor::Range((*byte).into(), (*byte).into()), Vec::new());
        let elements = bytes.iter().map(byte).collect();
        return Choice::fits(Constructor::List(ListShape::Exactly(length)), elements);
    }
    match Constructor::of_literal(literal) {
        Some(constructor) => Choice::fits(constructor, Vec::new()),
        None => Choice::Any,
    }
}
