//! Types, effects and typed bodies: what a program means, completely.
//!
//! What this layer must *not* know: memory, counts, WebAssembly, files, the command line. It turns
//! the bodies of `hir` into *typed HIR* ([`thir`]): desugared, every call resolved, every conversion explicit.
//! The evaluator runs that tree; MIR is lowered from it. Neither ever asks a question about types again.
//!
//! | module | what it knows |
//! |---|---|
//! | [`ty`], [`def`], [`thir`], [`intrinsic`] | the values that the layers above work with |
//! | `adt`, `signature`, `lower_type` | declarations |
//! | `infer`, `table` | bodies |
//! | [`exhaustive`], [`bounds`], `moves`, `closures`, `ways`, `effects`, `export`, `implement`, `instances`, [`own`], `looks`, `growth`, `finite`, `constants`, `unread`, `unused`, `world` | checks that need finished types |
//! | [`body`], [`check`] | the queries |

mod adt;
#[allow(missing_docs, reason = "salsa's macros make functions without docs")]
mod body;
pub mod bounds;
mod check;
mod closures;
mod constants;
#[allow(missing_docs, reason = "salsa's macros make functions without docs")]
pub mod constraint;
pub mod def;
mod deprecated;
mod difference;
mod display;
mod effects;
pub mod exhaustive;
mod export;
mod finite;
mod growth;
mod implement;
mod infer;
mod instances;
pub mod intrinsic;
mod json_name;
mod looks;
mod lookup;
mod lower_type;
mod moves;
#[allow(missing_docs, reason = "salsa's macros make functions without docs")]
pub mod own;
mod remap;
mod signature;
mod stack;
mod table;
pub mod thir;
pub mod trap_text;
#[allow(missing_docs, reason = "salsa's macros make functions without docs")]
pub mod ty;
mod unread;
mod unused;
mod visits;
pub mod walk;
mod ways;
mod world;

pub use adt::{adt_def, field_declaration, own_resource};
pub use body::{
    Broken, TypedBody, default_value_body, thir_body, thir_source_map, typed_body, typed_default,
};
pub use check::{item_diagnostics, module_diagnostics, package_diagnostics};
pub use def::{AdtDef, AdtShape, Bound, CaseDef, CasePart, FieldDef, FnSignature, Generic, ParamSignature};
pub use display::{TypeDisplay, display_type};
pub use effects::{EffectPath, declared_effects, effect_paths, effects_of, imports_of, reached_functions};
pub use growth::is_too_large;
pub use infer::CallSite;
pub use intrinsic::Intrinsic;
pub use json_name::{json_member, member_attributes};
pub use signature::{alias_target, const_type, fn_signature, intrinsic_of};
pub use ty::{FloatKind, FnParam, IntKind, Mode, Ty, TyKind};

use dot_db::{Diagnostic, Diagnostics};
