//! From the syntax tree of an item to its signature and bodies: the same content without spans, and the spans
//! beside.
//!
//! Ids are given in the order of the walk, so that a change of comments or of space gives the same ids and an
//! equal result; only the source maps differ then.
//!
//! The walk recurses as deep as the tree, whose depth the parser limits ([`dot_syntax::MAX_DEPTH`]).

mod expr;
mod pattern;
mod signature;

use crate::type_ref::{
    EffectRef, FunctionTypeParam, FunctionTypeRef, GenericParam, TypeArg, TypeRef, TypeRefId,
};
use crate::{Name, NameId, Path};
use dot_diagnostics::TextRange;
use dot_syntax::ast;

pub(crate) use expr::{Root, lower_body};
pub(crate) use signature::lower_signature;

/// Names and types under construction, which signatures and bodies share.
#[derive(Default)]
struct Names {
    types: Vec<TypeRef>,
    type_ranges: Vec<TextRange>,
    name_ranges: Vec<TextRange>,
}

/// An index as an id; an item's text is below 4 GiB, so it has fewer nodes than that.
fn next_id<T>(arena: &[T]) -> u32 {
    u32::try_from(arena.len()).unwrap_or(u32::MAX)
}

impl Names {
    fn place(&mut self, range: TextRange) -> NameId {
        let id = NameId(next_id(&self.name_ranges));
        self.name_ranges.push(range);
        id
    }

    fn name(&mut self, name: &ast::Name) -> Name {
        Name { text: name.text.clone(), id: self.place(name.range) }
    }

    fn path(&mut self, path: &ast::Path) -> Path {
        Path { segments: path.segments.iter().map(|name| self.name(name)).collect() }
    }

    fn ty(&mut self, ty: &ast::Type) -> TypeRefId {
        let lowered = match &ty.kind {
            ast::TypeKind::Named { path, args } => {
                TypeRef::Named { path: self.path(path), args: self.type_args(args) }
            }
            ast::TypeKind::Tuple(parts) => TypeRef::Tuple(parts.iter().map(|part| self.ty(part)).collect()),
            ast::TypeKind::Function(function) => TypeRef::Function(self.function_type(function)),
            ast::TypeKind::Infer => TypeRef::Infer,
            ast::TypeKind::Error(_) => TypeRef::Error,
        };
        let id = TypeRefId(next_id(&self.types));
        self.types.push(lowered);
        self.type_ranges.push(ty.range);
        id
    }

    fn type_args(&mut self, args: &[ast::TypeArg]) -> Vec<TypeArg> {
        args.iter()
            .map(|arg| match arg {
                ast::TypeArg::Type(ty) => TypeArg::Type(self.ty(ty)),
                ast::TypeArg::Length(length, _) => TypeArg::Length(*length),
            })
            .collect()
    }

    fn function_type(&mut self, function: &ast::FunctionType) -> FunctionTypeRef {
        FunctionTypeRef {
            pure: function.pure.is_some(),
            params: function
                .params
                .iter()
                .map(|param| FunctionTypeParam { inout: param.inout.is_some(), ty: self.ty(&param.ty) })
                .collect(),
            ret: function.result.as_ref().map(|result| self.ty(result)),
            uses: function.uses.as_ref().map(|uses| self.effects(uses)),
        }
    }

    fn effects(&mut self, uses: &ast::Uses) -> Vec<EffectRef> {
        uses.effects
            .iter()
            .map(|effect| match effect {
                ast::Effect::Named(path) => EffectRef::Named(self.path(path)),
                ast::Effect::Infer(_) => EffectRef::Infer,
            })
            .collect()
    }

    fn generics(&mut self, params: &[ast::TypeParam]) -> Vec<GenericParam> {
        params
            .iter()
            .map(|param| GenericParam {
                name: self.name(&param.name),
                bound: param.bound.as_ref().map(|bound| self.name(bound)),
            })
            .collect()
    }
}
