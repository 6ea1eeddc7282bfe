//! Arithmetic and conversions of every width against Rust's own, on the edges of the types and between.

mod support;

use dot_mir::Level;
use dot_types::IntKind;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::cell::RefCell;
use support::{LEVELS, Machine};
use wasmtime::Val;

/// A number of a type: often near an edge.
fn numbers(kind: IntKind) -> impl Strategy<Value = i128> {
    let (min, max) = (kind.min(), kind.max());
    prop_oneof![
        3 => (-3i128..=3).prop_map(move |n| n.clamp(min, max)),
        2 => (0i128..4).prop_map(move |n| max - n),
        2 => (0i128..4).prop_map(move |n| min + n),
        2 => (0u32..64).prop_map(move |n| (1i128 << n).clamp(min, max)),
        3 => min..=max,
    ]
}

fn val(kind: IntKind, n: i128) -> Val {
    if kind.bits() == 64 { Val::I64(n as i64) } else { Val::I32(n as i32) }
}

/// A result as a number of the type; small ones must be normalised.
fn number(kind: IntKind, val: &Val) -> i128 {
    match (val, kind) {
        (Val::I32(n), IntKind::U32 | IntKind::U8 | IntKind::U16) => i128::from(n.cast_unsigned()),
        (Val::I32(n), _) => i128::from(*n),
        (Val::I64(n), IntKind::U64) => i128::from(n.cast_unsigned()),
        (Val::I64(n), _) => i128::from(*n),
        _ => panic!("no integer: {val:?}"),
    }
}

fn fits(kind: IntKind, n: i128) -> Option<i128> {
    (kind.min()..=kind.max()).contains(&n).then_some(n)
}

fn wrap(kind: IntKind, n: i128) -> i128 {
    let n = n & ((1 << kind.bits()) - 1);
    if n > kind.max() { n - (1 << kind.bits()) } else { n }
}

const OPS: &[(&str, &str)] = &[
    ("add", "+"),
    ("sub", "-"),
    ("mul", "*"),
    ("div", "/"),
    ("rem", "%"),
    ("wrapping_add", "+%"),
    ("wrapping_sub", "-%"),
    ("wrapping_mul", "*%"),
    ("saturating_add", "+|"),
    ("saturating_sub", "-|"),
    ("saturating_mul", "*|"),
    ("and", "&"),
    ("or", "|"),
    ("xor", "^"),
    ("shl", "<<"),
    ("shr", ">>"),
];

/// What an operation gives; none for a trap.
fn expected(op: &str, kind: IntKind, a: i128, b: i128) -> Option<i128> {
    let clamp = |n: i128| Some(n.clamp(kind.min(), kind.max()));
    let shift = u32::try_from(b).ok().filter(|by| *by < kind.bits());
    match op {
        "add" => fits(kind, a + b),
        "sub" => fits(kind, a - b),
        "mul" => a.checked_mul(b).and_then(|n| fits(kind, n)),
        "div" => (b != 0).then(|| a / b).and_then(|n| fits(kind, n)),
        "rem" => (b != 0).then(|| a % b),
        "wrapping_add" => Some(wrap(kind, a + b)),
        "wrapping_sub" => Some(wrap(kind, a - b)),
        "wrapping_mul" => Some(wrap(kind, a.wrapping_mul(b))),
        "saturating_add" => clamp(a + b),
        "saturating_sub" => clamp(a - b),
        "saturating_mul" => clamp(a.saturating_mul(b)),
        "and" => Some(a & b),
        "or" => Some(a | b),
        "xor" => Some(a ^ b),
        "shl" => shift.map(|by| wrap(kind, a << by)),
        _ => shift.map(|by| a >> by),
    }
}

fn cases(run: &mut dyn FnMut(&mut TestRunner)) {
    run(&mut TestRunner::new(Config { cases: 300, failure_persistence: None, ..Config::default() }));
}

