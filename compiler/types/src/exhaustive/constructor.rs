//! Constructors: the outermost choice that a pattern makes about a value, and how choices split each other.

use crate::thir::Literal;
use smol_str::SmolStr;

/// The outermost choice that a pattern makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Constructor {
    /// Fits every value; in a split, the values that no other constructor of the split stands for.
    Any,
    /// The only way to make a record or tuple.
    Single,
    /// A case of a variant.
    Case(u32),
    /// Scalars with an order, first and last: integers, chars, and bools as 0 and 1.
    Range(i128, i128),
    /// A string, float or flags equal to this.
    Exactly(Key),
    /// A string pattern with holes, or a constant: known to be different from nothing, equal to nothing but itself.
    Opaque(u32),
    /// A list by its length.
    List(ListShape),
}

/// What identifies a literal of a type whose values can't be enumerated.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    /// A string.
    String(SmolStr),
    /// A float's bits; both zeros have those of `0.0`.
    Float(u64),
    /// The bits of flags.
    Flags(u32),
}

/// Which lists a list pattern fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ListShape {
    /// Those of this length.
    Exactly(u32),
    /// Those with at least this many elements at the start and at the end.
    AtLeast(u32, u32),
}

impl ListShape {
    pub(super) fn arity(self) -> u32 {
        match self {
            Self::Exactly(len) => len,
            Self::AtLeast(before, after) => before.saturating_add(after),
        }
    }

    fn covers(self, other: Self) -> bool {
        match (self, other) {
            (Self::Exactly(a), Self::Exactly(b)) => a == b,
            (Self::Exactly(_), Self::AtLeast(..)) => false,
            (Self::AtLeast(..), other) => self.arity() <= other.arity(),
        }
    }
}

impl Constructor {
    /// Whether every value of `part` (one part of a split by `self` and others) fits `self`.
    pub(super) fn covers(&self, part: &Self) -> bool {
        match (self, part) {
            (Self::Any, _) => true,
            (Self::Range(a, b), Self::Range(c, d)) => a <= c && d <= b,
            (Self::List(a), Self::List(b)) => a.covers(*b),
            (a, b) => a == b,
        }
    }

    /// The bounds of a range.
    pub(super) fn range(&self) -> Option<(i128, i128)> {
        if let Self::Range(first, last) = self { Some((*first, *last)) } else { None }
    }

    /// The lengths of a list.
    pub(super) fn list(&self) -> Option<ListShape> {
        if let Self::List(shape) = self { Some(*shape) } else { None }
    }

    /// The constructor of a literal, unless it is a byte string.
    pub(super) fn of_literal(literal: &Literal) -> Option<Self> {
        Some(match literal {
            Literal::Bool(value) => Self::Range(i128::from(*value), i128::from(*value)),
            Literal::Int(value) => Self::Range(*value, *value),
            Literal::Char(value) => Self::Range(i128::from(u32::from(*value)), i128::from(u32::from(*value))),
            Literal::Float(bits) => {
                let bits = if f64::from_bits(*bits) == 0.0 { 0 } else { *bits };
                Self::Exactly(Key::Float(bits))
            }
            Literal::String(text) => Self::Exactly(Key::String(text.clone())),
            Literal::Flags(bits) => Self::Exactly(Key::Flags(*bits)),
            Literal::Bytes(_) => return None,
        })
    }
}

/// Cuts `whole` ranges at the bounds of `used` ones, so that each part lies in each used range or outside it.
pub(super) fn split_ranges(whole: &[(i128, i128)], used: &[(i128, i128)]) -> Vec<Constructor> {
    let mut cuts: Vec<i128> =
        used.iter().flat_map(|(first, last)| [*first, last.saturating_add(1)]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut parts = Vec::new();
    for (first, last) in whole {
        let mut from = *first;
        let begin = cuts.partition_point(|cut| *cut <= from);
        for cut in &cuts[begin..] {
            if cut > last {
                break;
            }
            parts.push(Constructor::Range(from, cut - 1));
            from = *cut;
        }
        parts.push(Constructor::Range(from, *last));
    }
    parts
}

/// Splits all lists by the lengths that `used` tells apart: every exact length up to the longest one, then
/// all longer lists at once.
pub(super) fn split_lists(fixed: Option<u32>, used: &[ListShape]) -> Vec<Constructor> {
    if let Some(len) = fixed {
        return vec![Constructor::List(ListShape::Exactly(len))];
    }
    let (mut exact, mut before, mut after) = (0, 0, 0);
    for shape in used {
        match shape {
            ListShape::Exactly(len) => exact = exact.max(len.saturating_add(1)),
            ListShape::AtLeast(start, end) => {
                before = before.max(*start);
                after = after.max(*end);
            }
        }
    }
    let longest = exact.max(before.saturating_add(after));
    let rest = ListShape::AtLeast(longest.saturating_sub(after), after);
    (0..longest)
        .map(|len| Constructor::List(ListShape::Exactly(len)))
        .chain([Constructor::List(rest)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_cut_at_every_bound() {
        let parts = split_ranges(&[(0, 255)], &[(10, 20), (15, 255)]);
        let expected = [(0, 9), (10, 14), (15, 20), (21, 255)];
        assert_eq!(parts, expected.map(|(first, last)| Constructor::Range(first, last)));
    }

    #[test]
    fn lists_are_split_by_length() {
        let parts = split_lists(None, &[ListShape::Exactly(0), ListShape::AtLeast(1, 1)]);
        let expected = [ListShape::Exactly(0), ListShape::Exactly(1), ListShape::AtLeast(1, 1)];
        assert_eq!(parts, expected.map(Constructor::List));
    }
}
