"""Which verdicts are otherwise under one text than under another, on the same rows. Runs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cityrules.results.dependence import Run
from cityrules.results.verdicts import VERDICT_KINDS, About, Verdict, VerdictKind, same


@dataclass(frozen=True, slots=True)
class Moved:
    """A verdict that is otherwise, and both."""

    about: About
    kind: VerdictKind
    before: Verdict
    after: Verdict


def moves(before: Run, after: Run, kinds: Mapping[str, VerdictKind]) -> tuple[Moved, ...]:
    """What differs between two runs about the names in `kinds`: grades first, checks last; about one name by period and
    target. Of numbers the value counts, not how many digits are written."""
    found = []
    for about in {*before.verdicts, *after.verdicts}:
        if before.verdicts.get(about) == after.verdicts.get(about):
            continue  # What is withheld has no verdict in its run.
        kind = kinds[about.name]
        one, other = before.about(about, kind), after.about(about, kind)
        if same(kind, one) != same(kind, other):
            found.append(Moved(about, kind, one, other))
    return tuple(sorted(found, key=_place))


def _place(one: Moved) -> tuple[int, str, tuple[str, ...]]:
    about = one.about
    where = (about.period, about.target_kind, about.target, about.dimension, about.record_kind, about.record)
    return VERDICT_KINDS.index(one.kind), about.name, tuple(part or "" for part in where)
