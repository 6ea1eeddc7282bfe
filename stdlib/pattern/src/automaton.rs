//! The automaton of a pattern: deterministic, minimal, over the bytes of UTF-8.
//!
//! Bytes that no state tells apart are one class. The states are found by the subset construction (Rabin and
//! Scott, 1959) and merged by Moore's refinement (1956). State 0 accepts nothing any more; it starts in state 1.
//!
//! As bytes, which a component carries and the standard library's `constraint.accepts` walks:
//!
//! | | |
//! |---|---|
//! | 1 byte | the size of a state's number: 1 or 2, the low byte first |
//! | 1 byte | the number of classes, less one |
//! | 256 bytes | the class of each byte |
//! | for each state | 1 byte: whether it accepts; then the next state by class |

use crate::machine::{Machine, State, too_large};
use crate::syntax::{Pattern, PatternError};
use std::collections::HashMap;

/// A pattern that needs more states, before they are merged, is refused.
const MOST_STATES: usize = 4_096;
/// A table of more bytes is refused.
const MOST_BYTES: usize = 64 << 10;
/// How many states are followed to find the sets, before the pattern is refused.
const MOST_WORK: usize = 20_000_000;

/// The state from which nothing is accepted.
const DEAD: usize = 0;
/// The first state.
const START: usize = 1;

/// The automaton of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Automaton {
    /// The class of each byte.
    classes: Vec<u8>,
    /// How many classes there are.
    width: usize,
    /// Whether each state accepts.
    accepting: Vec<bool>,
    /// By state and class.
    next: Vec<usize>,
}

impl Pattern {
    /// The automaton that accepts the bytes of the texts that the pattern describes.
    ///
    /// # Errors
    ///
    /// When it would be too large.
    pub fn automaton(&self) -> Result<Automaton, PatternError> {
        let machine = Machine::new(&self.0)?;
        let automaton = Subsets::new(&machine).automaton()?.minimal();
        if automaton.to_bytes().len() > MOST_BYTES {
            return Err(too_large());
        }
        Ok(automaton)
    }
}

impl Automaton {
    /// Whether it accepts a text. Takes one step a byte.
    #[must_use]
    pub fn accepts(&self, text: &str) -> bool {
        let step =
            |state, byte: u8| self.next[state * self.width + usize::from(self.classes[usize::from(byte)])];
        self.accepting[text.bytes().fold(START, step)]
    }

    /// The automaton as a component carries it.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let states = self.accepting.len();
        let size = if states <= 256 { 1 } else { 2 };
        let mut out = vec![size, (self.width - 1).to_le_bytes()[0]];
        out.extend(&self.classes);
        for (state, accepts) in self.accepting.iter().enumerate() {
            out.push(u8::from(*accepts));
            for next in &self.next[state * self.width..(state + 1) * self.width] {
                out.extend(&next.to_le_bytes()[..usize::from(size)]);
            }
        }
        out
    }

    /// The smallest automaton that accepts the same.
    fn minimal(&self) -> Self {
        let states = self.accepting.len();
        let mut group: Vec<usize> = self.accepting.iter().map(|accepts| usize::from(*accepts)).collect();
        let mut count = 0;
        loop {
            let mut numbers: HashMap<Vec<usize>, usize> = HashMap::new();
            let next: Vec<usize> = (0..states)
                .map(|state| {
                    let row = &self.next[state * self.width..(state + 1) * self.width];
                    let key = [group[state]].into_iter().chain(row.iter().map(|next| group[*next])).collect();
                    // The dead state comes first, so that its group has number 0.
                    let fresh = numbers.len();
                    *numbers.entry(key).or_insert(fresh)
                })
                .collect();
            let grown = numbers.len() > count;
            count = numbers.len();
            group = next;
            if !grown {
                break;
            }
        }
        self.merged(&group, count)
    }

    fn merged(&self, group: &[usize], count: usize) -> Self {
        // The start may be merged with the dead state: then it gets a state of its own, so that both keep their number.
        if group[START] == group[DEAD] {
            let next = vec![DEAD; 2];
            return Self { classes: vec![0; 256], width: 1, accepting: vec![false; 2], next };
        }
        debug_assert_eq!((group[DEAD], group[START]), (DEAD, START), "states are numbered as they are found");
        let mut accepting = vec![false; count];
        let mut next = vec![DEAD; count * self.width];
        for (state, group_of) in group.iter().enumerate() {
            accepting[*group_of] = self.accepting[state];
            for class in 0..self.width {
                next[group_of * self.width + class] = group[self.next[state * self.width + class]];
            }
        }
        Self { classes: self.classes.clone(), width: self.width, accepting, next }
    }
}

