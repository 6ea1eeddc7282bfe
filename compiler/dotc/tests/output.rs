//! Where `dotc build` writes.

use std::path::{Path, PathBuf};
use std::process::Command;

fn build(output: &Path) -> Option<i32> {
    let hello = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/hello.dot");
    let mut dotc = Command::new(env!("CARGO_BIN_EXE_dotc"));
    dotc.arg("build").arg(hello).arg("-o").arg(output).output().expect("dotc starts").status.code()
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("dotc-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

#[test]
fn a_component_replaces_what_was_there_and_leaves_nothing_else() {
    let folder = folder("replaces");
    let output = folder.join("hello.wasm");
    std::fs::write(&output, "older").expect("a file");
    assert_eq!(build(&output), Some(0));
    let bytes = std::fs::read(&output).expect("the component");
    assert!(bytes.starts_with(b"\0asm"));
    assert_eq!(std::fs::read_dir(&folder).expect("the folder").count(), 1);
    std::fs::remove_dir_all(&folder).expect("the folder goes");
}

#[test]
fn what_cannot_be_written_is_told_by_the_exit_code() {
    let folder = folder("refuses");
    assert_eq!(build(&folder), Some(74), "a folder");
    assert_eq!(build(&folder.join("no/hello.wasm")), Some(74), "no such folder");
    assert_eq!(std::fs::read_dir(&folder).expect("the folder").count(), 0);
    std::fs::remove_dir_all(&folder).expect("the folder goes");
}
