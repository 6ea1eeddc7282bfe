//! Exit codes, after `sysexits.h` where that has one.

use std::process::ExitCode;

/// Why the command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit(u8);

/// All went well.
pub const OK: Exit = Exit(0);
/// `fmt --check` found a file that is not formatted.
pub const NOT_FORMATTED: Exit = Exit(1);
/// The command line is wrong.
pub const USAGE: Exit = Exit(2);
/// The program does not compile.
pub const DOES_NOT_COMPILE: Exit = Exit(65);
/// An input can't be read.
pub const NO_INPUT: Exit = Exit(66);
/// A defect of the compiler.
pub const DEFECT: Exit = Exit(70);
/// An output can't be written.
pub const NO_OUTPUT: Exit = Exit(74);

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.0)
    }
}

/// Makes a panic tell that it is a defect of the compiler, and end the process with [`DEFECT`].
pub fn report_defects() {
    std::panic::set_hook(Box::new(|panic| {
        eprintln!("dotc has a defect: {panic}");
        eprintln!("Please report it with the source that led here; the source is not at fault.");
        std::process::exit(i32::from(DEFECT.0));
    }));
}
