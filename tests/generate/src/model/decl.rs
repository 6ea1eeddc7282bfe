//! What a program declares: the names that its trees use.

use super::{Expr, Type};

/// The bound of a type parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// `data`, also where none is written.
    Data,
    /// `key`
    Key,
    /// `number`
    Number,
    /// `integer`
    Integer,
    /// `float`
    Float,
    /// `any`
    Any,
}

impl Bound {
    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Bound::Data => "data",
            Bound::Key => "key",
            Bound::Number => "number",
            Bound::Integer => "integer",
            Bound::Float => "float",
            Bound::Any => "any",
        }
    }

    /// Whether what has this bound also has `other`.
    pub fn implies(self, other: Bound) -> bool {
        match other {
            Bound::Any => true,
            Bound::Data => self != Bound::Any,
            Bound::Key => matches!(self, Bound::Key | Bound::Integer),
            Bound::Number => matches!(self, Bound::Number | Bound::Integer | Bound::Float),
            Bound::Integer | Bound::Float => self == other,
        }
    }
}

/// A declared type.
#[derive(Clone, Debug)]
pub struct Decl {
    /// Its name.
    pub name: String,
    /// The bounds of its parameters.
    pub params: Vec<Bound>,
    /// What it is.
    pub shape: Shape,
    /// Whether it holds itself. The first case of such a variant doesn't.
    pub is_recursive: bool,
}

/// What a declared type is.
#[derive(Clone, Debug)]
pub enum Shape {
    /// `record`
    Record(Vec<Field>),
    /// `variant`
    Variant(Vec<Case>),
    /// `enum`
    Enum(Vec<String>),
    /// `flags`
    Flags(Vec<String>),
    /// `type`, another name
    Alias(Type),
}

/// A field of a record.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Its default.
    pub default: Option<Expr>,
}

/// A case of a variant.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name.
    pub name: String,
    /// What it carries.
    pub parts: Vec<Part>,
}

/// A part of a case.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its label, if it has one.
    pub label: Option<String>,
    /// Its type.
    pub ty: Type,
}

/// A parameter of a function.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Whether what is passed is changed.
    pub inout: bool,
    /// Whether it may be left out.
    pub has_default: bool,
}

/// A function that can be called.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its name; of a static, after its type's.
    pub name: String,
    /// Whether it is called on its first parameter.
    pub is_method: bool,
    /// The bounds of its type parameters.
    pub generics: Vec<Bound>,
    /// Its parameters.
    pub params: Vec<Param>,
    /// Its result.
    pub result: Type,
    /// About how many steps a call takes.
    pub cost: u64,
    /// Whether its first parameter counts down to its end, so that it is given a small literal.
    pub is_countdown: bool,
}

/// A declared type with a method `each`.
#[derive(Clone, Debug)]
pub struct Visited {
    /// The type, by index.
    pub decl: usize,
    /// The type of what is visited.
    pub item: Type,
}

/// The declarations of a program.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// The types. [`Type::Named`] is an index into them.
    pub types: Vec<Decl>,
    /// The types that a `for` visits.
    pub visited: Vec<Visited>,
    /// The functions, in an order in which each calls earlier ones.
    pub functions: Vec<Function>,
    /// The constants.
    pub constants: Vec<(String, Type)>,
}

