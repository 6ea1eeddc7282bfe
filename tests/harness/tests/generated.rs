//! Random well-typed programs, a bounded share: `generate --count 100000` runs more.

use dot_generate::{Options, print, shrink};
use dot_tests::differential::{Other, examine};

/// Programs of seeds, and whether each means the same on every engine. A failure is made smaller before it is told.
fn failures(seeds: std::ops::Range<u64>) -> Vec<String> {
    let mut failures = Vec::new();
    for seed in seeds {
        let options = Options::of_seed(seed);
        let program = dot_generate::program(seed, &options);
        let Err(finding) = examine(&print::program(&program), &program.calls, &Other::ALL) else { continue };
        let small = shrink::shrink(&program, &mut |candidate| {
            let found = examine(&print::program(candidate), &candidate.calls, &Other::ALL);
            found.is_err_and(|found| found.kind == finding.kind)
        });
        failures.push(format!("seed {seed}: {}\n{}\n{}", finding.kind, finding.what, print::program(&small)));
    }
    failures
}

#[test]
// r[expr.order], r[generic.mono], r[value.copy], r[trap.optimise], r[trap.place]
fn random_programs_are_accepted_and_mean_one_thing() {
    let rounds = dot_tests::rounds(20, 600, 100_000);
    // What runs deep on the evaluator needs a deep stack.
    let work = std::thread::Builder::new().stack_size(256 << 20).spawn(move || failures(0..rounds));
    let failures = work.expect("a thread").join().expect("no program makes a tool panic");
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}
