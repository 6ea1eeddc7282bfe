//! Every file of Dot in the tree, as it is and changed by chance, and random programs: formatting them changes nothing
//! but layout, and formatting them again changes nothing at all.
//!
//! What is held against the formatter comes from the parser (trees, tokens, comments), which knows nothing of it.

use dot_format::{STEP, format, is_same_file};
use dot_generate::{Options, Random, program};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every `.dot` file below a folder, but for what builds leave.
fn dot_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if !name.starts_with('.') && name != "target" && name != "node_modules" {
                dot_files(&path, found);
            }
        } else if name.ends_with(".dot") {
            found.push(path);
        }
    }
}

fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    dot_files(&root(), &mut found);
    assert!(found.len() > 400, "only {} files", found.len());
    let read = |path: PathBuf| {
        let text = String::from_utf8(std::fs::read(&path).ok()?).ok()?;
        Some((path, text))
    };
    found.into_iter().filter_map(read).collect()
}

/// What is wrong with how a text is formatted; nothing for one that has errors.
fn wrong(text: &str) -> Option<String> {
    let once = format(text).ok()?;
    let kept = dot_format::kept(text);
    if !kept.is_empty() {
        return Some(format!("left as it is:\n{}", kept.join("\n")));
    }
    if !is_same_file(text, &once) {
        return Some(format!("means something else:\n{once}"));
    }
    match format(&once) {
        Ok(twice) if twice == once => {}
        Ok(twice) => {
            return Some(format!("changes again:\n{}", dot_format::unified_diff("", &once, &twice)));
        }
        Err(errors) => return Some(format!("has errors then: {errors:?}")),
    }
    ugly(&once)
}

/// What no formatted text has, whatever was written.
fn ugly(text: &str) -> Option<String> {
    // Strings are printed as they are.
    if text.contains("\"\"\"") {
        return None;
    }
    let lines: Vec<&str> = text.lines().collect();
    for (index, line) in lines.iter().enumerate() {
        let indent = line.len() - line.trim_start().len();
        if line.ends_with(' ') || line.contains('\t') || !indent.is_multiple_of(STEP) {
            return Some(format!("white space in line {}: {line:?}", index + 1));
        }
        if line.is_empty() && (index == 0 || lines[index - 1].is_empty() || index + 1 == lines.len()) {
            return Some(format!("an empty line too many: {}", index + 1));
        }
    }
    None
}

fn tell(name: &str, wrong: Vec<String>) {
    let shown: Vec<&str> = wrong.iter().take(10).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} {name}:\n{}", wrong.len(), shown.join("\n\n"));
}

#[test]
fn files_of_the_tree() {
    let mut problems = Vec::new();
    let mut clean = 0;
    for (path, text) in sources() {
        clean += usize::from(format(&text).is_ok());
        problems.extend(wrong(&text).map(|problem| format!("{}: {problem}", path.display())));
    }
    assert!(clean > 400, "only {clean} files could be formatted");
    tell("files", problems);
}

/// Line breaks, spaces and comments are put in and taken out where tokens meet; what still parses is formatted.
#[test]
fn files_changed_by_chance() {
    let mut random = Random(0x00d0_7f07);
    let (mut problems, mut formatted) = (Vec::new(), 0);
    for (path, text) in sources() {
        if text.len() > 8_000 {
            continue;
        }
        let ends: Vec<usize> =
            dot_syntax::lexer::lex(&text).lexemes.iter().map(|lexeme| lexeme.range.end as usize).collect();
        for round in 0..2 {
            let mut changed = text.clone();
            let mut places: Vec<usize> =
                (0..1 + random.below(6)).filter_map(|_| random.pick(&ends).copied()).collect();
            places.sort_unstable();
            for place in places.into_iter().rev() {
                let what = ["\n", " ", "\n\n\n", " // why\n", "\n  // why\n", ",", "\n// why\n\n"];
                let what = random.pick(&what).unwrap();
                changed.insert_str(place, what);
            }
            formatted += usize::from(format(&changed).is_ok());
            let problem = wrong(&changed);
            problems.extend(problem.map(|problem| format!("{} {round}: {problem}", path.display())));
        }
    }
    assert!(formatted > 500, "only {formatted} could be formatted");
    tell("changed files", problems);
}

#[test]
fn random_programs() {
    let problems = (0..60u64).filter_map(|seed| {
        let text = dot_generate::print::program(&program(seed, &Options::of_seed(seed)));
        assert!(format(&text).is_ok(), "seed {seed} has errors");
        wrong(&text).map(|problem| format!("seed {seed}: {problem}"))
    });
    tell("programs", problems.collect());
}

/// Whatever the bytes: an answer, no panic.
#[test]
fn broken_texts_are_refused_or_formatted() {
    let mut random = Random(7);
    for (path, text) in sources() {
        if text.len() > 6_000 {
            continue;
        }
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let Some(cut) = random.pick(&places) else { continue };
        let broken = &text[..*cut];
        let problem = wrong(broken);
        assert!(problem.is_none(), "{}: {}", path.display(), problem.unwrap_or_default());
        let range = dot_diagnostics::TextRange::new(*cut as u32 / 2, *cut as u32);
        if let Ok(edits) = dot_format::format_range(&text, range) {
            let after = dot_format::apply(&text, &edits);
            assert!(is_same_file(&text, &after) || format(&text).is_err(), "{}", path.display());
        }
    }
}
