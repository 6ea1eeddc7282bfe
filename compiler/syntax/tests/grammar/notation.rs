//! The two notations: LALRPOP's, of which actions and recovery are left out, and EBNF.

/// One symbol of a production.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Symbol {
    /// `"let"`
    Literal(String),
    /// `Expr`, `Comma<Arg>`
    Name(String, Option<Box<Symbol>>),
    /// `( … )`
    Group(Vec<Symbol>),
    /// `X?`, `X*`, `X+`
    Repeated(Box<Symbol>, char),
    /// What recovers from an error, in LALRPOP only.
    Recovery,
}

impl Symbol {
    /// All names in it.
    pub fn names(&self, out: &mut Vec<String>) {
        match self {
            Symbol::Name(name, arg) => {
                out.push(name.clone());
                arg.iter().for_each(|arg| arg.names(out));
            }
            Symbol::Group(symbols) => symbols.iter().for_each(|symbol| symbol.names(out)),
            Symbol::Repeated(symbol, _) => symbol.names(out),
            Symbol::Literal(_) | Symbol::Recovery => {}
        }
    }

    fn recovers(&self) -> bool {
        match self {
            Symbol::Recovery => true,
            Symbol::Group(symbols) => symbols.iter().any(Symbol::recovers),
            Symbol::Repeated(symbol, _) => symbol.recovers(),
            _ => false,
        }
    }
}

/// A nonterminal and what it may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Production {
    pub name: String,
    pub param: Option<String>,
    pub alternatives: Vec<Vec<Symbol>>,
}

/// The `<` that stands right after a name and so holds its argument.
const ARGUMENT: &str = "<-";

/// Words, literals with their quotes, and marks; comments are left out.
fn tokenise(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    for line in text.lines() {
        let mut rest = line.trim_start();
        while !rest.is_empty() && !rest.starts_with("//") && !rest.starts_with('#') {
            let len = match rest.as_bytes()[0] {
                b'"' => 2 + rest[1..].find('"').expect("a literal ends on its line"),
                b'=' if rest.starts_with("=>") => 2,
                first if first.is_ascii_alphabetic() => {
                    rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len())
                }
                _ => rest.chars().next().map_or(1, char::len_utf8),
            };
            let after_name = line[..line.len() - rest.len()].ends_with(|c: char| c.is_ascii_alphanumeric());
            let is_argument = rest.starts_with('<') && after_name;
            tokens.push(if is_argument { ARGUMENT.to_owned() } else { rest[..len].to_owned() });
            rest = rest[len..].trim_start();
        }
    }
    tokens
}

struct Reader {
    tokens: Vec<String>,
    at: usize,
}

impl Reader {
    fn peek(&self) -> &str {
        self.tokens.get(self.at).map_or("", String::as_str)
    }

    fn next(&mut self) -> String {
        self.at += 1;
        self.tokens.get(self.at - 1).cloned().unwrap_or_default()
    }

    fn take(&mut self, token: &str) -> bool {
        let is_next = self.peek() == token;
        self.at += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, token: &str) {
        let found = self.next();
        assert_eq!(found, token, "token {} of the grammar", self.at);
    }

    /// Symbols up to one of `ends`.
    fn symbols(&mut self, ends: &[&str]) -> Vec<Symbol> {
        let mut symbols = Vec::new();
        while !ends.contains(&self.peek()) && !self.peek().is_empty() {
            symbols.extend(self.symbol());
        }
        symbols
    }

    fn symbol(&mut self) -> Option<Symbol> {
        let mut symbol = match self.next().as_str() {
            // A binding, `<name:Symbol>` or `<Symbol>`.
            "<" => {
                if self.tokens.get(self.at + 1).is_some_and(|next| next == ":") {
                    self.at += 2;
                }
                let inner = self.symbol();
                self.expect(">");
                inner?
            }
            "@" => {
                self.next();
                return None;
            }
            "!" | "BROKEN" => Symbol::Recovery,
            "ε" => return None,
            "(" => {
                let inner = self.symbols(&[")"]);
                self.expect(")");
                Symbol::Group(inner)
            }
            literal if literal.starts_with('"') => Symbol::Literal(literal.trim_matches('"').to_owned()),
            name => {
                let name = name.to_owned();
                let arg = self.take(ARGUMENT).then(|| {
                    let arg = self.symbol().expect("an argument");
                    self.expect(">");
                    Box::new(arg)
                });
                Symbol::Name(name, arg)
            }
        };
        while let mark @ ("?" | "*" | "+") = self.peek() {
            let mark = mark.chars().next().expect("a mark");
            self.at += 1;
            symbol = Symbol::Repeated(Box::new(symbol), mark);
        }
        Some(symbol)
    }

    fn param(&mut self) -> Option<String> {
        self.take(ARGUMENT).then(|| {
            let param = self.next();
            self.expect(">");
            param
        })
    }

    /// Goes past an action, up to the `,` or `}` that ends its alternative.
    fn action(&mut self) -> impl Iterator<Item = &str> {
        let (begin, mut depth) = (self.at, 0);
        loop {
            match self.peek() {
                "(" | "{" | "[" => depth += 1,
                "," | "}" if depth == 0 => return self.tokens[begin..self.at].iter().map(String::as_str),
                ")" | "}" | "]" => depth -= 1,
                "" => panic!("an action has no end"),
                _ => {}
            }
            self.at += 1;
        }
    }
}

