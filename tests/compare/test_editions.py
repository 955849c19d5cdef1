"""Editions by date: each judges its own time, and what spans two of them is as stated."""

from __future__ import annotations

import datetime as dt
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import cityrules as cr
from cityrules.calendar.periods import Span
from cityrules.engines.base import Question
from cityrules.loaded import engine_of
from cityrules.scheme.convert import convert
from cityrules.scheme.document import Document
from cityrules.scheme.editions import EditionsDocument
from cityrules.scheme.schema import text
from cityrules.testing.drawing.inputs import Drawer
from cityrules.testing.random_schemes.scheme import make_scheme
from cityrules.text.diagnostic import Report
from cityrules.text.source import Source
from compare.splitting import cannot_go_on, differing, judged, split

ENGINES = ("python", "duckdb")
FEW = settings(max_examples=5, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])

OLD = """
cityrules: 1
scheme: streets-2021
title: Streets
in_force: {from: 2021-01-01}
targets: {street: {members: registered}}
records:
  finding: {dated: found_on, key: [no], fields: {no: text, street: street, found_on: date, points: 'number(1) [0, 10]'}}
  praise: {dated: given_on, key: [no], fields: {no: text, street: street, given_on: date}}
measures:
  lost: {for: street each month, sum: points, over: finding}
  praised: {for: street each month, count: praise}
  score: {for: street each month, formula: '100 - min(lost, 100)'}
  failing: {for: street each month, run: score < 95, new_year: continues}
  fund:
    for: street each month
    from: carried
    floor: 0
    clause: '4'
    rules: {earned: {when: score >= 95, add: 1}, spent: {when: score < 95, deduct: 2}}
  year_score: {for: street each year, mean: score, over: month, round: half up to 2, empty: null}
consequences:
  talk:
    for: street each month
    clause: '5'
    ladder: failing
    together: highest
    restarts: no
    steps: {talk: {reaches: 2, do: Talk, kind: talk}}
"""
NEW = """
cityrules: 1
scheme: streets-2024
title: Streets
in_force: {from: 2024-07-01}
based_on: old.yaml
changes:
  records.praise: null
  measures.praised: null
  measures.score.formula: '100 - 2 * min(lost, 50)'
  records.complaint: {dated: made_on, key: [no], fields: {no: text, street: street, made_on: date}}
  measures.complaints: {for: street each month, count: complaint}
"""
EDITIONS = """
cityrules-editions: 1
scheme: streets
title: Streets by date
editions:
  old: {is: old.yaml}
  new: {is: new.yaml, periods: {year: YEAR}, before: {failing: FAILING, fund: FUND}}
"""
WORDS = {"year": "later", "failing": "continues", "fund": "continues"}
STREETS = [{"name": "E"}]


def finding(no: int, day: str, points: int) -> dict[str, Any]:
    return {"no": str(no), "street": "E", "found_on": day, "points": points}


FINDINGS = [finding(1, "2024-05-10", 6), finding(2, "2024-06-10", 6), finding(3, "2024-07-10", 4)]


def editions(
    folder: Path, year: str = "later", failing: str = "continues", fund: str = "continues", **texts: str
) -> Any:
    folder.mkdir(exist_ok=True)
    (folder / "old.yaml").write_text(texts.get("old", OLD), "utf-8")
    (folder / "new.yaml").write_text(texts.get("new", NEW), "utf-8")
    text = texts.get("text", EDITIONS).replace("YEAR", year).replace("FAILING", failing).replace("FUND", fund)
    (folder / "editions.yaml").write_text(text, "utf-8")
    return cr.load_editions(folder / "editions.yaml")


def assessed(found: Any, **more: Any) -> Any:
    asked: dict[str, Any] = {"targets": {"street": STREETS}, "period": "2024", **more}
    return found.assess({"finding": FINDINGS, **asked.pop("records", {})}, **asked)


# ------------------------------------------------------------------------------------------ alike on either side


@FEW
@given(seed=st.integers(0, 10**6), part=st.floats(0, 1), other=st.floats(0, 1), later=st.booleans())
def test_editions_that_are_alike_are_one_scheme(seed: int, part: float, other: float, later: bool) -> None:
    """The strongest we know: at whatever borders, cut periods judged by either, every row comes out the same."""
    plan = make_scheme(seed, most=4).plan
    drawn = Drawer(plan, seed).draw(6)
    days = (drawn.span.last_day - drawn.span.start).days
    borders = sorted({drawn.span.start + dt.timedelta(1 + int(days * at)) for at in (part, other)})
    found = split(plan, borders, later)
    assume(not cannot_go_on(found))
    outcome = engine_of("python").assess(plan, drawn.inputs, drawn.question(plan))
    assert [*differing(outcome, judged(found, drawn, "python"))] == []


