//! Values as Dot prints them.
//!
//! [`show`] is for the top level, where a string and a char are raw; [`literal`] writes what a Dot program could
//! contain. Maps and sets have crossed as lists; where `dot-meta` tells that a list was one, it is printed as such,
//! in the total order.

use wasmtime::component::Val;

use crate::order::sorted;
use crate::ty::{Named, Ty};

/// The value as the top level of an interpolation shows it.
pub fn show(value: &Val, ty: &Ty) -> String {
    match value {
        Val::String(text) => text.clone(),
        Val::Char(c) => c.to_string(),
        _ => literal(value, ty),
    }
}

/// The value as a Dot literal.
pub fn literal(value: &Val, ty: &Ty) -> String {
    let mut out = String::new();
    write(&mut out, value, ty);
    out
}

/// The recursion is as deep as the type, which wasmtime limits to 100.
fn write(out: &mut String, value: &Val, ty: &Ty) {
    match (value, ty) {
        (Val::Bool(b), _) => out.push_str(&b.to_string()),
        (Val::S8(n), _) => out.push_str(&n.to_string()),
        (Val::U8(n), _) => out.push_str(&n.to_string()),
        (Val::S16(n), _) => out.push_str(&n.to_string()),
        (Val::U16(n), _) => out.push_str(&n.to_string()),
        (Val::S32(n), _) => out.push_str(&n.to_string()),
        (Val::U32(n), _) => out.push_str(&n.to_string()),
        (Val::S64(n), _) => out.push_str(&n.to_string()),
        (Val::U64(n), _) => out.push_str(&n.to_string()),
        (Val::Float32(x), _) => out.push_str(&float32(*x)),
        (Val::Float64(x), _) => out.push_str(&float64(*x)),
        (Val::Char(c), _) => {
            out.push('\'');
            escape(out, *c, '\'');
            out.push('\'');
        }
        (Val::String(text), _) => {
            out.push('"');
            text.chars().for_each(|c| escape(out, c, '"'));
            out.push('"');
        }
        (Val::List(items) | Val::FixedLengthList(items), Ty::List(t) | Ty::FixedList(t, _)) => {
            separated(out, "[", items, "]", |out, item| write(out, item, t));
        }
        (Val::Tuple(items), Ty::Row(t, _)) => {
            separated(out, "[", items, "]", |out, item| write(out, item, t));
        }
        (Val::List(items), Ty::Set(t)) => {
            separated(out, "[", &sorted(items, t), "]", |out, item| write(out, item, t));
        }
        (Val::List(items), Ty::Pairs(k, v)) => write_pairs(out, items, k, v),
        (Val::Map(entries), Ty::Map(k, v)) => {
            let open = if entries.is_empty() { "[:" } else { "[" };
            separated(out, open, entries, "]", |out, (key, value)| {
                write(out, key, k);
                out.push_str(": ");
                write(out, value, v);
            });
        }
        (Val::Tuple(items), Ty::Tuple(types)) => {
            let items: Vec<(&Val, &Ty)> = items.iter().zip(types).collect();
            let close = if items.len() == 1 { ",)" } else { ")" };
            separated(out, "(", &items, close, |out, (item, ty)| write(out, item, ty));
        }
        (Val::Record(fields), Ty::Record(named)) => write_record(out, fields, named),
        (Val::Variant(case, payload), Ty::Variant(named)) => {
            write_case(out, case, payload.as_deref(), named);
        }
        (Val::Enum(case), Ty::Enum(named)) => out.push_str(dot_name(named, case)),
        (Val::Flags(flags), Ty::Flags(named)) => {
            separated(out, "[", flags, "]", |out, flag| out.push_str(dot_name(named, flag)));
        }
        (Val::Option(None), _) => out.push_str("none"),
        (Val::Option(Some(value)), Ty::Option(t)) => wrapped(out, "some", Some((value, t))),
        (Val::Result(Ok(value)), Ty::Result(ok, _)) => {
            wrapped(out, "ok", value.as_deref().zip(ok.as_deref()));
        }
        (Val::Result(Err(value)), Ty::Result(_, err)) => {
            wrapped(out, "err", value.as_deref().zip(err.as_deref()));
        }
        // What can't be written down.
        (_, ty) => out.push_str(&format!("<{ty}>")),
    }
}

fn separated<T>(
    out: &mut String,
    open: &str,
    items: &[T],
    close: &str,
    mut each: impl FnMut(&mut String, &T),
) {
    out.push_str(open);
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        each(out, item);
    }
    out.push_str(close);
}

fn write_pairs(out: &mut String, items: &[Val], k: &Ty, v: &Ty) {
    let open = if items.is_empty() { "[:" } else { "[" };
    let pair = Ty::Tuple(vec![k.clone(), v.clone()]);
    separated(out, open, &sorted(items, &pair), "]", |out, item| {
        if let Val::Tuple(parts) = item
            && let [key, value] = parts.as_slice()
        {
            write(out, key, k);
            out.push_str(": ");
            write(out, value, v);
        }
    });
}

fn wrapped(out: &mut String, name: &str, value: Option<(&Val, &Ty)>) {
    out.push_str(name);
    out.push('(');
    if let Some((value, ty)) = value {
        // `ok(())` is written `ok()`.
        if !matches!(ty, Ty::Tuple(parts) if parts.is_empty()) {
            write(out, value, ty);
        }
    }
    out.push(')');
}

