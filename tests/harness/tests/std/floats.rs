//! Floats print and parse as Rust's do.

use crate::{Compiled, Random};
use serde_json::{Value as Json, json};

const PROBE: &str = r#"
dot print(bits: list<u64>) -> list<string> { bits.map(|b| "{f64.from_bits(b)}") }
dot print_narrow(bits: list<u32>) -> list<string> { bits.map(|b| "{f32.from_bits(b)}") }
dot read(texts: list<string>) -> list<option<u64>> { texts.map(|t| f64.parse(t).map(|x| x.bits())) }
dot read_narrow(texts: list<string>) -> list<option<u32>> { texts.map(|t| f32.parse(t).map(|x| x.bits())) }
dot fixed(bits: list<u64>, digits: u32) -> list<string> { bits.map(|b| f64.from_bits(b).to_fixed(digits)) }
"#;

const PIECE: u64 = 1000;

/// The shortest digits of Rust, which are read back as the same float.
fn digits(text: &str) -> (bool, String, i32) {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let point = exponent.parse::<i32>().expect("an exponent") + whole.len() as i32;
    let leading = all.len() - all.trim_start_matches('0').len();
    (negative, all.trim_matches('0').to_owned(), point - leading as i32)
}

/// Whether two texts say the same digits; where two are as short and as near, ours is the one that ends even, as the
/// spec has it, and Rust's may be the other.
fn assert_shortest(ours: &str, rusts: &str) {
    let ((sign, our_digits, point), theirs) = (digits(ours), digits(rusts));
    let number = |digits: &str| digits.parse::<u64>().expect("digits");
    let is_tie = our_digits.len() == theirs.1.len()
        && number(&our_digits).abs_diff(number(&theirs.1)) == 1
        && number(&our_digits) % 2 == 0;
    assert!((sign, point) == (theirs.0, theirs.2) && (our_digits == theirs.1 || is_tie), "{ours}, {rusts}");
}

#[test]
fn random_bits_print_and_read_as_in_rust() {
    let compiled = Compiled::new(PROBE);
    let mut random = Random(1);
    for _ in 0..dot_tests::rounds(20, 200, 1000) {
        let bits: Vec<u64> = (0..PIECE).map(|_| random.next()).collect();
        let finite: Vec<u64> = bits.into_iter().filter(|bits| f64::from_bits(*bits).is_finite()).collect();
        let printed = compiled.call("print", &[json!(finite)]);
        for (bits, text) in finite.iter().zip(printed.as_array().expect("a list")) {
            let text = text.as_str().expect("a text");
            assert_shortest(text, &format!("{:e}", f64::from_bits(*bits)));
        }
        assert_eq!(compiled.call("read", &[printed]), json!(finite));
        let narrow: Vec<u32> = finite.iter().map(|bits| *bits as u32).collect();
        let narrow: Vec<u32> = narrow.into_iter().filter(|bits| f32::from_bits(*bits).is_finite()).collect();
        let printed = compiled.call("print_narrow", &[json!(narrow)]);
        for (bits, text) in narrow.iter().zip(printed.as_array().expect("a list")) {
            let text = text.as_str().expect("a text");
            assert_shortest(text, &format!("{:e}", f32::from_bits(*bits)));
        }
        assert_eq!(compiled.call("read_narrow", &[printed]), json!(narrow));
    }
}

/// Decimals that no float is near the middle of, and some that one is.
#[test]
fn random_decimals_read_as_in_rust() {
    let compiled = Compiled::new(PROBE);
    let mut random = Random(2);
    for _ in 0..dot_tests::rounds(10, 100, 1000) {
        let mut texts: Vec<String> = Vec::new();
        for _ in 0..PIECE / 2 {
            let digits = random.below(25);
            texts.push(format!("{}e{}", random.next(), random.below(700) as i32 - 360));
            texts.push(format!("{:.*e}", digits, f64::from_bits(random.next() >> 1 & !(1 << 62))));
        }
        let wide: Vec<Json> =
            texts.iter().map(|text| json!(text.parse::<f64>().expect("a float").to_bits())).collect();
        assert_eq!(compiled.call("read", &[json!(texts)]), json!(wide));
        let narrow: Vec<Json> =
            texts.iter().map(|text| json!(text.parse::<f32>().expect("a float").to_bits())).collect();
        assert_eq!(compiled.call("read_narrow", &[json!(texts)]), json!(narrow));
    }
}

#[test]
fn fixed_digits_are_those_of_rust() {
    let compiled = Compiled::new(PROBE);
    let mut random = Random(3);
    let floats: Vec<f64> = (0..200)
        .map(|at| match at % 4 {
            0 => f64::from_bits(random.next()),
            1 => (random.next() as i32) as f64 / 1024.0,
            2 => (random.next() % 2001) as f64 * 0.125 - 125.0,
            _ => random.next() as f64 * 1e-19,
        })
        .filter(|value| value.is_finite())
        .collect();
    let bits: Vec<u64> = floats.iter().map(|value| value.to_bits()).collect();
    for digits in [0, 1, 2, 3, 17, 40] {
        let expected: Vec<String> = floats.iter().map(|value| format!("{value:.digits$}")).collect();
        assert_eq!(compiled.call("fixed", &[json!(bits), json!(digits)]), json!(expected));
    }
}
