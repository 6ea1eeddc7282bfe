//! Numbers that look random: Steele, Lea and Flood's SplitMix64 (OOPSLA 2014).

/// A source of numbers.
pub(super) struct Random(u64);

impl Random {
    /// The source for one attempt at one case.
    pub(super) fn new(seed: u64, case: u32, attempt: u32) -> Self {
        let mut random = Self(seed);
        random.0 ^= random.next().wrapping_add(u64::from(case));
        random.0 ^= random.next().wrapping_add(u64::from(attempt));
        random
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`, which is not 0.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        u32::try_from(self.next() % u64::from(bound.max(1))).unwrap_or_default()
    }

    /// Whether something happens that does so once in `n` times.
    pub(super) fn one_in(&mut self, n: u32) -> bool {
        self.below(n) == 0
    }
}
