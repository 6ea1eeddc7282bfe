"""Rights as Python sets."""

from calls import Case, Set, call

NAMES = ["Read", "Write", "Delete", "Share", "Admin"]
ROLES = {"Guest": set(), "Reader": {"Read"}, "Editor": {"Read", "Write", "Share"}, "Owner": set(NAMES)}
POLICY = {
    "rules": [
        {"prefix": "/", "role": "Reader", "people": ["@all"]},
        {"prefix": "/docs", "role": "Editor", "people": ["@writers", "zed"]},
        {"prefix": "/docs/secret", "role": "Guest", "people": ["@all"]},
        {"prefix": "/docs/secret", "role": "Owner", "people": ["ann"]},
        {"prefix": "/docs/secret", "role": "Reader", "people": ["bob"]},
    ],
    "groups": [["all", ["@writers", "@readers", "zed"]], ["writers", ["ann", "bob"]], ["readers", ["cyd", "@writers", "@nobody"]], ["loop", ["@loop", "eve"]]],
}
GROUPS = dict(POLICY["groups"])


def members(names, seen=()):
    out = set()
    for n in names:
        out |= {n} if n[0] != "@" else set() if n[1:] in seen else members(GROUPS.get(n[1:], []), (*seen, n[1:]))
    return out


def granted(person, path):
    rules = [r for r in POLICY["rules"] if (r["prefix"] == "/" or path == r["prefix"] or path.startswith(r["prefix"] + "/")) and person in members(r["people"])]
    longest = max((len(r["prefix"]) for r in rules), default=0)
    return set().union(*(ROLES[r["role"]] for r in rules if len(r["prefix"]) == longest))


def flags(rights):
    return [Case(n) for n in NAMES if n in rights]


for person, path in [("ann", "/docs/a"), ("bob", "/docs/secret/b"), ("ann", "/docs/secret"), ("cyd", "/docs/secret/x"), ("cyd", "/docsx"), ("zed", "/docs"), ("eve", "/")]:
    call("rights_of", flags(granted(person, path)), policy=POLICY, person=person, path=path)
    for wanted in [["Read"], ["Read", "Delete"], []]:
        call("may", set(wanted) <= granted(person, path), policy=POLICY, person=person, path=path, wanted=wanted)
people = sorted(set().union(*(members(r["people"]) for r in POLICY["rules"])))
for path in ["/docs/secret", "/docs/x", "/"]:
    by = {}
    for p in people:
        by.setdefault(sum(1 << i for i, n in enumerate(NAMES) if n in granted(p, path)), []).append(p)

    shown = "[" + ", ".join("[" + ", ".join(n for i, n in enumerate(NAMES) if k >> i & 1) + "]: [" + ", ".join(f'"{p}"' for p in by[k]) + "]" for k in sorted(by)) + "]"
    call("audit", shown, policy=POLICY, path=path)
for a, b in [("all", "writers"), ("readers", "all"), ("loop", "readers"), ("nobody", "loop")]:
    x, y = members(["@" + a]), members(["@" + b])
    call("compare_groups", (Set(x & y), Set(x | y), Set(x - y)), policy=POLICY, a=a, b=b)