@pytest.mark.parametrize(
    ("name", "later", "engine"),
    [
        ("illegal-construction", True, "python"),
        ("illegal-construction", False, "duckdb"),
        ("jingzhou", True, "duckdb"),
        ("shibei", False, "python"),
        ("street-order", True, "python"),
        ("village-upkeep", False, "python"),
    ],
)
def test_shipped_schemes_split_in_two_are_as_before(name: str, later: bool, engine: str) -> None:
    plan = cr.load(name, examples=False).plan
    drawn = Drawer(plan, 7).draw(8)
    border = drawn.span.start + (drawn.span.last_day - drawn.span.start) * 2 // 3
    found = split(plan, [border], later)
    assert not cannot_go_on(found)
    outcome = engine_of(engine).assess(plan, drawn.inputs, drawn.question(plan))
    assert [*differing(outcome, judged(found, drawn, engine))] == []


@pytest.mark.parametrize("name", ["case-handling", "street-order", "illegal-construction"])
def test_what_restarts_is_what_runs_of_their_own_give(name: str) -> None:
    """Where no period is cut and nothing is gone on from, each edition gives what it gives alone over its time."""
    plan = replace(cr.load(name, examples=False).plan, in_force_from=None, in_force_until=None)
    border = dt.date(2015, 1, 1)
    span = Span(dt.date(2014, 7, 1), dt.date(2015, 6, 30))
    drawn = Drawer(plan, 5, span).draw(8)
    found = split(plan, [border], later=True, goes_on=False)
    assert found[1].later == {}
    outcomes = judged(found, drawn, "python")
    as_of = drawn.question(plan).as_of
    first = replace(plan, in_force_until=border)
    engine = engine_of("python")
    alone = [
        engine.assess(first, drawn.inputs, Question(Span(span.start, border - dt.timedelta(1)), as_of)),
        engine.assess(plan, drawn.inputs, Question(Span(border, span.last_day), as_of)),
    ]
    for table in ("values", "ledger", "grades", "ranks", "consequences", "inputs"):
        told = sorted(repr(row) for one in alone for row in one.tables[table].rows())
        assert sorted(repr(row[:-1]) for row in outcomes.tables[table].rows()) == told, table


# ------------------------------------------------------------------------------------------------- what is stated


def test_each_edition_judges_its_own_months(tmp_path: Path) -> None:
    found = assessed(editions(tmp_path))
    assert (found.value("score", "E", "2024-06"), found.value("score", "E", "2024-07")) == ("94.0", "92.0")
    by = {row["period"]: row["edition"] for row in found.rows("values") if row["measure"] == "score"}
    assert (by["2024-06"], by["2024-07"]) == ("old", "new")
    assert [tuple(row.values()) for row in found.rows("editions")] == [
        ("old", "streets-2021", dt.date(2021, 1, 1), dt.date(2024, 7, 1)),
        ("new", "streets-2024", dt.date(2024, 7, 1), None),
    ]


def test_runs_and_accounts_go_on_or_begin_anew(tmp_path: Path) -> None:
    on = assessed(editions(tmp_path / "on"))
    assert [on.value("failing", "E", f"2024-0{month}") for month in (5, 6, 7, 8)] == ["1", "2", "3", "0"]
    assert on.value("fund", "E", "2024-08") == "1"
    anew = assessed(editions(tmp_path / "anew", failing="restarts", fund="restarts"))
    assert [anew.value("failing", "E", f"2024-0{month}") for month in (5, 6, 7, 8)] == ["1", "2", "1", "0"]
    assert anew.value("fund", "E", "2024-12") == "5"


def test_a_ladder_that_was_climbed_before_is_not_climbed_again(tmp_path: Path) -> None:
    told = [row["period"] for row in assessed(editions(tmp_path)).rows("consequences")]
    assert told == ["2024-06"]


@pytest.mark.parametrize(("year", "by"), [("later", "new"), ("earlier", "old")])
def test_a_year_that_is_cut_is_of_its_months_as_they_were_judged(tmp_path: Path, year: str, by: str) -> None:
    found = assessed(editions(tmp_path, year=year))
    # (9 * 100 + 94 + 94 + 92) / 12
    assert found.value("year_score", "E", "2024") == "98.33"
    assert [row["edition"] for row in found.rows("values") if row["period"] == "2024"] == [by]


