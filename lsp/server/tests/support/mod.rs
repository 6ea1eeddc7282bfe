//! A small client: starts the real `dot-lsp` and speaks the protocol with it over its standard streams.
#![allow(dead_code, reason = "each test file uses its part")]

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Longer than this no answer may take, on the busiest machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A connection to a server of its own.
pub struct Client {
    server: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Value>,
    next_id: i64,
    /// Answers that came while another was waited for.
    answers: BTreeMap<i64, Value>,
    /// What was published for each URI, in order.
    published: BTreeMap<String, Vec<Value>>,
}

impl Client {
    /// Starts a server and shakes hands.
    pub fn start() -> Self {
        let mut server = Command::new(env!("CARGO_BIN_EXE_dot-lsp"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("dot-lsp starts");
        let output = BufReader::new(server.stdout.take().expect("it was piped"));
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            let mut output = output;
            while let Some(message) = read_message(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let input = server.stdin.take();
        let mut client = Self {
            server,
            input,
            messages,
            next_id: 0,
            answers: BTreeMap::new(),
            published: BTreeMap::new(),
        };
        let id = client.request("initialize", &json!({ "capabilities": {} }));
        let answer = client.answer(id);
        assert_eq!(answer["result"]["capabilities"]["positionEncoding"], "utf-16");
        client.notify("initialized", &json!({}));
        client
    }

    pub fn send(&mut self, message: &Value) {
        let body = message.to_string();
        let input = self.input.as_mut().expect("still open");
        write!(input, "Content-Length: {}\r\n\r\n{body}", body.len()).expect("the server listens");
        input.flush().expect("the server listens");
    }

    pub fn notify(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    pub fn request(&mut self, method: &str, params: &Value) -> i64 {
        self.next_id += 1;
        let message = match params {
            Value::Null => json!({ "jsonrpc": "2.0", "id": self.next_id, "method": method }),
            params => json!({ "jsonrpc": "2.0", "id": self.next_id, "method": method, "params": params }),
        };
        self.send(&message);
        self.next_id
    }

    /// The answer to a request: the whole message, with `result` or `error`.
    pub fn answer(&mut self, id: i64) -> Value {
        loop {
            if let Some(answer) = self.answers.remove(&id) {
                return answer;
            }
            self.receive();
        }
    }

    /// The last diagnostics published for a URI, once they are of this version.
    pub fn diagnostics(&mut self, uri: &str, version: i64) -> Vec<Value> {
        self.diagnostics_when(uri, |params| params["version"] == version)
    }

    /// The first diagnostics published for a URI, from the last ones on, of which `wanted` holds.
    pub fn diagnostics_when(&mut self, uri: &str, wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
        loop {
            let last = self.published.get(uri).and_then(|all| all.last());
            if let Some(params) = last.filter(|params| wanted(params)) {
                return params["diagnostics"].as_array().expect("a list").clone();
            }
            self.receive();
        }
    }

    /// All that was published for a URI so far.
    pub fn published(&self, uri: &str) -> &[Value] {
        self.published.get(uri).map_or(&[], Vec::as_slice)
    }

    fn receive(&mut self) {
        let message = self.messages.recv_timeout(PATIENCE).expect("the server goes on answering");
        if let Some(id) = message["id"].as_i64().filter(|_| message.get("method").is_none()) {
            assert!(self.answers.insert(id, message).is_none(), "one answer for each request");
        } else if message["method"] == "textDocument/publishDiagnostics" {
            let uri = message["params"]["uri"].as_str().expect("a URI").to_owned();
            self.published.entry(uri).or_default().push(message["params"].clone());
        }
    }

    pub fn open(&mut self, uri: &str, version: i64, text: &str) {
        let document = json!({ "uri": uri, "languageId": "dot", "version": version, "text": text });
        self.notify("textDocument/didOpen", &json!({ "textDocument": document }));
    }

    pub fn close(&mut self, uri: &str) {
        self.notify("textDocument/didClose", &json!({ "textDocument": { "uri": uri } }));
    }

    /// Replaces what stands from one (line, character) to another.
    pub fn edit(&mut self, uri: &str, version: i64, range: [(u32, u32); 2], text: &str) {
        let [start, end] = range.map(|(line, character)| json!({ "line": line, "character": character }));
        let change = json!({ "range": { "start": start, "end": end }, "text": text });
        let document = json!({ "uri": uri, "version": version });
        self.notify(
            "textDocument/didChange",
            &json!({ "textDocument": document, "contentChanges": [change] }),
        );
    }

    /// Replaces the whole text.
    pub fn replace(&mut self, uri: &str, version: i64, text: &str) {
        let document = json!({ "uri": uri, "version": version });
        self.notify(
            "textDocument/didChange",
            &json!({ "textDocument": document, "contentChanges": [{ "text": text }] }),
        );
    }

    pub fn ask_hover(&mut self, uri: &str, line: u32, character: u32) -> i64 {
        let position = json!({ "line": line, "character": character });
        self.request("textDocument/hover", &json!({ "textDocument": { "uri": uri }, "position": position }))
    }

    /// What a hover says; none if it says nothing.
    pub fn hover(&mut self, uri: &str, line: u32, character: u32) -> Option<String> {
        let id = self.ask_hover(uri, line, character);
        let answer = self.answer(id);
        assert!(answer.get("error").is_none(), "{answer}");
        answer["result"]["contents"]["value"].as_str().map(str::to_owned)
    }

    /// Leaves, after asking for shutdown if that is wanted; the server's exit code.
    pub fn leave(mut self, orderly: bool) -> Option<i32> {
        if orderly {
            let id = self.request("shutdown", &Value::Null);
            assert!(self.answer(id).get("error").is_none());
        }
        self.send(&json!({ "jsonrpc": "2.0", "method": "exit" }));
        self.server.wait().expect("the server ends").code()
    }
}

impl Drop for Client {
    /// A server whose client goes away ends; one that doesn't is not left behind.
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn read_message(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            Some(("Content-Length", value)) => length = value.parse().ok()?,
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

/// The code of each diagnostic; the message of one without.
pub fn codes(diagnostics: &[Value]) -> Vec<String> {
    let code = |d: &Value| d["code"].as_str().or(d["message"].as_str()).unwrap_or_default().to_owned();
    diagnostics.iter().map(code).collect()
}

/// An empty folder of this name.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    folder
}

/// Writes a file, and the folders above it; its URI.
pub fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().expect("it has one")).expect("a folder can be made");
    std::fs::write(&path, text).expect("a file can be written");
    uri(&path)
}

/// The URI of a path; those of the tests need no escapes.
pub fn uri(path: &Path) -> String {
    let path = path.to_string_lossy().replace('\\', "/");
    format!("file://{}{path}", if path.starts_with('/') { "" } else { "/" })
}
