//! The packages that an editor has documents of.
//!
//! A package is open as long as one of its files is. Its files come from disk, with the open documents laid over them.

use crate::document::{Document, Encoding};
use dot_driver::{Files, MAX_FILE_BYTES, OpenError, OsFiles, Session, package_root};
use dot_ide::SourceFile;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tower_lsp_server::gen_lsp_types::Uri;

/// What is needed to answer a question about a document. Whoever has one must not wait for anything.
pub struct Snapshot {
    /// The package.
    pub session: Session,
    /// The document's file in it, of the same text.
    pub file: SourceFile,
    /// The document.
    pub document: Arc<Document>,
    /// What positions count.
    pub encoding: Encoding,
}

/// A package that an edit touched.
pub struct Touched {
    /// Where it was opened.
    pub root: PathBuf,
    /// Its present state; none if it can't be opened, or is not open any more.
    pub session: Option<Session>,
    /// Why it can't be read as it is now.
    pub problem: Option<Problem>,
    /// Its open documents, by the names that they have in it.
    pub documents: BTreeMap<String, (Uri, Arc<Document>)>,
    /// Where the other open packages are, which tell what is wrong with their files themselves.
    pub others: Vec<PathBuf>,
}

impl Touched {
    /// Whether another open package tells what is wrong with a file, by its name.
    pub fn is_told_elsewhere(&self, name: &str) -> bool {
        let within = |root: &&PathBuf| Path::new(name).starts_with(root);
        let depth = |root: &PathBuf| root.components().count();
        let own = Some(&self.root).filter(within).map_or(0, depth);
        self.others.iter().filter(within).any(|root| depth(root) > own)
    }
}

/// Why a package can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file that is to blame.
    pub path: PathBuf,
    /// Its text and the offset of the mistake in it, where that is known.
    pub place: Option<(String, u32)>,
    /// What is wrong.
    pub message: String,
}

/// The open documents and their packages.
#[derive(Default)]
pub struct OpenPackages {
    documents: BTreeMap<PathBuf, OpenDocument>,
    packages: BTreeMap<PathBuf, Package>,
    /// Documents whose text the database doesn't have yet.
    unwritten: BTreeSet<PathBuf>,
    /// Packages that changed since they were last asked for.
    touched: BTreeSet<PathBuf>,
}

struct OpenDocument {
    /// As the client wrote it.
    uri: Uri,
    /// Where its package is opened.
    root: PathBuf,
    document: Arc<Document>,
}

#[derive(Default)]
struct Package {
    session: Option<Session>,
    problem: Option<OpenError>,
}

impl OpenPackages {
    /// Opens a document; one that is open already is replaced.
    pub fn open(&mut self, path: PathBuf, uri: Uri, document: Document) {
        let root = package_root(&Overlay { documents: &self.documents }, &path);
        let opened = OpenDocument { uri, root: root.clone(), document: Arc::new(document) };
        let before = self.documents.insert(path.clone(), opened);
        self.refresh(&root);
        self.refresh_dependants(&root, &path);
        if let Some(before) = before.filter(|before| before.root != root) {
            self.leave(before.root);
        }
    }

    /// Changes the text of a document that is open. The database follows with [`Self::write`].
    pub fn change(&mut self, path: &Path, change: impl FnOnce(&mut Document)) {
        if let Some(open) = self.documents.get_mut(path) {
            change(Arc::make_mut(&mut open.document));
            self.unwritten.insert(path.to_owned());
        }
    }

    /// Closes a document; with the last one its package is closed.
    pub fn close(&mut self, path: &Path) {
        self.unwritten.remove(path);
        if let Some(closed) = self.documents.remove(path) {
            self.leave(closed.root.clone());
            self.refresh_dependants(&closed.root, path);
        }
    }

