//! One function per request: converts, asks `dot-ide`, converts.
//!
//! | file | requests |
//! |---|---|
//! | `navigation` | definition, type definition, references, highlights |
//! | `hinting` | signatures, inlay hints, semantic tokens |
//! | `editing` | formatting, rename, completion, code actions |
//! | `outline` | symbols, folds, growing selections |

mod editing;
mod hinting;
mod navigation;
mod outline;

pub use hinting::legend;

use crate::convert::uri_of;
use crate::document::protocol_range;
use crate::packages::Snapshot;
use dot_diagnostics::TextRange;
use dot_ide::{LineIndex, SourceFile};
use std::collections::HashMap;
use std::path::Path;
use tower_lsp_server::gen_lsp_types::{Location, Position, Range, TextEdit, Uri, WorkspaceEdit};

/// A question with the document's own URI, as the client wrote it.
pub struct Asked<'a> {
    snapshot: &'a Snapshot,
    uri: Uri,
}

impl<'a> Asked<'a> {
    fn new(snapshot: &'a Snapshot, uri: &Uri) -> Self {
        Self { snapshot, uri: uri.clone() }
    }

    fn offset(&self, position: Position) -> u32 {
        self.snapshot.document.offset(self.snapshot.encoding, position)
    }

    /// The bytes of a range of the document.
    fn bytes(&self, range: Range) -> TextRange {
        TextRange::new(self.offset(range.start), self.offset(range.end))
    }

    /// A range of the document.
    fn range(&self, range: TextRange) -> Range {
        self.snapshot.document.protocol_range(self.snapshot.encoding, range)
    }

    /// A range of any file of the project.
    fn range_in(&self, file: SourceFile, range: TextRange) -> Range {
        if file == self.snapshot.file {
            return self.range(range);
        }
        let text = file.text(self.snapshot.session.db());
        protocol_range(text, &LineIndex::new(text), self.snapshot.encoding, range)
    }

    /// The URI of a file; none for one of the standard library, which lies nowhere.
    fn uri_of(&self, file: SourceFile) -> Option<Uri> {
        if file == self.snapshot.file {
            return Some(self.uri.clone());
        }
        let path = Path::new(file.path(self.snapshot.session.db()).as_str());
        path.is_absolute().then(|| uri_of(path))
    }

    fn location(&self, file: SourceFile, range: TextRange) -> Option<Location> {
        Some(Location { uri: self.uri_of(file)?, range: self.range_in(file, range) })
    }

    fn edit(&self, file: SourceFile, edit: dot_ide::TextEdit) -> TextEdit {
        TextEdit { range: self.range_in(file, edit.range), new_text: edit.replacement }
    }

    /// The edits of several files.
    fn workspace_edit(&self, edits: Vec<(SourceFile, Vec<dot_ide::TextEdit>)>) -> WorkspaceEdit {
        let mut changes: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
        for (file, edits) in edits {
            let Some(uri) = self.uri_of(file) else { continue };
            changes.entry(uri).or_default().extend(edits.into_iter().map(|edit| self.edit(file, edit)));
        }
        WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }
    }
}
