//! Between the canonical ABI and Dot functions: what a host calls, and what calls a host.
//!
//! Most types are represented as the canonical ABI flattens and lays them out (see [`crate::repr`]), so an adapter
//! has little to do: it loads parameters that came in memory, puts results of more than one core value into the
//! return area, converts the few types that cross in another form ([`crate::crossing`]), and lets go what nobody owns
//! any more.

use crate::counts::Memory;
use crate::crossing::Crossing;
use crate::lir::{Address, Builder, Func, Global, Reg, RuntimeFn, Sig, Symbol, Val};
use crate::repr::align_to;
use crate::resource::Receiver;
use dot_db::Item;
use dot_hir::wit::Lend;
use dot_mir::ir::{Instance, Passing};
use dot_types::Ty;

/// Parameters of more core values than this are passed in memory.
pub const MAX_PARAMS: usize = 16;

/// A function that the module exports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportFn<'db> {
    /// The name of the export: `local:hello/hello#hello`.
    pub name: String,
    /// What is called.
    pub instance: Instance<'db>,
    /// How it is given the resource that it is a method of: its first parameter.
    pub receiver: Option<Receiver>,
    /// The types of the parameters.
    pub params: Vec<Ty<'db>>,
    /// By parameter, the handles that the caller only lends; none where nothing stands.
    pub lent: Vec<Lend>,
    /// The type of the result; none for a function without one.
    pub result: Option<Ty<'db>>,
}

/// A function that the module may import. Those that nothing reaches are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportFn<'db> {
    /// The item that stands for it.
    pub item: Item<'db>,
    /// The name of the imported module: `wasi:cli/stdout@0.2.0`.
    pub module: String,
    /// The name of the function in it: `get-stdout`, `[method]output-stream.write`, `[resource-drop]output-stream`.
    pub field: String,
    /// The types of the parameters.
    pub params: Vec<Ty<'db>>,
    /// By parameter, the handles that the caller only lends; none where nothing stands.
    pub lent: Vec<Lend>,
    /// By parameter, whether all handles in it are lent: then the caller keeps the argument.
    pub lends: Vec<bool>,
    /// The type of the result.
    pub result: Option<Ty<'db>>,
}

