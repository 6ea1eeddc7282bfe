//! Whether a value fits a pattern, and what the pattern binds then.

use crate::expr::{called_from, literal_value};
use crate::machine::{Flow, Frame, Machine};
use crate::structural;
use crate::value::Value;
use dot_types::thir::{Literal, LocalId, Pattern, TextPiece};
use std::cmp::Ordering;

impl<'db> Machine<'_, 'db> {
    /// Whether a value fits; if so, the pattern's locals hold their parts. If not, some of them may, too, which
    /// nobody sees.
    pub(crate) fn fits(
        &mut self,
        frame: &mut Frame<'db>,
        pattern: &Pattern,
        value: &Value<'db>,
    ) -> Flow<'db, bool> {
        Ok(match pattern {
            Pattern::Wildcard => true,
            Pattern::Bind(local, inner) => {
                if let Some(inner) = inner
                    && !self.fits(frame, inner, value)?
                {
                    return Ok(false);
                }
                *frame.local(*local) = value.clone();
                true
            }
            Pattern::Literal(literal) => structural::equal(&literal_value(literal), value),
            Pattern::Equals(constant) => {
                let wanted = self.eval(frame, *constant)?;
                let ty = frame.ty(self.db, *constant);
                self.equal(ty, &wanted, value).map_err(|exit| called_from(frame, *constant, exit))?
            }
            Pattern::Range { start, end, inclusive } => in_range(start, end.as_ref(), *inclusive, value),
            Pattern::Case { case, parts } => match value.as_case() {
                Some((found, values)) if found == *case => self.all_fit(frame, parts.iter().zip(values))?,
                _ => false,
            },
            Pattern::Fields(fields) => {
                let Some(values) = value.as_parts() else { return Ok(false) };
                let parts = fields
                    .iter()
                    .filter_map(|(index, pattern)| Some((pattern, values.get(*index as usize)?)));
                self.all_fit(frame, parts)?
            }
            Pattern::List { before, rest, after } => {
                self.fits_list(frame, before, *rest, after, value.as_parts().unwrap_or_default())?
            }
            Pattern::Text(pieces) => match value.as_str() {
                Some(text) => self.fits_text(frame, pieces, text)?,
                None => false,
            },
            Pattern::Or(choices) => {
                for choice in choices {
                    if self.fits(frame, choice, value)? {
                        return Ok(true);
                    }
                }
                false
            }
        })
    }

    fn all_fit<'v>(
        &mut self,
        frame: &mut Frame<'db>,
        parts: impl Iterator<Item = (&'v Pattern, &'v Value<'db>)>,
    ) -> Flow<'db, bool>
    where
        'db: 'v,
    {
        for (pattern, value) in parts {
            if !self.fits(frame, pattern, value)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn fits_list(
        &mut self,
        frame: &mut Frame<'db>,
        before: &[Pattern],
        rest: Option<Option<LocalId>>,
        after: &[Pattern],
        values: &[Value<'db>],
    ) -> Flow<'db, bool> {
        let Some(between) = values.len().checked_sub(before.len() + after.len()) else { return Ok(false) };
        if rest.is_none() && between > 0 {
            return Ok(false);
        }
        let (first, others) = values.split_at(before.len());
        let (middle, last) = others.split_at(between);
        let fit = self.all_fit(frame, before.iter().zip(first).chain(after.iter().zip(last)))?;
        if fit && let Some(Some(local)) = rest {
            *frame.local(local) = Value::list(middle.to_vec());
        }
        Ok(fit)
    }

    /// Each hole takes the shortest text before the leftmost next piece of text; the last one takes all that is left
    /// before the text that ends the pattern. There is no going back: when a hole's text doesn't fit its pattern,
    /// the string doesn't fit.
    fn fits_text(&mut self, frame: &mut Frame<'db>, pieces: &[TextPiece], text: &str) -> Flow<'db, bool> {
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
            let Some(at) = at else { return Ok(false) };
            let (taken, tail) = rest.split_at(at);
            if let Some(pattern) = open.take()
                && !self.fits(frame, pattern, &Value::string(taken))?
            {
                return Ok(false);
            }
            rest = &tail[expected.len()..];
        }
        match open {
            Some(pattern) => self.fits(frame, pattern, &Value::string(rest)),
            None => Ok(rest.is_empty()),
        }
    }
}

/// Whether a scalar lies between two bounds; floats are ordered by IEEE 754.
fn in_range(start: &Literal, end: Option<&Literal>, inclusive: bool, value: &Value<'_>) -> bool {
    let ordered = |a: &Value<'_>, b: &Value<'_>| match (a, b) {
        (Value::Float(a), Value::Float(b)) => a.partial_cmp(b),
        _ => Some(structural::compare(a, b)),
    };
    ordered(&literal_value(start), value).is_some_and(Ordering::is_le)
        && end.is_none_or(|end| {
            ordered(value, &literal_value(end))
                .is_some_and(|order| order.is_lt() || inclusive && order.is_eq())
        })
}
