"""One record at a time: what a scorer answers, what it leaves out, what it refuses, and what its source may hold."""

from __future__ import annotations

import ast
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from cityrules.engines.python.single.hits import Hits
from cityrules.engines.python.single.scorer import Beyond, RecordError, RecordScorer, compile_record
from cityrules.loaded import load
from cityrules.text.show import show
from engines.handmade import CITY, HEAD, plan_of

FINDING: dict[str, Any] = {
    "no": "1", "squad": "a", "helper": None, "held": dt.date(2015, 3, 31), "n": 2, "points": Decimal("1.25"),
    "bad": None,
}  # fmt: skip


def scorer(rules: str, more: str = "", top: str = "from: 100", world: str = CITY) -> RecordScorer:
    listed = "".join(f"      {line.strip()}\n" for line in rules.strip().splitlines())
    body = f"{world}\nmeasures:\n{more}  score:\n    for: squad each month\n    {top}\n    rules:\n{listed}"
    return compile_record(plan_of(body), "finding")


def told(hits: Hits) -> list[str]:
    return [" ".join(filter(None, (h.rule, str(h.nominal), str(h.points), h.replaced_by))) for h in hits.hits]


def test_points_rules_and_clauses() -> None:
    found = scorer(
        """
        plain: {each: finding, via: squad, deduct: 0.5, clause: 2.1}
        priced: {each: finding, via: squad, when: points > 1, deduct: points, times: 2}
        praise: {each: finding, via: squad, when: points > 2, add: 1}
        once: {add: 3}
        """
    )(FINDING)
    assert told(found) == ["plain -0.50 -0.50", "priced -2.50 -2.50"]
    assert [hit.clause for hit in found.hits] == ["2.1", "1"]
    assert found.points == {"score": Decimal("-3.00")}
    assert {hit.via for hit in found.hits} == {"squad"}
    assert found.problems == ()


def test_replacing_and_the_policies_of_groups() -> None:
    rules = """
        small: {each: finding, via: squad, deduct: 1, group: g}
        alone: {each: finding, via: squad, deduct: 7}
        mild: {each: finding, via: squad, deduct: 2, group: g}
        hard: {each: finding, via: squad, when: n > 1, missing: no, deduct: 3, replaces: [mild], group: g}
        same: {each: finding, via: squad, add: 3, group: g}
    """
    by_policy = {
        policy: told(scorer(rules, top=f"from: 100\n    together: {policy}")(FINDING))
        for policy in ("all", "highest", "first")
    }
    assert by_policy == {
        "all": ["small -1 -1", "alone -7 -7", "mild -2 0 hard", "hard -3 -3", "same 3 3"],
        "highest": ["small -1 0 hard", "alone -7 -7", "mild -2 0 hard", "hard -3 -3", "same 3 0 hard"],
        "first": ["small -1 -1", "alone -7 -7", "mild -2 0 hard", "hard -3 0 small", "same 3 0 small"],
    }


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        # A Sunday, a Monday; the last days of a month, of a year.
        ("2015-02-01", "7 1 2 2015"),
        ("2015-02-02", "1 2 2 2015"),
        ("2015-02-28", "6 28 2 2015"),
        ("2016-12-31", "6 31 12 2016"),
    ],
)
def test_parts_of_a_day(day: str, expected: str) -> None:
    parts = ("weekday", "day", "month", "year")
    rules = "\n".join(
        f"        the_{part}: {{each: finding, via: squad, deduct: {place}, when: held.{part} = {number}}}"
        for place, (part, number) in enumerate(zip(parts, expected.split(), strict=True), 1)
    )
    found = scorer(rules)({**FINDING, "held": day})
    assert told(found) == [f"the_{part} -{place} -{place}" for place, part in enumerate(parts, 1)]
    sums = "\n".join(f"        the_{part}: {{each: finding, via: squad, deduct: held.{part}}}" for part in parts)
    assert told(scorer(sums)({**FINDING, "held": day})) == [
        f"the_{part} -{number} -{number}" for part, number in zip(parts, expected.split(), strict=True)
    ]


