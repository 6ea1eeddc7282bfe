//! The ways through a body, for walks that follow it in order of evaluation with something that they know.
//!
//! Where ways part, each goes on with a copy of what is known; where they meet again, what they bring is put together.
//! The body of a loop is walked twice, so that the second turn meets what the first one left. A closure is walked where
//! it stands, apart: what it does, it does to its own locals.

/// What is known at a place.
pub(crate) trait Known: Clone {
    /// Puts together what two ways bring to where they meet.
    fn meet(&mut self, other: Self);
}

/// Where a walk is among the ways.
pub(crate) struct Ways<K> {
    /// What is known; nothing on a way that has ended.
    pub(crate) now: Option<K>,
    /// The loops around, innermost last.
    loops: Vec<LoopWays<K>>,
    /// How many closures are around.
    closures: u32,
}

/// What is known where a loop is left by `break`, and where it is begun again by `continue`.
struct LoopWays<K> {
    left: Vec<Option<K>>,
    again: Vec<Option<K>>,
}

/// A place where ways part.
pub(crate) struct Fork<K> {
    before: Option<K>,
    ended: Vec<Option<K>>,
}

impl<K: Known> Ways<K> {
    /// At the beginning of a body.
    pub(crate) fn new(known: K) -> Self {
        Self { now: Some(known), loops: Vec::new(), closures: 0 }
    }

    /// Whether a closure is around.
    pub(crate) fn in_closure(&self) -> bool {
        self.closures > 0
    }

    /// Begins the first of several ways.
    pub(crate) fn fork(&self) -> Fork<K> {
        Fork { before: self.now.clone(), ended: Vec::new() }
    }

    /// Ends a way, and begins the next one.
    pub(crate) fn next(&mut self, fork: &mut Fork<K>) {
        fork.ended.push(std::mem::replace(&mut self.now, fork.before.clone()));
    }

    /// Ends the last way, and goes on after all of them.
    pub(crate) fn join(&mut self, mut fork: Fork<K>) {
        fork.ended.push(self.now.take());
        self.meet(fork.ended);
    }

    fn meet(&mut self, ways: impl IntoIterator<Item = Option<K>>) {
        self.now = ways.into_iter().flatten().reduce(|mut all, more| {
            all.meet(more);
            all
        });
    }

    /// Ends the way by leaving the innermost loop, or by beginning its next turn.
    pub(crate) fn leave_loop(&mut self, again: bool) {
        let way = self.now.take();
        if let Some(innermost) = self.loops.last_mut() {
            if again { innermost.again.push(way) } else { innermost.left.push(way) }
        }
    }
}

/// A walk through a body.
pub(crate) trait Walker: Sized {
    /// What it knows.
    type Known: Known;

    /// Where it is.
    fn ways(&mut self) -> &mut Ways<Self::Known>;

    /// Something that may be done any number of times.
    fn repeat(&mut self, mut turn: impl FnMut(&mut Self)) {
        let (mut ways, mut left) = (vec![self.ways().now.clone()], Vec::new());
        for _ in 0..2 {
            self.ways().loops.push(LoopWays { left: Vec::new(), again: Vec::new() });
            turn(self);
            ways.push(self.ways().now.take());
            if let Some(around) = self.ways().loops.pop() {
                ways.extend(around.again);
                left.extend(around.left);
            }
            self.ways().meet(ways.clone());
        }
        ways.extend(left);
        self.ways().meet(ways);
    }

    /// The code of a closure.
    fn apart(&mut self, act: impl FnOnce(&mut Self)) {
        let ways = self.ways();
        let (before, loops) = (ways.now.clone(), std::mem::take(&mut ways.loops));
        ways.closures += 1;
        act(self);
        let ways = self.ways();
        ways.closures -= 1;
        (ways.now, ways.loops) = (before, loops);
    }
}
