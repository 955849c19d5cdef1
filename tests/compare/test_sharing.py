"""Plans run one after the other on the same rows come to what each comes to by itself, whatever was run before."""

from __future__ import annotations

import datetime as dt
import os
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import cityrules as cr
from cityrules.calendar.working import YearOfWork, listed
from cityrules.engines.base import Inputs, Outcome, Question, Runner, Sharing
from cityrules.engines.python.engine import PythonEngine
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.engine import DuckDBEngine
from cityrules.engines.sql.session import Session
from cityrules.io.listed import ListRows
from cityrules.io.rows import DataError, RawRow
from cityrules.loaded.assessment import Assessment
from cityrules.loaded.engines import EngineName
from cityrules.plan.build import build
from cityrules.plan.model import Plan
from cityrules.results.tables import SHAPES
from cityrules.scheme.load import Loaded
from cityrules.scheme.overlay import Change, under_written
from cityrules.testing.mutation.mutants import mutants
from cityrules.text.diagnostic import Report
from strategies.drawn import scheme_of
from strategies.inputs import Case, make_case

LONG = os.environ.get("CITYRULES_PROFILE") == "long"
SCHEMES = int(os.environ.get("CITYRULES_EXAMPLES", 400 if LONG else 12))
PARTS, VARIANTS, CELLS, FEW = 4, 3, 3, 2
ENGINES: dict[str, Sharing] = {"python": PythonEngine(), "duckdb": DuckDBEngine(threads=1)}


def variants(loaded: Loaded, rng: random.Random) -> Iterator[Plan]:
    """Plans of the document with one small error each, of which some change a number, some a policy, some what rows are
    used."""
    every = list(mutants(loaded.raw))
    found = 0
    while every and found < VARIANTS:
        path, value = every.pop(rng.randrange(len(every))).change
        report = Report()
        made = under_written(loaded, {path: Change(value)}, report)
        plan = build(made, report) if made is not None else None
        if plan is not None and not report.failed:
            found += 1
            yield plan


def asked(plan: Plan, case: Case) -> Question:
    """The question of a case, as far as a plan knows the measures of which values are given."""
    return replace(case.question, given={n: cells for n, cells in case.question.given.items() if n in plan.measures})


