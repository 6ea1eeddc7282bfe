//! Which crate may depend on which, and the test that keeps it so.
//!
//! The table [`LAYERS`] is the only place where the order is written down. A row names the layers
//! directly below a crate; what those may reach, the crate may reach too. So `dot-mir`, which
//! stands on `dot-eval`, may use `dot-hir`, but not `dot-codegen`, and `dot-host` may use no crate
//! of the compiler at all.
//!
//! Two kinds of arrow are looser, because they ship in nothing or only on request: a
//! dev-dependency may also point at a crate that itself depends on nothing (the standard library's
//! sources), and an *optional* dependency may follow [`Layer::on_request`].
//!
//! The second rule here is about weight: the commands in [`LEAN`] must not link wasmtime, however
//! deep it hides, so that they build fast and start at once.

use std::collections::{BTreeMap, BTreeSet};

/// One row: a crate, what it stands on, and the reason that a failure quotes.
pub struct Layer {
    /// The package's name.
    pub name: &'static str,
    /// The layers directly below; their own are reached through them.
    pub stands_on: &'static [&'static str],
    /// Layers that only an optional feature may bring in.
    pub on_request: &'static [&'static str],
    /// Why the line is drawn here.
    pub rule: &'static str,
}

const fn layer(name: &'static str, stands_on: &'static [&'static str], rule: &'static str) -> Layer {
    Layer { name, stands_on, on_request: &[], rule }
}

/// The order of the workspace, lowest first.
pub const LAYERS: &[Layer] = &[
    layer("dot-diagnostics", &[], "what is told to a person knows nothing of what is told about"),
    layer("dot-stdlib", &[], "the standard library is text; it depends on nothing"),
    layer("dot-pattern", &[], "patterns mean the same to the compiler and the host; they depend on neither"),
    layer("dot-syntax", &["dot-diagnostics"], "syntax knows text, not names, files or types"),
    layer("dot-format", &["dot-syntax"], "the formatter sees trees and comments only"),
    layer("dot-db", &["dot-syntax"], "the database holds inputs and parses; it knows no meaning"),
    layer("dot-hir", &["dot-db"], "HIR has names and bodies, no types"),
    layer("dot-types", &["dot-hir", "dot-pattern"], "types know nothing of how a program is run or compiled"),
    layer("dot-eval", &["dot-types"], "the evaluator is the meaning; it can't lean on a compiler"),
    layer("dot-mir", &["dot-eval"], "MIR is neutral about the target; constants come from the evaluator"),
    layer("dot-codegen", &["dot-mir"], "code generation knows core wasm, not components"),
    layer("dot-component", &["dot-codegen"], "the component is wrapped around a core module"),
    layer("dot-driver", &["dot-component", "dot-format", "dot-stdlib"], "the driver is the compiler's door"),
    Layer {
        name: "dotc",
        stands_on: &["dot-driver"],
        on_request: &["dot-host"],
        rule: "dotc stands on the driver; only its feature `cwasm` brings a host",
    },
    layer("dot-ide", &["dot-types", "dot-format"], "what an editor asks ends at types; nothing is compiled"),
    layer("dot-lsp", &["dot-ide", "dot-driver"], "the server converts between a protocol and ide"),
    layer(
        "dot-host",
        &["dot-pattern"],
        "the host runs components, whoever made them: no crate of the compiler",
    ),
    layer("dot-command", &["dot-host", "dot-driver"], "the dot command joins the host and the driver"),
    layer("dot-bench", &["dot-driver", "dot-host"], "what is measured is what a user runs"),
    layer("dot-generate", &[], "a generator that knew the compiler would make what the compiler likes"),
    layer(
        "dot-tests",
        &["dot-command", "dotc", "dot-lsp", "dot-host", "dot-generate"],
        "the harness may see everything",
    ),
    layer("xtask", &[], "the project's own commands must start before anything else is built"),
];

/// Commands that must not link wasmtime, unless a feature asks for it.
pub const LEAN: &[&str] = &["dotc", "dot-lsp"];

/// How a dependency is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Linked always.
    Normal,
    /// Linked when a feature asks for it.
    Optional,
    /// Linked into tests.
    Dev,
}

