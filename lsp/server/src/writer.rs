//! The writer: one thread that owns the packages and is the only one to change them.
//!
//! An edit changes the document at once and the database when the queue has run dry or a question comes, so that a
//! burst of edits costs one write. The write cancels, by unwinding, whatever still reads the old state, and waits
//! until it is gone. Therefore nothing that holds a [`Snapshot`] may wait for anything: questions and checks run
//! on threads of their own, and what they find is sent on after the snapshot is dropped.

use crate::document::{Document, Encoding};
use crate::packages::{OpenPackages, Snapshot};
use crate::publish::Publisher;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::sync::{Arc, OnceLock};
use tower_lsp_server::gen_lsp_types::{TextDocumentContentChangeEvent, Uri};
use tower_lsp_server::jsonrpc;

/// What the writer is told.
pub enum Message {
    /// A document was opened.
    Open(PathBuf, Uri, Document),
    /// A document was edited.
    Change(PathBuf, i32, Vec<TextDocumentContentChangeEvent>),
    /// A document was closed.
    Close(PathBuf),
    /// Files may be others on disk than they were.
    ChangedOnDisk(Vec<PathBuf>),
    /// A question.
    Ask(Question),
}

/// A question about a document.
pub struct Question {
    /// The document.
    pub path: PathBuf,
    /// How many edits came before the question.
    pub edits_before: u64,
    /// Answers it, from the state, if the document has one, or the reason why there is no answer.
    pub reply: Box<dyn FnOnce(jsonrpc::Result<Option<Snapshot>>) + Send>,
}

/// The state of the writer's thread.
pub struct Writer {
    packages: OpenPackages,
    encoding: Arc<OnceLock<Encoding>>,
    publisher: Publisher,
    /// How many edits were handled.
    edits: u64,
}

impl Writer {
    /// A writer with nothing open.
    pub fn new(encoding: Arc<OnceLock<Encoding>>, publisher: Publisher) -> Self {
        Self { packages: OpenPackages::default(), encoding, publisher, edits: 0 }
    }

    /// Handles messages until there is no one left to send any.
    pub fn run(mut self, messages: &Receiver<Message>) {
        loop {
            let message = match messages.try_recv() {
                Ok(message) => message,
                Err(TryRecvError::Disconnected) => return,
                Err(TryRecvError::Empty) => {
                    self.survive(Self::publish);
                    let Ok(message) = messages.recv() else { return };
                    message
                }
            };
            self.survive(|writer| writer.handle(message));
        }
    }

    /// Runs `step`. After a panic, which is a bug, all packages are opened anew.
    fn survive(&mut self, step: impl FnOnce(&mut Self)) {
        if catch_unwind(AssertUnwindSafe(|| step(self))).is_err() {
            self.packages.forget_sessions();
        }
    }

    fn handle(&mut self, message: Message) {
        let encoding = self.encoding();
        match message {
            Message::Ask(question) => return self.answer(question),
            Message::Open(path, uri, document) => self.packages.open(path, uri, document),
            Message::Change(path, version, changes) => {
                self.packages.change(&path, |document| {
                    document.apply(encoding, changes);
                    document.version = version;
                });
            }
            Message::Close(path) => self.packages.close(&path),
            Message::ChangedOnDisk(paths) => self.packages.changed_on_disk(&paths),
        }
        self.edits += 1;
    }

    fn answer(&mut self, question: Question) {
        let Question { path, edits_before, reply } = question;
        if self.edits > edits_before {
            return reply(Err(jsonrpc::Error::content_modified()));
        }
        self.packages.write();
        let Some(snapshot) = self.packages.snapshot(&path, self.encoding()) else { return reply(Ok(None)) };
        // If there is no thread to be had, `reply` is dropped, which is told as an internal error.
        let _ = std::thread::Builder::new().stack_size(crate::STACK).spawn(move || reply(Ok(Some(snapshot))));
    }

    /// Tells what is wrong in each package that an edit touched.
    fn publish(&mut self) {
        self.packages.write();
        for package in self.packages.take_touched() {
            self.publisher.check(package, self.encoding());
        }
    }

    fn encoding(&self) -> Encoding {
        self.encoding.get().copied().unwrap_or(Encoding::Utf16)
    }
}
