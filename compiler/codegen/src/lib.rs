//! MIR to WebAssembly functions, and their deterministic link into a core module.
