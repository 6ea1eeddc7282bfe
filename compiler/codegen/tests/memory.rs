//! Memory: what a call leaves behind is nothing, and what lives never overlaps.

mod support;

use proptest::prelude::*;
use std::cell::RefCell;
use std::collections::BTreeMap;
use support::{LEVELS, Machine};
use wasmtime::{TypedFunc, Val};

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

/// The allocator by itself, with an account of what is alive.
struct Heap {
    machine: Machine,
    realloc: TypedFunc<(i32, i32, i32, i32), i32>,
    free: TypedFunc<(i32, i32), i32>,
    /// Capacities by address.
    live: BTreeMap<u32, u32>,
    bytes: u64,
    most: u64,
    seed: u64,
}

impl Heap {
    fn new() -> Self {
        // A list of bytes that a host passes is a block; when the call is over it is freed.
        let text = "dot drop_it(bytes: list<u8>) -> u32 { bytes.len() }\ndot keep(n: u32) -> list<u8> { var xs: list<u8> = []\n for i in 0..n { xs.push(1) }\n xs }";
        let mut machine = Machine::new(text, &["drop_it", "keep"], dot_mir::Level::Release);
        let instance = machine.instance;
        let realloc = instance.get_typed_func(&mut machine.store, "cabi_realloc").expect("the export");
        let free = instance.get_typed_func(&mut machine.store, "drop_it").expect("the export");
        Self { machine, realloc, free, live: BTreeMap::new(), bytes: 0, most: 0, seed: 0x9e37_79b9_7f4a_7c15 }
    }

    /// Allocates; checks the bound where memory grows.
    fn alloc(&mut self, bytes: u32) -> u32 {
        let before = self.machine.memory_size();
        let at = self.realloc.call(&mut self.machine.store, (0, 0, 1, bytes.cast_signed())).expect("memory");
        let at = at.cast_unsigned();
        if self.machine.memory_size() > before {
            let unusable = self.gaps().filter(|gap| *gap < u64::from(bytes) + 8).sum::<u64>();
            let bound = 4 * self.most.max(1 << 16) + 2 * unusable;
            assert!(before as u64 <= bound + bound / 8, "{before} for {} and {unusable} in gaps", self.most);
        }
        let capacity = self.machine.word(at.cast_signed() - 4).cast_unsigned();
        self.live.insert(at, capacity);
        self.bytes += u64::from(capacity) + 8;
        self.most = self.most.max(self.bytes);
        at
    }

    /// The free stretches between blocks that are alive.
    fn gaps(&self) -> impl Iterator<Item = u64> {
        let ends = self.live.iter().map(|(at, capacity)| at + capacity);
        ends.zip(self.live.keys().skip(1)).map(|(end, next)| u64::from(next - 8 - end))
    }

    fn free(&mut self, at: u32) {
        let capacity = self.live.remove(&at).expect("a live block");
        self.bytes -= u64::from(capacity) + 8;
        self.free.call(&mut self.machine.store, (at.cast_signed(), 0)).expect("no trap");
    }

    fn free_all(&mut self) {
        let all: Vec<u32> = self.live.keys().copied().collect();
        all.into_iter().for_each(|at| self.free(at));
    }

    /// The memory for each byte of the most that was alive.
    fn ratio(&mut self) -> f64 {
        self.machine.memory_size() as f64 / self.most as f64
    }

    /// Marsaglia's xorshift.
    fn random(&mut self, below: u32) -> u32 {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        (self.seed >> 32) as u32 % below
    }
}

const FOUR_MIB: u32 = 4 << 20;

#[test]
fn blocks_of_every_size_use_the_same_memory() {
    // Each size fills four MiB and goes. A list for each size alone would keep as much for every one of them.
    let mut heap = Heap::new();
    for ascending in [true, false] {
        for n in 0..28_u32 {
            let n = if ascending { n } else { 27 - n };
            let size = 12_u32 << (n / 2) << (n % 2);
            for _ in 0..FOUR_MIB / size {
                heap.alloc(size);
            }
            heap.free_all();
        }
    }
    assert!(heap.ratio() <= 2.0, "{}", heap.ratio());
}

