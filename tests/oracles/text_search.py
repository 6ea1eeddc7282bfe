"""Every place by comparing slices."""

from calls import call

TEXTS = ["abracadabra abracadabra", "aaaaaaa", "日本語の日本の日", "", "mississippi"]
for text in TEXTS:
    for word in ["abra", "aa", "日本", "issi", "", "x"]:
        places = [i for i in range(len(text)) if word and text.startswith(word, i)]
        if word == "" or places or text == "":
            call("find", places, text=text, word=word)
    words = ["a", "abra", "bra", "cad", "issi", "ss", "s", "日", "の日", "a", ""]
    unique = list(dict.fromkeys(w for w in words if w))
    hits = [(i + len(w), -len(w), i, w) for w in unique for i in range(len(text)) if text.startswith(w, i)]
    call("find_all", [(i, w) for _, _, i, w in sorted(hits)], text=text, words=words)
for text in ["abcabcabc", "aaaa", "abcab", "日本日本", "x"]:
    n = next(n for n in range(1, len(text) + 1) if len(text) % n == 0 and text[:n] * (len(text) // n) == text)
    call("period", (text[:n], len(text) // n), text=text)
