//! Values at a trap.
//!
//! The table says which wasm locals held the operands. Ordinary code keeps no such thing readable: it is
//! wasmtime's guest debugging that stores each local where it can be found, at several times the cost. So a
//! program runs at full speed, and when it has trapped and could not have acted on the world, it runs *once
//! more*, compiled for reading: components are deterministic, so it traps at the same instruction. A program
//! with imports can only be read on an engine with [`crate::EngineOptions::read_values`].

use std::collections::BTreeMap;
use std::future::{Future, ready};
use std::sync::{Arc, Mutex};

use wasmtime::component::Val as ComponentVal;
use wasmtime::{AsContextMut, DebugEvent, DebugHandler, FrameHandle, StoreContextMut, Val};

use crate::print::literal;
use crate::sections::Code;
use crate::trap_table::{CALL, TrapSite, fill_message};
use crate::ty::Ty;
use crate::wasi::State;

/// What was read when the guest trapped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reading {
    /// Names and values as Dot prints them, in the table's order.
    pub(crate) values: Vec<(String, String)>,
    /// The message with the values in it.
    pub(crate) message: String,
}

/// Listens for a trap and reads the locals that the table names.
#[derive(Clone)]
pub(crate) struct Reader {
    code: Arc<Code>,
    reading: Arc<Mutex<Option<Reading>>>,
}

impl Reader {
    pub(crate) fn new(code: Arc<Code>) -> Reader {
        Reader { code, reading: Arc::default() }
    }

    /// What was read, if anything was.
    pub(crate) fn take(&self) -> Option<Reading> {
        self.reading.lock().ok()?.take()
    }

    fn read(&self, store: &mut StoreContextMut<'_, State>) -> Option<Reading> {
        let frame = store.as_context_mut().debug_exit_frames().next()?;
        let (func, pc) = frame.wasm_function_index_and_pc(&mut *store).ok()??;
        let place = self.code.at_module_offset(func.as_u32(), u64::from(pc.raw()))?;
        let (site, _) = place
            .sites()
            .chain(place.sites_behind())
            .find(|(site, _)| site.kind != CALL && !site.values.is_empty())?;
        let values = read_locals(site, &frame, store);
        let by_name: BTreeMap<String, String> = values.iter().cloned().collect();
        Some(Reading { message: fill_message(&site.message, &by_name), values })
    }
}

impl DebugHandler for Reader {
    type Data = State;

    fn handle(
        &self,
        mut store: StoreContextMut<'_, State>,
        event: DebugEvent<'_>,
    ) -> impl Future<Output = ()> + Send {
        if matches!(event, DebugEvent::Trap(_))
            && let Some(reading) = self.read(&mut store)
            && let Ok(mut slot) = self.reading.lock()
        {
            *slot = Some(reading);
        }
        ready(())
    }
}

fn read_locals(
    site: &TrapSite,
    frame: &FrameHandle,
    store: &mut StoreContextMut<'_, State>,
) -> Vec<(String, String)> {
    let count = frame.num_locals(&mut *store).unwrap_or(0);
    let mut values = Vec::new();
    for wanted in &site.values {
        // The table may come from anyone, and reading a local that isn't there would panic.
        if wanted.local < count
            && let Ok(local) = frame.local(&mut *store, wanted.local)
            && let Some(text) = show(&local, &wanted.ty)
        {
            values.push((wanted.name.clone(), text));
        }
    }
    values
}

/// A wasm value as a Dot value of the named type. Narrow integers are held in the low bits of an `i32`.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the low bits are the value")]
fn show(value: &Val, ty: &str) -> Option<String> {
    let (value, ty) = match (value, ty) {
        (Val::I32(n), "bool") => (ComponentVal::Bool(*n != 0), Ty::Bool),
        (Val::I32(n), "s8") => (ComponentVal::S8(*n as i8), Ty::S8),
        (Val::I32(n), "u8") => (ComponentVal::U8(*n as u8), Ty::U8),
        (Val::I32(n), "s16") => (ComponentVal::S16(*n as i16), Ty::S16),
        (Val::I32(n), "u16") => (ComponentVal::U16(*n as u16), Ty::U16),
        (Val::I32(n), "s32") => (ComponentVal::S32(*n), Ty::S32),
        (Val::I32(n), "u32") => (ComponentVal::U32(*n as u32), Ty::U32),
        (Val::I64(n), "s64") => (ComponentVal::S64(*n), Ty::S64),
        (Val::I64(n), "u64") => (ComponentVal::U64(*n as u64), Ty::U64),
        (Val::F32(bits), "f32") => (ComponentVal::Float32(f32::from_bits(*bits)), Ty::F32),
        (Val::F64(bits), "f64") => (ComponentVal::Float64(f64::from_bits(*bits)), Ty::F64),
        (Val::I32(n), "char") => (ComponentVal::Char(char::from_u32(*n as u32)?), Ty::Char),
        _ => return None,
    };
    Some(literal(&value, &ty))
}
