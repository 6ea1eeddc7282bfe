//! Control flow, calls, depth and fuel.

mod support;

use dot_eval::{Cause, Limit, Limits, Value};
use dot_types::thir::{
    Arm, BinaryOp, Callee, Closure, CompareOp, ExprId, ExprKind, Iter, LocalId, Param, Pattern, Piece, Stmt,
    TrapKind,
};
use dot_types::{FnParam, IntKind, Intrinsic, Mode, TyKind};
use support::{Code, World, bind, in_world, inout, ints, place, set, values};

/// `fn f(n: s64) -> s64 { if n < 2 { 1 } else { n * f(n - 1) } }`
fn define_factorial(world: &World<'_>) {
    let mut code = world.code();
    let n = code.param(world.s64(), Mode::In);
    let (n1, two, one) = (code.get(n), code.s64(2), code.s64(1));
    let cond = code.compare(CompareOp::Lt, n1, two);
    let (n2, n3, step) = (code.get(n), code.get(n), code.s64(1));
    let less = code.binary(BinaryOp::Sub, n3, step);
    let call = code.call(world.s64(), world.item("f"), values(&[less]));
    let product = code.binary(BinaryOp::Mul, n2, call);
    let root = code.if_else(cond, one, product);
    world.define("f", code.finish(root));
}

#[test]
fn a_function_calls_itself() {
    in_world(|world| {
        define_factorial(world);
        // 20! as published; 21! is beyond 2^63.
        assert_eq!(world.run("f", vec![Value::int(20)]), Ok(Value::int(2_432_902_008_176_640_000_i64)));
        let failure = world.run("f", vec![Value::int(21)]).unwrap_err();
        assert!(matches!(failure.cause, Cause::Trap { kind: TrapKind::Overflow, .. }));
        assert_eq!(failure.trace.len(), 1, "the product of the outermost call overflows");
    });
}

/// `fn f(n: s64) -> s64 { if n == 0 { 0 } else { 1 + f(n - 1) } }`, through `g` if `through` is set.
fn define_countdown(world: &World<'_>, through: bool) {
    let mut code = world.code();
    let n = code.param(world.s64(), Mode::In);
    let (n1, zero, one, end) = (code.get(n), code.s64(0), code.s64(1), code.s64(0));
    let cond = code.compare(CompareOp::Eq, n1, zero);
    let (n2, step) = (code.get(n), code.s64(1));
    let less = code.binary(BinaryOp::Sub, n2, step);
    let callee = world.item(if through { "g" } else { "f" });
    let call = code.call(world.s64(), callee, values(&[less]));
    let sum = code.binary(BinaryOp::Add, one, call);
    let root = code.if_else(cond, end, sum);
    world.define("f", code.finish(root));
    if through {
        let mut code = world.code();
        let n = code.param(world.s64(), Mode::In);
        let n = code.get(n);
        let root = code.call(world.s64(), world.item("f"), values(&[n]));
        world.define("g", code.finish(root));
    }
}

#[test]
fn the_depth_of_recursion_is_4096() {
    in_world(|world| {
        define_countdown(world, false);
        // f(n) opens n + 1 calls.
        assert_eq!(world.run("f", vec![Value::int(4095)]), Ok(Value::int(4095)));
        let failure = world.run("f", vec![Value::int(4096)]).unwrap_err();
        assert_eq!(failure.cause, Cause::Limit(Limit::Depth));
        assert_eq!(failure.trace.len(), 64, "a trace is bounded");
    });
}

#[test]
fn every_member_of_a_cycle_counts() {
    in_world(|world| {
        define_countdown(world, true);
        // f, g, f, g, …, f: 2n + 1 calls.
        assert_eq!(world.run("f", vec![Value::int(2047)]), Ok(Value::int(2047)));
        let failure = world.run("f", vec![Value::int(2048)]).unwrap_err();
        assert_eq!(failure.cause, Cause::Limit(Limit::Depth));
    });
}

#[test]
fn calls_of_functions_that_are_on_no_cycle_do_not_count() {
    in_world(|world| {
        define_countdown(world, false);
        let mut code = world.code();
        let n = code.param(world.s64(), Mode::In);
        let n = code.get(n);
        let root = code.call(world.s64(), world.item("f"), values(&[n]));
        world.define("g", code.finish(root));
        assert_eq!(world.run("g", vec![Value::int(4095)]), Ok(Value::int(4095)));
    });
}

/// `if local == at { kind }`
fn jump_at<'db>(
    world: &World<'db>,
    code: &mut Code<'db>,
    local: LocalId,
    at: i128,
    kind: ExprKind<'db>,
) -> Stmt {
    let (get, bound) = (code.get(local), code.s64(at));
    let cond = code.compare(CompareOp::Eq, get, bound);
    let then_branch = code.expr(world.ty(TyKind::Never), kind);
    let choice = ExprKind::If { cond, then_branch, else_branch: None };
    Stmt::Expr(code.expr(world.unit(), choice))
}

