"""The encodings by Python's own `base64`."""

import random
import sys

# This file has the name of the module that it needs.
here = sys.path.pop(0)
import base64

sys.path.insert(0, here)
from calls import Case, Char, call, err, ok

ENCODERS = {
    "Base64": base64.b64encode,
    "Base64Url": lambda b: base64.urlsafe_b64encode(b).rstrip(b"="),
    "Base32": base64.b32encode,
    "Hex": lambda b: base64.b16encode(b).lower(),
}
rng = random.Random(15)
texts = [b"", b"\0", b"\xff\xfe", b"Hello, world!", bytes(range(0, 256, 5)), rng.randbytes(31)]
for name, encoder in ENCODERS.items():
    for data in texts:
        text = encoder(data).decode()
        call("encode", text, bytes=list(data), encoding=name)
        call("decode", ok(list(data)), text=text, encoding=name)
call("decode", err(Case("BadDigit", 1, Char("é"))), source="by hand", text="aéaa")
call("decode", err(Case("BadDigit", 2, Char("="))), source="by hand", text="aa=a")
