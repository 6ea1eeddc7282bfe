//! Why a call gave no value.

use std::fmt;

use crate::grants::Missing;

/// Why a component was not loaded, or a call gave no value. Each kind is somebody else's to mend.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// The file is not a component that can run here.
    Load(String),
    /// The program stopped at a point where it can't go on: its author's to mend.
    Trap(Box<Trap>),
    /// A limit was reached: whoever sets the limits decides.
    Resource(Box<Resource>),
    /// It imports what was not granted: whoever runs it decides.
    Missing(Vec<Missing>),
    /// The arguments don't fit the signature: the caller's to mend.
    Arguments(Vec<String>),
    /// The guest asked to end with this code.
    Exit(i32),
    /// The host itself failed.
    Host(String),
}

/// A trap, told in the terms of the source.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trap {
    /// The stable kind, `overflow`, `index`, ….
    pub kind: String,
    /// What happened.
    pub message: String,
    /// Where in the source.
    pub span: Option<Span>,
    /// Values of the failing operation by name, as Dot prints them.
    pub values: Vec<(String, String)>,
    /// The calls that led there, innermost first.
    pub backtrace: Vec<Frame>,
}

/// A resource failure.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    /// What ran out.
    pub kind: ResourceKind,
    /// What happened.
    pub message: String,
    /// The calls that led there, innermost first; empty where there were none.
    pub backtrace: Vec<Frame>,
}

/// What can run out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResourceKind {
    /// Linear memory.
    Memory,
    /// Counted instructions.
    Fuel,
    /// Time.
    Timeout,
    /// Nested calls.
    Depth,
}

impl ResourceKind {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            ResourceKind::Memory => "memory",
            ResourceKind::Fuel => "fuel",
            ResourceKind::Timeout => "timeout",
            ResourceKind::Depth => "depth",
        }
    }

    /// The kind with this stable name.
    pub fn from_name(name: &str) -> Option<ResourceKind> {
        [ResourceKind::Memory, ResourceKind::Fuel, ResourceKind::Timeout, ResourceKind::Depth]
            .into_iter()
            .find(|k| k.name() == name)
    }
}

/// A range in a source file; lines and columns from 1, the end excluded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The path relative to the package's root.
    pub file: String,
    /// The first line.
    pub line: u32,
    /// The first column.
    pub column: u32,
    /// The last line.
    pub end_line: u32,
    /// The column after the end.
    pub end_column: u32,
}

/// One call in a backtrace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The function's name, or `<function 12>`.
    pub function: String,
    /// File, line and column, as far as they are known.
    pub place: Option<(String, u32, u32)>,
}

impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some((file, line, column)) => write!(f, "{} at {file}:{line}:{column}", self.function),
            None => f.write_str(&self.function),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Load(message) | Failure::Host(message) => f.write_str(message),
            Failure::Trap(trap) => write!(f, "{}: {}", trap.kind, trap.message),
            Failure::Resource(resource) => write!(f, "{}: {}", resource.kind.name(), resource.message),
            Failure::Missing(missing) => {
                f.write_str("not granted:")?;
                missing.iter().try_for_each(|m| write!(f, " {m};"))
            }
            Failure::Arguments(problems) => f.write_str(&problems.join("; ")),
            Failure::Exit(code) => write!(f, "the program ended with code {code}"),
        }
    }
}

impl std::error::Error for Failure {}
