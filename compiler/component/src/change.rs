//! What changed between two versions of a package, and which step of its version that needs.
//!
//! Whoever calls a component relies on all that it exports; whoever runs it relies on all that it doesn't import. So an
//! export that goes or becomes another one breaks, and an import that comes does, too: it asks for a capability that
//! nobody granted. Types have to be the same on both sides of a call, so any change of a record, variant, enum or flags
//! breaks, one more field included. See [Semantic Versioning 2.0.0](https://semver.org/spec/v2.0.0.html).

use crate::shape::{Face, Shape, Side, TypeShape};
use std::collections::{BTreeMap, BTreeSet};

/// A step of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Nothing that others rely on changed.
    Patch,
    /// There is more than there was.
    Minor,
    /// What relies on the old version may not work with the new one.
    Major,
}

impl Step {
    /// Its name in semantic versioning.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

/// Something that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The step that it needs.
    pub step: Step,
    /// Whether what is given or what is asked for changed.
    pub side: Side,
    /// The interface, or what stands in its place.
    pub interface: String,
    /// What changed, as the rest of a sentence that begins with the interface, or with a part of it.
    pub what: String,
}

/// All that changed between two versions, what breaks first.
#[must_use]
pub fn changes(old: &Shape, new: &Shape) -> Vec<Change> {
    let keys: BTreeSet<&(Side, String)> = old.faces.keys().chain(new.faces.keys()).collect();
    let mut found = Vec::new();
    for key in keys {
        match (key.0, old.faces.get(key), new.faces.get(key)) {
            (side, Some(old), Some(new)) => compare(side, old, new, &mut found),
            (Side::Export, Some(gone), None) => {
                found.push(change(Step::Major, Side::Export, gone, "is no longer exported"));
            }
            (Side::Export, None, Some(new)) => {
                found.push(change(Step::Minor, Side::Export, new, "is exported now"));
            }
            (Side::Import, Some(gone), None) => {
                found.push(change(Step::Patch, Side::Import, gone, "is no longer imported"));
            }
            (Side::Import, None, Some(new)) if acts(new) => {
                let what = "is imported now, which asks for a capability that the old version didn't need";
                found.push(change(Step::Major, Side::Import, new, what));
            }
            (Side::Import, None, Some(new)) => {
                let what = "is imported now for its types alone, which grants nothing";
                found.push(change(Step::Patch, Side::Import, new, what));
            }
            (_, None, None) => {}
        }
    }
    found.sort_by_key(|change| std::cmp::Reverse(change.step));
    found
}

/// Whether an import of this gives more than types. A resource's handles can be dropped, which its interface sees.
fn acts(face: &Face) -> bool {
    !face.functions.is_empty() || face.types.values().any(|ty| ty.kind == "resource")
}

fn change(step: Step, side: Side, face: &Face, what: impl Into<String>) -> Change {
    Change { step, side, interface: face.name.clone(), what: what.into() }
}

fn compare(side: Side, old: &Face, new: &Face, found: &mut Vec<Change>) {
    let is_export = side == Side::Export;
    let mut tell = |step: Step, what: String| found.push(change(step, side, new, what));
    if let (Some(before), Some(after)) = (&old.version, &new.version)
        && before != after
    {
        tell(Step::Patch, format!("has version {after}, and had {before}, which is compatible"));
    }
    for (name, before, after) in pairs(&old.functions, &new.functions) {
        let name = function_name(name);
        match (before, after) {
            (Some(before), Some(after)) if before != after => {
                tell(Step::Major, format!("{name} was `{before}` and is `{after}`"));
            }
            (Some(_), None) if is_export => tell(Step::Major, format!("{name} is gone")),
            (Some(_), None) => tell(Step::Patch, format!("{name} is no longer called")),
            (None, Some(_)) if is_export => tell(Step::Minor, format!("{name} is new")),
            (None, Some(_)) => {
                tell(Step::Major, format!("{name} is called now, which the old version didn't need"));
            }
            _ => {}
        }
    }
    for (name, before, after) in pairs(&old.types, &new.types) {
        match (before, after) {
            (Some(before), Some(after)) => {
                for what in type_changes(before, after) {
                    tell(Step::Major, format!("{} `{name}`: {what}", after.kind));
                }
            }
            (Some(before), None) if is_export => {
                tell(Step::Major, format!("{} `{name}` is gone", before.kind))
            }
            (None, Some(after)) if is_export => tell(Step::Minor, format!("{} `{name}` is new", after.kind)),
            // Types that are asked of others matter where a function shows them.
            _ => {}
        }
    }
}

