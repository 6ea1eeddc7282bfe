//! `std/fs` on a real folder.

use crate::Compiled;
use dot_host::{EngineOptions, Settings};
use serde_json::json;

const PROBE: &str = r#"
use std/fs.{FsError}
use std/clock

fn steps(folder: string) -> result<list<string>, FsError> uses _ {
  let (one, two) = ("{folder}/one.txt", "{folder}/sub/two.txt")
  var seen: list<string> = []
  fs.write(one, "abc")?
  fs.append(one, "déf")?
  seen.push(fs.read(one)?)
  fs.create_folder("{folder}/sub")?
  fs.rename(one, two)?
  seen.push("{fs.exists(one)} {fs.exists(two)}")
  seen.push("{fs.list_folder(folder)?} {fs.list_folder("{folder}/sub")?}")
  let info = fs.info(two)?
  seen.push("{info.kind} {info.size} {clock.now().since(info.changed.unwrap()).as_seconds() < 60.0}")
  fs.write(two, "x")?
  seen.push(fs.read(two)?)
  seen.push("{fs.create_folder("{folder}/sub").err()} {fs.remove_folder("{folder}/sub").err()} {fs.read("{folder}/sub").err()}")
  fs.remove(two)?
  fs.remove_folder("{folder}/sub")?
  seen.push("{fs.read(two).err()} {fs.read("/etc/passwd").err()} {fs.read("{folder}/../outside").err()}")
  fs.write_bytes(one, b"\xff")?
  seen.push("{fs.read(one).err()} {fs.read_bytes(one)?}")
  fs.write(one, "0123456789".repeat(20_000))?
  seen.push("{fs.read(one)?.byte_len()}")
  fs.remove(one)?
  ok(seen)
}

dot go(folder: string) -> result<list<string>, string> uses fs + clock {
  steps(folder).map_err(|error| "{error}")
}
"#;

#[test]
fn files_come_and_go() {
    let folder = std::env::temp_dir().join(format!("dot-std-files-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let shown = folder.to_str().expect("a path").to_owned();
    let mut settings = Settings::default();
    settings.grants.allow(&format!("fs={shown}")).expect("a grant");
    settings.grants.allow("clock").expect("a grant");
    let compiled = Compiled::with(PROBE, EngineOptions::QUICK, settings);
    let found = compiled.call("go", &[json!(shown)]);
    let left = std::fs::read_dir(&folder).expect("the folder").count();
    std::fs::remove_dir_all(&folder).expect("the folder goes");
    let expected = [
        "abcdéf",
        "false true",
        "[Entry { name: \"sub\", kind: Folder }] [Entry { name: \"two.txt\", kind: File }]",
        "File 7 true",
        "x",
        "some(Exists) some(NotEmpty) some(IsFolder)",
        "some(NotFound) some(NotPermitted) some(NotPermitted)",
        "some(NotText) [255]",
        "200000",
    ];
    assert_eq!(found, json!({ "ok": expected }));
    assert_eq!(left, 0);
}
