//! From WIT's names to Dot's.

/// `max-len` → `max_len`, `DNS-error` → `dns_error`: a value, field or module.
pub fn snake(wit: &str) -> String {
    wit.replace('-', "_").to_ascii_lowercase()
}

/// `unknown-city` → `UnknownCity`, `DNS-error` → `DNSError`: a type or a case.
pub fn pascal(wit: &str) -> String {
    let mut out = String::with_capacity(wit.len());
    for word in wit.split('-') {
        let mut chars = word.chars();
        out.extend(chars.next().map(|c| c.to_ascii_uppercase()));
        out.push_str(chars.as_str());
    }
    out
}

/// Splits `acme:geo/places@1.0.0` into the package `acme:geo` and the interface `places`; a plain name has no
/// package.
pub fn split_interface(name: &str) -> (Option<&str>, &str) {
    let unversioned = name.split_once('@').map_or(name, |(before, _)| before);
    match unversioned.rsplit_once('/') {
        Some((package, interface)) => (Some(package), interface),
        None => (None, unversioned),
    }
}

/// The name among `names` that is nearest to `wanted`, if one is near enough to be a slip: the Damerau-Levenshtein
/// distance in its restricted form (each letter moved once), at most a third of the length, or one of two letters.
pub fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters = wanted.chars().count();
    let most = if letters < 2 { 0 } else { (letters / 3).max(1) };
    names
        .into_iter()
        .map(|name| (distance(wanted, name), name))
        .filter(|&(d, _)| d <= most)
        .min_by_key(|&(d, _)| d)
        .map(|(_, name)| name)
}

/// Insertions, deletions, replacements and swaps of neighbours that lead from `a` to `b`.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    // Names are short; this bounds the work on ones that are not.
    if a.len().max(b.len()) > 256 {
        return usize::MAX;
    }
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, &ca) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &cb) in b.iter().enumerate() {
            let mut best = (last[j + 1] + 1).min(row[j] + 1).min(last[j] + usize::from(ca != cb));
            if i > 0 && j > 0 && ca == b[j - 1] && a[i - 1] == cb {
                best = best.min(before_last[j - 1] + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_change_case() {
        assert_eq!(snake("max-len"), "max_len");
        assert_eq!(pascal("unknown-city"), "UnknownCity");
        assert_eq!(pascal("DNS-error"), "DNSError");
    }

    #[test]
    fn interfaces_split() {
        assert_eq!(split_interface("acme:geo/places@1.0.0"), (Some("acme:geo"), "places"));
        assert_eq!(split_interface("run"), (None, "run"));
    }

    #[test]
    fn slips_are_found_and_strangers_are_not() {
        assert_eq!(nearest("helo", ["hello", "help", "yes"]), Some("hello"));
        assert_eq!(nearest("hlelo", ["hello"]), Some("hello"));
        assert_eq!(nearest("area", ["perimeter"]), None);
    }
}
