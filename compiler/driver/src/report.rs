//! Diagnostics as a person or a program reads them: relative places made absolute, in the order of the source.

use dot_db::{Anchor, Database, SourceFile, resolve};
use dot_diagnostics::render::Colour;
use dot_diagnostics::{Diagnostic, FileId, Sources, Span, TextRange};
use rustc_hash::FxHashMap;

/// How many errors are shown in one run.
const MOST_ERRORS: usize = 100;

/// What is wrong with a package.
#[derive(Clone, Debug, Default)]
pub struct Report {
    sources: Sources,
    diagnostics: Vec<Diagnostic<FileId>>,
}

impl Report {
    /// The report of these diagnostics.
    pub(crate) fn new<'db>(
        db: &'db Database,
        diagnostics: impl IntoIterator<Item = Diagnostic<Anchor<'db>>>,
    ) -> Self {
        let mut report = Self::default();
        let mut files = FxHashMap::default();
        for diagnostic in diagnostics {
            let absolute = diagnostic.map_spans(|span| report.locate(db, &mut files, span));
            report.diagnostics.push(absolute);
        }
        report.diagnostics.sort_by_key(|d| (d.primary.span.anchor, d.primary.span.range, d.code));
        report.diagnostics.dedup();
        report
    }

    /// The report of what is wrong with one text; `name` is what is shown for it.
    pub(crate) fn of_text(name: &str, text: &str, diagnostics: Vec<Diagnostic<()>>) -> Self {
        let mut report = Self::default();
        let file = report.sources.add(name, text);
        let diagnostics = diagnostics.into_iter();
        report.diagnostics =
            diagnostics.map(|diagnostic| diagnostic.map_spans(|span| Span::new(file, span.range))).collect();
        report
    }

    /// Takes in a file that is no source.
    pub(crate) fn add_file(&mut self, name: &str, text: &str) -> FileId {
        self.sources.add(name, text)
    }

    /// Adds what is told of a file behind all others.
    pub(crate) fn push(&mut self, diagnostic: Diagnostic<FileId>) {
        self.diagnostics.push(diagnostic);
    }

    fn locate(
        &mut self,
        db: &Database,
        files: &mut FxHashMap<SourceFile, FileId>,
        span: Span<Anchor<'_>>,
    ) -> Span<FileId> {
        let Some((file, range)) = resolve(db, span) else {
            return Span::new(self.sources.add("interface", ""), TextRange::empty(0));
        };
        let id = *files
            .entry(file)
            .or_insert_with(|| self.sources.add(file.path(db).as_str(), file.text(db).to_string()));
        Span::new(id, range)
    }

    /// Leaves out what is told of files that `keep` doesn't want, by their names.
    pub fn retain_files(&mut self, keep: impl Fn(&str) -> bool) {
        let sources = &self.sources;
        self.diagnostics.retain(|diagnostic| keep(sources.name(diagnostic.primary.span.anchor)));
    }

    /// The names of the files that something is told of, each once.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        let mut names: Vec<&str> =
            self.diagnostics.iter().map(|d| self.sources.name(d.primary.span.anchor)).collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter()
    }

    /// Whether there is an error among them.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// How many errors and how many warnings there are.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let errors = self.diagnostics.iter().filter(|d| d.is_error()).count();
        (errors, self.diagnostics.len() - errors)
    }

    /// The diagnostics, sorted by place.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic<FileId>] {
        &self.diagnostics
    }

    /// The files they speak of.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// As a terminal shows it: at most `MOST_ERRORS` errors, the rest counted.
    #[must_use]
    pub fn render(&self, colour: Colour) -> String {
        let mut errors = 0;
        let mut shown = self.diagnostics.clone();
        shown.retain(|diagnostic| {
            errors += usize::from(diagnostic.is_error());
            !diagnostic.is_error() || errors <= MOST_ERRORS
        });
        let mut text = dot_diagnostics::render::render(&self.sources, &shown, colour);
        if errors > MOST_ERRORS {
            let rest = errors - MOST_ERRORS;
            text.push_str(&format!("… and {rest} more error{}\n\n", if rest == 1 { "" } else { "s" }));
        }
        text
    }

    /// As JSON.
    #[must_use]
    pub fn json(&self) -> String {
        dot_diagnostics::json::to_json_text(&self.sources, &self.diagnostics)
    }
}
