//! Types and their declarations.

use super::Maker;
use crate::model::{Bound, Case, CasePart, Decl, Field, FloatTy, IntTy, Shape, Type};

impl Maker {
    pub(super) fn int_type(&mut self) -> IntTy {
        if self.chance(30) { IntTy { signed: true, bits: 64 } } else { IntTy::ALL[self.random.below(8)] }
    }

    fn float_type(&mut self) -> FloatTy {
        if self.chance(30) { FloatTy::F32 } else { FloatTy::F64 }
    }

    /// A type of data, nested at most `depth` deep.
    pub(super) fn any_type(&mut self, depth: usize) -> Type {
        self.type_with(Bound::Data, depth)
    }

    /// A type that a bound admits.
    pub(super) fn type_with(&mut self, bound: Bound, depth: usize) -> Type {
        match bound {
            Bound::Number if self.chance(30) => return Type::Float(self.float_type()),
            Bound::Number | Bound::Integer => return Type::Int(self.int_type()),
            Bound::Float => return Type::Float(self.float_type()),
            Bound::Data | Bound::Key | Bound::Any => {}
        }
        let open = if depth == 0 { 10 } else { 21 };
        let inner = |this: &mut Maker| this.type_with(bound, depth.saturating_sub(1));
        match self.random.below(open) {
            0 => Type::Bool,
            1..=4 => Type::Int(self.int_type()),
            5 if bound != Bound::Key => Type::Float(self.float_type()),
            5 | 6 => Type::Char,
            7 | 8 => Type::String,
            9 | 10 => self.declared(bound, depth).unwrap_or(Type::String),
            11..=13 => Type::list(inner(self)),
            14 => Type::option(inner(self)),
            15 => Type::Result(Box::new(inner(self)), Box::new(inner(self))),
            16 => Type::Tuple((0..=self.random.below(3)).map(|_| inner(self)).collect()),
            17 => {
                let key = self.type_with(Bound::Key, 0);
                Type::map(key, inner(self))
            }
            18 => self.declared(bound, depth).unwrap_or(Type::Bool),
            19 => Type::Set(Box::new(self.type_with(Bound::Key, depth - 1))),
            _ => Type::Fixed(Box::new(inner(self)), 1 + self.random.below(3)),
        }
    }

    /// One of the declared types that a bound admits.
    fn declared(&mut self, bound: Bound, depth: usize) -> Option<Type> {
        let decl = self.random.below(self.world.types.len());
        let params = self.world.types.get(decl)?.params.clone();
        let args = params.iter().map(|bound| self.type_with(*bound, depth.saturating_sub(1))).collect();
        let ty = match &self.world.types[decl].shape {
            Shape::Alias(target) => target.clone(),
            _ => Type::Named(decl, args),
        };
        self.world.admits(bound, &ty, &self.frame.generics).then_some(ty)
    }

    /// A type that can cross a boundary.
    pub(super) fn crossing_type(&mut self, depth: usize) -> Type {
        for _ in 0..20 {
            let ty = self.any_type(depth);
            if self.crosses(&ty) {
                return ty;
            }
        }
        Type::String
    }

    /// Whether a type can cross a boundary.
    pub(super) fn crosses(&self, ty: &Type) -> bool {
        let own = match ty {
            Type::Unit | Type::Fn(..) | Type::Param(_) | Type::Fixed(..) => false,
            Type::Named(decl, _) if self.world.types[*decl].is_recursive => false,
            Type::Named(decl, _) => match &self.world.types[*decl].shape {
                Shape::Record(fields) => {
                    let types = self.world.fields(ty).unwrap_or_default();
                    !fields.is_empty() && types.iter().all(|field| self.crosses(&field.ty))
                }
                Shape::Variant(_) => {
                    let cases = self.world.cases(ty).unwrap_or_default();
                    cases.iter().flat_map(|case| &case.parts).all(|part| self.crosses(&part.ty))
                }
                _ => true,
            },
            _ => true,
        };
        own && ty.parts().into_iter().all(|part| self.crosses(part))
    }

