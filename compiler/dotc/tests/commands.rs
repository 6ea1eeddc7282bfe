//! `dotc check` and `dotc explain`: what they print, and with which exit code.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder for one test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("dotc-commands-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, text).expect("a file");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Exit code, standard output, standard error.
fn dotc(arguments: &[&str], path: &Path) -> (Option<i32>, String, String) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_dotc")).args(arguments).arg(path).output().expect("dotc starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
// r[cli.check], r[diag.json]
fn check_tells_what_is_wrong_and_builds_nothing() {
    let folder = Folder::new("check");
    let good = folder.write("good.dot", "dot f() -> u32 { 1 }\n");
    assert_eq!(dotc(&["check"], &good), (Some(0), String::new(), String::new()));
    let bad = folder.write("bad.dot", "dot f() -> u32 { nothing }\n");
    let (code, out, err) = dotc(&["check"], &bad);
    assert_eq!((code, out.as_str()), (Some(65), ""));
    assert!(
        err.contains("unknown-name") && err.contains("bad.dot:1:18") && err.ends_with("1 error\n"),
        "{err}"
    );
    // JSON goes to the standard output, one object a line.
    let (code, out, err) = dotc(&["check", "--format", "json"], &bad);
    assert_eq!((code, err.as_str()), (Some(65), ""));
    assert_eq!(out.lines().count(), 1, "{out}");
    assert!(out.starts_with("{\"code\":\"unknown-name\",\"severity\":\"error\""), "{out}");
    let there: Vec<_> =
        std::fs::read_dir(&folder.0).expect("the folder").flatten().map(|e| e.file_name()).collect();
    assert_eq!(there.len(), 2, "{there:?}");
    assert_eq!(dotc(&["check"], &folder.0.join("none.dot")).0, Some(66));
}

#[test]
// r[cli.explain]
fn explain_prints_the_page_of_a_code() {
    let (code, out, err) = dotc(&["explain"], Path::new("unused-value"));
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../diagnostics/codes/unused-value.md");
    assert_eq!(out.trim(), std::fs::read_to_string(page).expect("the page").trim());
    let (code, out, err) = dotc(&["explain"], Path::new("no-such-code"));
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.contains("there is no code `no-such-code`"), "{err}");
}

#[test]
// r[diag.order]
fn diagnostics_come_by_file_then_by_place() {
    let folder = Folder::new("order");
    folder.write("Dot.toml", "name = \"acme:order\"\nversion = \"0.1.0\"\nlanguage = \"0.1\"\n");
    // The modules need each other in an order that is not that of their names.
    folder
        .write("src/main.dot", "use order/zoo\nuse order/ant\ndot f() -> u32 { zoo.g() + ant.h() + last }\n");
    folder.write("src/zoo.dot", "fn g() -> u32 { second + 1 }\nfn k() -> u32 { first }\n");
    folder.write("src/ant.dot", "fn unused() -> u32 { b }\nfn h() -> u32 { a }\n");
    let places = || -> Vec<(String, u64)> {
        let (code, out, _) = dotc(&["check", "--format", "json"], &folder.0);
        assert_eq!(code, Some(65), "{out}");
        let field = |line: &str, key: &str, end: char| {
            let from =
                line.find(key).map(|at| at + key.len()).unwrap_or_else(|| panic!("no {key} in {line}"));
            line[from..].split(end).next().unwrap_or_default().to_owned()
        };
        let errors = out.lines().filter(|line| line.contains("\"unknown-name\""));
        let place = |line: &str| {
            let file = field(line, "\"file\":\"", '"');
            let name = Path::new(&file).file_name().unwrap_or_default().to_string_lossy().into_owned();
            (name, field(line, "\"line\":", ',').parse().expect("a line"))
        };
        errors.map(place).collect()
    };
    let expected = [("ant.dot", 1), ("ant.dot", 2), ("main.dot", 3), ("zoo.dot", 1), ("zoo.dot", 2)];
    for _ in 0..3 {
        let places = places();
        assert!(places.iter().map(|(file, line)| (file.as_str(), *line)).eq(expected), "{places:?}");
    }
}

#[test]
// r[diag.limit]
fn at_most_a_hundred_errors_are_shown() {
    let folder = Folder::new("limit");
    for (wrong, shown, rest) in [(100, 100, None), (101, 100, Some("1 more")), (250, 100, Some("150 more"))] {
        let lines: Vec<String> = (0..wrong).map(|n| format!("fn wrong{n}() -> u32 {{ nothing }}")).collect();
        let file = folder.write("many.dot", &lines.join("\n"));
        let (code, _, err) = dotc(&["check"], &file);
        assert_eq!(code, Some(65));
        assert_eq!(err.matches("error[unknown-name]").count(), shown);
        assert!(err.ends_with(&format!("{wrong} errors\n")), "{}", &err[err.len() - 200..]);
        match rest {
            Some(rest) => assert!(err.contains(rest), "{}", &err[err.len() - 200..]),
            None => assert!(!err.contains("more"), "{}", &err[err.len() - 200..]),
        }
    }
}

#[test]
// r[diag.not-yet]
fn what_is_not_carried_yet_is_named() {
    let folder = Folder::new("later");
    let file =
        folder.write("later.dot", "dot f(xs: stream<u8>) -> u32 {\n  for x in xs { let _ = x }\n  1\n}\n");
    for command in ["check", "build"] {
        let (code, out, err) = dotc(&[command], &file);
        assert_eq!((code, out.as_str()), (Some(65), ""));
        assert!(err.contains("error[not-yet]") && err.contains("stream"), "{err}");
    }
}
