//! Which dot is meant.

use dot_host::Dot;
use dot_host::names::{nearest, split_interface};

/// The dot meant by the word behind FILE, and whether that word was its name.
///
/// A file with one dot needs no name; its word is then the dot's first value, unless it is the dot's name. Of several,
/// the one that is named like its module needs none, or else `main`.
pub fn pick<'a>(dots: &'a [Dot], word: Option<&str>) -> Result<(&'a Dot, bool), String> {
    if let Some(word) = word {
        let meant: Vec<&Dot> = dots.iter().filter(|d| is_called(d, word)).collect();
        match meant.as_slice() {
            [] => {}
            [one] => return Ok((one, true)),
            several => {
                let names: Vec<String> = several.iter().map(|d| format!("`{}`", full_name(d))).collect();
                return Err(format!("several dots are called `{word}`: {}", names.join(", ")));
            }
        }
    }
    match (dots, word) {
        ([], _) => Err("there is no dot in it".to_string()),
        ([only], _) => Ok((only, false)),
        (_, None) => match main_of(dots) {
            Some(main) => Ok((main, false)),
            None => Err(format!("which dot?{}", list(dots))),
        },
        (_, Some(word)) => {
            let near = nearest(word, dots.iter().map(|d| d.dot.as_str()));
            let hint = near.map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
            Err(format!("there is no dot `{word}`{hint}{}", list(dots)))
        }
    }
}

/// The dot that is meant when none is named: the one named like its module, or else `main`, if only one is.
fn main_of(dots: &[Dot]) -> Option<&Dot> {
    let module_of =
        |dot: &Dot| dot.interface.as_deref().map(|interface| split_interface(interface).1.to_owned());
    let only = |is_it: &dyn Fn(&Dot) -> bool| {
        let mut found = dots.iter().filter(|dot| is_it(dot));
        found.next().filter(|_| found.next().is_none())
    };
    only(&|dot| module_of(dot).is_some_and(|module| module == dot.name))
        .or_else(|| only(&|dot| dot.name == "main"))
}

/// A dot goes by its name in Dot or WIT, alone or behind its module's: `area`, `places.area`, `places/area`.
fn is_called(dot: &Dot, word: &str) -> bool {
    if word == dot.dot || word == dot.name {
        return true;
    }
    let Some(interface) = &dot.interface else { return false };
    let (module, name) = match word.rsplit_once(['#', '.']).or_else(|| word.rsplit_once('/')) {
        Some(split) => split,
        None => return false,
    };
    let short = split_interface(interface).1;
    (name == dot.dot || name == dot.name) && (module == interface || module == short)
}

/// The name that is meant by no other dot of the file.
pub fn full_name(dot: &Dot) -> String {
    match &dot.interface {
        Some(interface) => format!("{}.{}", split_interface(interface).1, dot.dot),
        None => dot.dot.clone(),
    }
}

/// What there is, one dot a line, with the first line of its documentation.
pub fn list(dots: &[Dot]) -> String {
    let name = |dot: &Dot| {
        let alone = dots.iter().filter(|d| d.dot == dot.dot).count() == 1;
        if alone { dot.dot.clone() } else { full_name(dot) }
    };
    let width = dots.iter().map(|d| name(d).chars().count()).max().unwrap_or(0);
    let line = |dot: &Dot| {
        let summary = dot.docs.lines().next().unwrap_or_default();
        let line = format!("\n  {:width$}  {summary}", name(dot));
        line.trim_end().to_string()
    };
    dots.iter().map(line).collect()
}
