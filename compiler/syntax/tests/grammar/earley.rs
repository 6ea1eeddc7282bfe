//! A recogniser that works from the EBNF alone.
//!
//! Jay Earley, An Efficient Context-Free Parsing Algorithm, CACM 13(2), 1970; nullable symbols as in
//! Aycock and Horspool, Practical Earley Parsing, 2002.

use std::collections::{BTreeMap, BTreeSet};

use dot_syntax::token::Token;

use crate::notation::{Production, Symbol};

/// A symbol of plain rules.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Plain {
    /// A token, by its name in the EBNF.
    Token(String),
    Rule(String),
}

/// A grammar of plain rules.
pub struct Grammar {
    rules: BTreeMap<String, Vec<Vec<Plain>>>,
    nullable: BTreeSet<String>,
}

impl Grammar {
    /// The plain rules of an EBNF: parameters put in, groups and repetitions given names of their own.
    pub fn new(productions: &[Production]) -> Grammar {
        let mut grammar = Grammar { rules: BTreeMap::new(), nullable: BTreeSet::new() };
        for production in productions.iter().filter(|one| one.param.is_none()) {
            for alternative in &production.alternatives {
                let plain = grammar.plain_all(productions, alternative, None);
                grammar.rules.entry(production.name.clone()).or_default().push(plain);
            }
        }
        loop {
            let is_nullable = |alternative: &Vec<Plain>| {
                alternative
                    .iter()
                    .all(|one| matches!(one, Plain::Rule(name) if grammar.nullable.contains(name)))
            };
            let found: BTreeSet<String> = grammar
                .rules
                .iter()
                .filter(|(_, alternatives)| alternatives.iter().any(is_nullable))
                .map(|(name, _)| name.clone())
                .collect();
            if found == grammar.nullable {
                return grammar;
            }
            grammar.nullable = found;
        }
    }

    fn plain_all(
        &mut self,
        productions: &[Production],
        symbols: &[Symbol],
        bound: Option<(&str, &Plain)>,
    ) -> Vec<Plain> {
        symbols.iter().map(|symbol| self.plain(productions, symbol, bound)).collect()
    }

    fn plain(&mut self, productions: &[Production], symbol: &Symbol, bound: Option<(&str, &Plain)>) -> Plain {
        match symbol {
            Symbol::Literal(text) => Plain::Token(format!("\"{text}\"")),
            Symbol::Name(name, None) => match bound {
                Some((param, value)) if param == name => value.clone(),
                _ if name.bytes().all(|byte| byte.is_ascii_uppercase()) => Plain::Token(name.clone()),
                _ => Plain::Rule(name.clone()),
            },
            Symbol::Name(name, Some(arg)) => {
                let arg = self.plain(productions, arg, bound);
                let production = productions.iter().find(|one| one.name == *name).expect("a list");
                let full_name = format!("{name}<{arg:?}>");
                if !self.rules.contains_key(&full_name) {
                    self.rules.insert(full_name.clone(), Vec::new());
                    let param = production.param.as_deref().expect("a parameter");
                    for alternative in &production.alternatives {
                        let plain = self.plain_all(productions, alternative, Some((param, &arg)));
                        self.rules.entry(full_name.clone()).or_default().push(plain);
                    }
                }
                Plain::Rule(full_name)
            }
            Symbol::Group(symbols) => {
                let plain = self.plain_all(productions, symbols, bound);
                self.named(format!("{plain:?}"), vec![plain])
            }
            Symbol::Repeated(symbol, mark) => {
                let one = self.plain(productions, symbol, bound);
                let name = format!("{one:?}{mark}");
                let again = Plain::Rule(name.clone());
                let alternatives = match mark {
                    '?' => vec![vec![], vec![one]],
                    '*' => vec![vec![], vec![again, one]],
                    _ => vec![vec![one.clone()], vec![again, one]],
                };
                self.named(name, alternatives)
            }
            Symbol::Recovery => panic!("an EBNF does not recover"),
        }
    }

    fn named(&mut self, name: String, alternatives: Vec<Vec<Plain>>) -> Plain {
        self.rules.insert(name.clone(), alternatives);
        Plain::Rule(name)
    }

    /// The rules that are complete somewhere in the tokens, if those are a `Start`.
    pub fn recognise(&self, tokens: &[String]) -> Option<BTreeSet<String>> {
        // An item: rule, alternative, how far, from where.
        type Item<'g> = (&'g str, usize, usize, usize);
        let mut sets: Vec<BTreeSet<Item<'_>>> = vec![BTreeSet::new(); tokens.len() + 1];
        let mut complete = BTreeSet::new();
        let (start, _) = self.rules.get_key_value("Start")?;
        let alternatives = |name: &str| 0..self.rules.get(name).map_or(0, Vec::len);
        let mut work: Vec<Item<'_>> = alternatives(start).map(|at| (start.as_str(), at, 0, 0)).collect();
        let mut accepted = false;
        for at in 0..=tokens.len() {
            work.extend(sets[at].iter().copied());
            while let Some(item @ (name, alternative, dot, from)) = work.pop() {
                if !sets[at].insert(item) && dot == 0 {
                    continue;
                }
                let mut add = |item, sets: &Vec<BTreeSet<Item<'_>>>| {
                    if !sets[at].contains(&item) {
                        work.push(item);
                    }
                };
                match self.rules[name][alternative].get(dot) {
                    None => {
                        complete.insert(name.to_owned());
                        accepted |= name == "Start" && at == tokens.len();
                        for &(outer, which, place, begin) in &sets[from].clone() {
                            let next = self.rules[outer][which].get(place);
                            if matches!(next, Some(Plain::Rule(next)) if next == name) {
                                add((outer, which, place + 1, begin), &sets);
                            }
                        }
                    }
                    Some(Plain::Rule(next)) => {
                        let (next, _) = self.rules.get_key_value(next).expect("a rule");
                        alternatives(next).for_each(|which| add((next.as_str(), which, 0, at), &sets));
                        if self.nullable.contains(next) {
                            add((name, alternative, dot + 1, from), &sets);
                        }
                    }
                    Some(Plain::Token(token)) => {
                        if tokens.get(at) == Some(token) {
                            sets[at + 1].insert((name, alternative, dot + 1, from));
                        }
                    }
                }
            }
        }
        accepted.then_some(complete)
    }
}

/// The name that a token has in the EBNF.
pub fn token_name(token: &Token, text: &str) -> String {
    use dot_syntax::lexer::Kind;
    let name = match token {
        Token::Lower(_) => "LOWER",
        Token::Upper(_) => "UPPER",
        Token::Int(_) => "INT",
        Token::Float(_) => "FLOAT",
        Token::Char(_) => "CHAR",
        Token::Byte(_) => "BYTE",
        Token::Text(_) => "STRING",
        Token::Bytes(_) => "BYTES",
        Token::TextStart(_) => "STRINGSTART",
        Token::TextMiddle(_) => "STRINGMIDDLE",
        Token::TextEnd(_) => "STRINGEND",
        Token::Doc(_) => "DOC",
        Token::WitPath(_) => "WITPATH",
        Token::Broken => "BROKEN",
        Token::Plain(Kind::Newline) => "NEWLINE",
        Token::Plain(Kind::BodyBrace) => "BODY",
        Token::Plain(Kind::TypeArgs) => "TYPEARGS",
        Token::Plain(Kind::ShiftRight) => "SHR",
        Token::Plain(Kind::ShiftRightEq) => "SHREQ",
        Token::Plain(_) => return format!("\"{text}\""),
    };
    name.to_owned()
}
