//! A pattern as a nondeterministic machine over bytes (Thompson, CACM 1968).

use crate::syntax::{Node, PatternError};
use crate::utf8::sequences;

/// A pattern that needs more states is refused.
const MOST_STATES: usize = 20_000;

/// A state of the machine.
#[derive(Clone, Copy, Debug)]
pub enum State {
    /// Reads a byte from the first to the second, goes on at the third.
    Byte(u8, u8, usize),
    /// Goes on at both without reading.
    Fork(usize, usize),
    /// Goes on if nothing has been read.
    Start(usize),
    /// Goes on if nothing is left.
    End(usize),
    /// The text is described.
    Accept,
}

/// The machine of a pattern: its states, and the one that it starts in.
pub struct Machine {
    /// By number.
    pub states: Vec<State>,
    /// Where it starts.
    pub start: usize,
}

impl Machine {
    pub fn new(node: &Node) -> Result<Self, PatternError> {
        let mut machine = Self { states: vec![State::Accept], start: 0 };
        machine.start = machine.add(node, 0)?;
        Ok(machine)
    }

    fn state(&mut self, state: State) -> Result<usize, PatternError> {
        if self.states.len() == MOST_STATES {
            return Err(too_large());
        }
        self.states.push(state);
        Ok(self.states.len() - 1)
    }

    /// Adds the states of a node that goes on at `next`; gives the one to begin with.
    fn add(&mut self, node: &Node, next: usize) -> Result<usize, PatternError> {
        match node {
            Node::Set(set) => {
                let mut ways = Vec::new();
                for (first, last) in set.scalars() {
                    for sequence in sequences(first, last) {
                        let mut at = next;
                        for (low, high) in sequence.into_iter().rev() {
                            at = self.state(State::Byte(low, high, at))?;
                        }
                        ways.push(at);
                    }
                }
                self.choice(ways)
            }
            Node::Start => self.state(State::Start(next)),
            Node::End => self.state(State::End(next)),
            Node::Sequence(nodes) => nodes.iter().rev().try_fold(next, |next, node| self.add(node, next)),
            Node::Choice(nodes) => {
                let ways = nodes.iter().map(|node| self.add(node, next)).collect::<Result<_, _>>()?;
                self.choice(ways)
            }
            Node::Repeat { inner, least, most } => self.repeat(inner, *least, *most, next),
        }
    }

    fn choice(&mut self, ways: Vec<usize>) -> Result<usize, PatternError> {
        let mut ways = ways.into_iter().rev();
        let Some(last) = ways.next() else {
            // A set without chars: a byte that there is not.
            return self.state(State::Byte(1, 0, 0));
        };
        ways.try_fold(last, |rest, way| self.state(State::Fork(way, rest)))
    }

    fn repeat(
        &mut self,
        inner: &Node,
        least: u32,
        most: Option<u32>,
        next: usize,
    ) -> Result<usize, PatternError> {
        let mut at = next;
        match most {
            None => {
                let again = self.state(State::Fork(next, next))?;
                let body = self.add(inner, again)?;
                self.states[again] = State::Fork(body, next);
                at = again;
            }
            Some(most) => {
                for _ in least..most {
                    let body = self.add(inner, at)?;
                    at = self.state(State::Fork(body, next))?;
                }
            }
        }
        for _ in 0..least {
            at = self.add(inner, at)?;
        }
        Ok(at)
    }
}

/// The pattern needs too large an automaton.
pub fn too_large() -> PatternError {
    let message = "this pattern needs too large an automaton; smaller numbers in braces may do".to_owned();
    PatternError { message, range: 0..0 }
}
