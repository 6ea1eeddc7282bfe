//! The binary interface: what stands in memory and in the module's sections, against `spec/src/abi.md`.
//!
//! Numbers are counted by hand from that chapter and from the canonical ABI's table of sizes and alignments.

mod support;

use dot_codegen::ExportFn;
use dot_mir::Level;
use dot_types::{IntKind, Ty, TyKind};
use std::collections::BTreeMap;
use support::{LEVELS, Machine, module, program};
use wasmparser::{ConstExpr, ExternalKind, Name, NameSectionReader, Operator, Parser, Payload};
use wasmtime::Val;

/// Makes any module one that counts owners: it allocates in a loop.
const CHURN: &str =
    "\ndot churn(n: u32) -> u32 { var t: u32 = 0; for i in 0..n { t += [\"{i}\"].len() }; t }\n";

/// A running module that counts owners, and where its heap begins.
struct Running {
    machine: Machine,
    heap: u32,
}

impl Running {
    fn new(text: &str, names: &[&str], level: Level) -> Self {
        let names: Vec<&str> = names.iter().copied().chain(["churn"]).collect();
        let bytes = module(&program(&format!("{text}{CHURN}")), &names, level);
        Self { machine: Machine::of(&bytes), heap: heap_base(&bytes) }
    }

    /// As [`Self::new`], with functions whose results can't cross the boundary: what they give is exported as so many
    /// words, which is what a list (two) or a box or function value (one) is.
    fn raw(text: &str, exports: &[(&str, usize)], level: Level) -> Self {
        let db = program(&format!("{text}{CHURN}"));
        let word = Ty::new(&db, TyKind::Int(IntKind::U32));
        let raw = exports.iter().map(|(name, words)| ExportFn {
            lent: Vec::new(),
            result: Some(Ty::new(&db, TyKind::Tuple(vec![word; *words]))),
            ..support::export(&db, name)
        });
        let exports = raw.chain([support::export(&db, "churn")]).collect();
        let linked = support::link_exports(&db, exports, level, false);
        let bytes = linked.unwrap_or_else(|error| panic!("{error:?}")).bytes;
        Self { machine: Machine::of(&bytes), heap: heap_base(&bytes) }
    }

    /// Calls an export that gives one core value.
    fn word_of(&mut self, name: &str, args: &[Val]) -> u32 {
        let results = self.machine.call(name, args).unwrap_or_else(|error| panic!("{name}: {error}"));
        results[0].unwrap_i32().cast_unsigned()
    }

    fn word(&mut self, at: u32) -> u32 {
        self.machine.word(at.cast_signed()).cast_unsigned()
    }

    fn bytes(&mut self, at: u32, len: u32) -> Vec<u8> {
        self.machine.bytes(at.cast_signed(), len.cast_signed())
    }

    /// The count in the header of a payload.
    fn count(&mut self, payload: u32) -> u32 {
        self.word(payload - 8)
    }

    /// The capacity in the header of a payload.
    fn capacity(&mut self, payload: u32) -> u32 {
        self.word(payload - 4)
    }
}

/// Where static data ends: what the runtime's first global begins with. The others begin with 0.
fn heap_base(module: &[u8]) -> u32 {
    let constant = |init: ConstExpr<'_>| match init.get_operators_reader().read() {
        Ok(Operator::I32Const { value }) => value.cast_unsigned(),
        other => panic!("{other:?}"),
    };
    let globals = Parser::new(0).parse_all(module).filter_map(|payload| match payload {
        Ok(Payload::GlobalSection(section)) => Some(section),
        _ => None,
    });
    let starts = globals.flatten().map(|global| constant(global.expect("a global").init_expr));
    starts.max().expect("the runtime has globals")
}

/// What a module exports: name and kind.
fn exports(module: &[u8]) -> Vec<(String, ExternalKind)> {
    let sections = Parser::new(0).parse_all(module).filter_map(|payload| match payload {
        Ok(Payload::ExportSection(section)) => Some(section),
        _ => None,
    });
    sections.flatten().map(|export| export.map(|e| (e.name.to_owned(), e.kind)).expect("an export")).collect()
}

