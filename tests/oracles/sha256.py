"""Python's `hashlib` and `hmac`."""

import hashlib
import hmac

from calls import call

for text in ["", "abc", "a" * 55, "a" * 56, "a" * 64, "The quick brown fox jumps over the lazy dog", "日本語 – 😀" * 5]:
    call("hash", hashlib.sha256(text.encode()).hexdigest(), text=text)
for key, text in [("", ""), ("key", "The quick brown fox jumps over the lazy dog"), ("k" * 100, "é")]:
    call("hmac", hmac.new(key.encode(), text.encode(), "sha256").hexdigest(), key=key, text=text)
