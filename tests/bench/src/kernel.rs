//! The table of kernels, and where their programs are.
//!
//! A folder of peers has `kernels.tsv` with a line for each kernel: the folder it is in, its name, the `n` for comparing
//! checksums, and the `n` for timing. Beside it, `SET/wasm/NAME.LANGUAGE.wasm` are components that export
//! `run: func(n: u32) -> u64`, and `SET/NAME/kernel.rs`, if there, is compiled for this machine too. The Dot
//! version is `SET/NAME/kernel.dot`, or else the one of that name in this crate's `kernels/`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A row of `kernels.tsv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kernel {
    /// The folder that it is in.
    pub set: String,
    /// Its name.
    pub name: String,
    /// The `n` for comparing checksums.
    pub check: u32,
    /// The `n` for timing.
    pub time: u32,
}

/// Reads `kernels.tsv`.
///
/// # Errors
///
/// Says which line is wrong, and why.
pub fn read_table(text: &str) -> Result<Vec<Kernel>, String> {
    let lines =
        text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    lines.map(|(at, line)| read_row(line).map_err(|why| format!("line {}: {why}", at + 1))).collect()
}

fn read_row(line: &str) -> Result<Kernel, String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [set, name, check, time] = words[..] else {
        return Err(format!("four words are expected (set, kernel, n, n), not {}", words.len()));
    };
    let number = |word: &str| word.parse().map_err(|_| format!("`{word}` is not a number of 32 bits"));
    Ok(Kernel { set: set.to_owned(), name: name.to_owned(), check: number(check)?, time: number(time)? })
}

impl Kernel {
    /// The peers' components by language, in the order of their names.
    pub fn components(&self, peers: &Path) -> BTreeMap<String, PathBuf> {
        let folder = peers.join(&self.set).join("wasm");
        let Ok(entries) = folder.read_dir() else { return BTreeMap::new() };
        let language = |path: &Path| {
            let name = path.file_name()?.to_str()?;
            let language = name.strip_prefix(&self.name)?.strip_prefix('.')?.strip_suffix(".wasm")?;
            Some(language.to_owned())
        };
        entries.flatten().filter_map(|entry| Some((language(&entry.path())?, entry.path()))).collect()
    }

    /// The Dot source.
    pub fn dot_source(&self, peers: &Path) -> Option<PathBuf> {
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("kernels").join(format!("{}.dot", self.name));
        let theirs = peers.join(&self.set).join(&self.name).join("kernel.dot");
        [theirs, own].into_iter().find(|path| path.is_file())
    }

    /// The Rust source, to be compiled for this machine.
    pub fn rust_source(&self, peers: &Path) -> Option<PathBuf> {
        Some(peers.join(&self.set).join(&self.name).join("kernel.rs")).filter(|path| path.is_file())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read() {
        let table = read_table("# set\tkernel\nkernels\tfib\t20\t40\n\n");
        let fib = Kernel { set: "kernels".into(), name: "fib".into(), check: 20, time: 40 };
        assert_eq!(table, Ok(vec![fib]));
    }

    #[test]
    fn a_wrong_line_is_told() {
        assert_eq!(
            read_table("kernels fib 20"),
            Err("line 1: four words are expected (set, kernel, n, n), not 3".into())
        );
        assert_eq!(
            read_table("# x\nkernels fib 20 -1"),
            Err("line 2: `-1` is not a number of 32 bits".into())
        );
    }
}
