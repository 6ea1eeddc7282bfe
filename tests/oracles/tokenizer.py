"""The same lexer as one regular expression."""

import re

from calls import Case, Char, Record, call, err, ok

TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*)|(?P<float>[0-9]\w*\.[0-9]\w*|(?!0x)[0-9][0-9_]*e[0-9]+)|(?P<int>[0-9]\w*)"""
    r"""|(?P<text>"(?:[^"\\\n]|\\[nt"\\])*")|(?P<word>[A-Za-z_]\w*)"""
    r"""|(?P<symbol><<=|==|!=|<=|>=|->|&&|\|\||<<|>>|[-+*/<>=!(){}\[\],;:.])""",
    re.ASCII,
)
KEYWORDS = {"let", "fn", "if", "else", "while", "return"}


def lex(text):
    at, tokens = 0, []
    while at < len(text):
        found = TOKEN.match(text, at)
        kind, body = found.lastgroup, found.group()
        line = text.count("\n", 0, at) + 1
        place = Record("Place", line=line, column=at - (text.rfind("\n", 0, at) + 1) + 1)
        at = found.end()
        if kind == "space":
            continue
        if kind == "float":
            case = Case("Float", float(body.replace("_", "")))
        elif kind == "int":
            case = Case("Int", int(body, 0))
        elif kind == "text":
            case = Case("Text", re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), body[1:-1]))
        elif kind == "word":
            case = Case("Key", Case(body.capitalize())) if body in KEYWORDS else Case("Word", body)
        else:
            case = Case("Symbol", body)
        tokens.append(Record("Token", kind=case, at=place))
    return tokens


TEXT = '''// a comment
let limit = 0xFF_ff;
fn area(w, h) -> w*h { return w * 2.5e3 + 1_000.25; }
while (x <<= 1) != 1e3 && !done || a[0b11] >= 0o17 {
\tprint("tab\\t \\"quoted\\" \\\\ é😀\\n"); // trailing
  if a.b<<c == _d9 {} else {}
}'''
NAMES = {"Word": "word", "Key": "keyword", "Int": "number", "Float": "number", "Text": "text", "Symbol": "symbol"}
for text in [TEXT, "", " \n ", "a.b", "1.x", "//", "18446744073709551615"]:
    tokens = lex(text)
    call("lex", ok(tokens), text=text)
    count = {}
    for token in tokens:
        name = NAMES[token.fields["kind"].name]
        count[name] = count.get(name, 0) + 1
    call("census", ok(count), text=text)


def wrong(name, text, line, column, *parts):
    place = Record("Place", line=line, column=column)
    call("lex", err(Case(name, *parts, place)), source="by hand: what is wrong and where it begins", text=text)


wrong("Unclosed", 'x = "abc\n"', 1, 5)
wrong("Unclosed", '"abc\\', 1, 1)
wrong("BadNumber", "12ab", 1, 1, "12ab")
wrong("BadNumber", "a 0x", 1, 3, "0x")
wrong("BadNumber", "18446744073709551616", 1, 1, "18446744073709551616")
wrong("Unknown", "a\n b # c", 2, 4, Char("#"))
wrong("BadEscape", '"a\\q"', 1, 3, Char("q"))
