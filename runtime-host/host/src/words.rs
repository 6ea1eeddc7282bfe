//! Words of a command line to values, by type.
//!
//! Numbers, booleans, strings, chars, cases without payload and options of these are written plainly; the rest
//! is JSON, as [`crate::json`] reads it.

use wasmtime::component::Val;

use crate::document::read_json;
use crate::json::from_json;
use crate::ty::Ty;

/// Reads `word` as a value of type `ty`; `name` is how messages call it.
pub fn from_word(name: &str, word: &str, ty: &Ty) -> Result<Val, String> {
    let wrong = |expected: &str| Err(format!("`{name}`: expected {expected}, found `{word}`"));
    match ty {
        Ty::Bool => match word {
            "true" => Ok(Val::Bool(true)),
            "false" => Ok(Val::Bool(false)),
            _ => wrong("true or false"),
        },
        Ty::S8 | Ty::U8 | Ty::S16 | Ty::U16 | Ty::S32 | Ty::U32 | Ty::S64 | Ty::U64 => {
            integer(name, word, ty)
        }
        Ty::F32 | Ty::F64 => float(name, word, ty),
        Ty::String => Ok(Val::String(word.to_string())),
        Ty::Char => {
            let mut chars = word.chars();
            match (chars.next(), chars.next()) {
                (Some(c), None) => Ok(Val::Char(c)),
                _ => wrong("one char"),
            }
        }
        Ty::Enum(named) => match named.member(word) {
            Some(member) => Ok(Val::Enum(member.wit.clone())),
            None => {
                let near = crate::names::nearest(word, named.members.iter().map(|m| m.dot.as_str()));
                let hint = near.map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
                Err(format!("`{name}`: expected one of {}, found `{word}`{hint}", named.member_names()))
            }
        },
        // A string may well be the word "none": leaving the argument out is how to give no string.
        Ty::Option(inner) if **inner == Ty::String => {
            Ok(Val::Option(Some(Box::new(from_word(name, word, inner)?))))
        }
        Ty::Option(_) if word == "none" => Ok(Val::Option(None)),
        Ty::Option(inner) if !matches!(**inner, Ty::Option(_)) => {
            Ok(Val::Option(Some(Box::new(from_word(name, word, inner)?))))
        }
        Ty::Variant(named) if named.member(word).is_some_and(|m| m.ty.is_none()) => {
            let case = named.member(word).map(|m| m.wit.clone()).unwrap_or_default();
            Ok(Val::Variant(case, None))
        }
        _ => json(name, word, ty),
    }
}

fn integer(name: &str, word: &str, ty: &Ty) -> Result<Val, String> {
    let digits = word.replace('_', "");
    let (sign, magnitude) = match digits.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", digits.as_str()),
    };
    let radix = [("0x", 16), ("0o", 8), ("0b", 2)];
    let parsed = match radix.iter().find_map(|(prefix, r)| Some((magnitude.strip_prefix(prefix)?, *r))) {
        Some((rest, radix)) => i128::from_str_radix(&format!("{sign}{rest}"), radix).ok(),
        None => digits.parse::<i128>().ok(),
    };
    // The JSON reader knows the ranges and how to speak of them; a string is its form for any integer.
    let wide = match parsed.filter(|_| !word.starts_with('_')) {
        Some(n) => i64::try_from(n).map(Into::into).or_else(|_| u64::try_from(n).map(Into::into)).ok(),
        None => None,
    };
    let json = wide.unwrap_or_else(|| serde_json::Value::String(word.to_string()));
    from_json(name, &json, ty).map_err(|e| format!("`{name}`: expected {}, found `{word}`", e.expected))
}

fn float(name: &str, word: &str, ty: &Ty) -> Result<Val, String> {
    let plain = word.replace('_', "");
    let looks_right = plain.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-'));
    let special = matches!(word, "nan" | "inf" | "-inf");
    let bad = || format!("`{name}`: expected a number ({ty}), found `{word}`");
    if !looks_right && !special {
        return Err(bad());
    }
    match ty {
        Ty::F32 => plain.parse().map(Val::Float32).map_err(|_| bad()),
        _ => plain.parse().map(Val::Float64).map_err(|_| bad()),
    }
}

