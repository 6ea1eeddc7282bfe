//! Ranges of code points as sequences of ranges of bytes.
//!
//! `U+0080..U+07FF` is `C2..DF 80..BF`. A range is split where the length of the encoding changes, and then
//! where its first and last code point differ in a byte that is followed by others which don't span all of
//! `80..BF`, until each part is a product of ranges of bytes.

/// A range of each byte, in order.
pub type ByteRanges = Vec<(u8, u8)>;

/// The last code point of each length of encoding.
const ENDS: [u32; 4] = [0x7F, 0x7FF, 0xFFFF, 0x10_FFFF];

/// The sequences of ranges of bytes that encode the code points from `first` to `last`, none of them a surrogate.
pub fn sequences(first: u32, last: u32) -> Vec<ByteRanges> {
    let mut out = Vec::new();
    let mut start = first;
    for end in ENDS {
        if start <= end.min(last) {
            split(start, end.min(last), &mut out);
            start = end + 1;
        }
    }
    out
}

fn split(first: u32, last: u32, out: &mut Vec<ByteRanges>) {
    // A continuation byte holds six bits.
    for bits in [6, 12, 18] {
        let mask = (1u32 << bits) - 1;
        if first & !mask == last & !mask {
            continue;
        }
        if first & mask != 0 {
            split(first, first | mask, out);
            split((first | mask) + 1, last, out);
            return;
        }
        if last & mask != mask {
            split(first, (last & !mask) - 1, out);
            split(last & !mask, last, out);
            return;
        }
    }
    let (low, high) = (encode(first), encode(last));
    out.push(low.into_iter().zip(high).collect());
}

/// The bytes of a code point in UTF-8.
fn encode(code: u32) -> Vec<u8> {
    let mut buffer = [0; 4];
    char::from_u32(code).map(|c| c.encode_utf8(&mut buffer).as_bytes().to_vec()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::sequences;

    fn covers(first: char, last: char, c: char) -> usize {
        let mut buffer = [0; 4];
        let bytes = c.encode_utf8(&mut buffer).as_bytes();
        let fits = |ranges: &&Vec<(u8, u8)>| {
            ranges.len() == bytes.len()
                && ranges.iter().zip(bytes).all(|((low, high), byte)| (low..=high).contains(&byte))
        };
        sequences(first.into(), last.into()).iter().filter(fits).count()
    }

    #[test]
    fn each_char_of_a_range_has_one_sequence_and_no_other_char_has_any() {
        let chars = ['\0', 'a', '\u{7f}', '\u{80}', 'ß', '\u{7ff}', '\u{800}', '€', '\u{d7ff}', '\u{e000}'];
        let chars = || chars.into_iter().chain(['\u{fffd}', '\u{ffff}', '\u{10000}', '😀', '\u{10ffff}']);
        for first in chars() {
            for last in chars().filter(|last| first <= *last) {
                if first <= '\u{d7ff}' && last >= '\u{e000}' {
                    continue;
                }
                for c in chars() {
                    assert_eq!(covers(first, last, c), usize::from((first..=last).contains(&c)), "{c:?}");
                }
            }
        }
    }
}
