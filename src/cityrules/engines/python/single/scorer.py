"""Scoring one record at a time: a plan compiled to Python for the rules over one kind of records.

A measurement on one core: a record of nine fields through validation, three derived measures and twenty rules takes
two to three microseconds (`bench/bench_record.py`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from cityrules.calendar.periods import Periods
from cityrules.engines.python.single.admission import RecordError
from cityrules.engines.python.single.generated import Generated, generate
from cityrules.engines.python.single.hits import Beyond, Hit, Hits, Problem
from cityrules.plan.model import Plan, RecordKind

if TYPE_CHECKING:
    from pydantic import BaseModel

__all__ = ["Beyond", "Hit", "Hits", "Problem", "RecordError", "RecordScorer", "compile_record"]

Score = Callable[[Any, dt.datetime | None], Hits]


class RecordScorer:
    """Scores single records of one kind. Made by `compile_record`; safe to share between threads.

    `beyond`: rules over the kind that a single record cannot be scored by, conditions on which it is accepted that it
    cannot be tried by, and the names they need besides; they are left out of every answer. `source`: the generated
    Python, for inspection. `score`: the function that it defines, which a loop over many records may call without the
    step through this object.
    """

    def __init__(self, kind: RecordKind, periods: Periods, generated: Generated) -> None:
        self.kind = kind
        self._periods = periods
        self.source = generated.source
        self.beyond = generated.beyond
        self.reads_as_of = generated.reads_as_of
        self.ledgers = tuple(name for name, _ in generated.shape.ledgers)
        self.measures = tuple(name for name, _ in generated.shape.derived)
        space = {"__builtins__": {}, **generated.space}
        # Source of our own making: generated names, whole numbers and quoted constants, and no built-in in reach.
        exec(compile(generated.source, f"<record {kind.name!a}>", "exec"), space)  # noqa: S102
        self.score = cast(Score, space["score"])

    def __call__(self, record: Any, as_of: dt.datetime | None = None) -> Hits:
        """The hits of every rule within reach: precedence inside groups applied, caps (which belong to a cell) not.

        `record`: a mapping of the declared fields, as texts or as typed values (`int`, `Decimal`, `date`, `str`,
        `bool`), or an object with an attribute for each, such as an instance of `model`. `as_of` is the instant of
        knowledge (local civil time); it must be given when a rule reads it, and a record dated after it is refused.

        Raises RecordError for a record that is not acceptable, naming each field and reason.
        """
        return self.score(record, as_of)

    @cached_property
    def model(self) -> type[BaseModel]:
        """A typed pydantic model of the record, made when it is first asked for."""
        from cityrules.model.typed import record_model

        return record_model(self.kind, self._periods)


def compile_record(plan: Plan, kind: str) -> RecordScorer:
    """The scorer of a dated kind of records. Raises KeyError for a kind that the plan does not have, ValueError for
    one whose rows are not dated (`one_per`), since no rule runs over those."""
    record = plan.records[kind]
    if record.dated is None:
        raise ValueError(f"records of the kind {kind!r} are not dated: no rule runs over them")
    return RecordScorer(record, plan.periods, generate(plan, record))
