//! Effects and handles.

mod support;

use support::{fine, tells};

const CLOCK: &str = "use wasi:clocks/monotonic-clock@0.2.12 as clock\n";
const POLL: &str = "use wasi:clocks/monotonic-clock@0.2.12 as clock\nuse wasi:io/poll@0.2.12 as poll\n";
const ONLY_POLL: &str = "use wasi:io/poll@0.2.12 as poll\n";

#[test]
fn effects_are_inferred_inside_and_written_outside() {
    fine(&format!(
        "{CLOCK}fn a() -> u64 {{ b() }}\nfn b() -> u64 {{ clock.now() }}\ndot c() -> u64 uses clock {{ a() }}"
    ));
    tells(
        &format!("{CLOCK}fn a() -> u64 {{ b() }}\nfn b() -> u64 {{ clock.now() }}\ndot c() -> u64 {{ a() }}"),
        &["undeclared-effect: c"],
    );
}

#[test]
fn functions_that_call_each_other_share_their_effects() {
    let text = "fn a(n: u64) -> u64 { if n == 0 { 0 } else { b(n - 1) } }\nfn b(n: u64) -> u64 { a(n) + clock.now() }\n";
    fine(&format!("{CLOCK}{text}dot c() -> u64 uses clock {{ a(1) }}"));
    tells(&format!("{CLOCK}{text}dot c() -> u64 {{ a(1) }}"), &["undeclared-effect: c"]);
}

#[test]
fn who_hands_over_a_function_answers_for_it() {
    let text = "pub fn twice(f: fn() -> u64) -> u64 { f() + f() }\n";
    fine(&format!("{CLOCK}{text}dot c() -> u64 uses clock {{ twice(|| clock.now()) }}"));
    tells(&format!("{CLOCK}{text}dot c() -> u64 {{ twice(clock.now) }}"), &["undeclared-effect: c"]);
}

#[test]
fn an_effect_that_is_not_used_is_warned_of() {
    tells(&format!("{CLOCK}dot c() -> u64 uses clock {{ 1 }}"), &["unneeded-effect: uses clock"]);
}

#[test]
fn handles_are_moved() {
    let text = "fn wait(p: poll.Pollable) { p.block() }\n";
    let make = "let p = clock.subscribe_duration(1)\n";
    fine(&format!("{POLL}{text}fn f() {{ {make}p.block()\n wait(p) }}"));
    tells(&format!("{POLL}{text}fn f() {{ {make}wait(p)\n wait(p) }}"), &["use-after-move: p"]);
    tells(&format!("{POLL}{text}fn f() {{ {make}for _ in 0..2 {{ wait(p) }} }}"), &["use-after-move: p"]);
    tells(
        &format!("{POLL}{text}fn f(b: bool) {{ {make}if b {{ wait(p) }}\n p.block() }}"),
        &["use-after-move: p"],
    );
    fine(&format!("{POLL}{text}fn f(b: bool) {{ {make}if b {{ wait(p)\n return }}\n p.block() }}"));
    fine(&format!(
        "{POLL}{text}fn f() {{ var p = clock.subscribe_duration(1)\n wait(p)\n p = clock.subscribe_duration(2)\n wait(p) }}"
    ));
}

#[test]
fn what_a_loop_gave_away_before_it_was_left_is_gone() {
    let text = "fn wait(p: poll.Pollable) { p.block() }\n";
    let make = "let p = clock.subscribe_duration(1)\n";
    tells(
        &format!("{POLL}{text}fn f() {{ {make}while true {{ wait(p)\n break }}\n p.block() }}"),
        &["use-after-move: p"],
    );
    tells(
        &format!("{POLL}{text}fn f() {{ {make}for i in 0..3 {{ if i > 0 {{ wait(p)\n continue }} }} }}"),
        &["use-after-move: p"],
    );
    fine(&format!("{POLL}{text}fn f() {{ {make}while true {{ wait(p)\n return }} }}"));
}

#[test]
fn records_with_handles_are_moved_too() {
    let text = "record R { p: poll.Pollable, n: u32 }\nfn take(r: R) {  }\n";
    tells(&format!("{ONLY_POLL}{text}fn f(r: R) {{ take(r)\n take(r) }}"), &["use-after-move: r"]);
    fine(&format!("{ONLY_POLL}{text}fn f(r: R) -> u32 {{ let n = r.n\n take(r)\n n }}"));
    fine(&format!("{ONLY_POLL}{text}fn f(r: R) {{ let p = r.p\n p.block() }}"));
    tells(
        &format!("{ONLY_POLL}{text}fn f(r: R) {{ let p = r.p\n p.block()\n take(r) }}"),
        &["use-after-move: r"],
    );
    fine(&format!("{ONLY_POLL}{text}fn f(r: R) {{ let {{ p, .. }} = r\n p.block() }}"));
}

#[test]
fn handles_are_no_data() {
    tells(
        &format!("{POLL}fn f(a: poll.Pollable, b: poll.Pollable) -> bool {{ a == b }}"),
        &["bound-not-met: a == b"],
    );
}

#[test]
fn dots_show_only_what_crosses() {
    tells("dot f(g: fn() -> u32) -> u32 { g() }", &["not-exportable: fn() -> u32"]);
    tells("dot f<T>(x: T) -> T { x }", &["not-exportable: f"]);
    tells("dot f(inout n: u32) { n = 1 }", &["not-exportable: u32"]);
    fine(
        "record P { xs: list<map<string, (u32, option<bool>)>> }\ndot f(p: P) -> result<P, string> { ok(p) }",
    );
}