    /// Reads the packages that have one of these files again. A document may belong to another package now.
    pub fn changed_on_disk(&mut self, paths: &[PathBuf]) {
        let moved: Vec<(PathBuf, PathBuf)> = self
            .documents
            .iter()
            .map(|(path, open)| {
                (path, &open.root, package_root(&Overlay { documents: &self.documents }, path))
            })
            .filter(|(_, before, root)| *before != root)
            .map(|(path, _, root)| (path.clone(), root))
            .collect();
        for (path, root) in moved {
            let Some(open) = self.documents.get_mut(&path) else { continue };
            let before = std::mem::replace(&mut open.root, root.clone());
            self.refresh(&root);
            self.leave(before);
        }
        // What a package that can't be read lacks may have come.
        let concerned = |(root, package): &(&PathBuf, &Package)| {
            package.problem.is_some()
                || paths.iter().any(|path| path.starts_with(root) || package.reads(path) || is_shared(path))
        };
        let roots: Vec<PathBuf> =
            self.packages.iter().filter(concerned).map(|(root, _)| root.clone()).collect();
        roots.iter().for_each(|root| self.refresh(root));
    }

    /// Brings the database up to the documents. Waits until nothing reads the old state.
    pub fn write(&mut self) {
        for path in std::mem::take(&mut self.unwritten) {
            let Some(open) = self.documents.get(&path) else { continue };
            let root = open.root.clone();
            let package = self.packages.entry(root.clone()).or_default();
            if package.problem.is_none() && package.set_text(&path, &open.document) {
                self.touched.insert(root.clone());
            } else {
                self.refresh(&root);
            }
            self.write_dependants(&root, &path);
        }
    }

    /// What is needed to answer a question about a document, if it belongs to a package that has it as it is shown.
    pub fn snapshot(&self, path: &Path, encoding: Encoding) -> Option<Snapshot> {
        let open = self.documents.get(path)?;
        let session = self.packages.get(&open.root)?.session.as_ref()?;
        let file = session.file(&shown(path))?;
        // A document that was refused is not what the database has.
        let same = **file.text(session.db()) == *open.document.text();
        same.then(|| Snapshot {
            session: session.clone(),
            file,
            document: Arc::clone(&open.document),
            encoding,
        })
    }

    /// The packages that changed since the last call, those first that are not open any more.
    pub fn take_touched(&mut self) -> Vec<Touched> {
        let touched = std::mem::take(&mut self.touched);
        let (open, closed): (Vec<_>, Vec<_>) =
            touched.into_iter().partition(|root| self.packages.contains_key(root));
        closed.into_iter().chain(open).map(|root| self.touched(root)).collect()
    }

    /// Throws all databases away, to make them anew from the documents and the disk.
    pub fn forget_sessions(&mut self) {
        self.packages.values_mut().for_each(|package| *package = Package::default());
        self.unwritten.extend(self.documents.keys().cloned());
    }

    fn touched(&self, root: PathBuf) -> Touched {
        let package = self.packages.get(&root);
        let of_root = self.documents.iter().filter(|(_, open)| open.root == root);
        Touched {
            session: package.and_then(|package| package.session.clone()),
            problem: package.and_then(|package| package.problem.as_ref()).map(|error| problem(error, &root)),
            documents: of_root
                .map(|(path, open)| (shown(path), (open.uri.clone(), Arc::clone(&open.document))))
                .collect(),
            others: self.packages.keys().filter(|other| **other != root).cloned().collect(),
            root,
        }
    }

    /// Brings the text of a document of the package at `root` to the packages that depend on it.
    fn write_dependants(&mut self, root: &Path, path: &Path) {
        let Some(document) = self.documents.get(path).map(|open| Arc::clone(&open.document)) else { return };
        for (other, package) in self.packages.iter_mut().filter(|(other, _)| *other != root) {
            if package.reads(path) && package.set_text(path, &document) {
                self.touched.insert(other.clone());
            }
        }
    }

