//! Programs from a seed.
//!
//! A [`Maker`] makes types, then functions that use earlier ones, then dots that use them all. Expressions are made by
//! type: [`Maker::expr`] draws one of the forms that give the wanted type, which draws its parts in turn, each with a
//! share of the size; at size 0 there are only variables and literals. What can be named stands in a scope of variables
//! that knows which of them may be changed.
//!
//! Every program ends: loops visit ranges and lists, or count; functions that call themselves count down or
//! walk down a value; and each place knows about how often it runs, so that no call is made where it would cost too
//! much.

mod call;
mod closure;
mod collection;
mod data;
mod expr;
mod function;
mod items;
mod literal;
mod matching;
mod number;
mod parallel;
mod parts;
mod path;
mod pattern;
mod scope;
mod set;
mod stmt;
mod text;
mod types;
mod visit;

use crate::model::{Bound, Expr, Program, Type, World};
use crate::random::Random;
use scope::Var;

/// How programs are made.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// About how many statements and functions a program has.
    pub size: usize,
}

impl Options {
    /// A size for a seed, so that programs of many seeds are of all sizes.
    #[must_use]
    pub fn of_seed(seed: u64) -> Options {
        Options { size: 4 + usize::try_from(seed % 20).unwrap_or(0) }
    }
}

/// The program of a seed.
#[must_use]
pub fn program(seed: u64, options: &Options) -> Program {
    Maker::new(seed).package(options)
}

/// How many steps a call may take, by its maker's rough count.
const STEPS: u64 = 4_000;

/// A form of expression that gives a type; none if it can't be made here.
type Form = fn(&mut Maker, &Type, usize) -> Option<Expr>;

/// What makes a program.
struct Maker {
    random: Random,
    world: World,
    frame: Frame,
    /// How many names have been given.
    names: usize,
}

/// What is known inside the function that is being made.
#[derive(Clone, Debug)]
struct Frame {
    scope: Vec<Var>,
    /// The bounds of the function's type parameters.
    generics: Vec<Bound>,
    /// What `return` gives; none where it can't stand.
    result: Option<Type>,
    /// How many loops are around, up to the innermost closure.
    loops: usize,
    /// The variables before this one are not changed here: a closure captures them, or a guard sees them.
    barrier: usize,
    /// About how often the current place runs in a call.
    times: u64,
    /// About how many steps the function takes so far.
    steps: u64,
    /// The functions that may be called with a smaller countdown, and how many such calls are left.
    own: Vec<usize>,
    own_left: usize,
    /// The variables, by index, that the closure being made uses from outside.
    captured: Vec<usize>,
}

impl Frame {
    fn new(generics: Vec<Bound>, result: Option<Type>) -> Frame {
        Frame {
            scope: Vec::new(),
            generics,
            result,
            loops: 0,
            barrier: 0,
            times: 1,
            steps: 0,
            own: Vec::new(),
            own_left: 0,
            captured: Vec::new(),
        }
    }
}

impl Maker {
    fn new(seed: u64) -> Maker {
        Maker { random: Random(seed), world: World::default(), frame: Frame::new(Vec::new(), None), names: 0 }
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.random.chance(percent)
    }

    /// A new name that begins with these letters.
    fn name(&mut self, start: &str) -> String {
        self.names += 1;
        format!("{start}{}", self.names)
    }

    /// Runs `make` where code runs `times` as often as around it.
    fn repeated<T>(&mut self, times: u64, make: impl FnOnce(&mut Maker) -> T) -> T {
        let before = self.frame.times;
        self.frame.times = before.saturating_mul(times);
        let made = make(self);
        self.frame.times = before;
        made
    }

    /// Counts steps at the current place; no if they would be too many.
    fn pay(&mut self, cost: u64) -> bool {
        let steps = self.frame.steps.saturating_add(cost.saturating_mul(self.frame.times));
        if steps > STEPS {
            return false;
        }
        self.frame.steps = steps;
        true
    }
}

/// Parts of a size.
fn share(size: usize, among: usize) -> usize {
    size.saturating_sub(1) / among.max(1)
}
