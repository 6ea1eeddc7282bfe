//! What the process ends with. Scripts rely on these numbers.

use dot_host::Failure;

/// All went well.
pub const OK: u8 = 0;
/// The dot gave an `err`, or a test failed.
pub const ERR: u8 = 1;
/// The command line is wrong.
pub const USAGE: u8 = 2;
/// The program does not compile, or is not a program.
pub const DATA: u8 = 65;
/// Our own bug.
pub const BUG: u8 = 70;
/// A resource ran out.
pub const RESOURCE: u8 = 75;
/// A capability was not granted.
pub const DENIED: u8 = 77;
/// The program trapped: what a shell shows for an aborted process.
pub const TRAP: u8 = 134;

/// The code for a failure.
pub fn of(failure: &Failure) -> u8 {
    match failure {
        Failure::Load(_) => DATA,
        Failure::Trap(_) => TRAP,
        Failure::Resource(_) => RESOURCE,
        Failure::Missing(_) => DENIED,
        Failure::Arguments(_) => USAGE,
        // The guest chose it; a shell sees the low byte of any code.
        Failure::Exit(code) => code.to_le_bytes()[0],
        Failure::Host(_) => BUG,
    }
}