@pytest.mark.parametrize(("policy", "expected"), [("yes", ["r -1 -1"]), ("no", []), ("undecided", [])])
def test_unknown_conditions(policy: str, expected: list[str]) -> None:
    score = scorer(f"r: {{each: finding, via: squad, when: bad, missing: {policy}, deduct: 1}}")
    found = score(FINDING)
    assert told(found) == expected
    assert [p.rule for p in found.undecided] == (["r"] if policy == "undecided" else [])
    assert found.points["score"] == (None if policy == "undecided" else -len(expected))
    assert told(score(FINDING | {"bad": True})) == ["r -1 -1"]
    assert score(FINDING | {"bad": False}).problems == ()


def test_without_a_target_there_is_no_hit() -> None:
    score = scorer("r: {each: finding, via: helper, when: helper != squad, deduct: 1}")
    assert told(score(FINDING)) == []
    assert told(score(FINDING | {"helper": "a"})) == []
    assert [hit.via for hit in score(FINDING | {"helper": "b"}).hits] == ["helper"]


def test_what_a_single_record_does_not_know_is_listed() -> None:
    score = scorer(
        """
        size: {each: finding, via: squad, when: size = "x", deduct: 1}
        many: {each: finding, via: squad, when: tally > 3 and n = 1, missing: no, deduct: 1}
        both: {each: finding, via: squad, deduct: quota}
        mine: {each: finding, via: squad, deduct: 1, group: g}
        gone: {each: finding, via: squad, when: stars > 3, missing: no, deduct: 2, group: g}
        hid: {each: finding, via: squad, when: other > 3, deduct: 2}
        over: {each: finding, via: squad, when: tally > 1, deduct: 2, replaces: [under], group: h}
        under: {each: finding, via: squad, deduct: 2, group: h}
        free: {each: finding, via: squad, deduct: 5, group: h}
        """,
        top="from: 100\n    together: {g: highest, h: all}",
        more="  tally: {for: bureau each month, formula: bureau.quota, clause: 1}\n".replace("bureau.quota", "quota")
        + "  other: {for: finding, formula: points + tally}\n",
        world=CITY.replace("helper: optional squad", "helper: optional text"),
    )
    assert score.beyond == (
        Beyond("score", "size", ("size",)),
        Beyond("score", "many", ("tally",)),
        Beyond("score", "both", ("quota",)),
        Beyond("score", "gone", ("stars",)),
        Beyond("score", "hid", ("tally",)),
        Beyond("score", "over", ("tally",)),
        Beyond("score", "mine", ("stars",)),
        Beyond("score", "under", ("tally",)),
    )
    assert [hit.rule for hit in score(FINDING).hits] == ["free"]


def test_the_same_group_through_two_fields_is_a_matter_of_the_register() -> None:
    score = scorer(
        """
        one: {each: finding, via: squad, deduct: 1, group: g}
        two: {each: finding, via: helper, deduct: 2, group: g}
        """,
        top="from: 100\n    together: first",
    )
    assert [(one.rule, one.needs) for one in score.beyond] == [("one", ("squad",)), ("two", ("squad",))]


def test_the_hits_of_a_ledger_that_may_not_apply_are_a_matter_of_the_cell() -> None:
    score = scorer("r: {each: finding, via: squad, deduct: 1}", top='from: 100\n    applies: size = "x"')
    assert [one.rule for one in score.beyond] == ["r"]


def test_a_ledger_that_rounds_its_sum_keeps_the_digits_of_its_hits() -> None:
    score = scorer("r: {each: finding, via: squad, deduct: 0.125}", top="from: 100\n    round: half up to 1")
    assert [str(hit.points) for hit in score(FINDING).hits] == ["-0.125"]


def test_as_of() -> None:
    score = scorer('r: {each: finding, via: squad, when: as_of > @"2015-05-01T00:00:00", deduct: 1}')
    assert score.reads_as_of
    assert told(score(FINDING, dt.datetime(2015, 5, 2))) == ["r -1 -1"]
    assert told(score(FINDING, dt.datetime(2015, 4, 2))) == []
    assert told(score(FINDING, dt.datetime(2015, 3, 31))) == []
    for as_of in (None, dt.datetime(2015, 3, 30, 23)):
        with pytest.raises(RecordError):
            score(FINDING, as_of)


def test_dates_outside_of_what_is_in_force() -> None:
    score = scorer("r: {each: finding, via: squad, deduct: 1}")
    with pytest.raises(RecordError) as caught:
        score(FINDING | {"held": dt.date(1999, 12, 31), "n": "x"})
    assert caught.value.reasons == ("held: outside_period", "n: not_a_number")
    assert told(score(FINDING | {"held": dt.date(2000, 1, 1)})) == ["r -1 -1"]


