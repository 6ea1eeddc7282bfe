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
mod lower;
mod name;
pub mod signature;
pub mod type_ref;

pub use body::{Body, BodySourceMap};
pub use name::{Name, NameCase, NameId, Path, words_of};
pub use signature::{ItemSignature, SignatureKind, SignatureSourceMap};
pub use type_ref::{TypeRef, TypeRefId};
