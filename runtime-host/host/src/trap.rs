//! From wasmtime's errors to failures that speak of the source.
//!
//! A trap arrives as a code (`unreachable`, `integer overflow`, …) and a list of frames, each an offset in the
//! component. `dot-traps` knows the reason of the innermost one. Where it has no entry (another language's
//! component, a stripped one) wasm's own reason has to do.

use wasmtime::{FrameInfo, Trap as TrapCode, WasmBacktrace};
use wasmtime_wasi::I32Exit;

use crate::failure::{Failure, Frame, Resource, ResourceKind, Span, Trap};
use crate::sections::{Code, Place};
use crate::trap_table::{CALL, TrapSite};

/// Explains the error of a call.
pub(crate) fn explain(error: &wasmtime::Error, code: &Code, refused_memory: bool) -> Failure {
    if let Some(exit) = error.downcast_ref::<I32Exit>() {
        return Failure::Exit(exit.0);
    }
    let frames = error.downcast_ref::<WasmBacktrace>().map_or(&[][..], WasmBacktrace::frames);
    let backtrace = frames.iter().flat_map(|f| describe(f, code)).collect();
    let trap = error.downcast_ref::<TrapCode>().copied();
    if let Some(kind) = trap.and_then(resource_of) {
        return resource(kind, resource_message(kind).to_string(), backtrace);
    }
    let place = frames.first().and_then(|f| place_of(f, code));
    if let Some((site, file)) = place.and_then(|p| site_of(p, trap)) {
        return from_site(site, file, backtrace);
    }
    if refused_memory {
        return resource(ResourceKind::Memory, resource_message(ResourceKind::Memory).to_string(), backtrace);
    }
    match trap {
        Some(trap) => Failure::Trap(Box::new(Trap {
            kind: kind_of(trap).to_string(),
            message: message_of(trap),
            backtrace,
            ..Trap::default()
        })),
        None => without_trap(error, backtrace),
    }
}

/// An error that is not a trap of wasm: the host refused what the guest handed it, or could not start it.
fn without_trap(error: &wasmtime::Error, backtrace: Vec<Frame>) -> Failure {
    let root = error.root_cause().to_string();
    if root.contains("fuel allocated for hostcalls") {
        let message = "the program handed more data to the host than it may".to_string();
        return resource(ResourceKind::Memory, message, backtrace);
    }
    if backtrace.is_empty() {
        return Failure::Host(format!("{error:#}"));
    }
    Failure::Trap(Box::new(Trap {
        kind: "host-call".to_string(),
        message: root,
        backtrace,
        ..Trap::default()
    }))
}

fn resource(kind: ResourceKind, message: String, backtrace: Vec<Frame>) -> Failure {
    Failure::Resource(Box::new(Resource { kind, message, backtrace }))
}

fn resource_of(trap: TrapCode) -> Option<ResourceKind> {
    match trap {
        TrapCode::StackOverflow => Some(ResourceKind::Depth),
        TrapCode::OutOfFuel => Some(ResourceKind::Fuel),
        TrapCode::Interrupt => Some(ResourceKind::Timeout),
        TrapCode::AllocationTooLarge => Some(ResourceKind::Memory),
        _ => None,
    }
}

/// What is said of a resource failure that has no message of its own.
pub(crate) fn resource_message(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Memory => "the program needs more memory than it may have",
        ResourceKind::Fuel => "the program needs more instructions than it may run",
        ResourceKind::Timeout => "the program needs more time than it may take",
        ResourceKind::Depth => "calls are nested too deeply",
    }
}

/// The stable kind of a trap that no table explains.
fn kind_of(trap: TrapCode) -> &'static str {
    match trap {
        TrapCode::IntegerOverflow => "overflow",
        TrapCode::IntegerDivisionByZero => "divide-by-zero",
        TrapCode::BadConversionToInteger => "conversion",
        TrapCode::UnreachableCodeReached => "unreachable",
        TrapCode::MemoryOutOfBounds | TrapCode::HeapMisaligned => "memory-access",
        TrapCode::TableOutOfBounds | TrapCode::IndirectCallToNull | TrapCode::BadSignature => "indirect-call",
        _ => "abi",
    }
}

fn message_of(trap: TrapCode) -> String {
    match trap {
        TrapCode::IntegerOverflow => "the result of integer arithmetic doesn't fit its type".to_string(),
        TrapCode::IntegerDivisionByZero => "an integer was divided by zero".to_string(),
        TrapCode::BadConversionToInteger => "a float has no value of the integer type".to_string(),
        TrapCode::UnreachableCodeReached => "the program gave up without saying why".to_string(),
        other => other.to_string(),
    }
}

/// The table's entry for the instruction that trapped. An instruction can have two reasons (a division: by
/// zero, or overflow) and then has two entries; the machine knows which it was. An `unreachable` may be reported
/// at the branch that leads to it: see [`crate::follow`].
pub(crate) fn site_of(place: Place<'_>, trap: Option<TrapCode>) -> Option<(&TrapSite, &str)> {
    let kind = trap.map(kind_of);
    let is_trap = |(site, _): &(&TrapSite, &str)| site.kind != CALL;
    let exact = place.sites().find(|(site, _)| Some(site.kind.as_str()) == kind);
    let here = exact.or_else(|| place.sites().find(is_trap));
    if here.is_some() || trap != Some(TrapCode::UnreachableCodeReached) {
        return here;
    }
    place.sites_behind().find(is_trap)
}

/// The failure that a table's entry describes. Values are not known yet: the message keeps their names.
fn from_site(site: &TrapSite, file: &str, mut backtrace: Vec<Frame>) -> Failure {
    if let Some(innermost) = backtrace.first_mut() {
        innermost.place = Some((file.to_string(), site.line, site.column));
    }
    let message = crate::trap_table::fill_message(&site.message, &Default::default());
    if let Some(kind) = ResourceKind::from_name(&site.kind) {
        let message = if message.is_empty() { resource_message(kind).to_string() } else { message };
        return resource(kind, message, backtrace);
    }
    let span = Span {
        file: file.to_string(),
        line: site.line,
        column: site.column,
        end_line: site.end_line.unwrap_or(site.line),
        end_column: site.end_column,
    };
    let kind = site.kind.clone();
    Failure::Trap(Box::new(Trap { kind, message, span: Some(span), values: Vec::new(), backtrace }))
}

fn place_of<'a>(frame: &FrameInfo, code: &'a Code) -> Option<Place<'a>> {
    code.at_component_offset(u64::try_from(frame.module_offset()?).ok()?)
}

/// A frame of wasm is one of the source, or several where functions were inlined and DWARF says so.
fn describe(frame: &FrameInfo, code: &Code) -> Vec<Frame> {
    let known = place_of(frame, code).and_then(|p| p.sites().next());
    let place = known.map(|(site, file)| (file.to_string(), site.line, site.column));
    let own_name = || match frame.func_name() {
        Some(name) => name.to_string(),
        None => format!("<function {}>", frame.func_index()),
    };
    if frame.symbols().is_empty() {
        return vec![Frame { function: own_name(), place }];
    }
    let describe = |(i, symbol): (usize, &wasmtime::FrameSymbol)| {
        let dwarf =
            symbol.file().zip(symbol.line()).map(|(f, l)| (f.to_string(), l, symbol.column().unwrap_or(1)));
        Frame {
            function: symbol.name().map_or_else(own_name, str::to_string),
            // The table's place is the innermost one's.
            place: if i == 0 { place.clone().or(dwarf) } else { dwarf },
        }
    };
    frame.symbols().iter().enumerate().map(describe).collect()
}
