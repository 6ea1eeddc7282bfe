//! One database for many programs. Each thread keeps a session and turns it to the next program, so that the standard
//! library is checked once and not once per program. It tests the engine too: an answer that a change should have made
//! stale, and didn't, shows as a program that fails here and holds alone.

use dot_driver::{Files, OpenError, Session};
use std::cell::RefCell;
use std::ops::Deref;
use std::path::Path;
use std::rc::Rc;

/// Programs after which a database is thrown away: inputs are never freed, nor is what was remembered of them.
const MOST_PROGRAMS: u32 = 64;

thread_local! {
    static KEPT: RefCell<Option<(Session, u32)>> = const { RefCell::new(None) };
}

/// A session that goes back to its thread when it is dropped, unless something panicked or still holds it.
pub struct Opened {
    session: Option<Rc<Session>>,
    programs: u32,
}

/// Opens a program in the thread's session, or in a new one where there is none.
///
/// # Errors
///
/// As for [`Session::open`].
pub fn open(files: &dyn Files, path: &Path) -> Result<Opened, OpenError> {
    let kept = KEPT.with_borrow_mut(Option::take).filter(|(_, programs)| *programs < MOST_PROGRAMS);
    let (session, programs) = match kept {
        Some((mut session, programs)) => {
            session.turn_to(files, path)?;
            (session, programs)
        }
        None => (Session::open(files, path)?, 0),
    };
    Ok(Opened { session: Some(Rc::new(session)), programs: programs + 1 })
}

impl Deref for Opened {
    type Target = Rc<Session>;

    fn deref(&self) -> &Rc<Session> {
        self.session.as_ref().expect("it is there until it is dropped")
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        let session = self.session.take().and_then(|session| Rc::try_unwrap(session).ok());
        // What was under way when something panicked may be half done.
        if !std::thread::panicking() {
            KEPT.set(session.map(|session| (session, self.programs)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::open;
    use crate::fuzz::LoneFile;
    use std::path::Path;

    fn errors_of(source: &str) -> usize {
        let opened = open(&LoneFile(source.as_bytes()), Path::new(LoneFile::PATH)).expect("it is there");
        opened.check().diagnostics().iter().filter(|diagnostic| diagnostic.is_error()).count()
    }

    #[test]
    fn the_next_program_is_seen_and_the_last_one_forgotten() {
        assert_eq!(errors_of("dot f() -> u8 { g() }\n"), 1);
        assert_eq!(errors_of("fn g() -> u8 { 1 }\ndot f() -> u8 { g() }\n"), 0);
        assert_eq!(errors_of("dot f() -> u8 { g() }\n"), 1);
    }

    #[test]
    fn a_panic_throws_the_session_away() {
        let thrown = std::panic::catch_unwind(|| {
            let _opened = open(&LoneFile(b""), Path::new(LoneFile::PATH)).expect("it is there");
            panic!("on purpose");
        });
        assert!(thrown.is_err());
        assert!(super::KEPT.with_borrow(Option::is_none));
    }
}
