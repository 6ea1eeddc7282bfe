//! Any bytes into `check`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| dot_tests::fuzz::check(bytes));