#[test]
fn binary_operations() {
    for kind in IntKind::ALL {
        let ty = kind.name();
        let each =
            OPS.iter().map(|(name, op)| format!("fn {name}(a: {ty}, b: {ty}) -> {ty} {{ a {op} b }}\n"));
        let text: String = each.collect();
        let names: Vec<&str> = OPS.iter().map(|(name, _)| *name).collect();
        for level in LEVELS {
            let machine = RefCell::new(Machine::new(&text, &names, level));
            cases(&mut |runner| {
                let outcome = runner.run(&(0..OPS.len(), numbers(kind), numbers(kind)), |(n, a, b)| {
                    let (name, op) = OPS[n];
                    let got = machine_number(&machine, name, kind, &[val(kind, a), val(kind, b)]);
                    prop_assert_eq!(
                        got,
                        expected(name, kind, a, b),
                        "{} {} {} as {} at {:?}",
                        a,
                        op,
                        b,
                        ty,
                        level
                    );
                    Ok(())
                });
                outcome.unwrap_or_else(|error| panic!("{error}"));
            });
        }
    }
}

#[test]
fn constants_on_the_right() {
    // Known operands have shorter checks of their own.
    for kind in [IntKind::S32, IntKind::S64, IntKind::U64, IntKind::U8] {
        let ty = kind.name();
        let known: Vec<i128> =
            [1, 2, 3, 10, 100, kind.max(), kind.max() - 1, kind.min(), kind.min() + 1, -1, -2, -7]
                .into_iter()
                .filter(|n| fits(kind, *n).is_some())
                .collect();
        for constant in known {
            let text: String = ["add", "sub", "mul"]
                .iter()
                .zip(["+", "-", "*"])
                .map(|(name, op)| format!("fn {name}(a: {ty}) -> {ty} {{ a {op} ({constant}) }}\n"))
                .collect();
            let machine = RefCell::new(Machine::new(&text, &["add", "sub", "mul"], Level::Release));
            cases(&mut |runner| {
                let outcome = runner.run(&(0..3usize, numbers(kind)), |(n, a)| {
                    let name = ["add", "sub", "mul"][n];
                    let got = machine_number(&machine, name, kind, &[val(kind, a)]);
                    prop_assert_eq!(
                        got,
                        expected(name, kind, a, constant),
                        "{} {} {}: {}",
                        a,
                        name,
                        constant,
                        ty
                    );
                    Ok(())
                });
                outcome.unwrap_or_else(|error| panic!("{error}"));
            });
        }
    }
}

#[test]
fn conversions_between_integers() {
    for from in IntKind::ALL {
        let mut text = String::new();
        let mut names = Vec::new();
        for to in IntKind::ALL {
            let (a, b) = (from.name(), to.name());
            text += &format!("fn trap_{b}(x: {a}) -> {b} {{ {b}(x) }}\n");
            text += &format!("fn wrap_{b}(x: {a}) -> {b} {{ {b}.wrap(x) }}\n");
            text += &format!("fn sat_{b}(x: {a}) -> {b} {{ {b}.saturate(x) }}\n");
            text += &format!("fn try_{b}(x: {a}) -> {b} {{ {b}.try(x) ?? 77 }}\n");
            names.extend(["trap", "wrap", "sat", "try"].map(|mode| (format!("{mode}_{b}"), mode, to)));
        }
        let exports: Vec<&str> = names.iter().map(|(name, ..)| name.as_str()).collect();
        let machine = RefCell::new(Machine::new(&text, &exports, Level::Debug));
        cases(&mut |runner| {
            let outcome = runner.run(&(0..names.len(), numbers(from)), |(n, x)| {
                let (name, mode, to) = (&names[n].0, &names[n].1, names[n].2);
                let got = machine_number(&machine, name, to, &[val(from, x)]);
                let expected = match *mode {
                    "trap" => fits(to, x),
                    "wrap" => Some(wrap(to, x)),
                    "sat" => Some(x.clamp(to.min(), to.max())),
                    _ => Some(fits(to, x).unwrap_or(77)),
                };
                prop_assert_eq!(got, expected, "{} of {} from {}", name, x, from.name());
                Ok(())
            });
            outcome.unwrap_or_else(|error| panic!("{error}"));
        });
    }
}

