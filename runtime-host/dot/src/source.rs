//! The source of a trap, if it is at hand.

use std::path::{Component, Path, PathBuf};

use dot_host::Span;

/// Lines longer than this are not shown.
const WIDEST: usize = 400;

/// The span's first line with a mark below it, or nothing.
pub fn excerpt(span: &Span, roots: &[PathBuf]) -> String {
    match line(span, roots) {
        Some(line) => mark(&line, span),
        None => String::new(),
    }
}

/// The text of the span's first line.
fn line(span: &Span, roots: &[PathBuf]) -> Option<String> {
    let path = Path::new(&span.file);
    // The name comes from the program: it names files below the roots, and no others.
    if !path.components().all(|c| matches!(c, Component::Normal(_) | Component::CurDir)) {
        return None;
    }
    let text = roots.iter().find_map(|root| std::fs::read_to_string(root.join(path)).ok())?;
    let index = usize::try_from(span.line).ok()?.checked_sub(1)?;
    text.lines().nth(index).filter(|line| line.len() <= WIDEST).map(str::to_string)
}

fn mark(line: &str, span: &Span) -> String {
    let number = span.line.to_string();
    let margin = " ".repeat(number.len());
    let start = usize::try_from(span.column).unwrap_or(1).saturating_sub(1);
    let length = line.chars().count();
    let end = if span.end_line == span.line {
        usize::try_from(span.end_column).unwrap_or(1).saturating_sub(1)
    } else {
        length
    };
    let width = end.min(length).saturating_sub(start).max(1);
    // A tab stays a tab, so that the mark stands below its text.
    let before: String = line.chars().take(start).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
    let carets = "^".repeat(width);
    format!("\n {margin} |\n {number} | {line}\n {margin} | {before}{carets}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_stands_below_the_text() {
        let span = Span { file: "a.dot".to_string(), line: 12, column: 4, end_line: 12, end_column: 7 };
        assert_eq!(mark("\tx abc", &span), "\n    |\n 12 | \tx abc\n    | \t  ^^^");
    }

    #[test]
    fn files_outside_the_roots_are_not_read() {
        let span =
            |file: &str| Span { file: file.to_string(), line: 1, column: 1, end_line: 1, end_column: 2 };
        let roots = [PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")];
        assert!(excerpt(&span("main.rs"), &roots).contains("//! The `dot` command"));
        assert_eq!(excerpt(&span("../Cargo.toml"), &roots), "");
        assert_eq!(excerpt(&span("/etc/hosts"), &roots), "");
    }
}
