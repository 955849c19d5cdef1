"""A year of findings on DuckDB: the scheme `gallery/cleared-in-time` against SQL written by hand for the same tables.

Run by `make bench-batch ROWS=10000000`; the findings are made by `../shared/bench/w1.py`. Both sides read the same
Parquet file and write the same tables as Parquet, each run in a process of its own, in turns; the tables are compared
row by row first. The last line is JSON: medians of the ratios of wall time and of peak memory, ours to theirs.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SCHEME = HERE.parent / "specs" / "gallery" / "cleared-in-time"
WORKLOAD = Path(os.environ.get("CITYRULES_SHARED", HERE.parents[1] / "shared")) / "bench" / "w1.py"
TABLES = ("ledger", "values", "grades", "ranks", "consequences", "inputs")
THREADS = 2
TURNS = 3


def ours(findings: str, units: str, k: str, out: str) -> None:
    """One assessment, written; prints the seconds it took without the start of the interpreter."""
    import pyarrow.parquet as pq

    import cityrules as cr
    from cityrules.engines.base import Inputs, Question
    from cityrules.engines.sql.engine import DuckDBEngine
    from cityrules.io.open import open_rows
    from cityrules.io.write import write_tables

    scheme = cr.load(SCHEME, examples=False).overlay({"parameters.k.value": k})
    members = pq.read_table(units).to_pylist()
    squads = [{"name": str(row["unit_id"]), "bureau": str(row["district_id"])} for row in members]
    bureaus = [{"name": name} for name in sorted({squad["bureau"] for squad in squads})]
    started = time.perf_counter()
    span = scheme.plan.periods.parse_span("2025")
    inputs = Inputs(
        {"finding": [open_rows(findings, "finding")]},
        {"squad": [open_rows(squads, "squad")], "bureau": [open_rows(bureaus, "bureau")]},
    )
    question = Question(span, dt.datetime(2026, 1, 1))
    found = DuckDBEngine(THREADS).assess(scheme.plan, inputs, question)
    write_tables(found.tables, out, "parquet")
    print(time.perf_counter() - started)


def run(command: list[str]) -> tuple[float, int]:
    """Seconds, as the process prints them, and its peak memory in bytes."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command[1]} failed")
    return float(printed), usage.ru_maxrss * 1024


def compare(out: Path) -> None:
    """Both sides must have written the same rows."""
    import duckdb

    con = duckdb.connect()
    for table in TABLES:
        names = [row[0] for row in con.execute(f"DESCRIBE FROM '{out}/ours/{table}.parquet'").fetchall()]
        texts = ", ".join(f'"{name}"::VARCHAR' for name in names)
        found = []
        for side in ("ours", "hand"):
            query = f"SELECT count(*), sum(hash([{texts}])::HUGEINT) FROM '{out}/{side}/{table}.parquet'"
            found.append(con.execute(query).fetchone())
        if found[0] != found[1]:
            raise SystemExit(f"the two differ in {table}: {found}")
        print(f"  {table}: the same {found[0][0] if found[0] else 0:,} rows")


def main(rows: int) -> None:
    if not WORKLOAD.is_file():
        raise SystemExit(f"the workload ({WORKLOAD}) is not on this machine")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(os.environ.get("W1_DATA", folder))
        environment = {**os.environ, "W1_DATA": str(work)}
        if not (work / f"w1_{rows}.parquet").is_file():
            make = f"import runpy; runpy.run_path({str(WORKLOAD)!r})['generate']({rows})"
            subprocess.run([sys.executable, "-c", make], env=environment, check=True)
        findings, units = str(work / f"w1_{rows}.parquet"), str(work / "units.parquet")
        k = json.loads((work / f"w1_{rows}.json").read_text())["k_milli"]
        out = Path(folder)
        by_hand = [str(HERE / "batch_by_hand.py"), findings, units, str(k), str(out / "hand"), str(THREADS)]
        own = [__file__, "ours", findings, units, f"{k // 1000}.{k % 1000:03}", str(out / "ours")]
        times: dict[str, list[float]] = {"ours": [], "hand": []}
        peaks: dict[str, list[int]] = {"ours": [], "hand": []}
        for turn in range(TURNS):
            for side, command in (("hand", by_hand), ("ours", own)):
                took, peak = run([sys.executable, *command])
                times[side].append(took)
                peaks[side].append(peak)
                print(f"  {side}: {took:.2f} s, {peak / 2**20:.0f} MB", flush=True)
            if not turn:
                compare(out)
        answer: dict[str, Any] = {
            "rows": rows,
            "time_ratio": _ratio(times),
            "memory_ratio": _ratio(peaks),
            "seconds": round(statistics.median(times["ours"]), 2),
            "seconds_by_hand": round(statistics.median(times["hand"]), 2),
        }
        print(json.dumps(answer))


def _ratio(found: Any) -> float:
    return float(round(statistics.median(a / b for a, b in zip(found["ours"], found["hand"], strict=True)), 2))


if __name__ == "__main__":
    if sys.argv[1] == "ours":
        ours(*sys.argv[2:])
    else:
        main(int(sys.argv[1]))
