//! `invalid-attribute` and `invalid-pattern`: constraints on what they don't go on, and those nothing can meet.

use super::{Check, Goes, bound, constraints, target};
use crate::thir::Literal;
use crate::{Diagnostics, Generic, Ty, TyKind, adt, display_type, fn_signature};
use dot_db::{Anchor, Db, Diagnostic, Item};
use dot_diagnostics::{Span, TextRange, codes};
use dot_hir::attribute::{Attribute, AttributeValue};
use dot_hir::signature::RecordMember;
use dot_hir::{item_signature, signature_source_map};
use dot_pattern::{FORMATS, Format, Pattern, PatternError};
use dot_syntax::ItemKind;

/// Tells what is wrong with the constraints of an item's parameters or fields.
pub(crate) fn check<'db>(db: &'db dyn Db, item: Item<'db>, out: &mut Diagnostics<'db>) {
    let generics = adt::generics(db, item);
    let mut misuse = Misuse { db, item, generics: &generics, out };
    if matches!(item.kind(db), ItemKind::Dot | ItemKind::Test) {
        let params = item_signature(db, item).params().iter().zip(&fn_signature(db, item).params);
        params.for_each(|(written, param)| misuse.all(&written.attributes, param.ty));
    }
    let mut own = super::fields_of(db, item).iter().zip(adt::field_origins(db, item));
    for (index, member) in (0..).zip(item_signature(db, item).members()) {
        if let RecordMember::Field(field) = member
            && let Some((def, _)) = own.find(|(_, origin)| origin.item == item && origin.member == index)
        {
            misuse.all(&field.attributes, def.ty);
        }
    }
}

struct Misuse<'a, 'db> {
    db: &'db dyn Db,
    item: Item<'db>,
    generics: &'a [Generic],
    out: &'a mut Diagnostics<'db>,
}

