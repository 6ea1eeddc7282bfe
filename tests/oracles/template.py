"""Templates turned into Python source, which then runs."""

import re

from calls import call, ok

FILTERS = {
    "upper": str.upper,
    "lower": str.lower,
    "trim": str.strip,
    "escape": lambda v: v.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
    "title": lambda v: " ".join(w[:1].upper() + w[1:].lower() for w in v.split()),
}


def apply(value, name):
    if name.startswith("default "):
        return value or name[8:]
    if name.startswith("pad "):
        return value.rjust(int(name[4:]))
    return FILTERS[name](value)


def render(template, values, lists):
    code, depth = ["def run(values, lists, out):"], 1

    def emit(line, at=None):
        code.append("  " * (depth if at is None else at) + line)

    def test(path):
        if path.startswith("not "):
            return f"not ({test(path[4:].strip())})"
        return f"(bool(lists[{path!r}]) if {path!r} in lists else values.get({path!r}, '') not in ('', 'no'))"

    for k, part in enumerate(re.split(r"<<(.*?)>>", template, flags=re.S)):
        tag = part.strip()
        if k % 2 == 0:
            emit(f"out.append({part!r})")
        elif tag == "end":
            depth -= 1
        elif tag == "else":
            emit("else:", depth - 1)
            emit("pass")
        elif tag.startswith("if "):
            emit(f"if {test(tag[3:].strip())}:")
            depth += 1
            emit("pass")
        elif tag.startswith("for "):
            item, source = re.fullmatch(r"for (\S+) in (\S+)", tag).groups()
            emit(f"for i{depth}, row{depth} in enumerate(lists[{source!r}]):")
            depth += 1
            d = depth - 1
            emit(f"values = {{**values, {item + '.index'!r}: str(i{d} + 1), {item + '.last'!r}: 'yes' if i{d} + 1 == len(lists[{source!r}]) else 'no', **{{ {item + '.'!r} + k: v for k, v in row{d}.items()}}}}")
        else:
            path, *filters = [p.strip() for p in part.split("|")]
            emit(f"v = values[{path!r}]")
            for f in filters:
                emit(f"v = apply(v, {f!r})")
            emit("out.append(v)")
    scope, out = {"apply": apply}, []
    exec("\n".join(code), scope)
    scope["run"](values, lists, out)
    return "".join(out)


def pairs(m):
    return [list(p) for p in m.items()]


def good(template, values=None, lists=None):
    values, lists = values or {}, lists or {}
    args = {"template": template, "values": pairs(values), "lists": [[k, [pairs(r) for r in rows]] for k, rows in lists.items()]}
    call("render", ok(render(template, values, lists)), args=args)


good("")
good("plain > text } {")
good("Dear << name | title >>,\n<<if vip>>welcome back<<else>>hello<<end>>!", {"name": "ada  LOVELACE", "vip": "yes"})
good("Dear <<name|trim|default friend>>,<<if vip>>welcome back<<else>>hello<<end>>!", {"name": "  ", "vip": "no"})
ROWS = {"items": [{"name": "tea & milk", "sum": "3.50"}, {"name": "<cake>", "sum": "12.00"}, {"name": "é", "sum": "0.10"}], "none": []}
good(
    "<<title|upper>>\n<<for item in items>><<item.index|pad 3>> <<item.name|escape>> <<item.sum|pad 8>>"
    "<<if not item.last>>\n<<else>>.<<end>><<end>>\n<<if none>>some<<else>>no more<<end>><<for n in none>>never<<end>>",
    {"title": "Bill"},
    ROWS,
)
good("<<for a in items>><<for b in items>><<if a.last>><<a.index>><<b.index>> <<b.name>>;<<end>><<end>>|<<end>>", {}, ROWS)
