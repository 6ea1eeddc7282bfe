//! Texts from a seed: bytes, token soup, and real programs with something changed.

use crate::{files, root};
use dot_generate::Random;
use dot_syntax::ast::{Expr, ItemBody};

/// The real programs that soup and changed programs are made from.
pub fn programs() -> Vec<String> {
    let folders = ["examples", "tests/conformance", "tests/programs"];
    let paths = folders.iter().flat_map(|folder| files(&root().join(folder), "dot"));
    // A case may be there for not being UTF-8.
    paths.filter_map(|path| std::fs::read_to_string(path).ok()).collect()
}

/// Random bytes, half of them from the alphabet of the language.
pub fn bytes(random: &mut Random) -> Vec<u8> {
    const ALPHABET: &[u8] = b"(){}[]<>\"'`\\/.,:;|&=+-*%!?@#_ \n\tabfnrdot019";
    let length = random.below(400);
    (0..length)
        .map(|_| {
            let byte = random.draw();
            let fallback = (byte >> 8) as u8;
            if byte & 1 == 0 { fallback } else { random.pick(ALPHABET).copied().unwrap_or(fallback) }
        })
        .collect()
}

/// Tokens of real programs in random order.
pub fn soup(random: &mut Random, programs: &[String]) -> String {
    let mut out = String::new();
    for _ in 0..random.below(120) {
        let Some(program) = random.pick(programs) else { break };
        let tokens = words(program);
        if let Some(token) = random.pick(&tokens) {
            out.push_str(token);
        }
        out.push_str(if random.below(6) == 0 { "\n" } else { " " });
    }
    out
}

/// A real program in which a few tokens were deleted, doubled, swapped or replaced.
pub fn mutate(random: &mut Random, program: &str) -> String {
    let mut tokens: Vec<String> = words(program).into_iter().map(str::to_owned).collect();
    for _ in 0..=random.below(3) {
        let at = random.below(tokens.len());
        let other = random.below(tokens.len());
        match random.below(4) {
            0 if at < tokens.len() => {
                tokens.remove(at);
            }
            1 if at < tokens.len() => tokens.insert(at, tokens[at].clone()),
            2 if at.max(other) < tokens.len() => tokens.swap(at, other),
            _ if at.max(other) < tokens.len() => tokens[at] = tokens[other].clone(),
            _ => {}
        }
    }
    tokens.concat()
}

/// A real program in which a few expressions were replaced by others of it, or of another program: most of what comes
/// out parses, and much of it means something.
pub fn transplant(random: &mut Random, program: &str, programs: &[String]) -> String {
    let mut text = program.to_owned();
    for _ in 0..=random.below(3) {
        let donor =
            if random.chance(70) { text.clone() } else { random.pick(programs).cloned().unwrap_or_default() };
        let (into, from) = (expressions(&text), expressions(&donor));
        let (Some(into), Some(from)) = (random.pick(&into), random.pick(&from)) else { break };
        text.replace_range(into.clone(), &donor[from.clone()]);
    }
    text
}

/// Where the expressions of a program stand, in the bodies of its functions and tests.
fn expressions(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    for (chunk, parsed) in &dot_syntax::parse(text).items {
        let start = chunk.range.start as usize;
        let mut open: Vec<&Expr> = Vec::new();
        match parsed.item.as_ref().map(|item| &item.body) {
            Some(ItemBody::Function(function)) => function.body.for_each_expr(&mut |expr| open.push(expr)),
            Some(ItemBody::Test(test)) => test.body.for_each_expr(&mut |expr| open.push(expr)),
            _ => {}
        }
        while let Some(expr) = open.pop() {
            let range = start + expr.range.start as usize..start + expr.range.end as usize;
            if text.is_char_boundary(range.start) && text.get(range.clone()).is_some() {
                found.push(range);
            }
            expr.kind.for_each_child(&mut |child| open.push(child));
        }
    }
    found
}

/// The text cut where its characters change between words, space and the rest; joined it is the text again.
fn words(text: &str) -> Vec<&str> {
    let class = |c: char| match c {
        c if c.is_alphanumeric() || c == '_' => 0,
        c if c.is_whitespace() => 1,
        _ => 2,
    };
    let mut cuts = vec![0];
    let mut previous = None;
    for (at, c) in text.char_indices() {
        if previous.is_some_and(|p| p != class(c) || p == 2) {
            cuts.push(at);
        }
        previous = Some(class(c));
    }
    cuts.push(text.len());
    cuts.windows(2).map(|cut| &text[cut[0]..cut[1]]).filter(|word| !word.is_empty()).collect()
}
