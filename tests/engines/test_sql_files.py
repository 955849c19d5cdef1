"""Files of both engines: the same bytes, although one writes rows and the other batches of columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import cityrules as cr

SPECS = Path(__file__).parents[2] / "specs"


def written(scheme: cr.Scheme, folder: Path, format: Any, engine: Any) -> dict[str, bytes]:
    sample = SPECS / "street-order" / "sample"
    found = scheme.assess(
        {"finding": sample / "finding.csv"}, targets={"street": sample / "street.csv"}, period="2024", engine=engine
    )
    return {path.name: path.read_bytes() for path in found.write(folder / engine, format)}


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
    python, duckdb = (written(scheme, tmp_path, format, engine) for engine in ("python", "duckdb"))
    assert python.keys() == duckdb.keys()
    assert [name for name in python if python[name] != duckdb[name]] == []
