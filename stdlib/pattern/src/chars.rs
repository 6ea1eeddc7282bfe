//! Sets of chars, as sorted ranges that neither overlap nor touch.

/// The last code point before the surrogates, which are no chars.
const BEFORE_SURROGATES: u32 = 0xD7FF;
/// The first one after them.
const AFTER_SURROGATES: u32 = 0xE000;
/// The last code point.
const LAST: u32 = 0x10_FFFF;

/// A set of chars.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CharSet {
    /// First and last code point of each range.
    ranges: Vec<(u32, u32)>,
}

impl CharSet {
    /// `\d`: `0` to `9`.
    pub fn digits() -> Self {
        Self::of(&[('0', '9')])
    }

    /// `\w`: letters and digits of ASCII, and `_`.
    pub fn word() -> Self {
        Self::of(&[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')])
    }

    /// `\s`: space, tab, line feed, vertical tab, form feed, carriage return.
    pub fn space() -> Self {
        Self::of(&[('\t', '\r'), (' ', ' ')])
    }

    /// `.`: every char but the line feed.
    pub fn any() -> Self {
        Self::of(&[('\n', '\n')]).negated()
    }

    /// One char.
    pub fn single(c: char) -> Self {
        Self::of(&[(c, c)])
    }

    fn of(ranges: &[(char, char)]) -> Self {
        let mut set = Self::default();
        ranges.iter().for_each(|(first, last)| set.add(*first, *last));
        set
    }

    /// Adds the chars from `first` to `last`.
    pub fn add(&mut self, first: char, last: char) {
        self.ranges.push((first.into(), last.into()));
        self.tidy();
    }

    /// Adds all chars of another set.
    pub fn add_all(&mut self, other: &Self) {
        self.ranges.extend(&other.ranges);
        self.tidy();
    }

    fn tidy(&mut self) {
        self.ranges.sort_unstable();
        let mut tidy: Vec<(u32, u32)> = Vec::new();
        for (first, last) in self.ranges.drain(..) {
            match tidy.last_mut() {
                Some(previous) if first <= previous.1 + 1 => previous.1 = previous.1.max(last),
                _ => tidy.push((first, last)),
            }
        }
        self.ranges = tidy;
    }

    /// Every char that is not in it.
    #[must_use]
    pub fn negated(&self) -> Self {
        let mut ranges = Vec::new();
        let mut next = 0;
        for (first, last) in self.ranges.iter().copied().chain([(LAST + 1, LAST + 1)]) {
            if next < first {
                ranges.push((next, first - 1));
            }
            next = last + 1;
        }
        Self { ranges }
    }

    /// Whether a char is in it.
    pub fn contains(&self, c: char) -> bool {
        let code = u32::from(c);
        self.ranges.iter().any(|(first, last)| (*first..=*last).contains(&code))
    }

    /// Its ranges without the surrogates.
    pub fn scalars(&self) -> impl Iterator<Item = (u32, u32)> {
        self.ranges.iter().flat_map(|&(first, last)| {
            let low = (first, last.min(BEFORE_SURROGATES));
            let high = (first.max(AFTER_SURROGATES), last);
            [low, high].into_iter().filter(|(first, last)| first <= last)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::CharSet;

    #[test]
    fn a_set_and_its_negation_share_no_char_and_leave_none_out() {
        for set in [CharSet::digits(), CharSet::word(), CharSet::space(), CharSet::any()] {
            let other = set.negated();
            for c in ('\0'..='\u{3ff}').chain(['\u{d7ff}', '\u{e000}', '\u{10ffff}']) {
                assert_ne!(set.contains(c), other.contains(c), "{c:?}");
            }
            assert_eq!(other.negated(), set);
        }
    }
}
