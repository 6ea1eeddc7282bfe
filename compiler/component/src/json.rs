//! Values as JSON, by type: how defaults travel in `dot-meta`, and how values reach the evaluator and the MIR
//! interpreter from a command line. The rules are the spec's chapter on JSON; the host has the same ones for
//! component values.

use dot_db::Db;
use dot_eval::Value;
use dot_eval::map::MapValue;
use dot_types::json_member;
use dot_types::{AdtShape, FieldDef, FloatKind, IntKind, Ty, TyKind, adt_def, display_type};
use serde_json::{Map, Number, Value as Json};
use std::fmt;
use std::sync::Arc;

/// What is wrong with a JSON value: where (`$.items[2].name`), what was expected, what stood there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    path: String,
    expected: String,
    found: String,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at {}: expected {}, found {}", self.path, self.expected, self.found)
    }
}

impl std::error::Error for JsonError {}

/// A value as JSON. None for functions and handles, which have no such form.
#[must_use]
pub fn to_json<'db>(db: &'db dyn Db, value: &Value<'db>, ty: Ty<'db>) -> Option<Json> {
    let list = |items: &[Value<'db>], ty: Ty<'db>| {
        items.iter().map(|item| to_json(db, item, ty)).collect::<Option<Vec<_>>>().map(Json::Array)
    };
    let zipped = |items: &[Value<'db>], types: &[Ty<'db>]| {
        items.iter().zip(types).map(|(item, ty)| to_json(db, item, *ty)).collect::<Option<Vec<_>>>()
    };
    Some(match (value, ty.kind(db)) {
        (Value::Unit, TyKind::Tuple(_)) => Json::Null,
        (Value::Unit, _) => Json::Object(Map::new()),
        (Value::Bool(b), _) => Json::Bool(*b),
        (Value::Int(int), _) => int_json(int.get()),
        (Value::Float(float), _) => float_json(*float),
        (Value::Char(c), _) => Json::String(c.to_string()),
        (Value::String(text), _) => Json::String(text.to_string()),
        (Value::List(items), TyKind::List(item) | TyKind::FixedList(item, _)) => list(&items.0, *item)?,
        (Value::Set(map), TyKind::Set(item)) => {
            let items: Vec<_> = map.iter().map(|(key, _)| key.clone()).collect();
            list(&items, *item)?
        }
        (Value::Map(map), TyKind::Map(key, val)) => {
            let entry = |(k, v)| Some(Json::Array(vec![to_json(db, k, *key)?, to_json(db, v, *val)?]));
            Json::Array(map.iter().map(entry).collect::<Option<_>>()?)
        }
        (Value::Tuple(parts), TyKind::Tuple(types)) => Json::Array(zipped(&parts.0, types)?),
        (Value::Tuple(parts), TyKind::Adt(..)) => {
            let mut object = Map::new();
            for ((name, ty), part) in fields(db, ty).into_iter().zip(&parts.0) {
                object.insert(name, to_json(db, part, ty)?);
            }
            Json::Object(object)
        }
        (Value::Flags(bits), _) => {
            let names = flag_names(db, ty).into_iter().enumerate();
            Json::Array(
                names.filter(|(n, _)| bits >> n & 1 == 1).map(|(_, name)| Json::String(name)).collect(),
            )
        }
        (Value::Bare(_) | Value::Case(_), _) => {
            let (case, parts) = value.as_case()?;
            case_json(db, case, parts, ty)?
        }
        _ => return None,
    })
}

fn case_json<'db>(db: &'db dyn Db, case: u32, parts: &[Value<'db>], ty: Ty<'db>) -> Option<Json> {
    if let TyKind::Option(inner) = ty.kind(db) {
        let Some(part) = parts.first() else { return Some(Json::Null) };
        let json = to_json(db, part, *inner)?;
        return Some(if is_option(db, *inner) { single("some", json) } else { json });
    }
    let (name, types) = cases(db, ty).into_iter().nth(case as usize)?;
    let mut payload: Vec<_> =
        parts.iter().zip(types).map(|(part, ty)| to_json(db, part, ty)).collect::<Option<_>>()?;
    Some(match payload.len() {
        0 => Json::String(name),
        1 => single(&name, payload.remove(0)),
        _ => single(&name, Json::Array(payload)),
    })
}

fn single(name: &str, value: Json) -> Json {
    Json::Object(Map::from_iter([(name.to_owned(), value)]))
}

fn int_json(int: i128) -> Json {
    i64::try_from(int).map(Json::from).or_else(|_| u64::try_from(int).map(Json::from)).unwrap_or(Json::Null)
}

fn float_json(float: f64) -> Json {
    match Number::from_f64(float) {
        Some(number) => Json::Number(number),
        None if float.is_nan() => Json::from("nan"),
        None => Json::from(if float > 0.0 { "inf" } else { "-inf" }),
    }
}

/// The value of a type that a JSON value stands for.
///
/// # Errors
///
/// Names the first place where the JSON doesn't fit the type.
pub fn from_json<'db>(db: &'db dyn Db, json: &Json, ty: Ty<'db>) -> Result<Value<'db>, JsonError> {
    Reader { db, path: vec!["$".to_owned()] }.read(json, ty)
}

struct Reader<'db> {
    db: &'db dyn Db,
    path: Vec<String>,
}

