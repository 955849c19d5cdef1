"""Inputs of the set-based engine: files that the database reads itself, dirt, facts, and what it must never reach."""

from __future__ import annotations

import builtins
import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityrules.calendar.periods import BUILT_IN
from cityrules.engines.base import Inputs, Outcome, Question
from cityrules.engines.python.engine import PythonEngine
from cityrules.engines.sql.engine import DuckDBEngine, MissingExtraError
from cityrules.engines.sql.parquet import load_typed
from cityrules.engines.sql.session import Session
from cityrules.io.arrow import ArrowRows
from cityrules.io.csv import CsvRows
from cityrules.io.listed import ListRows
from cityrules.io.parquet import ParquetRows
from cityrules.io.rows import DataError, Rows
from engines.agreement import BothEngines, differences
from engines.handmade import CITY, TARGETS, assess, finding, plan_of

BODY = """
targets: {squad: {members: [a1, a2, "7"]}}
records:
  finding:
    dated: held
    key: [no]
    fields: {no: FIRST, squad: squad, held: HELD, n: optional count, points: "number(2) [-5, 1000]", bad: optional flag, size: "optional one of 1, 大", note: optional text}
measures:
  score: {for: squad each month, from: 100, rules: {r: {each: finding, via: squad, deduct: points, when: bad = true, missing: no}}}
  many: {for: finding, formula: "default(n, 0) + 1"}
"""  # noqa: E501
QUESTION = Question(BUILT_IN.parse_span("2015-01..2015-03"), dt.datetime(2015, 3, 20, 10))


def both(rows: Rows, first: str = "text", held: str = "date") -> Outcome:
    plan = plan_of(BODY.replace("FIRST", first).replace("HELD", held))
    return BothEngines().assess(plan, Inputs({"finding": [rows]}), QUESTION)


def table(**columns: pa.Array) -> pa.Table:
    """A table of six rows with all columns, some in other types."""
    days = [
        dt.date(2015, 1, 5),
        dt.date(2015, 3, 20),
        dt.date(2015, 3, 21),
        dt.date(2014, 1, 1),
        None,
        dt.date(1, 1, 1),
    ]
    usual = {
        "no": pa.array(["1", "2", "", "4", "5", "6"]),
        "squad": pa.array(["a1", "a2", "a1", "zz", None, "7"]),
        "held": pa.array(days),
        "n": pa.array([0, None, -1, 10**15, 7, 999_999_999_999_999], pa.int64()),
        "points": pa.array(
            [Decimal(x) for x in ("1.50", "-5.00", "-5.01", "1000.00", "1000.01", "0.10")], pa.decimal128(9, 2)
        ),
        "bad": pa.array([True, False, None, True, True, True]),
        "size": pa.array(["1", "大", "2", None, "", "大 "]),
        "note": pa.array(["x", "a\x00b", "", None, "\n", "é"]),
    }
    return pa.table({**usual, **columns})


def moments(unit: str, *fractions: int) -> pa.Array:
    base = [dt.datetime(2015, 1, 5, 10, 30), dt.datetime(2015, 3, 20, 10), dt.datetime(2015, 3, 20, 10, 0, 1)]
    base += [dt.datetime(1900, 1, 1, 23, 59, 59), dt.datetime(9999, 12, 31, 23, 59, 59), dt.datetime(2015, 2, 1)]
    plus = [*fractions, *[0] * (6 - len(fractions))]
    return pa.array([b.replace(microsecond=p) for b, p in zip(base, plus, strict=True)], pa.timestamp(unit))


