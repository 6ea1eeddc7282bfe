"""Values as Dot prints them (`spec/src/printing.md`), and calls as the `.toml` files of the suites hold them.

An oracle computes with Python's own values, says what a call must print, and `python3 tests/oracles/NAME.py >
tests/programs/NAME.toml` writes the file.
"""

import json
import math
import sys


class Case:
    """A case of a variant or enum, or `some`, `ok` and `err`, with its parts."""

    def __init__(self, name, *parts):
        self.name, self.parts = name, parts


class Record:
    """A record; its fields in order of declaration."""

    def __init__(self, type_name, **fields):
        self.type_name, self.fields = type_name, fields


class Char(str):
    """A char, which prints as a literal inside other values."""


class Set:
    """A set, which prints in order."""

    def __init__(self, items):
        self.items = sorted(items)


def some(value):
    return Case("some", value)


def ok(*value):
    return Case("ok", *value)


def err(value):
    return Case("err", value)


def show_float(value):
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    digits = repr(value)
    if "e" not in digits:
        return digits
    mantissa, exponent = digits.split("e")
    mantissa, exponent = mantissa.removesuffix(".0"), int(exponent)
    if exponent >= 21 or exponent < -6:
        return f"{mantissa}e{exponent}"
    return f"{value:.0f}.0" if exponent > 0 else f"{value:.25f}".rstrip("0")


def quote(text):
    escapes = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\", "{": "\\{", "\0": "\\0"}

    def one(c):
        if c in escapes:
            return escapes[c]
        control = ord(c) < 0x20 or 0x7F <= ord(c) <= 0x9F
        return f"\\u{{{ord(c):x}}}" if control else c

    return '"' + "".join(map(one, text)) + '"'


def show(value):
    """A value inside others."""
    match value:
        case None:
            return "none"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return show_float(value)
        case Char():
            plain = {"'": "\\'", '"': '"', "{": "{"}
            return "'" + plain.get(value, quote(value)[1:-1]) + "'"
        case str():
            return quote(value)
        case list():
            return "[" + ", ".join(map(show, value)) + "]"
        case tuple():
            return "(" + ", ".join(map(show, value)) + ("," if len(value) == 1 else "") + ")"
        case dict():
            pairs = [f"{show(key)}: {show(value[key])}" for key in sorted(value)]
            return "[" + (", ".join(pairs) or ":") + "]"
        case Set():
            return show(value.items)
        case Case():
            return value.name + (f"({', '.join(map(show, value.parts))})" if value.parts or value.name == "ok" else "")
        case Record():
            fields = [f"{name}: {show(field)}" for name, field in value.fields.items()]
            return f"{value.type_name} {{ {', '.join(fields)} }}" if fields else f"{value.type_name} {{}}"
    raise TypeError(value)


def show_top(value):
    """A value as a call prints it: text stands as it is."""
    return value if isinstance(value, str) else show(value)


def toml_text(text):
    plain = text.isprintable() or ("\n" in text and text.replace("\n", "").isprintable())
    if plain and "'" not in text and "\n" not in text:
        return f"'{text}'"
    if plain and "\n" in text and "'''" not in text and not text.endswith("'"):
        return f"'''\n{text}'''"
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def call(dot, prints=None, traps=None, source=None, args=None, **named):
    """Writes one call. `prints` is the value that the oracle computed."""
    args = (args or {}) | named
    lines = ["[[call]]", f'dot = "{dot}"']
    if args:
        lines.append(f"json = {toml_text(json.dumps(args, ensure_ascii=False))}")
    if traps is not None:
        lines.append(f'traps = "{traps}"')
    else:
        lines.append(f"prints = {toml_text(show_top(prints))}")
    name = sys.argv[0].rsplit("/", 1)[-1]
    lines.append(f'source = {toml_text(source or f"tests/oracles/{name}")}')
    print("\n".join(lines) + "\n")
