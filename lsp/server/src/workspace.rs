//! The way to the writer: one queue, through which edits and questions keep their order.

use crate::document::{Document, Encoding};
use crate::order::edits_before;
use crate::packages::Snapshot;
use crate::uri;
use crate::writer::{Message, Question, Writer};
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, OnceLock};
use tower_lsp_server::gen_lsp_types::{TextDocumentContentChangeEvent, Uri};
use tower_lsp_server::jsonrpc;

/// A handle to the writer thread. Cheap to clone.
#[derive(Clone)]
pub struct Workspace {
    queue: Sender<Message>,
    encoding: Arc<OnceLock<Encoding>>,
    /// How many edits were queued.
    edits: Arc<AtomicU64>,
}

impl Workspace {
    /// Starts the writer. It ends when the last handle is gone.
    ///
    /// # Errors
    ///
    /// When the system gives no thread.
    pub fn start(publisher: crate::publish::Publisher) -> std::io::Result<Self> {
        let (queue, messages) = channel();
        let encoding = Arc::new(OnceLock::new());
        let writer = Writer::new(Arc::clone(&encoding), publisher);
        let builder = std::thread::Builder::new().name("writer".to_owned()).stack_size(crate::STACK);
        builder.spawn(move || writer.run(&messages))?;
        Ok(Self { queue, encoding, edits: Arc::default() })
    }

    /// Fixes what positions count. Only the first call has an effect.
    pub fn set_encoding(&self, encoding: Encoding) {
        let _ = self.encoding.set(encoding);
    }

    /// How many edits were queued so far.
    pub fn edits(&self) -> u64 {
        self.edits.load(Ordering::SeqCst)
    }

    /// Queues that a document was opened.
    pub fn open(&self, uri: Uri, version: i32, text: String) {
        let path = uri::to_path(uri.as_ref());
        self.send_edit(Message::Open(path, uri, Document::new(version, text)));
    }

    /// Queues an edit.
    pub fn change(&self, uri: &Uri, version: i32, changes: Vec<TextDocumentContentChangeEvent>) {
        self.send_edit(Message::Change(uri::to_path(uri.as_ref()), version, changes));
    }

    /// Queues that a document was closed.
    pub fn close(&self, uri: &Uri) {
        self.send_edit(Message::Close(uri::to_path(uri.as_ref())));
    }

    /// Queues that files may be others on disk than they were.
    pub fn changed_on_disk<'a>(&self, uris: impl IntoIterator<Item = &'a Uri>) {
        let paths = uris.into_iter().map(|uri| uri::to_path(uri.as_ref())).collect();
        self.send_edit(Message::ChangedOnDisk(paths));
    }

    /// The answer to a question about a document; none if it isn't open or belongs to no package that could be opened.
    ///
    /// # Errors
    ///
    /// `ContentModified` when an edit that came after the question was faster; the client asks again if it still
    /// cares. `InternalError` when the answer panicked.
    pub async fn ask<T: Send + 'static>(
        &self,
        uri: &Uri,
        question: impl FnOnce(&Snapshot) -> Option<T> + Send + 'static,
    ) -> jsonrpc::Result<Option<T>> {
        let (answer, answered) = tokio::sync::oneshot::channel();
        let (before, edits) = (edits_before(), Arc::clone(&self.edits));
        let reply = move |state: Result<Option<Snapshot>, _>| {
            let found = state.and_then(|snapshot| {
                let Some(snapshot) = snapshot else { return Ok(None) };
                salsa::Cancelled::catch(AssertUnwindSafe(|| question(&snapshot)))
                    .map_err(|cancelled| refusal(cancelled, edits.load(Ordering::SeqCst) > before))
            });
            let _ = answer.send(found);
        };
        self.send(Message::Ask(Question {
            path: uri::to_path(uri.as_ref()),
            edits_before: before,
            reply: Box::new(reply),
        }));
        answered.await.unwrap_or_else(|_| Err(jsonrpc::Error::internal_error()))
    }

    fn send_edit(&self, message: Message) {
        self.edits.fetch_add(1, Ordering::SeqCst);
        self.send(message);
    }

    /// The writer only goes away when the process ends; what is sent then is of no use to anyone.
    fn send(&self, message: Message) {
        let _ = self.queue.send(message);
    }
}

/// Why a question has no answer. Who waits for a query on another thread, which an edit cancels, sees it panic.
fn refusal(cancelled: salsa::Cancelled, edited_since: bool) -> jsonrpc::Error {
    match cancelled {
        salsa::Cancelled::PropagatedPanic if !edited_since => jsonrpc::Error::internal_error(),
        _ => jsonrpc::Error::content_modified(),
    }
}
