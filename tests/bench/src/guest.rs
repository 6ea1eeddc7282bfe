//! A component that exports `run`, ready to be run in a fresh instance.
//!
//! The engine is wasmtime as it comes, without the host's metering: what is compared is the code.

use crate::clock::{Took, time};
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, ComponentExportIndex, InstancePre, Linker};
use wasmtime::{Config, Engine, OptLevel, ResourceLimiter, Store};

/// The engine that all components run in.
///
/// # Errors
///
/// When wasmtime can't be set up on this machine.
pub fn engine() -> wasmtime::Result<Engine> {
    let mut config = Config::new();
    config.cranelift_opt_level(OptLevel::Speed).max_wasm_stack(32 << 20).async_stack_size(34 << 20);
    Engine::new(&config)
}

/// A component, compiled.
pub struct Guest {
    pre: InstancePre<Peak>,
    run: ComponentExportIndex,
}

/// What one call gave.
#[derive(Clone, Copy, Debug)]
pub struct Ran {
    /// The checksum.
    pub checksum: u64,
    /// The call alone, without the instance.
    pub took: Took,
    /// The most bytes that its linear memories had.
    pub memory: usize,
}

/// Notes how large memory grew.
#[derive(Default)]
struct Peak(usize);

impl ResourceLimiter for Peak {
    fn memory_growing(&mut self, _: usize, wanted: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        self.0 = self.0.max(wanted);
        Ok(true)
    }

    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        Ok(true)
    }
}

impl Guest {
    /// Compiles a component that imports nothing.
    ///
    /// # Errors
    ///
    /// When it is not such a component, or doesn't export `run`, in whatever interface.
    pub fn new(engine: &Engine, bytes: &[u8]) -> wasmtime::Result<Self> {
        let component = Component::from_binary(engine, bytes)?;
        let run = find_run(engine, &component)
            .ok_or_else(|| wasmtime::Error::msg("the component exports no function `run`"))?;
        Ok(Self { pre: Linker::new(engine).instantiate_pre(&component)?, run })
    }

    /// Calls `run(n)` in a fresh instance.
    ///
    /// # Errors
    ///
    /// When it traps, or `run` has another type.
    pub fn run(&self, n: u32) -> wasmtime::Result<Ran> {
        let mut store = Store::new(self.pre.engine(), Peak::default());
        store.limiter(|peak| peak);
        let instance = self.pre.instantiate(&mut store)?;
        let function = instance.get_typed_func::<(u32,), (u64,)>(&mut store, self.run)?;
        let (checksum, took) = time(|| function.call(&mut store, (n,)));
        Ok(Ran { checksum: checksum?.0, took, memory: store.data().0 })
    }
}

/// `run` at the level of the world, or in the first interface that has it.
fn find_run(engine: &Engine, component: &Component) -> Option<ComponentExportIndex> {
    if let Some((ComponentItem::ComponentFunc(_), index)) = component.get_export(None, "run") {
        return Some(index);
    }
    let ty = component.component_type();
    ty.exports(engine).find_map(|(name, item)| {
        let ComponentItem::ComponentInstance(_) = item.ty else { return None };
        let (_, interface) = component.get_export(None, name)?;
        Some(component.get_export(Some(&interface), "run")?.1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// For the `n` of the table's checksums; what the kernels' Rust versions print.
    const CHECKSUMS: [(&str, u32, u64); 10] = [
        ("fib", 20, 0x1a6d),
        ("nbody", 1000, 0xffff_ffff_f5eb_ed8b),
        ("spectral_norm", 100, 0x4bf3_0dd7),
        ("mandelbrot", 100, 0x91b6_5d59_90fb_a210),
        ("sha256", 10, 0x95ca_f1c3_1bf9_f049),
        ("sort", 1000, 0xbb16_65ee_cfb3_1c0a),
        ("binary_trees", 8, 0x46e2_7d4e),
        ("word_count", 2000, 0x42a5_b535_fee9_c754),
        ("interp", 20, 0xced8_279b_783c_8373),
        ("json", 20, 0x3286_be96_ebef_cdff),
    ];

    #[test]
    fn kernels_give_the_checksums_of_their_peers() {
        let engine = engine().expect("an engine");
        for (name, n, expected) in CHECKSUMS {
            let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("kernels").join(format!("{name}.dot"));
            let component = crate::build::release(&source).unwrap_or_else(|why| panic!("{name}: {why}"));
            let guest = Guest::new(&engine, &component).unwrap_or_else(|why| panic!("{name}: {why:?}"));
            let ran = guest.run(n).unwrap_or_else(|why| panic!("{name}: {why:?}"));
            assert_eq!(ran.checksum, expected, "{name}: {:016x}", ran.checksum);
        }
    }
}
