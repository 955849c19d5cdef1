"""Movements that cite a clause of their own: the row of the table that gives the points."""

from __future__ import annotations

import pytest

from cityrules.engines.python.single.scorer import compile_record
from engines.handmade import CITY, TARGETS, assess, finding, plan_of

TABLE = """
tables:
  price:
    key: [n]
    columns: {n: 'count [1, 3]', points: number(1), clause: optional text}
    rows: [[1, 0.5, '3.10'], [2, 1, '3.2'], [3, 2, null]]
"""
RULES = """
      own: {each: finding, via: squad, when: n != null, deduct: price(n).points, cites: price(n).clause, clause: '3'}
      none: {each: finding, via: squad, when: n != null, deduct: 1, cites: price(n).clause}
      big: {each: finding, via: squad, when: n != null and n = 2, deduct: 5, cites: 'if bad != null then "x" else null', group: g}
      small: {each: finding, via: squad, when: n != null and n = 2, deduct: 4, cites: '"z"', group: g}
"""  # noqa: E501


def scheme(rules: str, together: str = "{g: highest}") -> str:
    return f"""{CITY.replace("n: optional count", "n: 'optional count [1, 3]'")}{TABLE}
measures:
  score:
    for: squad each month
    from: 100
    clause: '7'
    together: {together}
    rules:{rules}"""


def test_each_movement_has_the_clause_of_its_row() -> None:
    rows = [finding(n, "a1", "2015-01-15", n=n) for n in (1, 2, 3)]
    found = assess(scheme(RULES), span="2015-01", targets=TARGETS, finding=rows)
    lines = found.outcome.tables["ledger"]
    names = lines.shape.names
    cited = [(row[names.index("rule")], row[names.index("record")], row[names.index("clause")]) for row in lines.rows()]
    assert [one for one in cited if one[0] != "(from)"] == [
        ("own", "1", "3.10"), ("own", "2", "3.2"), ("own", "3", "3"),
        ("none", "1", "3.10"), ("none", "2", "3.2"), ("none", "3", "7"),
        ("big", "2", "7"), ("small", "2", "z"),
    ]  # fmt: skip


@pytest.mark.parametrize(("bad", "expected"), [("true", "x"), ("false", "x"), (None, "7")])
def test_a_single_record_is_told_the_same(bad: str | None, expected: str) -> None:
    plan = plan_of(scheme(RULES))
    scorer = compile_record(plan, "finding")
    assert scorer.beyond == ()
    for n, clause in ((1, "3.10"), (2, "3.2"), (3, "3")):
        hits = scorer({"no": "1", "squad": "a1", "held": "2015-01-15", "n": str(n), "points": "1", "bad": bad}).hits
        assert (hits[0].rule, hits[0].clause) == ("own", clause)
        if n == 2:
            assert [hit.clause for hit in hits[2:]] == [expected, "z"]


def test_what_is_cited_is_a_text() -> None:
    with pytest.raises(AssertionError, match="CR989"):
        plan_of(scheme("\n      r: {each: finding, via: squad, deduct: 1, cites: points}\n", "all"))
