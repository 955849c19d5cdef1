"""One finding at a time: a scheme of twenty rules and three derived fields against the same rules in zen-engine.

Run by `make bench-record`. Both sides get a record as a dict of Python values; ours is validated on the way (zen-engine
does not validate), numbers stay exact here and are binary floats there. Both are first compared on random records; then
they are timed in turns in one process, and medians are printed. The last line is JSON.
"""

from __future__ import annotations

import datetime as dt
import gc
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from cityrules.engines.python.single.hits import Hits
from cityrules.engines.python.single.scorer import RecordScorer
from cityrules.loaded import load
from record_scheme import DERIVED_FOR_ZEN, RULES, document, many_rules

# Many short turns: on a machine with other work a long one is nearly always interrupted, a short one seldom. Not so
# short, though, that most of it goes into refilling the caches after the others' turns.
RECORDS = 1000
ROUNDS = 61
COMPARED = 2_000
EPOCH = dt.date(1970, 1, 1)

Record = dict[str, Any]
Found = list[tuple[str, str, float]]


def random_record(source: random.Random, number: int) -> Record:
    """A finding as a caller would have it: `int`, `Decimal`, `date`, `str`, `bool`, None."""
    found_on = dt.date(2024, 1, 1) + dt.timedelta(days=source.randrange(366))
    notified = found_on + dt.timedelta(days=source.randrange(3)) if source.random() < 0.9 else None
    cleared = notified + dt.timedelta(days=source.randrange(12)) if notified and source.random() < 0.8 else None
    return {
        "no": f"F{number:06d}",
        "squad": f"squad {source.randrange(40)}",
        "category": source.choice(["litter", "water", "road", "advert", "stall", "parking", "dust", "green"]),
        "found_on": found_on,
        "volume": Decimal(source.randrange(0, 90)) / 10,
        "notices": source.randrange(0, 4),
        "notified_on": notified,
        "cleared_on": cleared,
        "media": source.random() < 0.05,
    }


def for_zen(record: Record) -> Record:
    """The same record as zen-engine can take it: floats for decimals and days since 1970 for dates."""
    return {
        name: float(value)
        if isinstance(value, Decimal)
        else (value - EPOCH).days
        if isinstance(value, dt.date)
        else value
        for name, value in record.items()
    }


def zen_evaluator() -> Callable[[Record], Any]:
    """The twenty rules as a decision table that collects every hit, after the derived fields; compiled once."""
    import zen

    def node(name: str, kind: str, content: object = None) -> dict[str, object]:
        made: dict[str, object] = {"id": name, "name": name, "type": kind, "position": {"x": 0, "y": 0}}
        return made if content is None else {**made, "content": content}

    derived = [{"id": key, "key": key, "value": text} for key, text in DERIVED_FOR_ZEN.items()]
    table = {
        "hitPolicy": "collect",
        "inputs": [{"id": "when", "name": "when", "field": ""}],
        "outputs": [{"id": key, "name": key, "field": key} for key in ("rule", "clause", "points")],
        "rules": [
            {
                "_id": rule.name,
                "when": rule.zen_when,
                "rule": f"'{rule.name}'",
                "clause": f"'{rule.clause}'",
                "points": rule.zen_points,
            }
            for rule in RULES
        ],
    }
    model = {
        "contentType": "application/vnd.gorules.decision",
        "nodes": [
            node("in", "inputNode"),
            node("derived", "expressionNode", {"expressions": derived, "passThrough": True}),
            node("rules", "decisionTableNode", table),
            node("out", "outputNode"),
        ],
        "edges": [
            {"id": f"{a}-{b}", "sourceId": a, "targetId": b, "type": "edge"}
            for a, b in (("in", "derived"), ("derived", "rules"), ("rules", "out"))
        ],
    }
    # Of the ways to call it, a loader that hands out parsed content is the fastest by far.
    content = zen.ZenDecisionContent(json.dumps(model))
    engine = zen.ZenEngine({"loader": lambda _key: content})
    return lambda record: engine.evaluate("rules", record)


def our_hits(hits: Hits) -> Found:
    return [(hit.rule, hit.clause or "", float(hit.points)) for hit in hits.hits]