def test_what_restarts_is_no_part_of_the_year(tmp_path: Path) -> None:
    text = EDITIONS.replace("fund: FUND", "fund: FUND, score: restarts")
    found = assessed(editions(tmp_path, text=text))
    assert found.value("year_score", "E", "2024") == "98.67"  # (92 + 5 * 100) / 6


def test_what_could_not_be_determined_before_makes_the_year_undetermined(tmp_path: Path) -> None:
    old = OLD.replace("formula: '100 - min(lost, 100)'", "formula: 'if lost > 5 then null else 100', missing: error")
    new = NEW.replace("changes:", "changes:\n  measures.score.missing: null")
    found = assessed(editions(tmp_path, old=old, new=new))
    assert found.value("year_score", "E", "2024") is None
    causes = {(row["name"], row["period"]): (row["cause"], row["edition"]) for row in found.rows("problems")}
    assert causes["score", "2024-05"] == ("missing", "old")
    assert causes["year_score", "2024"] == ("depends", "new")


def test_a_measure_of_another_name_goes_on(tmp_path: Path) -> None:
    old = OLD.replace("failing", "bad")
    new = NEW.replace("changes:", "changes:\n  measures.bad: null\n"
                      "  measures.failing: {for: street each month, run: score < 95, new_year: continues}\n"
                      "  consequences.talk.ladder: failing")  # fmt: skip
    text = EDITIONS.replace("before:", "renamed: {failing: bad}, before:")
    found = assessed(editions(tmp_path, old=old, new=new, text=text))
    assert (found.value("bad", "E", "2024-06"), found.value("failing", "E", "2024-07")) == ("2", "3")


def test_an_assessment_by_editions_is_gone_on_from(tmp_path: Path) -> None:
    found = editions(tmp_path)
    first = assessed(found, period="2024-01..2024-06")
    second = assessed(found, period="2024-07..2024-12", opening=first)
    whole = assessed(found)
    for measure in ("failing", "fund"):
        assert second.value(measure, "E", "2024-07") == whole.value(measure, "E", "2024-07")
    anew = editions(tmp_path / "anew", failing="restarts", fund="restarts")
    assert assessed(anew, period="2024-07..2024-12", opening=first).value("failing", "E", "2024-07") == "1"


# ------------------------------------------------------------------------------------------------------- the rows


def test_a_record_of_a_time_without_its_kind_is_a_reject(tmp_path: Path) -> None:
    praise = [{"no": "1", "street": "E", "given_on": day} for day in ("2024-06-30", "2024-07-01")]
    praise[1]["no"] = "2"
    complaints = [{"no": str(at), "street": "E", "made_on": day} for at, day in enumerate(("2024-06-30", "2024-07-01"))]
    found = assessed(editions(tmp_path), records={"praise": praise, "complaint": complaints})
    told = [(row["kind"], row["key"], row["reasons"], row["edition"]) for row in found.rows("rejects")]
    assert sorted(told) == [
        ("complaint", "0", "made_on: outside_period", "old"),
        ("praise", "2", "given_on: outside_period", "new"),
    ]
    assert json.loads(next(found.rows("rejects"))["values"]).keys() >= {"no", "street"}
    assert (found.value("praised", "E", "2024-06"), found.value("complaints", "E", "2024-07")) == ("1", "1")


def test_a_row_is_refused_by_the_edition_of_its_day_and_told_once(tmp_path: Path) -> None:
    new = NEW.replace("changes:", "changes:\n  records.finding.fields.points: 'number(1) [0, 5]'")
    found = assessed(editions(tmp_path, new=new), records={"finding": [*FINDINGS, finding(9, "2024-08-01", 6)]})
    assert [(row["key"], row["edition"]) for row in found.rows("rejects")] == [("9", "new")]
    both = assessed(editions(tmp_path), records={"finding": [{**finding(1, "soon", 1)}]})
    assert [row["reasons"] for row in both.rows("rejects")] == ["found_on: not_a_date"]


def test_a_file_of_the_time_of_an_edition_need_not_have_the_columns_of_another(tmp_path: Path) -> None:
    new = NEW.replace("changes:", "changes:\n  records.finding.fields.spot: text")
    found = editions(tmp_path, new=new)
    (tmp_path / "before.csv").write_text("no,street,found_on,points\n1,E,2024-05-10,6\n", "utf-8")
    (tmp_path / "after.csv").write_text("no,street,found_on,points,spot\n2,E,2024-07-10,4,x\n", "utf-8")
    files = [tmp_path / "before.csv", tmp_path / "after.csv"]
    result = found.assess({"finding": files}, targets={"street": STREETS}, period="2024")
    assert [*result.rows("rejects")] == []
    assert (result.value("score", "E", "2024-05"), result.value("score", "E", "2024-07")) == ("94.0", "92.0")
    (tmp_path / "slip.csv").write_text("no,street,found_on,pionts,spot\n2,E,2024-07-10,4,x\n", "utf-8")
    with pytest.raises(cr.DataError, match="CR512"):
        found.assess({"finding": tmp_path / "slip.csv"}, targets={"street": STREETS}, period="2024")


