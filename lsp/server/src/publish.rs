//! Diagnostics, from a touched package to the client.
//!
//! Each check runs on a thread of its own and is given up, by cancellation, when an edit writes to its package; that
//! edit brings a check of its own. What a check finds is plain data. One more thread sends it to the client, in the
//! order of the edits: it may wait for a slow client without keeping any snapshot alive.

use crate::convert::{Converter, package_error, uri_of};
use crate::document::{Encoding, protocol_range};
use crate::packages::{Problem, Touched};
use dot_diagnostics::TextRange;
use dot_driver::Session;
use dot_ide::LineIndex;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use tower_lsp_server::gen_lsp_types::{self as lsp, Uri};

/// What is wrong in one file.
#[derive(Clone, Debug, PartialEq)]
pub struct FileDiagnostics {
    /// The version of the document, if it is open.
    pub version: Option<i32>,
    /// What is wrong.
    pub diagnostics: Vec<lsp::Diagnostic>,
}

/// What is wrong in a package: its open documents, and its files in which something is wrong, by URI.
type Findings = BTreeMap<String, FileDiagnostics>;

/// The findings of one check.
struct Checked {
    root: PathBuf,
    /// Later checks have larger numbers.
    number: u64,
    findings: Findings,
}

/// Starts checks. Owned by the writer.
pub struct Publisher {
    sender: Sender<Checked>,
    last: u64,
}

impl Publisher {
    /// Starts the thread that hands findings to `send`. It ends with the last check after the publisher is gone.
    ///
    /// # Errors
    ///
    /// When the system gives no thread.
    pub fn start(send: impl FnMut(Uri, FileDiagnostics) + Send + 'static) -> std::io::Result<Self> {
        let (sender, receiver) = channel();
        std::thread::Builder::new().name("publisher".to_owned()).spawn(move || run(&receiver, send))?;
        Ok(Self { sender, last: 0 })
    }

    /// Checks a package and publishes what is found, unless an edit comes before.
    pub fn check(&mut self, mut package: Touched, encoding: Encoding) {
        self.last += 1;
        let (number, sender) = (self.last, self.sender.clone());
        let Some(session) = package.session.take() else {
            let findings = findings_without_session(&package, encoding);
            let _ = sender.send(Checked { root: package.root, number, findings });
            return;
        };
        let check = move || {
            let found = catch_unwind(AssertUnwindSafe(|| {
                salsa::Cancelled::catch(AssertUnwindSafe(|| findings(session, &package, encoding)))
            }));
            let findings = match found {
                Ok(Ok(findings)) => findings,
                Ok(Err(salsa::Cancelled::PropagatedPanic)) | Err(_) => after_panic(&package),
                // The edit that wrote to the package brings a check of its own.
                Ok(Err(_)) => return,
            };
            let _ = sender.send(Checked { root: package.root, number, findings });
        };
        if let Err(error) = std::thread::Builder::new().stack_size(crate::STACK).spawn(check) {
            eprintln!("can't check: {error}");
        }
    }
}

/// Publishes findings in the order of checks, only those that differ from what was published before.
fn run(receiver: &Receiver<Checked>, mut send: impl FnMut(Uri, FileDiagnostics)) {
    let mut shown: BTreeMap<PathBuf, (u64, Findings)> = BTreeMap::new();
    while let Ok(first) = receiver.recv() {
        let mut batch: Vec<Checked> = std::iter::once(first).chain(receiver.try_iter()).collect();
        batch.sort_by_key(|checked| checked.number);
        for Checked { root, number, findings } in batch {
            let before = match shown.get(&root) {
                Some((later, _)) if *later > number => continue,
                Some((_, before)) => before.clone(),
                None => Findings::new(),
            };
            for uri in before.keys().filter(|uri| !findings.contains_key(*uri)) {
                // A file of two packages is told by one of them: what that one found stands.
                let others = shown.iter().filter(|(other, _)| **other != root);
                let told = others.filter_map(|(_, (_, findings))| findings.get(uri)).next().cloned();
                let nothing = FileDiagnostics { version: None, diagnostics: Vec::new() };
                send(Uri::from(uri.clone()), told.unwrap_or(nothing));
            }
            for (uri, file) in findings.iter().filter(|(uri, file)| before.get(*uri) != Some(file)) {
                send(Uri::from(uri.clone()), file.clone());
            }
            shown.insert(root, (number, findings));
        }
    }
}

/// All that is wrong in a package. The session is gone when this returns.
fn findings(session: Session, package: &Touched, encoding: Encoding) -> Findings {
    let mut uris: BTreeMap<String, Uri> = BTreeMap::new();
    for name in session.files() {
        let uri = uri_of(Path::new(&name));
        uris.insert(name, uri);
    }
    uris.extend(package.documents.iter().map(|(name, (uri, _))| (name.clone(), uri.clone())));
    let report = session.check();
    drop(session);
    let mut found = open_documents(package);
    let mut converter = Converter::new(report.sources(), encoding, &uris);
    // What is wrong in an interface is told in the first open document: it has no file of its own.
    let elsewhere = package.documents.values().map(|(uri, _)| uri).next();
    for diagnostic in report.diagnostics() {
        let name = report.sources().name(diagnostic.primary.span.anchor);
        if package.is_told_elsewhere(name) {
            continue;
        }
        if let Some(uri) = uris.get(name).or(elsewhere) {
            file_of(&mut found, uri).diagnostics.push(converter.diagnostic(diagnostic));
        }
    }
    add_problem(&mut found, package, encoding);
    found
}

