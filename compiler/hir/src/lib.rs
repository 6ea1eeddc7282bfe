//! Items, names and bodies without types.
//!
//! What this layer must *not* know: types. It says what an item declares ([`ItemSignature`]), what its code is
//! ([`Body`]), and which item a name means; whether that makes sense is the next layer's business.
//!
//! Three things are kept apart for each item, since they change at different times: the signature, on which
//! other items depend; the bodies, on which nothing else does; and the source maps, which change with every
//! keystroke and are read only to show something.

pub mod attribute;
pub mod body;
mod builtin;
mod case;
mod check;
mod lower;
mod members;
#[allow(missing_docs, reason = "salsa's macros make functions without docs")]
mod mentions;
mod name;
mod query;
mod resolve;
mod scope;
#[allow(missing_docs, reason = "salsa's macros make functions without docs")]
mod shown;
pub mod signature;
pub mod suggest;
pub mod type_ref;
pub mod wit;

pub use body::{Body, BodySourceMap};
pub use builtin::{BUILTIN_TYPES, builtin_home, is_builtin_type};
pub use case::{CaseRef, case_names_in_scope, cases_named};
pub use check::{declared_span, item_diagnostics, module_diagnostics};
pub use members::{
    Owner, method_names_in_scope, methods_named, methods_of, methods_of_home, owner_of, receiver_of,
    statics_named, used_modules,
};
pub use mentions::{names_mentioned, types_mentioned};
pub use name::{Name, NameCase, NameId, Path, words_of};
pub use query::{
    ItemDocs, ItemHeader, body_source_map, default_bodies, default_source_maps, is_public,
    is_structure_visible_from, is_visible_from, item_body, item_docs, item_header, item_signature, items_of,
    module_docs, signature_source_map,
};
pub use resolve::{
    Def, Missing, PathError, Resolved, exported_names, names_in_scope, private_item, resolve_exported,
    resolve_name, resolve_path, unknown_in_module, unknown_name,
};
pub use scope::{Binding, ModuleScope, ScopeEntry, is_std, module_scope, prelude, std_module, used_module};
pub use shown::shown_types;
pub use signature::{ItemSignature, SignatureKind, SignatureSourceMap};
pub use type_ref::{TypeRef, TypeRefId};
pub use wit::{ImportKind, ImportedFunction, import_of};
