//! Which errors about brackets stand for a mistake of their own.
//!
//! A string without an end swallows the brackets that close what is open on its line. And where one bracket is missing,
//! another may seem unclosed at one end and unopened at the other: of `( { )` only the brace is wrong.

use dot_diagnostics::{Diagnostic, TextRange, codes};

/// Leaves out the errors that follow from others. `quotes` are those of strings without an end.
pub(crate) fn keep_causes(text: &str, quotes: &[TextRange], errors: &mut Vec<Diagnostic<()>>) {
    errors.retain(|error| !follows_from_string(text, quotes, error));
    if pair_off(text, errors) {
        // Where the missing one belongs is not clear any more.
        errors.iter_mut().for_each(|error| error.fix = None);
    }
}

fn place(error: &Diagnostic<()>) -> TextRange {
    error.primary.span.range
}

fn follows_from_string(text: &str, quotes: &[TextRange], error: &Diagnostic<()>) -> bool {
    let opener = place(error);
    let on_its_line = |quote: &TextRange| {
        opener.start < quote.start && !TextRange::new(opener.end, quote.start).slice(text).contains('\n')
    };
    error.code == codes::UNCLOSED_BRACKET && quotes.iter().any(on_its_line)
}

/// Takes out the two errors about each pair of which one side seems unclosed and the other unopened, as long as
/// another error is left to tell why. Returns whether there was such a pair.
fn pair_off(text: &str, errors: &mut Vec<Diagnostic<()>>) -> bool {
    let mut paired = vec![false; errors.len()];
    for (closer, error) in
        errors.iter().enumerate().filter(|(_, error)| error.code == codes::UNOPENED_BRACKET)
    {
        let wanted = match place(error).slice(text) {
            ")" => "(",
            "]" => "[",
            "}" => "{",
            _ => continue,
        };
        let candidates = errors.iter().enumerate().filter(|(index, other)| {
            !paired[*index]
                && other.code == codes::UNCLOSED_BRACKET
                && place(other).start < place(error).start
                && place(other).slice(text) == wanted
        });
        if let Some(opener) = candidates.max_by_key(|(_, other)| place(other).start).map(|(index, _)| index) {
            paired[opener] = true;
            paired[closer] = true;
        }
    }
    let any = paired.contains(&true);
    if any && paired.contains(&false) {
        let mut paired = paired.into_iter();
        errors.retain(|_| paired.next() != Some(true));
    }
    any
}
