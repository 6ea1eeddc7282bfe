//! Names and paths as they stand in a signature or body: text, and an id by which to find the place.

use smol_str::SmolStr;

/// The number of a name within its signature or body; the source map beside has its range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NameId(pub u32);

/// A name where it is written. Its text is empty where a name was missing, which has been reported.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    /// The name, without backticks.
    pub text: SmolStr,
    /// Which occurrence this is.
    pub id: NameId,
}

impl Name {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether a name was missing here, which has been reported.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.text.is_empty()
    }
}

/// Names joined by dots, at least one: `fs.ErrorCode`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path {
    /// The names, from left to right.
    pub segments: Vec<Name>,
}

impl Path {
    /// The texts of the names, as the functions that resolve take them.
    #[must_use]
    pub fn texts(&self) -> Vec<&str> {
        self.segments.iter().map(Name::as_str).collect()
    }

    /// The path as it is written.
    #[must_use]
    pub fn display(&self) -> String {
        self.texts().join(".")
    }

    /// The last name, which is the one that the path names.
    #[must_use]
    pub fn last(&self) -> Option<&Name> {
        self.segments.last()
    }
}

/// In what case a name is written, which says what it can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameCase {
    /// `lower_snake`: values, fields, functions, modules.
    Snake,
    /// `Pascal`: types and cases.
    Pascal,
    /// `SCREAMING`: constants. Capitals alone, such as `T` and `GET`, are both this and `Pascal`.
    Screaming,
}

impl NameCase {
    /// Whether `name` is written in this case.
    #[must_use]
    pub fn fits(self, name: &str) -> bool {
        let first = name.chars().next();
        match self {
            Self::Snake => {
                first.is_some_and(|c| c.is_ascii_lowercase() || c == '_')
                    && !name.bytes().any(|b| b.is_ascii_uppercase())
            }
            Self::Pascal => first.is_some_and(|c| c.is_ascii_uppercase()) && !name.contains('_'),
            Self::Screaming => {
                first.is_some_and(|c| c.is_ascii_uppercase()) && !name.bytes().any(|b| b.is_ascii_lowercase())
            }
        }
    }

    /// The name of the case, as messages say it.
    #[must_use]
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Snake => "lower_snake",
            Self::Pascal => "Pascal",
            Self::Screaming => "SCREAMING",
        }
    }

    /// `name` rewritten in this case.
    #[must_use]
    pub fn convert(self, name: &str) -> String {
        let words = words_of(name);
        match self {
            Self::Snake => words.join("_"),
            Self::Pascal => words.iter().map(|word| capitalized(word)).collect(),
            Self::Screaming => words.join("_").to_ascii_uppercase(),
        }
    }
}

/// The words of a name in any case, in lower case: `HttpError`, `http_error`, `HTTP-error` and `HTTPError` are
/// all `http`, `error`.
///
/// A word begins after `_` or `-`, at a capital after a small letter or digit, and at a capital before a small
/// letter.
#[must_use]
pub fn words_of(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for (index, &c) in chars.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|i| chars.get(i));
        let after = chars.get(index + 1);
        let after_small = before.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let before_small = after.is_some_and(char::is_ascii_lowercase);
        let separator = c == '_' || c == '-';
        if (separator || (c.is_ascii_uppercase() && (after_small || before_small))) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if !separator {
            word.push(c.to_ascii_lowercase());
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_every_case() {
        for name in ["HttpError", "http_error", "HTTP-error", "HTTPError", "HTTP_ERROR"] {
            assert_eq!(words_of(name), ["http", "error"], "{name}");
        }
        assert_eq!(words_of("Point2D"), ["point2", "d"]);
        assert_eq!(words_of(""), Vec::<String>::new());
    }

    #[test]
    fn capitals_alone_are_a_type_and_a_constant() {
        assert!(NameCase::Pascal.fits("T") && NameCase::Screaming.fits("T"));
        assert!(NameCase::Pascal.fits("Point") && !NameCase::Screaming.fits("Point"));
        assert!(NameCase::Screaming.fits("MAX_LEN") && !NameCase::Pascal.fits("MAX_LEN"));
        assert!(NameCase::Snake.fits("open_at") && !NameCase::Snake.fits("openAt"));
    }

    #[test]
    fn conversions_keep_the_words() {
        assert_eq!(NameCase::Snake.convert("openAt"), "open_at");
        assert_eq!(NameCase::Pascal.convert("no-entry"), "NoEntry");
        assert_eq!(NameCase::Screaming.convert("maxLen"), "MAX_LEN");
    }
}
