//! Memory: what a call leaves behind is nothing, and what lives never overlaps.

mod support;

use proptest::prelude::*;
use std::cell::RefCell;
use support::{LEVELS, Machine};
use wasmtime::Val;

/// Calls that each make, change and drop something, whose memory must be enough for ever.
const CALLS: &[(&str, &str)] = &[
    (
        "pushes",
        "dot pushes(n: u32) -> u32 { var xs: list<u64> = []\n for i in 0..50 { xs.push(7) }\n xs.len() }",
    ),
    (
        "strings",
        "dot strings(n: u32) -> u32 { var xs: list<string> = []\n for i in 0..5 { xs.push(\"a{i}\") }\n xs.len() }",
    ),
    (
        "removal",
        "dot removal(n: u32) -> u32 { var xs: list<string> = []\n xs.push(\"a{n}\")\n xs.push(\"b{n}\")\n let o = xs.swap_remove(0)\n xs.len() + o.byte_len() }",
    ),
    (
        "table",
        "dot table(n: u32) -> u32 { let m = map.of([(u32(1), \"x{n}\"), (u32(1), \"y{n}\")])\n m.len() }",
    ),
    (
        "replaced",
        "dot replaced(n: u32) -> u32 { var m: map<u32, string> = [:]\n m[1] = \"x{n}\"\n m[1] = \"y{n}\"\n m.len() }",
    ),
    (
        "shared",
        "dot shared(n: u32) -> u32 { var xs = [\"a{n}\", \"b\"]; let ys = xs; xs[0] = \"c{n}\"; xs.push(\"d\"); xs.truncate(1); xs.len() + ys.len() }",
    ),
    (
        "sliced",
        "dot sliced(n: u32) -> u32 { let xs = [\"a{n}\", \"b{n}\", \"c\"]; var ys = xs.slice(1, 3); ys.append(xs); let top = ys.pop(); ys.len() + (top ?? \"\").byte_len() }",
    ),
    (
        "trees",
        "variant Tree { Leaf, Node(left: Tree, name: string, right: Tree) }\nfn grow(n: u32) -> Tree { if n == 0 { Leaf } else { Node(grow(n - 1), \"n{n}\", grow(n - 1)) } }\nfn turn(t: Tree) -> Tree { match t { Leaf => Leaf\n Node(l, x, r) => Node(turn(r), x, turn(l)) } }\nfn size(t: Tree) -> u32 { match t { Leaf => 0\n Node(l, _, r) => size(l) + 1 + size(r) } }\ndot trees(n: u32) -> u32 { let t = grow(4)\n let u = t\n size(turn(t)) + size(u) }",
    ),
    (
        "closures",
        "type F = fn(u32) -> u32\nfn adder(n: u32, s: string) -> F { |x| x + n + s.byte_len() }\ndot closures(n: u32) -> u32 { var fs: list<F> = []\n for i in 0..3 { fs.push(adder(u32(i), \"s{i}\")) }\n let g = fs[1]\n var sum: u32 = 0\n for f in fs { sum += f(g(1)) }\n sum }",
    ),
    (
        "options",
        "record P { a: option<string>, b: result<list<u8>, string> }\nfn make(n: u32) -> P { { a: some(\"a{n}\"), b: if n % 2 == 0 { ok(b\"xyz\") } else { err(\"no {n}\") } } }\ndot options(n: u32) -> u32 { var p = make(n)\n let q = p\n p.a = none\n p.b = err(\"other {n}\")\n match q.b { ok(bytes) => bytes.len()\n err(e) => e.byte_len() } }",
    ),
];

#[test]
fn a_call_leaves_nothing_behind() {
    for (name, text) in CALLS {
        for level in LEVELS {
            let mut machine = Machine::new(text, &[name], level);
            let mut sizes = Vec::new();
            for n in 0..10_000 {
                machine.call(name, &[Val::I32(n)]).unwrap_or_else(|error| panic!("{name}: {error}"));
                if n % 2_500 == 2_499 {
                    sizes.push(machine.memory_size());
                }
            }
            assert!(sizes.iter().all(|size| *size == 65536), "{name} at {level:?}: {sizes:?}");
        }
    }
}

#[test]
// r[handle.data]
fn data_goes_at_its_last_use() {
    // The second list is built when the first has been used for the last time: it takes the first one's memory.
    let text = "fn big(n: u32) -> list<u32> { var xs: list<u32> = []; for i in 0..n { xs.push(i) }; xs }\n\
        dot one(n: u32) -> u32 { let a = big(n); a.len() }\n\
        dot two(n: u32) -> u32 { let a = big(n); let count = a.len(); let b = big(n); count + b.len() }";
    for level in LEVELS {
        let [one, two] = ["one", "two"].map(|name| {
            let mut machine = Machine::new(text, &["one", "two"], level);
            machine.call(name, &[Val::I32(100_000)]).unwrap_or_else(|error| panic!("{name}: {error}"));
            machine.memory_size()
        });
        // Both at once would need the first one's 400,000 bytes on top of what one alone takes.
        assert!(two < one + 400_000, "{level:?}: {one}, {two}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]
    /// The runtime's allocator by itself: blocks are large enough, aligned, apart from each other, and used again.
    #[test]
    fn blocks_never_overlap(steps in prop::collection::vec((0u32..5000, any::<bool>(), any::<prop::sample::Index>()), 1..200)) {
        thread_local! {
            // The `pass` of a host is `cabi_realloc`; the drop of a list is `free`.
            static MODULE: RefCell<Vec<u8>> = RefCell::new(support::module(
                &support::program("dot drop_it(bytes: list<u8>) -> u32 { bytes.len() }\ndot keep(n: u32) -> list<u8> { var xs: list<u8> = []\n for i in 0..n { xs.push(1) }\n xs }"),
                &["drop_it", "keep"],
                dot_mir::Level::Release,
            ));
        }
        let mut machine = MODULE.with(|bytes| Machine::of(&bytes.borrow()));
        let mut live: Vec<(u32, u32)> = Vec::new();
        for (bytes, frees, index) in steps {
            if frees && !live.is_empty() {
                let (at, len) = live.swap_remove(index.index(live.len()));
                let args = [Val::I32(at.cast_signed()), Val::I32(len.cast_signed())];
                prop_assert_eq!(machine.call("drop_it", &args).map(|r| r[0].unwrap_i32().cast_unsigned()), Ok(len));
                continue;
            }
            if bytes == 0 {
                continue;
            }
            let [at, _] = machine.pass(&vec![0xaa; bytes as usize], 1);
            let at = at.unwrap_i32().cast_unsigned();
            prop_assert_eq!(at % 8, 0);
            prop_assert_eq!(machine.word((at - 8).cast_signed()), 1);
            let capacity = machine.word((at - 4).cast_signed()).cast_unsigned();
            prop_assert!(capacity >= bytes && capacity.is_multiple_of(8));
            for (other, len) in &live {
                prop_assert!(at + capacity + 8 <= *other || other + len + 8 <= at, "{at}+{capacity} meets {other}+{len}");
            }
            live.push((at, bytes));
        }
    }
}
