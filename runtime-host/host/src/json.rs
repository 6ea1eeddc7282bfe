//! JSON to values and back, by type.
//!
//! Records are objects by Dot's field names; a case without payload is a string, one with payload an object of
//! one member, several parts an array (or an object, if they have labels); an option is its value or `null`,
//! and one directly inside an option `{"some": …}`; a result is `{"ok": …}` or `{"err": …}`; tuples, lists and
//! flags are arrays; a char is a string of one char; 64-bit integers may be strings as well; floats that JSON
//! lacks are the strings `nan`, `inf` and `-inf`; unit is `null`.

use std::fmt;

use serde_json::{Map, Number, Value as Json};
use wasmtime::component::Val;

use crate::constraint::is_secret;
use crate::names::nearest;
use crate::print::float32;
use crate::secret::HIDDEN;
use crate::ty::{Member, Named, Ty};

/// What is wrong with a JSON value, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// The path from the top, `$.items[2].name`.
    pub path: String,
    /// What was expected there.
    pub expected: String,
    /// What stands there.
    pub found: String,
}

impl JsonError {
    /// The error without what stands there, if that is a secret.
    #[must_use]
    pub fn concealed(self, is_secret: bool) -> Self {
        if is_secret { Self { found: HIDDEN.to_string(), ..self } } else { self }
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at `{}`: expected {}, found {}", self.path, self.expected, self.found)
    }
}

