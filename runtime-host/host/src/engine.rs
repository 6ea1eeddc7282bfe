//! The engine: wasmtime with a deliberate set of features.
//!
//! What is on, and why:
//!
//! * the component model with its async ABI, as wasmtime has it by default, and fixed-length lists, which a package
//!   asks for by name; nothing else that the default leaves off (`map`, threads, 64-bit memories), so that what runs
//!   here runs elsewhere;
//! * canonical NaNs and deterministic relaxed SIMD: the same component gives the same result on every machine;
//! * DWARF in backtraces, whatever the environment says;
//! * a stack of [`WASM_STACK`] bytes: Dot counts the depth of calls itself and stops at 4,096 of them, so the
//!   machine's stack must not run out first.
//!
//! Instances are allocated on demand. A server that instantiates per request wants wasmtime's pooling
//! allocator; it is compiled in, and [`config`] is the place to choose it.

use std::num::NonZeroUsize;
use std::time::Duration;

use wasmtime::{Config, OptLevel, RegallocAlgorithm, WasmBacktraceDetails};

use crate::failure::Failure;

/// Stack for guest code: 4,096 nested calls with frames of 8 KiB each.
pub const WASM_STACK: usize = 32 << 20;

/// What a host function may use of the stack on top of [`WASM_STACK`].
const HOST_STACK: usize = 2 << 20;

/// Frames kept in a backtrace.
const BACKTRACE_FRAMES: NonZeroUsize = NonZeroUsize::MIN.saturating_add(63);

/// How often the clock that stops running guests ticks.
pub(crate) const TICK: Duration = Duration::from_millis(5);

/// How the guest's use of the processor is bounded. It is compiled into the code: each has a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Metering {
    /// Not at all: full speed. A guest that loops for ever is stopped only from outside the process.
    None,
    /// By time, checked at loops and calls. Needed by [`crate::Limits::timeout`].
    #[default]
    Time,
    /// By a count of instructions, the same on every machine. Needed by [`crate::Limits::fuel`].
    Fuel,
}

/// How an engine is set up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EngineOptions {
    /// How the guest's use of the processor is bounded.
    pub metering: Metering,
    /// Compile so that values can be read when a guest traps. The code is several times slower.
    pub read_values: bool,
    /// Compile at once rather than well, and tell of a trap without the values that led to it: for whoever loads much
    /// and runs little, as tests do.
    pub quick: bool,
}

impl EngineOptions {
    /// Full speed: no metering, no reading. What `dot run` uses where no limit is asked for, and so what native
    /// code for it is compiled with.
    pub const UNMETERED: EngineOptions =
        EngineOptions { metering: Metering::None, read_values: false, quick: false };

    /// For loading many programs and running each for a moment.
    pub const QUICK: EngineOptions =
        EngineOptions { metering: Metering::Time, read_values: false, quick: true };
}

/// A compiler and its settings; cheap to clone.
#[derive(Clone)]
pub struct Engine {
    pub(crate) inner: wasmtime::Engine,
    pub(crate) options: EngineOptions,
}

impl Engine {
    /// Sets up an engine.
    pub fn new(options: EngineOptions) -> Result<Engine, Failure> {
        let inner = wasmtime::Engine::new(&config(options))
            .map_err(|e| Failure::Host(format!("the engine can't be set up: {e:#}")))?;
        if options.metering == Metering::Time {
            start_clock(&inner)?;
        }
        Ok(Engine { inner, options })
    }
}

/// The configuration behind [`Engine::new`].
fn config(options: EngineOptions) -> Config {
    let mut config = Config::new();
    config
        .wasm_component_model(true)
        .wasm_component_model_async(true)
        .wasm_component_model_fixed_length_lists(true)
        .wasm_memory64(false)
        .relaxed_simd_deterministic(true)
        .cranelift_nan_canonicalization(true)
        .cranelift_opt_level(OptLevel::Speed)
        .generate_address_map(true)
        .wasm_backtrace_details(WasmBacktraceDetails::Enable)
        .wasm_backtrace_max_frames(Some(BACKTRACE_FRAMES))
        .max_wasm_stack(WASM_STACK)
        .async_stack_size(WASM_STACK + HOST_STACK)
        .epoch_interruption(options.metering == Metering::Time)
        .consume_fuel(options.metering == Metering::Fuel);
    if options.read_values {
        config.guest_debug(true);
    }
    if options.quick {
        config
            .cranelift_opt_level(OptLevel::None)
            .cranelift_regalloc_algorithm(RegallocAlgorithm::SinglePass)
            .wasm_backtrace_details(WasmBacktraceDetails::Disable);
    }
    config
}

/// Advances the engine's epoch for as long as the engine lives.
fn start_clock(engine: &wasmtime::Engine) -> Result<(), Failure> {
    let weak = engine.weak();
    let tick = move || {
        while let Some(engine) = weak.upgrade() {
            engine.increment_epoch();
            drop(engine);
            std::thread::sleep(TICK);
        }
    };
    std::thread::Builder::new()
        .name("dot-clock".to_string())
        .spawn(tick)
        .map(drop)
        .map_err(|e| Failure::Host(format!("the clock's thread can't be started: {e}")))
}
