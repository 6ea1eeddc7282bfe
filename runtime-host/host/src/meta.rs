//! `dot-meta`: what WIT cannot say about a dot.
//!
//! A component's types tell names and shapes. Documentation, defaults, constraints, effects and the names as
//! the author wrote them travel beside them, in a custom section named [`SECTION`] at the component's
//! outermost level. Its content is JSON of the shape below (`spec/schema/dot-meta.schema.json`), versioned.
//!
//! The section is advice, never authority: the host takes types from the component alone, and a component
//! without the section, or with one that names things it does not export, runs all the same.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value as Json;

/// The name of the custom section.
pub const SECTION: &str = "dot-meta";

/// The version of the shape that this crate reads and writes.
pub const VERSION: u32 = 1;

/// The whole section.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Meta {
    /// Always [`VERSION`].
    pub version: u32,
    /// The package's WIT name, `local:hello` or `acme:geo@0.1.0`.
    pub package: String,
    /// One entry per exported function, in the order of the source.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dots: Vec<DotMeta>,
    /// One entry per named type that the dots show, in the order of the source.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<TypeMeta>,
}

/// One dot: an exported function.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DotMeta {
    /// The interface's name inside the package (`hello`); absent for a function of the world itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interface: Option<String>,
    /// The function's WIT name, kebab-case.
    pub name: String,
    /// The name in Dot source.
    pub dot: String,
    /// The doc comment: Markdown without its `///`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub docs: String,
    /// One entry per parameter, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub params: Vec<ParamMeta>,
    /// The result's type as written in Dot: it tells a map or a set from the list that it crosses as.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub result: String,
    /// The names of the dot's effects, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub effects: Vec<String>,
}

/// One parameter of a dot.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ParamMeta {
    /// The WIT name, kebab-case.
    pub name: String,
    /// The name in Dot source.
    pub dot: String,
    /// The type as written in Dot: it tells a map or a set from the list that it crosses as.
    #[serde(rename = "type", default, skip_serializing_if = "String::is_empty")]
    pub ty: String,
    /// What the author says about this parameter.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub docs: String,
    /// The constant default, in the JSON form of the parameter's type. The host fills it in. A member that is
    /// present and `null` is the default `none`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub default: Option<Json>,
    /// Constraints by the attribute's name without its `@`: `{"min": 1, "pattern": "^[a-z]+$"}`. An attribute
    /// without an argument has the value `true`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub constraints: BTreeMap<String, Json>,
}

/// One named type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TypeMeta {
    /// The interface that owns the type, inside the package.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interface: Option<String>,
    /// The WIT name, kebab-case.
    pub name: String,
    /// The name in Dot source.
    pub dot: String,
    /// The doc comment.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub docs: String,
    /// The fields of a record, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<MemberMeta>,
    /// The cases of a variant or an enum, or the flags, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<MemberMeta>,
}

/// A field of a record, or a case of a variant, enum or flags.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MemberMeta {
    /// The WIT name, kebab-case.
    pub name: String,
    /// The name in Dot source.
    pub dot: String,
    /// The doc comment.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub docs: String,
    /// The type of a field or of a case's payload as written in Dot; several parts as a tuple.
    #[serde(rename = "type", default, skip_serializing_if = "String::is_empty")]
    pub ty: String,
    /// The constant default of a field, in the JSON form of its type.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub default: Option<Json>,
    /// The name in JSON, where it isn't that in Dot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub json: Option<String>,
    /// What is demanded of a field, as for a parameter.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub constraints: BTreeMap<String, Json>,
    /// For a case with a payload: the label of each part, `null` for a part without one. Its length is the
    /// number of parts, which tells `Case(A, B)` from `Case((A, B))`; WIT has `tuple<a, b>` for both.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<Option<String>>,
}

/// Reads a member that is there as `Some`, `null` included.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(deserializer).map(Some)
}

impl Meta {
    /// The section of a component, whoever made it; none where it has none that can be read.
    #[must_use]
    pub fn of_component(component: &[u8]) -> Option<Meta> {
        crate::sections::read_meta(component)
    }

    /// Reads the section's content. A newer version is refused, since a guess about its meaning would be one.
    pub fn parse(bytes: &[u8]) -> Result<Meta, String> {
        let meta: Meta = serde_json::from_slice(bytes).map_err(|e| format!("`{SECTION}`: {e}"))?;
        if meta.version != VERSION {
            return Err(format!("`{SECTION}` has version {}, this host reads {VERSION}", meta.version));
        }
        Ok(meta)
    }

    /// The section's content. The same value gives the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// What is known about the function `name` of `interface` (its name inside the package).
    pub fn dot(&self, interface: Option<&str>, name: &str) -> Option<&DotMeta> {
        self.dots.iter().find(|d| d.interface.as_deref() == interface && d.name == name)
    }

    /// What is known about the type `name` of `interface`.
    pub fn ty(&self, interface: Option<&str>, name: &str) -> Option<&TypeMeta> {
        self.types.iter().find(|t| t.interface.as_deref() == interface && t.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absent_default_and_a_null_default_differ() {
        let parse = |text: &str| serde_json::from_str::<ParamMeta>(text).map(|p| p.default);
        assert_eq!(parse(r#"{"name":"a","dot":"a"}"#).ok(), Some(None));
        assert_eq!(parse(r#"{"name":"a","dot":"a","default":null}"#).ok(), Some(Some(Json::Null)));
    }

    #[test]
    fn what_is_written_reads_back() {
        let text = r#"{"version":1,"package":"local:hello","dots":[{"interface":"hello","name":"say-hi","dot":"say_hi","docs":"Greets.","params":[{"name":"name","dot":"name","type":"string","default":"world","constraints":{"max_len":10}}],"result":"string","effects":["http"]}],"types":[{"interface":"hello","name":"shape","dot":"Shape","cases":[{"name":"rect","dot":"Rect","labels":["w",null]}]}]}"#;
        let meta = Meta::parse(text.as_bytes());
        assert_eq!(meta.map(|m| String::from_utf8(m.to_bytes())), Ok(Ok(text.to_string())));
    }

    #[test]
    fn another_version_is_refused() {
        let error = Meta::parse(br#"{"version":2,"package":"a:b"}"#);
        assert_eq!(error, Err("`dot-meta` has version 2, this host reads 1".to_string()));
    }
}