/// Where a reader is: the path is only put together when there is something to say.
#[derive(Clone, Copy)]
enum Path<'a> {
    Top(&'a str),
    Field(&'a Path<'a>, &'a str),
    Index(&'a Path<'a>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Top(name) => f.write_str(name),
            Path::Field(parent, name) => write!(f, "{parent}.{name}"),
            Path::Index(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

/// Reads a value of type `ty`. `name` is how messages call the top.
pub fn from_json(name: &str, json: &Json, ty: &Ty) -> Result<Val, JsonError> {
    read(&Path::Top(name), json, ty)
}

fn error<T>(path: &Path<'_>, expected: impl Into<String>, json: &Json) -> Result<T, JsonError> {
    Err(JsonError { path: path.to_string(), expected: expected.into(), found: describe(json) })
}

/// A short description of a JSON value.
fn describe(json: &Json) -> String {
    match json {
        Json::Null => "null".to_string(),
        Json::Bool(b) => b.to_string(),
        Json::Number(n) => match n.as_f64().filter(|_| n.is_f64()) {
            Some(x) => crate::print::float64(x),
            None => n.to_string(),
        },
        Json::String(s) if s.chars().count() > 40 => {
            format!("the string \"{}…\"", s.chars().take(40).collect::<String>())
        }
        Json::String(s) => format!("the string \"{s}\""),
        Json::Array(items) => format!("an array of {}", items.len()),
        Json::Object(_) => "an object".to_string(),
    }
}

fn read(path: &Path<'_>, json: &Json, ty: &Ty) -> Result<Val, JsonError> {
    Ok(match ty {
        Ty::Bool => match json {
            Json::Bool(b) => Val::Bool(*b),
            _ => return error(path, "true or false", json),
        },
        Ty::S8 => Val::S8(integer(path, json, ty)?),
        Ty::U8 => Val::U8(integer(path, json, ty)?),
        Ty::S16 => Val::S16(integer(path, json, ty)?),
        Ty::U16 => Val::U16(integer(path, json, ty)?),
        Ty::S32 => Val::S32(integer(path, json, ty)?),
        Ty::U32 => Val::U32(integer(path, json, ty)?),
        Ty::S64 => Val::S64(integer(path, json, ty)?),
        Ty::U64 => Val::U64(integer(path, json, ty)?),
        Ty::F32 => Val::Float32(narrow(path, json, float(path, json)?)?),
        Ty::F64 => Val::Float64(float(path, json)?),
        Ty::Char => match json.as_str().map(|s| (s.chars().next(), s.chars().nth(1))) {
            Some((Some(c), None)) => Val::Char(c),
            _ => return error(path, "a string of one char", json),
        },
        Ty::String => match json {
            Json::String(s) => Val::String(s.clone()),
            _ => return error(path, "a string", json),
        },
        Ty::List(t) | Ty::Set(t) => Val::List(items(path, json, t)?),
        Ty::Pairs(k, v) => {
            let pair = |(key, value)| Val::Tuple(vec![key, value]);
            Val::List(entries(path, json, k, v)?.into_iter().map(pair).collect())
        }
        Ty::Row(t, n) => match items(path, json, t)? {
            list if u32::try_from(list.len()) == Ok(*n) => Val::Tuple(list),
            _ => return error(path, format!("an array of {n}"), json),
        },
        Ty::FixedList(t, n) => match items(path, json, t)? {
            list if u32::try_from(list.len()) == Ok(*n) => Val::FixedLengthList(list),
            _ => return error(path, format!("an array of {n}"), json),
        },
        Ty::Map(k, v) => Val::Map(entries(path, json, k, v)?),
        Ty::Tuple(types) if types.is_empty() && json.is_null() => Val::Tuple(Vec::new()),
        Ty::Tuple(types) => Val::Tuple(parts(path, json, &types.iter().collect::<Vec<_>>())?),
        Ty::Option(t) => Val::Option(option(path, json, t)?.map(Box::new)),
        Ty::Result(ok, err) => result(path, json, ok.as_deref(), err.as_deref())?,
        Ty::Record(named) => Val::Record(record(path, json, named)?),
        Ty::Variant(named) => variant(path, json, named)?,
        Ty::Enum(named) => match json.as_str().and_then(|s| named.json_member(s)) {
            Some(member) => Val::Enum(member.wit.clone()),
            None => return error(path, format!("one of {}", named.json_names()), json),
        },
        Ty::Flags(named) => Val::Flags(flags(path, json, named)?),
        Ty::Handle(what) => return error(path, format!("a {what}, which can't be written as JSON"), json),
    })
}

/// The bounds of an integer type, for messages.
fn range(ty: &Ty) -> &'static str {
    match ty {
        Ty::S8 => "from -128 to 127",
        Ty::U8 => "from 0 to 255",
        Ty::S16 => "from -32768 to 32767",
        Ty::U16 => "from 0 to 65535",
        Ty::S32 => "from -2147483648 to 2147483647",
        Ty::U32 => "from 0 to 4294967295",
        Ty::S64 => "from -9223372036854775808 to 9223372036854775807",
        _ => "from 0 to 18446744073709551615",
    }
}

fn integer<T: TryFrom<i128>>(path: &Path<'_>, json: &Json, ty: &Ty) -> Result<T, JsonError> {
    let wide = match json {
        Json::Number(n) => n.as_i64().map(i128::from).or_else(|| n.as_u64().map(i128::from)),
        Json::String(s) if matches!(ty, Ty::S64 | Ty::U64) => s.parse().ok(),
        _ => None,
    };
    match wide.and_then(|n| T::try_from(n).ok()) {
        Some(n) => Ok(n),
        None => error(path, format!("an integer {} ({ty})", range(ty)), json),
    }
}

fn float(path: &Path<'_>, json: &Json) -> Result<f64, JsonError> {
    let value = match json {
        Json::Number(n) => n.as_f64(),
        Json::String(s) => match s.as_str() {
            "nan" => Some(f64::NAN),
            "inf" => Some(f64::INFINITY),
            "-inf" => Some(f64::NEG_INFINITY),
            _ => None,
        },
        _ => None,
    };
    value.map_or_else(|| error(path, "a number, \"nan\", \"inf\" or \"-inf\"", json), Ok)
}

fn narrow(path: &Path<'_>, json: &Json, wide: f64) -> Result<f32, JsonError> {
    #[allow(clippy::cast_possible_truncation, reason = "rounding to the nearest f32 is what is wanted")]
    let narrow = wide as f32;
    if narrow.is_infinite() && wide.is_finite() {
        return error(path, "a number within the range of f32", json);
    }
    Ok(narrow)
}

fn items(path: &Path<'_>, json: &Json, ty: &Ty) -> Result<Vec<Val>, JsonError> {
    let Json::Array(items) = json else { return error(path, "an array", json) };
    items.iter().enumerate().map(|(i, item)| read(&Path::Index(path, i), item, ty)).collect()
}

fn parts(path: &Path<'_>, json: &Json, types: &[&Ty]) -> Result<Vec<Val>, JsonError> {
    match json {
        Json::Array(items) if items.len() == types.len() => items
            .iter()
            .zip(types)
            .enumerate()
            .map(|(i, (item, ty))| read(&Path::Index(path, i), item, ty))
            .collect(),
        _ => error(path, format!("an array of {}", types.len()), json),
    }
}

fn entries(path: &Path<'_>, json: &Json, k: &Ty, v: &Ty) -> Result<Vec<(Val, Val)>, JsonError> {
    let Json::Array(items) = json else { return error(path, "an array of [key, value]", json) };
    let entry = |(i, item): (usize, &Json)| {
        let mut pair = parts(&Path::Index(path, i), item, &[k, v])?.into_iter();
        match (pair.next(), pair.next()) {
            (Some(key), Some(value)) => Ok((key, value)),
            _ => error(path, "an array of [key, value]", item),
        }
    };
    items.iter().enumerate().map(entry).collect()
}

fn option(path: &Path<'_>, json: &Json, inner: &Ty) -> Result<Option<Val>, JsonError> {
    match (json, inner) {
        (Json::Null, _) => Ok(None),
        (Json::Object(object), Ty::Option(_)) if object.len() == 1 && object.contains_key("some") => {
            let value = object.get("some").unwrap_or(&Json::Null);
            read(&Path::Field(path, "some"), value, inner).map(Some)
        }
        (_, Ty::Option(_)) => error(path, "null or {\"some\": …}", json),
        _ => read(path, json, inner).map(Some),
    }
}

fn result(path: &Path<'_>, json: &Json, ok: Option<&Ty>, err: Option<&Ty>) -> Result<Val, JsonError> {
    let expected = "{\"ok\": …} or {\"err\": …}";
    let Some((key, value)) = single(json) else { return error(path, expected, json) };
    let path_in = Path::Field(path, key);
    let payload = |ty: Option<&Ty>| match ty {
        Some(ty) => read(&path_in, value, ty).map(|v| Some(Box::new(v))),
        None if is_unit(value) => Ok(None),
        None => error(&path_in, "null", value),
    };
    match key {
        "ok" => Ok(Val::Result(Ok(payload(ok)?))),
        "err" => Ok(Val::Result(Err(payload(err)?))),
        _ => error(path, expected, json),
    }
}

/// The only member of an object.
fn single(json: &Json) -> Option<(&str, &Json)> {
    let object = json.as_object().filter(|o| o.len() == 1)?;
    object.iter().next().map(|(k, v)| (k.as_str(), v))
}

fn is_unit(json: &Json) -> bool {
    json.is_null() || json.as_array().is_some_and(Vec::is_empty)
}

fn record(path: &Path<'_>, json: &Json, named: &Named) -> Result<Vec<(String, Val)>, JsonError> {
    let Json::Object(object) = json else { return error(path, "an object", json) };
    let mut given: Vec<Option<&Json>> = vec![None; named.members.len()];
    for (key, value) in object {
        let Some(member) = named.json_member(key) else {
            let near = nearest(key, named.members.iter().map(|m| m.json.as_str()));
            let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            let expected = format!("one of the fields {}", named.json_names());
            return Err(JsonError { path: path.to_string(), expected, found: format!("`{key}`{hint}") });
        };
        let at = named.members.iter().position(|other| std::ptr::eq(other, member)).unwrap_or_default();
        if given[at].replace(value).is_some() {
            let expected = format!("the field `{}` once", member.json);
            return Err(JsonError { path: path.to_string(), expected, found: format!("`{key}` too") });
        }
    }
    let field = |(member, value): (&Member, Option<&Json>)| {
        let ty = member.ty.as_ref().unwrap_or(&Ty::Bool);
        let value = match (value.or(member.default.as_ref()), ty) {
            (Some(value), _) => read(&Path::Field(path, &member.json), value, ty)
                .map_err(|error| error.concealed(is_secret(&member.constraints)))?,
            (None, Ty::Option(_)) => Val::Option(None),
            (None, _) => {
                let expected = format!("the field `{}` ({ty})", member.json);
                return Err(JsonError { path: path.to_string(), expected, found: "none".to_string() });
            }
        };
        Ok((member.wit.clone(), value))
    };
    named.members.iter().zip(given).map(field).collect()
}

fn variant(path: &Path<'_>, json: &Json, named: &Named) -> Result<Val, JsonError> {
    let unknown = || error(path, format!("one of the cases {}", named.json_names()), json);
    let (name, payload) = match json {
        Json::String(name) => (name.as_str(), None),
        _ => match single(json) {
            Some((name, payload)) => (name, Some(payload)),
            None => return unknown(),
        },
    };
    let Some(member) = named.json_member(name) else { return unknown() };
    let path = Path::Field(path, &member.json);
    let value = match (&member.ty, payload) {
        (None, None) => None,
        (None, Some(payload)) if is_unit(payload) => None,
        (None, Some(payload)) => return error(&path, "nothing: this case has no payload", payload),
        (Some(ty), None) => return error(&path, format!("a payload, {{\"{name}\": …}} ({ty})"), json),
        (Some(ty), Some(payload)) => Some(Box::new(case_payload(&path, payload, ty, member)?)),
    };
    Ok(Val::Variant(member.wit.clone(), value))
}

/// Several parts may come as an object by their labels.
fn case_payload(path: &Path<'_>, json: &Json, ty: &Ty, member: &Member) -> Result<Val, JsonError> {
    let types = member.parts();
    let Json::Object(object) = json else { return read(path, json, ty) };
    let labels: Option<Vec<&String>> = member.labels.iter().map(Option::as_ref).collect();
    let Some(labels) = labels.filter(|l| l.len() > 1 && l.len() == types.len()) else {
        return read(path, json, ty);
    };
    if object.len() != labels.len() {
        return error(path, format!("an object of {} members", labels.len()), json);
    }
    let part = |(label, ty): (&String, &&Ty)| match object.get(label) {
        Some(value) => read(&Path::Field(path, label), value, ty),
        None => error(path, format!("the part `{label}` ({ty})"), json),
    };
    labels.into_iter().zip(&types).map(part).collect::<Result<_, _>>().map(Val::Tuple)
}

fn flags(path: &Path<'_>, json: &Json, named: &Named) -> Result<Vec<String>, JsonError> {
    let Json::Array(items) = json else { return error(path, "an array of names", json) };
    let flag = |(i, item): (usize, &Json)| match item.as_str().and_then(|s| named.json_member(s)) {
        Some(member) => Ok(member.wit.clone()),
        None => error(&Path::Index(path, i), format!("one of {}", named.json_names()), item),
    };
    items.iter().enumerate().map(flag).collect()
}

/// Writes a value of type `ty`. A handle becomes `null`: it means nothing outside.
pub fn to_json(value: &Val, ty: &Ty) -> Json {
    match (value, ty) {
        (Val::Bool(b), _) => Json::Bool(*b),
        (Val::S8(n), _) => Json::from(*n),
        (Val::U8(n), _) => Json::from(*n),
        (Val::S16(n), _) => Json::from(*n),
        (Val::U16(n), _) => Json::from(*n),
        (Val::S32(n), _) => Json::from(*n),
        (Val::U32(n), _) => Json::from(*n),
        (Val::S64(n), _) => Json::from(*n),
        (Val::U64(n), _) => Json::from(*n),
        // The decimal that is shortest for an f32, not the longer one for the same value as an f64.
        (Val::Float32(x), _) => number(float32(*x).parse().unwrap_or(f64::from(*x))),
        (Val::Float64(x), _) => number(*x),
        (Val::Char(c), _) => Json::String(c.to_string()),
        (Val::String(s), _) => Json::String(s.clone()),
        (Val::List(items) | Val::FixedLengthList(items), Ty::List(t) | Ty::FixedList(t, _) | Ty::Set(t)) => {
            items.iter().map(|item| to_json(item, t)).collect()
        }
        (Val::Tuple(items), Ty::Row(t, _)) => items.iter().map(|item| to_json(item, t)).collect(),
        (Val::List(items), Ty::Pairs(k, v)) => {
            let pair = Ty::Tuple(vec![Ty::clone(k), Ty::clone(v)]);
            items.iter().map(|item| to_json(item, &pair)).collect()
        }
        (Val::Map(entries), Ty::Map(k, v)) => {
            entries.iter().map(|(key, value)| Json::Array(vec![to_json(key, k), to_json(value, v)])).collect()
        }
        (Val::Tuple(items), Ty::Tuple(types)) if !types.is_empty() => {
            items.iter().zip(types).map(|(item, ty)| to_json(item, ty)).collect()
        }
        (Val::Option(Some(inner)), Ty::Option(t)) => match **t {
            Ty::Option(_) => member("some", to_json(inner, t)),
            _ => to_json(inner, t),
        },
        (Val::Result(result), Ty::Result(ok, err)) => {
            let payload = |value: &Option<Box<Val>>, ty: &Option<std::sync::Arc<Ty>>| {
                value.as_deref().zip(ty.as_deref()).map_or(Json::Null, |(v, t)| to_json(v, t))
            };
            match result {
                Ok(value) => member("ok", payload(value, ok)),
                Err(value) => member("err", payload(value, err)),
            }
        }
        (Val::Record(fields), Ty::Record(named)) => {
            let field = |((_, value), member): (&(String, Val), &Member)| {
                (member.json.clone(), member.ty.as_ref().map_or(Json::Null, |ty| to_json(value, ty)))
            };
            Json::Object(fields.iter().zip(&named.members).map(field).collect())
        }
        (Val::Variant(case, payload), Ty::Variant(named)) => {
            let found = named.members.iter().find(|m| m.wit == *case);
            let name = found.map_or(case.as_str(), |m| m.json.as_str());
            match payload.as_deref().zip(found.and_then(|m| m.ty.as_ref())) {
                Some((value, ty)) => member(name, to_json(value, ty)),
                None => Json::from(name),
            }
        }
        (Val::Enum(case), Ty::Enum(named)) => Json::from(json_name(named, case)),
        (Val::Flags(names), Ty::Flags(named)) => names.iter().map(|n| json_name(named, n)).collect(),
        _ => Json::Null,
    }
}

fn json_name<'a>(named: &'a Named, wit: &'a str) -> &'a str {
    named.members.iter().find(|m| m.wit == wit).map_or(wit, |m| m.json.as_str())
}

fn member(name: &str, value: Json) -> Json {
    Json::Object(Map::from_iter([(name.to_string(), value)]))
}

fn number(x: f64) -> Json {
    match Number::from_f64(x) {
        Some(n) => Json::Number(n),
        None => Json::from(crate::print::float64(x)),
    }
}
