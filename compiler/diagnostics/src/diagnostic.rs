//! A diagnostic and its parts, as plain data.

use crate::{Code, Span, TextRange};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The program compiles all the same.
    Warning,
    /// The program does not compile.
    Error,
}

/// A place and what is to be said about it there; the message may be empty.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Label<A> {
    /// The place.
    pub span: Span<A>,
    /// What is said about it, in a few words.
    pub message: String,
}

/// One replacement of text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Edit<A> {
    /// The text that goes.
    pub span: Span<A>,
    /// The text that comes.
    pub replacement: String,
}

/// A change that would mend the program, applied as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fix<A> {
    /// What the fix does, as an order: "remove the `;`".
    pub title: String,
    /// The replacements; they do not overlap.
    pub edits: Vec<Edit<A>>,
}

/// One thing that is to be told, about code anchored in `A`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Diagnostic<A> {
    /// Which kind of problem; stable over versions.
    pub code: Code,
    /// Whether it stops the build.
    pub severity: Severity,
    /// What is wrong, in one line without a full stop.
    pub title: String,
    /// Where it is wrong.
    pub primary: Label<A>,
    /// Related places.
    pub labels: Vec<Label<A>>,
    /// The reason, and what else helps; each is a sentence or two.
    pub notes: Vec<String>,
    /// How to mend it, where that is known.
    pub fix: Option<Fix<A>>,
}

impl<A> Diagnostic<A> {
    /// An error at `span`.
    pub fn error(code: Code, title: impl Into<String>, span: Span<A>) -> Diagnostic<A> {
        Diagnostic {
            code,
            severity: Severity::Error,
            title: title.into(),
            primary: Label { span, message: String::new() },
            labels: Vec::new(),
            notes: Vec::new(),
            fix: None,
        }
    }

    /// A warning at `span`.
    pub fn warning(code: Code, title: impl Into<String>, span: Span<A>) -> Diagnostic<A> {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, title, span) }
    }

    /// Says `message` at the primary place.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Diagnostic<A> {
        self.primary.message = message.into();
        self
    }

    /// Adds a related place.
    #[must_use]
    pub fn with_label(mut self, span: Span<A>, message: impl Into<String>) -> Diagnostic<A> {
        self.labels.push(Label { span, message: message.into() });
        self
    }

    /// Adds a note.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Diagnostic<A> {
        self.notes.push(note.into());
        self
    }

    /// Sets the fix, made of one replacement.
    #[must_use]
    pub fn with_fix(
        self,
        title: impl Into<String>,
        span: Span<A>,
        replacement: impl Into<String>,
    ) -> Diagnostic<A> {
        self.with_edits(title, vec![Edit { span, replacement: replacement.into() }])
    }

    /// Sets the fix, made of several replacements.
    #[must_use]
    pub fn with_edits(mut self, title: impl Into<String>, edits: Vec<Edit<A>>) -> Diagnostic<A> {
        self.fix = Some(Fix { title: title.into(), edits });
        self
    }

    /// The same diagnostic with every span replaced by `map(span)`.
    ///
    /// This is where relative spans become absolute: the anchor gives the file and the item's
    /// start in it, and the range moves by that start.
    pub fn map_spans<B>(self, mut map: impl FnMut(Span<A>) -> Span<B>) -> Diagnostic<B> {
        let mut label = |label: Label<A>| Label { span: map(label.span), message: label.message };
        let primary = label(self.primary);
        let labels = self.labels.into_iter().map(label).collect();
        let fix = self.fix.map(|fix| Fix {
            title: fix.title,
            edits: fix
                .edits
                .into_iter()
                .map(|edit| Edit { span: map(edit.span), replacement: edit.replacement })
                .collect(),
        });
        Diagnostic {
            code: self.code,
            severity: self.severity,
            title: self.title,
            primary,
            labels,
            notes: self.notes,
            fix,
        }
    }

    /// The same diagnostic with every anchor replaced, ranges unchanged.
    pub fn map_anchor<B>(self, mut map: impl FnMut(A) -> B) -> Diagnostic<B> {
        self.map_spans(|span| Span { anchor: map(span.anchor), range: span.range })
    }

    /// Whether it stops the build.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl Diagnostic<()> {
    /// An error at `range` of a text that only the caller knows.
    pub fn error_at(code: Code, title: impl Into<String>, range: TextRange) -> Diagnostic<()> {
        Diagnostic::error(code, title, Span::new((), range))
    }
}

/// The witness that an error has been told.
///
/// A function that fails hands it back instead of a value, and an error node in a tree carries it:
/// so no error is swallowed, and whoever meets one knows that nothing more need be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reported(());

impl Reported {
    /// Tells `diagnostic` by adding it to `out`.
    pub fn tell<A>(out: &mut Vec<Diagnostic<A>>, diagnostic: Diagnostic<A>) -> Reported {
        debug_assert!(diagnostic.is_error(), "a warning is no reason to give up");
        out.push(diagnostic);
        Reported(())
    }

    /// The error was told by an earlier layer; for example an error node, which the parser reported.
    pub const fn earlier() -> Reported {
        Reported(())
    }
}
