//! Hand-made patterns; what is missing and unreachable is worked out by hand.

use super::*;
use crate::thir::{ExprId, Literal, Pattern};
use crate::{IntKind, TyKind};
use dot_db::Database;

fn check<'db>(db: &'db Database, ty: Ty<'db>, patterns: &[Pattern]) -> Report {
    let arms: Vec<ArmPattern<'_>> =
        patterns.iter().map(|pattern| ArmPattern { pattern, guarded: false }).collect();
    check_arms(db, ty, &arms).expect("not too complex")
}

fn int(value: i128) -> Pattern {
    Pattern::Literal(Literal::Int(value))
}

fn case(case: u32, parts: Vec<Pattern>) -> Pattern {
    Pattern::Case { case, parts }
}

fn tuple(parts: Vec<Pattern>) -> Pattern {
    Pattern::Fields((0..).zip(parts).collect())
}

#[test]
fn an_option_needs_both_cases() {
    let db = Database::default();
    let bool = Ty::new(&db, TyKind::Bool);
    let ty = Ty::new(&db, TyKind::Option(bool));
    let some_true = case(1, vec![Pattern::Literal(Literal::Bool(true))]);
    assert_eq!(check(&db, ty, std::slice::from_ref(&some_true)).missing, ["none", "some(false)"]);
    let all = [some_true, case(0, vec![]), case(1, vec![Pattern::Wildcard]), Pattern::Wildcard];
    assert_eq!(check(&db, ty, &all), Report { missing: vec![], unreachable: vec![3] });
}

#[test]
fn ranges_of_integers_may_leave_gaps() {
    let db = Database::default();
    let ty = Ty::new(&db, TyKind::Int(IntKind::U8));
    let range = |start, end| Pattern::Range {
        start: Literal::Int(start),
        end: Some(Literal::Int(end)),
        inclusive: true,
    };
    assert_eq!(check(&db, ty, &[range(0, 9), range(20, 255)]).missing, ["10..=19"]);
    assert_eq!(check(&db, ty, &[range(0, 254)]).missing, ["255"]);
    let open = Pattern::Range { start: Literal::Int(100), end: None, inclusive: false };
    assert_eq!(check(&db, ty, &[range(0, 99), open, int(7)]).unreachable, [2]);
}

#[test]
fn chars_have_two_ranges_of_scalar_values() {
    let db = Database::default();
    let ty = Ty::new(&db, TyKind::Char);
    let all = Pattern::Range {
        start: Literal::Char('\0'),
        end: Some(Literal::Char('\u{10ffff}')),
        inclusive: true,
    };
    assert_eq!(check(&db, ty, &[all]).missing, Vec::<String>::new());
}

#[test]
fn lists_are_told_apart_by_length() {
    let db = Database::default();
    let ty = Ty::new(&db, TyKind::List(Ty::new(&db, TyKind::Bool)));
    let list = |before: usize, rest: bool| Pattern::List {
        before: vec![Pattern::Wildcard; before],
        rest: rest.then_some(None),
        after: vec![],
    };
    assert_eq!(check(&db, ty, &[list(0, false), list(2, true)]).missing, ["[_]"]);
    assert_eq!(check(&db, ty, &[list(0, false), list(1, false)]).missing, ["[_, _, ..]"]);
    let last = Pattern::List {
        before: vec![],
        rest: Some(None),
        after: vec![Pattern::Literal(Literal::Bool(true))],
    };
    assert_eq!(check(&db, ty, &[list(0, false), last]).missing, ["[.., false]"]);
}

#[test]
fn strings_are_never_enumerated() {
    let db = Database::default();
    let ty = Ty::new(&db, TyKind::String);
    let text = |text: &str| Pattern::Literal(Literal::String(text.into()));
    let report = check(&db, ty, &[text("a"), text("a"), text("b")]);
    assert_eq!(report, Report { missing: vec!["_".to_owned()], unreachable: vec![1] });
}

#[test]
fn a_guard_promises_nothing() {
    let db = Database::default();
    let ty = Ty::new(&db, TyKind::Bool);
    let arms = [
        ArmPattern { pattern: &Pattern::Wildcard, guarded: true },
        ArmPattern { pattern: &Pattern::Literal(Literal::Bool(true)), guarded: false },
    ];
    let report = check_arms(&db, ty, &arms).expect("not too complex");
    assert_eq!(report, Report { missing: vec!["false".to_owned()], unreachable: vec![] });
}

#[test]
fn alternatives_count_together() {
    let db = Database::default();
    let ty = Ty::new(&db, TyKind::Bool);
    let both =
        Pattern::Or(vec![Pattern::Literal(Literal::Bool(true)), Pattern::Literal(Literal::Bool(false))]);
    assert_eq!(check(&db, ty, &[both, Pattern::Wildcard]), Report { missing: vec![], unreachable: vec![1] });
}

#[test]
fn a_thousand_arms_are_checked_and_a_hard_match_is_refused() {
    let db = Database::default();
    let ty = Ty::new(&db, TyKind::Int(IntKind::U32));
    let arms: Vec<Pattern> = (0..1_000).map(int).collect();
    assert_eq!(check(&db, ty, &arms).missing, ["1000.."]);
    let bool = Ty::new(&db, TyKind::Bool);
    let width = 30;
    let wide = Ty::new(&db, TyKind::Tuple(vec![bool; width]));
    let hard: Vec<Pattern> = (0..width)
        .flat_map(|index| [true, false].map(|value| (index, value)))
        .map(|(index, value)| {
            let mut parts = vec![Pattern::Wildcard; width];
            parts[index] = Pattern::Literal(Literal::Bool(value));
            parts[(index + 1) % width] = Pattern::Literal(Literal::Bool(!value));
            tuple(parts)
        })
        .collect();
    let arms: Vec<ArmPattern<'_>> =
        hard.iter().map(|pattern| ArmPattern { pattern, guarded: false }).collect();
    // Whether it is decided or given up, it comes back.
    let _ = check_arms(&db, wide, &arms);
}

/// What a constant is isn't known: its row may fit and covers nothing, in a tuple too.
#[test]
fn rows_of_constants_are_useful() {
    let db = Database::default();
    let ty = Ty::new(&db, TyKind::Int(IntKind::U8));
    let pair = Ty::new(&db, TyKind::Tuple(vec![ty, Ty::new(&db, TyKind::Bool)]));
    let (one, other) = (Pattern::Equals(ExprId(0)), Pattern::Equals(ExprId(1)));
    let flag = |value| Pattern::Literal(Literal::Bool(value));
    assert_eq!(check(&db, ty, &[one.clone(), int(7), Pattern::Wildcard]).unreachable, [] as [usize; 0]);
    let rows = [
        tuple(vec![one, flag(true)]),
        tuple(vec![other, Pattern::Wildcard]),
        tuple(vec![int(7), flag(true)]),
    ];
    let report = check(&db, pair, &rows);
    assert_eq!((report.unreachable, report.missing.is_empty()), (vec![], false));
    let all =
        rows.into_iter().chain([flag(true), flag(false)].map(|flag| tuple(vec![Pattern::Wildcard, flag])));
    let all: Vec<Pattern> = all.collect();
    assert_eq!(check(&db, pair, &all), Report { missing: vec![], unreachable: vec![] });
}
