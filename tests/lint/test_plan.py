"""Checks on the rules of a scheme: what each finds, what it lets alone, how a finding is silenced."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

import cityrules as cr
from cityrules.lint.files import lint
from cityrules.lint.plan.checks import CHECKS
from cityrules.plan.lower import lower_flag
from cityrules.plan.model import Choice
from cityrules.solve.asking import FALSE, TRUE
from cityrules.solve.reach import Measured
from cityrules.solve.search import search
from cityrules.text.catalogue import catalogue
from cityrules.text.show import show

HEAD = """cityrules: 1
scheme: looked-at
title: Looked at
in_force: {from: unstated}
parameters:
  line: {values: {2024-01-01: 10, 2025-01-01: 25}, clause: "9"}
targets:
  squad: {members: registered}
records:
  finding:
    dated: found_on
    key: [no]
    fields:
      no: text
      squad: squad
      found_on: date
      heaps: count [0, 20]
      depth: optional number(1) [0, 9.9]
      sort: one of litter, stall, sign
      urgent: flag
"""
LEDGER = "measures: {score: {for: squad each month, clause: '1', from: 100, %s}}\n"


def found(body: str, tmp_path: Path) -> list[tuple[str, str]]:
    path = tmp_path / "scheme.yaml"
    path.write_text(HEAD + body, "utf-8")
    # What they say of violations that help has tests of its own.
    return [(each.code, each.path) for each in cr.findings(path) if each.code not in ("L37", "L38", "L39")]


def of_rules(rules: str, tmp_path: Path, more: str = "") -> list[tuple[str, str]]:
    short = [
        (code, path.removeprefix("measures.score.")) for code, path in found(LEDGER % f"rules: {rules}{more}", tmp_path)
    ]
    return [(code, path.removeprefix("rules.")) for code, path in short]


def test_the_checks_are_those_of_the_catalogue() -> None:
    assert list(CHECKS) == sorted(CHECKS)
    assert set(CHECKS) == {code for code in catalogue() if code.startswith("L3")}


def rule(when: str, points: str) -> str:
    unknown = ", missing: no" if "depth" in when and "null" not in when else ""
    return f"{{each: finding, when: '{when}', deduct: {points}{unknown}}}"


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ("heaps < 3", "heaps > 3", "L30"),
        ("heaps <= 3", "heaps > 3", None),
        ("heaps <= 3", "heaps >= 4", None),
        ("heaps <= 3", "heaps >= 5", "L30"),
        ("heaps < 3", "heaps > 10", None),  # both ends, the middle is let alone
        ("heaps >= 1 and heaps < 3", "heaps > 10", "L30"),
        ("heaps = 1", "heaps = 5", None),
        ("depth <= 3", "depth >= 3.1", None),
        ("depth <= 3", "depth > 3.1", "L30"),
        ("urgent and heaps < 3", "urgent and heaps > 3", "L30"),
        ("urgent and heaps < 3", "not(urgent) and heaps > 3", None),
        ("heaps < line", "heaps > line", "L30"),
        ("heaps * 2 < 7", "heaps * 2 > 7", None),  # no whole number lies between
        ("heaps * 2 < 6", "heaps * 2 > 6", "L30"),
        ("heaps <= 3", "heaps >= 3", "L31"),
        ("heaps <= 3", "heaps >= 2 and heaps <= 5", "L31"),
        ("heaps > 3", "heaps > 10", None),  # in addition
        ('sort in ("litter", "stall")', 'sort in ("stall", "sign")', "L31"),
        ('sort = "litter"', 'sort = "stall"', "L30"),  # nothing is ever done about signs
        ('sort = "litter"', 'sort != "litter"', None),
        ("heaps >= 20", "heaps > 20", "L33"),
        ("depth = null", "depth = 10", "L33"),
        ("heaps > 5", "urgent and heaps < 3 and heaps > 4", "L33"),
        ("heaps > line", "heaps > line + 10", "L33"),  # 10 + 10 of 20 in 2024, 25 + 10 since
        ("heaps > line", "heaps > line + 9", None),
        ("heaps > line", "heaps > line + 10 and heaps < line + 5", "L33"),
    ],
)
def test_two_rules_side_by_side(first: str, second: str, code: str | None, tmp_path: Path) -> None:
    codes = [each for each, _ in of_rules(f"{{a: {rule(first, '1')}, b: {rule(second, '2')}}}", tmp_path)]
    assert codes == ([code] if code else [])


@pytest.mark.parametrize(
    ("together", "rules", "expected"),
    [
        ("first", [("heaps > 3", "1"), ("heaps > 10", "2")], [("L32", "b")]),
        ("first", [("heaps > 10", "2"), ("heaps > 3", "1")], []),
        ("highest", [("heaps > 3", "3"), ("heaps > 10", "2")], [("L32", "b")]),
        ("highest", [("heaps > 10", "2"), ("heaps > 3", "3")], [("L32", "a")]),
        ("highest", [("heaps > 3", "1"), ("heaps > 10", "2")], []),
        ("highest", [("heaps > 3", "heaps"), ("heaps > 10", "2")], [("L32", "b")]),  # at least 4 points where it hits
        ("highest", [("depth > 3", "3"), ("heaps > 10", "2")], []),
        ("all", [("heaps > 3", "1"), ("heaps > 10", "2")], []),
    ],
)
def test_rules_of_a_group_that_never_count(
    together: str, rules: list[tuple[str, str]], expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    written = ", ".join(
        f"{name}: {rule(when, points)[:-1]}, group: g}}" for name, (when, points) in zip("ab", rules, strict=True)
    )
    assert of_rules(f"{{{written}}}", tmp_path, f", together: {{g: {together}}}") == expected


def test_what_a_replaced_rule_would_beat_can_count(tmp_path: Path) -> None:
    """`a` is first, but gives way to `c`, and then `b` counts."""
    rules = (
        f"{{a: {rule('heaps > 3', '3')}, b: {rule('heaps > 5', '2')}, c: {rule('urgent', '1')[:-1]}, replaces: [a]}}}}"
    )
    grouped = rules.replace("each: finding", "each: finding, group: g")
    assert of_rules(grouped, tmp_path, ", together: {g: first}") == []
    assert of_rules(grouped.replace(", replaces: [a]", ""), tmp_path, ", together: {g: first}") == [("L32", "b")]


def test_a_line_out_of_reach_says_nothing_of_its_grade_elsewhere(tmp_path: Path) -> None:
    """82 is a C by the line of 70; only the line of `otherwise` gives it to nobody."""
    path = tmp_path / "scheme.yaml"
    grade = "grade: {for: squad each month, clause: '2', bands: score, at_least: {90: A, 70: C}, otherwise: C}"
    path.write_text(f"{HEAD}measures:\n  {SCORE % ''}\n  {grade}\n", "utf-8")
    (told,) = [each for each in cr.findings(path) if each.code == "L35"]
    assert told.path == "measures.grade.otherwise"
    assert "Nobody can get `C` by this line" in show(told)


@pytest.mark.parametrize(("missing", "codes"), [("holds", ["L33"]), ("breaks", ["L33", "L34"])])
def test_a_run_that_began_before_what_is_assessed_can_be_held(missing: str, codes: list[str], tmp_path: Path) -> None:
    body = f"""measures:
  worst: {{for: squad each month, clause: '1', max: depth, over: finding, empty: null, missing: skip}}
  bad: {{for: squad each month, clause: '2', run: worst > 20, new_year: continues, missing: {missing}}}