impl<'db> Reader<'db> {
    fn wrong<T>(&self, json: &Json, expected: impl Into<String>) -> Result<T, JsonError> {
        let found = match json {
            Json::Null => "null".to_owned(),
            Json::Bool(b) => b.to_string(),
            Json::Number(n) => n.to_string(),
            Json::String(text) => format!("{text:?}"),
            Json::Array(items) => format!("an array of {}", items.len()),
            Json::Object(_) => "an object".to_owned(),
        };
        Err(JsonError { path: self.path.concat(), expected: expected.into(), found })
    }

    fn at<T>(&mut self, step: String, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(step);
        let result = read(self);
        self.path.pop();
        result
    }

    fn read(&mut self, json: &Json, ty: Ty<'db>) -> Result<Value<'db>, JsonError> {
        let expected = || display_type(self.db, ty, &[]).to_string();
        match (ty.kind(self.db), json) {
            (TyKind::Bool, Json::Bool(b)) => Ok(Value::Bool(*b)),
            (TyKind::Int(kind), _) => self.int(json, *kind),
            (TyKind::Float(kind), _) => self.float(json, *kind),
            (TyKind::Char, Json::String(text)) => match single_char(text) {
                Some(c) => Ok(Value::Char(c)),
                None => self.wrong(json, "one character"),
            },
            (TyKind::String, Json::String(text)) => Ok(Value::string(text.clone())),
            (TyKind::List(item), Json::Array(items)) => Ok(Value::list(self.items(items, *item)?)),
            (TyKind::FixedList(item, len), Json::Array(items)) if u32::try_from(items.len()) == Ok(*len) => {
                Ok(Value::list(self.items(items, *item)?))
            }
            (TyKind::Set(item), Json::Array(items)) => {
                let mut set = MapValue::default();
                for item in self.items(items, *item)? {
                    set.insert(item, Value::Unit);
                }
                Ok(Value::Set(Arc::new(set)))
            }
            (TyKind::Tuple(types), Json::Array(items)) if types.len() == items.len() => {
                let mut parts = Vec::new();
                for (at, (item, ty)) in items.iter().zip(types).enumerate() {
                    parts.push(self.at(format!("[{at}]"), |r| r.read(item, *ty))?);
                }
                Ok(Value::tuple(parts))
            }
            (TyKind::Tuple(types), Json::Null) if types.is_empty() => Ok(Value::Unit),
            (TyKind::Map(key, value), Json::Array(items)) => self.map(items, *key, *value),
            (TyKind::Option(inner), _) => self.option(json, *inner),
            (TyKind::Result(..), _) => self.case(json, ty),
            (TyKind::Adt(item, _), _) => match &adt_def(self.db, *item).shape {
                AdtShape::Record(_) => self.record(json, ty),
                AdtShape::Variant(_) => self.case(json, ty),
                AdtShape::Flags(_) => self.flags(json, ty),
                AdtShape::Resource(_) => self.wrong(json, expected()),
            },
            _ => self.wrong(json, expected()),
        }
    }

    fn items(&mut self, items: &[Json], ty: Ty<'db>) -> Result<Vec<Value<'db>>, JsonError> {
        items.iter().enumerate().map(|(at, item)| self.at(format!("[{at}]"), |r| r.read(item, ty))).collect()
    }

    fn int(&self, json: &Json, kind: IntKind) -> Result<Value<'db>, JsonError> {
        let value = match json {
            Json::Number(number) => number.to_string().parse::<i128>().ok(),
            Json::String(text) => text.parse::<i128>().ok(),
            _ => None,
        };
        match value.filter(|value| (kind.min()..=kind.max()).contains(value)) {
            Some(value) => Ok(Value::int(value)),
            None => self.wrong(json, format!("{} ({} to {})", kind.name(), kind.min(), kind.max())),
        }
    }

    fn float(&self, json: &Json, kind: FloatKind) -> Result<Value<'db>, JsonError> {
        let value = match json {
            Json::Number(number) => number.as_f64(),
            Json::String(text) => match text.as_str() {
                "nan" => Some(f64::NAN),
                "inf" => Some(f64::INFINITY),
                "-inf" => Some(f64::NEG_INFINITY),
                _ => None,
            },
            _ => None,
        };
        match value {
            Some(value) => Ok(Value::Float(dot_eval::number::round(kind, value))),
            None => self.wrong(json, kind.name()),
        }
    }

