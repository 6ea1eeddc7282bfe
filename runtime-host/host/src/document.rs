//! Reading JSON that a person or a program sends: a name twice in one object is an error, and not silently the last.

use serde::Deserializer;
use serde::de::{Deserialize, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// Reads one JSON document (RFC 8259) whose objects have distinct names, as I-JSON asks for (RFC 7493, 2.3).
///
/// # Errors
///
/// A text with the reason, the line and the column, if the text is no such document, or one nested deeper than
/// 127 levels.
pub fn read_json(text: &str) -> Result<Value, String> {
    serde_json::from_str::<Distinct>(text).map(|document| document.0).map_err(|error| error.to_string())
}

/// A value whose objects have distinct names.
struct Distinct(Value);

impl<'de> Deserialize<'de> for Distinct {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Distinct, D::Error> {
        from.deserialize_any(Reader).map(Distinct)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number is not finite"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_string()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Distinct(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.contains_key(&name) {
                return Err(A::Error::custom(format_args!("the name {name:?} is twice in one object")));
            }
            let Distinct(value) = members.next_value()?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::read_json;
    use serde_json::json;

    #[test]
    fn documents_are_read_as_they_are_written() {
        let text = r#" {"b": [1, -2, 18446744073709551615, 0.1, 1e300, true, null], "a": {"b": "é\n"}} "#;
        let expected =
            json!({"b": [1, -2, 18446744073709551615u64, 0.1, 1e300, true, null], "a": {"b": "é\n"}});
        assert_eq!(read_json(text), Ok(expected.clone()));
        assert_eq!(read_json(text).map(|read| read.to_string()), Ok(expected.to_string()));
    }

    #[test]
    fn a_name_twice_in_one_object_is_told_with_its_place() {
        let told = read_json("{\"n\": 1,\n \"m\": {\"n\": 2}, \"n\": 3}").expect_err("twice");
        assert!(told.starts_with("the name \"n\" is twice in one object at line 2"), "{told}");
        // The same name by an escape (RFC 8259, 8.3: names are compared as characters).
        assert!(read_json(r#"{"a": 1, "\u0061": 2}"#).is_err());
        assert!(read_json(r#"[{"a": 1}, {"a": 2}]"#).is_ok());
    }

    #[test]
    fn what_is_no_document_is_told() {
        let deep = "[".repeat(100_000);
        for text in
            ["", "{", "[1,]", "01", "1 2", "nul", "\"\u{1}\"", r#""\ud800""#, "1e999", "{1: 2}", &deep]
        {
            assert!(read_json(text).is_err(), "{text:.20}");
        }
    }
}
