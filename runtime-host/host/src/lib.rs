//! The sandbox: a thin wasmtime host for components, whoever made them.
