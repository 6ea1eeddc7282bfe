//! `suite NAME…` runs programs of `tests/programs` and `examples` on every engine, says what is wrong, and how long
//! each took.

use dot_tests::agree;
use dot_tests::suite::{EXAMPLES, PROGRAMS};
use std::time::Instant;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let run = std::thread::Builder::new().stack_size(agree::STACK).spawn(move || run(&wanted));
    let wrong = run.ok().and_then(|thread| thread.join().ok()).unwrap_or(1);
    std::process::exit(i32::from(wrong > 0));
}

/// Gives the number of programs that don't do what they must.
fn run(wanted: &[String]) -> usize {
    let mut wrong = 0;
    for suite in [EXAMPLES, PROGRAMS] {
        for name in suite.names().iter().filter(|name| wanted.is_empty() || wanted.contains(name)) {
            let start = Instant::now();
            let complaints = agree::complaints_of_program(suite, name);
            println!("{name}: {:.2} s", start.elapsed().as_secs_f64());
            complaints.iter().for_each(|complaint| println!("  {complaint}"));
            wrong += usize::from(!complaints.is_empty());
        }
    }
    wrong
}
