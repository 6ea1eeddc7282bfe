//! Features that a manifest turns on and nothing needs: the component would ask for a target that it can do without.

use crate::manifest::Located;
use crate::report::Report;
use crate::session::Session;
use dot_db::modules_of;
use dot_diagnostics::{Diagnostic, Span, TextRange, codes};
use dot_hir::wit::features::{FIXED_LISTS, MAPS};
use dot_hir::{import_of, items_of};
use dot_syntax::ItemKind;
use std::collections::BTreeSet;

impl Session {
    /// [`Session::check`], and what is spare in the manifest. Complexity: with features, that of a build without code.
    #[must_use]
    pub fn check_with_manifest(&self) -> Report {
        let mut report = self.check();
        let Some(manifest) = self.manifest().filter(|_| !report.has_errors()) else { return report };
        let spare = self.spare_features(&manifest.package.features);
        if spare.is_empty() {
            return report;
        }
        let shown = crate::project::display_path(&manifest.path);
        let file = report.add_file(&shown, &manifest.text);
        for feature in spare {
            let at = Span::new(file, TextRange::from_usize(feature.range.start, feature.range.end));
            let title = format!("the feature `{}` is not needed", feature.value);
            let note = "Nothing that the package exports or calls has such a type. Take it out of `features`: a component that has it asks for a target that takes it.";
            report.push(Diagnostic::warning(codes::UNNEEDED_FEATURE, title, at).with_note(note));
        }
        report
    }

    /// The features among `features` that no function of an import and no type of the package's interface needs.
    fn spare_features<'a>(&self, features: &'a [Located<String>]) -> Vec<&'a Located<String>> {
        if features.is_empty() {
            return Vec::new();
        }
        let db = self.db();
        let items = || modules_of(db, self.package()).iter().flat_map(|module| items_of(db, *module));
        // What an interface of others needs that the package exports is not looked at.
        if items().any(|item| item.kind(db) == ItemKind::Export) {
            return Vec::new();
        }
        let imports = items().flat_map(|item| dot_types::imports_of(db, *item));
        let imports = imports.filter_map(|function| import_of(db, function));
        let mut needed: BTreeSet<&str> = imports.flat_map(|import| import.needs.iter().copied()).collect();
        let wit = self.wit();
        for line in wit.lines().filter(|line| !line.trim_start().starts_with("//")) {
            if line.contains("map<") {
                needed.insert(MAPS);
            }
            if has_fixed_list(line) {
                needed.insert(FIXED_LISTS);
            }
        }
        features.iter().filter(|feature| !needed.contains(feature.value.as_str())).collect()
    }
}

/// Whether a line of WIT has a `list<T, N>`: a number stands before a `>` in no other type.
fn has_fixed_list(line: &str) -> bool {
    line.split('>').rev().skip(1).any(|part| {
        let number = part.rsplit(", ").next().unwrap_or_default();
        part.contains(", ") && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::has_fixed_list;

    #[test]
    fn a_list_of_known_length_is_told_from_other_types() {
        for (line, has) in [
            ("  f: func(xs: list<u8, 4>) -> u32;", true),
            ("  f: func(xs: list<list<tuple<u8, u8>, 12>>);", true),
            ("  f: func(a: tuple<u8, u8>, n: list<u8>) -> result<u8, u64>;", false),
            ("  four: func() -> u32;", false),
        ] {
            assert_eq!(has_fixed_list(line), has, "{line}");
        }
    }
}
