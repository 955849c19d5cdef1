"""What explanations say of roundings, of hidden lines and of the records of a fold: found wrong or missing once."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from cityrules.loaded import Assessment, EngineName, Scheme, loads
from cityrules.results.explanation import Explanation, line
from cityrules.results.why_text import render

DOCUMENT = """
cityrules: 1
scheme: lines
title: lines
in_force: {from: 2024-01-01}
rounding: half up to 2
targets:
  squad: {members: registered}
records:
  finding:
    dated: found_on
    key: [no]
    fields: {no: text, squad: squad, found_on: date, size: optional number(1), serious: flag}
measures:
  graver: {for: finding, applies: size != null, formula: 'default(size, 0) > 3', clause: 1}
  weight: {for: finding, formula: size, missing: error, clause: 1}
  score:
    for: squad each month
    clause: 2
    from: 100
    rules:
      found: {each: finding, deduct: 0.2, clause: 2.1}
      serious: {each: finding, when: serious, deduct: 1, clause: 2.2}
    floor: 0
    round: half up to 2
  stated: {for: squad each year, mean: score, over: month, empty: null, round: half up to 2, clause: 3}
  general: {for: squad each year, mean: score, over: month, empty: null, clause: 3}
  number: {for: squad each month, count: finding, where: serious, clause: 4}
  of_two: {for: squad each month, count: finding, window: last 2 months, clause: 4}
  grave: {for: squad each month, portion: graver, over: finding, empty: null, clause: 4}
  heaviest: {for: squad each month, max: weight, over: finding, empty: null, clause: 4}
"""


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return loads(DOCUMENT)


@pytest.fixture(scope="module", params=["python", "duckdb"])
def assessment(scheme: Scheme, request: pytest.FixtureRequest) -> Assessment:
    rows = [
        {"no": f"F{n:03}", "squad": "S", "found_on": f"2024-0{1 + n // 100}-01", "size": None if n % 50 == 7 else n % 7,
         "serious": n % 4 == 0}
        for n in range(300)
    ]  # fmt: skip
    return scheme.assess(
        {"finding": rows},
        targets={"squad": [{"name": "S"}]},
        period="2024",
        as_of=dt.datetime(2025, 1, 1),
        engine=request.param,
    )


def roundings(tree: Explanation) -> list[str]:
    return [child.values["origin"] for child in tree.children if "origin" in child.values]


def test_whose_rounding_it_is(assessment: Assessment) -> None:
    """A measure that states the same rounding as the document was said to use the document's."""
    assert roundings(assessment.why("S", "2024", "stated")) == ["own"]
    assert roundings(assessment.why("S", "2024", "general")) == ["document"]


def test_hidden_movements_are_told_by_rule_with_their_sum(assessment: Assessment) -> None:
    """The first forty of a hundred movements were all of one rule, and the others stood in no line at all."""
    text = assessment.why("S", "2024-01", "score").render(most=12)
    shown = text.splitlines()
    assert sum("found · finding" in row for row in shown) == 6
    assert sum("serious · finding" in row for row in shown) == 5
    assert any(row.endswith("... and 94 more by found: -18.80") for row in shown)
    assert any(row.endswith("... and 20 more by serious: -20.00") for row in shown)
    assert "从略" not in text


def test_shown_and_hidden_points_are_the_score(assessment: Assessment) -> None:
    tree = assessment.why("S", "2024-01", "score")
    for most in (*range(1, 30), 200):
        total = Decimal(0)
        for row in tree.render(most=most).splitlines()[1:]:
            if row.startswith(("├─ ", "└─ ")):
                words = row[3:].split()
                total += Decimal(words[-1] if words[0] == "..." else words[0])
        assert total == Decimal(tree.values["value"]), most


def test_one_hidden_line_is_shown_instead_of_counted() -> None:
    moves = [line("movement", rule=rule, points="-1.0") for rule in "aab"]
    assert "more" not in render(line("cell", *moves, measure="m"), most=2)


def test_sums_of_hidden_points_are_exact() -> None:
    moves = [line("movement", rule="a", points=f"-{'9' * 36}.01") for _ in range(9)]
    assert f"-6{'9' * 35}3.07" in render(line("cell", *moves, measure="m"), most=2)