#[test]
fn holes_that_are_too_small_cost_what_they_hold() {
    // Blocks of two sizes in turns; then those of one size go, and larger ones come that fit into no hole.
    let mut heap = Heap::new();
    for round in 0..12_u32 {
        let large = 4_000 + round * 500;
        let mut holes = Vec::new();
        for _ in 0..FOUR_MIB / large {
            heap.alloc(24);
            holes.push(heap.alloc(large));
        }
        holes.into_iter().for_each(|at| heap.free(at));
        for _ in 0..FOUR_MIB / (2 * large) {
            heap.alloc(2 * large);
        }
        heap.free_all();
    }
    assert!(heap.ratio() <= 3.0, "{}", heap.ratio());
}

#[test]
fn a_comb_costs_what_it_must() {
    // Of what is there every other block goes, and blocks twice as large come: Robson's adversary. What no hole holds
    // has to come from new memory, in each of log n steps half of what is alive.
    let mut heap = Heap::new();
    let mut size = 24;
    while size < 1 << 18 {
        while heap.bytes < u64::from(FOUR_MIB) {
            heap.alloc(size);
        }
        let every_other: Vec<u32> = heap.live.keys().copied().step_by(2).collect();
        every_other.into_iter().for_each(|at| heap.free(at));
        size = 2 * size + 8;
    }
    let steps = f64::from((1_u32 << 18) / 24).log2();
    assert!(heap.ratio() <= (1.0 + steps / 2.0) * 1.125, "{}", heap.ratio());
}

#[test]
fn what_comes_and_goes_at_random_stays_within_twice_its_size() {
    let mut heap = Heap::new();
    for step in 0..300_000_u32 {
        // Sizes drift up and down by three orders of magnitude.
        let scale = 1 << (step / 10_000 % 11);
        let size = 8 + heap.random(32 * scale);
        if heap.bytes + u64::from(size) + u64::from(size / 4) + 16 < u64::from(FOUR_MIB) {
            heap.alloc(size);
        }
        let first = heap.random(u32::MAX);
        let victim = heap.live.range(first % (64 << 20)..).next().or_else(|| heap.live.iter().next());
        if let Some(at) = victim.map(|(at, _)| *at).filter(|_| step % 3 != 0 || heap.bytes > 3 << 20) {
            heap.free(at);
        }
    }
    assert!(heap.ratio() <= 2.0, "{}", heap.ratio());
}

#[test]
fn a_million_calls_with_lists_of_strings_stay_in_constant_memory() {
    let text = "record Line { words: list<string>, bytes: list<u8> }\n\
        dot shout(words: list<string>, times: u32) -> list<Line> {\n\
          var out: list<Line> = []\n\
          for i in 0..times { out.push({ words: words.map(|w| \"{w}{i}!\"), bytes: b\"xyz\" }) }\n\
          out }";
    for level in LEVELS {
        let mut machine = Machine::new(text, &["shout"], level);
        let (instance, store) = (machine.instance, &mut machine.store);
        let memory = instance.get_memory(&mut *store, "memory").expect("the memory");
        let realloc: TypedFunc<(i32, i32, i32, i32), i32> =
            instance.get_typed_func(&mut *store, "cabi_realloc").expect("the export");
        let shout: TypedFunc<(i32, i32, i32), i32> =
            instance.get_typed_func(&mut *store, "shout").expect("the export");
        let post: TypedFunc<i32, ()> =
            instance.get_typed_func(&mut *store, "cabi_post_shout").expect("the export");
        let mut first = 0;
        let calls = if level == dot_mir::Level::Release { 1_000_000 } else { 100_000 };
        for n in 0..calls {
            let list = realloc.call(&mut *store, (0, 0, 4, 16)).expect("memory") as usize;
            for (at, word) in [(list, "hello"), (list + 8, "a longer word")] {
                let text = realloc.call(&mut *store, (0, 0, 1, word.len() as i32)).expect("memory") as usize;
                let data = memory.data_mut(&mut *store);
                data[text..][..word.len()].copy_from_slice(word.as_bytes());
                data[at..][..4].copy_from_slice(&(text as u32).to_le_bytes());
                data[at + 4..][..4].copy_from_slice(&(word.len() as u32).to_le_bytes());
            }
            let area = shout.call(&mut *store, (list as i32, 2, 1 + n % 4)).expect("no trap");
            post.call(&mut *store, area).expect("no trap");
            if n == 1_000 {
                first = memory.data_size(&*store);
            }
        }
        assert_eq!((machine.memory_size(), first), (65536, 65536), "{level:?}");
    }
}
