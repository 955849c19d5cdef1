"""Every shipped scheme passes its own check: text, names, types, all options of all readings, all worked examples."""

from __future__ import annotations

import datetime as dt
import re
from importlib.util import find_spec
from pathlib import Path

import pytest

import cityrules as cr
from cityrules.loaded import EngineName, specs_folder

ROOT = Path(__file__).parents[2]
RUNS = {
    "garbage-clearance": ("2024", ("street",), ("finding", "exposure", "remark")),
    "street-six-areas": ("2024", ("community", "unit"), ("month_marks", "year_marks", "form")),
    "street-order": ("2024", ("street",), ("finding",)),
    "illegal-construction": ("2008", ("bureau", "squad"), ("month_assessment", "building", "misconduct")),
    "jingmen": ("2018", ("street", "team"), ("posting",)),
    "jingzhou": ("2012", (), ("contribution", "half_inspection")),
    "market-flags": ("2014", ("地区", "市场"), ("集中考核", "暗访检查")),
}


def sample(name: str, engine: EngineName) -> cr.Assessment:
    period, targets, records = RUNS[name]
    folder = specs_folder() / name / "sample"
    return cr.load(name, examples=False).assess(
        {kind: folder / f"{kind}.csv" for kind in records},
        targets={kind: folder / f"{kind}.csv" for kind in targets},
        period=period,
        as_of=dt.datetime(int(period) + 1, 1, 5),
        engine=engine,
    )


def test_the_issue_s_schemes_are_shipped() -> None:
    issue = {"garbage-clearance", "illegal-construction", "service-desk", "street-order", "street-six-areas"}
    assert issue <= set(cr.shipped())


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_first_page_lists_what_is_shipped(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    listed = set(re.findall(r"\(specs/([a-z0-9-]+)/README\.md\)", text))
    assert listed == set(cr.shipped())
    assert all((ROOT / "specs" / name / "README.md").is_file() for name in listed)


@pytest.mark.parametrize("name", cr.shipped())
def test_a_shipped_scheme_is_clean(name: str) -> None:
    """Its worked cases are run on both engines, where both are there, and all tables of the two must be the same."""
    scheme, diagnostics = cr.check(name, engine="both" if find_spec("duckdb") else "python")
    assert diagnostics == ()
    assert scheme is not None
    assert scheme.name == name


@pytest.mark.parametrize("name", cr.shipped())
def test_every_option_of_every_reading_computes(name: str) -> None:
    scheme = cr.load(name, examples=False)
    waiting = {one.name for one in scheme.plan.withheld}
    for reading, body in scheme.document.readings.items():
        for option, changes in body.others.items():
            changed = scheme.overlay({f"readings.{reading}": option})
            # What waits for something unstated is not in the plan; the document says how it would be computed.
            waits = {path.partition(".")[2].partition(".")[0] for path in changes} <= waiting
            assert changed.plan != scheme.plan or (waits and _computed(changed) != _computed(scheme)), (reading, option)


def _computed(scheme: cr.Scheme) -> tuple[object, ...]:
    document = scheme.document
    return document.measures, document.consequences, document.checks


def test_every_sample_is_run() -> None:
    assert {path.parent.name for path in specs_folder().glob("*/sample")} == set(RUNS)


@pytest.mark.parametrize("name", sorted(RUNS))
def test_both_engines_agree_on_the_sample_data(name: str) -> None:
    reference, other = sample(name, "python"), sample(name, "duckdb")
    for table in reference.tables:
        assert list(reference.tables[table].rows()) == list(other.tables[table].rows()), table


@pytest.mark.parametrize("name", sorted(RUNS))
def test_written_files_are_equal_byte_by_byte(name: str, tmp_path: Path) -> None:
    for engine in ("python", "duckdb"):
        sample(name, engine).write(tmp_path / engine)  # type: ignore[arg-type]
    for path in (tmp_path / "python").iterdir():
        assert path.read_bytes() == (tmp_path / "duckdb" / path.name).read_bytes(), path.name


def test_the_rejects_of_the_demo_are_the_dirt_that_was_put_in() -> None:
    reasons = sorted(str(row["reasons"]) for row in sample("street-order", "python").rows("rejects"))
    assert reasons == [
        "area: excess_digits",
        "duplicate",
        "found_on: not_a_date",
        "media: not_a_flag",
        "street: unknown_target",
    ]


@pytest.mark.parametrize(("name", "weight"), [("shibei", "streets_weight"), ("three-in-one", "residents_weight")])
def test_a_bound_of_a_weight_is_held_whichever_weight_is_stated(name: str, weight: str) -> None:
    # No reading stands between: 0.6 is as good an answer as a half, and less than a half is none.
    scheme = cr.load(name, examples=False)
    for value in ("0.5", "0.6", "1"):
        scheme.overlay({f"parameters.{weight}.value": value})
    with pytest.raises(cr.SchemeError, match="CR941"):
        scheme.overlay({f"parameters.{weight}.value": "0.49"})
