"""What one event of a live session costs: posted, and what changed asked for, against one assessment of all rows.

Run by `make bench-live`. Bureaus with five squads, each with 24 months of points; single months are corrected. Session
and batch take turns in one process over the same rows and must say the same; medians are printed. The last line is
JSON.
"""

from __future__ import annotations

import gc
import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cityrules.live import Session
from cityrules.loaded import Scheme, load

SQUADS = 5
MONTHS = tuple(f"{year}-{month:02}" for year in (2008, 2009) for month in range(1, 13))
ROUNDS = 15
EVENTS = 3
"""Events in a row, each with its changes, for one assessment: a short turn is interrupted less often."""


def filled(scheme: Scheme, chain: Any, bureaus: int, source: random.Random) -> Session:
    """A session with all rows in it, of which the changes were asked for."""
    session = Session(scheme, period="2008..2009", chain=chain)
    for bureau in range(bureaus):
        session.post("bureau", {"name": f"b{bureau}", "area": "城区"})
        for squad in range(SQUADS):
            session.post("squad", {"name": f"b{bureau}s{squad}", "bureau": f"b{bureau}"})
            for month in MONTHS:
                row = {"squad": f"b{bureau}s{squad}", "period": month, "points": source.choice([60, 65, 72, 85])}
                session.post("month_assessment", row)
    session.advance("2010-01-01")
    session.changes()
    return session


@dataclass(frozen=True, slots=True)
class Time:
    """Seconds of one turn: on the clock, with what others did to the processor meanwhile, and of the processor for this
    process (the child of a durable chain has its own)."""

    clock: float
    processor: float


def timed(work: Callable[[], object], times: int = 1) -> Time:
    clock, processor = time.perf_counter(), time.process_time()
    for _ in range(times):
        work()
    return Time((time.perf_counter() - clock) / times, (time.process_time() - processor) / times)


def measured(scheme: Scheme, chain: str, bureaus: int) -> dict[str, float | int | str]:
    """Medians over all rounds, in milliseconds, and of the ratios of turns beside one another."""
    source = random.Random(bureaus)

    def correct() -> None:
        squad = f"b{source.randrange(bureaus)}s{source.randrange(SQUADS)}"
        points = f"{source.randrange(50, 90)}.{source.randrange(1, 100):02}"
        session.correct("month_assessment", {"squad": squad, "period": source.choice(MONTHS), "points": points})
        session.changes()

    def assess() -> None:
        assert [*session.assess().rows("consequences")] == session.consequences()

    with filled(scheme, chain, bureaus, source) as session:
        correct()
        assess()
        gc.collect()
        turns = [(timed(correct, EVENTS), timed(assess)) for _ in range(ROUNDS if bureaus < 10 else ROUNDS // 2)]
    middle = statistics.median
    rows = bureaus * (1 + SQUADS * (1 + len(MONTHS)))
    return {
        "chain": chain,
        "bureaus": bureaus,
        "rows": rows,
        "event_ms": middle(event.clock for event, _ in turns) * 1000,
        "event_processor_ms": middle(event.processor for event, _ in turns) * 1000,
        "batch_ms": middle(batch.clock for _, batch in turns) * 1000,
        "batch_processor_ms": middle(batch.processor for _, batch in turns) * 1000,
        "ratio": middle(batch.clock / event.clock for event, batch in turns),
    }


def main() -> int:
    chains = sys.argv[1:] or ["durable", "plain"]
    scheme = load("illegal-construction", examples=False)
    found = []
    print("chain    bureaus   rows   an event: ms (processor)   an assessment: ms (processor)   ratio")
    for chain in chains:
        for bureaus in (1, 4, 16):
            one = measured(scheme, chain, bureaus)
            found.append(one)
            event = f"{one['event_ms']:12.1f} ({one['event_processor_ms']:9.1f})"
            batch = f"{one['batch_ms']:17.1f} ({one['batch_processor_ms']:9.1f})"
            print(f"{chain:8} {bureaus:7} {one['rows']:6}   {event}   {batch}   {one['ratio']:5.1f}", flush=True)
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
