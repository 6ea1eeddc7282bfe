//! Sizes, alignments and offsets in memory.

use super::{Repr, Reprs, tag_size};
use dot_types::Ty;

/// The size and alignment of a type in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The bytes it takes, a multiple of the alignment.
    pub size: u32,
    /// A power of two.
    pub align: u32,
}

/// Where a record's fields are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordLayout {
    /// The whole.
    pub layout: Layout,
    /// By field.
    pub offsets: Vec<u32>,
}

/// Where a variant's parts are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariantLayout {
    /// The whole.
    pub layout: Layout,
    /// The bytes of the case's index, which is at offset 0.
    pub tag: u32,
    /// By case and part, from the beginning of the variant.
    pub cases: Vec<Vec<u32>>,
}

/// Rounds up to a multiple of a power of two. Types too large for memory saturate; no program can hold them.
pub(crate) fn align_to(at: u32, align: u32) -> u32 {
    at.saturating_add(align - 1) & !(align - 1)
}

impl<'db> Reprs<'_, 'db> {
    /// The size and alignment of a type's values in lists and fields.
    #[must_use]
    pub fn layout(&self, ty: Ty<'db>) -> Layout {
        if let Some(known) = self.layouts.borrow().get(&ty) {
            return *known;
        }
        let layout = self.layout_of(&self.repr(ty));
        self.layouts.borrow_mut().insert(ty, layout);
        layout
    }

    /// The size and alignment of what a representation takes.
    #[must_use]
    pub fn layout_of(&self, repr: &Repr<'db>) -> Layout {
        match repr {
            Repr::Scalar(scalar) => Layout { size: scalar.size(), align: scalar.size() },
            Repr::List(_) => Layout { size: 8, align: 4 },
            Repr::Closure | Repr::Boxed | Repr::Handle => Layout { size: 4, align: 4 },
            Repr::Record(fields) => self.record(fields, 0).layout,
            Repr::Variant(cases) => self.variant(cases).layout,
        }
    }

    /// The layout of fields, the first of which is at or behind `start`.
    #[must_use]
    pub fn record(&self, fields: &[Ty<'db>], start: u32) -> RecordLayout {
        let (mut at, mut align) = (start, 1);
        let mut offsets = Vec::with_capacity(fields.len());
        for field in fields {
            let layout = self.layout(*field);
            at = align_to(at, layout.align);
            offsets.push(at);
            at = at.saturating_add(layout.size);
            align = align.max(layout.align);
        }
        RecordLayout { layout: Layout { size: align_to(at, align), align }, offsets }
    }

    /// The layout of a variant.
    #[must_use]
    pub fn variant(&self, cases: &[Vec<Ty<'db>>]) -> VariantLayout {
        let tag = tag_size(cases.len());
        let align = cases.iter().map(|case| self.record(case, 0).layout.align).max().unwrap_or(1);
        let start = align_to(tag, align);
        let (mut size, mut placed) = (start, Vec::with_capacity(cases.len()));
        for case in cases {
            let record = self.record(case, 0);
            size = size.max(start.saturating_add(record.layout.size));
            placed.push(record.offsets.iter().map(|at| start.saturating_add(*at)).collect());
        }
        let align = align.max(tag);
        VariantLayout { layout: Layout { size: align_to(size, align), align }, tag, cases: placed }
    }
}
