//! The JSON Schemas in `spec/schema` say what this crate reads and writes: each member of one is a member of the
//! other.

use dot_host::meta::{DotMeta, MemberMeta, Meta, ParamMeta, TypeMeta};
use dot_host::trap_table::{TrapSite, TrapTable, TrapValue};
use serde_json::{Value as Json, json};

fn schema(name: &str) -> Json {
    let path = format!("{}/../../spec/schema/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect(&path);
    serde_json::from_str(&text).expect(&path)
}

/// Compares a value in which every member is present with its schema, both ways.
fn compare(root: &Json, schema: &Json, value: &Json, path: &str) {
    if let Some(reference) = schema.get("$ref").and_then(Json::as_str) {
        let pointer = reference.trim_start_matches('#');
        return compare(root, root.pointer(pointer).expect(reference), value, path);
    }
    if let Some(constant) = schema.get("const") {
        assert_eq!(constant, value, "{path}");
    }
    if let Some(names) = schema.get("enum").and_then(Json::as_array) {
        assert!(names.contains(value), "{path}: {value} is not among {names:?}");
    }
    if let (Some(items), Some(values)) = (schema.get("items"), value.as_array()) {
        values.iter().for_each(|item| compare(root, items, item, &format!("{path}[]")));
    }
    let Some(properties) = schema.get("properties").and_then(Json::as_object) else { return };
    let members = value.as_object().expect(path);
    for name in properties.keys() {
        assert!(members.contains_key(name), "{path}: the schema has `{name}`, the code does not");
    }
    for (name, member) in members {
        let property = properties.get(name).unwrap_or_else(|| panic!("{path}: the schema lacks `{name}`"));
        compare(root, property, member, &format!("{path}.{name}"));
    }
    for required in schema.get("required").and_then(Json::as_array).into_iter().flatten() {
        let name = required.as_str().unwrap_or_default();
        assert!(properties.contains_key(name), "{path}: `{name}` is required and not described");
    }
}

#[test]
// r[abi.meta]
fn dot_meta_is_as_its_schema_says() {
    let text = || "x".to_string();
    let default = Some(json!(1));
    let member = |labels| MemberMeta {
        name: text(),
        dot: text(),
        docs: text(),
        ty: text(),
        default: default.clone(),
        json: Some(text()),
        constraints: [(text(), json!(true))].into(),
        labels,
    };
    let param = ParamMeta {
        name: text(),
        dot: text(),
        ty: text(),
        docs: text(),
        default: default.clone(),
        constraints: [(text(), json!(1))].into(),
    };
    let dot = DotMeta {
        interface: Some(text()),
        name: text(),
        dot: text(),
        docs: text(),
        params: vec![param],
        result: text(),
        effects: vec![text()],
    };
    let ty = TypeMeta {
        interface: Some(text()),
        name: text(),
        dot: text(),
        docs: text(),
        fields: vec![member(vec![None])],
        cases: vec![member(vec![Some(text())])],
    };
    let meta = Meta { version: 1, package: text(), dots: vec![dot], types: vec![ty] };
    let value = serde_json::to_value(meta).expect("JSON");
    let schema = schema("dot-meta.schema.json");
    compare(&schema, &schema, &value, "$");
}

#[test]
// r[abi.traps]
fn dot_traps_is_as_its_schema_says() {
    let text = || "x".to_string();
    let kinds = schema("dot-traps.schema.json").pointer("/$defs/site/properties/kind/enum").cloned();
    for kind in kinds.as_ref().and_then(Json::as_array).expect("the kinds") {
        let site = TrapSite {
            func: 1,
            offset: 1,
            kind: kind.as_str().unwrap_or_default().to_string(),
            message: text(),
            file: 0,
            line: 1,
            column: 1,
            end_line: Some(2),
            end_column: 1,
            values: vec![TrapValue { name: text(), local: 0, ty: "string".to_string(), length: Some(1) }],
        };
        let table = TrapTable { version: 1, files: vec![text()], traps: vec![site] };
        let value = serde_json::to_value(table).expect("JSON");
        let schema = schema("dot-traps.schema.json");
        compare(&schema, &schema, &value, "$");
    }
}
