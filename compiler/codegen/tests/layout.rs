//! Layouts in memory and core values in locals are the canonical ABI's: compared with `wit-parser`'s for random types.

use dot_codegen::lir::Val;
use dot_codegen::repr::Reprs;
use dot_db::{Database, Origin, PackageTexts, new_project};
use dot_mir::queries::Queries;
use dot_types::{FloatKind, IntKind, Ty, TyKind};
use proptest::prelude::*;
use wit_parser::{Resolve, SizeAlign, Type, TypeDef, TypeDefKind, TypeOwner};

/// A type that both sides have.
#[derive(Clone, Debug)]
enum Shape {
    Bool,
    Char,
    Int(IntKind),
    Float(FloatKind),
    String,
    List(Box<Shape>),
    Option(Box<Shape>),
    Result(Box<Shape>, Box<Shape>),
    Tuple(Vec<Shape>),
}

fn shapes() -> impl Strategy<Value = Shape> {
    let leaf = prop_oneof![
        Just(Shape::Bool),
        Just(Shape::Char),
        (0..8usize).prop_map(|n| Shape::Int(IntKind::ALL[n])),
        Just(Shape::Float(FloatKind::F32)),
        Just(Shape::Float(FloatKind::F64)),
        Just(Shape::String),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        let boxed = inner.clone().prop_map(Box::new);
        prop_oneof![
            boxed.clone().prop_map(Shape::List),
            boxed.clone().prop_map(Shape::Option),
            (boxed.clone(), boxed).prop_map(|(ok, err)| Shape::Result(ok, err)),
            prop::collection::vec(inner, 1..5).prop_map(Shape::Tuple),
        ]
    })
}

fn in_dot<'db>(db: &'db Database, shape: &Shape) -> Ty<'db> {
    let one = |shape: &Shape| in_dot(db, shape);
    let kind = match shape {
        Shape::Bool => TyKind::Bool,
        Shape::Char => TyKind::Char,
        Shape::Int(kind) => TyKind::Int(*kind),
        Shape::Float(kind) => TyKind::Float(*kind),
        Shape::String => TyKind::String,
        Shape::List(item) => TyKind::List(one(item)),
        Shape::Option(item) => TyKind::Option(one(item)),
        Shape::Result(ok, err) => TyKind::Result(one(ok), one(err)),
        Shape::Tuple(parts) => TyKind::Tuple(parts.iter().map(one).collect()),
    };
    Ty::new(db, kind)
}

#[test]
// r[abi.map], r[abi.unit]
fn maps_are_a_record_of_the_library_and_unit_is_nothing() {
    let db = Database::default();
    let std = PackageTexts::new("dot:std", Origin::Std, dot_stdlib::MODULES);
    new_project(&db, &PackageTexts::new("acme:geo", Origin::User, &[]), &std);
    let program = Queries::new(&db);
    let reprs = Reprs::new(&program);
    let of = |kind| Ty::new(&db, kind);
    let (byte, text) = (of(TyKind::Int(IntKind::U8)), of(TyKind::String));
    // `HashMap` has two lists and a `u32`: five words. A set is a record that holds one.
    for ty in [of(TyKind::Map(byte, text)), of(TyKind::Map(text, byte)), of(TyKind::Set(text))] {
        assert_eq!(reprs.flat(ty).to_vec(), [Val::I32; 5]);
        assert_eq!((reprs.layout(ty).size, reprs.layout(ty).align), (20, 4));
    }
    let unit = of(TyKind::Tuple(Vec::new()));
    assert!(reprs.flat(unit).is_empty());
    assert_eq!((reprs.layout(unit).size, reprs.layout(unit).align), (0, 1));
}

fn in_wit(resolve: &mut Resolve, shape: &Shape) -> Type {
    let kind = match shape {
        Shape::Bool => return Type::Bool,
        Shape::Char => return Type::Char,
        Shape::Int(kind) => {
            return match kind {
                IntKind::U8 => Type::U8,
                IntKind::U16 => Type::U16,
                IntKind::U32 => Type::U32,
                IntKind::U64 => Type::U64,
                IntKind::S8 => Type::S8,
                IntKind::S16 => Type::S16,
                IntKind::S32 => Type::S32,
                IntKind::S64 => Type::S64,
            };
        }
        Shape::Float(FloatKind::F32) => return Type::F32,
        Shape::Float(FloatKind::F64) => return Type::F64,
        Shape::String => return Type::String,
        Shape::List(item) => TypeDefKind::List(in_wit(resolve, item)),
        Shape::Option(item) => TypeDefKind::Option(in_wit(resolve, item)),
        Shape::Result(ok, err) => {
            let (ok, err) = (in_wit(resolve, ok), in_wit(resolve, err));
            TypeDefKind::Result(wit_parser::Result_ { ok: Some(ok), err: Some(err) })
        }
        Shape::Tuple(parts) => {
            let types = parts.iter().map(|part| in_wit(resolve, part)).collect();
            TypeDefKind::Tuple(wit_parser::Tuple { types })
        }
    };
    Type::Id(resolve.types.alloc(TypeDef {
        name: None,
        kind,
        owner: TypeOwner::None,
        docs: Default::default(),
        stability: Default::default(),
        span: Default::default(),
        external_id: None,
    }))
}

proptest! {
    #[test]
    // r[abi.layout], r[abi.call]
    fn memory_and_locals_are_canonical(shape in shapes()) {
        let db = Database::default();
        let std = PackageTexts::new("dot:std", Origin::Std, dot_stdlib::MODULES);
        new_project(&db, &PackageTexts::new("acme:geo", Origin::User, &[]), &std);
        let program = Queries::new(&db);
        let reprs = Reprs::new(&program);
        let ty = in_dot(&db, &shape);
        let mut resolve = Resolve::default();
        let wit = in_wit(&mut resolve, &shape);
        let mut sizes = SizeAlign::default();
        sizes.fill(&resolve).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let layout = reprs.layout(ty);
        prop_assert_eq!(layout.size as usize, sizes.size(&wit).size_wasm32());
        prop_assert_eq!(layout.align as usize, sizes.align(&wit).align_wasm32());
        let mut flat = vec![wit_parser::abi::WasmType::I32; 512];
        let mut list = wit_parser::abi::FlatTypes::new(&mut flat);
        if resolve.push_flat(&wit, &mut list) {
            let theirs: Vec<Val> = list.to_vec().into_iter().map(|ty| match ty {
                wit_parser::abi::WasmType::I64 | wit_parser::abi::WasmType::PointerOrI64 => Val::I64,
                wit_parser::abi::WasmType::F32 => Val::F32,
                wit_parser::abi::WasmType::F64 => Val::F64,
                _ => Val::I32,
            }).collect();
            prop_assert_eq!(&*reprs.flat(ty), theirs.as_slice());
        }
    }
}
