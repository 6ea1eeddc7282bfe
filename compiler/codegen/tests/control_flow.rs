//! Structured control flow, operand stack and locals under torture: random programs with loops, jumps out of
//! them at any depth, switches and exchanged variables, against an interpreter of the same programs.

use dot_codegen::emit::{CompiledFunction, emit};
use dot_codegen::lir::{Builder, Label, NumOp, Reg, Val};
use proptest::prelude::*;

const VARS: usize = 4;

#[derive(Clone, Debug)]
enum Stmt {
    /// `v[0] = v[1] op v[2]`
    Set(usize, u8, usize, usize),
    /// Exchanges two variables.
    Swap(usize, usize),
    If(usize, Vec<Stmt>, Vec<Stmt>),
    Loop(Vec<Stmt>),
    /// Leaves so many loops more than the innermost; outside loops, nothing.
    Break(usize),
    Continue(usize),
    Switch(usize, Vec<Vec<Stmt>>),
    Return(usize),
}

fn programs() -> impl Strategy<Value = Vec<Stmt>> {
    let var = || 0..VARS;
    let leaf = prop_oneof![
        6 => (var(), any::<u8>(), var(), var()).prop_map(|(a, op, b, c)| Stmt::Set(a, op, b, c)),
        2 => (var(), var()).prop_map(|(a, b)| Stmt::Swap(a, b)),
        1 => (0..3usize).prop_map(Stmt::Break),
        1 => (0..3usize).prop_map(Stmt::Continue),
        1 => var().prop_map(Stmt::Return),
    ];
    let stmt = leaf.prop_recursive(5, 60, 6, move |inner| {
        let body = || prop::collection::vec(inner.clone(), 0..5);
        prop_oneof![
            3 => (0..VARS, body(), body()).prop_map(|(v, yes, no)| Stmt::If(v, yes, no)),
            2 => body().prop_map(Stmt::Loop),
            1 => (0..VARS, prop::collection::vec(body(), 1..5)).prop_map(|(v, arms)| Stmt::Switch(v, arms)),
        ]
    });
    prop::collection::vec(stmt, 1..8)
}

// The interpreter

enum Flow {
    Next,
    Break(usize),
    Continue(usize),
    Return(i32),
}

struct Machine {
    vars: [i32; VARS],
    fuel: i32,
    loops: usize,
}

fn apply(op: u8, a: i32, b: i32) -> i32 {
    match op % 5 {
        0 => a.wrapping_add(b),
        1 => a.wrapping_sub(b),
        2 => a.wrapping_mul(b),
        3 => a ^ b,
        _ => i32::from(a < b),
    }
}

impl Machine {
    fn run(&mut self, stmts: &[Stmt]) -> Flow {
        for stmt in stmts {
            let flow = match stmt {
                Stmt::Set(to, op, a, b) => {
                    self.vars[*to] = apply(*op, self.vars[*a], self.vars[*b]);
                    Flow::Next
                }
                Stmt::Swap(a, b) => {
                    self.vars.swap(*a, *b);
                    Flow::Next
                }
                Stmt::If(v, yes, no) => self.run(if self.vars[*v] & 1 == 1 { yes } else { no }),
                Stmt::Loop(body) => self.run_loop(body),
                Stmt::Break(n) if self.loops > 0 => Flow::Break((*n).min(self.loops - 1)),
                Stmt::Continue(n) if self.loops > 0 => Flow::Continue((*n).min(self.loops - 1)),
                Stmt::Break(_) | Stmt::Continue(_) => Flow::Next,
                Stmt::Switch(v, arms) => {
                    let n = self.vars[*v].cast_unsigned() & 7;
                    self.run(&arms[(n as usize).min(arms.len() - 1)])
                }
                Stmt::Return(v) => Flow::Return(self.vars[*v]),
            };
            if !matches!(flow, Flow::Next) {
                return flow;
            }
        }
        Flow::Next
    }

