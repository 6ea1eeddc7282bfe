//! `file:` URIs and paths (RFC 8089).

use std::path::{Path, PathBuf};

/// The path of a `file:` URI; none for other schemes. An unsaved document (`untitled:`) is known by a path that
/// its URI is made into, so that it can be checked as a lone file.
pub fn to_path(uri: &str) -> PathBuf {
    let Some(rest) = uri.strip_prefix("file://") else {
        let name: String = uri.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
        return PathBuf::from(format!("{name}.dot"));
    };
    let path = rest.find('/').map_or(rest, |slash| &rest[slash..]);
    let decoded = decode(path);
    // `/C:/x` on Windows.
    let drive = decoded.as_bytes().get(2) == Some(&b':') && decoded.starts_with('/');
    PathBuf::from(if drive { &decoded[1..] } else { decoded.as_str() })
}

/// The `file:` URI of a path.
pub fn from_path(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    let mut uri = String::from(if text.starts_with('/') { "file://" } else { "file:///" });
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=:@".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
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
        assert_eq!(to_path("untitled:Untitled-1"), PathBuf::from("untitled_Untitled_1.dot"));
    }
}
