"""What sharing saves: two schemes, and a hundred values of one parameter, on the same findings against one assessment.

Run by `make bench-compare ROWS=1000000` (`ENGINE=python` takes fifty times as long); the findings are made by
`../shared/bench/w1.py`, the scheme is `gallery/cleared-in-time`. In turns, all in one process:

* `one`: one assessment, all tables written as Parquet; `bare`: one of which only the verdicts are read;
* `two`: the scheme and one in which a rule of its ledger deducts another number, all tables of both written;
* `compared`: `Study.compare` of these two, who stands near a line and the causes with it, from reading the files;
* `sweep`: `Study.sweep` over a hundred lines below which a bureau fails, from reading the files to the counts.

The last line is JSON: medians of the ratios to `one` and to `bare`, of wall time and of the processor time of all
threads, which says more on a machine that is busy.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SCHEME = HERE.parent / "specs" / "gallery" / "cleared-in-time"
WORKLOAD = Path(os.environ.get("CITYRULES_SHARED", HERE.parents[1] / "shared")) / "bench" / "w1.py"
CHANGED = {"measures.score.rules.media.deduct": "0.25"}
LINE = "parameters.fail_line.value"
LINES = [f"{60 + number / 5:.1f}" for number in range(100)]
TURNS = 3


Seconds = tuple[float, float]
"""Of the wall clock, and of the processors."""


def timed(work: Callable[[], object]) -> Seconds:
    """How long a piece of work takes."""
    wall, processors = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - processors


def measure(findings: str, units: str, k: str, engine: Any, folder: str) -> dict[str, list[Seconds]]:
    """How long each piece of work takes, turn by turn."""
    import pyarrow.parquet as pq

    import cityrules as cr
    from cityrules.io.write import write_tables
    from cityrules.results.verdicts import kinds_of, reads, verdicts

    scheme = cr.load(SCHEME, examples=False).overlay({"parameters.k.value": k})
    kinds = kinds_of(scheme.plan, reads(scheme.plan))
    members = pq.read_table(units).to_pylist()
    squads = [{"name": str(row["unit_id"]), "bureau": str(row["district_id"])} for row in members]
    targets = {"squad": squads, "bureau": [{"name": name} for name in sorted({row["bureau"] for row in squads})]}
    given: dict[str, Any] = {"period": "2025", "targets": targets, "engine": engine}
    records = {"finding": findings}

    other = scheme.overlay(CHANGED)

    def one() -> None:
        scheme.assess(records, **given).write(folder, "parquet")

    def bare() -> None:
        verdicts(scheme.assess(records, **given).tables, kinds)

    def two() -> None:
        basis = scheme.study(records, **given).basis
        for plan in (scheme.plan, other.plan):
            write_tables(basis.run(plan).tables, folder, "parquet")

    def compared() -> None:
        found = scheme.study(records, **given).compare(other)
        assert found.differences, "nothing differs: that would be no comparison"

    def sweep() -> None:
        scheme.study(records, **given).sweep(LINE, LINES)

    found: dict[str, list[Seconds]] = {}
    for _ in range(TURNS):
        for work in (one, bare, two, compared, sweep):
            taken = timed(work)
            found.setdefault(work.__name__, []).append(taken)
            print(f"  {work.__name__}: {taken[0]:.2f} s, processors {taken[1]:.2f} s", flush=True)
    return found


def main(rows: int, engine: str) -> None:
    if not WORKLOAD.is_file():
        raise SystemExit(f"the workload ({WORKLOAD}) is not on this machine")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(os.environ.get("W1_DATA", folder))
        if not (work / f"w1_{rows}.parquet").is_file():
            make = f"import runpy; runpy.run_path({str(WORKLOAD)!r})['generate']({rows})"
            subprocess.run([sys.executable, "-c", make], env={**os.environ, "W1_DATA": str(work)}, check=True)
        k = json.loads((work / f"w1_{rows}.json").read_text())["k_milli"]
        files = str(work / f"w1_{rows}.parquet"), str(work / "units.parquet")
        found = measure(*files, f"{k // 1000}.{k % 1000:03}", engine, str(Path(folder) / "out"))
        answer: dict[str, Any] = {"rows": rows, "engine": engine, "values": len(LINES)}
        for place, clock in enumerate(("wall", "processors")):
            taken = {name: [seconds[place] for seconds in turns] for name, turns in found.items()}
            answer[clock] = {
                "two_ratio": _ratio(taken["two"], taken["one"]),
                "compared_ratio": _ratio(taken["compared"], taken["one"]),
                "sweep_ratio": _ratio(taken["sweep"], taken["one"]),
                "sweep_ratio_bare": _ratio(taken["sweep"], taken["bare"]),
                "seconds": {name: round(statistics.median(every), 2) for name, every in taken.items()},
            }
        answer["load"] = round(os.getloadavg()[0], 1)
        print(json.dumps(answer))


def _ratio(ours: list[float], one: list[float]) -> float:
    return round(statistics.median(a / b for a, b in zip(ours, one, strict=True)), 2)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "duckdb")
