//! Types as they are written to types.
//!
//! The same walk serves declarations, which want finished types ([`TyMaker`]), and bodies, where a type may have
//! holes (`list<_>`). Mistakes are collected without places, so that what a declaration means does not depend on
//! where it stands; [`TypeMistake::diagnostic`] makes diagnostics of them.

use crate::lookup::handle_or_adt;
use crate::table::Con;
use crate::{Bound, Diagnostic, FloatKind, Generic, IntKind, Mode, Ty, alias_target};
use dot_db::{Anchor, Db, Item, Module};
use dot_diagnostics::{Span, codes};
use dot_hir::type_ref::{FunctionTypeRef, GenericParam, TypeArg};
use dot_hir::{Def, Path, TypeRef, TypeRefId};
use dot_syntax::ItemKind;
use smol_str::SmolStr;

/// What a walk over a written type makes.
pub(crate) trait TypeMaker<'db> {
    /// A type.
    type Out: Copy;
    /// A constructor applied to arguments.
    fn make(&mut self, con: Con<'db>, args: Vec<Self::Out>) -> Self::Out;
    /// What `_` stands for, where it may stand.
    fn hole(&mut self) -> Option<Self::Out>;
    /// A finished type with its parameters replaced.
    fn import(&mut self, ty: Ty<'db>, args: &[Self::Out]) -> Self::Out;
    /// Whether a type is too large to be worked with.
    fn is_too_large(&self, ty: Self::Out) -> bool;
    /// Notes that an argument of a declared type must meet its bound.
    fn require(&mut self, arg: Self::Out, bound: Bound, at: TypeRefId);
}

/// A mistake in a written type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TypeMistake {
    /// The type that it is in.
    pub(crate) at: TypeRefId,
    kind: MistakeKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum MistakeKind {
    /// A path that names no type; the names that were found nearby are looked for again when it is told.
    Unknown(Path),
    NotAType(SmolStr),
    ArgumentCount {
        name: SmolStr,
        takes: usize,
        given: usize,
    },
    Hole,
    NotYet(&'static str),
    TooLarge,
}

/// Lowers written types of one signature or body.
pub(crate) struct TypeLowering<'a, 'db, M> {
    pub(crate) db: &'db dyn Db,
    pub(crate) module: Module<'db>,
    pub(crate) types: &'a [TypeRef],
    pub(crate) generics: &'a [Generic],
    pub(crate) maker: M,
    pub(crate) mistakes: Vec<TypeMistake>,
}

impl<'db, M: TypeMaker<'db>> TypeLowering<'_, 'db, M> {
    /// Lowers one type.
    pub(crate) fn lower(&mut self, id: TypeRefId) -> M::Out {
        let ty = self.lower_one(id);
        if self.maker.is_too_large(ty) { self.mistake(id, MistakeKind::TooLarge) } else { ty }
    }

    fn lower_one(&mut self, id: TypeRefId) -> M::Out {
        let types = self.types;
        match types.get(id.0 as usize) {
            Some(TypeRef::Named { path, args }) => self.lower_named(id, path, args),
            Some(TypeRef::Tuple(parts)) => {
                let parts = parts.iter().map(|part| self.lower(*part)).collect();
                self.maker.make(Con::Tuple, parts)
            }
            Some(TypeRef::Function(function)) => self.lower_function(function),
            Some(TypeRef::Infer) => match self.maker.hole() {
                Some(hole) => hole,
                None => self.mistake(id, MistakeKind::Hole),
            },
            Some(TypeRef::Error) | None => self.maker.make(Con::Error, Vec::new()),
        }
    }

    fn mistake(&mut self, at: TypeRefId, kind: MistakeKind) -> M::Out {
        self.mistakes.push(TypeMistake { at, kind });
        self.maker.make(Con::Error, Vec::new())
    }

    fn lower_function(&mut self, function: &FunctionTypeRef) -> M::Out {
        let modes =
            function.params.iter().map(|param| if param.inout { Mode::InOut } else { Mode::In }).collect();
        let mut parts: Vec<M::Out> = function.params.iter().map(|param| self.lower(param.ty)).collect();
        parts.push(match function.ret {
            Some(ret) => self.lower(ret),
            None => self.maker.make(Con::Tuple, Vec::new()),
        });
        self.maker.make(Con::Fn(modes), parts)
    }

    fn lower_named(&mut self, id: TypeRefId, path: &Path, args: &[TypeArg]) -> M::Out {
        if path.segments.iter().any(dot_hir::Name::is_missing) {
            return self.maker.make(Con::Error, Vec::new());
        }
        if let [name] = path.segments.as_slice() {
            let generic = self.generics.iter().position(|generic| generic.name == name.text);
            if let Some(index) = generic {
                if !args.is_empty() {
                    return self.wrong_count(id, name.text.clone(), 0, args.len());
                }
                let index = u32::try_from(index).unwrap_or(u32::MAX);
                return self.maker.make(Con::Param(index), Vec::new());
            }
        }
        match dot_hir::resolve_path(self.db, self.module, &path.texts()) {
            Ok(resolved) if resolved.used == path.segments.len() => match resolved.def {
                Def::Item(item) => self.lower_item(id, item, args),
                Def::Module(_) => self.mistake(id, MistakeKind::NotAType(path.display().into())),
            },
            Ok(_) => self.mistake(id, MistakeKind::NotAType(path.display().into())),
            Err(error) => {
                if let [name] = path.segments.as_slice()
                    && let Some(ty) = self.lower_builtin(id, &name.text, args)
                {
                    return ty;
                }
                if matches!(error, dot_hir::PathError::Reported) {
                    return self.maker.make(Con::Error, Vec::new());
                }
                self.mistake(id, MistakeKind::Unknown(path.clone()))
            }
        }
    }

    fn lower_builtin(&mut self, id: TypeRefId, name: &str, args: &[TypeArg]) -> Option<M::Out> {
        let scalar = IntKind::ALL.into_iter().find(|kind| kind.name() == name).map(Con::Int).or(match name {
            "bool" => Some(Con::Bool),
            "f32" => Some(Con::Float(FloatKind::F32)),
            "f64" => Some(Con::Float(FloatKind::F64)),
            "char" => Some(Con::Char),
            "string" => Some(Con::String),
            "never" => Some(Con::Never),
            _ => None,
        });
        if let Some(con) = scalar {
            return Some(match args {
                [] => self.maker.make(con, Vec::new()),
                _ => self.wrong_count(id, name.into(), 0, args.len()),
            });
        }
        if let ("list", [TypeArg::Type(item), TypeArg::Length(len)]) = (name, args) {
            let item = self.lower(*item);
            let Ok(len) = u32::try_from(*len) else {
                return Some(
                    self.mistake(id, MistakeKind::NotYet("a list of more than 4294967295 elements")),
                );
            };
            return Some(self.maker.make(Con::FixedList(len), vec![item]));
        }
        let (con, takes) = match name {
            "list" => (Con::List, 1),
            "option" => (Con::Option, 1),
            "result" => (Con::Result, 2),
            "map" => (Con::Map, 2),
            "set" => (Con::Set, 1),
            "stream" => (Con::Stream, 1),
            "future" => (Con::Future, 1),
            "tuple" => (Con::Tuple, args.len()),
            _ => return None,
        };
        Some(match self.lower_args(id, name, takes, args) {
            Some(args) => {
                if let (Con::Map | Con::Set, [key, ..], [TypeArg::Type(at), ..]) =
                    (&con, &*args, &*self.args_of(id))
                {
                    self.maker.require(*key, Bound::Key, *at);
                }
                self.maker.make(con, args)
            }
            None => self.maker.make(Con::Error, Vec::new()),
        })
    }

    fn args_of(&self, id: TypeRefId) -> Vec<TypeArg> {
        match self.types.get(id.0 as usize) {
            Some(TypeRef::Named { args, .. }) => args.clone(),
            _ => Vec::new(),
        }
    }

    fn wrong_count(&mut self, id: TypeRefId, name: SmolStr, takes: usize, given: usize) -> M::Out {
        self.mistake(id, MistakeKind::ArgumentCount { name, takes, given })
    }

    fn lower_args(
        &mut self,
        id: TypeRefId,
        name: &str,
        takes: usize,
        args: &[TypeArg],
    ) -> Option<Vec<M::Out>> {
        let mut out = Vec::new();
        for arg in args {
            match arg {
                TypeArg::Type(ty) => out.push(self.lower(*ty)),
                TypeArg::Length(_) => {
                    self.mistake(id, MistakeKind::NotAType("a number".into()));
                    return None;
                }
            }
        }
        if out.len() != takes {
            self.wrong_count(id, name.into(), takes, out.len());
            return None;
        }
        Some(out)
    }

    fn require_bounds(&mut self, id: TypeRefId, generics: &[Generic], args: &[M::Out]) {
        for ((arg, generic), place) in args.iter().zip(generics).zip(self.args_of(id)) {
            if let TypeArg::Type(at) = place {
                self.maker.require(*arg, generic.bound, at);
            }
        }
    }

    fn lower_item(&mut self, id: TypeRefId, item: Item<'db>, args: &[TypeArg]) -> M::Out {
        let name = item.name(self.db).clone();
        match item.kind(self.db) {
            ItemKind::Record | ItemKind::Variant | ItemKind::Enum | ItemKind::Flags | ItemKind::Resource => {
                let generics = generics_of(dot_hir::item_signature(self.db, item).generics());
                let Some(args) = self.lower_args(id, &name, generics.len(), args) else {
                    return self.maker.make(Con::Error, Vec::new());
                };
                self.require_bounds(id, &generics, &args);
                if generics.is_empty() {
                    let ty = handle_or_adt(self.db, item, Vec::new());
                    return self.maker.import(ty, &[]);
                }
                self.maker.make(Con::Adt(item), args)
            }
            ItemKind::Type => {
                let generics = generics_of(dot_hir::item_signature(self.db, item).generics());
                let Some(args) = self.lower_args(id, &name, generics.len(), args) else {
                    return self.maker.make(Con::Error, Vec::new());
                };
                self.require_bounds(id, &generics, &args);
                let target = crate::stack::ensure(|| alias_target(self.db, item));
                self.maker.import(target, &args)
            }
            _ => self.mistake(id, MistakeKind::NotAType(name)),
        }
    }
}

/// Type parameters with their bounds; an unknown bound is taken for the default, and told with the item.
pub(crate) fn generics_of(params: &[GenericParam]) -> Vec<Generic> {
    params
        .iter()
        .map(|param| {
            let bound = param.bound.as_ref().and_then(|bound| bound_named(&bound.text));
            Generic { name: param.name.text.clone(), bound: bound.unwrap_or(Bound::Data) }
        })
        .collect()
}

/// The bound of that name.
pub(crate) fn bound_named(name: &str) -> Option<Bound> {
    Some(match name {
        "any" => Bound::Any,
        "data" => Bound::Data,
        "key" => Bound::Key,
        "number" => Bound::Number,
        "integer" => Bound::Integer,
        "float" => Bound::Float,
        _ => return None,
    })
}

/// Makes finished types, for declarations.
pub(crate) struct TyMaker<'db> {
    pub(crate) db: &'db dyn Db,
    /// Arguments that must meet a bound, and where they stand.
    pub(crate) required: Vec<(Ty<'db>, Bound, TypeRefId)>,
}

impl<'db> TypeMaker<'db> for TyMaker<'db> {
    type Out = Ty<'db>;

    fn make(&mut self, con: Con<'db>, args: Vec<Ty<'db>>) -> Ty<'db> {
        Ty::new(self.db, crate::table::compose(con, args))
    }

    fn hole(&mut self) -> Option<Ty<'db>> {
        None
    }

    fn import(&mut self, ty: Ty<'db>, args: &[Ty<'db>]) -> Ty<'db> {
        ty.substitute(self.db, args)
    }

    fn is_too_large(&self, ty: Ty<'db>) -> bool {
        crate::growth::is_too_large(self.db, ty)
    }

    fn require(&mut self, arg: Ty<'db>, bound: Bound, at: TypeRefId) {
        self.required.push((arg, bound, at));
    }
}

