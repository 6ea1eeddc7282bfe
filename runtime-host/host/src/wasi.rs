//! WASI 0.2 and 0.3 for a guest, as far as it was granted.

use wasmtime::component::{Linker, ResourceTable};
use wasmtime_wasi::{FsPerms, WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};

use crate::failure::Failure;
use crate::grants::Grants;
use crate::limits::Guard;

/// What a store holds for its guest.
pub(crate) struct State {
    pub(crate) guard: Guard,
    wasi: WasiCtx,
    table: ResourceTable,
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl State {
    pub(crate) fn new(guard: Guard, grants: &Grants, args: &[String]) -> Result<State, Failure> {
        Ok(State { guard, wasi: context(grants, args)?, table: ResourceTable::new() })
    }
}

/// Builds WASI's context. What is not granted stays as the builder leaves it: closed input, discarded output,
/// no variables, no arguments, no directories, no network.
fn context(grants: &Grants, args: &[String]) -> Result<WasiCtx, Failure> {
    let mut wasi = WasiCtxBuilder::new();
    if grants.has("stdin") {
        wasi.inherit_stdin();
    }
    if grants.has("stdout") {
        wasi.inherit_stdout();
    }
    if grants.has("stderr") {
        wasi.inherit_stderr();
    }
    if grants.has("env") {
        wasi.inherit_env();
    }
    if grants.has("args") {
        wasi.args(args);
    }
    if grants.has("net") {
        wasi.inherit_network().allow_ip_name_lookup(true);
    }
    for (grant, perms) in [("fs", FsPerms::ReadWrite), ("fs:ro", FsPerms::ReadOnly)] {
        for directory in grants.arguments(grant) {
            wasi.preopened_dir(directory, directory, perms)
                .map_err(|e| Failure::Arguments(vec![format!("--allow {grant}={directory}: {e:#}")]))?;
        }
    }
    Ok(wasi.build())
}

/// Links all of WASI. Which of it a guest may import was decided before: see [`crate::grants`].
pub(crate) fn link(linker: &mut Linker<State>) -> Result<(), Failure> {
    let failed = |e: wasmtime::Error| Failure::Host(format!("WASI can't be linked: {e:#}"));
    wasmtime_wasi::p2::add_to_linker_async(linker).map_err(failed)?;
    wasmtime_wasi::p3::add_to_linker(linker).map_err(failed)
}
