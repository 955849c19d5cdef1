"""A year of findings against a slow reference in `decimal` that was written apart. Skips where it is not present."""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import cityrules as cr
from cityrules.loaded import specs_folder

SIZE = 100_000
YEAR = [f"2025-{month:02}" for month in range(1, 13)]


@pytest.fixture(scope="module")
def workload(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The module of the workload, its findings made and its own results saved."""
    path = shared / "bench" / "w1.py"
    if not path.is_file():
        pytest.skip("the workload (bench/w1.py) is not on this machine")
    pytest.importorskip("numpy")
    patch = pytest.MonkeyPatch()
    patch.setenv("W1_DATA", str(tmp_path_factory.mktemp("workload")))
    spec = importlib.util.spec_from_file_location("workload_of_findings", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    patch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    module.generate(SIZE)
    module.save_expected(SIZE, module.reference(SIZE), "reference")
    yield module
    patch.undo()


def squads(workload: Any) -> tuple[list[dict[str, str]], list[str]]:
    import pyarrow.parquet as pq

    rows = pq.read_table(workload.units_path()).to_pylist()
    members = [{"name": str(row["unit_id"]), "bureau": str(row["district_id"])} for row in rows]
    return members, sorted({member["bureau"] for member in members}, key=int)


def cents(value: str | None) -> int:
    return int(Decimal(value or "NaN") * 100)


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_a_year_of_findings_comes_out_to_the_cent(workload: Any, engine: Any) -> None:
    members, bureaus = squads(workload)
    scheme = cr.load(specs_folder() / "gallery" / "cleared-in-time").overlay(
        {"parameters.k.value": str(Decimal(workload.meta(SIZE)["k_milli"]) / 1000)}
    )
    found = scheme.assess(
        {"finding": workload.path_for(SIZE)},
        targets={"squad": members, "bureau": [{"name": name} for name in bureaus]},
        period="2025",
        engine=engine,
    )
    assert list(found.rows("rejects")) == []
    assert list(found.rows("problems")) == []
    lost: Counter[str] = Counter()
    for row in found.rows("ledger"):
        if row["record"] is not None:
            lost[str(row["record"])] += cents(str(row["price"]))
    grades = {(row["measure"], row["target"], row["period"]): row["grade"] for row in found.rows("grades")}
    result = {
        "deductions": [lost[str(number)] for number in range(SIZE)],
        "squad_month": [[cents(found.value("score", m["name"], month)) for month in YEAR] for m in members],
        "district_month": [[cents(found.value("month_score", b, month)) for month in YEAR] for b in bureaus],
        "district_month_grade": [[grades["grade", b, month] for month in YEAR] for b in bureaus],
        "district_year": [cents(found.value("year_score", b, "2025")) for b in bureaus],
        "district_year_grade": [grades["year_grade", b, "2025"] for b in bureaus],
        "rank": [int(found.value("place", b, "2025") or 0) for b in bureaus],
        "sanctions": [
            (int(str(row["target"])), int(str(row["date"])[5:7]), row["act"]) for row in found.rows("consequences")
        ],
    }
    assert workload.differences(SIZE, result) == {}
