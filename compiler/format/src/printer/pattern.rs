//! Patterns.

use super::Printer;
use super::bracketed::{ARGUMENTS, LIST, RECORD, TUPLE};
use crate::doc::Doc;
use dot_syntax::ast::{CasePattern, FieldPattern, ListPattern, Pattern, PatternKind, PatternLiteral};
use dot_syntax::lexer::Kind;

impl Printer<'_> {
    /// A pattern.
    pub(super) fn pattern(&mut self, pattern: &Pattern) -> Doc {
        self.in_parens(pattern.range, |printer| {
            stacker::maybe_grow(64 << 10, 1 << 20, || printer.bare_pattern(pattern))
        })
    }

    fn bare_pattern(&mut self, pattern: &Pattern) -> Doc {
        let space = self.arena.text(" ");
        match &pattern.kind {
            PatternKind::Wildcard => self.next(),
            PatternKind::Bind { inout, .. } => {
                let mut parts = Vec::new();
                if inout.is_some() {
                    parts.extend([self.word(Kind::Inout), space]);
                }
                parts.push(self.next());
                self.arena.concat(&parts)
            }
            PatternKind::As { pattern, .. } => {
                let parts = [self.pattern(pattern), space, self.word(Kind::As), space, self.next()];
                self.arena.concat(&parts)
            }
            PatternKind::Or(list) => self.alternatives(list),
            PatternKind::Literal(literal) => self.pattern_literal(literal),
            PatternKind::Range { start, end, .. } => {
                let mut parts = vec![self.pattern_literal(start), self.next()];
                parts.extend(end.as_ref().map(|end| self.pattern_literal(end)));
                self.arena.concat(&parts)
            }
            PatternKind::String(_) => self.next(),
            PatternKind::Builtin { args, .. } => {
                let case = self.next();
                if self.pos() >= pattern.range.end {
                    return case;
                }
                let args = self.each(ARGUMENTS, args, Self::pattern);
                self.after(case, "", args)
            }
            PatternKind::Case { path, args, .. } => {
                let path = self.glued(path.range.end);
                let Some(args) = args else { return path };
                let args = self.case_args(args);
                self.after(path, "", args)
            }
            PatternKind::Record { path, fields, .. } => {
                let path = path.as_ref().map(|path| self.glued(path.range.end));
                let fields = self.fields(fields);
                match path {
                    Some(path) => self.after(path, " ", fields),
                    None => fields,
                }
            }
            PatternKind::Tuple(elements) => {
                let style = if elements.len() == 1 { TUPLE } else { ARGUMENTS };
                self.each(style, elements, Self::pattern)
            }
            PatternKind::List(elements) => self.each(LIST, elements, Self::list_pattern),
            PatternKind::Error(_) => {
                self.lost = true;
                self.next()
            }
        }
    }

    /// A line may end with `|` and may not begin with it.
    fn alternatives(&mut self, list: &[Pattern]) -> Doc {
        let (space, line) = (self.arena.text(" "), self.line());
        let mut parts = Vec::new();
        for (index, pattern) in list.iter().enumerate() {
            if index > 0 {
                parts.extend([space, self.word(Kind::Or), line]);
            }
            parts.push(self.pattern(pattern));
        }
        let inside = self.arena.concat(&parts);
        let inside = self.arena.indent(inside);
        self.arena.group(inside)
    }

    fn pattern_literal(&mut self, literal: &PatternLiteral) -> Doc {
        self.glued(literal.range.end)
    }

    /// The `..` of a pattern, if it comes next.
    fn rest(&mut self) -> Option<Doc> {
        self.word_if(Kind::DotDot)
    }

    fn case_args(&mut self, args: &[CasePattern]) -> Doc {
        let mut args = args.iter();
        self.hugging(ARGUMENTS, |printer| {
            if let Some(rest) = printer.rest() {
                return Some(rest);
            }
            let arg = args.next()?;
            if arg.label.is_none() {
                return Some(printer.pattern(&arg.pattern));
            }
            let parts = [
                printer.next(),
                printer.word(Kind::Colon),
                printer.arena.text(" "),
                printer.pattern(&arg.pattern),
            ];
            Some(printer.arena.concat(&parts))
        })
    }

    fn fields(&mut self, fields: &[FieldPattern]) -> Doc {
        let mut fields = fields.iter();
        self.bracketed(RECORD, |printer| {
            if let Some(rest) = printer.rest() {
                return Some(rest);
            }
            let field = fields.next()?;
            let space = printer.arena.text(" ");
            let mut parts = Vec::new();
            if field.inout.is_some() {
                parts.extend([printer.word(Kind::Inout), space]);
            }
            parts.push(printer.next());
            if let Some(pattern) = &field.pattern {
                parts.extend([printer.word(Kind::Colon), space, printer.pattern(pattern)]);
            }
            Some(printer.arena.concat(&parts))
        })
    }

    fn list_pattern(&mut self, element: &ListPattern) -> Doc {
        match element {
            ListPattern::Element(pattern) => self.pattern(pattern),
            ListPattern::Rest(_, range) => self.glued(range.end),
        }
    }
}
