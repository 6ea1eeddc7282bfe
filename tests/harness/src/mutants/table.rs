//! The result as a table, which `tests/mutations/README.md` keeps.

use super::{Fate, Mutation, folder};

/// The heading below which the result stands, to the end of the page.
const HEADING: &str = "## The last result\n";

/// The sentence that sums a result up.
fn summary(killed: usize, all: usize) -> String {
    let percent = if all == 0 { 0.0 } else { killed as f64 * 100.0 / all as f64 };
    format!("{killed} of {all} killed, {percent:.1} %.")
}

/// The result in Markdown.
fn render(fates: &[(Mutation, Fate)]) -> String {
    let killed = fates.iter().filter(|(_, fate)| *fate != Fate::Survived).count();
    let mut out =
        format!("{}\n\n| mutation | breaks | killed by |\n|---|---|---|\n", summary(killed, fates.len()));
    for (mutation, fate) in fates {
        let by = match fate {
            Fate::Killed(by) => by.as_str(),
            Fate::Survived => "**survived**",
        };
        out.push_str(&format!("| `{}` | {} | {by} |\n", mutation.name, mutation.breaks));
    }
    out
}

/// Writes the result of a whole run into the page.
///
/// # Errors
///
/// When the page can't be read or written.
pub fn keep(fates: &[(Mutation, Fate)]) -> std::io::Result<()> {
    let path = folder().join("README.md");
    let page = std::fs::read_to_string(&path)?;
    let above = page.split(HEADING).next().unwrap_or_default();
    std::fs::write(path, format!("{above}{HEADING}\n{}", render(fates)))
}

/// The sentence that sums up the result that is kept.
#[must_use]
pub fn kept() -> Option<String> {
    let page = std::fs::read_to_string(folder().join("README.md")).ok()?;
    let below = page.split(HEADING).nth(1)?;
    below.lines().find(|line| line.contains("killed,")).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_says_what_became_of_each() {
        let mutation = |name: &str| Mutation {
            name: name.to_owned(),
            file: "f.rs".to_owned(),
            find: "a".to_owned(),
            replace: "b".to_owned(),
            breaks: "num.div".to_owned(),
        };
        let fates = [
            (mutation("one"), Fate::Killed("arithmetic/division.dot".to_owned())),
            (mutation("two"), Fate::Survived),
            (mutation("three"), Fate::Killed("the limit of time".to_owned())),
        ];
        let text = render(&fates);
        assert!(text.starts_with("2 of 3 killed, 66.7 %.\n\n| mutation | breaks | killed by |\n"), "{text}");
        assert!(text.contains("| `one` | num.div | arithmetic/division.dot |\n"), "{text}");
        assert!(text.contains("| `two` | num.div | **survived** |\n"), "{text}");
    }
}