/// The productions of a grammar of LALRPOP, without alternatives that recover.
pub fn from_lalrpop(text: &str) -> Vec<Production> {
    let begin = text.find("pub Start").expect("the entry");
    let mut reader = Reader { tokens: tokenise(&text[begin..]), at: 0 };
    let mut productions = Vec::new();
    while !reader.peek().is_empty() {
        reader.take("pub");
        let name = reader.next();
        let param = reader.param();
        while reader.next() != "=" {}
        reader.expect("{");
        let mut alternatives = Vec::new();
        while !reader.take("}") {
            let symbols = reader.symbols(&["=>", ",", "}"]);
            // An action that begins with `not_` takes a name of the wrong case, and says so.
            let mut recovers = symbols.iter().any(Symbol::recovers);
            if reader.take("=>") {
                recovers |= reader.action().any(|word| word.starts_with("not_"));
            }
            reader.take(",");
            if !recovers {
                alternatives.push(symbols);
            }
        }
        reader.expect(";");
        productions.push(Production { name, param, alternatives });
    }
    // A nonterminal that only recovers is nothing, and so is what needs it.
    let empty: Vec<String> =
        productions.iter().filter(|one| one.alternatives.is_empty()).map(|one| one.name.clone()).collect();
    productions.retain(|one| !empty.contains(&one.name));
    for production in &mut productions {
        production.alternatives.retain(|alternative| {
            let mut names = Vec::new();
            alternative.iter().for_each(|symbol| symbol.names(&mut names));
            names.iter().all(|name| !empty.contains(name))
        });
    }
    productions
}

/// The productions of a grammar in EBNF.
pub fn from_ebnf(text: &str) -> Vec<Production> {
    let mut reader = Reader { tokens: tokenise(text), at: 0 };
    let mut productions = Vec::new();
    while !reader.peek().is_empty() {
        let name = reader.next();
        let param = reader.param();
        reader.expect("=");
        let mut alternatives = vec![reader.symbols(&["|", ";"])];
        while reader.take("|") {
            alternatives.push(reader.symbols(&["|", ";"]));
        }
        reader.expect(";");
        productions.push(Production { name, param, alternatives });
    }
    productions
}

const HEADER: &str = "\
# The grammar of Dot.
#
# One production for each nonterminal of the parser's grammar, by the same names. Notation:
#
#   Name = a b | c ;     Name is an a and then a b, or a c
#   x?  x*  x+           x or nothing; any number of x; one x or more
#   ( … )                grouping
#   \"let\"                a token, as it is written
#   LOWER                a token that the chapter on lexical structure defines
#   ε                    nothing
#   List<T> = … ;        a production for each T that it is used with
#
# The tokens are those that the layout rules give: NEWLINE, where a line break ends a statement or an
# entry; BODY, the `{` that opens the body of `if`, `while`, `match`, `for` and `with`; TYPEARGS, the `<`
# that opens type arguments in an expression; SHR and SHREQ, the `>>` and `>>=` outside type arguments. ITEM
# and EXPR stand before everything else and say what is parsed.
";

/// The productions in EBNF, under the headings of `lalrpop`.
pub fn to_ebnf(lalrpop: &str, productions: &[Production]) -> String {
    let mut out = HEADER.to_owned();
    for line in lalrpop.lines() {
        if let Some(heading) = line.strip_prefix("// ----") {
            out.push_str(&format!("\n# {}\n\n", heading.trim_matches(['-', ' '])));
        }
        let line = line.strip_prefix("pub ").unwrap_or(line);
        let name = line.split([':', '<']).next().unwrap_or("");
        let is_start = line.contains(" = {");
        let Some(production) = productions.iter().find(|one| is_start && one.name == name) else { continue };
        if name == "Start" {
            out.push('\n');
        }
        let param = production.param.as_ref().map_or(String::new(), |param| format!("<{param}>"));
        let alternatives: Vec<String> = production.alternatives.iter().map(|one| show_all(one)).collect();
        let head = format!("{name}{param}");
        let flat = format!("{head} = {} ;\n", alternatives.join(" | "));
        if flat.chars().count() <= 110 {
            out.push_str(&flat);
        } else {
            out.push_str(&format!("{head} =\n    {}\n    ;\n", alternatives.join("\n  | ")));
        }
    }
    out
}

fn show_all(symbols: &[Symbol]) -> String {
    if symbols.is_empty() {
        return "ε".to_owned();
    }
    symbols.iter().map(show).collect::<Vec<_>>().join(" ")
}

fn show(symbol: &Symbol) -> String {
    match symbol {
        Symbol::Literal(text) => format!("\"{text}\""),
        Symbol::Name(name, None) => name.clone(),
        Symbol::Name(name, Some(arg)) => format!("{name}<{}>", show(arg)),
        Symbol::Group(symbols) => format!("({})", show_all(symbols)),
        Symbol::Repeated(symbol, mark) => format!("{}{mark}", show(symbol)),
        Symbol::Recovery => "!".to_owned(),
    }
}
