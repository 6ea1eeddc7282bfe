//! `dot run` on components: what goes in, what comes out, and with which exit code.

#[path = "../../host/tests/support/mod.rs"]
mod support;

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// Writes a file for one test and gives its path.
fn file(name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("dot-run").join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(&path, content).expect("a file");
    path
}

fn hello(name: &str) -> String {
    file(name, support::hello()).display().to_string()
}

fn dot(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dot")).args(args).output().expect("dot runs")
}

/// Standard output, standard error and exit code.
fn told(output: &Output) -> (String, String, Option<i32>) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr), output.status.code())
}

fn stdout(args: &[&str]) -> String {
    let (out, err, code) = told(&dot(args));
    assert_eq!((err.as_str(), code), ("", Some(0)), "{args:?}: {out}");
    out
}

fn fails(args: &[&str], code: i32) -> String {
    let (out, err, found) = told(&dot(args));
    assert_eq!(found, Some(code), "{args:?}: {out}{err}");
    assert_eq!(out, "", "{args:?}");
    err
}

#[test]
// r[cli.run], r[cli.run.arguments], r[cli.run.default], r[cli.run.json]
fn arguments_are_given_by_name_position_json_and_default() {
    let wasm = hello("args.wasm");
    assert_eq!(stdout(&["run", &wasm, "greet"]), "Hello, world!\n");
    assert_eq!(stdout(&["run", &wasm, "greet", "--name", "Ada"]), "Hello, Ada!\n");
    assert_eq!(stdout(&["run", &wasm, "greet", "--name=Ada"]), "Hello, Ada!\n");
    assert_eq!(stdout(&["run", &wasm, "api.greet", "Ada"]), "Hello, Ada!\n");
    assert_eq!(stdout(&["run", &wasm, "greet", "--json", r#"{"name": "Ada"}"#]), "Hello, Ada!\n");
    assert_eq!(stdout(&["run", "--json", r#"["Ada"]"#, &wasm, "greet"]), "Hello, Ada!\n");
    assert_eq!(stdout(&["run", &wasm, "pick", "VeryKind"]), "VeryKind\n");
    assert_eq!(stdout(&["run", &wasm, "nothing"]), "");
}

#[test]
fn strings_and_json_are_read_from_files() {
    let wasm = hello("files.wasm");
    let name = format!("@{}", file("name.txt", "Ada\nLovelace").display());
    assert_eq!(stdout(&["run", &wasm, "greet", "--text", &name]), "Hello, Ada\nLovelace!\n");
    assert_eq!(stdout(&["run", &wasm, "greet", "--name", &name]), "Hello, Ada\nLovelace!\n");
    assert_eq!(stdout(&["run", &wasm, "greet", "--name", "@@home"]), "Hello, @home!\n");
    let json = format!("@{}", file("args.json", r#"{"name": "Ada"}"#).display());
    assert_eq!(stdout(&["run", &wasm, "greet", "--json", &json]), "Hello, Ada!\n");

    let mut child = Command::new(env!("CARGO_BIN_EXE_dot"))
        .args(["run", &wasm, "greet", "--json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("dot runs");
    child.stdin.take().expect("a pipe").write_all(br#"{"name": "pipe"}"#).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(told(&output), ("Hello, pipe!\n".to_string(), String::new(), Some(0)));
}

#[test]
// r[cli.exit], r[cli.streams]
fn an_err_is_told_and_ends_with_1() {
    let wasm = hello("err.wasm");
    assert_eq!(stdout(&["run", &wasm, "halve", "8"]), "4\n");
    assert_eq!(fails(&["run", &wasm, "halve", "7"], 1), "error: odd\n");
    let (out, err, code) = told(&dot(&["run", &wasm, "halve", "7", "--output", "json"]));
    assert_eq!((out.as_str(), err.as_str(), code), ("{\"err\":\"odd\"}\n", "", Some(1)));
    assert_eq!(stdout(&["run", &wasm, "halve", "8", "--output=json"]), "{\"ok\":4}\n");
    assert_eq!(stdout(&["run", &wasm, "greet", "--output=json"]), "\"Hello, world!\"\n");
}

#[test]
// r[cli.run.help]
fn help_is_made_from_the_signature() {
    let wasm = hello("help.wasm");
    let help = stdout(&["run", &wasm, "greet", "--help"]);
    let expected = format!(
        "Greets.\n\nPolitely.\n\nUsage: dot run {wasm} greet [--name <string>]\n\n\
         Arguments, by name or in this order:\n  --name <string>\n      Who is greeted.\n      default: \"world\"\n\n\
         Result: string\n\n`dot run --help` tells the options of `dot run`, which may stand here too.\n"
    );
    assert_eq!(help, expected);
    let pick = stdout(&["run", &wasm, "pick", "--help"]);
    assert!(pick.contains("  --tone <Tone>\n      one of `Kind`, `VeryKind`\n"), "{pick}");
    assert!(pick.contains("  --times <u8>\n      at most 9\n      default: 1\n"), "{pick}");
    let all = stdout(&["run", &wasm, "--help"]);
    assert!(all.contains("\n  greet    Greets.\n  pick\n  halve\n  nothing\n"), "{all}");
}

#[test]
fn a_wrong_command_line_ends_with_2_and_says_what_there_is() {
    let wasm = hello("usage.wasm");
    let unknown = fails(&["run", &wasm, "great"], 2);
    assert!(unknown.contains("there is no dot `great`; did you mean `greet`?"), "{unknown}");
    assert!(unknown.contains("\n  greet    Greets.\n"), "{unknown}");
    assert!(fails(&["run", &wasm], 2).contains("which dot?"));
    assert!(fails(&["run", &wasm, "greet", "--nam", "x"], 2).contains("did you mean `--name`?"));
    assert!(fails(&["run", &wasm, "pick", "kindly"], 2).contains("expected one of `Kind`, `VeryKind`"));
    assert!(fails(&["run", &wasm, "pick", "Kind", "300"], 2).contains("from 0 to 255 (u8), found `300`"));
    assert!(fails(&["run", &wasm, "pick"], 2).contains("`--tone` is missing (Tone)"));
    assert!(fails(&["run", &wasm, "greet", "--json", "{"], 2).contains("`--json`: "));
    assert!(fails(&["run", &wasm, "greet", "--output", "xml"], 2).contains("xml"));
    assert!(fails(&["run", &wasm, "greet", "--allow", "all"], 2).contains("there is no capability `all`"));
    assert!(fails(&["run", "no-such-file.wasm"], 2).contains("there is no such file"));
    assert!(fails(&["run"], 2).contains("FILE"));
}

#[test]
fn what_is_no_component_ends_with_65() {
    let bad = |name: &str, content: &[u8]| fails(&["run", &file(name, content).display().to_string()], 65);
    assert!(bad("empty.wasm", b"").contains("the file is empty"));
    assert!(bad("core.wasm", b"\0asm\x01\0\0\0").contains("a core WebAssembly module"));
    assert!(bad("junk.wasm", b"hello").contains("this is not a WebAssembly component"));
}

#[test]
fn native_code_runs_when_it_is_trusted() {
    let engine = dot_host::Engine::new(dot_host::EngineOptions::UNMETERED).expect("an engine");
    let native = dot_host::Program::precompile(&engine, &support::hello()).expect("native code");
    let path = file("hello.cwasm", native).display().to_string();
    assert!(fails(&["run", &path, "greet"], 2).contains("--allow-precompiled"));
    assert_eq!(stdout(&["run", "--allow-precompiled", &path, "greet"]), "Hello, world!\n");
    assert_eq!(stdout(&["run", &path, "greet", "Ada", "--allow-precompiled"]), "Hello, Ada!\n");
}

const TRAPS: &str = "package test:traps;
  interface api { div: func(a: u32, b: u32) -> u32; spin: func(); grow: func(pages: u32); }
  world w { export api; }";

/// `i32.div_u` of `div` stands at 5 of its body: `00` no locals, `20 00`, `20 01`, `6e`.
fn traps() -> Vec<u8> {
    let table = r#"{"version":1,"files":["src/div.dot"],"traps":[{"func":0,"offset":5,"kind":"divide-by-zero",
      "message":"{a} / {b}: division by zero","file":0,"line":2,"column":3,"end_column":8,
      "values":[{"name":"a","local":0,"type":"u32"},{"name":"b","local":1,"type":"u32"}]}]}"#;
    let wat = format!(
        r#"(module
      (func $div (export "test:traps/api#div") (param i32 i32) (result i32) local.get 0 local.get 1 i32.div_u)
      (func (export "test:traps/api#spin") (loop $l (br $l)))
      (func (export "test:traps/api#grow") (param i32)
        (if (i32.lt_s (memory.grow (local.get 0)) (i32.const 0)) (then unreachable)))
      (memory 1)
      (@custom "dot-traps" {}))"#,
        support::quoted(table)
    );
    support::component(TRAPS, &wat)
}

#[test]
fn a_trap_is_told_with_source_values_and_backtrace() {
    file("traps/src/div.dot", "dot div(a: u32, b: u32) -> u32 {\n  a / b\n}\n");
    let wasm = file("traps/traps.wasm", traps()).display().to_string();
    assert_eq!(stdout(&["run", &wasm, "div", "7", "2"]), "3\n");
    let expected = "\
trap: divide-by-zero: 7 / 0: division by zero
  --> src/div.dot:2:3
   |
 2 |   a / b
   |   ^^^^^
  = a is 7
  = b is 0
backtrace:
   0: div at src/div.dot:2:3
";
    assert_eq!(fails(&["run", &wasm, "div", "7", "0"], 134), expected);
    assert_eq!(fails(&["run", "--values", &wasm, "div", "7", "0"], 134), expected);
}

#[test]
fn limits_end_with_75() {
    let wasm = file("limits.wasm", traps()).display().to_string();
    assert!(fails(&["run", &wasm, "spin", "--timeout", "0.1"], 75).contains("resource: timeout: "));
    assert!(fails(&["run", &wasm, "spin", "--fuel", "100000"], 75).contains("resource: fuel: "));
    assert!(fails(&["run", &wasm, "grow", "32", "--memory", "1"], 75).contains("resource: memory: "));
    assert_eq!(stdout(&["run", &wasm, "grow", "32"]), "");
}

#[test]
// r[cli.grant]
fn what_is_not_granted_ends_with_77() {
    let wit = "package test:clock;
      world w { import wasi:clocks/monotonic-clock@0.2.0; import wasi:random/random@0.2.0; export now: func() -> u64; }
      package wasi:clocks@0.2.0 { interface monotonic-clock { now: func() -> u64; } }
      package wasi:random@0.2.0 { interface random { get-random-u64: func() -> u64; } }";
    let wat = r#"(module
      (import "wasi:clocks/monotonic-clock@0.2.0" "now" (func $now (result i64)))
      (import "wasi:random/random@0.2.0" "get-random-u64" (func $random (result i64)))
      (func (export "now") (result i64) call $random drop call $now))"#;
    let wasm = file("clock.wasm", support::component(wit, wat)).display().to_string();
    let expected = "\
error: the program needs what it was not granted
  `wasi:clocks/monotonic-clock@0.2.0`, which `--allow clock` grants
  `wasi:random/random@0.2.0`, which `--allow random` grants
help: to grant all of it: `--allow clock,random`
";
    assert_eq!(fails(&["run", &wasm], 77), expected);
    let now = stdout(&["run", &wasm, "--allow", "clock,random"]);
    assert!(now.trim_end().parse::<u64>().is_ok(), "{now}");
}

/// A command of WASI 0.2 is a component with one dot, `run`; what it may write is granted.
#[test]
fn a_wasi_command_runs() {
    let wit = "package test:command;
      world w { import wasi:cli/stdout@0.2.0; export wasi:cli/run@0.2.0; }
      package wasi:io@0.2.0 {
        interface error { resource error; }
        interface streams {
          use error.{error};
          variant stream-error { last-operation-failed(error), closed }
          resource output-stream {
            blocking-write-and-flush: func(contents: list<u8>) -> result<_, stream-error>;
          }
        }
      }
      package wasi:cli@0.2.0 {
        interface stdout { use wasi:io/streams@0.2.0.{output-stream}; get-stdout: func() -> output-stream; }
        interface run { run: func() -> result; }
      }";
    let wat = format!(
        r#"(module
      (import "wasi:cli/stdout@0.2.0" "get-stdout" (func $stdout (result i32)))
      (import "wasi:io/streams@0.2.0" "[method]output-stream.blocking-write-and-flush"
        (func $write (param i32 i32 i32 i32)))
      (import "wasi:io/streams@0.2.0" "[resource-drop]output-stream" (func $drop (param i32)))
      {}
      (data (i32.const 0) "written\0a")
      (func (export "wasi:cli/run@0.2.0#run") (result i32) (local i32)
        (local.set 0 (call $stdout))
        (call $write (local.get 0) (i32.const 0) (i32.const 8) (i32.const 32))
        (call $drop (local.get 0))
        (i32.const 0)))"#,
        support::MEMORY
    );
    let wasm = file("command.wasm", support::component(wit, &wat)).display().to_string();
    assert!(fails(&["run", &wasm], 77).contains("`wasi:cli/stdout@0.2.0`, which `--allow stdout` grants"));
    assert_eq!(stdout(&["run", &wasm, "--allow", "stdout"]), "written\n");
}

#[test]
fn version_and_help_are_told_on_the_standard_output() {
    assert_eq!(stdout(&["--version"]), format!("dot {}\n", env!("CARGO_PKG_VERSION")));
    assert!(stdout(&["run", "--help"]).contains("dot run [OPTIONS] FILE [DOT]"));
    assert!(stdout(&["--help"]).contains("test"));
}

/// What is wrong with the source is told by the compiler, with the place, and ends with 65.
#[test]
fn source_that_does_not_compile_ends_with_65() {
    let source = file("wrong.dot", "dot f() -> u8 {\n  nothing_of_this_name\n}\n").display().to_string();
    for command in [["run", source.as_str()], ["test", source.as_str()]] {
        let told = fails(&command, 65);
        assert!(told.contains("nothing_of_this_name") && told.contains("wrong.dot:2:3"), "{told}");
    }
}

#[test]
// r[json.record]
fn a_name_that_stands_twice_in_json_is_told() {
    let wasm = file("twice.wasm", traps()).display().to_string();
    let told = fails(&["run", &wasm, "div", "--json", r#"{"a": 1, "b": 2, "a": 3}"#], 2);
    assert!(told.contains("the name \"a\" is twice in one object at line 1 column 20"), "{told}");
}
