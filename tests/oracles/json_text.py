"""JSON by Python's own `json`."""

import json

from calls import Case, call, err, ok, some

TEXTS = [
    ' { "name" : "Ada \\u00e9\\ud83d\\ude00" , "tags" : [ ] , "n" : [ 1 , -0.5 , 1e3 , 2.5E-3 ] , "deep" : { "a" : { "b" : null } } } ',
    '[[], {}, [{}], "", "\\"\\\\\\/\\b\\f\\n\\r\\t", true, false, null]',
    "-12.75",
    '"日本\\u0001"',
    '{"a": 1, "a": {"": [0, 100000]}}',
]


class Pairs(list):
    pass


def read(text):
    return json.loads(text, object_pairs_hook=lambda pairs: Pairs(pairs), parse_float=float, parse_int=int)


def number(n):
    return str(n) if isinstance(n, int) else str(int(n)) if n == int(n) and abs(n) < 1e21 else repr(n)


def dump(v, step, depth=0):
    line = "\n" + " " * step * (depth + 1) if step is not None else ""
    end = "\n" + " " * step * depth if step is not None else ""
    if isinstance(v, Pairs):
        colon = ": " if step is not None else ":"
        inside = ",".join(line + json.dumps(k, ensure_ascii=False) + colon + dump(x, step, depth + 1) for k, x in v)
        return "{" + inside + end + "}" if v else "{}"
    if isinstance(v, list):
        return "[" + ",".join(line + dump(x, step, depth + 1) for x in v) + end + "]" if v else "[]"
    if isinstance(v, (int, float)) and not isinstance(v, bool):
        return number(v)
    return json.dumps(v, ensure_ascii=False).replace("\\b", "\\u0008").replace("\\f", "\\u000c")


for text in TEXTS:
    call("minify", ok(dump(read(text), None)), text=text)
    call("pretty", ok(dump(read(text), 2)), text=text)
call("pretty", ok(json.dumps(json.loads('[1, {"a": []}]'), indent=4)), text='[1, {"a": []}]', step=4)
first = TEXTS[0]
for path, value in [("name", '"Ada é😀"'), ("n.2", "1000"), ("deep.a", '{"b":null}'), ("deep.x", None), ("n.9", None), ("name.0", None)]:
    call("at", ok(None if value is None else some(value)), text=first, path=path)
hand = "by hand: where reading stops"
for text, error in [
    ("[1 2]", Case("Unexpected", 3, "50")),
    ('{"a" 1}', Case("Unexpected", 5, "49")),
    ("nul", Case("Unexpected", 3, "the end")),
    ("-", Case("BadNumber", 0)),
    ("[1.]", Case("BadNumber", 1)),
    ('"\\ud800x"', Case("Unexpected", 7, "120")),
    ('"\\udc00"', Case("BadEscape", 1)),
    ('"\t"', Case("Unexpected", 1, "9")),
]:
    try:
        json.loads(text)
        raise AssertionError(text)
    except json.JSONDecodeError:
        pass
    except AssertionError:
        assert text == '"\\ud800x"' or text == '"\\udc00"', text
    call("minify", err(error), source=hand, text=text)