def test_reasons_in_words() -> None:
    score = scorer("r: {each: finding, via: squad, deduct: 1}")
    with pytest.raises(RecordError) as caught:
        score(FINDING | {"points": "1.234", "held": "2015-02-30", "squad": ""})
    zh = [show(diagnostic, "zh") for diagnostic in caught.value.diagnostics]
    assert len(zh) == 3
    assert "points" in zh[2]
    assert "1.234" in zh[2]
    assert "{" not in "".join(zh) + str(caught.value)


@dataclass
class Attributes:
    no: object
    squad: object
    helper: object
    held: object
    n: object
    points: object
    bad: object


class Odd(Mapping[str, Any]):
    def __init__(self, of: dict[str, Any]) -> None:
        self._of = of

    def __getitem__(self, key: str) -> Any:
        return self._of[key]

    def __iter__(self) -> Any:
        return iter(self._of)

    def __len__(self) -> int:
        return len(self._of)


def test_mappings_and_objects_are_the_same_record() -> None:
    score = scorer("r: {each: finding, via: squad, deduct: points}")
    found = score(FINDING)
    short = {name: value for name, value in FINDING.items() if value is not None}
    assert score(Attributes(**FINDING)) == score(Odd(FINDING)) == score(short) == score(Odd(short)) == found
    assert score(score.model(**FINDING)) == score(FINDING | {"unheard of": 1}) == found
    assert score.model.model_fields["points"].is_required()


@pytest.mark.parametrize("thing", [None, 3, "no", [], object(), [("no", 1)], Attributes])
def test_what_is_no_record(thing: object) -> None:
    score = scorer("r: {each: finding, via: squad, deduct: 1}")
    with pytest.raises(RecordError) as caught:
        score(thing)
    assert str(caught.value)


def test_a_misspelt_optional_field_is_not_taken_for_missing() -> None:
    score = scorer("r: {each: finding, via: squad, deduct: 1}")
    record = {name: value for name, value in FINDING.items() if name != "helper"}
    with pytest.raises(RecordError) as caught:
        score(record | {"helpr": "b"})
    assert caught.value.reasons == ("helper: no_such_field",)
    assert told(score(record | {"remarks": "b"})) == ["r -1 -1"]


def test_hostile_values_are_refused_and_not_run() -> None:
    class Evil(str):
        def isprintable(self) -> bool:
            raise AssertionError("ran")

    score = scorer("r: {each: finding, via: squad, deduct: 1}")
    assert told(score(FINDING | {"no": Evil("x")})) == ["r -1 -1"]
    for name in FINDING:
        for value in ({}, [], b"x", object(), float("nan"), Decimal("sNaN"), 10**5000, "9" * 100_000, lambda: 1):
            with pytest.raises(RecordError) as caught:
                score(FINDING | {name: value})
            assert len(str(caught.value)) < 2000


def test_kinds_that_cannot_be_scored() -> None:
    plan = plan_of(CITY + "\nmeasures: {x: {for: bureau each month, formula: quota}}")
    with pytest.raises(KeyError):
        compile_record(plan, "findings")
    with pytest.raises(ValueError, match="rating"):
        compile_record(plan, "rating")
    assert compile_record(plan, "finding")(FINDING).hits == ()


def test_a_model_whose_fields_bear_the_names_of_methods() -> None:
    more = "      copy: optional count\n      class: count\n"
    world = CITY.replace("      n: optional count\n", "      n: optional count\n" + more)
    score = scorer("r: {each: finding, via: squad, deduct: class}", world=world)
    record = FINDING | {"copy": 1, "class": 4}
    assert score(score.model(**record)) == score(record)
    assert told(score(score.model(**record))) == ["r -4 -4"]