impl<'db> Misuse<'_, 'db> {
    fn all(&mut self, attributes: &[Attribute], ty: Ty<'db>) {
        let before = self.out.len();
        attributes.iter().for_each(|attribute| self.one(attribute, ty));
        if self.out.len() == before {
            self.contradiction(attributes, ty);
        }
    }

    fn one(&mut self, attribute: &Attribute, ty: Ty<'db>) {
        let (goes, wanted) = match attribute.name.as_str() {
            "min" | "max" => (Goes::Number, "numbers"),
            "len" | "min_len" | "max_len" => (Goes::Length, "strings, lists, maps and sets"),
            "pattern" | "format" => (Goes::Text, "strings"),
            _ => return,
        };
        // Arguments of another form, and types that are wrong, have been told.
        let [argument] = attribute.args.as_slice() else { return };
        if matches!(ty.kind(self.db), TyKind::Error) {
            return;
        }
        let Some(target) = target(self.db, ty, goes) else {
            let shown = display_type(self.db, ty, self.generics).to_string();
            let title = format!("`@{}` goes on {wanted}, and this is `{shown}`", attribute.name.text);
            return self.invalid(attribute, title);
        };
        match (attribute.name.as_str(), argument) {
            ("min" | "max", AttributeValue::Int(_) | AttributeValue::Float(_))
                if bound(self.db, argument, target).is_none() =>
            {
                let shown = display_type(self.db, target, self.generics).to_string();
                let title = format!("`{shown}` does not hold this bound");
                self.invalid(attribute, title);
            }
            ("format", AttributeValue::String(name)) if Format::named(name).is_none() => {
                self.unknown_format(attribute, name);
            }
            ("pattern", AttributeValue::String(text)) => {
                let wrong = Pattern::parse(text).and_then(|pattern| pattern.automaton()).err();
                if let Some(error) = wrong {
                    self.wrong_pattern(attribute, text, &error);
                }
            }
            _ => {}
        }
    }

    fn span(&self, range: TextRange) -> Span<Anchor<'db>> {
        Span::new(Anchor::Item(self.item), range)
    }

    /// Where the argument of an attribute stands.
    fn argument_range(&self, attribute: &Attribute) -> TextRange {
        let map = signature_source_map(self.db, self.item);
        map.name(attribute.places.first().copied().unwrap_or(attribute.name.id))
    }

    fn invalid(&mut self, attribute: &Attribute, title: String) {
        let at = self.span(signature_source_map(self.db, self.item).name(attribute.name.id));
        self.out.push(Diagnostic::error(codes::INVALID_ATTRIBUTE, title, at));
    }

    fn unknown_format(&mut self, attribute: &Attribute, name: &str) {
        let at = self.span(self.argument_range(attribute));
        let names: Vec<String> = FORMATS.iter().map(|format| format!("`{}`", format.name)).collect();
        let title = format!("there is no format `{name}`");
        let diagnostic = Diagnostic::error(codes::INVALID_ATTRIBUTE, title, at);
        self.out.push(diagnostic.with_note(format!("The formats are {}.", names.join(", "))));
    }

    fn wrong_pattern(&mut self, attribute: &Attribute, text: &str, error: &PatternError) {
        let whole = self.argument_range(attribute);
        let range = if error.range.is_empty() {
            whole
        } else {
            let source = self.item.text(self.db);
            let literal = source.get(whole.start as usize..whole.end as usize).unwrap_or_default();
            let place = |at: usize| whole.start + place_in_literal(literal, text, at);
            TextRange { start: place(error.range.start), end: place(error.range.end) }
        };
        let diagnostic = Diagnostic::error(codes::INVALID_PATTERN, error.message.clone(), self.span(range));
        self.out.push(diagnostic);
    }

    /// Bounds that leave nothing between them.
    fn contradiction(&mut self, attributes: &[Attribute], ty: Ty<'db>) {
        let checks = constraints(self.db, attributes, ty);
        let numbers = || checks.iter().map(|constraint| &constraint.check);
        let lowest = numbers().find_map(|check| match check {
            Check::Min(bound) => Some(bound),
            _ => None,
        });
        let highest = numbers().find_map(|check| match check {
            Check::Max(bound) => Some(bound),
            _ => None,
        });
        let is_empty = lowest.zip(highest).is_some_and(|(low, high)| match (low, high) {
            (Literal::Int(low), Literal::Int(high)) => low > high,
            (Literal::Float(low), Literal::Float(high)) => f64::from_bits(*low) > f64::from_bits(*high),
            _ => false,
        });
        let (mut shortest, mut longest) = (0, u32::MAX);
        for check in numbers() {
            match check {
                Check::Len(n) => (shortest, longest) = (shortest.max(*n), longest.min(*n)),
                Check::MinLen(n) => shortest = shortest.max(*n),
                Check::MaxLen(n) => longest = longest.min(*n),
                _ => {}
            }
        }
        let is_bound = |attribute: &&Attribute| {
            let name = attribute.name.as_str();
            if is_empty { matches!(name, "min" | "max") } else { name.ends_with("len") }
        };
        if (is_empty || shortest > longest)
            && let Some(last) = attributes.iter().rfind(is_bound)
        {
            self.invalid(last, "no value meets these bounds together".to_owned());
        }
    }
}

/// Where the byte `at` of a string's text stands in its literal.
fn place_in_literal(literal: &str, text: &str, at: usize) -> u32 {
    let quotes = literal.find('"').map_or(0, |quote| quote + 1);
    let is_raw = literal.starts_with('r');
    let mut source = literal[quotes..].char_indices().peekable();
    let mut passed = 0;
    for c in text.chars() {
        if passed >= at {
            break;
        }
        passed += c.len_utf8();
        // An escape is a backslash and a char, or `\u` and what is in braces.
        if let Some((_, '\\')) = source.next()
            && !is_raw
            && let Some((_, 'u')) = source.next()
        {
            while source.next().is_some_and(|(_, c)| c != '}') {}
        }
    }
    let offset = source.peek().map_or(literal.len() - quotes, |(offset, _)| *offset);
    u32::try_from(quotes + offset).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::place_in_literal;

    #[test]
    fn places_in_literals_are_those_of_the_source() {
        assert_eq!(place_in_literal("\"abc\"", "abc", 1), 2);
        assert_eq!(place_in_literal("r\"abc\"", "abc", 3), 5);
        assert_eq!(place_in_literal(r#""\\d(""#, "\\d(", 2), 4);
        assert_eq!(place_in_literal(r#""\u{1F600}(""#, "😀(", 4), 10);
        assert_eq!(place_in_literal(r#"r"\d(""#, "\\d(", 2), 4);
    }
}
