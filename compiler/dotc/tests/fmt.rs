//! `dotc fmt`
// r[cli.fmt], r[cli.fmt.check]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const PLAIN: &str = "dot f(a:u32)->u32{a+1}\n";
/// By the style's own account: spaces around operators, inside braces on one line, and after colons.
const NEAT: &str = "dot f(a: u32) -> u32 { a + 1 }\n";

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("dotc-fmt-{name}-{}", std::process::id()));
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
fn fmt(arguments: &[&str], path: &Path, input: &str) -> (Option<i32>, String, String) {
    let mut dotc = Command::new(env!("CARGO_BIN_EXE_dotc"));
    dotc.arg("fmt").args(arguments).arg(path);
    dotc.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = dotc.spawn().expect("dotc starts");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("the file")
}

#[test]
fn a_package_is_formatted_in_place() {
    let folder = Folder::new("package");
    folder.write("Dot.toml", "name = \"my:neat\"\nversion = \"0.1.0\"\nlanguage = \"0.1\"\n");
    let (main, other) = (folder.write("src/main.dot", PLAIN), folder.write("src/geo/other.dot", NEAT));
    let (built, hidden) = (folder.write("build/x.dot", PLAIN), folder.write(".git/x.dot", PLAIN));
    let (code, out, err) = fmt(&["--check"], &folder.0, "");
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert!(err.contains("main.dot") && !err.contains("other.dot"), "{err}");
    assert_eq!(read(&main), PLAIN, "a check writes nothing");
    assert_eq!(fmt(&[], &folder.0, "").0, Some(0));
    assert_eq!((read(&main).as_str(), read(&other).as_str()), (NEAT, NEAT));
    assert_eq!((read(&built).as_str(), read(&hidden).as_str()), (PLAIN, PLAIN));
    assert_eq!(fmt(&["--check"], &folder.0, ""), (Some(0), String::new(), String::new()));
}

#[test]
fn a_difference_is_shown_and_not_written() {
    let folder = Folder::new("diff");
    let file = folder.write("f.dot", PLAIN);
    let (code, out, _) = fmt(&["--diff"], &file, "");
    assert_eq!(code, Some(0));
    assert!(out.contains(&format!("\n-{PLAIN}+{NEAT}")), "{out}");
    assert!(out.contains("@@ -1 +1 @@"), "{out}");
    assert_eq!(fmt(&["--diff", "--check"], &file, "").0, Some(1));
    assert_eq!(read(&file), PLAIN);
}

#[test]
fn standard_input_goes_to_standard_output() {
    let stream = Path::new("-");
    assert_eq!(fmt(&[], stream, PLAIN), (Some(0), NEAT.to_owned(), String::new()));
    assert_eq!(fmt(&[], stream, NEAT), (Some(0), NEAT.to_owned(), String::new()));
    assert_eq!(fmt(&["--check"], stream, PLAIN).0, Some(1));
    let (code, out, err) = fmt(&[], stream, "fn f( {\n");
    assert_eq!((code, out.as_str()), (Some(65), ""));
    assert!(err.contains("-:1"), "{err}");
}

#[test]
fn what_can_not_be_parsed_is_told_and_left_alone() {
    let folder = Folder::new("broken");
    let (broken, plain) = (folder.write("a.dot", "fn f() { [1, }\n"), folder.write("b.dot", PLAIN));
    let (code, _, err) = fmt(&[], &folder.0, "");
    assert_eq!(code, Some(65));
    assert!(err.contains("a.dot:1"), "{err}");
    assert_eq!(read(&broken), "fn f() { [1, }\n");
    assert_eq!(read(&plain), NEAT, "the other file is formatted");
    assert_eq!(fmt(&[], &folder.0.join("none.dot"), "").0, Some(66));
}