fn json(name: &str, word: &str, ty: &Ty) -> Result<Val, String> {
    let told = |why| {
        format!("`{name}` is {ty}, which is written as JSON, like {}; found `{word}`: {why}", example(ty))
    };
    let value = read_json(word).map_err(told)?;
    from_json(name, &value, ty).map_err(|e| e.to_string())
}

/// A JSON value of the type, for messages and help.
pub fn example(ty: &Ty) -> String {
    match ty {
        Ty::Bool => "true".to_string(),
        Ty::F32 | Ty::F64 => "1.5".to_string(),
        Ty::String => "\"text\"".to_string(),
        Ty::Char => "\"c\"".to_string(),
        Ty::FixedList(t, n) | Ty::Row(t, n) => {
            format!("[{}]", vec![example(t); *n.min(&4) as usize].join(", "))
        }
        Ty::List(t) | Ty::Set(t) => format!("[{}]", example(t)),
        Ty::Map(k, v) | Ty::Pairs(k, v) => format!("[[{}, {}]]", example(k), example(v)),
        Ty::Tuple(parts) => format!("[{}]", parts.iter().map(example).collect::<Vec<_>>().join(", ")),
        Ty::Option(t) => example(t),
        Ty::Result(ok, _) => {
            format!("{{\"ok\": {}}}", ok.as_ref().map_or("null".to_string(), |t| example(t)))
        }
        Ty::Record(named) => {
            let field = |m: &crate::ty::Member| {
                format!("\"{}\": {}", m.dot, m.ty.as_ref().map_or_else(String::new, example))
            };
            format!("{{{}}}", named.members.iter().map(field).collect::<Vec<_>>().join(", "))
        }
        Ty::Variant(named) => match named.members.first() {
            Some(m) => match &m.ty {
                Some(ty) => format!("{{\"{}\": {}}}", m.dot, example(ty)),
                None => format!("\"{}\"", m.dot),
            },
            None => "null".to_string(),
        },
        Ty::Enum(named) => format!("\"{}\"", named.members.first().map_or("", |m| m.dot.as_str())),
        Ty::Flags(named) => format!("[\"{}\"]", named.members.first().map_or("", |m| m.dot.as_str())),
        Ty::Handle(what) => format!("<{what}>"),
        _ => "1".to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simple_words_are_plain() {
        let ok = |word: &str, ty: Ty, value: Val| assert_eq!(from_word("x", word, &ty), Ok(value), "{word}");
        ok("-1_000", Ty::S32, Val::S32(-1000));
        ok("0xff", Ty::U8, Val::U8(255));
        ok("18446744073709551615", Ty::U64, Val::U64(u64::MAX));
        ok("1e9", Ty::F64, Val::Float64(1e9));
        ok("inf", Ty::F64, Val::Float64(f64::INFINITY));
        ok("true", Ty::Bool, Val::Bool(true));
        ok("é", Ty::Char, Val::Char('é'));
        ok("none", Ty::Option(Ty::U8.into()), Val::Option(None));
        ok("none", Ty::Option(Ty::String.into()), Val::Option(Some(Box::new(Val::String("none".into())))));
        ok("[1, 2]", Ty::List(Ty::U8.into()), Val::List(vec![Val::U8(1), Val::U8(2)]));
    }

    #[test]
    fn words_that_do_not_fit_say_what_would() {
        let fails = |word: &str, ty: Ty| from_word("x", word, &ty).err().unwrap_or_default();
        assert_eq!(fails("300", Ty::U8), "`x`: expected an integer from 0 to 255 (u8), found `300`");
        assert_eq!(fails("infinity", Ty::F64), "`x`: expected a number (f64), found `infinity`");
        assert_eq!(fails("yes", Ty::Bool), "`x`: expected true or false, found `yes`");
        assert_eq!(
            fails("1,2", Ty::List(Ty::U8.into())),
            "`x` is list<u8>, which is written as JSON, like [1]; found `1,2`: trailing characters at line 1 column 2"
        );
        assert_eq!(
            fails("[1, \"a\"]", Ty::List(Ty::U8.into())),
            "at `x[1]`: expected an integer from 0 to 255 (u8), found the string \"a\""
        );
    }
}
