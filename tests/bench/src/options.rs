//! The command line.

use std::path::PathBuf;

/// What the command line may say.
pub const USAGE: &str = "\
cargo xtask bench [OPTIONS]           compiled code against peers'
cargo xtask bench compile [OPTIONS]   the compiler: growing packages, one edit
cargo xtask bench package N FOLDER    writes such a package of about N lines, to profile the compiler with

  --peers DIR       kernels.tsv and the peers' components (or the variable DOT_PEERS); without it, Dot runs alone
  --only A,B        these kernels
  --languages A,B   these versions (dot, rust, c, as, native, …)
  --runs N          rounds, 5 if not said; 0 compares checksums only
  --json            JSON in place of the table";

/// What is measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Compiled code.
    Kernels,
    /// The compiler.
    Compile,
    /// Nothing: a package of about so many lines is written.
    Package(usize, PathBuf),
    /// Nothing: the usage is shown.
    Help,
}

/// What the command line says.
#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    /// What is measured.
    pub what: What,
    /// Where the peers are.
    pub peers: PathBuf,
    /// The kernels to run; all if empty.
    pub only: Vec<String>,
    /// The languages to run; all if empty.
    pub languages: Vec<String>,
    /// How many rounds.
    pub runs: usize,
    /// Whether the result is JSON.
    pub json: bool,
}

impl Options {
    /// Reads the words after the command's name.
    ///
    /// # Errors
    ///
    /// Says which word is not understood.
    pub fn read(words: &[String]) -> Result<Self, String> {
        let mut peers = std::env::var_os("DOT_PEERS").map(PathBuf::from);
        let (mut only, mut languages, mut runs, mut json) = (Vec::new(), Vec::new(), 5, false);
        let (what, words) = match words.split_first() {
            Some((first, _)) if first == "--help" || first == "help" => (What::Help, &[][..]),
            Some((first, rest)) if first == "compile" => (What::Compile, rest),
            Some((first, rest)) if first == "package" => read_package(rest)?,
            _ => (What::Kernels, words),
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("`{word}` wants a value"));
            let list = |text: &str| text.split(',').map(str::to_owned).collect();
            match word.as_str() {
                "--peers" => peers = Some(PathBuf::from(value()?)),
                "--only" => only = list(value()?),
                "--languages" => languages = list(value()?),
                "--runs" => {
                    let count = value()?;
                    runs = count.parse().map_err(|_| format!("`{count}` is not a number of rounds"))?;
                }
                "--json" => json = true,
                _ => return Err(format!("`{word}` is not understood")),
            }
        }
        let peers = peers.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
        Ok(Self { what, peers, only, languages, runs, json })
    }
}

fn read_package(words: &[String]) -> Result<(What, &[String]), String> {
    let [lines, folder, rest @ ..] = words else {
        return Err("`package` wants a number of lines and a folder".into());
    };
    let lines = lines.parse().map_err(|_| format!("`{lines}` is not a number of lines"))?;
    Ok((What::Package(lines, PathBuf::from(folder)), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Options, String> {
        Options::read(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn all_that_can_be_said() {
        let expected = Options {
            what: What::Kernels,
            peers: "p".into(),
            only: vec!["fib".into(), "sort".into()],
            languages: vec!["dot".into()],
            runs: 0,
            json: true,
        };
        assert_eq!(read("--peers p --only fib,sort --languages dot --runs 0 --json"), Ok(expected));
    }

    #[test]
    fn the_compiler() {
        assert_eq!(read("compile --runs 3").map(|o| (o.what, o.runs)), Ok((What::Compile, 3)));
        assert_eq!(read("package 1000 x").map(|o| o.what), Ok(What::Package(1000, "x".into())));
        assert_eq!(read("package 1000"), Err("`package` wants a number of lines and a folder".into()));
        assert_eq!(read("--help").map(|o| o.what), Ok(What::Help));
    }

    #[test]
    fn what_is_not_understood() {
        assert_eq!(read("--peers p --fast"), Err("`--fast` is not understood".into()));
        assert_eq!(read("--peers"), Err("`--peers` wants a value".into()));
        assert_eq!(read("--peers p --runs x"), Err("`x` is not a number of rounds".into()));
    }
}
