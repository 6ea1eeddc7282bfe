//! The dotc command.

fn main() {}
