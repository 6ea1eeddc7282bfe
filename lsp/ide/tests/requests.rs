//! Requests in files: source with a cursor, the request, and the answer, which was checked by hand.
//!
//! A case is a file of `requests`; its folder is the request's name:
//!
//! ```text
//! // What it shows.
//! --- main
//! dot f(a: u8) -> u8 { $0a }
//! --- answer
//! main 1:7 `a`
//! ```
//!
//! Each part that begins with `---` is a module, but for the last. `$0` is the cursor; a second one ends a selection. A
//! rename's new name stands behind `--- answer`. `BLESS=1` rewrites answers. Each request has a case whose name begins
//! with `broken`: there the code can't be parsed or typed.

use dot_db::{Database, Origin, PackageTexts, SourceFile, new_project};
use dot_diagnostics::TextRange;
use dot_ide as ide;
use std::fmt::Write;
use std::path::{Path, PathBuf};

const STD: &[(&str, &str)] = &[
    ("prelude", "pub fn min<T>(a: T, b: T) -> T { if a == b { b } else { a } }\n"),
    (
        "list",
        "@intrinsic(\"list.len\") pub fn len<T: any>(self: list<T>) -> u32 {}\n\
         pub fn first<T>(self: list<T>) -> option<T> { none }\n",
    ),
    ("math", "pub fn cube(n: s64) -> s64 { n * n * n }\n"),
];

struct World {
    db: Database,
    modules: Vec<(String, String, SourceFile)>,
    file: SourceFile,
    selection: TextRange,
}

impl World {
    fn new(parts: &[(String, String)]) -> Self {
        let mut at = None;
        let mut texts = Vec::new();
        for (name, text) in parts {
            let mut text = text.clone();
            if let Some(start) = text.find("$0") {
                text.replace_range(start..start + 2, "");
                let end = text.find("$0").unwrap_or(start);
                if end > start {
                    text.replace_range(end..end + 2, "");
                }
                at = Some((name.clone(), TextRange::from_usize(start, end)));
            }
            texts.push((name.clone(), text));
        }
        let db = Database::default();
        let modules: Vec<(&str, &str)> =
            texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let root = PackageTexts::new("my:app", Origin::User, &modules);
        let project = new_project(&db, &root, &PackageTexts::new("dot:std", Origin::Std, STD));
        let file_of = |name: &str| {
            let files = project.root(&db).modules(&db);
            files.iter().find(|module| module.path == name).expect("it was added").file
        };
        let (name, selection) = at.unwrap_or_else(|| (texts[0].0.clone(), TextRange::empty(0)));
        let file = file_of(&name);
        let modules = texts.iter().map(|(name, text)| (name.clone(), text.clone(), file_of(name))).collect();
        World { db, modules, file, selection }
    }

    /// A place: module, line and column, and what stands there.
    fn place(&self, file: SourceFile, range: TextRange) -> String {
        let Some((name, text, _)) = self.modules.iter().find(|(_, _, other)| *other == file) else {
            return format!("{} {}", file.path(&self.db), range.start);
        };
        let place = ide::LineIndex::new(text).line_column(range.start);
        let shown: String = range.slice(text).replace('\n', "⏎");
        format!("{name} {}:{} `{shown}`", place.line + 1, place.column + 1)
    }

    fn edits(&self, out: &mut String, edits: &[(SourceFile, Vec<ide::TextEdit>)]) {
        for (file, edits) in edits {
            for edit in edits {
                let replacement = edit.replacement.replace('\n', "⏎");
                let _ = writeln!(out, "{} → `{replacement}`", self.place(*file, edit.range));
            }
        }
    }

