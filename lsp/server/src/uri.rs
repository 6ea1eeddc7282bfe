//! `file:` URIs and paths (RFC 8089).

use std::fmt::Write;
use std::path::{Path, PathBuf};

/// The path of a `file:` URI. A document of another scheme (`untitled:`) is known by a path of its own that its URI is
/// made into, so that it can be checked as a lone file.
pub fn to_path(uri: &str) -> PathBuf {
    let Some(rest) = uri.strip_prefix("file://") else { return PathBuf::from(format!("{}.dot", label(uri))) };
    let path = rest.find('/').map_or(rest, |slash| &rest[slash..]);
    let decoded = decode(path);
    // `/C:/x` on Windows.
    let drive = decoded.as_bytes().get(2) == Some(&b':') && decoded.starts_with('/');
    PathBuf::from(if drive { &decoded[1..] } else { decoded.as_str() })
}

/// A URI as a file's name. No two are the same: what is no letter or digit is written as its number.
fn label(uri: &str) -> String {
    let mut label = String::new();
    for c in uri.chars() {
        if c.is_ascii_alphanumeric() {
            label.push(c);
        } else {
            let _ = write!(label, "_{:x}_", u32::from(c));
        }
    }
    label
}

/// The `file:` URI of a path.
pub fn from_path(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    let mut uri = String::from(if text.starts_with('/') { "file://" } else { "file:///" });
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=:@".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

/// Resolves `%41`; what is no escape stays as it is.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(escape.unwrap_or(bytes[at]));
        at += if escape.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{from_path, to_path};
    use std::path::{Path, PathBuf};

    #[test]
    fn paths_survive_the_way_through_a_uri() {
        for path in ["/a/b.dot", "/a b/ü%.dot", "/x#y?z.dot"] {
            assert_eq!(to_path(&from_path(Path::new(path))), PathBuf::from(path));
        }
    }

    #[test]
    fn editors_write_uris_in_their_own_ways() {
        assert_eq!(to_path("file:///a%20b.dot"), PathBuf::from("/a b.dot"));
        assert_eq!(to_path("file://localhost/a.dot"), PathBuf::from("/a.dot"));
        assert_eq!(to_path("file:///c%3A/x.dot"), PathBuf::from("c:/x.dot"));
        assert_eq!(to_path("file:///100%"), PathBuf::from("/100%"));
    }

    #[test]
    fn unsaved_documents_have_paths_of_their_own() {
        // `:` is U+3A, `-` U+2D, `_` U+5F.
        assert_eq!(to_path("untitled:Untitled-1"), PathBuf::from("untitled_3a_Untitled_2d_1.dot"));
        assert_ne!(to_path("untitled:a-b"), to_path("untitled:a_b"));
        assert_eq!(to_path("untitled:_"), PathBuf::from("untitled_3a__5f_.dot"));
    }
}
