//! Parts of lists and strings as they are compiled: an address inside the whole, and a length.

mod support;

use std::collections::BTreeMap;
use support::{LEVELS, Machine, module, program};
use wasmparser::{Name, NameSectionReader, Operator, Parser, Payload};
use wasmtime::Val;

/// What each function calls, by name, and whether it copies memory.
fn bodies(module: &[u8]) -> BTreeMap<String, (Vec<String>, bool)> {
    let mut names = BTreeMap::new();
    let mut bodies = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload.expect("a module") {
            Payload::CodeSectionEntry(body) => {
                let operators = body.get_operators_reader().expect("operators");
                let (mut calls, mut copies) = (Vec::new(), false);
                for operator in operators {
                    match operator.expect("an operator") {
                        Operator::Call { function_index } => calls.push(function_index),
                        Operator::MemoryCopy { .. } => copies = true,
                        _ => {}
                    }
                }
                bodies.push((calls, copies));
            }
            Payload::CustomSection(section) if section.name() == "name" => {
                let reader = NameSectionReader::new(wasmparser::BinaryReader::new(section.data(), 0));
                for name in reader {
                    if let Name::Function(map) = name.expect("a subsection") {
                        names.extend(
                            map.into_iter().map(|n| n.map(|n| (n.index, n.name.to_owned())).expect("a name")),
                        );
                    }
                }
            }
            _ => {}
        }
    }
    // These modules import nothing, so the n-th body is function n.
    let named = |calls: Vec<u32>| calls.iter().filter_map(|n| names.get(n)).cloned().collect();
    let body = |(n, (calls, copies)): (usize, _)| (names[&(n as u32)].clone(), (named(calls), copies));
    bodies.into_iter().enumerate().map(body).collect()
}

const PROGRAM: &str = r#"
fn sum(xs: list<u32>) -> u64 {
  match xs {
    [] => 0
    [x, ..rest] => u64(x) + sum(rest)
  }
}
fn looped(xs: list<u32>) -> u64 {
  var rest = xs
  var total: u64 = 0
  while rest is [x, ..tail] {
    total += u64(x)
    rest = tail
  }
  total
}
fn fields(line: string) -> u32 {
  match line {
    "{name},{rest}" => if name == "" { 0 } else { 1 + fields(rest) }
    _ => 1
  }
}
dot summed(xs: list<u32>) -> u64 { sum(xs) }
dot in_a_loop(xs: list<u32>) -> u64 { looped(xs) }
dot counted(line: string) -> u32 { fields(line) }
"#;

#[test]
// r[abi.view]
fn what_only_looks_at_parts_calls_no_allocator_and_copies_nothing() {
    for level in LEVELS {
        let module = module(&program(PROGRAM), &["summed", "in_a_loop", "counted"], level);
        let bodies = bodies(&module);
        for (name, may_call) in
            [("main.sum", "main.sum"), ("main.looped", ""), ("main.fields", "main.fields")]
        {
            let Some((calls, copies)) = bodies.get(name) else {
                assert_eq!(
                    (level, name),
                    (dot_mir::Level::Release, "main.looped"),
                    "only that one is inlined"
                );
                continue;
            };
            let others: Vec<&String> =
                calls.iter().filter(|call| *call != may_call && !call.starts_with("eq<")).collect();
            assert!(others.is_empty() && !copies, "{name} at {level:?}: {calls:?}");
        }
    }
}

#[test]
// r[abi.view]
fn parts_need_no_memory_of_their_own() {
    // Memory that is freed at once would do as well for one part at a time; the recursion has all of them alive.
    for level in LEVELS {
        let mut machine = Machine::new(PROGRAM, &["summed", "in_a_loop", "counted"], level);
        let xs: Vec<u8> = (1..=1000_u32).flat_map(u32::to_le_bytes).collect();
        for name in ["summed", "in_a_loop"] {
            let [at, _] = machine.pass(&xs, 4);
            let sum = machine.call(name, &[at, Val::I32(1000)]).map(|results| results[0].unwrap_i64());
            assert_eq!(sum, Ok(500_500), "{name} at {level:?}");
        }
        let line = "a,".repeat(999) + "a";
        let [at, len] = machine.pass(line.as_bytes(), 1);
        let fields = machine.call("counted", &[at, len]).map(|results| results[0].unwrap_i32());
        assert_eq!(fields, Ok(1000), "{level:?}");
        assert_eq!(machine.memory_size(), 65536, "{level:?}");
    }
}
