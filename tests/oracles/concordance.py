"""Words by alphabet with the lines they stand on: `concordance.py FILE [FIRST [LIMIT]]`, then the most spread one."""

import re
import sys

first = sys.argv[2] if len(sys.argv) > 2 else ""
limit = int(sys.argv[3]) if len(sys.argv) > 3 else 10
lines = {}
with open(sys.argv[1], encoding="utf-8") as file:
    for number, line in enumerate(file, 1):
        for word in re.findall("[a-z]+", line.lower()):
            lines.setdefault(word, {})[number] = None


def show(word):
    return f'Entry {{ word: "{word}", lines: {list(lines[word])} }}'


print("[" + ", ".join([show(word) for word in sorted(lines) if word >= first][:limit]) + "]")
print(f"some({show(max(sorted(lines), key=lambda word: len(lines[word])))})")