    /// Reads the packages again that depend on that at `root`, of which `path` was opened or closed.
    fn refresh_dependants(&mut self, root: &Path, path: &Path) {
        let depends = |(other, package): &(&PathBuf, &Package)| *other != root && package.reads(path);
        let others: Vec<PathBuf> =
            self.packages.iter().filter(depends).map(|(other, _)| other.clone()).collect();
        others.iter().for_each(|other| self.refresh(other));
    }

    /// Takes note that a document left the package at `root`.
    fn leave(&mut self, root: PathBuf) {
        if self.documents.values().any(|open| open.root == root) {
            self.refresh(&root);
        } else {
            self.packages.remove(&root);
            self.touched.insert(root);
        }
    }

    /// Reads a package again, or for the first time.
    fn refresh(&mut self, root: &Path) {
        let files = Overlay { documents: &self.documents };
        let package = self.packages.entry(root.to_owned()).or_default();
        package.problem = match &mut package.session {
            Some(session) => session.refresh(&files).err(),
            None => Session::open(&files, root).map(|session| package.session = Some(session)).err(),
        };
        if package.problem.is_some() {
            // What can't be read as a whole still follows the editor, file by file.
            for (path, open) in self.documents.iter().filter(|(_, open)| open.root == root) {
                package.set_text(path, &open.document);
            }
        }
        self.touched.insert(root.to_owned());
    }
}

/// Whether a file may say something of packages that don't lie beside it: a workspace's manifest, a lock file.
fn is_shared(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == dot_driver::MANIFEST || name == dot_driver::LOCK)
}

impl Package {
    /// Whether a file belongs to the package or to one that it depends on.
    fn reads(&self, path: &Path) -> bool {
        self.session.as_ref().is_some_and(|session| session.reads(path))
    }

    /// Sets the text of one file; tells whether the package has such a file and the text is not too long.
    fn set_text(&mut self, path: &Path, document: &Document) -> bool {
        let Some(session) = &mut self.session else { return false };
        let Some(file) = session.file(&shown(path)) else { return false };
        let fits = document.text().len() <= MAX_FILE_BYTES;
        if fits {
            session.set_text(file, document.text());
        }
        fits
    }
}

/// A path as the driver shows it.
fn shown(path: &Path) -> String {
    path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}

fn problem(error: &OpenError, root: &Path) -> Problem {
    let (path, place) = match error {
        OpenError::Manifest(path, text, error) => {
            let start = u32::try_from(error.range.start).unwrap_or(u32::MAX);
            (path.clone(), Some((text.clone(), start)))
        }
        OpenError::Unreadable(path, _)
        | OpenError::NotSource(path)
        | OpenError::TooLarge(path)
        | OpenError::Component(path, _) => (path.clone(), None),
        OpenError::NoManifest(_) | OpenError::OnlyWorkspace(_) => (root.join(dot_driver::MANIFEST), None),
    };
    Problem { path, place, message: error.to_string() }
}

/// The file system with the open documents laid over it.
struct Overlay<'a> {
    documents: &'a BTreeMap<PathBuf, OpenDocument>,
}

impl Files for Overlay<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.documents.get(path) {
            Some(open) => Ok(open.document.text().as_bytes().to_vec()),
            None => OsFiles.read(path),
        }
    }

    fn list(&self, folder: &Path, extension: &str) -> io::Result<Vec<PathBuf>> {
        let below =
            |path: &&PathBuf| path.starts_with(folder) && path.extension().is_some_and(|e| e == extension);
        let open: Vec<PathBuf> = self.documents.keys().filter(below).cloned().collect();
        let mut found = match OsFiles.list(folder, extension) {
            // The folder will be there once the document is saved.
            Err(error) if error.kind() == io::ErrorKind::NotFound && !open.is_empty() => Vec::new(),
            listed => listed?,
        };
        found.extend(open);
        found.sort();
        found.dedup();
        Ok(found)
    }

    fn folders(&self, folder: &Path) -> io::Result<Vec<String>> {
        OsFiles.folders(folder)
    }

    fn is_folder(&self, path: &Path) -> bool {
        OsFiles.is_folder(path)
    }
}
