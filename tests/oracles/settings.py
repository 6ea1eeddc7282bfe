"""TOML by Python's `tomllib`; the part of it that is written is written here."""

import tomllib

from calls import Case, call, err, ok, some


def read(text):
    data = tomllib.loads(text)
    out = {"": {k: v for k, v in data.items() if not isinstance(v, dict)}}
    out |= {k: v for k, v in data.items() if isinstance(v, dict)}
    return out


def show(v):
    if isinstance(v, bool):
        return str(v).lower()
    if isinstance(v, list):
        return "[" + ", ".join(map(show, v)) + "]"
    if isinstance(v, str):
        for a, b in [("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t")]:
            v = v.replace(a, b)
        return f'"{v}"'
    return str(v)


def write(data):
    out = ""
    for section, values in data.items():
        if values:
            out += f"[{section}]\n" if section else ""
            out += "".join(f"{k} = {show(v)}\n" for k, v in values.items())
    return out


A = '''# settings
name = "Ada # not a comment"   # a comment
port=8_080
on = true

[paths]
home = "C:\\\\ada\\t\\"x\\""
list = [1, -2, [ "a,b", "]" ], false, ]
empty = []

[nothing]
[last-one]
n_1 = -7
'''
B = '''port = 1
[paths]
home = "elsewhere"
extra = "日本\\n"
[new]
x = [[], [[]]]
'''
for text in [A, B, "", "# only a comment"]:
    call("format", ok(write(read(text))), text=text)
merged = read(B)
for section, values in read(A).items():
    merged.setdefault(section, {}).update(values)
call("merge", ok(write(merged)), defaults=B, settings=A)
for section, key in [("paths", "list"), ("", "name"), ("last-one", "n_1"), ("paths", "x"), ("y", "z")]:
    v = read(A).get(section, {}).get(key)
    call("look_up", ok(None if v is None else some(show(v))), text=A, section=section, key=key)
for text, error in [("a = 1\n[a", Case("BadLine", 2, "[a")), ("[s]\n[s]", Case("Twice", 2, "s")), ('x = "a" b', Case("BadValue", 1, '"a" b')), ("x = 1.5", Case("BadValue", 1, "1.5"))]:
    call("format", err(error), source="by hand", text=text)
