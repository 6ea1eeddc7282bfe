//! Names for types of the same shape.
//!
//! wasmtime unifies types that are alike, so two records `{ value: f64 }` of one interface are one type to it and
//! their names can't be told apart. wasmparser's validator keeps each declaration. Where two exported types of a
//! component are alike, this module reads from the validator which is meant, in the order in which a walk over
//! the function's types meets them. It costs a second validation, so it is asked only then.

use std::collections::HashMap;

use wasmparser::component_types::{
    ComponentAnyTypeId, ComponentDefinedType, ComponentEntityType, ComponentValType,
};
use wasmparser::types::{Types, TypesRef};
use wasmparser::{Validator, WasmFeatures};

/// The interface (none at the world's level) and the name that a type is exported under.
pub(crate) type Owner = (Option<String>, String);

/// The declarations of a component.
pub(crate) struct Nominal {
    types: Types,
    owners: HashMap<ComponentAnyTypeId, Owner>,
}

/// How many types one function may meet: as many as the whole component's signatures.
const MOST: usize = 1_000_000;

impl Nominal {
    /// Reads the declarations; `exports` are the names of the component's exports.
    pub(crate) fn read<'a>(component: &[u8], exports: impl Iterator<Item = &'a str>) -> Option<Nominal> {
        let types = Validator::new_with_features(WasmFeatures::all()).validate_all(component).ok()?;
        let mut owners = HashMap::new();
        for name in exports {
            match types.component_item_for_export(name).map(|item| item.ty) {
                Some(ComponentEntityType::Type { created, .. }) => {
                    owners.insert(created, (None, name.to_string()));
                }
                Some(ComponentEntityType::Instance(id)) => {
                    for (inner, item) in &types.as_ref()[id].exports {
                        if let ComponentEntityType::Type { created, .. } = item.ty {
                            owners.insert(created, (Some(name.to_string()), inner.clone()));
                        }
                    }
                }
                _ => {}
            }
        }
        Some(Nominal { types, owners })
    }

    /// The owner of each record, variant, enum and flags type that a walk over the parameters and then the
    /// result meets, a type before its parts. Nothing for a type that is not exported.
    pub(crate) fn of_function(&self, interface: Option<&str>, name: &str) -> Vec<Option<Owner>> {
        let types = self.types.as_ref();
        let item = match interface {
            None => types.component_item_for_export(name),
            Some(interface) => match types.component_item_for_export(interface).map(|i| i.ty) {
                Some(ComponentEntityType::Instance(id)) => types[id].exports.get(name),
                _ => None,
            },
        };
        let mut met = Vec::new();
        if let Some(ComponentEntityType::Func(id)) = item.map(|i| i.ty) {
            let function = &types[id];
            let params = function.params.iter().map(|(_, ty)| ty);
            params.chain(&function.result).for_each(|ty| self.walk(types, ty, &mut met));
        }
        met
    }

    fn walk(&self, types: TypesRef<'_>, ty: &ComponentValType, met: &mut Vec<Option<Owner>>) {
        let ComponentValType::Type(id) = ty else { return };
        if met.len() >= MOST {
            return;
        }
        let defined = &types[*id];
        if is_named(defined) {
            met.push(self.owners.get(&ComponentAnyTypeId::Defined(*id)).cloned());
        }
        parts(defined).into_iter().for_each(|part| self.walk(types, part, met));
    }
}

fn is_named(ty: &ComponentDefinedType) -> bool {
    use ComponentDefinedType::{Enum, Flags, Record, Variant};
    matches!(ty, Record(_) | Variant(_) | Enum(_) | Flags(_))
}

/// The types that a type is made of, in order.
fn parts(ty: &ComponentDefinedType) -> Vec<&ComponentValType> {
    match ty {
        ComponentDefinedType::Record(record) => record.fields.values().collect(),
        ComponentDefinedType::Variant(variant) => {
            variant.cases.values().filter_map(|case| case.ty.as_ref()).collect()
        }
        ComponentDefinedType::Tuple(tuple) => tuple.types.iter().collect(),
        ComponentDefinedType::List { element, .. }
        | ComponentDefinedType::FixedLengthList { element, .. } => vec![element],
        ComponentDefinedType::Map { key, value, .. } => vec![key, value],
        ComponentDefinedType::Option { ty, .. } => vec![ty],
        ComponentDefinedType::Result { ok, err, .. } => ok.iter().chain(err).collect(),
        _ => Vec::new(),
    }
}