/// What two tables have of each name.
fn pairs<'a, T>(
    old: &'a BTreeMap<String, T>,
    new: &'a BTreeMap<String, T>,
) -> impl Iterator<Item = (&'a str, Option<&'a T>, Option<&'a T>)> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    names.into_iter().map(|name| (name.as_str(), old.get(name), new.get(name)))
}

/// A function's name as a person reads it.
fn function_name(name: &str) -> String {
    match name.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some(("constructor", resource)) => format!("the constructor of `{resource}`"),
        Some((_, member)) => format!("`{member}`"),
        None => format!("`{name}`"),
    }
}

fn type_changes(old: &TypeShape, new: &TypeShape) -> Vec<String> {
    if old == new {
        return Vec::new();
    }
    if old.kind != new.kind {
        return vec![format!("it was declared as {}", old.kind)];
    }
    let part = match old.kind {
        "record" => "field",
        "flags" => "flag",
        "type" => {
            let text = |ty: &TypeShape| ty.members.first().map_or_else(String::new, |(_, text)| text.clone());
            return vec![format!("it was `{}` and is `{}`", text(old), text(new))];
        }
        _ => "case",
    };
    let table = |ty: &TypeShape| ty.members.iter().cloned().collect::<BTreeMap<String, String>>();
    let (before, after) = (table(old), table(new));
    let shown = |text: &str| if text.is_empty() { "nothing".to_owned() } else { format!("`{text}`") };
    let mut told: Vec<String> = pairs(&before, &after)
        .filter_map(|(name, before, after)| match (before, after) {
            (Some(_), None) => Some(format!("{part} `{name}` is gone")),
            (None, Some(_)) => Some(format!("{part} `{name}` is new")),
            (Some(before), Some(after)) if before != after => {
                Some(format!("{part} `{name}` has {}, and had {}", shown(after), shown(before)))
            }
            _ => None,
        })
        .collect();
    if told.is_empty() {
        told.push(format!("its {part}s stand in another order"));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::{Step, changes};
    use crate::shape::Shape;
    use wit_parser::{Resolve, UnresolvedPackageGroup};

    /// The shape of the world `w` of a package.
    fn world(wit: &str) -> Shape {
        let mut resolve = Resolve::default();
        let group = UnresolvedPackageGroup::parse("w.wit", wit).map_err(|(_, error)| error).expect("WIT");
        let package = resolve.push_group(group).expect("WIT");
        let world = resolve.select_world(&[package], Some("w")).expect("a world");
        Shape::of_world(&resolve, world, Some(package))
    }

    fn told(old: &str, new: &str) -> Vec<(Step, String)> {
        let wit = |version: &str, body: &str| {
            world(&format!(
                "package acme:geo@{version};\n{body}\npackage acme:db@0.2.3 {{ interface query {{ run: func(); stop: func(); }} interface kinds {{ type n = u32; enum e {{ a }} }} interface kept {{ resource r; }} }}\npackage acme:log@{version} {{ interface out {{ say: func(); }} }}"
            ))
        };
        changes(&wit("1.0.0", old), &wit("1.1.0", new)).into_iter().map(|c| (c.step, c.what)).collect()
    }

    const OLD: &str = "interface api { record p { a: u32, b: string } variant v { x, y(u32) } flags f { r } enum e { one } type n = u32; resource t { constructor(); m: func(); } go: func(p: p) -> n; } world w { import acme:db/query@0.2.3; export api; }";

    /// The steps are what the two rules of the module's head come to, by hand.
    #[test]
    // r[cli.semver], r[cli.semver.step]
    fn each_change_needs_its_step() {
        assert_eq!(told(OLD, OLD), []);
        for (from, to, step, what) in [
            ("go: func(p: p) -> n;", "go: func(p: p) -> n; more: func();", Step::Minor, "`more` is new"),
            ("go: func(p: p) -> n;", "", Step::Major, "`go` is gone"),
            (
                "go: func(p: p)",
                "go: func(q: p)",
                Step::Major,
                "`go` was `(p: p) -> u32` and is `(q: p) -> u32`",
            ),
            ("go: func(p: p)", "go: async func(p: p)", Step::Major, "and is `async (p: p) -> u32`"),
            (
                "a: u32, b: string",
                "b: string, a: u32",
                Step::Major,
                "record `p`: its fields stand in another order",
            ),
            ("a: u32, b: string", "a: u32", Step::Major, "record `p`: field `b` is gone"),
            ("b: string }", "b: string, c: u8 }", Step::Major, "record `p`: field `c` is new"),
            ("y(u32)", "y(u64)", Step::Major, "variant `v`: case `y` has `u64`, and had `u32`"),
            ("y(u32)", "y", Step::Major, "variant `v`: case `y` has nothing, and had `u32`"),
            ("{ one }", "{ one, two }", Step::Major, "enum `e`: case `two` is new"),
            ("flags f { r }", "flags f { r, s }", Step::Major, "flags `f`: flag `s` is new"),
            ("enum e { one }", "flags e { one }", Step::Major, "flags `e`: it was declared as enum"),
            ("m: func();", "m: func(); s: static func();", Step::Minor, "`t.s` is new"),
            ("constructor();", "", Step::Major, "the constructor of `t` is gone"),
            ("enum e { one }", "enum e { one } enum g { a }", Step::Minor, "enum `g` is new"),
            ("export api;", "", Step::Major, "is no longer exported"),
            ("export api;", "export api; export f: func();", Step::Minor, "is exported now"),
            ("import acme:db/query@0.2.3;", "", Step::Patch, "is no longer imported"),
            ("export api;", "export api; import acme:db/kinds@0.2.3;", Step::Patch, "for its types alone"),
            ("export api;", "export api; import acme:db/kept@0.2.3;", Step::Major, "asks for a capability"),
            ("export api;", "export api; import f: func();", Step::Major, "asks for a capability"),
        ] {
            assert!(OLD.contains(from), "{from}");
            let told = told(OLD, &OLD.replace(from, to));
            assert!(
                told.len() == 1 && told[0].0 == step && told[0].1.contains(what),
                "{from} {to}: {told:?}"
            );
        }
    }

    /// A name of another type is that type, so giving it one changes nothing where it is used.
    #[test]
    // r[cli.semver.step]
    fn a_name_for_a_type_changes_no_function() {
        let named = OLD.replace("go: func(p: p) -> n;", "type m = u32; go: func(p: p) -> m;");
        assert_eq!(told(OLD, &named), [(Step::Minor, "type `m` is new".to_owned())]);
    }

    /// Versions of others are compared as Cargo compares them.
    #[test]
    // r[cli.semver.step]
    fn a_compatible_version_of_an_import_is_no_new_import() {
        let wit = |version: &str| {
            world(&format!(
                "package acme:geo@1.0.0;\nworld w {{ import acme:db/query@{version}; }}\npackage acme:db@{version} {{ interface query {{ run: func(); }} }}"
            ))
        };
        let step = |old: &str, new: &str| {
            changes(&wit(old), &wit(new)).into_iter().map(|change| change.step).collect::<Vec<_>>()
        };
        assert_eq!(step("0.2.3", "0.2.12"), [Step::Patch]);
        assert_eq!(step("1.2.3", "1.9.0"), [Step::Patch]);
        assert_eq!(step("0.2.3", "0.3.0"), [Step::Major, Step::Patch], "one comes and one goes");
        assert_eq!(step("1.0.0", "2.0.0"), [Step::Major, Step::Patch]);
    }
}
