"""Files of both engines: the same bytes of CSV and JSON; of Parquet, which each writes itself, types and rows."""

from __future__ import annotations

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