fn findings_without_session(package: &Touched, encoding: Encoding) -> Findings {
    let mut found = open_documents(package);
    add_problem(&mut found, package, encoding);
    found
}

/// A panic is a bug of the compiler. What was found before is not true any more, and silence would look like success.
fn after_panic(package: &Touched) -> Findings {
    let mut found = open_documents(package);
    for file in found.values_mut() {
        let message =
            "the compiler failed in this package, which is a bug; what it said is on standard error";
        file.diagnostics.push(package_error(message.to_owned(), lsp::Range::default()));
    }
    found
}

/// The open documents, with nothing wrong so far.
fn open_documents(package: &Touched) -> Findings {
    let empty = |version| FileDiagnostics { version: Some(version), diagnostics: Vec::new() };
    let of_document = |(uri, document): &(Uri, Arc<crate::document::Document>)| {
        (uri.as_ref().to_owned(), empty(document.version))
    };
    package.documents.values().map(of_document).collect()
}

fn file_of<'a>(found: &'a mut Findings, uri: &Uri) -> &'a mut FileDiagnostics {
    let new = FileDiagnostics { version: None, diagnostics: Vec::new() };
    found.entry(uri.as_ref().to_owned()).or_insert(new)
}

/// Tells why a package can't be read: in the file that is to blame, and at the top of the open documents, since the
/// other file may not be in view.
fn add_problem(found: &mut Findings, package: &Touched, encoding: Encoding) {
    let Some(Problem { path, place, message }) = &package.problem else { return };
    let range = place.as_ref().map_or_else(lsp::Range::default, |(text, start)| {
        protocol_range(text, &LineIndex::new(text), encoding, TextRange::empty(*start))
    });
    let name = path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    let uri = package.documents.get(&name).map_or_else(|| uri_of(path), |(uri, _)| uri.clone());
    file_of(found, &uri).diagnostics.push(package_error(message.clone(), range));
    for (other, _) in package.documents.values().filter(|(other, _)| *other != uri) {
        let told = package_error(message.clone(), lsp::Range::default());
        file_of(found, other).diagnostics.push(told);
    }
}

#[cfg(test)]
mod tests {
    use super::{Checked, FileDiagnostics, Findings, package_error, run};
    use std::sync::mpsc::channel;
    use tower_lsp_server::gen_lsp_types::Range;

    fn file(version: Option<i32>, messages: &[&str]) -> FileDiagnostics {
        let diagnostics = messages.iter().map(|text| package_error((*text).to_owned(), Range::default()));
        FileDiagnostics { version, diagnostics: diagnostics.collect() }
    }

    fn checked(root: &str, number: u64, files: &[(&str, FileDiagnostics)]) -> Checked {
        let findings: Findings = files.iter().map(|(uri, file)| ((*uri).to_owned(), file.clone())).collect();
        Checked { root: root.into(), number, findings }
    }

    /// What is sent when these checks come in, all before the first is handled.
    fn sent(checks: Vec<Checked>) -> Vec<(String, FileDiagnostics)> {
        let (sender, receiver) = channel();
        checks.into_iter().for_each(|check| sender.send(check).expect("it is received"));
        drop(sender);
        let mut out = Vec::new();
        run(&receiver, |uri, file| out.push((uri.as_ref().to_owned(), file)));
        out
    }

    #[test]
    fn an_older_check_that_comes_later_is_told_first() {
        let new = checked("p", 2, &[("a", file(Some(2), &[]))]);
        let old = checked("p", 1, &[("a", file(Some(1), &["wrong"]))]);
        let told = sent(vec![new, old]);
        assert_eq!(told.last(), Some(&("a".to_owned(), file(Some(2), &[]))));
    }

    #[test]
    fn what_did_not_change_is_not_told_again_and_what_is_gone_is_cleared() {
        let first = checked("p", 1, &[("a", file(Some(1), &["x"])), ("b", file(None, &["y"]))]);
        let second = checked("p", 2, &[("a", file(Some(2), &["x"])), ("b", file(None, &["y"]))]);
        let closed = checked("p", 3, &[]);
        let told = sent(vec![first, second, closed]);
        let expected = [
            ("a", file(Some(1), &["x"])),
            ("b", file(None, &["y"])),
            ("a", file(Some(2), &["x"])),
            ("a", file(None, &[])),
            ("b", file(None, &[])),
        ];
        assert_eq!(told, expected.map(|(uri, file)| (uri.to_owned(), file)));
    }

    #[test]
    fn a_document_that_moved_to_another_package_keeps_what_is_wrong() {
        let alone = checked("a", 1, &[("a", file(Some(1), &["x"]))]);
        let left = checked("a", 2, &[]);
        let joined = checked("p", 3, &[("a", file(Some(1), &["y"]))]);
        let told = sent(vec![alone, joined, left]);
        assert_eq!(told.last(), Some(&("a".to_owned(), file(Some(1), &["y"]))));
    }
}