    fn answer(&self, request: &str, given: &str) -> String {
        let (db, file, at) = (&self.db, self.file, self.selection.start);
        let mut out = String::new();
        match request {
            "definition" => {
                for place in ide::definition(db, file, at) {
                    let _ = writeln!(out, "{}", self.place(place.file, place.name));
                }
            }
            "type_definition" => {
                for place in ide::type_definition(db, file, at) {
                    let _ = writeln!(out, "{}", self.place(place.file, place.name));
                }
            }
            "semantic" => {
                for token in ide::semantic_tokens(db, file) {
                    let declared = if token.is_declaration { " declared" } else { "" };
                    let std = if token.is_std { " std" } else { "" };
                    let _ =
                        writeln!(out, "{:?} {}{declared}{std}", token.kind, self.place(file, token.range));
                }
            }
            "signature" => {
                if let Some(help) = ide::signature_help(db, file, at) {
                    let active = help.active.and_then(|active| help.params.get(active));
                    let _ = writeln!(out, "{}", help.label);
                    let _ = writeln!(out, "active: {}", active.map_or("none", |param| param));
                    out.push_str(&help.docs);
                    out.push_str(if help.docs.is_empty() { "" } else { "\n" });
                }
            }
            "hints" => {
                for hint in ide::hints(db, file, self.selection) {
                    let place = self.place(file, TextRange::empty(hint.offset));
                    let _ = writeln!(out, "{} `{}`", place.trim_end_matches(" ``"), hint.label);
                }
            }
            "references" | "highlight" => {
                let found = match request {
                    "references" => ide::references(db, file, at, true),
                    _ => ide::highlights(db, file, at),
                };
                for reference in found {
                    let what = match (reference.is_declaration, reference.is_write) {
                        (true, _) => " declared",
                        (false, true) => " changed",
                        (false, false) => "",
                    };
                    let _ = writeln!(out, "{}{what}", self.place(reference.file, reference.range));
                }
            }
            "rename" => match ide::rename(db, file, at, given) {
                Ok(renaming) => self.edits(&mut out, &renaming.edits),
                Err(why) => {
                    let _ = writeln!(out, "refused: {why}");
                }
            },
            "symbols" => self.symbols(&mut out, &ide::symbols(db, file), 0),
            "workspace_symbols" => self.symbols(&mut out, &ide::workspace_symbols(db, given), 0),
            "folding" => {
                for fold in ide::folds(db, file) {
                    let _ = writeln!(out, "{:?} {}", fold.kind, self.place(file, fold.range));
                }
            }
            "selection" => {
                for range in ide::selections(db, file, at) {
                    let _ = writeln!(out, "{}", self.place(file, range));
                }
            }
            "formatting" => match ide::format_part(db, file, self.selection) {
                Some(edits) => self.edits(&mut out, &[(file, edits)]),
                None => out.push_str("refused\n"),
            },
            "completion" => {
                for completion in ide::completions(db, file, at) {
                    // Of words of the language only their number: which there are is the grammar's to say.
                    if completion.kind == ide::CompletionKind::Keyword {
                        continue;
                    }
                    let import = completion.import.map(|edit| format!(" + {}", edit.replacement.trim()));
                    let kind = completion.kind;
                    let detail = completion.detail;
                    let _ = writeln!(
                        out,
                        "{kind:?} `{}` {detail}{}",
                        completion.label,
                        import.unwrap_or_default()
                    );
                }
            }
            "actions" => {
                for action in ide::actions(db, file, self.selection) {
                    let _ = writeln!(out, "{} ({})", action.title, action.code.unwrap_or("-"));
                    self.edits(&mut out, &action.edits);
                }
            }
            other => panic!("there is no request `{other}`"),
        }
        out
    }

    fn symbols(&self, out: &mut String, symbols: &[ide::Symbol], depth: usize) {
        for symbol in symbols {
            let indent = "  ".repeat(depth);
            let place = self.place(symbol.file, symbol.place);
            let _ = writeln!(out, "{indent}{:?} {} at {place}", symbol.kind, symbol.name);
            self.symbols(out, &symbol.members, depth + 1);
        }
    }
}

/// The modules, what stands behind `--- answer`, and the answer.
fn parts(text: &str) -> (Vec<(String, String)>, String, String) {
    let (source, rest) = text.split_once("--- answer").expect("a line `--- answer`");
    let (given, answer) = rest.split_once('\n').expect("its end");
    let mut modules: Vec<(String, String)> = Vec::new();
    for line in source.split_inclusive('\n') {
        match (line.strip_prefix("--- "), modules.last_mut()) {
            (Some(name), _) => modules.push((name.trim().to_owned(), String::new())),
            (None, Some((_, text))) => text.push_str(line),
            (None, None) => {}
        }
    }
    (modules, given.trim().to_owned(), answer.to_owned())
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

#[test]
fn every_request_is_answered_as_it_is_written() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/requests");
    let bless = std::env::var_os("BLESS").is_some_and(|value| value == "1");
    let (mut wrong, mut requests) = (Vec::new(), 0);
    for folder in files(&root) {
        let request = folder.file_name().unwrap().to_string_lossy().into_owned();
        let cases = files(&folder);
        let is_broken = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().starts_with("broken");
        assert!(cases.iter().any(is_broken), "{request} has no case with broken code");
        requests += 1;
        for path in cases {
            let text = std::fs::read_to_string(&path).unwrap();
            let (modules, given, expected) = parts(&text);
            let answer = World::new(&modules).answer(&request, &given);
            if answer == expected {
                continue;
            }
            if bless {
                let end = text.len() - expected.len();
                std::fs::write(&path, format!("{}{answer}", &text[..end])).unwrap();
            }
            wrong.push(format!("{}\nexpected:\n{expected}got:\n{answer}", path.display()));
        }
    }
    assert!(requests >= 10, "{requests}");
    assert!(wrong.is_empty() || bless, "{}", wrong.join("\n"));
}
