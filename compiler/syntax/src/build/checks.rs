//! What the grammar can't say and the tree can't hold: checked when a node is made.

use dot_diagnostics::{Diagnostic, Span, TextRange, codes};
use smol_str::SmolStr;

use super::{CaseArg, Context, Entry, FieldItem, present};
use crate::ast::*;

impl Context<'_> {
    /// A name of a type or case: `HttpError`.
    pub(crate) fn pascal(&mut self, name: Name) -> Name {
        let is_right = name.text.starts_with(|c: char| c.is_ascii_uppercase()) && !name.text.contains('_');
        if !is_right {
            let better: String = words(&name.text).iter().map(|word| capitalised(word)).collect();
            self.wrong_case(&name, "types and cases are written in `PascalCase`", better);
        }
        name
    }

    /// A name of a constant: `MAX_LEN`.
    pub(crate) fn screaming(&mut self, name: Name) -> Name {
        let is_right = name.text.bytes().all(|byte| !byte.is_ascii_lowercase()) && name.text != "_";
        if !is_right {
            let better = words(&name.text).join("_").to_ascii_uppercase();
            self.wrong_case(&name, "constants are written in `SCREAMING_CASE`", better);
        }
        name
    }

    /// A name of a value, a field, a function: `next_id`.
    pub(crate) fn snake(&mut self, name: Name) -> Name {
        if name.text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            let better = words(&name.text).join("_").to_ascii_lowercase();
            self.wrong_case(&name, "values, fields and functions are written in `snake_case`", better);
        }
        name
    }

    /// A name in lower case, where a type or case is declared.
    pub(crate) fn not_pascal(&mut self, name: Name) -> Name {
        self.pascal(name)
    }

    /// A name in lower case, where a constant is declared.
    pub(crate) fn not_screaming(&mut self, name: Name) -> Name {
        self.screaming(name)
    }

    /// A name in upper case, where a value, field or function is declared.
    pub(crate) fn not_snake(&mut self, name: Name) -> Name {
        self.snake(name)
    }

    fn wrong_case(&mut self, name: &Name, rule: &str, better: String) {
        let title = format!("{rule}, unlike `{}`", name.text);
        let mut diagnostic = Diagnostic::error_at(codes::INVALID_NAME, title, name.range)
            .with_note("Case tells names apart: in a pattern, `None` is a case and `none_yet` a new name.");
        if better.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let span = Span::new((), name.range);
            diagnostic = diagnostic.with_fix(format!("name it `{better}`"), span, better);
        }
        self.errors.push(diagnostic);
    }

    /// `namespace:package/interface@version`.
    pub(crate) fn wit_path(&mut self, text: SmolStr, range: TextRange) -> WitPath {
        let (path, version) = match text.split_once('@') {
            Some((path, version)) => (path, Some(SmolStr::from(version))),
            None => (text.as_str(), None),
        };
        let (namespace, rest) = path.split_once(':').unwrap_or((path, ""));
        let (package, interface) = rest.split_once('/').unwrap_or((rest, ""));
        let is_name = |name: &str| {
            name.split('-')
                .all(|word| word.bytes().all(|byte| byte.is_ascii_alphanumeric()) && !word.is_empty())
                && name.starts_with(|c: char| c.is_ascii_alphabetic())
        };
        let is_version = |version: &SmolStr| {
            version.starts_with(|c: char| c.is_ascii_digit())
                && version.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-+".contains(&byte))
        };
        let is_right = is_name(namespace)
            && is_name(package)
            // What has a name in a world only is below the world: `demo:app/plugin/log`.
            && (interface.splitn(2, '/').all(is_name) || !rest.contains('/'))
            && version.as_ref().is_none_or(is_version);
        if !is_right {
            let title = format!("`{text}` is not the path of an interface");
            self.errors.push(
                Diagnostic::error_at(codes::INVALID_NAME, title, range)
                    .with_note("A path of WIT has the form `namespace:package/interface@1.2.3`."),
            );
        }
        let (namespace, package, interface) = (namespace.into(), package.into(), interface.into());
        WitPath { namespace, package, interface, version, range }
    }

    /// `e.0`
    pub(crate) fn tuple_field(&mut self, base: Expr, index: u64, index_range: TextRange) -> Expr {
        let range = base.range.join(index_range);
        let Ok(index) = u32::try_from(index) else {
            let title = "no tuple has so many parts";
            let told = self.tell(Diagnostic::error_at(codes::INVALID_LITERAL, title, index_range));
            return Expr::new(ExprKind::Error(told), range);
        };
        Expr::new(ExprKind::TupleField { base: Box::new(base), index, index_range }, range)
    }

    /// `Point { x: 1 }`, `module.Point { x: 1 }`
    pub(crate) fn record(&mut self, base: Expr, inits: Vec<Option<RecordInit>>, end: u32) -> Expr {
        let (start, base_range) = (base.range.start, base.range);
        let range = TextRange::new(start, end);
        match into_path(base) {
            Some(path) => Expr::new(ExprKind::Record { path: Some(path), inits: present(inits) }, range),
            None => {
                let title = "only a type's name can stand before the braces of a record";
                let told = self.tell(Diagnostic::error_at(codes::UNEXPECTED_TOKEN, title, base_range));
                Expr::new(ExprKind::Error(told), range)
            }
        }
    }

    /// `[a, b]`, `[k: v]`, and nothing in between.
    pub(crate) fn list_or_map(&mut self, entries: Vec<Entry>, range: TextRange) -> Expr {
        let pair = entries.iter().find_map(|entry| match entry {
            Entry::Pair(key, value) => Some(key.range.join(value.range)),
            _ => None,
        });
        let element = entries.iter().find_map(|entry| match entry {
            Entry::Element(element) => Some(element.range),
            _ => None,
        });
        if let (Some(pair), Some(element)) = (pair, element) {
            let title = "this is neither a list nor a map";
            let told = self.tell(
                Diagnostic::error_at(codes::UNEXPECTED_TOKEN, title, element)
                    .with_message("this entry has no key")
                    .with_label(Span::new((), pair), "this one has"),
            );
            return Expr::new(ExprKind::Error(told), range);
        }
        let kind = if pair.is_some() {
            ExprKind::Map(entries.into_iter().filter_map(map_entry).collect())
        } else {
            ExprKind::List(entries.into_iter().filter_map(list_entry).collect())
        };
        Expr::new(kind, range)
    }

    /// `Num(n)`, `Binary(op, ..)`, `Leaf`
    pub(crate) fn case_pattern(
        &mut self,
        path: Path,
        args: Option<Vec<CaseArg>>,
        range: TextRange,
    ) -> Pattern {
        let (mut rest, mut last) = (None, true);
        let args = args.map(|args| {
            let mut patterns = Vec::with_capacity(args.len());
            for arg in args {
                match arg {
                    CaseArg::Pattern(pattern) => {
                        last = rest.is_none();
                        patterns.push(pattern);
                    }
                    CaseArg::Rest(again) => last &= rest.replace(again).is_none(),
                }
            }
            patterns
        });
        self.check_rest(rest, last);
        Pattern { kind: PatternKind::Case { path, args, rest }, range }
    }

    /// `Point { x, y: 0, .. }`
    pub(crate) fn record_pattern(
        &mut self,
        path: Option<Path>,
        items: Vec<Option<FieldItem>>,
        range: TextRange,
    ) -> Pattern {
        let (mut rest, mut last, mut fields) = (None, true, Vec::with_capacity(items.len()));
        for item in present(items) {
            match item {
                FieldItem::Field(field) => {
                    last = rest.is_none();
                    fields.push(field);
                }
                FieldItem::Rest(again) => last &= rest.replace(again).is_none(),
            }
        }
        self.check_rest(rest, last);
        Pattern { kind: PatternKind::Record { path, fields, rest }, range }
    }

    fn check_rest(&mut self, rest: Option<TextRange>, last: bool) {
        if let Some(rest) = rest.filter(|_| !last) {
            let title = "`..` stands once, after everything else";
            self.errors.push(Diagnostic::error_at(codes::UNEXPECTED_TOKEN, title, rest));
        }
    }

    /// `[first, ..rest, last]`
    pub(crate) fn list_pattern(&mut self, elements: Vec<ListPattern>, range: TextRange) -> Pattern {
        let mut rests = elements.iter().filter_map(|element| match element {
            ListPattern::Rest(_, range) => Some(*range),
            ListPattern::Element(_) => None,
        });
        if let (Some(first), Some(second)) = (rests.next(), rests.next()) {
            let title = "a list pattern has one `..` at most";
            self.errors.push(
                Diagnostic::error_at(codes::UNEXPECTED_TOKEN, title, second)
                    .with_label(Span::new((), first), "the first is here")
                    .with_note("With two there would be many ways to share out the elements."),
            );
        }
        Pattern { kind: PatternKind::List(elements), range }
    }
}

