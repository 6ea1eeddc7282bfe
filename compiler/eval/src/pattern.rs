//! Whether a value fits a pattern, and what the pattern binds then.

use crate::expr::literal_value;
use crate::machine::{Frame, Machine};
use crate::structural;
use crate::value::Value;
use dot_types::thir::{LocalId, Pattern, TextPiece};

impl<'db> Machine<'_, 'db> {
    /// Whether a value fits; if so, the pattern's locals hold their parts. If not, some of them may, too, which
    /// nobody sees.
    pub(crate) fn fits(&self, frame: &mut Frame<'db>, pattern: &Pattern, value: &Value<'db>) -> bool {
        match pattern {
            Pattern::Wildcard => true,
            Pattern::Bind(local, inner) => {
                if inner.as_ref().is_some_and(|inner| !self.fits(frame, inner, value)) {
                    return false;
                }
                *frame.local(*local) = value.clone();
                true
            }
            Pattern::Literal(literal) => structural::equal(&literal_value(literal), value),
            Pattern::Range { start, end, inclusive } => {
                let ordered = |a: &Value<'db>, b: &Value<'db>| match (a, b) {
                    (Value::Float(a), Value::Float(b)) => a.partial_cmp(b),
                    _ => Some(structural::compare(a, b)),
                };
                ordered(&literal_value(start), value).is_some_and(std::cmp::Ordering::is_le)
                    && end.as_ref().is_none_or(|end| {
                        ordered(value, &literal_value(end))
                            .is_some_and(|order| order.is_lt() || *inclusive && order.is_eq())
                    })
            }
            Pattern::Case { case, parts } => value.as_case().is_some_and(|(found, values)| {
                found == *case && parts.iter().zip(values).all(|(part, value)| self.fits(frame, part, value))
            }),
            Pattern::Fields(fields) => value.as_parts().is_some_and(|values| {
                fields.iter().all(|(index, pattern)| {
                    values.get(*index as usize).is_some_and(|value| self.fits(frame, pattern, value))
                })
            }),
            Pattern::List { before, rest, after } => {
                self.fits_list(frame, before, *rest, after, value.as_parts().unwrap_or_default())
            }
            Pattern::Text(pieces) => value.as_str().is_some_and(|text| self.fits_text(frame, pieces, text)),
            Pattern::Or(choices) => choices.iter().any(|choice| self.fits(frame, choice, value)),
        }
    }

    fn fits_list(
        &self,
        frame: &mut Frame<'db>,
        before: &[Pattern],
        rest: Option<Option<LocalId>>,
        after: &[Pattern],
        values: &[Value<'db>],
    ) -> bool {
        let Some(between) = values.len().checked_sub(before.len() + after.len()) else { return false };
        if rest.is_none() && between > 0 {
            return false;
        }
        let (first, others) = values.split_at(before.len());
        let (middle, last) = others.split_at(between);
        let fit = before
            .iter()
            .zip(first)
            .chain(after.iter().zip(last))
            .all(|(pattern, value)| self.fits(frame, pattern, value));
        if fit && let Some(Some(local)) = rest {
            *frame.local(local) = Value::list(middle.to_vec());
        }
        fit
    }

    /// Each hole takes the shortest text before the leftmost next piece of text; the last one takes all that is left
    /// before the text that ends the pattern. There is no going back: when a hole's text doesn't fit its pattern,
    /// the string doesn't fit.
    fn fits_text(&self, frame: &mut Frame<'db>, pieces: &[TextPiece], text: &str) -> bool {
        let mut rest = text;
        let mut open: Option<&Pattern> = None;
        for (index, piece) in pieces.iter().enumerate() {
            let expected = match piece {
                TextPiece::Hole(pattern) => {
                    open = Some(pattern);
                    continue;
                }
                TextPiece::Text(expected) => expected.as_str(),
            };
            let at = match open {
                None => rest.starts_with(expected).then_some(0),
                Some(_) if index + 1 == pieces.len() => rest.strip_suffix(expected).map(str::len),
                Some(_) => rest.find(expected),
            };
            let Some(at) = at else { return false };
            let (taken, tail) = rest.split_at(at);
            if open.take().is_some_and(|pattern| !self.fits(frame, pattern, &Value::string(taken))) {
                return false;
            }
            rest = &tail[expected.len()..];
        }
        match open {
            Some(pattern) => self.fits(frame, pattern, &Value::string(rest)),
            None => rest.is_empty(),
        }
    }
}