    /// The names of the cases of an enum, or of flags, and whether it is the latter.
    pub(super) fn bare_names(&self, ty: &Type) -> (Vec<String>, bool) {
        let Type::Named(decl, _) = ty else { return (Vec::new(), false) };
        match &self.world.types[*decl].shape {
            Shape::Enum(names) => (names.clone(), false),
            Shape::Flags(names) => (names.clone(), true),
            _ => (Vec::new(), false),
        }
    }

    /// Declares a type.
    pub(super) fn declare_type(&mut self) -> Decl {
        let name = self.name("T");
        let kind = self.random.below(16);
        let params = if matches!(kind, 10..) || self.chance(70) { Vec::new() } else { self.bounds() };
        self.frame.generics.clone_from(&params);
        let own = Type::Named(self.world.types.len(), (0..params.len()).map(Type::Param).collect());
        let mut is_recursive = false;
        let shape = match kind {
            0..=4 => self.record_shape(&own, &mut is_recursive),
            5..=9 => self.variant_shape(&own, &mut is_recursive),
            10 | 11 => Shape::Enum(self.case_names(1 + self.random.clone().below(5))),
            12 | 13 => Shape::Flags(self.case_names(1 + self.random.clone().below(6))),
            _ => Shape::Alias(self.any_type(2)),
        };
        self.frame.generics.clear();
        Decl { name, params, shape, is_recursive }
    }

    /// Bounds of one or two type parameters.
    pub(super) fn bounds(&mut self) -> Vec<Bound> {
        let all =
            [(6, Bound::Data), (2, Bound::Key), (1, Bound::Number), (2, Bound::Integer), (1, Bound::Float)];
        let count = 1 + self.random.below(2);
        (0..count).map(|_| self.random.weighted(&all).copied().unwrap_or(Bound::Data)).collect()
    }

    fn case_names(&mut self, count: usize) -> Vec<String> {
        (0..count).map(|_| self.name("C")).collect()
    }

    /// The type of a part: now and then a type parameter.
    fn part_type(&mut self, depth: usize) -> Type {
        let generics = self.frame.generics.len();
        if generics > 0 && self.chance(50) {
            return Type::Param(self.random.below(generics));
        }
        self.any_type(depth)
    }

    fn record_shape(&mut self, own: &Type, is_recursive: &mut bool) -> Shape {
        let count = self.random.below(5);
        let mut fields = Vec::new();
        for _ in 0..count {
            let mut ty = self.part_type(2);
            // A record that holds itself needs a way to end.
            if self.chance(8) {
                *is_recursive = true;
                ty = if self.chance(50) { Type::list(own.clone()) } else { Type::option(own.clone()) };
            }
            let is_closed = !contains_param(&ty) && !ty.mentions(self.world.types.len());
            let default = (is_closed && self.chance(25)).then(|| self.literal_value(&ty, 2));
            fields.push(Field { name: self.name("f"), ty, default });
        }
        Shape::Record(fields)
    }

    fn variant_shape(&mut self, own: &Type, is_recursive: &mut bool) -> Shape {
        let count = 1 + self.random.below(4);
        let mut cases = Vec::new();
        for index in 0..count {
            let mut parts = Vec::new();
            let labelled = self.chance(30);
            for _ in 0..self.random.below(4) {
                let ty = if index > 0 && self.chance(30) {
                    *is_recursive = true;
                    self.around(own)
                } else {
                    self.part_type(1)
                };
                parts.push(CasePart { label: labelled.then(|| self.name("p")), ty });
            }
            cases.push(Case { name: self.name("C"), parts });
        }
        Shape::Variant(cases)
    }

    /// The type itself or something that holds it.
    fn around(&mut self, own: &Type) -> Type {
        match self.random.below(6) {
            0 => Type::list(own.clone()),
            1 => Type::option(own.clone()),
            2 => Type::Tuple(vec![self.part_type(0), own.clone()]),
            _ => own.clone(),
        }
    }
}

/// Whether a type names a type parameter.
pub(super) fn contains_param(ty: &Type) -> bool {
    matches!(ty, Type::Param(_)) || ty.parts().into_iter().any(contains_param)
}