/// `f(arg)` for a local `f`
fn call_local<'db>(world: &World<'db>, code: &mut Code<'db>, f: LocalId, arg: i128) -> ExprId {
    let (callee, arg) = (code.get(f), code.s64(arg));
    code.expr(world.s64(), ExprKind::Call { callee: Callee::Value(callee), args: values(&[arg]) })
}

#[test]
fn loops_visit_break_and_continue() {
    in_world(|world| {
        // var sum = 0; for i in 1..=100 { if i == 50 { continue }; if i == 61 { break }; sum += i }; sum
        let value = world.eval(|code| {
            let (sum, i) = (code.local(world.s64()), code.local(world.s64()));
            let zero = code.s64(0);
            let skip = jump_at(world, code, i, 50, ExprKind::Continue);
            let leave = jump_at(world, code, i, 61, ExprKind::Break);
            let value = code.get(i);
            let add = Stmt::Assign {
                place: place(sum),
                op: Some(dot_types::thir::AssignOp::Binary(BinaryOp::Add)),
                value,
            };
            let body = code.body(vec![skip, leave, add]);
            let (start, end) = (code.s64(1), code.s64(100));
            let iter = Iter::Range { start, end: Some(end), inclusive: true };
            let each = code.expr(world.unit(), ExprKind::For { pattern: Pattern::Bind(i, None), iter, body });
            let result = code.get(sum);
            code.block(vec![bind(sum, zero), Stmt::Expr(each)], result)
        });
        // 1 + … + 60 is 1830, without 50.
        assert_eq!(value, Ok(Value::int(1780)));
    });
}

/// `for i in start..end { xs.push(i) }; xs`
fn collect<'db>(
    world: &World<'db>,
    start: i128,
    end: Option<i128>,
    inclusive: bool,
) -> Result<Value<'db>, dot_eval::Failure<'db>> {
    world.eval(|code| {
        let u8_ty = world.int(IntKind::U8);
        let (xs, i) = (code.local(world.list(u8_ty)), code.local(u8_ty));
        let empty = code.list(u8_ty, &[]);
        let value = code.get(i);
        let push = code.intrinsic(
            Intrinsic::ListPush,
            u8_ty,
            world.unit(),
            vec![inout(xs), dot_types::thir::Arg::Value(value)],
        );
        let start = code.int(IntKind::U8, start);
        let end = end.map(|end| code.int(IntKind::U8, end));
        let iter = Iter::Range { start, end, inclusive };
        let each =
            code.expr(world.unit(), ExprKind::For { pattern: Pattern::Bind(i, None), iter, body: push });
        let result = code.get(xs);
        code.block(vec![bind(xs, empty), Stmt::Expr(each)], result)
    })
}

#[test]
fn ranges_reach_the_ends_of_their_type() {
    in_world(|world| {
        assert_eq!(collect(world, 253, Some(255), true), Ok(ints(&[253, 254, 255])));
        assert_eq!(collect(world, 253, Some(255), false), Ok(ints(&[253, 254])));
        assert_eq!(collect(world, 5, Some(3), false), Ok(ints(&[])));
        assert_eq!(collect(world, 5, Some(5), true), Ok(ints(&[5])));
        let failure = collect(world, 250, None, false).unwrap_err();
        assert!(matches!(failure.cause, Cause::Trap { kind: TrapKind::Overflow, .. }));
    });
}

/// Fuel counts elements copied, so a quadratic loop would run out of it.
#[test]
fn pushing_a_million_times_is_linear() {
    in_world(|world| {
        let mut code = world.code();
        let (xs, i) = (code.local(world.list(world.s64())), code.local(world.s64()));
        let empty = code.list(world.s64(), &[]);
        let value = code.get(i);
        let push = code.intrinsic(
            Intrinsic::ListPush,
            world.s64(),
            world.unit(),
            vec![inout(xs), dot_types::thir::Arg::Value(value)],
        );
        let (start, end) = (code.s64(0), code.s64(1_000_000));
        let iter = Iter::Range { start, end: Some(end), inclusive: false };
        let each =
            code.expr(world.unit(), ExprKind::For { pattern: Pattern::Bind(i, None), iter, body: push });
        let list = code.get(xs);
        let len = code.intrinsic(Intrinsic::ListLen, world.s64(), world.int(IntKind::U32), values(&[list]));
        let root = code.block(vec![bind(xs, empty), Stmt::Expr(each)], len);
        world.define("f", code.finish(root));
        let limits = Limits { fuel: 5_000_000, ..Limits::PROGRAM };
        assert_eq!(world.run_with(limits, "f", Vec::new()), Ok(Value::int(1_000_000)));
    });
}