    fn map(&mut self, items: &[Json], key: Ty<'db>, value: Ty<'db>) -> Result<Value<'db>, JsonError> {
        let mut entries = MapValue::default();
        for (at, item) in items.iter().enumerate() {
            let Json::Array(pair) = item else { return self.wrong(item, "[key, value]") };
            let [k, v] = pair.as_slice() else { return self.wrong(item, "[key, value]") };
            let k = self.at(format!("[{at}][0]"), |r| r.read(k, key))?;
            let v = self.at(format!("[{at}][1]"), |r| r.read(v, value))?;
            entries.insert(k, v);
        }
        Ok(Value::Map(Arc::new(entries)))
    }

    fn option(&mut self, json: &Json, inner: Ty<'db>) -> Result<Value<'db>, JsonError> {
        if json.is_null() {
            return Ok(Value::option(None));
        }
        if !is_option(self.db, inner) {
            return self.read(json, inner).map(Value::some);
        }
        match json.as_object().and_then(|object| Some((object.len(), object.get("some")?))) {
            Some((1, json)) => self.at(".some".to_owned(), |r| r.read(json, inner)).map(Value::some),
            _ => self.wrong(json, "null or {\"some\": …}"),
        }
    }

    /// The default value of a field of a record, if it has one.
    fn default(&self, record: Ty<'db>, index: usize) -> Option<Value<'db>> {
        let TyKind::Adt(item, _) = record.kind(self.db) else { return None };
        let AdtShape::Record(fields) = &adt_def(self.db, *item).shape else { return None };
        let index = u32::try_from(index).ok().filter(|_| fields.get(index).is_some_and(|f| f.has_default))?;
        dot_eval::eval_default(&dot_eval::Queries(self.db), *item, index, dot_eval::Limits::CONSTANT).ok()
    }

    fn record(&mut self, json: &Json, record: Ty<'db>) -> Result<Value<'db>, JsonError> {
        let Json::Object(object) = json else { return self.wrong(json, "an object") };
        let fields = fields(self.db, record);
        if let Some((name, value)) = object.iter().find(|(name, _)| !fields.iter().any(|(n, _)| n == *name)) {
            let near = dot_hir::suggest::nearest(name, fields.iter().map(|(name, _)| name.as_str()));
            let hint = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            return self.at(format!(".{name}"), |r| r.wrong(value, format!("no such field{hint}")));
        }
        let mut parts = Vec::new();
        for (index, (name, ty)) in fields.into_iter().enumerate() {
            let json = match object.get(&name) {
                Some(json) => json,
                None if let Some(default) = self.default(record, index) => {
                    parts.push(default);
                    continue;
                }
                None if matches!(ty.kind(self.db), TyKind::Option(_)) => &Json::Null,
                None => return self.wrong(json, format!("a field `{name}`")),
            };
            parts.push(self.at(format!(".{name}"), |r| r.read(json, ty))?);
        }
        Ok(Value::tuple(parts))
    }

    fn case(&mut self, json: &Json, ty: Ty<'db>) -> Result<Value<'db>, JsonError> {
        let (name, payload) = match json {
            Json::String(name) => (name, None),
            Json::Object(object) if object.len() == 1 => match object.iter().next() {
                Some((name, payload)) => (name, Some(payload)),
                None => return self.wrong(json, "a case"),
            },
            _ => return self.wrong(json, "a case"),
        };
        let cases = cases(self.db, ty);
        let Some(index) = cases.iter().position(|(n, _)| n == name) else {
            let names: Vec<_> = cases.iter().map(|(name, _)| name.as_str()).collect();
            return self.wrong(json, format!("one of {}", names.join(", ")));
        };
        let types = &cases[index].1;
        let parts = self.at(format!(".{name}"), |r| match (types.as_slice(), payload) {
            ([], None) => Ok(Vec::new()),
            ([one], Some(json)) => Ok(vec![r.read(json, *one)?]),
            (several, Some(Json::Array(items))) if !several.is_empty() && several.len() == items.len() => {
                let pairs = items.iter().zip(several).enumerate();
                pairs.map(|(at, (json, ty))| r.at(format!("[{at}]"), |r| r.read(json, *ty))).collect()
            }
            (several, _) => r.wrong(json, format!("{} parts", several.len())),
        })?;
        Ok(Value::case(u32::try_from(index).unwrap_or(u32::MAX), parts))
    }

    fn flags(&mut self, json: &Json, ty: Ty<'db>) -> Result<Value<'db>, JsonError> {
        let Json::Array(items) = json else { return self.wrong(json, "an array of flags") };
        let names = flag_names(self.db, ty);
        let mut bits = 0;
        for item in items {
            match names.iter().position(|name| item.as_str() == Some(name)) {
                Some(bit) => bits |= 1 << bit,
                None => return self.wrong(item, format!("one of {}", names.join(", "))),
            }
        }
        Ok(Value::Flags(bits))
    }
}

fn single_char(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

fn is_option(db: &dyn Db, ty: Ty<'_>) -> bool {
    matches!(ty.kind(db), TyKind::Option(_))
}

/// The fields of a record type: name and type.
fn fields<'db>(db: &'db dyn Db, ty: Ty<'db>) -> Vec<(String, Ty<'db>)> {
    let TyKind::Adt(item, args) = ty.kind(db) else { return Vec::new() };
    match &adt_def(db, *item).shape {
        AdtShape::Record(fields) | AdtShape::Resource(fields) => {
            let field = |(at, field): (usize, &FieldDef<'db>)| {
                (json_member(db, *item, at, &field.name), field.ty.substitute(db, args))
            };
            fields.iter().enumerate().map(field).collect()
        }
        AdtShape::Variant(_) | AdtShape::Flags(_) => Vec::new(),
    }
}

/// The cases of a variant or result: name and the types of the parts that JSON shows.
fn cases<'db>(db: &'db dyn Db, ty: Ty<'db>) -> Vec<(String, Vec<Ty<'db>>)> {
    match ty.kind(db) {
        TyKind::Result(ok, err) => vec![("ok".to_owned(), vec![*ok]), ("err".to_owned(), vec![*err])],
        TyKind::Adt(item, args) => match &adt_def(db, *item).shape {
            AdtShape::Variant(cases) => cases
                .iter()
                .enumerate()
                .map(|(at, case)| {
                    let parts = case.parts.iter().map(|part| part.ty.substitute(db, args)).collect();
                    (json_member(db, *item, at, &case.name), parts)
                })
                .collect(),
            AdtShape::Record(_) | AdtShape::Flags(_) | AdtShape::Resource(_) => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn flag_names(db: &dyn Db, ty: Ty<'_>) -> Vec<String> {
    let TyKind::Adt(item, _) = ty.kind(db) else { return Vec::new() };
    match &adt_def(db, *item).shape {
        AdtShape::Flags(names) => {
            names.iter().enumerate().map(|(at, name)| json_member(db, *item, at, name)).collect()
        }
        _ => Vec::new(),
    }
}
