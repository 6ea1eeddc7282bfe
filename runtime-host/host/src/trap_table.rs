//! `dot-traps`: why an instruction traps.
//!
//! WebAssembly tells a host that an instruction trapped, and nothing else: an overflow, a failed `assert` and
//! an index out of range all arrive as `unreachable`. The compiler knows the reason of every site, so it leaves
//! a table in a custom section named [`SECTION`] of the *core module*. Each entry is found by a place in the
//! code and gives the kind, the message and the span in the source.
//!
//! **Places are relative to a function's body.** `func` is the index in the module's function index space
//! (imports count). `offset` is the number of bytes from the first byte of the function's body, the one after
//! the body's size, where its local declarations begin, to the first byte of the instruction that traps. Such
//! places survive everything that moves a module as a whole: embedding in a component, removing or adding
//! sections before the code.
//!
//! An instruction with two reasons to trap (a signed division: by zero, or overflow) has two entries; the machine
//! knows which of the two it was. `unreachable` has one.
//!
//! A message that the program computes, as in `unreachable("no {name}")`, is a value like the others: the entry's
//! message is `{message}` and a value of that name and type `string` tells where its bytes are.
//!
//! An instruction that calls (`call`, `call_indirect`) can stand in the table too; it is then used for the
//! line and column of a frame in the backtrace, and its `kind` is `call`.
//!
//! The content is JSON (`spec/schema/dot-traps.schema.json`), versioned.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The name of the custom section.
pub const SECTION: &str = "dot-traps";

/// The version of the shape that this crate reads and writes.
pub const VERSION: u32 = 1;

/// The `kind` of an entry that is the place of a call and not a trap.
pub const CALL: &str = "call";

/// The whole section.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrapTable {
    /// Always [`VERSION`].
    pub version: u32,
    /// Source files, by path relative to the package's root, with `/`.
    pub files: Vec<String>,
    /// The sites, sorted by function and offset.
    pub traps: Vec<TrapSite>,
}

/// One place in the code that can trap, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrapSite {
    /// The function's index in the module, imports included.
    pub func: u32,
    /// The instruction's offset from the start of the function's body.
    pub offset: u32,
    /// The stable kind: `overflow`, `index`, `assert`, …; `depth` and `memory` are resource failures.
    pub kind: String,
    /// What happened. `{i}` stands for the value of that name where it is known; `{{` and `}}` are braces.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// Index into [`TrapTable::files`].
    pub file: u32,
    /// The span's first line, from 1.
    pub line: u32,
    /// The span's first column, from 1, counted in Unicode scalar values.
    pub column: u32,
    /// The span's last line; absent when it is the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_line: Option<u32>,
    /// The column after the span's end.
    pub end_column: u32,
    /// Values of the failing operation that a debug run can read from wasm locals.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<TrapValue>,
}

/// A value that is in a wasm local when the instruction traps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrapValue {
    /// The name shown, and the one that `{name}` in the message stands for.
    pub name: String,
    /// The index of the wasm local, parameters first.
    pub local: u32,
    /// How to read it: `bool`, `s8` … `u64`, `f32`, `f64`, `char`, or `string` for bytes in memory.
    #[serde(rename = "type")]
    pub ty: String,
    /// For a `string`, whose address is in `local`: the index of the local that has its length in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<u32>,
}

impl TrapTable {
    /// Reads the section's content.
    pub fn parse(bytes: &[u8]) -> Result<TrapTable, String> {
        let table: TrapTable = serde_json::from_slice(bytes).map_err(|e| format!("`{SECTION}`: {e}"))?;
        if table.version != VERSION {
            return Err(format!("`{SECTION}` has version {}, this host reads {VERSION}", table.version));
        }
        Ok(table)
    }

    /// The section's content. The same value gives the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// The site of the instruction at `offset` of `func`. The table need not be sorted: it may come from
    /// anyone, and a search for one entry happens once per trap.
    pub fn find(&self, func: u32, offset: u32) -> Option<&TrapSite> {
        self.traps.iter().find(|t| t.func == func && t.offset == offset)
    }

    /// The path of a site's file.
    pub fn file_of(&self, site: &TrapSite) -> Option<&str> {
        self.files.get(usize::try_from(site.file).ok()?).map(String::as_str)
    }
}

/// Puts values into a message: `{i}` becomes the value named `i`. A name without a value stays as its name, so
/// that a message reads well in a release run too: `index {i} of {len}` gives `index i of len`.
pub fn fill_message(message: &str, values: &BTreeMap<String, String>) -> String {
    let mut out = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        if let Some(after) = from.strip_prefix("{{") {
            out.push('{');
            rest = after;
        } else if let Some(after) = from.strip_prefix("}}") {
            out.push('}');
            rest = after;
        } else if let Some((name, after)) = from.strip_prefix('{').and_then(|f| f.split_once('}')) {
            out.push_str(values.get(name).map_or(name, String::as_str));
            rest = after;
        } else {
            out.push_str(&from[..1]);
            rest = &from[1..];
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_take_values_or_keep_names() {
        let values = BTreeMap::from([("i".to_string(), "7".to_string())]);
        assert_eq!(fill_message("index {i} of {len}", &values), "index 7 of len");
        assert_eq!(fill_message("{{{i}}} } {", &values), "{7} } {");
    }

    #[test]
    fn what_is_written_reads_back() {
        let text = r#"{"version":1,"files":["hello.dot"],"traps":[{"func":3,"offset":17,"kind":"overflow","message":"`{i} + 1` is too large","file":0,"line":3,"column":5,"end_column":9,"values":[{"name":"i","local":4,"type":"u32"}]}]}"#;
        let table = TrapTable::parse(text.as_bytes());
        assert_eq!(table.as_ref().map(|t| String::from_utf8(t.to_bytes())), Ok(Ok(text.to_string())));
        let found = table.as_ref().ok().and_then(|t| t.find(3, 17).and_then(|s| t.file_of(s)));
        assert_eq!(found, Some("hello.dot"));
    }
}