/// `xs = g(xs, i)` where `g` copies its parameter to a variable and pushes to that.
#[test]
fn a_value_that_is_passed_through_a_function_is_not_copied() {
    in_world(|world| {
        let list = world.list(world.s64());
        let mut code = world.code();
        let (param, item) = (code.param(list, Mode::In), code.param(world.s64(), Mode::In));
        let mine = code.local(list);
        let (init, value) = (code.get(param), code.get(item));
        let push = code.intrinsic(
            Intrinsic::ListPush,
            world.s64(),
            world.unit(),
            vec![inout(mine), dot_types::thir::Arg::Value(value)],
        );
        let result = code.get(mine);
        let root = code.block(vec![bind(mine, init), Stmt::Expr(push)], result);
        world.define("g", code.finish(root));

        let mut code = world.code();
        let (xs, i) = (code.local(list), code.local(world.s64()));
        let empty = code.list(world.s64(), &[]);
        let args = [code.get(xs), code.get(i)];
        let call = code.call(list, world.item("g"), values(&args));
        let body = code.body(vec![set(xs, call)]);
        let (start, end) = (code.s64(0), code.s64(10_000));
        let iter = Iter::Range { start, end: Some(end), inclusive: false };
        let each = code.expr(world.unit(), ExprKind::For { pattern: Pattern::Bind(i, None), iter, body });
        let result = code.get(xs);
        let root = code.block(vec![bind(xs, empty), Stmt::Expr(each)], result);
        world.define("f", code.finish(root));
        let limits = Limits { fuel: 200_000, ..Limits::PROGRAM };
        let found = world.run_with(limits, "f", Vec::new());
        assert_eq!(found, Ok(ints(&(0..10_000).collect::<Vec<i128>>())));
    });
}

#[test]
fn an_endless_loop_runs_out_of_fuel() {
    in_world(|world| {
        let mut code = world.code();
        let cond = code.bool(true);
        let body = code.body(Vec::new());
        let root = code.expr(world.unit(), ExprKind::While { cond, body });
        world.define("f", code.finish(root));
        let limits = Limits { fuel: 10_000, ..Limits::PROGRAM };
        let failure = world.run_with(limits, "f", Vec::new()).unwrap_err();
        assert_eq!(failure.cause, Cause::Limit(Limit::Fuel));
    });
}

#[test]
fn a_huge_list_is_a_resource_failure() {
    in_world(|world| {
        let failure = world
            .eval(|code| {
                let args = [code.int(IntKind::U32, u32::MAX.into()), code.s64(0)];
                let list = world.list(world.s64());
                code.intrinsic(Intrinsic::ListOf, world.s64(), list, values(&args))
            })
            .unwrap_err();
        assert_eq!(failure.cause, Cause::Limit(Limit::Memory));
    });
}

/// `|x| x + captured` keeps the value it captured, and `return` leaves the closure only.
#[test]
fn closures_capture_copies_and_return_from_themselves() {
    in_world(|world| {
        let s64 = world.s64();
        let fn_ty = world.ty(TyKind::Fn(vec![FnParam { mode: Mode::In, ty: s64 }], s64));
        let value = world.eval(|code| {
            let (outer, inner, x, f) = (code.local(s64), code.local(s64), code.local(s64), code.local(fn_ty));
            let ten = code.s64(10);
            let (get_x, get_inner) = (code.get(x), code.get(inner));
            let sum = code.binary(BinaryOp::Add, get_x, get_inner);
            let body = code.expr(s64, ExprKind::Return(Some(sum)));
            let closure = Closure {
                params: vec![Param { local: x, mode: Mode::In }],
                captures: vec![(outer, inner)],
                ret: s64,
                body,
            };
            let closure = code.expr(fn_ty, ExprKind::Closure(Box::new(closure)));
            let hundred = code.s64(100);
            let (first, second) = (call_local(world, code, f, 1), call_local(world, code, f, 2));
            let both = code.binary(BinaryOp::Add, first, second);
            code.block(vec![bind(outer, ten), bind(f, closure), set(outer, hundred)], both)
        });
        assert_eq!(value, Ok(Value::int(23)));
    });
}

