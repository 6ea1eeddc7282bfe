//! Resources of the package's own: values inside, handles outside.
//!
//! A handle's representation, the number that the component model keeps for it, is the address of a *cell*: a payload
//! with the value, and behind it three words, its links.
//!
//! ```text
//! a value goes out     it is stored in a new cell, and `resource.new` makes a handle of that
//! a method is called   the host passes the cell; an `inout self` is stored back
//! a handle comes in    it is owned: the function gets a copy of the value. The handle is put on a chain of those that
//!                      came in, through the cells' links, and dropped when the call ends
//! a handle is dropped  the destructor calls the program's `drop` with the value, and frees the cell
//! ```
//!
//! So `drop` runs once for each handle that there ever was.

use crate::crossing::Crossing;
use crate::lir::{Builder, Func, Global, LoadOp, NumOp, Reg, ResourceFn, RuntimeFn, StoreOp, Symbol, Val};
use crate::repr::{Repr, align_to};
use dot_db::Item;
use dot_mir::ir::{Instance, Passing};
use dot_types::{Ty, own_resource};
use rustc_hash::FxHashSet;

/// How a method is given its `self`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receiver {
    /// As a value that it doesn't change.
    Lent,
    /// As a value that takes the old one's place when the call ends.
    Changed,
}

/// A resource that the module exports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportResource<'db> {
    /// The name of the destructor's export: `local:hello/hello#[dtor]counter`.
    pub destructor: String,
    /// The type of its values.
    pub ty: Ty<'db>,
    /// The program's `drop`, if it has one.
    pub drop: Option<Instance<'db>>,
}

/// The bytes behind a value: the next links of the chain, the handle, and which resource it is of.
const LINKS: u32 = 12;

impl<'db> Crossing<'_, '_, 'db> {
    /// Where the links stand in a cell.
    fn links(&self, ty: Ty<'db>) -> u32 {
        align_to(self.inside.reprs.layout(ty).size, 4)
    }

    fn resource_fn(&self, b: &mut Builder<'db>, function: ResourceFn, item: Item<'db>, arg: Reg) -> Reg {
        b.call(Symbol::Resource(function, item), &[arg], &[Val::I32], None)[0]
    }

    /// A handle that came in, which is dropped when the call ends: a copy of its value.
    pub(crate) fn take_handle(
        &self,
        b: &mut Builder<'db>,
        ty: Ty<'db>,
        item: Item<'db>,
        handle: Reg,
    ) -> Vec<Reg> {
        let cell = self.resource_fn(b, ResourceFn::Rep, item, handle);
        let value = self.inside.reprs.load(b, ty, cell, 0);
        self.inside.dup(b, ty, &value);
        let at = self.links(ty);
        let next = b.global(Global::Taken);
        b.store(StoreOp::I32, cell, at, next);
        b.store(StoreOp::I32, cell, at + 4, handle);
        let number = b.u32(self.number(item));
        b.store(StoreOp::I32, cell, at + 8, number);
        let links = b.offset(cell, at.cast_signed());
        b.set_global(Global::Taken, links);
        value
    }

    /// A handle that is only lent, which is its cell: a copy of its value.
    pub(crate) fn look_into(&self, b: &mut Builder<'db>, ty: Ty<'db>, cell: Reg) -> Vec<Reg> {
        let value = self.inside.reprs.load(b, ty, cell, 0);
        self.inside.dup(b, ty, &value);
        value
    }

    /// A value that goes out as a handle.
    pub(crate) fn make_handle(
        &self,
        b: &mut Builder<'db>,
        ty: Ty<'db>,
        item: Item<'db>,
        value: &[Reg],
    ) -> Vec<Reg> {
        let bytes = b.u32(self.links(ty) + LINKS);
        let cell = b.runtime(RuntimeFn::Alloc, &[bytes])[0];
        self.inside.reprs.store(b, ty, cell, 0, value);
        vec![self.resource_fn(b, ResourceFn::New, item, cell)]
    }

    /// The `self` of a method out of its cell.
    pub(crate) fn receive(
        &self,
        b: &mut Builder<'db>,
        ty: Ty<'db>,
        cell: Reg,
        (receiver, passing): (Receiver, Passing),
    ) -> Vec<Reg> {
        let value = self.inside.reprs.load(b, ty, cell, 0);
        if receiver == Receiver::Lent && passing == Passing::Owned {
            self.inside.dup(b, ty, &value);
        }
        value
    }

    /// The number of a resource among those of the module.
    fn number(&self, item: Item<'db>) -> u32 {
        let db = self.inside.reprs.program().db();
        let is_it = |resource: &ExportResource<'db>| own_resource(db, resource.ty) == Some(item);
        self.resources.iter().position(is_it).unwrap_or_default() as u32
    }

    /// The resources whose handles come in with values of these types.
    fn resources_in(&self, tys: &[Ty<'db>]) -> Vec<Item<'db>> {
        let reprs = self.inside.reprs;
        let (mut found, mut seen, mut todo) = (Vec::new(), FxHashSet::default(), tys.to_vec());
        while let Some(ty) = todo.pop() {
            if !seen.insert(ty) {
                continue;
            }
            if let Some(item) = own_resource(reprs.program().db(), ty) {
                if !found.contains(&item) {
                    found.push(item);
                }
                continue;
            }
            match &*self.outside.repr(ty) {
                Repr::List(item) => todo.extend(item),
                Repr::Record(fields) => todo.extend(fields),
                Repr::Variant(cases) => todo.extend(cases.iter().flatten()),
                Repr::Scalar(_) | Repr::Closure | Repr::Boxed | Repr::Handle => {}
            }
        }
        found
    }

    /// Drops the handles that came in with parameters of these types, the last first.
    pub(crate) fn drop_taken(&self, b: &mut Builder<'db>, tys: &[Ty<'db>]) {
        let resources = self.resources_in(tys);
        if resources.is_empty() {
            return;
        }
        let (head, body, done) = (b.block(&[]), b.block(&[]), b.block(&[]));
        b.jump(head, &[]);
        b.at(head);
        let links = b.global(Global::Taken);
        b.branch(links, (body, &[]), (done, &[]));
        b.at(body);
        let next = b.load(LoadOp::I32, links, 0);
        let handle = b.load(LoadOp::I32, links, 4);
        b.set_global(Global::Taken, next);
        let number = b.load(LoadOp::I32, links, 8);
        for item in resources {
            let own = b.u32(self.number(item));
            let is_it = b.num(NumOp::I32Eq, &[number, own]);
            b.when(is_it, |b| {
                b.call(Symbol::Resource(ResourceFn::Drop, item), &[handle], &[], None);
            });
        }
        b.jump(head, &[]);
        b.at(done);
    }

    /// What runs when a handle has been dropped. `passing` says whether the program's `drop` owns the value.
    pub(crate) fn destructor(&self, resource: &ExportResource<'db>, passing: Option<Passing>) -> Func<'db> {
        let mut b = Builder::new(resource.destructor.clone(), &[Val::I32], &[]);
        let cell = b.params()[0];
        let value = self.inside.reprs.load(&mut b, resource.ty, cell, 0);
        if let Some(drop) = resource.drop {
            b.call(Symbol::Instance(drop), &value, &[], None);
        }
        if passing != Some(Passing::Owned) {
            self.inside.drop(&mut b, resource.ty, &value);
        }
        b.runtime(RuntimeFn::Free, &[cell]);
        b.ret(&[]);
        b.finish()
    }
}