/// The function names of the `name` section with their functions' types, as text.
fn functions(module: &[u8]) -> BTreeMap<String, String> {
    let (mut types, mut of_function, mut names) = (Vec::new(), Vec::new(), BTreeMap::new());
    for payload in Parser::new(0).parse_all(module) {
        match payload.expect("a module") {
            Payload::TypeSection(section) => {
                types
                    .extend(section.into_iter_err_on_gc_types().map(|ty| format!("{}", ty.expect("a type"))));
            }
            Payload::FunctionSection(section) => {
                of_function.extend(section.into_iter().map(|n| n.expect("an index")))
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
    // These modules import nothing, so the n-th function of the section is function n.
    names.into_iter().map(|(n, name)| (name, types[of_function[n as usize] as usize].clone())).collect()
}

#[test]
// r[abi.header], r[abi.header.align], r[abi.realloc]
fn what_a_host_writes_has_a_header() {
    for level in LEVELS {
        let mut running = Running::new("dot id(xs: list<u8>) -> list<u8> { xs }", &["id"], level);
        for bytes in [1, 7, 8, 9, 64, 1000, 100_000] {
            let [at, len] = running.machine.pass(&vec![7; bytes as usize], 1);
            let payload = at.unwrap_i32().cast_unsigned();
            assert_eq!(payload % 8, 0, "{level:?}");
            assert!(payload >= running.heap + 8, "{level:?}");
            assert_eq!(running.count(payload), 1, "{level:?}");
            assert!(running.capacity(payload) >= bytes, "{level:?}: {}", running.capacity(payload));
            // Adopted without a copy: what comes back is what was passed.
            let area = running.word_of("id", &[at, len]);
            assert_eq!((running.word(area), running.word(area + 4)), (payload, bytes), "{level:?}");
        }
        // A request for no bytes: an address below the heap base, or the alignment.
        for align in [1, 4, 8] {
            let at =
                running.word_of("cabi_realloc", &[Val::I32(0), Val::I32(0), Val::I32(align), Val::I32(0)]);
            assert!(at < running.heap || at == align.cast_unsigned(), "{level:?}: {at}");
        }
    }
}

#[test]
// r[abi.realloc]
fn a_host_may_ask_for_more() {
    for level in LEVELS {
        let mut running = Running::new("dot len(xs: list<u8>) -> u32 { xs.len() }", &["len"], level);
        let text: Vec<u8> = (0..100).collect();
        let [at, _] = running.machine.pass(&text, 1);
        let args = [at, Val::I32(100), Val::I32(1), Val::I32(5000)];
        let grown = running.word_of("cabi_realloc", &args);
        assert_eq!(running.bytes(grown, 100), text, "{level:?}");
        assert_eq!(running.count(grown), 1, "{level:?}");
        assert!(running.capacity(grown) >= 5000, "{level:?}");
    }
}

#[test]
// r[abi.empty]
fn an_empty_list_has_no_payload() {
    let text = "dot none(n: u32) -> list<u32> { [] }\n\
                dot add(xs: list<u8>, x: u8) -> list<u8> { var ys = xs; ys.push(x); ys }";
    for level in LEVELS {
        let mut running = Running::new(text, &["none", "add"], level);
        let area = running.word_of("none", &[Val::I32(1)]);
        let (at, len) = (running.word(area), running.word(area + 4));
        assert!(at < running.heap, "{level:?}: {at}");
        assert_eq!(len, 0, "{level:?}");
        // What a host passes for an empty list is any address: here the alignment. It is neither freed nor written.
        for at in [0, 1, 4, 8] {
            let area = running.word_of("add", &[Val::I32(at), Val::I32(0), Val::I32(77)]);
            let (payload, len) = (running.word(area), running.word(area + 4));
            assert!(payload > running.heap && len == 1, "{level:?}");
            assert_eq!(running.bytes(payload, 1), [77], "{level:?}");
            running.machine.call("cabi_post_add", &[Val::I32(area.cast_signed())]).expect("no trap");
        }
    }
}

#[test]
// r[abi.static]
fn static_data_is_never_counted_changed_or_freed() {
    let text = "dot text(n: u32) -> string { \"constant\" }\n\
                dot twice() -> tuple<string, string> { let s = \"constant\"; (s, s) }\n\
                dot change(n: u8) -> list<u8> { var xs = [u8(1), 2, 3, 4, 5, 6, 7, 8]; xs[0] = n; xs }";
    for level in LEVELS {
        let mut running = Running::new(text, &["text", "twice", "change"], level);
        let area = running.word_of("text", &[Val::I32(1)]);
        let at = running.word(area);
        assert!(at < running.heap, "{level:?}");
        let data = running.bytes(0, running.heap);
        let area_size = 16;
        for n in 0..100 {
            for name in ["text", "change"] {
                let area = running.word_of(name, &[Val::I32(n)]);
                let _ = running.machine.call(&format!("cabi_post_{name}"), &[Val::I32(area.cast_signed())]);
            }
            let area = running.word_of("twice", &[]);
            assert_eq!((running.word(area), running.word(area + 8)), (at, at), "{level:?}");
            let _ = running.machine.call("cabi_post_twice", &[Val::I32(area.cast_signed())]);
        }
        // All that changed below the heap is the area where results are handed over.
        let after = running.bytes(0, running.heap);
        let outside = |n: usize| !(area as usize..(area + area_size) as usize).contains(&n);
        let changed: Vec<usize> = (0..data.len()).filter(|n| data[*n] != after[*n] && outside(*n)).collect();
        assert_eq!(changed, [0_usize; 0], "{level:?}");
        // Changing a constant list makes a copy on the heap.
        let area = running.word_of("change", &[Val::I32(9)]);
        let payload = running.word(area);
        assert!(payload > running.heap, "{level:?}");
        assert_eq!(running.bytes(payload, 8), [9, 2, 3, 4, 5, 6, 7, 8], "{level:?}");
    }
}

#[test]
// r[abi.count]
fn the_count_is_the_number_of_owners() {
    let text = "fn make(n: u32) -> list<u32> { var xs: list<u32> = []; for i in 0..n { xs.push(i) }; xs }\n\
        dot one(n: u32) -> list<u32> { make(n) }\n\
        dot three(n: u32) -> tuple<list<u32>, list<u32>, list<u32>> { let a = make(n); (a, a, a) }\n\
        dot changed(n: u32) -> tuple<list<u32>, list<u32>> { let a = make(n); var b = a; b[0] = 99; (a, b) }\n\
        dot in_place(xs: list<u32>) -> list<u32> { var ys = xs; ys[0] = 99; ys }";
    for level in LEVELS {
        let mut running = Running::new(text, &["one", "three", "changed", "in_place"], level);
        let area = running.word_of("one", &[Val::I32(5)]);
        let payload = running.word(area);
        assert_eq!(running.count(payload), 1, "{level:?}");

        let area = running.word_of("three", &[Val::I32(5)]);
        let lists: Vec<u32> = (0..3).map(|n| running.word(area + 8 * n)).collect();
        assert_eq!(lists, [lists[0]; 3], "{level:?}");
        assert_eq!(running.count(lists[0]), 3, "{level:?}");

        // A second owner: the change is made in a copy, and each has one owner then.
        let area = running.word_of("changed", &[Val::I32(5)]);
        let (a, b) = (running.word(area), running.word(area + 8));
        assert_ne!(a, b, "{level:?}");
        assert_eq!((running.count(a), running.count(b)), (1, 1), "{level:?}");
        assert_eq!((running.word(a), running.word(b), running.word(b + 4)), (0, 99, 1), "{level:?}");

        // The only owner: the change is made where it is.
        let [at, _] = running.machine.pass(&[0; 20], 4);
        let area = running.word_of("in_place", &[at, Val::I32(5)]);
        assert_eq!(running.word(area), at.unwrap_i32().cast_unsigned(), "{level:?}");
        assert_eq!(running.word(at.unwrap_i32().cast_unsigned()), 99, "{level:?}");
    }
}

#[test]
// r[abi.list], r[abi.layout]
fn elements_follow_each_other_at_their_size() {
    // `tuple<u8, u32, u8>`: offsets 0, 4 and 8, alignment 4, so 12 bytes.
    let text = "dot rows(n: u32) -> list<tuple<u8, u32, u8>> {\n\
        var xs: list<tuple<u8, u32, u8>> = []\n for i in 0..n { xs.push((u8(i), 1000 + i, u8(200 + i))) }\n xs }";
    for level in LEVELS {
        let mut running = Running::new(text, &["rows"], level);
        let area = running.word_of("rows", &[Val::I32(3)]);
        let (payload, len) = (running.word(area), running.word(area + 4));
        assert_eq!(len, 3, "{level:?}");
        for n in 0..3 {
            let at = payload + 12 * n;
            let row = (running.bytes(at, 1)[0], running.word(at + 4), running.bytes(at + 8, 1)[0]);
            assert_eq!(row, (n as u8, 1000 + n, 200 + n as u8), "{level:?}");
        }
    }
}

#[test]
// r[abi.list]
fn a_list_that_can_hold_its_own_kind_keeps_eight_bytes_free() {
    let text = "record Node { kids: list<Node> }\n\
        fn leaf() -> Node { { kids: [] } }\n\
        fn kids(n: u32) -> list<Node> { var xs: list<Node> = []; for _ in 0..n { xs.push(leaf()) }; xs }";
    for level in LEVELS {
        let mut running = Running::raw(text, &[("kids", 2)], level);
        for n in 1..40 {
            let area = running.word_of("kids", &[Val::I32(n)]);
            let (payload, len) = (running.word(area), running.word(area + 4));
            // A node is a list: two words.
            assert_eq!(len, n.cast_unsigned(), "{level:?}");
            assert!(running.capacity(payload) >= 8 * len + 8, "{level:?}: {n}");
        }
    }
}

#[test]
// r[abi.bool], r[abi.unit]
fn small_types_are_as_small_as_they_can_be() {
    let many: Vec<String> = (0..300).map(|n| format!("C{n}")).collect();
    let text = format!(
        "enum Few {{ A, B, C }}\nenum Many {{ {} }}\n\
         flags Nine {{ F0, F1, F2, F3, F4, F5, F6, F7, F8 }}\n\
         variant Shape {{ Dot, Line(u16), Text(string) }}\nrecord Nothing {{}}\n\
         fn all(n: u32) -> tuple<bool, char, Few, Nothing, Many, (), Nine, bool, Shape> {{\n\
           (n > 0, 'é', Few.C, Nothing {{}}, Many.C299, (), Nine.F0 | Nine.F8, n == 0, Shape.Line(515)) }}",
        many.join(", ")
    );
    for level in LEVELS {
        let mut running = Running::new(&text, &["all"], level);
        let at = running.word_of("all", &[Val::I32(1)]);
        // bool at 0, char at 4, an enum of 3 at 8 in one byte, nothing for the empty record, an enum of 300 at 10 in
        // two bytes, nothing for unit, 9 flags at 12 in two bytes, bool at 14, a variant at 16: its case in one
        // byte, its payload at 20, since a string is aligned to 4.
        let bytes = running.bytes(at, 24);
        assert_eq!(bytes[0], 1, "{level:?}");
        assert_eq!(u32::from_le_bytes(bytes[4..8].try_into().expect("four")), 0xe9, "{level:?}");
        assert_eq!(bytes[8], 2, "{level:?}");
        assert_eq!(u16::from_le_bytes([bytes[10], bytes[11]]), 299, "{level:?}");
        assert_eq!(u16::from_le_bytes([bytes[12], bytes[13]]), 0b1_0000_0001, "{level:?}");
        assert_eq!(bytes[14], 0, "{level:?}");
        assert_eq!(bytes[16], 1, "{level:?}");
        assert_eq!(u16::from_le_bytes([bytes[20], bytes[21]]), 515, "{level:?}");
    }
}

#[test]
// r[abi.box]
fn a_type_that_contains_itself_is_the_address_of_a_payload() {
    let text = "variant Chain { End, Link(head: u8, tail: Chain) }\n\
        fn none(n: u32) -> Chain { End }\n\
        fn chain(n: u32) -> Chain { var c = End; for i in 0..n { c = Link(u8(40 + i), c) }; c }\n\
        fn row(n: u32) -> list<Chain> { [chain(n), End, chain(1)] }";
    for level in LEVELS {
        let mut running = Running::raw(text, &[("none", 1), ("chain", 1), ("row", 2)], level);
        // A case that carries nothing is static data.
        let end = running.word_of("none", &[Val::I32(0)]);
        assert!(end < running.heap, "{level:?}");
        let chain = running.word_of("chain", &[Val::I32(2)]);
        assert!(chain > running.heap && chain.is_multiple_of(8), "{level:?}");
        assert_eq!(running.count(chain), 1, "{level:?}");
        // Laid out as any other: the case at 0, the payload at 4: head there, tail at 8.
        assert_eq!((running.bytes(chain, 1)[0], running.bytes(chain + 4, 1)[0]), (1, 41), "{level:?}");
        let next = running.word(chain + 8);
        assert_eq!((running.bytes(next, 1)[0], running.bytes(next + 4, 1)[0]), (1, 40), "{level:?}");
        assert_eq!(running.word(next + 8), end, "{level:?}");
        assert_eq!(running.bytes(end, 1)[0], 0, "{level:?}");
        // In a list it is one word.
        let area = running.word_of("row", &[Val::I32(3)]);
        let (row, len) = (running.word(area), running.word(area + 4));
        assert_eq!((len, running.word(row + 4)), (3, end), "{level:?}");
        let last = running.word(row + 8);
        assert_eq!(running.bytes(last + 4, 1)[0], 40, "{level:?}");
    }
}

#[test]
// r[abi.closure]
fn a_function_value_is_the_address_of_its_captures() {
    let text = "type F = fn(u32) -> u32\n\
        fn adder(a: u8, s: string, b: u64) -> F { |x| x + u32(a) + s.byte_len() + u32(b) }\n\
        fn bare(n: u32) -> F { |x| x + 1 }";
    for level in LEVELS {
        let mut running = Running::raw(text, &[("adder", 1), ("bare", 1)], level);
        let [at, len] = running.machine.pass(b"four", 1);
        let closure = running.word_of("adder", &[Val::I32(7), at, len, Val::I64(1 << 40)]);
        assert!(closure > running.heap && closure.is_multiple_of(8), "{level:?}");
        assert_eq!(running.count(closure), 1, "{level:?}");
        // From 8 a tuple of the captures: u8 at 0, string at 4, u64 at 16 of it.
        assert_eq!(running.bytes(closure + 8, 1), [7], "{level:?}");
        assert_eq!(running.word(closure + 12), at.unwrap_i32().cast_unsigned(), "{level:?}");
        assert_eq!(running.word(closure + 16), 4, "{level:?}");
        let wide = running.bytes(closure + 24, 8);
        assert_eq!(u64::from_le_bytes(wide.try_into().expect("eight")), 1 << 40, "{level:?}");
        // Without captures it is static data, the same each time.
        let bare = running.word_of("bare", &[Val::I32(0)]);
        assert!(bare < running.heap, "{level:?}");
        assert_eq!(running.word_of("bare", &[Val::I32(1)]), bare, "{level:?}");
    }
}

#[test]
// r[abi.call], r[abi.names]
fn functions_have_their_names_and_pass_values_flattened() {
    let text = "record P { a: u8, at: tuple<f64, s64>, name: string }\n\
        variant Tree { Leaf, Node(left: Tree, right: Tree) }\n\
        fn turn(p: P, t: Tree, flag: bool) -> tuple<string, u64> { (p.name, if flag { 1 } else { t.size() }) }\n\
        fn size(self: Tree) -> u64 { match self { Leaf => 1, Node(l, r) => l.size() + r.size() } }\n\
        fn first<T>(xs: list<T>, or: T) -> T { if xs.len() > 0 { xs[0] } else { or } }\n\
        dot run(n: u32) -> u64 {\n\
          let (name, size) = turn({ a: 1, at: (1.0, 2), name: \"n\" }, Node(Leaf, Leaf), n > 0)\n\
          first([size], 0) + u64(first([name], \"\").byte_len()) }";
    let functions = functions(&module(&program(text), &["run"], Level::Debug));
    let ty =
        |name: &str| functions.get(name).unwrap_or_else(|| panic!("no {name} in {functions:#?}")).as_str();
    // u8, f64, s64, address and length, a box, a bool; two results, of which the first is two words.
    assert_eq!(ty("main.turn"), "(func (param i32 f64 i64 i32 i32 i32 i32) (result i32 i32 i64))");
    assert_eq!(ty("main.size"), "(func (param i32) (result i64))");
    assert_eq!(ty("main.first<u64>"), "(func (param i32 i32 i64) (result i64))");
    assert_eq!(ty("main.first<string>"), "(func (param i32 i32 i32 i32) (result i32 i32))");
}

#[test]
// r[abi.local], r[abi.export]
fn what_is_in_no_list_box_or_closure_needs_no_memory() {
    let text = "record P { x: u32, y: option<tuple<u32, f64>> }\n\
        fn make(n: u32) -> P { { x: n, y: if n > 2 { some((n, 1.5)) } else { none } } }\n\
        dot run(n: u32) -> u32 { var p = make(n); p.x += 1; match p.y { some((a, _)) => a + p.x, none => p.x } }";
    for level in LEVELS {
        let bytes = module(&program(text), &["run"], level);
        let names: Vec<String> = exports(&bytes).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["run"], "{level:?}");
        let memory = Parser::new(0).parse_all(&bytes).any(|p| matches!(p, Ok(Payload::MemorySection(_))));
        assert!(!memory, "{level:?}");
        let mut machine = Machine::of(&bytes);
        assert_eq!(machine.call("run", &[Val::I32(5)]).map(|r| r[0].unwrap_i32()), Ok(11), "{level:?}");
    }
}

#[test]
// r[abi.export]
fn a_module_exports_what_a_host_needs_and_no_more() {
    use ExternalKind::{Func, Memory};
    let of = |text: &str, name: &str| {
        let mut found = exports(&module(&program(&format!("{text}{CHURN}")), &[name, "churn"], Level::Debug));
        found.sort_by(|a, b| a.0.cmp(&b.0));
        found
    };
    let expected = |names: &[(&str, ExternalKind)]| -> Vec<(String, ExternalKind)> {
        names.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect()
    };
    // Numbers in and out: nothing is passed in memory, nothing is freed afterwards.
    assert_eq!(
        of("dot f(n: u32) -> u32 { n }", "f"),
        expected(&[("churn", Func), ("f", Func), ("memory", Memory)])
    );
    // A text comes in.
    assert_eq!(
        of("dot f(s: string) -> u32 { s.byte_len() }", "f"),
        expected(&[("cabi_realloc", Func), ("churn", Func), ("f", Func), ("memory", Memory)])
    );
    // A text goes out.
    assert_eq!(
        of("dot f(n: u32) -> string { \"{n}\" }", "f"),
        expected(&[("cabi_post_f", Func), ("churn", Func), ("f", Func), ("memory", Memory)])
    );
}

#[test]
// r[abi.reset]
fn a_million_calls_leave_nothing_behind() {
    // The first module counts owners, and the host frees the result. The second needs no more than its text says,
    // and forgets everything at once: it has no `cabi_post_`.
    let counted =
        "dot greet(name: string) -> string { var s = \"\"\n for i in 0..3 { s = \"{s}{name} {i}, \" }\n s }";
    let forgets = "dot greet(name: string) -> string { \"Hello, {name}, {name}!\" }";
    for (text, expected, posts) in
        [(counted, "Ada 0, Ada 1, Ada 2, ", true), (forgets, "Hello, Ada, Ada!", false)]
    {
        for level in LEVELS {
            let bytes = module(&program(text), &["greet"], level);
            assert_eq!(exports(&bytes).iter().any(|(name, _)| name == "cabi_post_greet"), posts, "{level:?}");
            let mut machine = Machine::of(&bytes);
            let (instance, store) = (machine.instance, &mut machine.store);
            let realloc = instance.get_typed_func::<(i32, i32, i32, i32), i32>(&mut *store, "cabi_realloc");
            let greet = instance.get_typed_func::<(i32, i32), i32>(&mut *store, "greet").expect("the export");
            let post = instance.get_typed_func::<i32, ()>(&mut *store, "cabi_post_greet").ok();
            let memory = instance.get_memory(&mut *store, "memory").expect("the memory");
            let realloc = realloc.expect("the export");
            for n in 0..1_000_000 {
                let at = realloc.call(&mut *store, (0, 0, 1, 3)).expect("memory");
                memory.data_mut(&mut *store)[at as usize..][..3].copy_from_slice(b"Ada");
                let area = greet.call(&mut *store, (at, 3)).expect("no trap") as usize;
                if n % 100_000 == 0 {
                    let data = memory.data(&*store);
                    let word = |at: usize| {
                        u32::from_le_bytes(data[at..][..4].try_into().expect("four bytes")) as usize
                    };
                    assert_eq!(&data[word(area)..][..word(area + 4)], expected.as_bytes(), "{level:?}");
                }
                if let Some(post) = &post {
                    post.call(&mut *store, area as i32).expect("no trap");
                }
            }
            assert_eq!(machine.memory_size(), 65536, "{level:?}: {expected}");
        }
    }
}
