"""Python's `re`; where its first match is not the longest, the alternatives of the pattern are in order of length."""

import re

from calls import call, err, ok, Case

CASES = [
    (r"(a|b)*abb", ["abb", "aabb", "babb", "ab", "abbb", ""]),
    (r"\w+@\w+\.(com|org)", ["ada@example.org", "a.b@c.com", "x@y.net", "_1@_2.com"]),
    (r"[+\-]?[0-9]+(\.[0-9]+)?", ["12", "-3.5", "+0.25", ".5", "1.", "--1"]),
    (r"[^aeiou ]+", ["rhythm", "sky", "tree", ""]),
    (r"(a*)*b", ["a" * 30, "a" * 30 + "b", "b"]),
    (r"x?x?x?x?x?xxxxx", ["xxxxx", "xxxx", "x" * 10, "x" * 11]),
    (r"é|日.*", ["é", "日本", "x"]),
    (r"", ["", "a"]),
]
for pattern, texts in CASES:
    for text in texts:
        call("matches", ok(re.fullmatch(pattern, text) is not None), pattern=pattern, text=text)
TEXT = "On 2024-02-29 at 12:30, ada_l paid 3.50 + 12 = 15.50 (or so); 007!\nThe end"
for pattern in [r"[0-9]+\.[0-9]+|[0-9]+", r"\d\d\d\d-\d\d-\d\d|\d+:\d+", r"[A-Z][a-z]*", r"\w+", r"[^\w\s]+".replace(r"\w", "A-Za-z0-9_").replace(r"\s", " \n"), r"T.*", r"z*"]:
    call("find_all", ok([m for m in re.findall(pattern, TEXT) if m]), pattern=pattern, text=TEXT)
call("matches", err(Case("Unexpected", 2)), source="by hand", pattern="a|*", text="")
call("matches", err(Case("Unexpected", 0)), source="by hand", pattern="\\", text="")
