"""Records and targets judged by several editions, each in its own time, as one assessment. Names no engine.

Each edition is run over all that is assessed, on the rows of the kinds that it has, and computes its own cells only;
what others came to in theirs is given to it. Editions are run in order of time, and again where what they are given has
changed since, until nothing does: then every cell is what the edition that judges it makes of what it reads.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from cityrules.calendar.periods import Span
from cityrules.compare.editions.carried import Came, Carried, carried, own_cells
from cityrules.compare.editions.edition import Edition, days_assessed, in_force
from cityrules.compare.editions.guarded import guarded, not_known
from cityrules.compare.editions.merged import merged
from cityrules.compare.editions.opening import known_before
from cityrules.compare.editions.seen import as_seen, of_no_edition
from cityrules.compare.editions.spanning import names, sights
from cityrules.engines.base import CellKey, Inputs, Outcome, Question
from cityrules.engines.firsts import first_days
from cityrules.engines.opening import opening_values
from cityrules.feel.tree import Value
from cityrules.io.rows import DataError, Rows
from cityrules.plan.model import Plan
from cityrules.results.tables import Table
from cityrules.text.diagnostic import Diagnostic

NO_END: Final = "CR1156"

Given = Mapping[str, Mapping[CellKey, Value]]
Assess = Callable[[Plan, Inputs, Question], Outcome]


@dataclass(frozen=True, slots=True)
class Judged:
    """What one edition came to. `plan`: its own, in force in all that is assessed; `cells`: its own cells by measure
    and key."""

    edition: Edition
    plan: Plan
    outcome: Outcome
    cells: frozenset[tuple[str, CellKey]]


@dataclass(frozen=True, slots=True)
class JudgedByEditions:
    """The editions in force in what was assessed, in order of time, and the tables of all of them together."""

    parts: tuple[Judged, ...]
    tables: Mapping[str, Table]


def judge_all(
    editions: Sequence[Edition],
    inputs: Inputs,
    span: Span,
    as_of: dt.datetime,
    before: Sequence[Rows],
    assess: Assess,
) -> JudgedByEditions:
    """Assess a span by the editions that are in force in it. `before`: the table `values` of an earlier assessment.

    Raises DataError for inputs that cannot be read, for values that cannot be gone on from, and where two editions read
    each other's cells in a circle.
    """
    active = in_force(editions, days_assessed(editions, span))
    asked = [_Asked(editions, active, at, inputs, span, before) for at in range(len(active))]
    came: dict[int, Sequence[Came]] = {}
    runs: dict[int, tuple[Carried, Outcome]] = {}
    # Each round settles at least the cells that read only settled ones of others.
    most = 2 * len(active) + sum(len(one.plan.measures) for one in active)
    for _ in range(most):
        changed = False
        for at, one in enumerate(asked):
            given = carried(active, at, one.seen, came)
            if at in runs and runs[at][0] == given:
                continue
            changed = True
            outcome = one.run(given, span, as_of, assess)
            runs[at] = given, outcome
            came[at] = own_cells(active, at, outcome, one.firsts)
        if not changed:
            break
    else:
        raise DataError([Diagnostic(NO_END, values={"editions": ", ".join(one.name for one in active)})])
    wrong = [one for given, _ in runs.values() for one in given.wrong]
    if wrong:
        raise DataError(wrong)
    parts = tuple(
        Judged(
            one,
            replace(one.plan, in_force_from=active[0].plan.in_force_from, in_force_until=active[-1].until),
            runs[at][1],
            frozenset((own.measure, own.key) for own in came[at]),
        )
        for at, one in enumerate(active)
    )
    firsts = [one.firsts for one in asked]
    tables = merged(active, [one.outcome for one in parts], firsts, tuple(of_no_edition(active, inputs)))
    return JudgedByEditions(parts, tables)


class _Asked:
    """One of the editions in force, made ready to be run."""

    def __init__(
        self,
        editions: Sequence[Edition],
        active: Sequence[Edition],
        at: int,
        inputs: Inputs,
        span: Span,
        before: Sequence[Rows],
    ) -> None:
        self._active, self._at = active, at
        plan = active[at].plan
        self._inputs = as_seen(active, at, inputs)
        self.firsts = first_days(plan, inputs)
        self._opening: Given = {}
        if before:
            place = editions.index(active[at])
            every = {name for one in editions for name in one.plan.measures}
            rows = [known_before(editions, place, one) for one in before]
            self._opening = opening_values(plan, rows, span, self.firsts, every)
        looked = {name for place in range(1, len(active)) for name in self._looked(place)}
        self.seen = frozenset(name for one in looked for name in names(plan, one))

    def _looked(self, place: int) -> Iterator[str]:
        """The measures that the edition looks at over the first day of the edition at a place. At those of the time
        after its own it looks only where a cut period is the earlier edition's, and at timeless ones."""
        plan, border = self._active[self._at].plan, self._active[place]
        ahead = place > self._at
        for one in sights(self._active[self._at], border):
            timeless = one.thing == "measure" and plan.measures[one.name].grain.period is None
            if one.thing == "measure" and (not ahead or timeless or not all(border.later.values())):
                yield one.name

    def run(self, given: Carried, span: Span, as_of: dt.datetime, assess: Assess) -> Outcome:
        """What the edition comes to, going on from what others came to."""
        plan = guarded(self._active, self._at, given.lost)
        cells: dict[str, dict[CellKey, Value]] = {name: dict(found) for name, found in self._opening.items()}
        for name, found in given.values.items():
            cells.setdefault(name, {}).update(found)
        for name, keys in given.lost.items():
            cells[not_known(name)] = dict.fromkeys(keys)
        return assess(plan, self._inputs, Question(span, as_of, cells))