/// `(|inout n| n += 1)(inout v)`
#[test]
fn a_closure_changes_its_inout_argument() {
    in_world(|world| {
        let s64 = world.s64();
        let fn_ty = world.ty(TyKind::Fn(vec![FnParam { mode: Mode::InOut, ty: s64 }], world.unit()));
        let value = world.eval(|code| {
            let (n, v) = (code.local(s64), code.local(s64));
            let one = code.s64(1);
            let add = Stmt::Assign {
                place: place(n),
                op: Some(dot_types::thir::AssignOp::Binary(BinaryOp::Add)),
                value: one,
            };
            let body = code.body(vec![add]);
            let closure = Closure {
                params: vec![Param { local: n, mode: Mode::InOut }],
                captures: Vec::new(),
                ret: world.unit(),
                body,
            };
            let callee = code.expr(fn_ty, ExprKind::Closure(Box::new(closure)));
            let call = code
                .expr(world.unit(), ExprKind::Call { callee: Callee::Value(callee), args: vec![inout(v)] });
            let (init, result) = (code.s64(41), code.get(v));
            code.block(vec![bind(v, init), Stmt::Expr(call)], result)
        });
        assert_eq!(value, Ok(Value::int(42)));
    });
}

#[test]
fn a_function_value_of_an_intrinsic_can_be_called() {
    in_world(|world| {
        let u32_ty = world.int(IntKind::U32);
        let list = world.list(world.s64());
        let value = world.eval(|code| {
            let fn_ty = world.ty(TyKind::Fn(vec![FnParam { mode: Mode::In, ty: list }], u32_ty));
            let item = world.item("h");
            let callee = code.expr(fn_ty, ExprKind::FnValue { item, type_args: vec![world.s64()] });
            let items = [code.s64(7), code.s64(8)];
            let arg = code.list(world.s64(), &items);
            code.expr(u32_ty, ExprKind::Call { callee: Callee::Value(callee), args: values(&[arg]) })
        });
        assert_eq!(value, Ok(Value::int(2)));
    });
}

#[test]
fn constants_are_values_and_one_that_needs_itself_has_none() {
    in_world(|world| {
        let mut code = world.code();
        let root = code.s64(42);
        world.define("K", code.finish(root));
        let k = world.item("K");
        assert_eq!(dot_eval::eval_const(world, k, Limits::CONSTANT), Ok(Value::int(42)));
        let read = world.eval(|code| code.expr(world.s64(), ExprKind::Const(k)));
        assert_eq!(read, Ok(Value::int(42)));
        let mut code = world.code();
        let root = code.expr(world.s64(), ExprKind::Const(k));
        world.define("K", code.finish(root));
        let failure = dot_eval::eval_const(world, k, Limits::CONSTANT).unwrap_err();
        assert!(matches!(failure.cause, Cause::Internal(_)));
    });
}

#[test]
fn short_circuits_do_not_evaluate_their_right_side() {
    in_world(|world| {
        for (and, left, expected) in [(true, false, false), (false, true, true)] {
            let value = world.eval(|code| {
                let bool_ty = world.ty(TyKind::Bool);
                let left = code.bool(left);
                let message = code.text("evaluated");
                let right = code.expr(bool_ty, ExprKind::Trap { kind: TrapKind::Assert, message });
                code.expr(bool_ty, ExprKind::ShortCircuit { and, left, right })
            });
            assert_eq!(value, Ok(Value::Bool(expected)));
        }
    });
}

/// Arms in order; a guard sees what the pattern bound.
#[test]
fn a_match_takes_the_first_arm_that_fits() {
    in_world(|world| {
        let s64 = world.s64();
        let pick = |input: i128| {
            world.eval(|code| {
                let scrutinee = code.s64(input);
                let n = code.local(s64);
                let (get, ten) = (code.get(n), code.s64(10));
                let guard = code.compare(CompareOp::Gt, get, ten);
                let literal = Pattern::Literal(dot_types::thir::Literal::Int(1));
                let bodies = [code.text("one"), code.text("big"), code.text("other")];
                let arms = vec![
                    Arm { pattern: literal, guard: None, body: bodies[0] },
                    Arm { pattern: Pattern::Bind(n, None), guard: Some(guard), body: bodies[1] },
                    Arm { pattern: Pattern::Wildcard, guard: None, body: bodies[2] },
                ];
                code.expr(world.string(), ExprKind::Match { scrutinee, arms })
            })
        };
        assert_eq!(pick(1), Ok(Value::string("one")));
        assert_eq!(pick(11), Ok(Value::string("big")));
        assert_eq!(pick(2), Ok(Value::string("other")));
    });
}

#[test]
fn interpolation_prints_strings_raw_at_the_top_only() {
    in_world(|world| {
        let value = world.eval(|code| {
            let (top, inner) = (code.text("a\n"), code.text("a\n"));
            let list = code.list(world.string(), &[inner]);
            let pieces = vec![Piece::Value(top), Piece::Text("|".into()), Piece::Value(list)];
            code.expr(world.string(), ExprKind::Interpolate(pieces))
        });
        assert_eq!(value, Ok(Value::string("a\n|[\"a\\n\"]")));
    });
}
