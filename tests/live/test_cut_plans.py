"""A plan that is cut in front of its ladders and walked by a chain says what the whole plan says, on random schemes."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from cityrules.engines.base import Inputs, Question
from cityrules.engines.python.engine import PythonEngine
from cityrules.live.climbing import Row, climbed, inner_rows, plain_rows
from cityrules.live.cut import cut
from cityrules.live.walk import PlainWalk
from cityrules.loaded import Assessment
from cityrules.plan.model import Plan
from strategies.drawn import scheme_of
from strategies.inputs import make_case

SCHEMES = 2_000 if os.environ.get("CITYRULES_PROFILE") == "long" else 80
PARTS = 8


def told(rows: list[Row]) -> list[str]:
    return sorted(str(list(row.values())) for row in rows)


def assessed(plan: Plan, inputs: Inputs, question: Question) -> Assessment:
    return Assessment(plan, question.span, question.as_of, "python", PythonEngine().assess(plan, inputs, question))


@pytest.mark.parametrize("part", range(PARTS))
def test_random_schemes_cut_and_walked(part: int) -> None:
    ladders = 0
    for seed in range(part, SCHEMES, PARTS):
        scheme = scheme_of(seed)
        case = make_case(scheme.plan, seed)
        question = replace(case.question, given={})
        whole = assessed(scheme.plan, case.inputs, question)
        pieces = cut(scheme.plan)
        ladders += len(pieces.ladders)
        fore = assessed(pieces.plan, case.inputs, question)
        # An open period is the last one, and stands here like every other.
        found = [
            *plain_rows(pieces.ladders, fore),
            *climbed(pieces.ladders, fore, PlainWalk(), lambda _name, _open: True),
        ]
        assert told(found) == told([*inner_rows(whole, "consequences")]), f"scheme {seed}\n{scheme.text}"
        assert [*fore.rows("rejects")] == [*whole.rows("rejects")], f"scheme {seed}\n{scheme.text}"
    assert ladders > SCHEMES // PARTS // 10