/// A dependency that a workspace crate declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrow {
    /// The crate that declares it.
    pub from: String,
    /// The crate it names.
    pub to: String,
    /// How it is declared.
    pub kind: Kind,
}

/// What may be reached from a row, itself excluded.
fn below(name: &str) -> BTreeSet<&'static str> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&str> = vec![name];
    while let Some(next) = open.pop() {
        let Some(row) = LAYERS.iter().find(|row| row.name == next) else { continue };
        for lower in row.stands_on {
            if reached.insert(*lower) {
                open.push(lower);
            }
        }
    }
    reached
}

/// Tells every arrow that breaks the order, with the rule it breaks.
///
/// `members` are the workspace's own crates; arrows to other crates are none of this check's
/// business.
pub fn wrong_arrows(members: &[String], arrows: &[Arrow]) -> Vec<String> {
    let mut wrong = Vec::new();
    for member in members {
        if !LAYERS.iter().any(|row| row.name == member) {
            wrong.push(format!("`{member}` has no row in LAYERS: say what it may depend on"));
        }
    }
    for arrow in arrows.iter().filter(|arrow| members.contains(&arrow.to)) {
        let Some(row) = LAYERS.iter().find(|row| row.name == arrow.from) else { continue };
        let foundation = LAYERS.iter().any(|low| low.name == arrow.to && low.stands_on.is_empty());
        let allowed = match arrow.kind {
            Kind::Normal => below(row.name).contains(arrow.to.as_str()),
            Kind::Optional => {
                below(row.name).contains(arrow.to.as_str()) || row.on_request.contains(&arrow.to.as_str())
            }
            Kind::Dev => below(row.name).contains(arrow.to.as_str()) || foundation,
        };
        if !allowed {
            wrong.push(format!("{} → {}: {}", arrow.from, arrow.to, row.rule));
        }
    }
    wrong
}

