//! The trap table: why each instruction traps, and where that was written.

use dot_mir::ir::Site;

/// A place in a source file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The path relative to the package's root, with `/`.
    pub file: String,
    /// The first line, from 1.
    pub line: u32,
    /// The first column, from 1, in Unicode scalar values.
    pub column: u32,
    /// The last line.
    pub end_line: u32,
    /// The column behind the end.
    pub end_column: u32,
}

/// Turns places in items into lines and columns. The driver knows files; the linker doesn't.
pub trait SourceResolver<'db> {
    /// Where an expression stands now.
    fn place(&self, site: Site<'db>) -> Option<Place>;
}

/// An entry as it will be written.
pub(super) struct Entry<'a, 'db> {
    pub func: u32,
    pub offset: u32,
    pub kind: &'static str,
    pub trap: &'a crate::lir::Trap<'db>,
}

/// The content of the custom section `dot-traps`, or nothing when there is nothing to tell.
pub(super) fn table<'db>(resolver: &dyn SourceResolver<'db>, entries: &[Entry<'_, 'db>]) -> Option<Vec<u8>> {
    let mut files: Vec<String> = Vec::new();
    let mut traps = Vec::new();
    for entry in entries {
        // An entry must have a place; what was made by the compiler alone takes the start of nothing.
        let place = entry.trap.site.and_then(|site| resolver.place(site));
        if place.is_none() && entry.kind == "call" {
            continue;
        }
        let place =
            place.unwrap_or(Place { file: String::new(), line: 1, column: 1, end_line: 1, end_column: 1 });
        let file = files.iter().position(|file| *file == place.file).unwrap_or_else(|| {
            files.push(place.file.clone());
            files.len() - 1
        });
        traps.push(one(entry, &place, file));
    }
    if traps.is_empty() {
        return None;
    }
    let files: Vec<String> = files.iter().map(|file| quote(file)).collect();
    Some(
        format!(r#"{{"version":1,"files":[{}],"traps":[{}]}}"#, files.join(","), traps.join(","))
            .into_bytes(),
    )
}

fn one(entry: &Entry<'_, '_>, place: &Place, file: usize) -> String {
    let mut out = format!(r#"{{"func":{},"offset":{},"kind":"{}""#, entry.func, entry.offset, entry.kind);
    let message = match &entry.trap.overflow {
        Some(message) if entry.kind == "overflow" => message.as_str(),
        _ => entry.trap.message.as_str(),
    };
    if !message.is_empty() {
        out += &format!(r#","message":{}"#, quote(message));
    }
    out += &format!(r#","file":{file},"line":{},"column":{}"#, place.line, place.column);
    if place.end_line != place.line {
        out += &format!(r#","end_line":{}"#, place.end_line);
    }
    out += &format!(r#","end_column":{}"#, place.end_column);
    let values = entry.trap.values.iter().map(|value| {
        let length = value.length.map_or(String::new(), |length| format!(r#","length":{}"#, length.0));
        format!(r#"{{"name":{},"local":{},"type":"{}"{length}}}"#, quote(&value.name), value.reg.0, value.ty)
    });
    let values: Vec<String> = values.collect();
    if !values.is_empty() {
        out += &format!(r#","values":[{}]"#, values.join(","));
    }
    out.push('}');
    out
}

/// A JSON string.
fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if u32::from(c) < 0x20 => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