consequences: {{long: {{for: squad each month, when: bad > 2, do: X, kind: circular, clause: '3'}}}}
"""
    assert [code for code, _ in found(body, tmp_path)] == codes


def test_what_is_always_replaced_never_counts(tmp_path: Path) -> None:
    written = f"{{a: {rule('heaps > 5', '1')}, b: {rule('heaps > 3', '3')[:-1]}, replaces: [a]}}}}"
    assert of_rules(written, tmp_path) == [("L32", "a")]
    assert of_rules(written.replace("heaps > 3", "heaps > 6"), tmp_path) == []


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("if heaps > 3 then 1 else if heaps > 10 then 2 else 3", "2"),
        ("if heaps > 10 then 1 else if heaps > 3 then 2 else 3", None),
        ("if heaps >= 0 then 1 else 2", "2"),
        ("if heaps > 3 then (if heaps < 2 then 1 else 2) else 3", "1"),
        ("if depth = null then 0 else if depth < 5 then 1 else if depth >= 5 then 2 else 3", "3"),
    ],
)
def test_branches_of_if(formula: str, expected: str | None, tmp_path: Path) -> None:
    path = tmp_path / "scheme.yaml"
    path.write_text(f"{HEAD}measures: {{price: {{for: finding, clause: '1', formula: {formula}}}}}\n", "utf-8")
    told = [(each.code, each.values["found"]) for each in cr.findings(path)]
    assert told == ([("L32", expected)] if expected else [])


SCORE = "score: {for: squad each month, clause: '1', from: 100, rules: {a: {each: finding, deduct: 1, cap: 30}}%s}"


@pytest.mark.parametrize(
    ("bounds", "lines", "expected"),
    [
        ("", "at_least: {90: A, 70: B}", ["otherwise"]),
        ("", "at_least: {90: A, 71: B}", []),
        ("", "above: {99: A, 69: B}", ["otherwise"]),
        (", floor: 80", "at_least: {90: A, 80: B}", ["otherwise"]),
        ("", "at_least: {101: A, 75: B}", ["at_least.101"]),
        (", ceiling: 95", "at_least: {96: A, 75: B}", ["at_least.96"]),
        ("", "up_to: {60: A, 80: B}", ["up_to.60"]),
        ("", "below: {70: A, 90: B}", ["below.70"]),
        ("", "at_least: {line: A}", ["otherwise"]),
    ],
)
def test_grades_out_of_reach(bounds: str, lines: str, expected: list[str], tmp_path: Path) -> None:
    grade = f"grade: {{for: squad each month, clause: '2', bands: score, {lines}, otherwise: Z}}"
    assert found(f"measures:\n  {SCORE % bounds}\n  {grade}\n", tmp_path) == [
        ("L35", f"measures.grade.{line}") for line in expected
    ]


@pytest.mark.parametrize(
    ("consequence", "expected"),
    [
        ("{for: squad each month, when: score < 70, do: X, kind: circular}", ["bad"]),
        ("{for: squad each month, when: score <= 70, do: X, kind: circular}", []),
        ('{for: squad each month, when: grade = "C", do: X, kind: circular}', ["bad"]),
        ('{for: squad each month, when: not(good) and grade = "B", do: X, kind: circular}', []),
        (
            "{for: squad each month, ladder: level, together: highest, steps: {"
            "one: {at_least: 1, do: X, kind: circular}, two: {at_least: 3, do: Y, kind: circular}}}",
            ["bad.steps.two"],
        ),
    ],
)
def test_consequences_that_never_follow(consequence: str, expected: list[str], tmp_path: Path) -> None:
    body = f"""measures:
  {SCORE % ""}
  grade: {{for: squad each month, clause: '2', bands: score, at_least: {{90: A, 70: B}}, otherwise: C}}
  good: {{for: squad each month, clause: '3', formula: score > 80}}
  level: {{for: squad each month, clause: '4', formula: 'if score < 80 then 2 else if score < 90 then 1 else 0'}}
