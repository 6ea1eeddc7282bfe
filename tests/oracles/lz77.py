"""The same greedy choice by looking at every place in the window."""

import random

from calls import call, ok


def compress(data):
    out, run, at = [], [], 0

    def flush():
        if run:
            out.extend([len(run), *run])
            run.clear()

    while at < len(data):
        best = (0, 0)
        for back in range(1, min(at, 4096) + 1):
            n = 0
            while at + n < len(data) and n < 255 and data[at + n - back] == data[at + n]:
                n += 1
            if n > best[1]:
                best = (back, n)
        if best[1] >= 4:
            flush()
            out.extend([128 | best[0] >> 8, best[0] & 255, best[1]])
            at += best[1]
        else:
            run.append(data[at])
            at += 1
            if len(run) == 127:
                flush()
    flush()
    return out


rng = random.Random(14)
texts = [b"", b"abc", b"abcabcabcabcabc", b"she sells sea shells by the sea shore; she sells seashells", bytes(rng.choices(b"ab", k=150)), bytes(rng.choices(range(256), k=300))]
for data in texts:
    call("compress", compress(data), bytes=list(data))
    call("expand", ok(list(data)), bytes=compress(data))
for text, times in [("to be or not to be, ", 20), ("é", 300), ("x", 1)]:
    data = (text * times).encode()
    call("measure", (len(data), len(compress(data)), True), text=text, times=times)
