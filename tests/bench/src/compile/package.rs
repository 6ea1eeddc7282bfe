//! Packages of a given size, made of renamed copies of real programs: a module each. So tokens, types and calls are as
//! frequent as in what people write, and no two modules are the same.

use super::corpus::Program;
use std::path::Path;

/// Writes a package of about `lines` lines into `folder`; says how many it has.
///
/// # Errors
///
/// When a file can't be written, or there is no program to copy.
pub fn write(programs: &[Program], lines: usize, folder: &Path) -> Result<usize, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    let source = folder.join("src");
    std::fs::create_dir_all(&source).map_err(failed)?;
    let manifest = "name = \"bench:grown\"\nversion = \"1.0.0\"\nlanguage = \"0.1\"\n";
    std::fs::write(folder.join("Dot.toml"), manifest).map_err(failed)?;
    let mut written = 0;
    for (number, program) in programs.iter().cycle().enumerate() {
        if written >= lines {
            break;
        }
        let text = program.copy(number);
        // What is left to write may be less than the program: its first copy of all may be cut nowhere, so the last
        // module is one too many by at most one program.
        written += text.lines().count();
        std::fs::write(source.join(format!("m{number}.dot")), text).map_err(failed)?;
    }
    if written == 0 { Err("there are no programs to make a package of".to_owned()) } else { Ok(written) }
}