consequences: {{bad: {consequence[:-1]}, clause: '5'}}}}
silenced: {{L35: {{measures.grade.otherwise: to have a grade that nobody gets}}}}
"""
    assert found(body, tmp_path) == [("L34", f"consequences.{path}") for path in expected]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("rules: {a: {each: finding, deduct: 0}}", ["rules.a"]),
        ("rules: {a: {each: finding, deduct: 1, times: heaps * 0}}", ["rules.a"]),
        ("rules: {a: {each: finding, deduct: heaps - 20}}", []),  # gives up to 20 points
        ("rules: {a: {each: finding, deduct: 1, times: heaps - 20}}", []),
        ("rules: {a: {each: finding, deduct: 1}}, floor: 100", [""]),
        ("rules: {a: {each: finding, add: 1}}, ceiling: 100", [""]),
        ("rules: {a: {each: finding, deduct: 1}}, floor: 99", []),
        ("items: {x: {worth: 100, rules: {a: {each: finding, deduct: 1, cap: 60}}}}", ["items.x"]),
        ("items: {x: {worth: 100, rules: {a: {each: finding, deduct: 1, cap: 100}}}}", []),
        ("items: {x: {worth: 100, rules: {a: {each: finding, deduct: 1}}}, y: {worth: 0, value: 0}}", ["items.y"]),
        (
            "items: {x: {worth: 100, items: {y: {worth: 60, rules: {a: {each: finding, deduct: 5, cap: 50}}}, "
            "z: {worth: 40, rules: {b: {each: finding, deduct: 1}}}}}}",
            ["items.x.items.y"],
        ),
    ],
)
def test_points_that_never_move(body: str, expected: list[str], tmp_path: Path) -> None:
    assert found(LEDGER % body, tmp_path) == [
        ("L36", ".".join(part for part in ("measures.score", path) if part)) for path in expected
    ]


def test_the_rule_of_an_absent_item_is_not_told_as_one_that_somebody_wrote(tmp_path: Path) -> None:
    """An item that always applies was told as a rule that never fires."""
    items = "x: {worth: 60, applies: as_of != null, rules: {a: {each: finding, deduct: 1}}}, "
    items += "y: {worth: 40, rules: {b: {each: finding, deduct: 1}}}"
    assert found(LEDGER % f"items: {{{items}}}, absent_items: zero", tmp_path) == []


def test_a_finding_is_silenced_in_the_scheme_and_an_idle_silence_is_told(tmp_path: Path) -> None:
    body = LEDGER % "rules: {a: {each: finding, deduct: 0}}"
    silence = "silenced: {L36: {measures.score.rules.a: an order of the bureau states the points}}\n"
    assert found(body + silence, tmp_path) == []
    (linted,) = lint(tmp_path / "scheme.yaml")
    assert linted.silenced["L36"]["measures.score.rules.a"].startswith("an order")
    assert found(body.replace("deduct: 0", "deduct: 1") + silence, tmp_path) == [
        ("L93", "silenced.L36.measures.score.rules.a")
    ]


def test_a_silence_is_of_one_document_and_not_of_those_based_on_it(tmp_path: Path) -> None:
    base = HEAD + LEDGER % "rules: {a: {each: finding, deduct: 0}}" + "silenced: {L36: {measures.score.rules.a: why}}\n"
    (tmp_path / "base.yaml").write_text(base, "utf-8")
    path = tmp_path / "scheme.yaml"
    own = "cityrules: 1\nscheme: own\ntitle: Own\nin_force: {from: unstated}\nbased_on: base.yaml\n"
    path.write_text(own, "utf-8")
    assert [each.code for each in cr.findings(path)] == ["L36"]
    path.write_text(own + "changes: {measures.score.rules.a.deduct: 1}\n", "utf-8")
    assert cr.findings(path) == ()
    path.write_text(own + "silenced: {L36: {measures.score.rules.a: why}}\n", "utf-8")
    assert cr.findings(path) == ()


def test_a_scheme_with_errors_is_told_and_not_looked_at(tmp_path: Path) -> None:
    assert [code for code, _ in found(LEDGER % "rules: {a: {each: nothing, deduct: 0}}", tmp_path)] == ["CR430"]


def test_a_question_of_many_products_is_given_up_in_bounded_time(tmp_path: Path) -> None:
    """Each of them narrows the others a little, round by round and case by case: minutes for one branch of sixty."""
    fields = "".join(f"      f{number}: optional number(2) [0, 100]\n" for number in range(33))
    products = [f"f{i} * f{i + 1} > f{i + 2} * f{i} + f{i + 3} * {i + 1}" for i in range(30)]
    branches = ", ".join(f"b{i}: {{when: '{product}', give: {i}}}" for i, product in enumerate(products))
    price = f"price: {{for: finding, clause: '1', missing: null, choose: {{{branches}}}, otherwise: 99}}"
    path = tmp_path / "scheme.yaml"
    path.write_text(f"{HEAD}{fields}measures: {{{price}}}\n", "utf-8")
    plan = cr.load(path).plan
    price_ = plan.measures["price"]
    assert isinstance(price_, Choice)
    trees = [branch.when.tree for branch in price_.branches]
    codes = [(lower_flag(tree), FALSE) for tree in trees[:-1]] + [(lower_flag(trees[-1]), TRUE)]
    names = Measured(plan).asking.names([code for code, _ in codes], trees)
    began = time.process_time()
    assert search(codes, names, {}, {}).answer == "unknown"
    assert time.process_time() - began < 20
