"""The same part of Markdown by regular expressions."""

import re

from calls import call


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def inline(text):
    """Code first, then the rest around it; each rule leftmost and shortest."""
    for pattern, make in [
        (r"`(.*?)`", lambda m: f"<code>{escape(m[1])}</code>"),
        (r"\*\*(.*?)\*\*", lambda m: f"<strong>{inline(m[1])}</strong>"),
        (r"\*(.*?)\*", lambda m: f"<em>{inline(m[1])}</em>"),
        (r"\[(.*?)\]\((.*?)\)", lambda m: f'<a href="{escape(m[2])}">{inline(m[1])}</a>'),
    ]:
        found = re.search(pattern, text)
        if found:
            return inline(text[: found.start()]) + make(found) + inline(text[found.end() :])
    return escape(text)


STARTS = re.compile(r"$|---$|#{1,3} |- |```")


def blocks(text):
    lines, at = text.split("\n"), 0
    if lines[-1] == "":
        lines.pop()
    while at < len(lines):
        line = lines[at]
        at += 1
        if line == "":
            continue
        if line == "---":
            yield "rule", None, None
        elif heading := re.fullmatch(r"(#{1,3}) (.*)", line):
            yield "h", len(heading[1]), heading[2]
        elif line.startswith("- "):
            items = [line[2:]]
            while at < len(lines) and lines[at].startswith("- "):
                items.append(lines[at][2:])
                at += 1
            yield "ul", None, items
        elif line.startswith("```"):
            code = []
            while at < len(lines) and lines[at] != "```":
                code.append(lines[at])
                at += 1
            at += 1
            yield "pre", line[3:], "\n".join(code)
        else:
            while at < len(lines) and not STARTS.match(lines[at]):
                line += " " + lines[at]
                at += 1
            yield "p", None, line


def render(text):
    out = []
    for kind, extra, body in blocks(text):
        if kind == "h":
            out.append(f"<h{extra}>{inline(body)}</h{extra}>")
        elif kind == "p":
            out.append(f"<p>{inline(body)}</p>")
        elif kind == "ul":
            out.append("<ul>" + "".join(f"<li>{inline(i)}</li>" for i in body) + "</ul>")
        elif kind == "pre":
            tag = f'<pre class="{extra}">' if extra else "<pre>"
            out.append(f"{tag}{escape(body)}</pre>")
        else:
            out.append("<hr>")
    return "\n".join(out)


PAGE = """# The *Dot* handbook

A paragraph with `code < 1`, **bold & *nested* words**,
over two lines, and a [link `x`](https://example.org/?a=1&b=2).
## Lists
- one
- **two** and *three*
- `**` stays

---
### Code
```dot
let x = a < b && c > d
**not bold**
```
Last *words

```
open to the end <b>"""
for text in [PAGE, "", "plain", "#no heading", "####\n# x", "a\n- b\n\n- c", "*a**b*", "**a*b**c*", "é *ü* `😀`"]:
    call("render", render(text), markdown=text)
call("contents", [(level, text) for kind, level, text in blocks(PAGE) if kind == "h"], markdown=PAGE)
