//! Properties: values for the parameters of a test, and the smallest ones that break it.
//!
//! Values are made by structure, from a component's own types, so that whatever language it came from can be tried
//! this way. The first cases are the small and the extreme values of each type; those after them are random, larger as
//! they go on. A case is made from the seed and its number alone, so it can be made again by itself.
//!
//! A case that fails is made smaller step by step ([`minimise`]): a smaller value is kept as long as it fails too. The
//! idea is QuickCheck's (Claessen and Hughes, ICFP 2000).

mod generate;
mod random;
mod shrink;

use wasmtime::component::Val;

use crate::constraint;
use crate::program::Dot;
use random::Random;

/// How many cases are made of small and extreme values.
const EXTREMES: u32 = 24;
/// How often values are made anew that break a constraint, before a case is given up.
const TRIES: u32 = 200;
/// How many smaller cases are tried.
const STEPS: u32 = 2_000;

/// The arguments of the case `number`, counted from 0. None if no values were found that the parameters' constraints
/// admit, or a parameter's type has none that can be made: handles.
#[must_use]
pub fn case(dot: &Dot, seed: u64, number: u32) -> Option<Vec<Val>> {
    if dot.params.iter().any(|param| !param.ty.is_data()) {
        return None;
    }
    for attempt in 0..TRIES {
        let mut random = Random::new(seed, number, attempt);
        // Where the extreme values are not admitted, others are tried.
        let rank = (attempt == 0 && number < EXTREMES).then_some(number);
        let make = |param: &crate::program::Param| {
            generate::value(&param.ty, &param.constraints, rank, number, &mut random)
        };
        let args: Vec<Val> = dot.params.iter().map(make).collect();
        if constraint::broken(dot, &args).is_empty() {
            return Some(args);
        }
    }
    None
}

/// Smaller arguments that fail too, as small as they were found. `fails` runs the test.
pub fn minimise(dot: &Dot, args: Vec<Val>, fails: &mut dyn FnMut(&[Val]) -> bool) -> Vec<Val> {
    let mut smallest = args;
    let mut left = STEPS;
    'again: loop {
        for (index, param) in dot.params.iter().enumerate() {
            for smaller in shrink::candidates(&smallest[index], &param.ty) {
                if left == 0 {
                    return smallest;
                }
                left -= 1;
                let mut args = smallest.clone();
                args[index] = smaller;
                if constraint::broken(dot, &args).is_empty() && fails(&args) {
                    smallest = args;
                    continue 'again;
                }
            }
        }
        return smallest;
    }
}