impl World {
    /// The name of a type parameter.
    pub fn param_name(index: usize) -> &'static str {
        ["A", "B", "C"].get(index).copied().unwrap_or("D")
    }

    /// A type as it is written.
    pub fn show(&self, ty: &Type) -> String {
        let all = |types: &[Type]| types.iter().map(|ty| self.show(ty)).collect::<Vec<_>>().join(", ");
        match ty {
            Type::Unit => "()".to_owned(),
            Type::Bool => "bool".to_owned(),
            Type::Int(int) => int.name(),
            Type::Float(super::FloatTy::F32) => "f32".to_owned(),
            Type::Float(super::FloatTy::F64) => "f64".to_owned(),
            Type::Char => "char".to_owned(),
            Type::String => "string".to_owned(),
            Type::List(a) => format!("list<{}>", self.show(a)),
            Type::Fixed(a, n) => format!("list<{}, {n}>", self.show(a)),
            Type::Option(a) => format!("option<{}>", self.show(a)),
            Type::Set(a) => format!("set<{}>", self.show(a)),
            Type::Result(a, b) => format!("result<{}, {}>", self.show(a), self.show(b)),
            Type::Map(a, b) => format!("map<{}, {}>", self.show(a), self.show(b)),
            Type::Tuple(parts) => match parts.as_slice() {
                [only] => format!("({},)", self.show(only)),
                parts => format!("({})", all(parts)),
            },
            Type::Named(decl, args) if args.is_empty() => self.types[*decl].name.clone(),
            Type::Named(decl, args) => format!("{}<{}>", self.types[*decl].name, all(args)),
            Type::Param(index) => Self::param_name(*index).to_owned(),
            Type::Fn(params, result) => {
                let param = |(inout, ty): &(bool, Type)| {
                    format!("{}{}", if *inout { "inout " } else { "" }, self.show(ty))
                };
                let params: Vec<_> = params.iter().map(param).collect();
                let result = match &**result {
                    Type::Unit => String::new(),
                    Type::Fn(..) => format!(" -> ({})", self.show(result)),
                    result => format!(" -> {}", self.show(result)),
                };
                format!("fn({}){result}", params.join(", "))
            }
        }
    }

    /// The fields of a record type, with its arguments put in; none for any other.
    pub fn fields(&self, ty: &Type) -> Option<Vec<Field>> {
        let Type::Named(decl, args) = ty else { return None };
        let Shape::Record(fields) = &self.types[*decl].shape else { return None };
        let with_args = |field: &Field| Field { ty: field.ty.with(args), ..field.clone() };
        Some(fields.iter().map(with_args).collect())
    }

    /// The cases of a variant type, with its arguments put in; none for any other.
    pub fn cases(&self, ty: &Type) -> Option<Vec<Case>> {
        let Type::Named(decl, args) = ty else { return None };
        let Shape::Variant(cases) = &self.types[*decl].shape else { return None };
        let part = |part: &Part| Part { ty: part.ty.with(args), label: part.label.clone() };
        let case =
            |case: &Case| Case { name: case.name.clone(), parts: case.parts.iter().map(part).collect() };
        Some(cases.iter().map(case).collect())
    }

    /// Whether values of the type hold others of it.
    pub fn is_recursive(&self, ty: &Type) -> bool {
        matches!(ty, Type::Named(decl, _) if self.types[*decl].is_recursive)
            || ty.parts().iter().any(|part| self.is_recursive(part))
            || match ty {
                Type::Named(decl, _) => match &self.types[*decl].shape {
                    Shape::Record(fields) => fields.iter().any(|field| self.is_recursive(&field.ty)),
                    Shape::Variant(cases) => {
                        cases.iter().flat_map(|case| &case.parts).any(|part| self.is_recursive(&part.ty))
                    }
                    _ => false,
                },
                _ => false,
            }
    }

    /// Whether a bound admits a type, inside something whose own parameters have the bounds `generics`.
    pub fn admits(&self, bound: Bound, ty: &Type, generics: &[Bound]) -> bool {
        match ty {
            Type::Param(index) => generics.get(*index).is_some_and(|own| own.implies(bound)),
            Type::Int(_) => bound != Bound::Float,
            Type::Float(_) => !matches!(bound, Bound::Key | Bound::Integer),
            _ if matches!(bound, Bound::Number | Bound::Integer | Bound::Float) => false,
            Type::Fn(..) => bound == Bound::Any,
            // What a bound promises of the whole it has to find in the parts; `any` makes of a list no less than data.
            _ => self.all_parts(ty, &|part| self.admits(bound, part, generics)),
        }
    }

    /// Whether something holds for all that a value of the type directly holds; what holds itself is not asked again.
    fn all_parts(&self, ty: &Type, holds: &dyn Fn(&Type) -> bool) -> bool {
        let Type::Named(decl, args) = ty else { return ty.parts().into_iter().all(holds) };
        let holds = |part: &Type| all_but(ty, *decl, &part.with(args), holds);
        match &self.types[*decl].shape {
            Shape::Record(fields) => fields.iter().all(|field| holds(&field.ty)),
            Shape::Variant(cases) => cases.iter().flat_map(|case| &case.parts).all(|part| holds(&part.ty)),
            Shape::Alias(target) => holds(target),
            Shape::Enum(_) | Shape::Flags(_) => true,
        }
    }
}

/// Whether something holds for a type, without those of its parts that are the type `own` itself, which `decl` declares.
fn all_but(own: &Type, decl: usize, ty: &Type, holds: &dyn Fn(&Type) -> bool) -> bool {
    if ty == own {
        return true;
    }
    // With other arguments it is another type, which holds fewer of them than this one.
    if matches!(ty, Type::Named(other, _) if *other == decl) || !ty.mentions(decl) {
        return holds(ty);
    }
    ty.parts().into_iter().all(|part| all_but(own, decl, part, holds))
}
