//! Types, effects and typed bodies: what a program means, completely.
//!
//! What this layer must *not* know: memory, counts, WebAssembly, files, the command line. It turns
//! the bodies of `hir` into *typed HIR* ([`thir`]): desugared, every call resolved, every conversion explicit.
//! The evaluator runs that tree; MIR is lowered from it. Neither ever asks a question about types again.

pub mod def;
pub mod intrinsic;
pub mod thir;
#[allow(missing_docs, reason = "salsa's macros make functions without docs")]
pub mod ty;

pub use def::{AdtDef, AdtShape, Bound, CaseDef, FieldDef, FnSignature, Generic, ParamSignature};
pub use intrinsic::Intrinsic;
pub use ty::{FloatKind, FnParam, IntKind, Mode, Ty, TyKind};
