//! One kernel's contest: its versions run alternately, so that whatever else the machine does strikes all alike.

use crate::clock::{Took, median};
use crate::guest::Guest;
use crate::kernel::Kernel;
use crate::native::Native;
use std::path::{Path, PathBuf};
use wasmtime::Engine;

/// A version of a kernel.
pub struct Contender {
    /// The language; `native` is Rust compiled for this machine.
    pub language: String,
    /// The component's bytes as a file has them; none for native code.
    pub size: Option<usize>,
    program: Program,
}

enum Program {
    Guest(Guest),
    Native(Native),
}

/// What the rounds gave for one version.
#[derive(Clone, Debug)]
pub struct Figures {
    /// The language.
    pub language: String,
    /// Seconds of processor time, the middle of the rounds.
    pub median: f64,
    /// The least of the rounds.
    pub least: f64,
    /// Seconds on the wall, the middle of the rounds.
    pub wall: f64,
    /// The most bytes of linear memory; none for native code.
    pub memory: Option<usize>,
    /// The bytes of the component; none for native code.
    pub size: Option<usize>,
}

/// What versions of a kernel to look for.
pub struct Field<'a> {
    /// Where the peers are.
    pub peers: &'a Path,
    /// Where native programs are built.
    pub scratch: PathBuf,
    /// The languages to run; all if empty.
    pub languages: &'a [String],
    /// What the components run in.
    pub engine: &'a Engine,
}

impl Field<'_> {
    fn wants(&self, language: &str) -> bool {
        self.languages.is_empty() || self.languages.iter().any(|wanted| wanted == language)
    }

    /// Every version that is there, Dot first.
    ///
    /// # Errors
    ///
    /// When one that is there doesn't compile or load.
    pub fn contenders(&self, kernel: &Kernel) -> Result<Vec<Contender>, String> {
        let mut found = Vec::new();
        if self.wants("dot")
            && let Some(source) = kernel.dot_source(self.peers)
        {
            found.push(self.guest("dot", &crate::build::release(&source)?)?);
        }
        for (language, path) in kernel.components(self.peers) {
            if self.wants(&language) {
                let bytes = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
                found.push(self.guest(&language, &bytes)?);
            }
        }
        if self.wants("native")
            && let Some(source) = kernel.rust_source(self.peers)
        {
            let program = Program::Native(Native::new(&source, &self.scratch, &kernel.name)?);
            found.push(Contender { language: "native".to_owned(), size: None, program });
        }
        Ok(found)
    }

    fn guest(&self, language: &str, bytes: &[u8]) -> Result<Contender, String> {
        let guest = Guest::new(self.engine, bytes).map_err(|error| format!("{language}: {error:?}"))?;
        let program = Program::Guest(guest);
        Ok(Contender { language: language.to_owned(), size: Some(bytes.len()), program })
    }
}

impl Contender {
    fn run(&mut self, n: u32) -> Result<(u64, Took, Option<usize>), String> {
        match &mut self.program {
            Program::Guest(guest) => {
                let ran = guest.run(n).map_err(|error| format!("{}: {error:?}", self.language))?;
                Ok((ran.checksum, ran.took, Some(ran.memory)))
            }
            Program::Native(native) => native.run(n).map(|(checksum, took)| (checksum, took, None)),
        }
    }
}

/// Compares checksums for `n`.
///
/// # Errors
///
/// When two differ, or a version fails.
pub fn agree(contenders: &mut [Contender], n: u32) -> Result<Option<u64>, String> {
    let mut agreed: Option<(String, u64)> = None;
    for contender in contenders {
        let (checksum, ..) = contender.run(n)?;
        match &agreed {
            Some((first, expected)) if *expected != checksum => {
                let language = &contender.language;
                return Err(format!(
                    "for n = {n}, {first} has {expected:016x} and {language} {checksum:016x}"
                ));
            }
            Some(_) => {}
            None => agreed = Some((contender.language.clone(), checksum)),
        }
    }
    Ok(agreed.map(|(_, checksum)| checksum))
}

/// Runs every version once a round.
///
/// # Errors
///
/// When one fails, or gives another checksum than the first.
pub fn rounds(contenders: &mut [Contender], n: u32, count: usize) -> Result<Vec<Figures>, String> {
    let mut took: Vec<Vec<Took>> = vec![Vec::new(); contenders.len()];
    let mut memory = vec![None; contenders.len()];
    let mut expected = None;
    for _ in 0..count {
        for (at, contender) in contenders.iter_mut().enumerate() {
            let (checksum, time, peak) = contender.run(n)?;
            if *expected.get_or_insert(checksum) != checksum {
                return Err(format!("{} has another checksum for n = {n}", contender.language));
            }
            took[at].push(time);
            memory[at] = peak;
        }
    }
    let figures = contenders.iter().zip(took).zip(memory).map(|((contender, took), memory)| {
        let cpu: Vec<f64> = took.iter().map(|took| took.cpu.as_secs_f64()).collect();
        Figures {
            language: contender.language.clone(),
            least: cpu.iter().copied().fold(f64::INFINITY, f64::min),
            median: median(cpu),
            wall: median(took.iter().map(|took| took.wall.as_secs_f64()).collect()),
            memory,
            size: contender.size,
        }
    });
    Ok(figures.collect())
}
