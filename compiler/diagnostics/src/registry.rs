//! The table of all codes.
//!
//! A code exists because it stands here: [`Code`] has no public constructor, so no crate can report
//! something that has no page. To add one: a line in the table, in the part of the layer that reports
//! it, and a page `codes/<code>.md` with the sections that the others have (what and why; one example
//! fenced ```` ```dot,wrong ````, one fenced ```` ```dot,right ````, which a test compiles).

use std::fmt;

/// The stable name of a kind of problem, such as `unknown-name`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(&'static str);

impl Code {
    /// The name, in kebab case.
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// The code of this name, if there is one.
    pub fn find(name: &str) -> Option<Code> {
        ALL_CODES.iter().find(|entry| entry.code.0 == name).map(|entry| entry.code)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// What is known about a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeEntry {
    /// The code.
    pub code: Code,
    /// One line.
    pub summary: &'static str,
    /// The Markdown page.
    pub page: &'static str,
}

/// The page of a code, in Markdown, or nothing if there is no such code.
pub fn explain(code: &str) -> Option<&'static str> {
    ALL_CODES.iter().find(|entry| entry.code.0 == code).map(|entry| entry.page)
}

macro_rules! codes {
    ($($constant:ident $code:literal $summary:literal;)*) => {
        /// Every code as a constant, for the crate that reports it.
        pub mod codes {
            use super::Code;
            $(#[doc = $summary] pub const $constant: Code = Code($code);)*
        }

        /// Every code with its summary and page, layer by layer.
        pub const ALL_CODES: &[CodeEntry] = &[$(CodeEntry {
            code: codes::$constant,
            summary: $summary,
            page: include_str!(concat!("../codes/", $code, ".md")),
        },)*];
    };
}

codes! {
    // Any layer
    NOT_YET "not-yet" "Part of the language, but this compiler can't do it yet.";

    // Syntax: text, tokens, items, trees
    INVALID_UTF8 "invalid-utf8" "A source file is not UTF-8.";
    UNKNOWN_CHARACTER "unknown-character" "A character that begins no token.";
    UNCLOSED_STRING "unclosed-string" "A string or character literal has no end.";
    INVALID_ESCAPE "invalid-escape" "An escape sequence that does not exist.";
    INVALID_LITERAL "invalid-literal" "A number or character literal that can't be read.";
    INVALID_NAME "invalid-name" "A name in a case that its place does not allow.";
    UNEXPECTED_TOKEN "unexpected-token" "Something else was expected here.";
    UNCLOSED_BRACKET "unclosed-bracket" "A bracket is never closed.";
    UNOPENED_BRACKET "unopened-bracket" "A closing bracket that nothing opened.";
    OUTSIDE_ITEM "outside-item" "Text that belongs to no item.";
    NESTING_TOO_DEEP "nesting-too-deep" "Nested beyond the limit that keeps tools from running out of stack.";

    // Files
    MISSING_FILE "missing-file" "A source file that should be there is not.";

    // Names: modules, imports, what a name means
    UNKNOWN_NAME "unknown-name" "A name that means nothing where it stands.";
    UNKNOWN_MODULE "unknown-module" "A `use` or `export` of a module or interface that is not there.";
    PRIVATE_ITEM "private-item" "An item of another package that is not public.";
    DUPLICATE_ITEM "duplicate-item" "Two declarations of one name in a module or in an item.";
    WIT_NAME_COLLISION "wit-name-collision" "Two names that are one name in WIT.";
    RESERVED_NAME "reserved-name" "A declared name that the language keeps for itself.";
    UNKNOWN_ATTRIBUTE "unknown-attribute" "An attribute that does not exist.";
    INVALID_ATTRIBUTE "invalid-attribute" "An attribute with the wrong arguments, or in the wrong place.";
}
