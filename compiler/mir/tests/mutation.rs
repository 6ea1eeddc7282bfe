//! Every count matters: take one away, and both the verifier and the interpreter say so.

mod support;

use dot_db::Database;
use dot_mir::ir::{Function, Instance, InstanceKind, Op, Passing, Value};
use dot_mir::passes::Env;
use dot_mir::queries::{Queries, passing};
use dot_mir::verify::verify_counted;
use dot_mir::{Level, counted, instances, interp};
use support::{instance, program};

/// Every dup and drop in it is executed by `start`, on a value that has memory.
const SOURCE: &str = r#"
variant Tree { Leaf(mark: string), Node(left: Tree, key: string, right: Tree) }
record Counter { names: list<string>, tree: Tree }
fn insert(tree: Tree, key: string) -> Tree {
  match tree {
    Leaf(mark) => Node(Leaf(mark), key, Leaf(mark))
    Node(left, k, right) => if key < k { Node(insert(left, key), k, right) } else { Node(left, k, insert(right, key)) }
  }
}
fn add(inout self: Counter, name: string) {
  self.names.push(name)
  self.tree = insert(self.tree, name)
}
fn keys(tree: Tree, inout out: list<string>) {
  if tree is Node(left, key, right) {
    keys(left, inout out)
    out.push(key)
    keys(right, inout out)
  }
}
fn start() -> (list<string>, list<string>) {
  var c = Counter { names: [], tree: Leaf("{0}") }
  for n in ["b", "c", "a"] { c.add( "{n}{n}") }
  let old = c
  c.add( "x")
  var out: list<string> = []
  keys(old.tree, inout out)
  (out, c.names)
}
"#;

/// The function without its n-th ownership instruction; none if it has fewer.
fn without<'db>(function: &Function<'db>, n: usize) -> Option<Function<'db>> {
    let mut mutant = function.clone();
    let mut left = n;
    for block in 0..mutant.blocks.len() {
        for inst in 0..mutant.blocks[block].insts.len() {
            let gone = &mutant.blocks[block].insts[inst];
            let rename = match (&gone.op, gone.results.as_slice()) {
                (Op::Dup(of), [copy]) => Some((*copy, *of)),
                (Op::Drop(_) | Op::DropToken(_), []) => None,
                _ => continue,
            };
            if left > 0 {
                left -= 1;
                continue;
            }
            mutant.blocks[block].insts.remove(inst);
            let mut apply = |value: &mut Value| {
                if let Some((copy, of)) = rename
                    && *value == copy
                {
                    *value = of;
                }
            };
            for block in &mut mutant.blocks {
                block.insts.iter_mut().for_each(|inst| inst.op.map_operands(&mut apply));
                block.terminator.map_operands(&mut apply);
            }
            return Some(mutant);
        }
    }
    None
}

#[test]
fn a_missing_count_is_found() {
    let db = program(SOURCE);
    let mutants = try_all(&db);
    assert!(mutants >= 7, "only {mutants} counts in the program");
}

/// Takes away each count of each function, one at a time, and says how many there were.
fn try_all<'db>(db: &'db Database) -> usize {
    let start = instance(db, "start");
    let expected = interp::call(db, start, Vec::new(), dot_eval::Limits::PROGRAM, Level::Debug);
    assert!(expected.is_ok(), "{expected:?}");
    let queries = Queries::new(db);
    let callee = |callee: Instance<'db>| -> Vec<Passing> { passing(db, callee).clone() };
    let env = Env { program: &queries, passing: &callee };
    let mut mutants = 0;
    for changed in instances(db, &[start], Level::Debug).functions {
        let of_source =
            matches!(changed.kind(db), InstanceKind::Item(item) if item.module(db).path(db) == "main");
        let Some(function) = counted(db, changed).filter(|_| of_source) else { continue };
        let mut n = 0;
        while let Some(mutant) = without(function, n) {
            n += 1;
            let name = format!("{} without count {n}:\n{}", function.name, support::text(db, &mutant));
            assert!(verify_counted(&mutant, &env).is_err(), "the verifier accepts {name}");
            let body = |i: Instance<'db>| {
                if i == changed { Some(mutant.clone()) } else { counted(db, i).cloned() }
            };
            let code = interp::Code { program: &queries, body: &body, passing: &callee };
            let end = interp::call_code(&code, start, Vec::new(), dot_eval::Limits::PROGRAM);
            assert!(matches!(end, Err(interp::Failure::Fault(_))), "the interpreter accepts {name}{end:?}");
        }
        mutants += n;
    }
    mutants
}
