//! Values of every type cross into a component and back.

mod support;

use dot_host::{Dot, Engine, EngineOptions, Program, Settings, from_json, literal, to_json};
use serde_json::{Value as Json, json};

fn load(bytes: Vec<u8>) -> Program {
    let engine = Engine::new(EngineOptions::default()).expect("an engine");
    Program::from_bytes(&engine, bytes).expect("a component")
}

fn dot<'a>(program: &'a Program, name: &str) -> &'a Dot {
    program.dots().iter().find(|d| d.dot == name).expect("the dot")
}

/// Functions that give back what they get. A value of one or no flat part is returned as it came; the others
/// are stored to memory at 16 in the layout of the canonical ABI.
fn echo() -> Program {
    let wit = "package test:echo;
      interface api {
        record point { x: s32, is-home: bool }
        variant shape { circle(f64), rect(tuple<f64, f64>), open }
        enum color { red, dark-green }
        flags rights { read, write-all }
        b: func(v: bool) -> bool;
        %s8: func(v: s8) -> s8;  %u8: func(v: u8) -> u8;
        %s16: func(v: s16) -> s16;  %u16: func(v: u16) -> u16;
        %s32: func(v: s32) -> s32;  %u32: func(v: u32) -> u32;
        %s64: func(v: s64) -> s64;  %u64: func(v: u64) -> u64;
        %f32: func(v: f32) -> f32;  %f64: func(v: f64) -> f64;
        c: func(v: char) -> char;
        text: func(v: string) -> string;
        bytes: func(v: list<u8>) -> list<u8>;
        words: func(v: list<string>) -> list<string>;
        pair: func(v: tuple<u8, string>) -> tuple<u8, string>;
        opt: func(v: option<u32>) -> option<u32>;
        opts: func(v: list<option<option<u8>>>) -> list<option<option<u8>>>;
        res: func(v: result<u32, u32>) -> result<u32, u32>;
        bare: func(v: result) -> result;
        one-point: func(v: point) -> point;
        shapes: func(v: list<shape>) -> list<shape>;
        one-color: func(v: color) -> color;
        one-rights: func(v: rights) -> rights;
      }
      world w { export api; }";
    let mut functions = String::new();
    for name in ["b", "s8", "u8", "s16", "u16", "s32", "u32", "c", "one-color", "one-rights", "bare"] {
        functions +=
            &format!(r#"(func (export "test:echo/api#{name}") (param i32) (result i32) local.get 0)"#);
    }
    for (name, ty) in [("s64", "i64"), ("u64", "i64"), ("f32", "f32"), ("f64", "f64")] {
        functions +=
            &format!(r#"(func (export "test:echo/api#{name}") (param {ty}) (result {ty}) local.get 0)"#);
    }
    // Pointer and length.
    for name in ["text", "bytes", "words", "opts", "shapes"] {
        functions += &format!(
            r#"(func (export "test:echo/api#{name}") (param i32 i32) (result i32)
              (i32.store (i32.const 16) (local.get 0)) (i32.store (i32.const 20) (local.get 1)) (i32.const 16))"#
        );
    }
    functions += r#"
      (func (export "test:echo/api#pair") (param i32 i32 i32) (result i32)
        (i32.store8 (i32.const 16) (local.get 0)) (i32.store (i32.const 20) (local.get 1))
        (i32.store (i32.const 24) (local.get 2)) (i32.const 16))
      (func (export "test:echo/api#opt") (param i32 i32) (result i32)
        (i32.store8 (i32.const 16) (local.get 0)) (i32.store (i32.const 20) (local.get 1)) (i32.const 16))
      (func (export "test:echo/api#res") (param i32 i32) (result i32)
        (i32.store8 (i32.const 16) (local.get 0)) (i32.store (i32.const 20) (local.get 1)) (i32.const 16))
      (func (export "test:echo/api#one-point") (param i32 i32) (result i32)
        (i32.store (i32.const 16) (local.get 0)) (i32.store8 (i32.const 20) (local.get 1)) (i32.const 16))"#;
    load(support::component(wit, &format!("(module {} {functions})", support::MEMORY)))
}

/// What goes in as JSON comes out as the same JSON, and prints as the Dot literal given.
#[test]
fn every_type_crosses() {
    let program = echo();
    let cases: Vec<(&str, Json, &str)> = vec![
        ("b", json!(true), "true"),
        ("s8", json!(-128), "-128"),
        ("u8", json!(255), "255"),
        ("s16", json!(-32768), "-32768"),
        ("u16", json!(65535), "65535"),
        ("s32", json!(-2147483648), "-2147483648"),
        ("u32", json!(4294967295_u32), "4294967295"),
        ("s64", json!(i64::MIN), "-9223372036854775808"),
        ("u64", json!(u64::MAX), "18446744073709551615"),
        ("f32", json!(0.1), "0.1"),
        ("f64", json!(-1.5e300), "-1.5e300"),
        ("f64", json!("nan"), "nan"),
        ("f64", json!("-inf"), "-inf"),
        ("c", json!("😀"), "'😀'"),
        ("text", json!("Grüße\n"), r#""Grüße\n""#),
        ("text", json!(""), r#""""#),
        ("bytes", json!([0, 255]), "[0, 255]"),
        ("words", json!(["a", "", "b"]), r#"["a", "", "b"]"#),
        ("pair", json!([7, "x"]), r#"(7, "x")"#),
        ("opt", json!(null), "none"),
        ("opt", json!(3), "some(3)"),
        ("opts", json!([null, {"some": null}, {"some": 5}]), "[none, some(none), some(some(5))]"),
        ("res", json!({"ok": 1}), "ok(1)"),
        ("res", json!({"err": 2}), "err(2)"),
        ("bare", json!({"ok": null}), "ok()"),
        ("one_point", json!({"x": -1, "is_home": true}), "Point { x: -1, is_home: true }"),
        (
            "shapes",
            json!([{"Circle": 1.0}, {"Rect": [1.0, 2.5]}, "Open"]),
            "[Circle(1.0), Rect(1.0, 2.5), Open]",
        ),
        ("one_color", json!("DarkGreen"), "DarkGreen"),
        ("one_rights", json!(["Read", "WriteAll"]), "[Read, WriteAll]"),
        ("one_rights", json!([]), "[]"),
    ];
    for (name, json, printed) in cases {
        let dot = dot(&program, name);
        let arg = from_json("v", &json, &dot.params[0].ty).expect(name);
        let result = program.call(dot, &[arg], &Settings::default()).expect(name).expect(name);
        let ty = dot.result.as_ref().expect(name);
        assert_eq!(to_json(&result, ty), json, "{name}");
        assert_eq!(literal(&result, ty), printed, "{name}");
    }
}

#[test]
// r[json.range]
fn wrong_json_is_told_by_its_path() {
    let program = echo();
    let cases = [
        ("one_point", json!({"x": 1}), "at `v`: expected the field `is_home` (bool), found none"),
        (
            "one_point",
            json!({"x": 1, "y": 2}),
            "at `v`: expected one of the fields `x`, `is_home`, found `y`",
        ),
        (
            "one_point",
            json!({"x": "1", "is_home": true}),
            "at `v.x`: expected an integer from -2147483648 to 2147483647 (s32), found the string \"1\"",
        ),
        ("words", json!(["a", 1]), "at `v[1]`: expected a string, found 1"),
        (
            "shapes",
            json!([{"Rect": [1, "2"]}]),
            "at `v[0].Rect[1]`: expected a number, \"nan\", \"inf\" or \"-inf\", found the string \"2\"",
        ),
        (
            "shapes",
            json!(["Square"]),
            "at `v[0]`: expected one of the cases `Circle`, `Rect`, `Open`, found the string \"Square\"",
        ),
        ("u8", json!(256), "at `v`: expected an integer from 0 to 255 (u8), found 256"),
        ("f32", json!(1e300), "at `v`: expected a number within the range of f32, found 1e300"),
        ("c", json!("ab"), "at `v`: expected a string of one char, found the string \"ab\""),
        ("opts", json!([1]), "at `v[0]`: expected null or {\"some\": …}, found 1"),
    ];
    for (name, json, message) in cases {
        let error = from_json("v", &json, &dot(&program, name).params[0].ty).expect_err(name);
        assert_eq!(error.to_string(), message, "{name}");
    }
}

#[test]
fn types_have_their_names() {
    let program = echo();
    let ty = |name: &str| dot(&program, name).params[0].ty.to_string();
    assert_eq!(ty("one_point"), "Point");
    assert_eq!(ty("shapes"), "list<Shape>");
    assert_eq!(ty("pair"), "(u8, string)");
    assert_eq!(ty("bare"), "result<(), ()>");
    assert_eq!(ty("opts"), "list<option<option<u8>>>");
}

/// Types of one shape keep their names, wherever they stand in a signature.
#[test]
fn types_that_are_alike_keep_their_names() {
    let wit = "package test:units;
      interface api {
        record meters { value: f64 }
        record feet { value: f64 }
        record both { a: feet, b: meters, c: list<feet> }
        enum left { x, y }
        enum right { x, y }
        convert: func(v: feet, w: option<meters>) -> meters;
        pair: func(v: both) -> tuple<right, left>;
      }
      world w { export api; }";
    let wat = format!(
        r#"(module {}
      (func (export "test:units/api#convert") (param f64 i32 f64) (result f64) local.get 0)
      (func (export "test:units/api#pair") (param f64 f64 i32 i32) (result i32) i32.const 16))"#,
        support::MEMORY
    );
    let program = load(support::component(wit, &wat));
    let convert = dot(&program, "convert");
    let types: Vec<String> = convert.params.iter().map(|p| p.ty.to_string()).collect();
    assert_eq!(types, ["Feet", "option<Meters>"]);
    let arg = |i: usize, json: Json| from_json("v", &json, &convert.params[i].ty).expect("it fits");
    let args = [arg(0, json!({"value": 1.5})), arg(1, json!(null))];
    let result = program.call(convert, &args, &Settings::default()).expect("a value").expect("a value");
    assert_eq!(literal(&result, convert.result.as_ref().expect("a type")), "Meters { value: 1.5 }");
    let pair = dot(&program, "pair");
    assert_eq!(pair.result.as_ref().map(|t| t.to_string()).as_deref(), Some("(Right, Left)"));
    let dot_host::Ty::Record(both) = &pair.params[0].ty else { panic!("a record") };
    let fields: Vec<String> =
        both.members.iter().filter_map(|m| m.ty.as_ref()).map(|t| t.to_string()).collect();
    assert_eq!(fields, ["Feet", "Meters", "list<Feet>"]);
}

/// Maps and sets cross as lists. The expectations are the language's total order: strings by bytes, cases by
/// declaration.
#[test]
fn maps_and_sets_print_in_order_where_they_are_known() {
    let wit = "package test:maps;
      interface api {
        enum size { small, big }
        record bag { items: list<tuple<string, u32>>, max: u8 }
        count: func(v: list<tuple<string, u32>>) -> list<tuple<string, u32>>;
        sizes: func(v: list<size>) -> list<size>;
        pack: func(v: bag) -> u8;
      }
      world w { export api; }";
    let pair = r#"(param i32 i32) (result i32)
      (i32.store (i32.const 16) (local.get 0)) (i32.store (i32.const 20) (local.get 1)) (i32.const 16)"#;
    let wat = format!(
        r#"(module {}
      (func (export "test:maps/api#count") {pair})
      (func (export "test:maps/api#sizes") {pair})
      (func (export "test:maps/api#pack") (param i32 i32 i32) (result i32) local.get 2))"#,
        support::MEMORY
    );
    let meta = r#"{"version":1,"package":"test:maps","dots":[
      {"interface":"api","name":"count","dot":"count","result":"map<string, u32>",
       "params":[{"name":"v","dot":"v","type":"map<string, u32>"}]},
      {"interface":"api","name":"sizes","dot":"sizes","result":"set<Size>",
       "params":[{"name":"v","dot":"v","type":"set<Size>"}]}],
      "types":[{"interface":"api","name":"bag","dot":"Bag","fields":[
        {"name":"items","dot":"items","type":"map<string, u32>","default":[]},
        {"name":"max","dot":"max","default":7}]}]}"#;
    let program = load(support::with_section(support::component(wit, &wat), "dot-meta", meta.as_bytes()));
    let run = |name: &str, json: Json| {
        let dot = dot(&program, name);
        let arg = from_json("v", &json, &dot.params[0].ty).expect("it fits");
        let result = program.call(dot, &[arg], &Settings::default()).expect("a value").expect("a value");
        literal(&result, dot.result.as_ref().expect("a type"))
    };
    assert_eq!(
        run("count", json!([["b", 1], ["a", 3], ["é", 2], ["Z", 4]])),
        r#"["Z": 4, "a": 3, "b": 1, "é": 2]"#
    );
    assert_eq!(run("count", json!([])), "[:]");
    assert_eq!(run("sizes", json!(["Big", "Small"])), "[Small, Big]");
    assert_eq!(dot(&program, "sizes").params[0].ty.to_string(), "set<Size>");
    assert_eq!(run("pack", json!({})), "7");
    assert_eq!(run("pack", json!({"max": 1, "items": [["a", 1]]})), "1");
}

#[test]
fn a_dot_is_described_by_its_section() {
    let program = load(support::hello());
    let greet = dot(&program, "greet");
    assert_eq!(greet.interface.as_deref(), Some("test:hello/api"));
    assert_eq!(greet.docs, "Greets.\n\nPolitely.");
    assert_eq!(greet.params[0].default, Some(json!("world")));
    assert_eq!(dot(&program, "pick").params[1].constraints, vec![("max".to_string(), json!(9))]);
    let arg = from_json("name", &json!("Ada"), &greet.params[0].ty).expect("a string");
    let result = program.call(greet, &[arg], &Settings::default()).expect("a greeting").expect("a value");
    assert_eq!(to_json(&result, &dot_host::Ty::String), json!("Hello, Ada!"));
    assert!(program.is_pure());
}

/// An `async func` of WASI 0.3's kind, lifted with a callback: it gives its result, then ends (0).
#[test]
fn an_async_function_is_called_like_any_other() {
    let wit = "package test:wait;
      interface api { double: async func(n: u32) -> u32; }
      world w { export api; }";
    let wat = r#"(module
      (import "[export]test:wait/api" "[task-return]double" (func $return (param i32)))
      (memory (export "memory") 1)
      (func (export "[async-lift]test:wait/api#double") (param i32) (result i32)
        (call $return (i32.mul (local.get 0) (i32.const 2)))
        (i32.const 0))
      (func (export "[callback][async-lift]test:wait/api#double") (param i32 i32 i32) (result i32)
        (i32.const 0)))"#;
    let program = load(support::component(wit, wat));
    let result = program.call(dot(&program, "double"), &[dot_host::Val::U32(21)], &Settings::default());
    assert_eq!(result, Ok(Some(dot_host::Val::U32(42))));
}

#[test]
fn a_wrong_number_of_arguments_is_refused() {
    let program = load(support::hello());
    let failure = program.call(dot(&program, "greet"), &[], &Settings::default());
    let expected = dot_host::Failure::Arguments(vec!["`greet` takes 1 arguments, not 0".to_string()]);
    assert_eq!(failure.err(), Some(expected));
}
