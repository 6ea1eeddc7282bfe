//! Dot sources to components, as `dotc build --release --strip` makes them.

use dot_diagnostics::render::Colour;
use dot_driver::{BuildError, Emit, OsFiles, Profile, Session};
use std::path::Path;

/// The optimised component without names and metadata, as the peers' are.
///
/// # Errors
///
/// What the compiler says.
pub fn release(source: &Path) -> Result<Vec<u8>, String> {
    let session =
        Session::open(&OsFiles, source).map_err(|error| format!("{}: {error}", source.display()))?;
    match session.build(Profile::Release, Emit::Component, true) {
        Ok(built) => Ok(built.bytes),
        Err(BuildError::DoesNotCompile(report)) => Err(report.render(Colour::Never)),
        Err(BuildError::Refused(message) | BuildError::Defect(message)) => {
            Err(format!("{}: {message}", source.display()))
        }
    }
}