    fn run_loop(&mut self, body: &[Stmt]) -> Flow {
        self.loops += 1;
        let flow = loop {
            self.fuel -= 1;
            if self.fuel <= 0 {
                break Flow::Next;
            }
            match self.run(body) {
                Flow::Next | Flow::Continue(0) => {}
                Flow::Break(0) => break Flow::Next,
                Flow::Break(n) => break Flow::Break(n - 1),
                Flow::Continue(n) => break Flow::Continue(n - 1),
                flow @ Flow::Return(_) => break flow,
            }
        };
        self.loops -= 1;
        flow
    }
}

fn interpret(program: &[Stmt], vars: [i32; VARS]) -> i32 {
    let mut machine = Machine { vars, fuel: 200, loops: 0 };
    match machine.run(program) {
        Flow::Return(value) => value,
        _ => machine.vars.iter().fold(machine.fuel, |sum, v| sum.wrapping_mul(31).wrapping_add(*v)),
    }
}

// The same as a graph of blocks

const STATE: [Val; VARS + 1] = [Val::I32; VARS + 1];

/// Compiles statements; all blocks that are joined at take the variables and the fuel as parameters.
struct Compiler {
    b: Builder<'static>,
    /// For each open loop: its head and what follows it.
    loops: Vec<(Label, Label)>,
}

impl Compiler {
    /// Gives the variables and fuel after the statements, and whether control gets there.
    fn stmts(&mut self, stmts: &[Stmt], mut state: Vec<Reg>) -> (Vec<Reg>, bool) {
        for stmt in stmts {
            match stmt {
                Stmt::Set(to, op, a, b) => state[*to] = self.apply(*op, state[*a], state[*b]),
                Stmt::Swap(a, b) => state.swap(*a, *b),
                Stmt::If(v, yes, no) => {
                    let one = self.b.i32(1);
                    let cond = self.b.num(NumOp::I32And, &[state[*v], one]);
                    let (yes_block, no_block) = (self.b.block(&[]), self.b.block(&[]));
                    self.b.branch(cond, (yes_block, &[]), (no_block, &[]));
                    state = self.arms(&[(yes_block, yes), (no_block, no)], &state);
                }
                Stmt::Loop(body) => state = self.looped(body, &state),
                Stmt::Break(n) | Stmt::Continue(n) if !self.loops.is_empty() => {
                    let n = (*n).min(self.loops.len() - 1);
                    let (head, after) = self.loops[self.loops.len() - 1 - n];
                    self.b.jump(if matches!(stmt, Stmt::Break(_)) { after } else { head }, &state);
                    return (state, false);
                }
                Stmt::Break(_) | Stmt::Continue(_) => {}
                Stmt::Switch(v, arms) => {
                    let seven = self.b.i32(7);
                    let on = self.b.num(NumOp::I32And, &[state[*v], seven]);
                    let blocks: Vec<Label> = arms.iter().map(|_| self.b.block(&[])).collect();
                    let (last, others) = blocks.split_last().expect("an arm");
                    self.b.switch(on, others.to_vec(), *last);
                    let arms: Vec<_> = blocks.iter().zip(arms).map(|(label, arm)| (*label, arm)).collect();
                    state = self.arms(&arms, &state);
                }
                Stmt::Return(v) => {
                    self.b.ret(&[state[*v]]);
                    return (state, false);
                }
            }
        }
        (state, true)
    }

    fn apply(&mut self, op: u8, a: Reg, b: Reg) -> Reg {
        let op = [NumOp::I32Add, NumOp::I32Sub, NumOp::I32Mul, NumOp::I32Xor, NumOp::I32LtS][op as usize % 5];
        self.b.num(op, &[a, b])
    }

    fn arms(&mut self, arms: &[(Label, &Vec<Stmt>)], state: &[Reg]) -> Vec<Reg> {
        let after = self.b.block(&STATE);
        for (label, arm) in arms {
            self.b.at(*label);
            let (state, falls) = self.stmts(arm, state.to_vec());
            if falls {
                self.b.jump(after, &state);
            }
        }
        self.b.at(after);
        self.b.params_of(after)
    }

