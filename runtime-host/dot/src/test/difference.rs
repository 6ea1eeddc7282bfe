//! Where two printed values differ: which field, which element.
//!
//! A failed `assert a == b` tells both values as Dot prints them. That text is read back as a tree, and the trees are
//! walked side by side.

/// More differences are counted, not listed.
const MOST: usize = 5;
/// Values that nest deeper are compared as text there.
const DEEPEST: usize = 64;

/// A printed value.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Tree<'a> {
    /// A number, string, name or other text that is compared as a whole.
    Leaf(&'a str),
    /// What has parts: what stands before them, and each with its name, if it has one.
    Parts { name: &'a str, open: char, parts: Vec<(Option<&'a str>, Tree<'a>)>, text: &'a str },
}

/// The lines that say where the sides of a failed comparison differ; none where there is nothing to add.
pub fn lines(message: &str) -> Vec<String> {
    let Some(sides) = message.strip_prefix("assertion failed: ") else { return Vec::new() };
    let Some((left, right)) = split(sides) else { return Vec::new() };
    let mut found = Vec::new();
    compare(&left, &right, &mut String::new(), &mut found);
    // A difference of the whole says no more than the message.
    if found.iter().all(|(path, _)| path.is_empty()) {
        return Vec::new();
    }
    let more = found.len().saturating_sub(MOST);
    let line = |(path, what): &(String, String)| format!("differs at `{path}`: {what}");
    let mut lines: Vec<String> = found.iter().take(MOST).map(line).collect();
    if more > 0 {
        lines.push(format!("and in {more} more places"));
    }
    lines
}

/// The two sides of `L == R`.
fn split(text: &str) -> Option<(Tree<'_>, Tree<'_>)> {
    let mut reader = Reader { text, at: 0, depth: 0 };
    let left = reader.value()?;
    reader.eat(" == ").then_some(())?;
    let right = reader.value()?;
    (reader.at == text.len()).then_some((left, right))
}

fn compare(left: &Tree<'_>, right: &Tree<'_>, path: &mut String, found: &mut Vec<(String, String)>) {
    match (left, right) {
        _ if left == right => {}
        (
            Tree::Parts { name, open, parts, .. },
            Tree::Parts { name: other_name, open: other_open, parts: other, .. },
        ) if name == other_name && open == other_open => {
            let step = |index: usize, label: Option<&str>| match (label, open) {
                (Some(label), '{') => format!(".{label}"),
                (Some(label), _) => format!("[{label}]"),
                (None, _) => format!("[{index}]"),
            };
            for (index, (label, part)) in parts.iter().enumerate() {
                let twin = match label {
                    Some(_) => other.iter().find(|(l, _)| l == label),
                    None => other.get(index),
                };
                let len = path.len();
                path.push_str(&step(index, *label));
                match twin {
                    Some((_, twin)) => compare(part, twin, path, found),
                    None => found.push((path.clone(), format!("{} is only on the left", part.text()))),
                }
                path.truncate(len);
            }
            for (index, (label, part)) in other.iter().enumerate() {
                let is_there = match label {
                    Some(_) => parts.iter().any(|(l, _)| l == label),
                    None => index < parts.len(),
                };
                if !is_there {
                    let place = format!("{path}{}", step(index, *label));
                    found.push((place, format!("{} is only on the right", part.text())));
                }
            }
        }
        _ => found.push((path.clone(), format!("{} and {}", left.text(), right.text()))),
    }
}

impl<'a> Tree<'a> {
    fn text(&self) -> &'a str {
        match self {
            Tree::Leaf(text) | Tree::Parts { text, .. } => text,
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        self.at += if found { text.len() } else { 0 };
        found
    }

    fn value(&mut self) -> Option<Tree<'a>> {
        let start = self.at;
        if matches!(self.rest().chars().next()?, '"' | '\'') {
            self.quoted()?;
            return Some(Tree::Leaf(&self.text[start..self.at]));
        }
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '+');
        let end = self.rest().find(|c| !plain(c)).unwrap_or(self.rest().len());
        self.at += end;
        let name = &self.text[start..self.at];
        let is_record = !name.is_empty() && self.eat(" {");
        let open = if is_record { '{' } else { self.rest().chars().next().unwrap_or(' ') };
        if !is_record {
            match open {
                '(' | '[' => self.at += 1,
                _ => return (!name.is_empty()).then_some(Tree::Leaf(name)),
            }
        }
        if self.depth == DEEPEST {
            return None;
        }
        self.depth += 1;
        let close = match open {
            '(' => ")",
            '[' => "]",
            _ => "}",
        };
        let parts = self.parts(close)?;
        self.depth -= 1;
        Some(Tree::Parts { name, open, parts, text: &self.text[start..self.at] })
    }

    fn parts(&mut self, close: &str) -> Option<Vec<(Option<&'a str>, Tree<'a>)>> {
        let mut parts = Vec::new();
        // An empty map.
        let _ = close == "]" && self.rest().starts_with(":]") && self.eat(":");
        loop {
            while self.eat(" ") {}
            if self.eat(close) {
                return Some(parts);
            }
            let first = self.value()?;
            if self.eat(": ") {
                parts.push((Some(first.text()), self.value()?));
            } else {
                parts.push((None, first));
            }
            while self.eat(" ") {}
            if !self.eat(",") && !self.rest().starts_with(close) {
                return None;
            }
        }
    }

    fn quoted(&mut self) -> Option<()> {
        let mut chars = self.rest().char_indices();
        let (_, quote) = chars.next()?;
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => drop(chars.next()?),
                _ if c == quote => {
                    self.at += at + c.len_utf8();
                    return Some(());
                }
                _ => {}
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::lines;

    fn told(message: &str) -> Vec<String> {
        lines(&format!("assertion failed: {message}"))
    }

    // r[test.run.difference]
    #[test]
    fn the_path_to_each_difference_is_told() {
        assert_eq!(
            told(
                r#"P { x: 1, name: "a, \"b", tags: ["a", "b"] } == P { x: 1, name: "ac", tags: ["a", "c", "d"] }"#
            ),
            [
                r#"differs at `.name`: "a, \"b" and "ac""#,
                r#"differs at `.tags[1]`: "b" and "c""#,
                r#"differs at `.tags[2]`: "d" is only on the right"#,
            ]
        );
        assert_eq!(told("[1, 2] == [1]"), ["differs at `[1]`: 2 is only on the left"]);
        assert_eq!(
            told(r#"["k": 1, "j": 2] == ["k": 3]"#),
            [r#"differs at `["k"]`: 1 and 3"#, r#"differs at `["j"]`: 2 is only on the left"#]
        );
        assert_eq!(
            told("some(Line(1, (2, -0.5))) == some(Line(1, (2, 0.5)))"),
            ["differs at `[0][1][1]`: -0.5 and 0.5"]
        );
        assert_eq!(told("ok([:]) == ok([1: ()])"), ["differs at `[0][1]`: () is only on the right"]);
        let many = told("[1, 1, 1, 1, 1, 1, 1] == [2, 2, 2, 2, 2, 2, 2]");
        assert_eq!(many.last().map(String::as_str), Some("and in 2 more places"));
    }

    #[test]
    fn what_adds_nothing_is_not_told() {
        for message in
            ["1 == 2", "some(1) == none", "Sold(1) == Kept(1)", "a text == another", "x) == y", "[1"]
        {
            assert_eq!(told(message), Vec::<String>::new(), "{message}");
        }
        assert_eq!(lines("the index is wrong: [1] == [2]"), Vec::<String>::new());
    }
}