#[test]
fn conversions_from_floats() {
    let mut text = String::new();
    let mut names = Vec::new();
    for to in IntKind::ALL {
        let b = to.name();
        for from in ["f32", "f64"] {
            text += &format!("fn trap_{from}_{b}(x: {from}) -> {b} {{ {b}(x) }}\n");
            text += &format!("fn sat_{from}_{b}(x: {from}) -> {b} {{ {b}.saturate(x) }}\n");
            text += &format!("fn try_{from}_{b}(x: {from}) -> {b} {{ {b}.try(x) ?? 77 }}\n");
            names.extend(["trap", "sat", "try"].map(|mode| (format!("{mode}_{from}_{b}"), mode, from, to)));
        }
    }
    let exports: Vec<&str> = names.iter().map(|(name, ..)| name.as_str()).collect();
    let machine = RefCell::new(Machine::new(&text, &exports, Level::Debug));
    let floats = prop_oneof![
        any::<f64>(),
        -300.0..300.0f64,
        Just(f64::NAN),
        Just(f64::INFINITY),
        (0i32..70, -2i32..3).prop_map(|(log, off)| 2f64.powi(log) + f64::from(off)),
        (0i32..70, -2i32..3).prop_map(|(log, off)| -(2f64.powi(log)) + f64::from(off) / 2.0),
    ];
    cases(&mut |runner| {
        let outcome = runner.run(&(0..names.len(), &floats), |(n, x)| {
            let (name, mode, from, to) = (&names[n].0, &names[n].1, &names[n].2, names[n].3);
            let (arg, exact) = match *from {
                "f32" => (Val::F32((x as f32).to_bits()), f64::from(x as f32)),
                _ => (Val::F64(x.to_bits()), x),
            };
            let got = machine_number(&machine, name, to, &[arg]);
            let whole = exact.trunc();
            // Rust's own conversions saturate; those to 128 bits are exact where the number fits.
            let inside = whole >= to.min() as f64 && whole < (to.max() + 1) as f64;
            let expected = match *mode {
                _ if inside => Some(whole as i128),
                "trap" => None,
                "try" => Some(77),
                _ if exact.is_nan() => Some(0),
                _ => Some(if exact < 0.0 { to.min() } else { to.max() }),
            };
            prop_assert_eq!(got, expected, "{} of {:?}", name, exact);
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{error}"));
    });
}

#[test]
fn remainders_of_floats() {
    let text = "fn rem(a: f64, b: f64) -> f64 { a % b }\nfn rem32(a: f32, b: f32) -> f32 { a % b }";
    let machine = RefCell::new(Machine::new(text, &["rem", "rem32"], Level::Release));
    let floats =
        || prop_oneof![any::<f64>(), -100.0..100.0f64, (0i32..2000).prop_map(|n| f64::from(n) / 8.0)];
    cases(&mut |runner| {
        let outcome = runner.run(&(floats(), floats()), |(a, b)| {
            let args = [Val::F64(a.to_bits()), Val::F64(b.to_bits())];
            let got = machine.borrow_mut().call("rem", &args).expect("no trap")[0].unwrap_f64();
            let expected = a % b;
            prop_assert!(
                got.to_bits() == expected.to_bits() || got.is_nan() && expected.is_nan(),
                "{a:e} % {b:e} gave {got:e}, not {expected:e}"
            );
            let (a, b) = (a as f32, b as f32);
            let args = [Val::F32(a.to_bits()), Val::F32(b.to_bits())];
            let got = machine.borrow_mut().call("rem32", &args).expect("no trap")[0].unwrap_f32();
            let expected = a % b;
            prop_assert!(
                got.to_bits() == expected.to_bits() || got.is_nan() && expected.is_nan(),
                "{a:e} % {b:e} gave {got:e}, not {expected:e}"
            );
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{error}"));
    });
}

fn machine_number(machine: &RefCell<Machine>, name: &str, kind: IntKind, args: &[Val]) -> Option<i128> {
    machine.borrow_mut().call(name, args).ok().map(|results| number(kind, &results[0]))
}
