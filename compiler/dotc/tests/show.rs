//! `dotc wit` and `dotc effects`.

use std::process::Command;

const SOURCE: &str = "use wasi:clocks/monotonic-clock@0.2.12 as clock\n\n/// Later.\ndot later(by: u64) -> u64 uses clock { soon() + by }\n\nfn soon() -> u64 { clock.now() }\n\ndot never() -> u64 { 0 }\n";

fn dotc(command: &str, options: &[&str]) -> String {
    let path = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{command}.dot"));
    std::fs::write(&path, SOURCE).expect("a file");
    let output = Command::new(env!("CARGO_BIN_EXE_dotc")).arg(command).arg(&path).args(options).output();
    let output = output.expect("dotc runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
// r[cli.wit]
fn the_interface_is_printed_with_its_imports() {
    let wit = dotc("wit", &[]);
    assert!(wit.contains("import wasi:clocks/monotonic-clock@0.2.12;"), "{wit}");
    assert!(wit.contains("later: func(by: u64) -> u64;") && wit.contains("export wit;"), "{wit}");
}

#[test]
// r[cli.effects]
fn effects_are_told_with_the_calls_that_lead_to_them() {
    let text = dotc("effects", &[]);
    assert!(text.contains("effects.later\n  uses wasi:clocks/monotonic-clock@0.2.12\n    now\n"), "{text}");
    assert!(text.contains("from effects.later at ") && text.contains("from effects.soon at "), "{text}");
    assert!(text.contains("effects.never: pure\n"), "{text}");
    let json = dotc("effects", &["--format", "json"]);
    assert!(json.contains(r#""function":"now""#) && json.contains(r#""line":6,"column":20"#), "{json}");
}
