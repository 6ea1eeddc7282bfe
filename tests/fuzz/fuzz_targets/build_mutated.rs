//! Examples with a few tokens changed into `check` and `build`: the fuzzer chooses the seed.
#![no_main]

use dot_tests::fuzz::{Random, agree, build, check, mutate, programs};

libfuzzer_sys::fuzz_target!(|seed: u64| {
    let mut random = Random(seed);
    if let Some(program) = random.pick(&programs()).cloned() {
        let changed = mutate(&mut random, &program);
        check(changed.as_bytes());
        build(changed.as_bytes());
        agree(changed.as_bytes());
    }
});