CASES: dict[str, tuple[pa.Table, str, str]] = {
    "as usual": (table(), "text", "date"),
    "whole numbers as keys": (table(no=pa.array([1, 2, 3, 4, 5, 6], pa.int32())), "count", "date"),
    "whole numbers that do not rise": (table(no=pa.array([1, 2, 2, 4, 4, 4], pa.int64())), "count", "date"),
    "nothing between equal numbers": (table(no=pa.array([1, None, 1, 4, None, 4], pa.int64())), "count", "date"),
    "whole numbers as texts": (
        table(no=pa.array([1, 2, 3, 4, 5, 6]), note=pa.array(range(6)), size=pa.array([1] * 6)),
        "text",
        "date",
    ),
    "whole numbers as targets": (table(squad=pa.array([7, 7, 8, 7, 7, 7], pa.uint8())), "text", "date"),
    "whole numbers as points": (table(points=pa.array([1, -5, -6, 1000, 1001, None])), "text", "date"),
    "decimals as counts": (
        table(n=pa.array([Decimal(x) for x in ("1.0", "1.5", "-1.0", "0.0", "7.0", "2.0")])),
        "text",
        "date",
    ),
    "wider decimals": (
        table(
            points=pa.array(
                [Decimal(x) for x in ("1.500", "1.505", "-5.001", "9.990", "1000.000", "0.009")], pa.decimal128(18, 3)
            )
        ),
        "text",
        "date",
    ),
    "long decimals": (table(points=pa.array([Decimal("1.5")] * 6, pa.decimal128(38, 9))), "text", "date"),
    "floats": (table(points=pa.array([0.1, 0.1 + 0.2, 1e300, -5.0, float("nan"), None])), "text", "date"),
    "dictionaries": (table(squad=pa.array(["a1", "a2", "a1", "zz", None, "7"]).dictionary_encode()), "text", "date"),
    "moments": (table(held=moments("us")), "text", "datetime"),
    "moments in seconds": (table(held=moments("s")), "text", "datetime"),
    "moments with fractions": (table(held=moments("us", 0, 1)), "text", "datetime"),
    "moments as dates": (table(held=moments("ms")), "text", "date"),
    "dates as moments": (table(), "text", "datetime"),
    "dates before the calendar": (
        table(held=pa.array([-800_000, 16440, 16440, 16440, 16440, 16440], pa.int32()).cast(pa.date32())),
        "text",
        "date",
    ),
    "flags as texts": (table(note=pa.array([True, False, None, True, True, False])), "text", "date"),
    "texts as flags": (table(bad=pa.array(["true", "True", "tRUE", "", None, "FALSE"])), "text", "date"),
    "nothing at all": (table(n=pa.nulls(6), note=pa.nulls(6)), "text", "date"),
    "no rows": (table().slice(0, 0), "text", "date"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_typed_table_means_what_its_texts_mean(case: str, tmp_path: Path) -> None:
    columns, first, held = CASES[case]
    pq.write_table(columns, tmp_path / "f.parquet")
    found = both(ParquetRows(tmp_path / "f.parquet"), first, held)
    assert not differences(found, both(ArrowRows(columns, str(tmp_path / "f.parquet")), first, held))
    assert case == "no rows" or list(found.tables["rejects"].rows())


@pytest.mark.parametrize("name", ["with space.parquet", "it's.parquet", "[a]*.parquet", "{x,y}?.parquet", "中.parquet"])
def test_no_name_of_a_file_is_a_pattern_or_a_statement(name: str, tmp_path: Path) -> None:
    pq.write_table(table(), tmp_path / name)
    both(ParquetRows(tmp_path / name))


def test_a_file_of_plain_types_is_read_by_the_database(tmp_path: Path) -> None:
    pq.write_table(table(), tmp_path / "f.parquet")
    names = ["no", "squad", "held", "n", "points", "bad", "size", "note"]
    assert load_typed(Session(), names, [ParquetRows(tmp_path / "f.parquet")]) is not None
    pq.write_table(table(points=pa.array([0.5] * 6)), tmp_path / "g.parquet")
    assert load_typed(Session(), names, [ParquetRows(tmp_path / "g.parquet")]) is None


def test_a_text_that_is_not_valid_is_left_to_the_reader(tmp_path: Path) -> None:
    invalid = pa.Array.from_buffers(pa.string(), 6, pa.array([b"a", b"\xff", b"", b"b", b"c", b"d"]).buffers())
    pq.write_table(table(note=invalid), tmp_path / "f.parquet")
    found = both(ParquetRows(tmp_path / "f.parquet"))
    assert "encoding" in {row[4] for row in found.tables["rejects"].rows()}


TEXTS = st.text(max_size=5) | st.sampled_from(["1", "1.5", "0.10", "true", "2015-01-05", "a1", "a2", "7", "1", "大"])


@given(rows=st.lists(st.fixed_dictionaries(dict.fromkeys(table().column_names, st.none() | TEXTS)), max_size=8))
@settings(deadline=None)
def test_any_text_at_all(rows: list[dict[str, str | None]]) -> None:
    whole = [{"no": "1", "squad": "a1", "held": "2015-01-05", "points": "1"}, *rows]
    both(ListRows("f", whole))


def test_the_same_rows_from_every_kind_of_source(tmp_path: Path) -> None:
    rows = [finding(i, ("a1", "a2", "b1")[i % 3], f"2015-01-{i % 28 + 1:02d}", f"{i % 7}.5") for i in range(300)]
    measures = "measures:\n  score: {for: squad each month, sum: points, over: finding, via: squad}\n"
    plan = plan_of(f"{CITY}\n{measures}")
    columns = list(rows[0])
    (tmp_path / "f.csv").write_text(
        "\n".join(",".join(str(row[c]) for c in columns) for row in [dict(zip(columns, columns, strict=True)), *rows])
    )
    typed = [
        {**row, "held": dt.date.fromisoformat(str(row["held"])), "points": Decimal(str(row["points"]))} for row in rows
    ]
    pq.write_table(pa.Table.from_pylist(typed), tmp_path / "f.parquet")

    def values(rows: Rows) -> list[tuple[Any, ...]]:
        missing = [{**row, "n": None, "bad": None, "helper": None} for row in rows_of(rows)]
        targets = {kind: [ListRows(kind, items)] for kind, items in TARGETS.items()}
        found = BothEngines().assess(plan, Inputs({"finding": [ListRows("f", missing)]}, targets), QUESTION)
        return list(found.tables["values"].rows())

    sources: list[Rows] = [ListRows("f", rows), CsvRows(tmp_path / "f.csv"), ParquetRows(tmp_path / "f.parquet")]
    assert len({json.dumps([list(map(str, row)) for row in values(source)]) for source in sources}) == 1


def rows_of(rows: Rows) -> list[dict[str, str | None]]:
    return [dict(zip(rows.columns, row.texts, strict=True)) for row in rows.rows()]


def test_a_missing_column_is_told_as_by_the_reference() -> None:
    plan = plan_of(CITY)
    inputs = Inputs({"finding": [CsvLike()]})
    with pytest.raises(DataError) as one:
        PythonEngine().assess(plan, inputs, QUESTION)
    with pytest.raises(DataError) as other:
        DuckDBEngine().assess(plan, inputs, QUESTION)
    assert one.value.diagnostics == other.value.diagnostics


class CsvLike(ListRows):
    """A file without most columns."""

    optional_columns = False

    def __init__(self) -> None:
        super().__init__("f.csv", [{"no": "1", "squd": "a1"}])


def test_facts_are_those_of_the_reference() -> None:
    plan = plan_of(CITY)
    rows = [finding(1, "a1", "2015-01-02", "1.25", bad="true"), finding("x / y", "a2", "2015-01-03", n="4")]
    targets = {kind: [ListRows(kind, items)] for kind, items in TARGETS.items()}
    rating = [{"bureau": "A", "period": "2015-01", "stars": "4.5"}]
    inputs = Inputs({"finding": [ListRows("f", rows)], "rating": [ListRows("r", rating)]}, targets)
    one, other = (engine.assess(plan, inputs, QUESTION).facts for engine in (PythonEngine(), DuckDBEngine()))
    keys = [("finding", "1"), ("finding", "x / y"), ("finding", "2"), ("rating", "A 2015-01"), ("nothing", "1")]
    for kind, key in keys:
        assert one.record(kind, key) == other.record(kind, key)
    for kind, name in [("squad", "a1"), ("bureau", "A"), ("bureau", "Z"), ("nothing", "A")]:
        assert one.target(kind, name) == other.target(kind, name)


QUOTES = """
targets: {squad: {members: ["it's", 'say "hi"', "a1'); DROP TABLE x; --", "back\\\\slash", "$1 ? %s {x}"]}}
records:
  finding: {dated: held, key: [no], fields: {no: text, squad: squad, held: date, size: "one of o'k, \\\\, x;y"}}
measures:
  band: {for: finding, bands: month.number, at_least: {2: "o'k"}, otherwise: "'; SELECT 1; --"}
  many: {for: squad each month, count: finding, via: squad, where: 'band = "o''k" or squad = "it''s"'}
"""


def test_no_text_of_a_document_or_a_record_is_a_statement() -> None:
    names = ["it's", 'say "hi"', "a1'); DROP TABLE x; --", "back\\slash", "$1 ? %s {x}"]
    rows = [
        {"no": name, "squad": name, "held": f"2015-0{place % 3 + 1}-02", "size": ("o'k", "\\", "x;y")[place % 3]}
        for place, name in enumerate(names)
    ]
    plan = plan_of(QUOTES)
    found = assess(plan, finding=rows, engine=BothEngines())
    assert not found.tables["rejects"]
    assert set(found.values("band").values()) == {"o'k", "'; SELECT 1; --"}


def test_the_database_reaches_nothing_outside(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    session = Session()
    session.lock([])
    for statement in (
        f"SELECT * FROM read_csv('{tmp_path}/secret.csv')",
        f"COPY (SELECT 1) TO '{tmp_path}/out.csv'",
        f"ATTACH '{tmp_path}/other.db'",
        "SET enable_external_access = true",
        "INSTALL httpfs",
    ):
        with pytest.raises(duckdb.Error):
            session._connection.execute(statement)
    assert not (tmp_path / "out.csv").exists()


def test_without_the_packages_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: Any) -> Any:
        if name == "sqlglot":
            raise ImportError(name, name=name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(MissingExtraError, match=r"needs the package sqlglot: install cityrules\[sql\]"):
        DuckDBEngine().assess(plan_of(CITY), Inputs(), QUESTION)


def test_tables_can_be_read_again_and_in_any_order() -> None:
    rows = [finding(i, "a1", "2015-01-02") for i in range(5)]
    plan = plan_of(f"{CITY}\nmeasures:\n  many: {{for: squad each month, count: finding, via: squad}}\n")
    targets = {kind: [ListRows(kind, items)] for kind, items in TARGETS.items()}
    stages: list[tuple[str, int, int]] = []
    outcome = DuckDBEngine().assess(
        plan, Inputs({"finding": [ListRows("f", rows)]}, targets), QUESTION, lambda *stage: stages.append(stage)
    )
    values = outcome.tables["values"].rows()
    first = next(values)
    assert list(outcome.tables["rejects"].rows()) == []
    assert [first, *values] == list(outcome.tables["values"].rows())
    assert not differences(outcome, outcome)
    assert [stage for stage, _, _ in stages] == ["inputs", "many", "tables"]