/// The subset construction.
struct Subsets<'a> {
    machine: &'a Machine,
    classes: Vec<u8>,
    /// The first byte of each class.
    samples: Vec<u8>,
    /// The sets of states that have a number; whether it is the first one belongs to them, since `^` does.
    numbers: HashMap<(Vec<usize>, bool), usize>,
    todo: Vec<Vec<usize>>,
    accepting: Vec<bool>,
    next: Vec<usize>,
    /// The search in which each state was last seen.
    seen: Vec<usize>,
    search: usize,
    work: usize,
}

impl<'a> Subsets<'a> {
    fn new(machine: &'a Machine) -> Self {
        let mut begins = [false; 257];
        begins[0] = true;
        for state in &machine.states {
            if let State::Byte(low, high, _) = state
                && low <= high
            {
                begins[usize::from(*low)] = true;
                begins[usize::from(*high) + 1] = true;
            }
        }
        let (mut classes, mut samples) = (Vec::new(), Vec::new());
        for byte in 0..=u8::MAX {
            if begins[usize::from(byte)] {
                samples.push(byte);
            }
            classes.push((samples.len() - 1).to_le_bytes()[0]);
        }
        let (numbers, todo, accepting, next) = (HashMap::new(), Vec::new(), Vec::new(), Vec::new());
        let seen = vec![0; machine.states.len()];
        Self { machine, classes, samples, numbers, todo, accepting, next, seen, search: 0, work: 0 }
    }

    fn automaton(mut self) -> Result<Automaton, PatternError> {
        self.number(Vec::new(), false)?;
        let first = self.closed(&[self.machine.start], true, false)?;
        self.number(first, true)?;
        let mut done = 0;
        while let Some(set) = self.todo.get(done).cloned() {
            done += 1;
            for class in 0..self.samples.len() {
                let byte = self.samples[class];
                let read = |state: &usize| match self.machine.states[*state] {
                    State::Byte(low, high, next) if (low..=high).contains(&byte) => Some(next),
                    _ => None,
                };
                let targets: Vec<usize> = set.iter().filter_map(read).collect();
                self.work += set.len();
                let next = self.closed(&targets, false, false)?;
                let number = self.number(next, false)?;
                self.next.push(number);
            }
        }
        let (classes, accepting, next) = (self.classes, self.accepting, self.next);
        Ok(Automaton { classes, width: self.samples.len(), accepting, next })
    }

    /// These states and those that are reached from them without reading, sorted.
    fn closed(&mut self, states: &[usize], is_start: bool, is_end: bool) -> Result<Vec<usize>, PatternError> {
        let mut set = Vec::new();
        let mut todo = states.to_vec();
        self.search += 1;
        while let Some(state) = todo.pop() {
            if std::mem::replace(&mut self.seen[state], self.search) == self.search {
                continue;
            }
            self.work += 1;
            match self.machine.states[state] {
                State::Fork(a, b) => todo.extend([a, b]),
                State::Start(next) if is_start => todo.push(next),
                State::End(next) if is_end => todo.push(next),
                State::Byte(..) | State::End(_) | State::Accept => set.push(state),
                State::Start(_) => {}
            }
        }
        if self.work > MOST_WORK {
            return Err(too_large());
        }
        set.sort_unstable();
        Ok(set)
    }

    /// The number of a set of states, which gets one if it has none.
    fn number(&mut self, set: Vec<usize>, is_start: bool) -> Result<usize, PatternError> {
        let key = (set, is_start);
        if let Some(number) = self.numbers.get(&key) {
            return Ok(*number);
        }
        let number = self.todo.len();
        if number == MOST_STATES {
            return Err(too_large());
        }
        let from = if is_start { vec![self.machine.start] } else { key.0.clone() };
        let at_end = self.closed(&from, is_start, true)?;
        self.accepting.push(at_end.iter().any(|state| matches!(self.machine.states[*state], State::Accept)));
        self.todo.push(key.0.clone());
        self.numbers.insert(key, number);
        Ok(number)
    }
}
