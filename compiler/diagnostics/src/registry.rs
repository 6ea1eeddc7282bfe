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
    EMPTY_TYPE "empty-type" "An enum, variant or flags type without cases.";
    UNKNOWN_ATTRIBUTE "unknown-attribute" "An attribute that does not exist.";
    INVALID_ATTRIBUTE "invalid-attribute" "An attribute with the wrong arguments, or in the wrong place.";

    // Types: declarations and bodies
    DEPRECATED "deprecated" "A use of what its author has marked as deprecated.";
    INVALID_PATTERN "invalid-pattern" "A pattern of `@pattern` that can't be read, or needs too large an automaton.";
    TYPE_MISMATCH "type-mismatch" "A value of another type than what is expected.";
    TYPE_UNKNOWN "type-unknown" "A type that nothing before this place tells.";
    TYPE_TOO_LARGE "type-too-large" "A type that nests too deep or has too many parts.";
    ENDLESS_TYPE "endless-type" "A type without a finite value, or whose instances need ever larger ones.";
    ENDLESS_INSTANTIATION "endless-instantiation" "A generic function that needs ever larger instances of itself.";
    NOT_A_TYPE "not-a-type" "Something that is no type stands where a type is expected.";
    WRONG_TYPE_ARGUMENTS "wrong-type-arguments" "Another number of type arguments than a type or function takes.";
    UNKNOWN_BOUND "unknown-bound" "A bound that does not exist.";
    BOUND_NOT_MET "bound-not-met" "A type that a type parameter's bound or an operation does not admit.";
    RECURSIVE_ALIAS "recursive-alias" "An alias that stands for itself.";
    RECURSIVE_CONSTANT "recursive-constant" "A constant that needs itself.";
    RECURSIVE_DEFAULT "recursive-default" "A default value that needs itself.";
    LITERAL_OUT_OF_RANGE "literal-out-of-range" "A number that its type can't hold.";
    NOT_A_VALUE "not-a-value" "A module or type where a value is expected.";
    NOT_A_RECORD "not-a-record" "Something that is no record where a record is needed.";
    UNKNOWN_FIELD "unknown-field" "A field that a type does not have.";
    MISSING_FIELD "missing-field" "A field that is neither given nor has a default.";
    DUPLICATE_FIELD "duplicate-field" "A field that is given or matched twice.";
    UNKNOWN_METHOD "unknown-method" "A method or member that a type does not have.";
    UNKNOWN_CASE "unknown-case" "A case that a type does not have.";
    AMBIGUOUS_CASE "ambiguous-case" "A bare case that several types have.";
    OPAQUE_TYPE "opaque-type" "The structure of an opaque type outside of its file.";
    NOT_CALLABLE "not-callable" "A call of what is no function.";
    WRONG_ARGUMENTS "wrong-arguments" "Arguments that do not fit the parameters.";
    INOUT_MARK "inout-mark" "An argument that lacks `inout`, or has it without need.";
    INOUT_OVERLAP "inout-overlap" "Two places that one call changes overlap.";
    NOT_A_PLACE "not-a-place" "A value where a place is needed.";
    NOT_MUTABLE "not-mutable" "A variable that can't be changed.";
    CAPTURED_VARIABLE "captured-variable" "A change of a variable that a closure captured.";
    PAR_BODY "par-body" "A body of a `par` that changes a variable from outside, or jumps away.";
    GUARD_CHANGES "guard-changes" "A guard that changes a variable.";
    NOT_INDEXABLE "not-indexable" "An index of what has no elements.";
    NOT_ITERABLE "not-iterable" "A `for` over what can't be visited.";
    OUTSIDE_LOOP "outside-loop" "`break` or `continue` outside of a loop.";
    OUTSIDE_PRODUCER "outside-producer" "`yield` outside of a function that gives a stream.";
    UNSUPPORTED_OPERATOR "unsupported-operator" "An operator that does not exist for a type.";
    INVALID_CONVERSION "invalid-conversion" "A conversion that does not exist.";
    INVALID_TRY "invalid-try" "A `?` where it can't leave the function.";
    ERROR_CONVERSION "error-conversion" "A `?` that can't turn one error into the other.";
    MISSING_ELSE "missing-else" "An `if` without `else` where a value is expected.";
    ELSE_MUST_DIVERGE "else-must-diverge" "A `let … else` whose block comes to its end.";
    UNUSED_VALUE "unused-value" "A value that is dropped without saying so.";
    UNUSED_VARIABLE "unused-variable" "A variable that is never used.";
    UNUSED_USE "unused-use" "A `use` whose names are never used.";
    UNUSED_ITEM "unused-item" "A private function, constant or type that nothing needs.";
    UNREACHABLE_CODE "unreachable-code" "Code that is never reached.";
    NON_EXHAUSTIVE_MATCH "non-exhaustive-match" "A `match` without an arm for some value.";
    UNREACHABLE_ARM "unreachable-arm" "An arm that is never reached.";
    REFUTABLE_PATTERN "refutable-pattern" "A pattern that may fail where every value must fit.";
    MATCH_TOO_COMPLEX "match-too-complex" "Patterns too many or too deep to be checked.";
    OR_PATTERN_NAMES "or-pattern-names" "Alternatives of a pattern that bind different names.";
    DUPLICATE_BINDING "duplicate-binding" "A name that is bound twice in one pattern.";
    EMPTY_RANGE "empty-range" "A range in a pattern that holds nothing.";
    USE_AFTER_MOVE "use-after-move" "A handle that is used after it was given away.";
    UNDECLARED_EFFECT "undeclared-effect" "A dot or public function that touches what it does not say.";
    IMPURE_TEST "impure-test" "A test that touches the outside world.";
    REPLACEMENT_MISMATCH "replacement-mismatch" "A value that `with` can't put in an effect's place.";
    UNNEEDED_EFFECT "unneeded-effect" "An effect that is written and not used.";
    NOT_AN_EFFECT "not-an-effect" "A name after `uses` that stands for no effect.";
    NOT_EXPORTABLE "not-exportable" "A type that can't cross a component's boundary.";
    MISSING_EXPORT "missing-export" "A function or resource of an exported interface that is not there.";
    EXPORT_MISMATCH "export-mismatch" "A dot that is not what the interface says which it is exported by.";
    MISSING_FEATURE "missing-feature" "A function of WIT that needs what not every target has.";
    UNNEEDED_FEATURE "unneeded-feature" "A feature of the manifest that nothing needs.";
    TOUCHING_CAPTURES "touching-captures" "Two captures of a string pattern without text between them.";

    // Constants, which the evaluator computes
    CONSTANT_TRAP "constant-trap" "A constant whose value can't be computed.";
}