fn map_entry(entry: Entry) -> Option<MapEntry> {
    match entry {
        Entry::Pair(key, value) => Some(MapEntry::Pair(key, value)),
        Entry::Spread(value) => Some(MapEntry::Spread(value)),
        Entry::Element(_) => None,
    }
}

fn list_entry(entry: Entry) -> Option<ListEntry> {
    match entry {
        Entry::Element(value) => Some(ListEntry::Element(value)),
        Entry::Spread(value) => Some(ListEntry::Spread(value)),
        Entry::Pair(..) => None,
    }
}

/// The path that an expression of names and dots is.
fn into_path(expr: Expr) -> Option<Path> {
    let range = expr.range;
    let mut segments = Vec::new();
    let mut rest = expr;
    loop {
        match rest.kind {
            ExprKind::Name(name) => {
                segments.push(name);
                segments.reverse();
                return Some(Path { segments, range });
            }
            ExprKind::Field { base, name } => {
                segments.push(name);
                rest = *base;
            }
            _ => return None,
        }
    }
}

/// The words of a name in any case: at underscores, and where a small letter meets a capital one.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_small = false;
    for c in name.chars() {
        let begins = c == '_' || (c.is_ascii_uppercase() && after_small);
        if begins && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if c != '_'
            && let Some(word) = words.last_mut()
        {
            word.push(c);
        }
        after_small = c.is_ascii_lowercase() || c.is_ascii_digit();
    }
    words.retain(|word| !word.is_empty());
    words
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}
