"""What is divided among all ties all targets: a session divides it as the batch does."""

from __future__ import annotations

from cityrules.live import Session
from cityrules.loaded import loads
from cityrules.plan.independence import tied_by

DOCUMENT = """
cityrules: 1
scheme: shared
title: t
clause: 1
in_force: {from: 2024-01-01}
targets: {squad: {members: registered, fields: {weight: count}}}
measures:
  part:
    for: squad each month
    apportion: '100'
    in_proportion_to: weight
    among: whole
    step: 1
    remainder: by name
    empty: 0
consequences:
  paid: {for: squad each month, when: part > 0, do: Bonus, kind: payment, amount: part}
"""


def test_a_total_is_divided_once() -> None:
    """Once each squad was a part of its own, and had all of the total."""
    scheme = loads(DOCUMENT)
    assert tied_by(scheme.plan) == "part"
    with Session(scheme, period="2024-01", chain="plain") as session:
        for name in ("a", "b", "c"):
            session.post("squad", {"name": name, "weight": "1"})
        session.advance("2024-02-01")
        assert [(row["target"], row["amount"]) for row in session.consequences()] == [
            ("a", "34"), ("b", "33"), ("c", "33"),
        ]  # fmt: skip
