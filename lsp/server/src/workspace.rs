//! The writer: one thread that owns the database and the open documents.
//!
//! Everything comes through one queue, so edits and questions keep their order. An edit is applied at once; the
//! database cancels whatever still reads the old state, by unwinding. A question gets a [`Snapshot`] and is
//! answered on another thread, so that the writer is never kept waiting. When the queue runs dry after an edit,
//! diagnostics are published from a snapshot; a newer edit cancels that too.

use crate::document::{Document, Encoding};
use crate::uri;
use dot_driver::{Files, Packages};
use std::collections::BTreeMap;
use std::io;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::sync::{Arc, OnceLock};
use tower_lsp_server::gen_lsp_types::{TextDocumentContentChangeEvent, Uri};
use tower_lsp_server::jsonrpc;

/// A handle to the writer thread. Cheap to clone.
#[derive(Clone)]
pub struct Workspace {
    queue: Sender<Message>,
    encoding: Arc<OnceLock<Encoding>>,
}

/// The state at one moment, to read from.
pub struct Snapshot {
    /// The packages and their database.
    pub packages: Packages,
    /// The open documents.
    pub documents: Arc<BTreeMap<PathBuf, Document>>,
    /// What positions count.
    pub encoding: Encoding,
}

/// What is done with the state when the queue has run dry after an edit.
pub type Publish = Box<dyn Fn(Snapshot) + Send + Sync>;

enum Message {
    Open(PathBuf, Document),
    Change(PathBuf, i32, Vec<TextDocumentContentChangeEvent>),
    Close(PathBuf),
    Ask(Box<dyn FnOnce(Snapshot) + Send>),
}

impl Workspace {
    /// Starts the writer. It ends when the last handle is gone.
    pub fn start(publish: Publish) -> Self {
        let (queue, messages) = channel();
        let encoding = Arc::new(OnceLock::new());
        let writer = Writer {
            packages: Packages::default(),
            documents: Arc::default(),
            encoding: Arc::clone(&encoding),
            publish: Arc::new(publish),
        };
        std::thread::spawn(move || writer.run(&messages));
        Self { queue, encoding }
    }

    /// Fixes what positions count. Only the first call has an effect.
    pub fn set_encoding(&self, encoding: Encoding) {
        let _ = self.encoding.set(encoding);
    }

    /// Queues that a document was opened.
    pub fn open(&self, uri: Uri, version: i32, text: String) {
        self.send(Message::Open(uri::to_path(uri.as_ref()), Document::new(Some(version), text)));
    }

    /// Queues an edit.
    pub fn change(&self, uri: Uri, version: i32, changes: Vec<TextDocumentContentChangeEvent>) {
        self.send(Message::Change(uri::to_path(uri.as_ref()), version, changes));
    }

    /// Queues that a document was closed.
    pub fn close(&self, uri: Uri) {
        self.send(Message::Close(uri::to_path(uri.as_ref())));
    }

    /// The answer to a question, asked of the state after all edits that came before it.
    ///
    /// # Errors
    ///
    /// `ContentModified` when an edit came before the answer; the client asks again if it still cares.
    pub async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Snapshot) -> T + Send + 'static,
    ) -> jsonrpc::Result<T> {
        let (answer, answered) = tokio::sync::oneshot::channel();
        self.send(Message::Ask(Box::new(move |snapshot| {
            let _ = answer.send(salsa::Cancelled::catch(AssertUnwindSafe(|| question(&snapshot))));
        })));
        match answered.await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(_)) => Err(jsonrpc::Error::content_modified()),
            Err(_) => Err(jsonrpc::Error::internal_error()),
        }
    }

    /// The writer only goes away when the process ends; what is sent then is of no use to anyone.
    fn send(&self, message: Message) {
        let _ = self.queue.send(message);
    }
}

struct Writer {
    packages: Packages,
    documents: Arc<BTreeMap<PathBuf, Document>>,
    encoding: Arc<OnceLock<Encoding>>,
    publish: Arc<Publish>,
}

impl Writer {
    fn run(mut self, messages: &Receiver<Message>) {
        let mut edited = false;
        loop {
            let message = match messages.try_recv() {
                Ok(message) => message,
                Err(TryRecvError::Disconnected) => return,
                Err(TryRecvError::Empty) => {
                    if std::mem::take(&mut edited) {
                        self.publish();
                    }
                    let Ok(message) = messages.recv() else { return };
                    message
                }
            };
            edited |= self.handle(message);
        }
    }

    /// Handles a message; tells whether it was an edit.
    fn handle(&mut self, message: Message) -> bool {
        match message {
            Message::Open(path, document) => self.edit(path, Some(document)),
            Message::Change(path, version, changes) => {
                let Some(mut document) = self.documents.get(&path).cloned() else { return false };
                document.apply(self.encoding(), changes);
                document.version = Some(version);
                self.edit(path, Some(document));
            }
            Message::Close(path) => self.edit(path, None),
            Message::Ask(question) => {
                let snapshot = self.snapshot();
                std::thread::spawn(move || question(snapshot));
                return false;
            }
        }
        true
    }

    fn edit(&mut self, path: PathBuf, document: Option<Document>) {
        let documents = Arc::make_mut(&mut self.documents);
        match document {
            Some(document) => documents.insert(path.clone(), document),
            None => documents.remove(&path),
        };
        let files = Overlay { documents: &self.documents };
        self.packages.refresh(&files, &path);
    }

    fn publish(&self) {
        let snapshot = self.snapshot();
        let publish = Arc::clone(&self.publish);
        std::thread::spawn(move || {
            // A newer edit cancels this one, and brings a publication of its own.
            let _ = salsa::Cancelled::catch(AssertUnwindSafe(|| publish(snapshot)));
        });
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot {
            packages: self.packages.clone(),
            documents: Arc::clone(&self.documents),
            encoding: self.encoding(),
        }
    }

    fn encoding(&self) -> Encoding {
        self.encoding.get().copied().unwrap_or(Encoding::Utf16)
    }
}

/// The file system with the open documents laid over it.
struct Overlay<'a> {
    documents: &'a BTreeMap<PathBuf, Document>,
}

impl Files for Overlay<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.documents.get(path) {
            Some(document) => Ok(document.text().as_bytes().to_vec()),
            None => dot_driver::OsFiles.read(path),
        }
    }

    fn list(&self, folder: &Path, extension: &str) -> io::Result<Vec<PathBuf>> {
        let mut found = dot_driver::OsFiles.list(folder, extension)?;
        let below =
            |path: &&PathBuf| path.starts_with(folder) && path.extension().is_some_and(|e| e == extension);
        found.extend(self.documents.keys().filter(below).cloned());
        found.sort();
        found.dedup();
        Ok(found)
    }

    fn is_folder(&self, path: &Path) -> bool {
        dot_driver::OsFiles.is_folder(path)
    }
}