# ---------------------------------------------------------------------------------------------------- explanation


def test_why_names_the_edition_and_lets_each_explain_its_own(tmp_path: Path) -> None:
    found = assessed(editions(tmp_path))
    tree = found.why("E", "2024-07", "failing")
    assert (tree.kind, tree.values["edition"]) == ("edition", "new")
    text = tree.render("en")
    assert text.index("by the edition new") < text.index("2024-07: holds") < text.index("by the edition old")
    assert "2024-06: holds, count 2" in text
    assert found.why("E", "2024-05", "score").values["edition"] == "old"
    assert "依据版本：new" in found.why("E", "2024-12", "score").render("zh")


@pytest.mark.parametrize("engine", ENGINES)
def test_both_engines_judge_alike(tmp_path: Path, engine: Any) -> None:
    told = [
        [*assessed(editions(tmp_path / which), engine=which).rows(table)]
        for which in ("python", engine)
        for table in ("values", "ledger", "consequences", "rejects", "problems")
    ]
    assert told[:5] == told[5:]


def test_editions_in_chinese_keywords(tmp_path: Path) -> None:
    text = """
版本沿革: 1
办法: streets
标题: 街道考核
各版本:
  旧: {文件: old.yaml}
  新: {文件: new.yaml, 周期: {年: 后者}, 此前: {failing: 连续计算, fund: 重新起算}}
"""
    found = editions(tmp_path, text=text)
    assert found.language == "zh"
    assert assessed(found).value("failing", "E", "2024-07") == "3"
    (tmp_path / "editions.yaml").write_text(text.replace("年: 后者", "年: 后面"), "utf-8")
    with pytest.raises(cr.SchemeError) as raised:
        cr.load_editions(tmp_path / "editions.yaml")
    assert "后者" in str(raised.value)


# --------------------------------------------------------------------------------------------- the command line


def test_commands_take_editions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typer = pytest.importorskip("typer.testing")
    from cityrules.cli.app import app

    editions(tmp_path)
    (tmp_path / "f.csv").write_text("no,street,found_on,points\n1,E,2024-06-10,6\n2,E,2024-07-10,4\n", "utf-8")
    (tmp_path / "s.csv").write_text("name\nE\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    given = ["editions.yaml", "--period", "2024", "--records", "finding=f.csv", "--targets", "street=s.csv"]

    def call(*arguments: str) -> Any:
        return typer.CliRunner().invoke(app, [*arguments, "--lang", "en"])

    assert call("check", "editions.yaml").exit_code == 0
    assert call("score", *given, "--out", "out").exit_code == 0
    assert (tmp_path / "out" / "editions.csv").read_text("utf-8").count("\n") == 3
    why = call("why", *given, "--target", "E", "--at", "2024-07", "--measure", "failing").stdout
    assert why.startswith("by the edition new\n")
    assert call("why", *given, "--record", "finding=1").stdout.startswith("by the edition old\n")
    refused = call("score", *given, "--under", "measures.score.formula=1")
    assert refused.exit_code == 2
    assert "CR1158" in refused.stderr
    schema = call("schema", "--editions").stdout
    assert json.loads(schema)["title"] == "cityrules editions, version 1"


@pytest.mark.parametrize(("language", "name"), [("en", "cityrules-editions-1"), ("zh", "cityrules-editions-1.zh")])
def test_the_schema_for_editors_is_fresh(language: Any, name: str, project: Path) -> None:
    made = text(language, EditionsDocument, "editions")
    path = project / "docs" / "schema" / f"{name}.schema.json"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(made, "utf-8", newline="\n")
    assert path.read_text("utf-8") == made


def test_keywords_are_converted_there_and_back() -> None:
    report = Report()
    chinese = convert(Source("e.yaml", EDITIONS.replace("YEAR", "later")), "zh", report, (Document, EditionsDocument))
    assert chinese is not None
    assert "周期: {年: 后者}" in chinese
    assert "各版本:" in chinese
    english = convert(Source("e.yaml", chinese), "en", report, (Document, EditionsDocument))
    assert english == EDITIONS.replace("YEAR", "later")
    assert not report.failed
