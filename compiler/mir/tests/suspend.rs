//! Calls that may wait are the places where a function can be suspended.

mod support;

use dot_db::{Database, Origin, PackageTexts, new_project};
use support::{instance, text};

const WIT: &str = "
package demo:net;
interface net {
  resource pollable { block: func(); }
  fetch: async func(url: string) -> u32;
  blocking-read: func() -> u32;
  read: func() -> u32;
}
";

/// The functions of this module that are asked for, as text, on a database of their own.
fn printed(source: &str, names: &[&str]) -> Vec<String> {
    let db = Database::default();
    let root = PackageTexts::new("acme:geo", Origin::User, &[("main", source)]).with_wit(&[("net", WIT)]);
    let std = PackageTexts::new("dot:std", Origin::Std, dot_stdlib::MODULES).with_wit(dot_stdlib::WIT);
    new_project(&db, &root, &std);
    names
        .iter()
        .map(|name| text(&db, dot_mir::counted(&db, instance(&db, name)).expect("it has a body")))
        .collect()
}

/// The lines that wait.
fn waiting(text: &str) -> Vec<&str> {
    let lines = text.lines().filter_map(|line| line.split("= ").nth(1));
    lines.filter(|line| line.starts_with("await ")).collect()
}

#[test]
// r[effect.wait]
fn imports_that_wait_and_what_calls_them() {
    let source = "use demo:net/net
use wasi:io/streams@0.2.12 as streams
use wasi:io/poll@0.2.12 as poll
fn plain() -> u32 uses net { net.read() }
fn blocking() -> u32 uses net { net.blocking_read() + plain() }
fn outer() -> u32 uses net { blocking() + plain() }
fn ping(n: u32) -> u32 uses net { if n == 0 { plain() } else { pong(n - 1) } }
fn pong(n: u32) -> u32 uses net { if n == 1 { blocking() } else { ping(n - 1) } }
fn loops(n: u32) -> u32 uses net { if n == 0 { plain() } else { loops(n - 1) } }
fn write(out: streams.OutputStream) uses streams { let _ = out.check_write(); let _ = out.blocking_flush() }
fn wait(on: poll.Pollable) -> bool uses poll { on.block(); on.ready() }
";
    let names = ["plain", "blocking", "outer", "ping", "pong", "loops", "write", "wait"];
    let texts = printed(source, &names);
    let waits: Vec<Vec<&str>> = texts.iter().map(|text| waiting(text)).collect();
    assert_eq!(waits[0], [""; 0], "plain");
    assert_eq!(waits[1], ["await import demo:net/net.blocking_read"]);
    assert_eq!(waits[2], ["await call main.blocking"]);
    assert_eq!(waits[3].len(), 1, "{}", texts[3]);
    assert!(waits[3][0].starts_with("await call main.pong"), "{}", texts[3]);
    assert_eq!(waits[4].len(), 2, "{}", texts[4]);
    assert_eq!(waits[5], [""; 0], "loops");
    assert_eq!(waits[6].len(), 1, "{}", texts[6]);
    assert!(waits[6][0].starts_with("await import wasi:io/streams@0.2.12.blocking_flush"), "{}", texts[6]);
    assert_eq!(waits[7].len(), 1, "{}", texts[7]);
    assert!(waits[7][0].starts_with("await import wasi:io/poll@0.2.12.block"), "{}", texts[7]);
}

#[test]
// r[effect.wait]
fn function_values_wait_only_where_something_does() {
    let call = "fn twice(f: fn(u32) -> u32, n: u32) -> u32 { f(f(n)) }\n";
    let pure = printed(&format!("{call}fn run(n: u32) -> u32 {{ twice(|x| x + n, 1) }}\n"), &["twice"]);
    assert_eq!(waiting(&pure[0]), [""; 0]);
    let source = format!(
        "use demo:net/net\n{call}fn run(n: u32) -> u32 uses net {{ twice(|x| x + net.blocking_read(), n) }}\n"
    );
    let texts = printed(&source, &["twice", "run"]);
    assert_eq!(waiting(&texts[0]).len(), 2, "{}", texts[0]);
    assert_eq!(waiting(&texts[1]).len(), 1, "{}", texts[1]);
}
