//! What a pattern means: which texts it describes.
//!
//! A node takes a set of places in the text to the set of places where what it describes may end. That is all
//! there is to it; nothing here knows of automata or bytes, so that the two can be held against each other.

use crate::syntax::{Node, Pattern};
use std::collections::BTreeSet;

/// Places in a text, counted in chars.
type Places = BTreeSet<usize>;

impl Pattern {
    /// Whether the whole text is what the pattern describes.
    #[must_use]
    pub fn describes(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        ends(&self.0, &text, &Places::from([0])).contains(&text.len())
    }
}

fn ends(node: &Node, text: &[char], starts: &Places) -> Places {
    match node {
        Node::Set(set) => {
            let fits = |at: &&usize| text.get(**at).is_some_and(|c| set.contains(*c));
            starts.iter().filter(fits).map(|at| at + 1).collect()
        }
        Node::Start => starts.iter().copied().filter(|at| *at == 0).collect(),
        Node::End => starts.iter().copied().filter(|at| *at == text.len()).collect(),
        Node::Sequence(nodes) => nodes.iter().fold(starts.clone(), |places, node| ends(node, text, &places)),
        Node::Choice(nodes) => nodes.iter().flat_map(|node| ends(node, text, starts)).collect(),
        Node::Repeat { inner, least, most } => repeated(inner, text, starts, *least, *most),
    }
}

fn repeated(inner: &Node, text: &[char], starts: &Places, least: u32, most: Option<u32>) -> Places {
    let mut now = starts.clone();
    for _ in 0..least {
        now = ends(inner, text, &now);
    }
    let mut all = now.clone();
    let mut turns = least;
    // A turn that leads nowhere new adds nothing, nor do those after it.
    while !now.is_empty() && most.is_none_or(|most| turns < most) {
        now = ends(inner, text, &now).into_iter().filter(|at| !all.contains(at)).collect();
        all.extend(&now);
        turns += 1;
    }
    all
}
