//! Core module to component: WIT, canonical ABI, metadata.
