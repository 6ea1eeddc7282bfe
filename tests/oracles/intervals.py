"""Every span against every other; rooms by counting at every place."""

import random

from calls import call

rng = random.Random(22)
for count in [0, 1, 12, 40]:
    spans = []
    for i in range(count):
        start = rng.randint(-100, 100)
        spans.append({"start": start, "end": start + rng.randint(0, 30), "name": f"s{i}"})
    real = sorted((s["start"], s["end"], s["name"]) for s in spans if s["start"] < s["end"])
    asked = [(a := rng.randint(-120, 120), a + rng.randint(1, 40)) for _ in range(8)]
    call("overlaps", [[n for s, e, n in real if s < b and e > a] for a, b in asked], spans=spans, asked=[list(a) for a in asked])
    places = [rng.randint(-120, 120) for _ in range(15)]
    call("taken", [any(s <= p < e for s, e, _ in real) for p in places], spans=spans, places=places)
    free = [p for p in range(-110, 140) if not any(s <= p < e for s, e, _ in real)]
    gaps = []
    for p in free:
        if gaps and gaps[-1][1] == p:
            gaps[-1] = (gaps[-1][0], p + 1)
        else:
            gaps.append((p, p + 1))
    call("gaps", gaps, spans=spans, start=-110, end=140)
    call("rooms", max((sum(s <= p < e for s, e, _ in real) for p in range(-120, 140)), default=0), spans=spans)
