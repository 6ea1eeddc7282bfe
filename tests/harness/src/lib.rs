//! The harness: conformance, programs, layers, fuzzing.
