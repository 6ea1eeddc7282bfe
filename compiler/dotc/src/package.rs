//! What every command does first and last: a package is opened, and why that or its build failed is told.

use crate::exit::{self, Exit};
use crate::output;
use dot_driver::{BuildError, Built, OsFiles, Session, Settings};
use std::path::Path;

/// The package at a path, with its lock file brought up to date.
///
/// # Errors
///
/// When there is none, or it can't be read; the reason has been told.
pub fn open(path: &Path) -> Result<Session, Exit> {
    open_with(path, false)
}

/// The same; where the lock file must not change, one that isn't up to date is refused.
///
/// # Errors
///
/// As for [`open`].
pub fn open_with(path: &Path, locked: bool) -> Result<Session, Exit> {
    let session = Session::open(&OsFiles, path).map_err(|error| {
        output::tell(&error.to_string());
        exit::NO_INPUT
    })?;
    match session.lock_change() {
        Some(change) if locked => {
            eprintln!(
                "dotc: `{}` is not up to date, and `--locked` keeps it as it is: build once without, and keep the file with the sources",
                change.path.display()
            );
            Err(exit::NO_INPUT)
        }
        _ => write_lock(&session).map(|()| session),
    }
}

/// Writes the lock file of a package, if it isn't as it should be.
///
/// # Errors
///
/// When it can't be written; the reason has been told.
pub fn write_lock(session: &Session) -> Result<(), Exit> {
    let Some(change) = session.lock_change() else { return Ok(()) };
    output::write_file(&change.path, change.text.as_bytes()).map_err(|error| {
        output::tell(&format!("can't write `{}`: {error}", change.path.display()));
        exit::NO_OUTPUT
    })
}

/// How the package is built with the profile of this name.
///
/// # Errors
///
/// When it has none of this name; that has been told.
pub fn profile(session: &Session, name: &str) -> Result<Settings, Exit> {
    session.profile(name).map_err(|message| {
        output::tell(&message);
        exit::USAGE
    })
}

/// What was built, with its warnings told.
///
/// # Errors
///
/// When nothing was; the reason has been told.
pub fn built(result: Result<Built, BuildError>) -> Result<Built, Exit> {
    match result {
        Ok(built) => {
            output::print_report(&built.warnings);
            Ok(built)
        }
        Err(BuildError::DoesNotCompile(report)) => {
            output::print_report(&report);
            Err(exit::DOES_NOT_COMPILE)
        }
        Err(BuildError::Refused(message)) => {
            output::tell(&message);
            Err(exit::DOES_NOT_COMPILE)
        }
        Err(BuildError::Defect(message)) => {
            eprintln!("dotc has a defect: {message}");
            Err(exit::DEFECT)
        }
    }
}
