//! The one concrete database, and the log by which tests see what ran.

use std::sync::{Arc, Mutex};

/// What every query takes first.
#[salsa::db]
pub trait Db: salsa::Database {}

/// The database of `dotc`, `dot` and the language server. A clone shares all storage; a write waits until
/// every other clone is dropped.
#[salsa::db]
#[derive(Clone)]
pub struct Database {
    storage: salsa::Storage<Self>,
    log: EventLog,
}

/// Names of the queries that ran, in order, while recording is on. For tests: they assert what did *not* run.
#[derive(Clone, Default)]
pub struct EventLog(Arc<Mutex<Option<Vec<String>>>>);

impl EventLog {
    /// Starts recording, forgetting what was recorded before.
    pub fn start(&self) {
        self.set(Some(Vec::new()));
    }

    /// Ends recording and returns what ran, as `query(key)`.
    pub fn take(&self) -> Vec<String> {
        self.set(None).unwrap_or_default()
    }

    fn set(&self, value: Option<Vec<String>>) -> Option<Vec<String>> {
        let mut log = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        std::mem::replace(&mut *log, value)
    }

    fn record(&self, event: &salsa::Event) {
        let salsa::EventKind::WillExecute { database_key } = event.kind else { return };
        let mut log = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(names) = &mut *log {
            names.push(format!("{database_key:?}"));
        }
    }
}

impl Default for Database {
    fn default() -> Self {
        let log = EventLog::default();
        let events = log.clone();
        Self { storage: salsa::Storage::new(Some(Box::new(move |event| events.record(&event)))), log }
    }
}

impl Database {
    /// The log of executed queries.
    #[must_use]
    pub fn events(&self) -> &EventLog {
        &self.log
    }
}

#[salsa::db]
impl salsa::Database for Database {}

#[salsa::db]
impl Db for Database {}
