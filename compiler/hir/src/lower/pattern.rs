//! Patterns.

use super::expr::BodyBuilder;
use crate::body::{CasePatArg, FieldPat, ListPat, Pat, PatId, PatLiteral, StringPatPart};
use dot_diagnostics::TextRange;
use dot_syntax::ast;

impl BodyBuilder {
    pub(super) fn pat(&mut self, pattern: &ast::Pattern) -> PatId {
        let pat = match &pattern.kind {
            ast::PatternKind::Wildcard => Pat::Wildcard,
            ast::PatternKind::Bind { inout, name } => {
                Pat::Bind { inout: inout.is_some(), name: self.names.name(name) }
            }
            ast::PatternKind::As { pattern, name } => {
                Pat::As { pat: self.pat(pattern), name: self.names.name(name) }
            }
            ast::PatternKind::Or(patterns) => Pat::Or(self.pats(patterns)),
            ast::PatternKind::Literal(literal) => Pat::Literal(pat_literal(literal)),
            ast::PatternKind::Range { start, end, inclusive } => Pat::Range {
                start: pat_literal(start),
                end: end.as_ref().map(pat_literal),
                inclusive: *inclusive,
            },
            ast::PatternKind::String(parts) => Pat::String(
                parts
                    .iter()
                    .map(|part| match part {
                        ast::StringPatternPart::Text(text) => StringPatPart::Text(text.clone()),
                        ast::StringPatternPart::Capture(inner) => StringPatPart::Capture(self.pat(inner)),
                    })
                    .collect(),
            ),
            ast::PatternKind::Builtin { case, args } => Pat::Builtin { case: *case, args: self.pats(args) },
            ast::PatternKind::Case { path, args, rest } => Pat::Case {
                path: self.names.path(path),
                args: args.as_ref().map(|args| args.iter().map(|arg| self.case_arg(arg)).collect()),
                rest: rest.is_some(),
            },
            ast::PatternKind::Record { path, fields, rest } => Pat::Record {
                path: path.as_ref().map(|path| self.names.path(path)),
                fields: fields.iter().map(|field| self.field_pat(field)).collect(),
                rest: rest.is_some(),
            },
            ast::PatternKind::Tuple(patterns) => Pat::Tuple(self.pats(patterns)),
            ast::PatternKind::List(parts) => Pat::List(
                parts
                    .iter()
                    .map(|part| match part {
                        ast::ListPattern::Element(inner) => ListPat::Element(self.pat(inner)),
                        ast::ListPattern::Rest(name, _) => {
                            ListPat::Rest(name.as_ref().map(|name| self.names.name(name)))
                        }
                    })
                    .collect(),
            ),
            ast::PatternKind::Error(_) => Pat::Error,
        };
        self.push_pat(pat, pattern.range)
    }

    fn pats(&mut self, patterns: &[ast::Pattern]) -> Vec<PatId> {
        patterns.iter().map(|pattern| self.pat(pattern)).collect()
    }

    fn push_pat(&mut self, pat: Pat, range: TextRange) -> PatId {
        let id = PatId(super::next_id(&self.body_pats));
        self.body_pats.push(pat);
        self.map.pats.push(range);
        id
    }

    fn case_arg(&mut self, arg: &ast::CasePattern) -> CasePatArg {
        CasePatArg {
            label: arg.label.as_ref().map(|label| self.names.name(label)),
            pat: self.pat(&arg.pattern),
        }
    }

    fn field_pat(&mut self, field: &ast::FieldPattern) -> FieldPat {
        let name = self.names.name(&field.name);
        let pat = match &field.pattern {
            Some(pattern) => self.pat(pattern),
            None => {
                let bound = self.names.name(&field.name);
                self.push_pat(Pat::Bind { inout: field.inout.is_some(), name: bound }, field.name.range)
            }
        };
        FieldPat { name, pat }
    }
}

fn pat_literal(literal: &ast::PatternLiteral) -> PatLiteral {
    PatLiteral { negative: literal.negative, literal: literal.literal.clone() }
}