/// A number of type arguments in words.
pub(crate) fn counted(count: usize) -> String {
    match count {
        0 => "no type arguments".to_owned(),
        1 => "one type argument".to_owned(),
        _ => format!("{count} type arguments"),
    }
}

impl TypeMistake {
    /// The diagnostic, if the mistake has not been told already.
    pub(crate) fn diagnostic<'db>(
        &self,
        db: &'db dyn Db,
        module: Module<'db>,
        generics: &[Generic],
        span: Span<Anchor<'db>>,
        name_span: &dyn Fn(&dot_hir::Name) -> Span<Anchor<'db>>,
    ) -> Option<Diagnostic<'db>> {
        let error = |code, title: String| Diagnostic::error(code, title, span);
        Some(match &self.kind {
            MistakeKind::Unknown(path) => {
                let texts = path.texts();
                let spans: Vec<_> = path.segments.iter().map(name_span).collect();
                let mut known: Vec<&str> = dot_hir::BUILTIN_TYPES.iter().map(|(name, _)| *name).collect();
                known.extend(generics.iter().map(|generic| generic.name.as_str()));
                let error = dot_hir::resolve_path(db, module, &texts).err()?;
                return error.diagnostic(db, module, &texts, &known, &spans);
            }
            MistakeKind::NotAType(name) => error(codes::NOT_A_TYPE, format!("`{name}` is not a type")),
            MistakeKind::ArgumentCount { name, takes, given } => error(
                codes::WRONG_TYPE_ARGUMENTS,
                format!(
                    "`{name}` takes {}, {given} {} given",
                    counted(*takes),
                    if *given == 1 { "is" } else { "are" }
                ),
            ),
            MistakeKind::Hole => error(codes::NOT_A_TYPE, "`_` can't stand in a declaration".to_owned())
                .with_note("Types are inferred only inside of bodies; a declaration says them."),
            MistakeKind::TooLarge => error(codes::TYPE_TOO_LARGE, "this type is too large".to_owned())
                .with_note("Types may nest 64 deep and have 10000 parts. Declare a record for some of them."),
            MistakeKind::NotYet(what) => {
                error(codes::NOT_YET, format!("{what}: this version of the compiler can't do it yet"))
            }
        })
    }
}
