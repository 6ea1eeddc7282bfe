//! "Did you mean …": the nearest of the names that would have been right.

/// The candidate nearest to `name`, if one is near enough to have been meant: at most a third of its letters
/// differ, or one of two. A single letter is near to nothing: another one has nothing in common with it. Of equally
/// near ones the first in alphabetical order.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters: Vec<char> = name.chars().collect();
    let limit = if letters.len() < 2 { 0 } else { (letters.len().max(3) / 3).min(4) };
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name && !candidate.is_empty())
        .filter_map(|candidate| distance(&letters, candidate, limit).map(|distance| (distance, candidate)))
        .min()
        .map(|(_, candidate)| candidate)
}

/// What is called by this name in other languages, as it is called here.
pub fn elsewhere(name: &str) -> Option<&'static str> {
    Some(match name {
        "int" | "Int" | "i64" | "isize" | "long" | "Integer" | "int64" => "s64",
        "i8" | "int8" => "s8",
        "i16" | "int16" | "short" => "s16",
        "i32" | "int32" => "s32",
        "uint" | "usize" | "uint64" | "ulong" => "u64",
        "uint32" => "u32",
        "uint16" => "u16",
        "byte" | "uint8" => "u8",
        "float" | "double" | "Float" | "Double" | "float64" | "number" => "f64",
        "float32" => "f32",
        "boolean" | "Bool" | "Boolean" => "bool",
        "str" | "String" | "Str" | "text" => "string",
        "Vec" | "array" | "Array" | "vector" => "list",
        "HashMap" | "dict" | "Dict" | "Map" | "BTreeMap" => "map",
        "HashSet" | "Set" => "set",
        "Some" => "some",
        "None" | "null" | "nil" | "undefined" => "none",
        "Ok" => "ok",
        "Err" => "err",
        "True" => "true",
        "False" => "false",
        _ => return None,
    })
}

/// The number of insertions, deletions, replacements and swaps of neighbours that lead from one text to the
/// other, if it is at most `limit`; letters are compared without case first, and a difference in case alone
/// counts as none. (The optimal string alignment distance, by rows.)
fn distance(from: &[char], to: &str, limit: usize) -> Option<usize> {
    let fold = |c: &char| c.to_ascii_lowercase();
    let from: Vec<char> = from.iter().map(fold).collect();
    let to: Vec<char> = to.chars().map(|c| fold(&c)).collect();
    if from.len().abs_diff(to.len()) > limit {
        return None;
    }
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.iter().enumerate() {
        let mut row = Vec::with_capacity(to.len() + 1);
        row.push(i + 1);
        for (j, b) in to.iter().enumerate() {
            let replaced = last[j] + usize::from(a != b);
            let mut best = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            let swapped = i > 0 && j > 0 && from[i - 1] == *b && to[j - 1] == *a;
            if swapped {
                best = best.min(before_last[j - 1] + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|distance| *distance <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        assert_eq!(nearest("lenght", ["height", "length", "len"]), Some("length"));
        assert_eq!(nearest("httperror", ["HttpError", "Http"]), Some("HttpError"));
        assert_eq!(nearest("cout", ["count", "court"]), Some("count"));
    }

    #[test]
    fn names_of_other_languages_are_known() {
        assert_eq!(elsewhere("i32"), Some("s32"));
        assert_eq!(elsewhere("null"), Some("none"));
        assert_eq!(elsewhere("s32"), None);
    }

    #[test]
    fn does_not_guess_wildly() {
        assert_eq!(nearest("x", ["y"]), None);
        assert_eq!(nearest("X", ["x"]), Some("x"));
        assert_eq!(nearest("xy", ["y", "xx"]), Some("xx"));
        assert_eq!(nearest("foo", ["bar", "completely_else", "foo"]), None);
        assert_eq!(nearest("", ["a"]), None);
    }

    #[test]
    fn distances_are_those_of_the_definition() {
        let letters = |text: &str| text.chars().collect::<Vec<_>>();
        assert_eq!(distance(&letters("kitten"), "sitting", 9), Some(3));
        assert_eq!(distance(&letters("ab"), "ba", 9), Some(1));
        assert_eq!(distance(&letters(""), "abc", 9), Some(3));
        assert_eq!(distance(&letters("abc"), "", 2), None);
    }
}
