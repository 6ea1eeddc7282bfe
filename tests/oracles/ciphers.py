"""Ciphers by tables of `str.maketrans`, slices and regular expressions."""

import re
import string

from calls import Case, Char, call, err, ok

LOW, UP = string.ascii_lowercase, string.ascii_uppercase


def caesar(text, k):
    k %= 26
    return text.translate(str.maketrans(LOW + UP, LOW[k:] + LOW[:k] + UP[k:] + UP[:k]))


def vigenere(text, key, sign=1):
    out, at = "", 0
    for c in text:
        out += caesar(c, sign * LOW.index(key[at % len(key)].lower()))
        at += c in LOW + UP
    return out


def rails(text, n):
    grid = [[] for _ in range(n)]
    rail, step = 0, 1
    for c in text:
        grid[rail].append(c)
        if n > 1:
            if not 0 <= rail + step < n:
                step = -step
            rail += step
    return "".join(map("".join, grid))


TEXT = "The Quick Brown Fox jumps over 13 lazy dogs – é!"
for k in [0, 3, 13, -1, 1000]:
    call("caesar", caesar(TEXT, k), text=TEXT, shift=k)
call("vigenere", ok("LXFOPVEFRNHR"), source="published: the classic example", text="ATTACKATDAWN", key="LEMON")
for key in ["a", "Zebra"]:
    call("vigenere", ok(vigenere(TEXT, key)), text=TEXT, key=key)
    call("vigenere", ok(vigenere(TEXT, key, -1)), text=TEXT, key=key, decode=True)
call("rail_fence", ok("WECRLTEERDSOEEFEAOCAIVDEN"), source="published: the classic example", text="WEAREDISCOVEREDFLEEATONCE", count=3)
for n in [1, 2, 4, 9]:
    call("rail_fence", ok(rails(TEXT, n)), text=TEXT, count=n)
    call("rail_fence", ok(TEXT), text=rails(TEXT, n), count=n, decode=True)
published = "published: the international Morse code"
call("to_morse", "... --- ... / ..--- ..... / -.. --- -", source=published, text="SOS 25 dot!")
call("from_morse", ok("sos 73"), source=published, code="... --- ... / --... ...--")
call("from_morse", err(Case("UnknownCode", "......")), source=published, code="... ......")
for text in ["WWWWWWWWWWWWBWWWWWWWWWWWWBBBWWW", "", "abc", "  x  "]:
    call("pack", re.sub(r"(.)\1+", lambda m: f"{len(m[0])}{m[1]}", text), text=text)
    call("unpack", ok(text), text=re.sub(r"(.)\1+", lambda m: f"{len(m[0])}{m[1]}", text))
plain = "It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness"
for k in [0, 7, 19]:
    call("break_caesar", (k, plain), source="by hand: what the text was before", text=caesar(plain, k))
call("vigenere", err(Case("EmptyKey")), source="by hand", text="a", key="")
call("vigenere", err(Case("BadKey", Char("1"))), source="by hand", text="a", key="k1")
