"""Python's `urllib.parse`, and the examples of RFC 3986."""

from urllib.parse import parse_qsl, quote, urljoin, urlsplit

from calls import Case, Record, call, err, ok, some


def opt(value):
    return some(value) if value else None


for url in ["https://example.org/a/b.html?x=1&y=2#top", "http://localhost:8080", "//cdn.example.org/lib.js", "/only/a/path", "a/relative?q", "mailto:ada@example.org", "ftp://ftp.is.co.za/rfc/rfc1808.txt", "HTTP://Example.COM/Path"]:
    s = urlsplit(url)
    call("parse", ok(Record("Url", scheme=opt(s.scheme), host=opt(s.hostname), port=opt(s.port), path=s.path, query=opt(s.query), fragment=opt(s.fragment))), url=url)
BASE = "http://a/b/c/d;p?q"
rfc = "published: RFC 3986, section 5.4"
NORMAL = {
    "g:h": "g:h", "g": "http://a/b/c/g", "./g": "http://a/b/c/g", "g/": "http://a/b/c/g/", "/g": "http://a/g", "//g": "http://g",
    "?y": "http://a/b/c/d;p?y", "g?y": "http://a/b/c/g?y", "#s": "http://a/b/c/d;p?q#s", "g#s": "http://a/b/c/g#s",
    "g?y#s": "http://a/b/c/g?y#s", ";x": "http://a/b/c/;x", "g;x": "http://a/b/c/g;x", "": "http://a/b/c/d;p?q", ".": "http://a/b/c/",
    "./": "http://a/b/c/", "..": "http://a/b/", "../": "http://a/b/", "../g": "http://a/b/g", "../..": "http://a/", "../../": "http://a/",
    "../../g": "http://a/g", "../../../g": "http://a/g", "/./g": "http://a/g", "/../g": "http://a/g", "g.": "http://a/b/c/g.",
    "..g": "http://a/b/c/..g", "./../g": "http://a/b/g", "./g/.": "http://a/b/c/g/", "g/./h": "http://a/b/c/g/h", "g/../h": "http://a/b/c/h",
}
for link, full in NORMAL.items():
    call("resolve", ok(full), source=rfc, page=BASE, link=link)
for text in ["a=1&b=two+words&c=%C3%A9%20%26", "x", "=y&&z=", "a=1&a=2", ""]:
    call("query", ok(parse_qsl(text, keep_blank_values=True)), text=text)
pairs = [("name", "Ada Lovelace"), ("é&=", "100%"), ("", "a/b~c-d_e.f")]
call("make_query", "&".join(f"{quote(a, safe='')}={quote(b, safe='')}" for a, b in pairs), pairs=[list(p) for p in pairs])
call("parse", err(Case("BadPort", "70000")), source="by hand: ports have 16 bits", url="http://x:70000/")
call("query", err(Case("BadEscape", "%zz")), source="by hand", text="a=%zz")
call("query", err(Case("BadEscape", "%ff")), source="by hand: no UTF-8", text="%ff=1")
