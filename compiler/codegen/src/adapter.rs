//! Between the canonical ABI and Dot functions: what a host calls, and what calls a host.
//!
//! Most types are represented as the canonical ABI flattens and lays them out (see [`crate::repr`]), so an adapter
//! has little to do: it loads parameters that came in memory, puts results of more than one core value into the
//! return area, and lets go what nobody owns any more.

use crate::counts::{Context, Memory};
use crate::lir::{Address, Builder, Func, Global, Reg, Symbol, Val};
use crate::repr::{Repr, align_to};
use dot_db::Item;
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
    /// The types of the parameters.
    pub params: Vec<Ty<'db>>,
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
    /// The type of the result.
    pub result: Option<Ty<'db>>,
}

impl<'db> Context<'_, '_, 'db> {
    /// The core types of an imported function's parameters and results, as the canonical ABI has them.
    pub fn canonical_sig(&self, params: &[Ty<'db>], result: Option<Ty<'db>>) -> crate::lir::Sig {
        let mut flat = self.reprs.flat_all(params);
        if flat.len() > MAX_PARAMS {
            flat = vec![Val::I32];
        }
        let mut results = result.map_or(Vec::new(), |ty| self.reprs.flat(ty).to_vec());
        if results.len() > 1 {
            flat.push(Val::I32);
            results = Vec::new();
        }
        crate::lir::Sig { params: flat, results }
    }

    /// The exported function. `passing` says which parameters the called function owns.
    pub fn export_adapter(&self, export: &ExportFn<'db>, passing: &[Passing]) -> Func<'db> {
        let reprs = self.reprs;
        let flat = reprs.flat_all(&export.params);
        let in_memory = flat.len() > MAX_PARAMS;
        let result = export.result.map_or(Vec::new(), |ty| reprs.flat(ty).to_vec());
        let indirect = result.len() > 1;
        let params = if in_memory { vec![Val::I32] } else { flat };
        let results = if indirect { vec![Val::I32] } else { result.clone() };
        let mut b = Builder::new(export.name.clone(), &params, &results);
        let given = b.params();
        let args = if in_memory {
            let layout = reprs.record(&export.params, 0);
            let args = reprs.load_parts(&mut b, &export.params, &layout.offsets, given[0], 0);
            self.free_canonical(&mut b, given[0]);
            args
        } else {
            given
        };
        let mut value = b.call(Symbol::Instance(export.instance), &args, &result, None);
        let mut rest = args.as_slice();
        for (ty, passing) in export.params.iter().zip(passing) {
            let (mine, others) = rest.split_at(reprs.flat(*ty).len());
            if *passing == Passing::Borrowed {
                self.drop(&mut b, *ty, mine);
            }
            rest = others;
        }
        if let Some(ty) = export.result.filter(|_| indirect) {
            let area = b.address(Address::ReturnArea(reprs.layout(ty).size));
            reprs.store(&mut b, ty, area, 0, &value);
            value = vec![area];
        }
        self.end_of_call(&mut b);
        b.ret(&value);
        b.finish()
    }

    /// Memory that only carried parameters.
    fn free_canonical(&self, b: &mut Builder<'db>, payload: Reg) {
        if self.options.memory == Memory::Counted {
            b.runtime(crate::lir::RuntimeFn::Release, &[payload]);
        }
    }

    /// In an arena, everything ends with the call: the host reads the results before anything else runs here.
    fn end_of_call(&self, b: &mut Builder<'db>) {
        if self.options.memory == Memory::Arena {
            let base = b.address(Address::HeapBase);
            b.set_global(Global::Runtime(0), base);
        }
    }

    /// What runs when the host has read the results, if they hold memory: takes what the export returned.
    pub fn post_return(&self, export: &ExportFn<'db>) -> Option<Func<'db>> {
        let ty = export.result?;
        let reprs = self.reprs;
        if self.options.memory == Memory::Arena || self.is_plain(ty) || reprs.flat(ty).len() <= 1 {
            return None;
        }
        let mut b = Builder::new(format!("cabi_post_{}", export.name), &[Val::I32], &[]);
        let area = b.params()[0];
        let value = reprs.load(&mut b, ty, area, 0);
        // The host owns the handles in it by now.
        Context { keeps_handles: true, ..*self }.drop(&mut b, ty, &value);
        b.ret(&[]);
        Some(b.finish())
    }

    /// An imported function with values as this crate represents them; none when the canonical ABI's function is
    /// just that.
    pub fn import_adapter(&self, import: &ImportFn<'db>) -> Option<Func<'db>> {
        let reprs = self.reprs;
        let flat = reprs.flat_all(&import.params);
        let results = import.result.map_or(Vec::new(), |ty| reprs.flat(ty).to_vec());
        let core = self.canonical_sig(&import.params, import.result);
        if core.params == flat && core.results == results {
            return None;
        }
        let mut b = Builder::new(format!("import {}", import.field), &flat, &results);
        let given = b.params();
        let mut size = 0;
        let mut args = given.clone();
        let layout = reprs.record(&import.params, 0);
        if flat.len() > MAX_PARAMS {
            size = layout.layout.size;
        }
        let at = align_to(size, 8);
        if let Some(ty) = import.result.filter(|_| results.len() > 1) {
            size = at + reprs.layout(ty).size;
        }
        let area = b.address(Address::ReturnArea(size));
        if flat.len() > MAX_PARAMS {
            reprs.store_parts(&mut b, &import.params, &layout.offsets, (area, 0), &given);
            args = vec![area];
        }
        let symbol = Symbol::CoreImport(import.item);
        if let Some(ty) = import.result.filter(|_| results.len() > 1) {
            let back = b.offset(area, at.cast_signed());
            args.push(back);
            b.call(symbol, &args, &[], None);
            let value = reprs.load(&mut b, ty, area, at);
            b.ret(&value);
        } else {
            let value = b.call(symbol, &args, &results, None);
            b.ret(&value);
        }
        Some(b.finish())
    }

    /// Whether values of a type are as the canonical ABI has them.
    pub fn is_canonical(&self, ty: Ty<'db>) -> bool {
        use dot_types::TyKind;
        match ty.kind(self.reprs.program().db()) {
            TyKind::Map(..) | TyKind::Set(_) | TyKind::FixedList(..) | TyKind::Fn(..) => return false,
            _ => {}
        }
        match &*self.reprs.repr(ty) {
            Repr::Boxed | Repr::Closure => false,
            Repr::Scalar(_) | Repr::Handle | Repr::List(None) => true,
            Repr::List(Some(item)) => self.is_canonical(*item),
            Repr::Record(fields) => fields.iter().all(|field| self.is_canonical(*field)),
            Repr::Variant(cases) => cases.iter().flatten().all(|part| self.is_canonical(*part)),
        }
    }
}
