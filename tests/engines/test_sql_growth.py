"""Statements grow with what a scheme says, not with its square: found with fourteen deadlines, which took minutes."""

from __future__ import annotations

import pytest
from sqlglot import exp

from cityrules.engines.sql import session
from cityrules.engines.sql.engine import DuckDBEngine
from engines.handmade import assess, plan_of

HEAD = """
calendar: {days: cn, start_day: excluded, last_day_off: next working day}
targets:
  squad: {members: [A]}
records:
  job: {dated: told, key: [no], fields: {no: text, squad: squad, told: date, done: optional date}}
measures:
"""


def written(count: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """The characters of all statements of an assessment with so many deadlines."""
    lengths: list[int] = []
    text_of = session.text_of

    def counting(tree: exp.Expr) -> str:
        text = text_of(tree)
        lengths.append(len(text))
        return text

    body = "".join(
        f"  d{n}: {{for: job, deadline: {n + 1} working days, starts: told, done: done}}\n" for n in range(count)
    )
    with monkeypatch.context() as patch:
        patch.setattr(session, "text_of", counting)
        found = assess(
            plan_of(HEAD + body),
            engine=DuckDBEngine(),
            job=[{"no": "1", "squad": "A", "told": "2015-01-05", "done": ""}],
        )
    assert len(found.tables["record_values"]) == 5 * count
    return sum(lengths)


def test_statements_grow_in_proportion(monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = written(4, monkeypatch), written(12, monkeypatch)
    assert many < 4 * few