    fn looped(&mut self, body: &[Stmt], state: &[Reg]) -> Vec<Reg> {
        let (head, inside, after) = (self.b.block(&STATE), self.b.block(&[]), self.b.block(&STATE));
        self.b.jump(head, state);
        self.b.at(head);
        let mut state = self.b.params_of(head);
        state[VARS] = self.b.offset(state[VARS], -1);
        let zero = self.b.i32(0);
        let empty = self.b.num(NumOp::I32LeS, &[state[VARS], zero]);
        self.b.branch(empty, (after, &state), (inside, &[]));
        self.b.at(inside);
        self.loops.push((head, after));
        let (state, falls) = self.stmts(body, state);
        if falls {
            self.b.jump(head, &state);
        }
        self.loops.pop();
        self.b.at(after);
        self.b.params_of(after)
    }
}

fn compile(program: &[Stmt]) -> CompiledFunction<'static> {
    let b = Builder::new("run", &[Val::I32; VARS], &[Val::I32]);
    let mut compiler = Compiler { b, loops: Vec::new() };
    let mut state = compiler.b.params();
    state.push(compiler.b.i32(200));
    let (state, falls) = compiler.stmts(program, state);
    if falls {
        let b = &mut compiler.b;
        let factor = b.i32(31);
        let sum = state[..VARS].iter().fold(state[VARS], |sum, v| {
            let more = b.num(NumOp::I32Mul, &[sum, factor]);
            b.num(NumOp::I32Add, &[more, *v])
        });
        b.ret(&[sum]);
    }
    emit(&compiler.b.finish())
}

/// A module that exports one function without holes.
fn module(function: &CompiledFunction<'_>) -> Vec<u8> {
    use wasm_encoder as wasm;
    let mut types = wasm::TypeSection::new();
    let vals = |vals: &[Val]| vals.iter().map(|val| (*val).into()).collect::<Vec<wasm::ValType>>();
    types.ty().function(vals(&function.sig.params), vals(&function.sig.results));
    let mut functions = wasm::FunctionSection::new();
    functions.function(0);
    let mut exports = wasm::ExportSection::new();
    exports.export("run", wasm::ExportKind::Func, 0);
    let mut body = wasm::Function::new(vals(&function.locals).into_iter().map(|val| (1, val)));
    body.raw(function.code.iter().copied());
    let mut code = wasm::CodeSection::new();
    code.function(&body);
    let mut module = wasm::Module::new();
    module.section(&types).section(&functions).section(&exports).section(&code);
    module.finish()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn structured_code_does_what_the_graph_says(program in programs(), vars in any::<[i32; VARS]>()) {
        let bytes = module(&compile(&program));
        let text = || wasmprinter::print_bytes(&bytes).unwrap_or_default();
        if let Err(error) = wasmparser::Validator::new().validate_all(&bytes) {
            return Err(TestCaseError::fail(format!("{error}\n{}", text())));
        }
        let engine = wasmtime::Engine::default();
        let module = wasmtime::Module::new(&engine, &bytes).expect("valid");
        let mut store = wasmtime::Store::new(&engine, ());
        let instance = wasmtime::Instance::new(&mut store, &module, &[]).expect("it starts");
        let run = instance.get_typed_func::<(i32, i32, i32, i32), i32>(&mut store, "run").expect("the export");
        let got = run.call(&mut store, (vars[0], vars[1], vars[2], vars[3])).expect("no trap");
        prop_assert_eq!(got, interpret(&program, vars), "{}", text());
    }
}

#[test]
fn a_long_function_needs_no_deep_stack() {
    // Each statement is dominated by the one before.
    let program: Vec<Stmt> =
        (0..20_000).map(|n| Stmt::If(n % VARS, vec![Stmt::Set(0, 0, 1, 2)], vec![])).collect();
    let bytes = module(&compile(&program));
    assert!(wasmparser::Validator::new().validate_all(&bytes).is_ok());
}