/// Finds the chains by which a lean command would link wasmtime.
///
/// `locked` is the whole dependency graph of the lock file, by name. It includes what features may
/// bring in, so the walk over the workspace's own crates follows declared, non-optional arrows, and
/// only below the first outside crate does it follow the lock file.
pub fn heavy_chains(
    members: &[String],
    arrows: &[Arrow],
    locked: &BTreeMap<String, Vec<String>>,
) -> Vec<String> {
    let mut found = Vec::new();
    for command in LEAN {
        let mut seen = BTreeSet::new();
        let mut open = vec![vec![(*command).to_owned()]];
        while let Some(chain) = open.pop() {
            let Some(last) = chain.last() else { continue };
            if last == "wasmtime" {
                found.push(format!("{}: {command} must not link wasmtime", chain.join(" → ")));
                continue;
            }
            let next: Vec<String> = if members.contains(last) {
                let declared = arrows.iter().filter(|a| &a.from == last && a.kind == Kind::Normal);
                declared.map(|a| a.to.clone()).collect()
            } else {
                locked.get(last).cloned().unwrap_or_default()
            };
            for name in next {
                if seen.insert(name.clone()) {
                    let mut longer = chain.clone();
                    longer.push(name);
                    open.push(longer);
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn names(of: &[&str]) -> Vec<String> {
        of.iter().map(|name| (*name).to_owned()).collect()
    }

    fn arrow(from: &str, to: &str, kind: Kind) -> Arrow {
        Arrow { from: from.to_owned(), to: to.to_owned(), kind }
    }

    /// The workspace's crates and what each declares, as cargo reads the manifests.
    fn workspace() -> (Vec<String>, Vec<Arrow>) {
        let output = std::process::Command::new(env!("CARGO"))
            .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
            .current_dir(crate::root())
            .output()
            .expect("cargo runs");
        let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
        let packages = metadata["packages"].as_array().expect("packages");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut arrows = Vec::new();
        for package in packages {
            for dependency in package["dependencies"].as_array().expect("dependencies") {
                let kind = match (dependency["kind"].as_str(), dependency["optional"].as_bool()) {
                    (Some("dev"), _) => Kind::Dev,
                    (_, Some(true)) => Kind::Optional,
                    _ => Kind::Normal,
                };
                let (from, to) = (text(&package["name"]), text(&dependency["name"]));
                arrows.push(Arrow { from, to, kind });
            }
        }
        (packages.iter().map(|package| text(&package["name"])).collect(), arrows)
    }

    /// The lock file's graph. Its format is cargo's own TOML, flat enough to read by lines.
    fn locked() -> BTreeMap<String, Vec<String>> {
        let text = std::fs::read_to_string(crate::root().join("Cargo.lock")).expect("a lock file");
        let mut graph: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut name = String::new();
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("name = ") {
                name = rest.trim_matches('"').to_owned();
            } else if let Some(rest) = line.strip_prefix(" \"") {
                let to = rest.split(['"', ' ']).next().unwrap_or_default().to_owned();
                graph.entry(name.clone()).or_default().push(to);
            }
        }
        graph
    }

    #[test]
    fn the_workspace_keeps_the_order() {
        let (members, arrows) = workspace();
        assert!(members.len() >= 16, "cargo metadata named only {members:?}");
        assert_eq!(wrong_arrows(&members, &arrows), Vec::<String>::new());
    }

    #[test]
    fn lean_commands_do_not_link_wasmtime() {
        let (members, arrows) = workspace();
        let locked = locked();
        // The check means nothing unless the same walk finds wasmtime where it does belong.
        assert!(locked["dot-host"].iter().any(|name| name == "wasmtime"));
        assert_eq!(heavy_chains(&members, &arrows, &locked), Vec::<String>::new());
    }

    #[test]
    fn an_arrow_upwards_is_named_with_its_rule() {
        let members = names(&["dot-syntax", "dot-types", "dot-host", "dot-mir"]);
        let wrong = wrong_arrows(
            &members,
            &[
                arrow("dot-syntax", "dot-types", Kind::Normal),
                arrow("dot-host", "dot-types", Kind::Normal),
                arrow("dot-mir", "dot-types", Kind::Normal),
            ],
        );
        assert_eq!(
            wrong,
            [
                "dot-syntax → dot-types: syntax knows text, not names, files or types",
                "dot-host → dot-types: the host runs components, whoever made them: no crate of the compiler",
            ]
        );
    }

    #[test]
    fn only_a_feature_brings_a_host_into_dotc() {
        let members = names(&["dotc", "dot-host"]);
        assert!(wrong_arrows(&members, &[arrow("dotc", "dot-host", Kind::Optional)]).is_empty());
        assert_eq!(wrong_arrows(&members, &[arrow("dotc", "dot-host", Kind::Normal)]).len(), 1);
    }

    #[test]
    fn tests_may_read_the_standard_library_but_not_a_higher_layer() {
        let members = names(&["dot-types", "dot-stdlib", "dot-driver"]);
        assert!(wrong_arrows(&members, &[arrow("dot-types", "dot-stdlib", Kind::Dev)]).is_empty());
        assert_eq!(wrong_arrows(&members, &[arrow("dot-types", "dot-driver", Kind::Dev)]).len(), 1);
    }

    #[test]
    fn a_crate_without_a_row_is_refused() {
        let wrong = wrong_arrows(&names(&["dot-extra"]), &[]);
        assert_eq!(wrong, ["`dot-extra` has no row in LAYERS: say what it may depend on"]);
    }

    #[test]
    fn wasmtime_is_found_behind_another_crate() {
        let members = names(&["dotc", "dot-driver"]);
        let arrows =
            [arrow("dotc", "dot-driver", Kind::Normal), arrow("dot-driver", "wasmtime-wasi", Kind::Normal)];
        let locked = BTreeMap::from([("wasmtime-wasi".to_owned(), names(&["wasmtime"]))]);
        assert_eq!(
            heavy_chains(&members, &arrows, &locked),
            ["dotc → dot-driver → wasmtime-wasi → wasmtime: dotc must not link wasmtime"]
        );
        let asked = [arrow("dotc", "wasmtime-wasi", Kind::Optional)];
        assert!(heavy_chains(&members, &asked, &locked).is_empty());
    }
}