QUOTES = "''' + exit() + \"\"\""
NASTY: dict[str, Any] = {
    "cityrules": "1",
    "scheme": "nasty",
    "title": QUOTES,
    "in_force": {"from": "2000-01-01"},
    "targets": {"squad": {"members": ["a'); import os #", QUOTES, "c\\"]}},
    "records": {
        "finding": {
            "dated": "held",
            "key": ["编号"],
            "fields": {
                "编号": "text", "squad": "squad", "held": "date", "金额": "number(2)",
                "类别": f"one of x') or f(, {QUOTES}",
            },
        }
    },
    "measures": {
        "类型": {
            "for": "finding", "bands": "金额", "above": {"1": "__import__('os')"}, "otherwise": "\\\n{}",
            "clause": QUOTES,
        },
        "得分": {
            "for": "squad each month",
            "from": "100",
            "clause": QUOTES,
            "rules": {
                "规则": {
                    "each": "finding", "deduct": "1",
                    "when": "类型 = \"__import__('os')\" and squad = \"a'); import os #\"",
                },
            },
        },
    },
}  # fmt: skip
OWN = """
record as_of type dict str int len Decimal date items take lenient slow refuse misdated counted KeyError TypeError
bad hits problems new Hit Hits tuple shape t
"""


def test_no_text_of_a_document_becomes_code() -> None:
    score = load(NASTY).scorer("finding")
    nodes = list(ast.walk(ast.parse(score.source)))
    names = {node.id for node in nodes if isinstance(node, ast.Name)} - {*OWN.split()}
    assert {name for name in names if not re.fullmatch(r"[a-zA-Z]\d+(_\d+)?n?|labels\d+|seen\d+", name)} == set()
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    assert attributes <= {"toordinal", "append", "isprintable"}
    record = {"编号": QUOTES, "squad": "a'); import os #", "held": "2015-01-01", "类别": QUOTES, "金额": "2.00"}
    found = score(record)
    assert [(hit.rule, hit.clause) for hit in found.hits] == [("规则", QUOTES)]
    assert found.values == {"类型": "__import__('os')"}
    with pytest.raises(RecordError) as caught:
        score(record | {"squad": "nobody"})
    assert caught.value.reasons == ("squad: unknown_target",)


def test_three_hundred_alternatives_in_one_condition() -> None:
    """CPython must neither nest too deeply nor be slow on a flat `or`."""
    words = " or ".join(f"n = {number} or points > {number + 500}" for number in range(100, 250))
    score = scorer(f"r: {{each: finding, via: squad, when: '{words}', missing: no, deduct: 1}}")
    assert told(score(FINDING)) == []
    assert told(score(FINDING | {"n": 170})) == ["r -1 -1"]
    assert told(score(FINDING | {"points": 700})) == ["r -1 -1"]


def test_a_record_dated_by_a_moment_counts_on_its_day() -> None:
    head = HEAD.replace("{from: 2000-01-01}", "{from: 2015-01-10, until: 2015-02-10}")
    world = CITY.replace("held: date", "held: datetime")
    rules = "      r: {each: finding, via: squad, deduct: 1}\n"
    body = f"{world}\nmeasures:\n  score:\n    for: squad each month\n    from: 100\n    rules:\n{rules}"
    score = compile_record(plan_of(body, head), "finding")
    assert told(score({**FINDING, "held": "2015-01-10T00:00:00"})) == ["r -1 -1"]
    assert told(score({**FINDING, "held": "2015-02-09T23:59:59"})) == ["r -1 -1"]
    for outside in ("2015-01-09T23:59:59", "2015-02-10T00:00:00"):
        with pytest.raises(RecordError, match="CR561"):
            score({**FINDING, "held": outside})


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [("points", "12.345", "number(2)"), ("n", "x", "optional count [0, ]"), ("held", "2015-13-01", "date")],
)
def test_a_refusal_says_what_was_expected(field: str, value: str, expected: str) -> None:
    score = scorer("r: {each: finding, via: squad, when: n > 1 and points > 0, missing: no, deduct: 1}")
    with pytest.raises(RecordError) as caught:
        score({**FINDING, field: value})
    (found,) = caught.value.diagnostics
    assert (found.values["field"], found.values["found"], found.values["expected"]) == (field, value, expected)


def test_a_day_beyond_the_calendar_in_a_condition_is_a_problem() -> None:
    found = scorer("far: {each: finding, via: squad, when: 'held + @\"P9000Y\" > held', deduct: 1}")(FINDING)
    assert [(one.measure, one.rule, one.cause, one.detail) for one in found.problems] == [
        ("score", "far", "overflow", "score")
    ]
    assert told(found) == []