def test_a_count_names_its_records(assessment: Assessment) -> None:
    """`count over finding` stood alone: nothing said which findings."""
    tree = assessment.why("S", "2024-01", "number")
    named = [child.values["name"] for child in tree.children if child.kind == "element"]
    assert named == [f"finding F{n:03}" for n in range(0, 100, 4)]
    assert len(named) == int(tree.values["value"])
    last_two = [child for child in assessment.why("S", "2024-03", "of_two").children if child.kind == "element"]
    assert [last_two[0].values["name"], last_two[-1].values["name"]] == ["finding F100", "finding F299"]


def test_a_portion_names_the_records_that_it_counts(assessment: Assessment) -> None:
    tree = assessment.why("S", "2024-02", "grave")
    named = {child.values["name"] for child in tree.children if child.kind == "element"}
    # Where `applies` is false the record is passed over.
    assert "finding F107" not in named
    assert len(named) == 98


def test_undetermined_cells_lead_to_records_of_their_own_month(assessment: Assessment) -> None:
    """Undetermined records of any month were told to be the reason."""
    tree = assessment.why("S", "2024-02", "heaviest")
    origins = {node.values["record"] for node in tree.nodes() if node.values.get("state") == "undetermined"
               and "record" in node.values}  # fmt: skip
    assert origins == {"F107", "F157"}


def test_many_records_of_a_fold_take_few_lines(assessment: Assessment) -> None:
    tree = assessment.why("S", "2024-02", "grave")
    shown = tree.render(most=40).splitlines()
    assert sum("finding F" in row for row in shown) == 8
    assert any("... and 90 more" in row for row in shown)
    assert sum("finding F" in row for row in tree.render().splitlines()) == 98
    assert any("... and 9" in row for row in tree.render(most=3).splitlines())


LOOKS_BACK = """
cityrules: 1
scheme: lines
title: lines
in_force: {from: 2024-01-01}
targets: {squad: {members: [S]}}
records:
  finding: {dated: found_on, key: [no], fields: {no: text, squad: squad, found_on: date, size: count}}
measures:
  nth: {for: finding, count: finding, among: squad, window: last 2 days, clause: 1}
  mean_size: {for: finding, mean: size, over: finding, among: whole, window: ever, empty: error, clause: 1,
              round: half up to 1}
"""


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_a_fold_of_a_record_lists_what_it_looked_back_at(engine: EngineName) -> None:
    rows = [{"no": f"F{n}", "squad": "S", "found_on": f"2024-01-0{n}", "size": n} for n in (1, 2, 4, 5)]
    assessment = loads(LOOKS_BACK).assess({"finding": rows}, period="2024-01", engine=engine)
    nth = assessment._explainer.record("finding", "F5", "nth")
    assert [line.strip(" ├└─") for line in render(nth, "en").splitlines()[-3:]] == [
        "count over finding with the same squad, last 2 days",
        "finding F4",
        "finding F5",
    ]
    assert "按 finding 计数，squad 相同，last 2 days" in render(nth, "zh")
    mean = render(assessment._explainer.record("finding", "F4", "mean_size"), "en")
    assert "mean of size over finding, ever" in mean
    assert [line.strip(" ├└─") for line in mean.splitlines()[-4:-1]] == [
        "finding F1 = 1",
        "finding F2 = 2",
        "finding F4 = 4",
    ]


LEADS = """
cityrules: 1
scheme: lines
title: lines
clause: 1
in_force: {from: 2024-01-01}
targets: {squad: {members: [A, B]}}
records:
  finding: {dated: found_on, key: [no], fields: {no: text, squad: squad, found_on: date, told: flag}}
measures:
  answers: {for: finding, formula: if told then null else squad, missing: null}
  number: {for: squad each month, count: finding, via: answers}
"""


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_a_count_by_way_of_a_measure_names_the_records_that_it_leads_here(engine: EngineName) -> None:
    rows = [{"no": f"F{n}", "squad": "A", "found_on": f"2024-01-0{n}", "told": n == 2} for n in (1, 2, 3)]
    told = loads(LEADS).assess({"finding": rows}, period="2024-01", engine=engine).why("A", "2024-01", "number")
    assert [line.strip(" ├└─") for line in render(told, "en").splitlines()[-2:]] == ["finding F1", "finding F3"]
    assert "number · A · 2024-01 = 2" in render(told, "zh")