impl<'db> Crossing<'_, '_, 'db> {
    /// The core types of an imported function's parameters and results, as the canonical ABI has them.
    pub fn canonical_sig(&self, params: &[Ty<'db>], result: Option<Ty<'db>>) -> Sig {
        let mut flat = self.outside.flat_all(params);
        if flat.len() > MAX_PARAMS {
            flat = vec![Val::I32];
        }
        let mut results = result.map_or(Vec::new(), |ty| self.outside.flat(ty).to_vec());
        if results.len() > 1 {
            flat.push(Val::I32);
            results = Vec::new();
        }
        Sig { params: flat, results }
    }

    /// The exported function. `passing` says which parameters the called function owns.
    pub fn export_adapter(&self, export: &ExportFn<'db>, passing: &[Passing]) -> Func<'db> {
        let flat = self.outside.flat_all(&export.params);
        let in_memory = flat.len() > MAX_PARAMS;
        let result = export.result.map_or(Vec::new(), |ty| self.inside.reprs.flat(ty).to_vec());
        let crossing = export.result.map_or(Vec::new(), |ty| self.outside.flat(ty).to_vec());
        let indirect = crossing.len() > 1;
        let params = if in_memory { vec![Val::I32] } else { flat };
        let results = if indirect { vec![Val::I32] } else { crossing };
        let mut b = Builder::new(export.name.clone(), &params, &results);
        let mut given = b.params();
        if in_memory {
            let layout = self.outside.record(&export.params, 0);
            let at = given[0];
            given = self.outside.load_parts(&mut b, &export.params, &layout.offsets, at, 0);
            self.free_canonical(&mut b, at);
        }
        let receiver = export.receiver.zip(export.params.first().copied());
        let (mut args, mut changed) = (Vec::new(), Vec::new());
        let (mut owned, mut rest) = (export.params.as_slice(), given.as_slice());
        if let (Some((receiver, ty)), Some(passing)) = (receiver, passing.first()) {
            args = self.receive(&mut b, ty, given[0], (receiver, *passing));
            (owned, rest) = (&owned[1..], &rest[1..]);
            if receiver == Receiver::Changed {
                changed = self.inside.reprs.flat(ty).to_vec();
            }
        }
        let first = export.params.len() - owned.len();
        let lent = export.lent.get(first..).unwrap_or_default();
        args.extend(self.enter_all(&mut b, owned, lent, rest));
        let results_inside = [result.as_slice(), &changed].concat();
        let mut value = b.call(Symbol::Instance(export.instance), &args, &results_inside, None);
        let new_self = value.split_off(result.len());
        let mut rest = args.as_slice();
        for (ty, passing) in export.params.iter().zip(passing) {
            let (mine, others) = rest.split_at(self.inside.reprs.flat(*ty).len());
            let is_lent = receiver == Some((Receiver::Lent, *ty)) && rest.len() == args.len();
            if *passing == Passing::Borrowed && !is_lent {
                self.inside.drop(&mut b, *ty, mine);
            }
            rest = others;
        }
        if let Some((Receiver::Changed, ty)) = receiver {
            self.inside.reprs.store(&mut b, ty, given[0], 0, &new_self);
        }
        if let Some(ty) = export.result {
            value = self.leave(&mut b, ty, &value);
            if indirect {
                let area = b.address(Address::ReturnArea(self.outside.layout(ty).size));
                self.outside.store(&mut b, ty, area, 0, &value);
                value = vec![area];
            }
        }
        self.drop_taken(&mut b, owned);
        self.end_of_call(&mut b);
        b.ret(&value);
        b.finish()
    }

    fn enter_all(&self, b: &mut Builder<'db>, tys: &[Ty<'db>], lent: &[Lend], values: &[Reg]) -> Vec<Reg> {
        let mut rest = values;
        let mut args = Vec::new();
        for (n, ty) in tys.iter().enumerate() {
            let (mine, others) = rest.split_at(self.outside.flat(*ty).len());
            args.extend(self.enter_lent(b, *ty, lent.get(n).unwrap_or(&Lend::Nothing), mine));
            rest = others;
        }
        args
    }

    /// Memory that only carried parameters.
    fn free_canonical(&self, b: &mut Builder<'db>, payload: Reg) {
        if self.inside.options.memory == Memory::Counted {
            b.runtime(RuntimeFn::Release, &[payload]);
        }
    }

    /// In an arena, everything ends with the call: the host reads the results before anything else runs here.
    fn end_of_call(&self, b: &mut Builder<'db>) {
        if self.inside.options.memory == Memory::Arena {
            let base = b.address(Address::HeapBase);
            b.set_global(Global::Runtime(0), base);
        }
    }

    /// What runs when the host has read the results, if they hold memory: takes what the export returned.
    pub fn post_return(&self, export: &ExportFn<'db>) -> Option<Func<'db>> {
        let ty = export.result?;
        let direct = self.outside.flat(ty).len() <= 1;
        if self.inside.options.memory == Memory::Arena || self.inside.is_plain(ty) || direct {
            return None;
        }
        let mut b = Builder::new(format!("cabi_post_{}", export.name), &[Val::I32], &[]);
        let area = b.params()[0];
        let value = self.outside.load(&mut b, ty, area, 0);
        // The host owns the handles in it by now.
        self.settle(&mut b, ty, &Lend::Nothing, &value);
        b.ret(&[]);
        Some(b.finish())
    }

    /// An imported function with values as this crate represents them; none when the canonical ABI's function is
    /// just that.
    pub fn import_adapter(&self, import: &ImportFn<'db>) -> Option<Func<'db>> {
        let flat = self.inside.reprs.flat_all(&import.params);
        let results = import.result.map_or(Vec::new(), |ty| self.inside.reprs.flat(ty).to_vec());
        let core = self.canonical_sig(&import.params, import.result);
        let same = import.params.iter().chain(&import.result).all(|ty| self.is_same(*ty));
        let settles = (0..import.params.len()).any(|n| self.settles(import, n));
        if same && !settles && core.params == flat && core.results == results {
            return None;
        }
        let mut b = Builder::new(format!("import {}", import.field), &flat, &results);
        let given = b.params();
        let lent = self.lend(&mut b, import, &given);
        let crossing = import.result.map_or(0, |ty| self.outside.flat(ty).len());
        let layout = self.outside.record(&import.params, 0);
        let in_memory = lent.len() > MAX_PARAMS;
        let at = if in_memory { align_to(layout.layout.size, 8) } else { 0 };
        let back = import.result.filter(|_| crossing > 1);
        let size = at + back.map_or(0, |ty| self.outside.layout(ty).size);
        let mut args = lent.clone();
        let area = b.address(Address::ReturnArea(size));
        if in_memory {
            self.outside.store_parts(&mut b, &import.params, &layout.offsets, (area, 0), &lent);
            args = vec![area];
        }
        if back.is_some() {
            args.push(b.offset(area, at.cast_signed()));
        }
        let mut value = b.call(Symbol::CoreImport(import.item), &args, &core.results, None);
        if let Some(ty) = back {
            value = self.outside.load(&mut b, ty, area, at);
        }
        self.take_back(&mut b, import, &lent);
        if let Some(ty) = import.result {
            value = self.enter(&mut b, ty, &value);
        }
        b.ret(&value);
        Some(b.finish())
    }

    /// Whether an argument is consumed by an imported function: it holds handles that are given away.
    fn is_given(&self, import: &ImportFn<'db>, n: usize) -> bool {
        import.lends.get(n) != Some(&true) && self.inside.reprs.program().has_handles(import.params[n])
    }

    /// Whether something is left of an argument after the call: memory that held handles, or handles that were lent.
    fn settles(&self, import: &ImportFn<'db>, n: usize) -> bool {
        let lend = import.lent.get(n).unwrap_or(&Lend::Nothing);
        self.is_given(import, n) && self.leaves_something(import.params[n], lend)
    }

    /// Arguments for a host, which only looks at data: those that cross in another form are copies, but for what is
    /// given away.
    fn lend(&self, b: &mut Builder<'db>, import: &ImportFn<'db>, values: &[Reg]) -> Vec<Reg> {
        let mut lent = Vec::new();
        let mut n = 0;
        self.inside.each(b, &import.params, values, &mut |b, ty, value| {
            if self.is_same(ty) {
                lent.extend(value);
            } else {
                if !self.is_given(import, n) {
                    self.inside.dup(b, ty, value);
                }
                lent.extend(self.leave(b, ty, value));
            }
            n += 1;
        });
        lent
    }

    /// Lets go what the call has left of the arguments: copies, memory that held handles, handles that were lent.
    fn take_back(&self, b: &mut Builder<'db>, import: &ImportFn<'db>, lent: &[Reg]) {
        let mut rest = lent;
        for (n, ty) in import.params.iter().enumerate() {
            let (mine, others) = rest.split_at(self.outside.flat(*ty).len());
            if self.is_given(import, n) {
                self.settle(b, *ty, import.lent.get(n).unwrap_or(&Lend::Nothing), mine);
            } else if !self.is_same(*ty) {
                self.settle(b, *ty, &Lend::Nothing, mine);
            }
            rest = others;
        }
    }
}
