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


def timed(work: Callable[[], object]) -> float:
    """Seconds of one turn. What others did to the processor meanwhile is in it."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def corrected(session: Session, bureaus: int, source: random.Random) -> float:
    """Seconds of one event and its changes, in the mean of a turn."""

    def turn() -> None:
        for _ in range(EVENTS):
            squad = f"b{source.randrange(bureaus)}s{source.randrange(SQUADS)}"
            points = f"{source.randrange(50, 90)}.{source.randrange(1, 100):02}"
            session.correct("month_assessment", {"squad": squad, "period": source.choice(MONTHS), "points": points})
            session.changes()

    return timed(turn) / EVENTS


def measured(scheme: Scheme, chain: str, bureaus: int) -> dict[str, float | int | str]:
    """Medians over all rounds, in milliseconds."""
    source = random.Random(bureaus)
    with filled(scheme, chain, bureaus, source) as session:
        corrected(session, bureaus, source)
        assert session.consequences() == [*session.assess().rows("consequences")]
        gc.collect()
        turns = []
        for _ in range(ROUNDS if bureaus < 10 else 7):
            event = corrected(session, bureaus, source)
            turns.append((event, timed(lambda: [*session.assess().rows("consequences")])))
        assert session.consequences() == [*session.assess().rows("consequences")]
    event, batch = (statistics.median(times) * 1000 for times in zip(*turns, strict=True))
    ratio = statistics.median(batch / event for event, batch in turns)
    rows = bureaus * (1 + SQUADS * (1 + len(MONTHS)))
    return {"chain": chain, "bureaus": bureaus, "rows": rows, "event": event, "batch": batch, "ratio": ratio}


def main() -> int:
    chains = sys.argv[1:] or ["durable", "plain"]
    scheme = load("illegal-construction", examples=False)
    found = []
    print("chain    bureaus    rows    ms an event    ms an assessment    ratio")
    for chain in chains:
        for bureaus in (1, 4, 16):
            one = measured(scheme, chain, bureaus)
            found.append(one)
            event, batch, ratio = f"{one['event']:14.1f}", f"{one['batch']:19.1f}", f"{one['ratio']:8.1f}"
            print(f"{chain:8} {bureaus:7} {one['rows']:7} {event} {batch} {ratio}", flush=True)
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