fn write_record(out: &mut String, fields: &[(String, Val)], named: &Named) {
    if let Some(name) = &named.name {
        out.push_str(name);
        out.push(' ');
    }
    if fields.is_empty() {
        out.push_str("{}");
        return;
    }
    let members: Vec<_> = fields.iter().zip(&named.members).collect();
    separated(out, "{ ", &members, " }", |out, ((_, value), member)| {
        out.push_str(&member.dot);
        out.push_str(": ");
        if let Some(ty) = &member.ty {
            write(out, value, ty);
        }
    });
}

fn write_case(out: &mut String, case: &str, payload: Option<&Val>, named: &Named) {
    out.push_str(dot_name(named, case));
    let (Some(payload), Some(member)) = (payload, named.member(case)) else { return };
    let types = member.parts();
    match payload {
        Val::Tuple(values) if types.len() > 1 => {
            let parts: Vec<(&Val, &&Ty)> = values.iter().zip(&types).collect();
            separated(out, "(", &parts, ")", |out, (value, ty)| write(out, value, ty));
        }
        payload => {
            out.push('(');
            if let Some(ty) = &member.ty {
                write(out, payload, ty);
            }
            out.push(')');
        }
    }
}

fn dot_name<'a>(named: &'a Named, wit: &'a str) -> &'a str {
    named.members.iter().find(|m| m.wit == wit).map_or(wit, |m| m.dot.as_str())
}

/// Writes a char of a literal that is closed by `quote`.
fn escape(out: &mut String, c: char, quote: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\0' => out.push_str("\\0"),
        '\\' => out.push_str("\\\\"),
        // A brace opens an interpolation in a string only.
        '{' if quote == '"' => out.push_str("\\{"),
        c if c == quote => out.extend(['\\', c]),
        c if c.is_control() => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
        c => out.push(c),
    }
}

/// The shortest decimal that reads back to the same `f32`.
pub fn float32(x: f32) -> String {
    if x.is_finite() { decimal(&format!("{x:e}")) } else { not_finite(f64::from(x)) }
}

/// The shortest decimal that reads back to the same `f64`.
pub fn float64(x: f64) -> String {
    if x.is_finite() { decimal(&format!("{x:e}")) } else { not_finite(x) }
}

fn not_finite(x: f64) -> String {
    let name = if x.is_nan() {
        "nan"
    } else if x > 0.0 {
        "inf"
    } else {
        "-inf"
    };
    name.to_string()
}

/// Lays out the shortest digits, given as Rust's `{:e}` writes them (`-1.25e-7`), as ECMAScript's
/// `Number::toString` does: plain when the exponent is from -6 to 20, with an exponent otherwise; and always
/// recognizable as a float.
fn decimal(scientific: &str) -> String {
    let (sign, rest) = match scientific.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", scientific),
    };
    let (mantissa, exponent) = rest.split_once('e').unwrap_or((rest, "0"));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if !(-6..21).contains(&exponent) {
        return format!("{sign}{mantissa}e{exponent}");
    }
    let Ok(whole) = usize::try_from(exponent + 1) else {
        let zeros = "0".repeat(usize::try_from(-exponent - 1).unwrap_or(0));
        return format!("{sign}0.{zeros}{digits}");
    };
    if whole == 0 {
        return format!("{sign}0.{digits}");
    }
    if digits.len() <= whole {
        return format!("{sign}{digits}{}.0", "0".repeat(whole - digits.len()));
    }
    let (before, after) = digits.split_at(whole);
    format!("{sign}{before}.{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expectations are ECMAScript's (`String(x)` in any engine), with `.0` added to integers and no `+` in
    /// exponents.
    #[test]
    fn floats_print_as_ecmascript_prints_them() {
        let cases = [
            (1.0, "1.0"),
            (0.1, "0.1"),
            (-0.0, "-0.0"),
            (0.0, "0.0"),
            (100.0, "100.0"),
            (123.456, "123.456"),
            (1e20, "100000000000000000000.0"),
            (1e21, "1e21"),
            (1.5e300, "1.5e300"),
            (1e-6, "0.000001"),
            (1.5e-6, "0.0000015"),
            (1e-7, "1e-7"),
            (5e-324, "5e-324"),
            (0.1 + 0.2, "0.30000000000000004"),
            (f64::NAN, "nan"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
        ];
        for (x, expected) in cases {
            assert_eq!(float64(x), expected);
        }
        assert_eq!(float32(0.1), "0.1");
        assert_eq!(float32(16_777_216.0), "16777216.0");
    }

    #[test]
    fn strings_and_chars_escape_what_their_literals_need() {
        assert_eq!(literal(&Val::String("a\n{'\"\u{1}é".into()), &Ty::String), r#""a\n\{'\"\u{1}é""#);
        assert_eq!(literal(&Val::Char('\''), &Ty::Char), r"'\''");
        assert_eq!(literal(&Val::Char('{'), &Ty::Char), "'{'");
        assert_eq!(show(&Val::String("a\n".into()), &Ty::String), "a\n");
    }

    #[test]
    fn tuples_of_every_length_read_back() {
        let tuple = |n: usize| literal(&Val::Tuple(vec![Val::U8(1); n]), &Ty::Tuple(vec![Ty::U8; n]));
        assert_eq!([tuple(0), tuple(1), tuple(2)], ["()", "(1,)", "(1, 1)"]);
    }
}
