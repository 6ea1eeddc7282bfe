//! Small components for tests: WIT and WebAssembly text, put together by wit-component.

#![allow(dead_code, reason = "each test file uses a part")]

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// A component whose world is the only one in `wit` and whose code is the core module `wat`.
pub fn component(wit: &str, wat: &str) -> Vec<u8> {
    let mut module = wat::parse_str(wat).expect("the module's text is right");
    let mut resolve = Resolve::default();
    let package = resolve.push_str("test.wit", wit).expect("the WIT is right");
    let world = resolve.select_world(&[package], None).expect("there is one world");
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false)
        .expect("the world fits");
    let mut encoder = ComponentEncoder::default();
    let encoder = encoder.validate(true).module(&module).expect("the module fits");
    encoder.encode().expect("the component is right")
}

/// `wasm` with a custom section at its end.
pub fn with_section(mut wasm: Vec<u8>, name: &str, data: &[u8]) -> Vec<u8> {
    let mut content = leb(name.len());
    content.extend_from_slice(name.as_bytes());
    content.extend_from_slice(data);
    wasm.push(0);
    wasm.extend(leb(content.len()));
    wasm.extend(content);
    wasm
}

fn leb(mut n: usize) -> Vec<u8> {
    let mut out = Vec::new();
    loop {
        let byte = (n & 0x7f) as u8;
        n >>= 7;
        if n == 0 {
            out.push(byte);
            return out;
        }
        out.push(byte | 0x80);
    }
}

/// The escaped form of `text` for a string in WebAssembly text.
pub fn quoted(text: &str) -> String {
    format!("{text:?}")
}

/// Memory and an allocator that only goes forward: what a module needs to take strings and lists.
pub const MEMORY: &str = r#"
  (memory (export "memory") 1)
  (global $next (mut i32) (i32.const 1024))
  (func $alloc (export "cabi_realloc") (param $old i32) (param $had i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at
      (i32.and
        (i32.add (global.get $next) (i32.sub (local.get $align) (i32.const 1)))
        (i32.sub (i32.const 0) (local.get $align))))
    (global.set $next (i32.add (local.get $at) (local.get $size)))
    (local.get $at))
"#;

/// `greet: func(name: string) -> string` and other functions, in an interface `api` of the package
/// `test:hello`, described by a `dot-meta` section.
pub fn hello() -> Vec<u8> {
    let wit = "package test:hello;
      interface api {
        enum tone { kind, very-kind }
        greet: func(name: string) -> string;
        pick: func(tone: tone, times: u8) -> tone;
        halve: func(n: u32) -> result<u32, string>;
        nothing: func();
      }
      world w { export api; }";
    // `halve` gives n / 2 for an even number and the error "odd" for an odd one. Results with a payload of two
    // words are written to memory at 16: discriminant, then payload.
    let wat = format!(
        r#"(module {MEMORY}
      (data (i32.const 0) "Hello, ")
      (data (i32.const 8) "odd")
      (func (export "test:hello/api#greet") (param $at i32) (param $len i32) (result i32)
        (local $to i32)
        (local.set $to
          (call $alloc (i32.const 0) (i32.const 0) (i32.const 1) (i32.add (local.get $len) (i32.const 8))))
        (memory.copy (local.get $to) (i32.const 0) (i32.const 7))
        (memory.copy (i32.add (local.get $to) (i32.const 7)) (local.get $at) (local.get $len))
        (i32.store8 (i32.add (i32.add (local.get $to) (i32.const 7)) (local.get $len)) (i32.const 33))
        (i32.store (i32.const 16) (local.get $to))
        (i32.store (i32.const 20) (i32.add (local.get $len) (i32.const 8)))
        (i32.const 16))
      (func (export "test:hello/api#pick") (param i32 i32) (result i32) (local.get 0))
      (func (export "test:hello/api#halve") (param i32) (result i32)
        (if (i32.and (local.get 0) (i32.const 1))
          (then
            (i32.store8 (i32.const 16) (i32.const 1))
            (i32.store (i32.const 20) (i32.const 8))
            (i32.store (i32.const 24) (i32.const 3)))
          (else
            (i32.store8 (i32.const 16) (i32.const 0))
            (i32.store (i32.const 20) (i32.shr_u (local.get 0) (i32.const 1)))))
        (i32.const 16))
      (func (export "test:hello/api#nothing")))"#
    );
    let meta = r#"{"version":1,"package":"test:hello","dots":[
      {"interface":"api","name":"greet","dot":"greet","docs":"Greets.\n\nPolitely.",
       "params":[{"name":"name","dot":"name","type":"string","docs":"Who is greeted.","default":"world"}]},
      {"interface":"api","name":"pick","dot":"pick",
       "params":[{"name":"tone","dot":"tone"},{"name":"times","dot":"times","default":1,"constraints":{"max":9}}]}]}"#;
    with_section(component(wit, &wat), "dot-meta", meta.as_bytes())
}
