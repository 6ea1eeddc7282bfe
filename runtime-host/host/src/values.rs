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
use wasmtime::{AsContextMut, DebugEvent, DebugHandler, FrameHandle, StoreContextMut, Trap as TrapCode, Val};

use crate::print::{literal, show};
use crate::sections::Code;
use crate::trap::site_of;
use crate::trap_table::{TrapSite, fill_message};
use crate::ty::Ty;
use crate::wasi::State;

/// The name of the value that is a computed message. It is not told a second time among the values.
const MESSAGE: &str = "message";

/// Bytes of a text that are shown.
const LONGEST_TEXT: usize = 4_096;

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

    fn read(&self, trap: TrapCode, store: &mut StoreContextMut<'_, State>) -> Option<Reading> {
        let frame = store.as_context_mut().debug_exit_frames().next()?;
        let (func, pc) = frame.wasm_function_index_and_pc(&mut *store).ok()??;
        let place = self.code.at_module_offset(func.as_u32(), u64::from(pc.raw()))?;
        let (site, _) = site_of(place, Some(trap))?;
        if site.values.is_empty() {
            return None;
        }
        let values = read_values(site, &frame, store);
        // In the message a string stands as in an interpolation, beside it as a literal.
        let shown = values.iter().map(|(name, value, ty)| (name.clone(), show(value, ty)));
        let message = fill_message(&site.message, &shown.collect::<BTreeMap<String, String>>());
        let literals = values.iter().filter(|(name, ..)| name != MESSAGE);
        let values = literals.map(|(name, value, ty)| (name.clone(), literal(value, ty))).collect();
        Some(Reading { values, message })
    }
}

impl DebugHandler for Reader {
    type Data = State;

    fn handle(
        &self,
        mut store: StoreContextMut<'_, State>,
        event: DebugEvent<'_>,
    ) -> impl Future<Output = ()> + Send {
        if let DebugEvent::Trap(trap) = event
            && let Some(reading) = self.read(trap, &mut store)
            && let Ok(mut slot) = self.reading.lock()
        {
            *slot = Some(reading);
        }
        ready(())
    }
}

/// The values that the table names, as far as they can be read. The table may come from anyone: reading a local
/// that isn't there would panic, and an address can be any number.
fn read_values(
    site: &TrapSite,
    frame: &FrameHandle,
    store: &mut StoreContextMut<'_, State>,
) -> Vec<(String, ComponentVal, Ty)> {
    let mut values = Vec::new();
    for wanted in &site.values {
        let Some(value) = read_local(frame, store, wanted.local) else { continue };
        let read = match wanted.length {
            Some(length) if wanted.ty == "string" => match (value, read_local(frame, store, length)) {
                (Val::I32(address), Some(Val::I32(length))) => text(frame, store, address, length),
                _ => None,
            },
            _ => number(&value, &wanted.ty),
        };
        values.extend(read.map(|(value, ty)| (wanted.name.clone(), value, ty)));
    }
    values
}

fn read_local(frame: &FrameHandle, store: &mut StoreContextMut<'_, State>, index: u32) -> Option<Val> {
    let count = frame.num_locals(&mut *store).ok()?;
    if index < count { frame.local(&mut *store, index).ok() } else { None }
}

/// Bytes of the guest's first memory, as text; only the start of a long one.
#[allow(clippy::cast_sign_loss, reason = "an address is an unsigned number in an i32")]
fn text(
    frame: &FrameHandle,
    store: &mut StoreContextMut<'_, State>,
    address: i32,
    length: i32,
) -> Option<(ComponentVal, Ty)> {
    let memory = frame.instance(&mut *store).ok()?.debug_memory(&mut *store, 0)?;
    let start = usize::try_from(address as u32).ok()?;
    let length = usize::try_from(length as u32).ok()?;
    let bytes = memory.data(&*store).get(start..)?.get(..length)?;
    let shown = bytes.get(..length.min(LONGEST_TEXT))?;
    let mut text = String::from_utf8_lossy(shown).into_owned();
    if length > LONGEST_TEXT {
        text.push('…');
    }
    Some((ComponentVal::String(text), Ty::String))
}

/// A wasm value as a Dot value of the named type. Narrow integers are held in the low bits of an `i32`.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the low bits are the value")]
fn number(value: &Val, ty: &str) -> Option<(ComponentVal, Ty)> {
    Some(match (value, ty) {
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
    })
}
