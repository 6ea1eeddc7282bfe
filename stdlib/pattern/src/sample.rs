//! Texts that a pattern describes.

use crate::chars::CharSet;
use crate::syntax::{Node, Pattern};

impl Pattern {
    /// A text that the pattern describes, made by choices: `choose(n)` gives a number below `n`. Parts without an upper
    /// bound are repeated up to `most` times more than they have to be. Where `^` or `$` stands inside, the text may be
    /// one that isn't described.
    #[must_use]
    pub fn sample(&self, most: u32, choose: &mut dyn FnMut(u32) -> u32) -> String {
        let mut out = String::new();
        sample(&self.0, most, choose, &mut out);
        out
    }
}

/// Longer texts are not made.
const LONGEST: usize = 10_000;

fn sample(node: &Node, most: u32, choose: &mut dyn FnMut(u32) -> u32, out: &mut String) {
    match node {
        Node::Set(set) => out.extend(set.sample(choose)),
        Node::Start | Node::End => {}
        Node::Sequence(nodes) => nodes.iter().for_each(|node| sample(node, most, choose, out)),
        Node::Choice(nodes) => {
            let count = u32::try_from(nodes.len()).unwrap_or(u32::MAX);
            if let Some(node) = nodes.get(choose(count) as usize) {
                sample(node, most, choose, out);
            }
        }
        Node::Repeat { inner, least, most: bound } => {
            let spare = bound.map_or(most, |bound| (bound - least).min(most));
            for _ in 0..least + choose(spare + 1) {
                if out.len() > LONGEST {
                    return;
                }
                sample(inner, most, choose, out);
            }
        }
    }
}

impl CharSet {
    /// One of its chars, seldom one beyond ASCII where there are others.
    fn sample(&self, choose: &mut dyn FnMut(u32) -> u32) -> Option<char> {
        let all: Vec<(u32, u32)> = self.scalars().collect();
        let near: Vec<(u32, u32)> = self
            .scalars()
            .map(|(first, last)| (first.max(0x20), last.min(0x7e)))
            .filter(|(first, last)| first <= last)
            .collect();
        let ranges = if near.is_empty() || choose(8) == 0 { all } else { near };
        let count = ranges.iter().map(|(first, last)| last - first + 1).sum();
        let mut at = choose(count);
        for (first, last) in ranges {
            if at <= last - first {
                return char::from_u32(first + at);
            }
            at -= last - first + 1;
        }
        None
    }
}
