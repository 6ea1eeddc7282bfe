"""Counting with `Counter`; that a treap is sound is a theorem."""

from collections import Counter

from calls import call, some

TEXT = "It was the best of times it was the worst of times it was the age of wisdom it was the age of foolishness " * 2 + "Zebra äpfel"
counts = Counter(TEXT.lower().split())
ordered = sorted(counts.items(), key=lambda p: p[0].encode())
call("concordance", ([p for p in ordered if p[0] <= "~"], True), text=TEXT)
call("concordance", ([p for p in ordered if p[0] <= "of"], True), text=TEXT, last="of")
call("concordance", ([], True), text="")
for times in [1, 4, 8, 9]:
    call("first_frequent", next((some(w) for w, n in ordered if n >= times), None), text=TEXT, times=times)
