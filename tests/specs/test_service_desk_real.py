"""The service desk on 121,145 real cases, against the city's own verdicts. Skips where the file is not present."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

import cityrules as cr

AS_OF = dt.datetime(2016, 1, 13)


@pytest.fixture(scope="module")
def cases(shared: Path) -> Path:
    path = shared / "data" / "boston-311-2015.csv.gz"
    if not path.is_file():
        pytest.skip("the real cases (data/boston-311-2015.csv.gz) are not on this machine")
    return path


@pytest.fixture(scope="module")
def raw(cases: Path) -> list[dict[str, str]]:
    with gzip.open(cases, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def reference(cases: Path) -> cr.Assessment:
    return cr.load("service-desk").assess({"case": cases}, period="2015", as_of=AS_OF)


@pytest.fixture(scope="module")
def verdicts(reference: cr.Assessment) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {"due": {}, "on_time": {}}
    for row in reference.rows("record_values"):
        found[str(row["measure"])][str(row["record"])] = str(row["value"])
    return found


def test_rows_used_and_rejected(
    reference: cr.Assessment, raw: list[dict[str, str]], verdicts: dict[str, dict[str, str]]
) -> None:
    rejects = list(reference.rows("rejects"))
    assert len(raw) == 121_145
    assert Counter(row["reasons"] for row in rejects) == {"district: missing": 11_103}
    assert len(verdicts["due"]) == 110_042
    # A case without a target has no verdict and stands outside the rate.
    assert len(verdicts["due"]) - len(verdicts["on_time"]) == 22_665


def test_the_derived_verdict_is_the_city_s(raw: list[dict[str, str]], verdicts: dict[str, dict[str, str]]) -> None:
    agree: Counter[str] = Counter()
    for row in raw:
        if row["district"] and row["target_at"] and row["on_time"]:
            wanted = "true" if row["on_time"] == "ONTIME" else "false"
            assert verdicts["on_time"][row["case_id"]] == wanted, row["case_id"]
            agree["closed" if row["closed_at"] else "open"] += 1
    assert agree == {"closed": 74_814, "open": 12_412}


def test_cases_closed_before_they_were_opened_are_named(reference: cr.Assessment, raw: list[dict[str, str]]) -> None:
    named = {row["record"] for row in reference.rows("problems") if row["name"] == "closed_before_opened"}
    assert named == {row["case_id"] for row in raw if row["closed_at"] and row["closed_at"] < row["opened_at"]}
    assert len(named) == 197


def test_the_rate_is_what_counting_by_hand_gives(reference: cr.Assessment, raw: list[dict[str, str]]) -> None:
    hits: Counter[tuple[str, str]] = Counter()
    cases: Counter[tuple[str, str]] = Counter()
    for row in raw:
        if row["district"] and row["target_at"] and (row["closed_at"] or row["target_at"] < AS_OF.isoformat()):
            cell = (row["district"], row["opened_at"][:7])
            cases[cell] += 1
            hits[cell] += bool(row["closed_at"]) and row["closed_at"] <= row["target_at"]
    for (district, month), count in cases.items():
        exact = Decimal(hits[district, month] * 100) / Decimal(count)
        wanted = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
        assert reference.value("on_time_rate", district, month) == str(wanted)
    assert len(cases) == 13 * 12


def test_both_engines_write_identical_files(reference: cr.Assessment, cases: Path, tmp_path: Path) -> None:
    other = cr.load("service-desk").assess({"case": cases}, period="2015", as_of=AS_OF, engine="duckdb")
    reference.write(tmp_path / "python")
    other.write(tmp_path / "duckdb")
    names = sorted(path.name for path in (tmp_path / "python").iterdir())
    assert "values.csv" in names
    for name in names:
        assert (tmp_path / "python" / name).read_bytes() == (tmp_path / "duckdb" / name).read_bytes(), name
