//! The salsa database: inputs, source files, and parsing by item.
