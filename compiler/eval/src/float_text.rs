//! Floats as text: the shortest digits that read back to the same value, arranged as ECMAScript does.
//!
//! With the digits `d1 … dk` and the value `0.d1…dk × 10^n`, `Number::toString` (ECMA-262) writes the plain
//! decimal while `-6 < n <= 21` and the exponent form beyond. Ours differs from it in three things: a whole
//! number gets `.0`, so that a float never looks like an integer; `e` is followed by no `+`; and the names are
//! `nan`, `inf` and `-inf`.

use dot_types::FloatKind;
use std::fmt::Write as _;

/// The text of a float of type `kind`.
#[must_use]
pub fn float_text(value: f64, kind: FloatKind) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf".to_owned() } else { "-inf".to_owned() };
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value == 0.0 {
        return format!("{sign}0.0");
    }
    let scientific = shortest(value.abs(), kind);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let exponent: i32 = exponent.parse().unwrap_or(0);
    format!("{sign}{}", arrange(&digits, exponent))
}

/// The shortest digits that read back to a positive value, and of those the nearest to it; of two that are equally
/// near, the one that ends even. Which they are depends on the type: 0.1 as an `f32` is not 0.1 as an `f64`.
fn shortest(value: f64, kind: FloatKind) -> String {
    // Rust gives the fewest digits, but of two equally near it takes the greater. Rounding to that many digits is
    // right where it reads back; at a power of two it may not.
    match kind {
        FloatKind::F64 => {
            let text = format!("{value:e}");
            let nearest = format!("{value:.*e}", fraction_digits(&text));
            if nearest.parse() == Ok(value) { nearest } else { text }
        }
        FloatKind::F32 => {
            let value = value as f32;
            let text = format!("{value:e}");
            let nearest = format!("{value:.*e}", fraction_digits(&text));
            if nearest.parse() == Ok(value) { nearest } else { text }
        }
    }
}

/// How many digits stand behind the point of `d.ddde-dd`.
fn fraction_digits(scientific: &str) -> usize {
    let mantissa = scientific.split('e').next().unwrap_or_default();
    mantissa.len().saturating_sub(2)
}

/// Puts the point: the value is `d1.d2…dk × 10^exponent`.
fn arrange(digits: &str, exponent: i32) -> String {
    let mut text = String::new();
    let count = digits.len() as i32;
    if !(-6..21).contains(&exponent) {
        let (first, rest) = digits.split_at(1);
        text.push_str(first);
        if !rest.is_empty() {
            text.push('.');
            text.push_str(rest);
        }
        let _ = write!(text, "e{exponent}");
    } else if exponent < 0 {
        text.push_str("0.");
        text.extend(std::iter::repeat_n('0', (-exponent - 1) as usize));
        text.push_str(digits);
    } else if count <= exponent + 1 {
        text.push_str(digits);
        text.extend(std::iter::repeat_n('0', (exponent + 1 - count) as usize));
        text.push_str(".0");
    } else {
        let (whole, fraction) = digits.split_at(exponent as usize + 1);
        text.push_str(whole);
        text.push('.');
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expectations are ECMAScript's (`String(x)` in any JavaScript engine) with the three differences applied.
    #[test]
    fn as_ecmascript_with_a_point() {
        let cases = [
            (1.0, "1.0"),
            (-0.0, "-0.0"),
            (0.0, "0.0"),
            (0.1, "0.1"),
            (100.0, "100.0"),
            (123.456, "123.456"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e20, "100000000000000000000.0"),
            (1e21, "1e21"),
            (1.5e21, "1.5e21"),
            (-1.234e300, "-1.234e300"),
            (0.000_001, "0.000001"),
            (0.000_001_5, "0.0000015"),
            (1e-7, "1e-7"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e308"),
            (9_007_199_254_740_993.0, "9007199254740992.0"),
            // 2^-25 is half way between two numbers of 17 digits.
            (1.0 / 33_554_432.0, "2.9802322387695312e-8"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "nan"),
            (-f64::NAN, "nan"),
        ];
        for (value, text) in cases {
            assert_eq!(float_text(value, FloatKind::F64), text);
        }
    }

    #[test]
    fn an_f32_has_the_digits_of_an_f32() {
        assert_eq!(float_text(f64::from(0.1_f32), FloatKind::F32), "0.1");
        assert_eq!(float_text(f64::from(0.1_f32), FloatKind::F64), "0.10000000149011612");
        assert_eq!(float_text(f64::from(16_777_216.0_f32), FloatKind::F32), "16777216.0");
        assert_eq!(float_text(f64::from(f32::MAX), FloatKind::F32), "3.4028235e38");
    }
}
