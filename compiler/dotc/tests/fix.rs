//! `dotc check --fix`
// r[diag.fix]

use std::process::Command;

const WRONG: &str =
    "dot total(xs: list<u32>) -> string {\n  let sum: u32 = 0\n  for x in xs { sum += x }\n  summ\n}\n";
/// A name, then a type, then a variable: each is seen when the one before is mended.
const FIXED: &str =
    "dot total(xs: list<u32>) -> string {\n  var sum: u32 = 0\n  for x in xs { sum += x }\n  \"{sum}\"\n}\n";

#[test]
fn fixes_are_written_round_by_round() {
    let folder = std::env::temp_dir().join(format!("dotc-fix-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("total.dot");
    std::fs::write(&file, WRONG).expect("a file");
    let check = |fix: &[&str]| {
        let mut dotc = Command::new(env!("CARGO_BIN_EXE_dotc"));
        dotc.arg("check").args(fix).arg(&file).output().expect("dotc starts").status.code()
    };
    assert_eq!(check(&[]), Some(65), "it does not compile");
    assert_eq!(std::fs::read_to_string(&file).expect("the file"), WRONG, "a check alone changes nothing");
    assert_eq!(check(&["--fix"]), Some(0));
    assert_eq!(std::fs::read_to_string(&file).expect("the file"), FIXED);
    std::fs::remove_dir_all(&folder).expect("the folder goes");
}
