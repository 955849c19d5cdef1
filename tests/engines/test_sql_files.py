"""Files of both engines: the same bytes of CSV and JSON; of Parquet, which each writes itself, types and rows."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import cityrules as cr

SPECS = Path(__file__).parents[2] / "specs"


ENGINES = ("python", "duckdb")


def _sample(scheme: cr.Scheme, engine: Any) -> cr.Assessment:
    sample = SPECS / "street-order" / "sample"
    return scheme.assess(
        {"finding": sample / "finding.csv"}, targets={"street": sample / "street.csv"}, period="2024", engine=engine
    )


def _parquet(path: Path) -> Any:
    """Rows and types. Where there is never nothing in a column, a file may say so."""
    found = pq.read_table(path)
    return found.cast(pa.schema([field.with_nullable(True) for field in found.schema]))


def written(scheme: cr.Scheme, folder: Path, format: Any, engine: Any) -> dict[str, Any]:
    found = _sample(scheme, engine)
    read = _parquet if format == "parquet" else Path.read_bytes
    return {path.name: read(path) for path in found.write(folder / engine, format)}


LARGE = {"each": "finding", "via": "street", "deduct": "999999999999999", "times": "999999", "clause": "1"}
SMALL = {"each": "finding", "via": "street", "deduct": "0.00000000000000000001", "clause": "1"}


def ledger(rule: dict[str, str]) -> dict[str, object]:
    return {"for": "street each month", "from": "0", "rules": {"only": rule}, "clause": "1"}


@pytest.mark.parametrize("format", ["csv", "json", "parquet"])
@pytest.mark.parametrize("wide", [False, True])
def test_files_of_both_engines_are_equal(tmp_path: Path, format: Any, wide: bool) -> None:
    """A large and a small ledger together need more than 38 digits: then the decimals of both are wider."""
    scheme = cr.load("street-order", examples=False)
    if wide:
        scheme = scheme.overlay({"measures.large": ledger(LARGE), "measures.small": ledger(SMALL)})
    python, duckdb = (written(scheme, tmp_path, format, engine) for engine in ENGINES)
    assert python.keys() == duckdb.keys()
    assert [name for name in python if python[name] != duckdb[name]] == []


def test_parquet_of_one_engine_is_the_same_at_every_writing(tmp_path: Path) -> None:
    scheme = cr.load("street-order", examples=False)
    first, second = (
        {path.name: path.read_bytes() for path in _sample(scheme, "duckdb").write(tmp_path / name, "parquet")}
        for name in ("first", "second")
    )
    assert first == second


def test_a_number_longer_than_the_database_writes_takes_the_way_through_arrow(tmp_path: Path) -> None:
    """19 digits do not fit beside 18 after the point: nothing is cut, and nothing of the attempt is left."""
    small = {**SMALL, "deduct": "0.000000000000000001"}
    scheme = cr.load("street-order", examples=False).overlay(
        {"measures.large": ledger(LARGE), "measures.small": ledger(small)}
    )
    points = [_parquet(_sample(scheme, name).write(tmp_path / name, "parquet")[0]) for name in ENGINES]
    assert points[0] == points[1]
    assert max(abs(number) for number in points[0]["points"].to_pylist()) >= 10**18


MANY = """
cityrules: 1
scheme: many
title: More lines than the database keeps together
clause: 1
in_force: {from: 2015-01-01}
targets: {squad: {members: as they appear}}
records: {finding: {dated: found_on, key: [no], fields: {no: count, squad: squad, found_on: date}}}
measures:
  score:
    for: squad each month
    from: 100
    rules:
      found: {each: finding, via: squad, deduct: 0.01}
      again: {each: finding, via: squad, deduct: 0.02}
    together: all
"""


def test_lines_of_many_row_groups_come_in_order(tmp_path: Path) -> None:
    """They are sorted once and then only read, by several threads, and numbered on the way."""
    number = 150_000
    table = pa.table(
        {
            "no": pa.array(range(number), pa.int64()),
            "squad": [f"s{no * 7 % 11}" for no in range(number)],
            "found_on": [dt.date(2015, 1, 1) + dt.timedelta(no * 31 % 365) for no in range(number)],
        }
    )
    pq.write_table(table, tmp_path / "finding.parquet")
    found = cr.loads(MANY).assess({"finding": tmp_path / "finding.parquet"}, period="2015", engine="duckdb")
    lines = pq.read_table(found.write(tmp_path / "out", "parquet")[0], columns=["target", "period", "line"])
    columns = [lines[name].to_pylist() for name in lines.column_names]
    rows = list(zip(*columns, strict=True))
    assert len(rows) == 2 * number + 11 * 12
    assert rows == sorted(rows)
    assert all(line == 1 or before == line - 1 for before, line in zip(columns[2], columns[2][1:], strict=False))
    ledger = found.rows("ledger")
    assert [(row["target"], row["period"], row["line"]) for row in ledger] == rows
