//! Token soup into `check`: the fuzzer chooses the seed.
#![no_main]

use dot_tests::fuzz::{Random, check, programs, soup};

libfuzzer_sys::fuzz_target!(|seed: u64| check(soup(&mut Random(seed), &programs()).as_bytes()));
