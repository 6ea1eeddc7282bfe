//! The structural encoding against an encoder that knows nothing of the compiler, and against bytes made to hurt.

mod support;

use dot_eval::Value;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use std::collections::BTreeMap;
use support::{End, agree, program};

/// Decodes, and gives what encoding gives back; of what is no encoding, where it goes wrong.
const PROGRAM: &str = "
use std/encoding.{decode, encode}
variant Json { Null, Flag(bool), Number(f64), Text(string), Array(list<Json>), Object(map<string, Json>) }
record Row { id: u32, delta: s16, tag: option<char>, json: Json }
fn again(bytes: list<u8>) -> result<list<u8>, u32> {
  match decode<list<Row>>(bytes) {
    ok(rows) => ok(encode(rows))
    err(e) => err(e.at)
  }
}
";

/// The same types in Rust.
#[derive(Clone, Debug)]
enum Json {
    Null,
    Flag(bool),
    Number(f64),
    Text(String),
    Array(Vec<Json>),
    Object(BTreeMap<String, Json>),
}

type Row = (u32, i16, Option<char>, Json);

/// An encoder by the words of the spec's chapter.
fn number(out: &mut Vec<u8>, n: u64) {
    let groups = (64 - n.leading_zeros()).div_ceil(7).max(1);
    for group in 0..groups {
        let more = if group + 1 < groups { 0x80 } else { 0 };
        out.push((n >> (7 * group) & 0x7f) as u8 | more);
    }
}

fn json(out: &mut Vec<u8>, value: &Json) {
    match value {
        Json::Null => out.push(0),
        Json::Flag(flag) => out.extend([1, u8::from(*flag)]),
        Json::Number(n) => {
            out.push(2);
            out.extend(if n.is_nan() { [0, 0, 0, 0, 0, 0, 0xf8, 0x7f] } else { n.to_bits().to_le_bytes() });
        }
        Json::Text(text) => {
            out.push(3);
            string(out, text);
        }
        Json::Array(items) => {
            out.push(4);
            number(out, items.len() as u64);
            items.iter().for_each(|item| json(out, item));
        }
        Json::Object(entries) => {
            out.push(5);
            number(out, entries.len() as u64);
            // Rust, too, orders strings by their bytes.
            for (key, value) in entries {
                string(out, key);
                json(out, value);
            }
        }
    }
}

fn string(out: &mut Vec<u8>, text: &str) {
    number(out, text.len() as u64);
    out.extend(text.as_bytes());
}

fn rows(rows: &[Row]) -> Vec<u8> {
    let mut out = vec![1];
    number(&mut out, rows.len() as u64);
    for (id, delta, tag, value) in rows {
        number(&mut out, u64::from(*id));
        let delta = i64::from(*delta);
        number(&mut out, if delta >= 0 { 2 * delta } else { -2 * delta - 1 } as u64);
        match tag {
            None => out.push(0),
            Some(c) => {
                out.push(1);
                number(&mut out, u64::from(u32::from(*c)));
            }
        }
        json(&mut out, value);
    }
    out
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Flag),
        any::<f64>().prop_map(Json::Number),
        ".{0,6}".prop_map(Json::Text),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::Array),
            prop::collection::btree_map(".{0,3}", inner, 0..4).prop_map(Json::Object),
        ]
    })
}

fn any_rows() -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec((any::<u32>(), any::<i16>(), any::<Option<char>>(), any_json()), 0..4)
}

fn bytes_value(bytes: &[u8]) -> Value<'static> {
    Value::list(bytes.iter().map(|byte| Value::int(*byte)).collect())
}

/// Checks a property of many inputs against one program.
fn check<S: Strategy>(
    inputs: &S,
    property: impl Fn(&dot_db::Database, S::Value) -> Result<(), TestCaseError>,
) {
    let db = program(PROGRAM);
    let mut runner = TestRunner::new(ProptestConfig::with_cases(64));
    if let Err(error) = runner.run(inputs, |input| property(&db, input)) {
        panic!("{error}");
    }
}

#[test]
// r[enc.bytes], r[enc.canonical]
fn what_another_encoder_wrote_comes_back() {
    check(&any_rows(), |db, data| {
        let bytes = rows(&data);
        let given = agree(db, "again", &[bytes_value(&bytes)]);
        prop_assert_eq!(given, End::Values(vec![Value::ok(bytes_value(&bytes))]));
        Ok(())
    });
}

/// Whatever the bytes are, all engines say the same, and what is accepted is the one encoding of its value.
#[test]
// r[enc.decode], r[enc.canonical]
fn hostile_bytes_are_refused_or_canonical() {
    let inputs = (any_rows(), any::<prop::sample::Index>(), any::<u8>());
    check(&inputs, |db, (data, at, byte)| {
        let mut bytes = rows(&data);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let given = agree(db, "again", &[bytes_value(&bytes)]);
        let End::Values(values) = &given else { return Err(TestCaseError::fail(format!("{given:?}"))) };
        match values[0].as_case() {
            Some((0, [again])) => prop_assert_eq!(again, &bytes_value(&bytes)),
            Some((1, [Value::Int(at)])) => prop_assert!(at.get() <= bytes.len() as i128),
            other => prop_assert!(false, "{:?}", other),
        }
        Ok(())
    });
}