def zen_hits(answer: Any) -> Found:
    return [(hit["rule"], hit["clause"], hit["points"]) for hit in answer["result"]]


def compare(scorer: RecordScorer, zen: Callable[[Record], Any]) -> int:
    """Both must find the same rules, clauses and (within what a float can say) points. Gives the number of hits."""
    source = random.Random(20240101)
    total = 0
    for number in range(COMPARED):
        record = random_record(source, number)
        ours, theirs = our_hits(scorer(record)), zen_hits(zen(for_zen(record)))
        same = len(ours) == len(theirs) and all(
            a[:2] == b[:2] and abs(a[2] - b[2]) < 1e-9 for a, b in zip(ours, theirs, strict=True)
        )
        if not same:
            raise SystemExit(f"the two differ on {record}:\n  {ours}\n  {theirs}")
        total += len(ours)
    return total


def timed(call: Callable[[Any], object], records: Sequence[Record]) -> float:
    """Microseconds for each record."""
    started = time.perf_counter_ns()
    for record in records:
        call(record)
    return (time.perf_counter_ns() - started) / len(records) / 1000


def milliseconds(work: Callable[[], object], times: int) -> float:
    found = []
    for _ in range(times):
        started = time.perf_counter_ns()
        work()
        found.append((time.perf_counter_ns() - started) / 1e6)
    return statistics.median(found)


def import_milliseconds() -> float:
    """`import cityrules` in a fresh interpreter, without the start of the interpreter itself."""
    code = "import time; s = time.perf_counter_ns(); import cityrules; print((time.perf_counter_ns() - s) / 1e6)"
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(7)]
    return statistics.median(float(run.stdout) for run in runs)


def main() -> None:
    scorer = load(document()).scorer("finding")
    assert not scorer.beyond
    zen = zen_evaluator()
    hits = compare(scorer, zen)
    print(f"{len(RULES)} rules, 3 derived fields; the same {hits:,} hits on {COMPARED:,} random findings")

    source = random.Random(7)
    records = [random_record(source, number) for number in range(RECORDS)]
    for_them = [for_zen(record) for record in records]
    texts = [{name: _text(value) for name, value in record.items()} for record in records]
    model = scorer.model
    objects = [model(**record) for record in records]
    # The function itself, as a loop over many records would call it.
    score: Callable[..., object] = scorer.score
    calls: list[tuple[str, Callable[..., object], Sequence[Any]]] = [
        ("ours", score, records),
        ("ours, from texts", score, texts),
        ("ours, from objects", score, objects),
        ("zen-engine", zen, for_them),
    ]
    found: dict[str, list[float]] = {name: [] for name, _, _ in calls}
    gc.collect()
    gc.freeze()
    for round_ in range(ROUNDS + 1):
        for name, call, given in calls:
            once = timed(call, given)
            if round_:  # the first is to warm up
                found[name].append(once)
    medians = {name: statistics.median(times) for name, times in found.items()}
    ratios = [theirs / ours for ours, theirs in zip(found["ours"], found["zen-engine"], strict=True)]
    for name, median in medians.items():
        print(f"  {name:<20} {median:8.2f} us a record   (best {min(found[name]):.2f}, worst {max(found[name]):.2f})")

    long = many_rules(300)
    load_ms = milliseconds(lambda: load(long), 7)
    import_ms = import_milliseconds()
    print(f"  load and check 300 rules {load_ms:.0f} ms; import cityrules {import_ms:.0f} ms")
    answer = {
        "us_per_record": round(medians["ours"], 3),
        "zen_ratio": round(statistics.median(ratios), 2),
        "us_per_record_of_texts": round(medians["ours, from texts"], 3),
        "us_per_record_of_objects": round(medians["ours, from objects"], 3),
        "zen_us_per_record": round(medians["zen-engine"], 3),
        "load_300_rules_ms": round(load_ms, 1),
        "import_ms": round(import_ms, 1),
    }
    print(json.dumps(answer))


def _text(value: object) -> str | None:
    return None if value is None else ("true" if value else "false") if isinstance(value, bool) else str(value)


if __name__ == "__main__":
    main()