def shown(plan: Plan, question: Question, outcome: Outcome) -> list[str]:
    """All tables, each row with the types of its cells, and why some cells are what they are."""
    lines = [
        f"{name} {[(type(cell).__name__, str(cell)) for cell in row]}"
        for name in SHAPES
        for row in outcome.tables[name].rows()
    ]
    found = Assessment(plan, question.span, question.as_of, "python", outcome, "en")
    cells = [*found.rows("values")]
    for row in cells[:: max(1, len(cells) // CELLS)]:
        place = row["target"] if row["dimension"] is None else f"{row['target']} / {row['dimension']}"
        try:
            why = found.why(str(place), None if row["period"] is None else str(row["period"]), str(row["measure"]))
            lines.append(why.render("en"))
        except KeyError as nothing:  # A value was given for a target that there is not.
            lines.append(str(nothing))
    return lines


def one_after_the_other(runners: Sequence[Runner], plans: Sequence[Plan], case: Case) -> list[list[str]]:
    """What each plan comes to, by the runner in its place."""
    found = []
    for runner, plan in zip(runners, plans, strict=True):
        try:
            found.append(shown(plan, asked(plan, case), runner.assess(plan, asked(plan, case))))
        except (DataError, ValueError) as problem:
            found.append([repr(problem)])
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_what_was_run_before_changes_nothing(part: int) -> None:
    for seed in range(part, SCHEMES, PARTS):
        loaded = cr.loads(scheme_of(seed).text, examples=False).written
        plan = build(loaded, Report())
        assert plan is not None
        plans = [plan, *variants(loaded, random.Random(seed))]
        case = make_case(plan, seed)
        alone = one_after_the_other([ENGINES["python"].over(case.inputs) for _ in plans], plans, case)
        for name, engine in ENGINES.items():
            # The database takes its time; of each scheme it sees one order.
            for order in (1, -1) if name == "python" or LONG else (1 if seed % 2 else -1,):
                if name == "duckdb" and not LONG and seed >= FEW:
                    continue
                one = engine.over(case.inputs)
                found = one_after_the_other([one] * len(plans), plans[::order], case)
                assert found == alone[::order], f"scheme {seed}, {name}, order {order}"


class CountedRows(ListRows):
    """Rows that know how often they were read."""

    read = 0

    def rows(self) -> Iterator[RawRow]:
        self.read += 1
        return super().rows()


FINDING = {
    "finding_id": "1", "unit_id": "east", "found_on": "2025-01-03", "volume_m3": "9", "notices": "1",
    "notified_on": "2025-01-03", "cleared_on": "2025-01-20", "media": "1", "leader": "0",
}  # fmt: skip
CLEARED = cr.load(Path(__file__).parents[2] / "specs" / "gallery" / "cleared-in-time", examples=False)
PERIOD = Question(CLEARED.plan.periods.parse_span("2025"), dt.datetime(2026, 1, 1))

SQUADS = ListRows("squad", [{"name": "east", "bureau": "A"}, {"name": "west", "bureau": "B"}])
BUREAUS = ListRows("bureau", [{"name": "A"}, {"name": "B"}])
CITY = Inputs({"finding": [ListRows("finding", [FINDING])]}, {"squad": [SQUADS], "bureau": [BUREAUS]})


def computed(engine: str, changes: Mapping[str, object], given: Question = PERIOD) -> tuple[set[str], int]:
    """What is computed of the scheme under changes after the scheme as it is, and how often rows are read in all."""
    rows = CountedRows("finding", [FINDING])
    runner = ENGINES[engine].over(replace(CITY, records={"finding": [rows]}))
    stages: list[str] = []
    runner.assess(CLEARED.plan, PERIOD)
    outcome = runner.assess(CLEARED.overlay(changes).plan, given, lambda stage, _done, _all: stages.append(stage))
    assert [*outcome.tables["values"].rows()]
    return set(stages) - {"inputs", "tables"}, rows.read


@pytest.mark.parametrize("engine", ENGINES)
def test_what_a_changed_number_cannot_reach_is_taken_over(engine: str) -> None:
    behind = {"grade", "year_grade", "failing", "failing_months", "dismissal"}
    assert computed(engine, {"parameters.fail_line.value": 75}) == (behind, 1)
    assert computed(engine, {}) == (set(), 1)
    assert computed(engine, {"consequences.dismissal.do": "a talk"}) == ({"dismissal"}, 1)
    every = {one.name for one in CLEARED.plan.computed()}
    assert computed(engine, {"measures.score.rules.media.deduct": "0.25"}) == (every, 1)


@pytest.mark.parametrize("engine", ENGINES)
def test_other_rows_or_another_time_begin_anew(engine: str) -> None:
    every = {one.name for one in CLEARED.plan.computed()}
    assert computed(engine, {"records.finding.accepted_if": {"new": {"that": "notices < 5", "clause": 2}}}) == (
        every,
        2,
    )
    assert computed(engine, {"in_force.from": "2024-06-01"}) == (every, 2)
    assert computed(engine, {}, Question(CLEARED.plan.periods.parse_span("2025-01"), PERIOD.as_of)) == (every, 2)
    assert computed(engine, {}, Question(PERIOD.span, dt.datetime(2025, 6, 1))) == (every, 2)


@pytest.mark.parametrize("engine", ENGINES)
def test_what_reads_a_given_value_is_computed_anew(engine: str) -> None:
    given = replace(PERIOD, given={"year_score": {("A", 2025): 60}})
    assert computed(engine, {}, given) == ({"year_score", "year_grade", "place", "dismissal"}, 1)


def test_relations_of_an_outcome_go_with_it() -> None:
    runner = ENGINES["duckdb"].over(CITY)
    first = runner.assess(CLEARED.plan, PERIOD)
    session = runner._session  # type: ignore[attr-defined]  # Nobody else knows what the database holds.
    known = relations(session)
    for line in range(60, 65):
        outcome = runner.assess(CLEARED.overlay({"parameters.fail_line.value": line}).plan, PERIOD)
        assert [*outcome.tables["grades"].rows()]
        assert relations(session) - known
        del outcome
        session.table(sql.select({"one": sql.number(1)}), "later")  # What is idle goes with the next statement.
        assert {name for name in relations(session) - known if not name.startswith("later")} == set()
    assert [*first.tables["ledger"].rows()]


def relations(session: Session) -> set[str]:
    names = sql.select({"n": sql.column("table_name")}, sql.table("duckdb_tables"))
    return {str(name) for (name,) in session.rows(names)}


@pytest.mark.parametrize("engine", ENGINES)
def test_rows_about_some_names_are_those_among_all(engine: str) -> None:
    tables = ENGINES[engine].over(CITY).assess(CLEARED.plan, PERIOD).tables
    for name, column in (("values", "measure"), ("ledger", "measure"), ("consequences", "consequence")):
        place = tables[name].shape.names.index(column)
        for names in ({"year_score", "score", "dismissal"}, {"grade"}, set[str]()):
            assert [*tables[name].about(names)] == [row for row in tables[name].rows() if row[place] in names]
    assert len([*tables["values"].about({"grade", "score"})]) == 48


@pytest.mark.parametrize("engine", ENGINES)
def test_where_it_stands_in_the_text_is_no_part_of_a_scheme(engine: str) -> None:
    text = (Path(__file__).parents[2] / "specs" / "gallery" / "cleared-in-time" / "scheme.yaml").read_text("utf-8")
    moved = cr.loads(text.replace("parameters:", "# a note\n\nparameters:", 1), examples=False)
    rows = CountedRows("finding", [FINDING])
    runner = ENGINES[engine].over(replace(CITY, records={"finding": [rows]}))
    stages: list[str] = []
    first = runner.assess(CLEARED.plan, PERIOD)
    again = runner.assess(moved.plan, PERIOD, lambda stage, _done, _all: stages.append(stage))
    assert (set(stages) - {"inputs", "tables"}, rows.read) == (set(), 1)
    assert [*again.tables["ledger"].rows()] == [*first.tables["ledger"].rows()]


def test_calendars_of_the_same_days_are_equal() -> None:
    year = YearOfWork(off=frozenset({dt.date(2024, 1, 1)}))
    assert listed({2024: year}) == listed({2024: year})
    assert hash(listed({2024: year})) == hash(listed({2024: year}))
    assert listed({2024: year}) != listed({2024: YearOfWork()})
    assert listed({2024: year}) != listed({2024: year, 2025: YearOfWork()})


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_a_study_of_a_parquet_file_says_what_an_assessment_says(tmp_path: Path, engine: EngineName) -> None:
    rows = [FINDING, {**FINDING, "finding_id": "2", "volume_m3": "x"}, {**FINDING, "finding_id": "3", "leader": None}]
    columns = {name: [row[name] for row in rows] for name in FINDING}
    path = tmp_path / "findings.parquet"
    pq.write_table(pa.table(columns), path)
    targets = {"squad": SQUADS, "bureau": BUREAUS}
    study = CLEARED.study({"finding": path}, targets=targets, period="2025", engine=engine)
    alone = CLEARED.assess({"finding": path}, targets=targets, period="2025", engine=engine)
    expected = {name: [*alone.tables[name].rows()] for name in ("values", "ledger", "rejects")}
    assert len(expected["rejects"]) == 2
    path.unlink()  # It was read once.
    every: list[dict[str, str]] = [{}, {"in_force.from": "2024-06-01"}]
    for changes in every:
        found = study.basis.run(CLEARED.overlay(changes).plan)
        assert {name: [*found.tables[name].rows()] for name in expected} == expected


def test_a_damaged_parquet_file_is_told_by_the_study(tmp_path: Path) -> None:
    path = tmp_path / "findings.parquet"
    pq.write_table(pa.table({name: [text] * 1000 for name, text in FINDING.items()}), path, compression="gzip")
    data = bytearray(path.read_bytes())
    data[20:200] = b"\0" * 180
    path.write_bytes(data)
    with pytest.raises(DataError, match="CR531"):
        CLEARED.study({"finding": path}, period="2025")
