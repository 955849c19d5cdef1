"""Properties of two assessments that have to say the same: other order of rows, other files, all of it twice, without
what is not used, on another engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from cityrules.engines.base import Inputs, Outcome
from cityrules.io.listed import ListRows
from cityrules.testing.drawing.choices import Choices
from cityrules.testing.drawing.drawn import Drawn, Row, Rows
from cityrules.testing.properties.subject import EVERY, Broken, Found, Subject, Trial, inputs_of, rows, unlike

_DUPLICATE = "duplicate"
_OUTSIDE = "outside_period"


class Order:
    """In whatever order rows come, all that is computed of them is the same, and as many are refused for the same
    reasons. (Which of two equal rows is called the second, does depend on it.)"""

    name = "order"

    def applies(self, subject: Subject) -> bool:
        return True

    def trial(self, subject: Subject, choices: Choices) -> Trial:
        drawn = inputs_of(subject, choices)
        shuffled = [
            {kind: tuple(choices.some(given, len(given))) for kind, given in part.items()}
            for part in (drawn.records, drawn.targets)
        ]
        return Trial(drawn, replace(drawn, records=shuffled[0], targets=shuffled[1]))

    def broken(self, subject: Subject, trial: Trial) -> Broken | None:
        one, other = subject.assess(trial.drawn), subject.assess(trial.more)
        found = unlike(one, other) or _refused_unlike(one, other, ("kind", "reasons"))
        return None if found is None else replace(found, done={"order": _order(trial.drawn, trial.more)})


class Files:
    """However rows are spread over files, everything is the same but the numbers of rows that are refused."""

    name = "files"

    def applies(self, subject: Subject) -> bool:
        return True

    def trial(self, subject: Subject, choices: Choices) -> Trial:
        drawn = inputs_of(subject, choices)
        every = {**drawn.records, **drawn.targets}
        # Of each kind the places at which a new file begins.
        cuts = {kind: tuple(sorted(choices.whole(0, len(given)) for _ in range(2))) for kind, given in every.items()}
        return Trial(drawn, cuts)

    def broken(self, subject: Subject, trial: Trial) -> Broken | None:
        drawn: Drawn = trial.drawn
        inputs = Inputs(*(_cut(part, trial.more) for part in (drawn.records, drawn.targets)))
        one, other = subject.assess(drawn), subject.assess(drawn, inputs)
        found = unlike(one, other) or _refused_unlike(one, other, ("kind", "key", "reasons", "values"))
        cuts = "; ".join(f"{kind}: {', '.join(map(str, at))}" for kind, at in trial.more.items() if any(at))
        return None if found is None else replace(found, done={"files": cuts})


class Twice:
    """Whoever hands in all rows once more changes nothing: they are refused as duplicates."""

    name = "twice"

    def applies(self, subject: Subject) -> bool:
        return True

    def trial(self, subject: Subject, choices: Choices) -> Trial:
        return Trial(inputs_of(subject, choices))

    def broken(self, subject: Subject, trial: Trial) -> Broken | None:
        drawn = trial.drawn
        given = [{kind: (*rows_, *rows_) for kind, rows_ in part.items()} for part in (drawn.records, drawn.targets)]
        one = subject.assess(drawn)
        other = subject.assess(replace(drawn, records=given[0], targets=given[1]))
        return unlike(one, other) or _other_reasons(one, other)


class Refused:
    """A row that is not used (annulled by a condition of its kind, a duplicate, superseded, unreadable) is as good as
    absent. Rows outside of what is assessed are left out of this: others may refer to them."""

    name = "refused"

    def applies(self, subject: Subject) -> bool:
        return bool(subject.plan.records)

    def trial(self, subject: Subject, choices: Choices) -> Trial:
        return Trial(inputs_of(subject, choices))

    def broken(self, subject: Subject, trial: Trial) -> Broken | None:
        one = subject.assess(trial.drawn)
        gone = {(row["kind"], row["row"]) for row in rows(one, "rejects") if not _may_count(row)}
        if not gone:
            return None
        records, targets = (
            {
                kind: tuple(row for number, row in enumerate(given, 1) if (kind, number) not in gone)
                for kind, given in part.items()
            }
            for part in (trial.drawn.records, trial.drawn.targets)
        )
        found = unlike(one, subject.assess(replace(trial.drawn, records=records, targets=targets)))
        told = ", ".join(f"{kind} {number}" for kind, number in sorted(gone))
        return None if found is None else replace(found, done={"gone": told})


class Agreement:
    """Another engine says the same of every cell, row by row."""

    name = "engines"

    def applies(self, subject: Subject) -> bool:
        return subject.against is not None

    def trial(self, subject: Subject, choices: Choices) -> Trial:
        return Trial(inputs_of(subject, choices))

    def broken(self, subject: Subject, trial: Trial) -> Broken | None:
        assert subject.against is not None
        question = trial.drawn.question(subject.plan)
        other = subject.against.assess(subject.plan, trial.drawn.inputs, question)
        found = unlike(subject.assess(trial.drawn), other, EVERY)
        names = {"first": subject.engine.name, "second": subject.against.name}
        return None if found is None else replace(found, done=names)


def _refused_unlike(one: Outcome, other: Outcome, columns: Sequence[str]) -> Broken | None:
    """How the rows that are not used differ by some columns, in whatever order."""
    counts = [Counter(tuple(row[name] for name in columns) for row in rows(each, "rejects")) for each in (one, other)]
    return _counted(*counts)


def _other_reasons(one: Outcome, other: Outcome) -> Broken | None:
    """The same, duplicates and repetitions left out."""
    columns = ("kind", "key", "reasons", "values")
    every = [
        Counter({tuple(row[name] for name in columns) for row in rows(each, "rejects") if row["reasons"] != _DUPLICATE})
        for each in (one, other)
    ]
    return _counted(*every)


def _counted(one: Counter[tuple[object, ...]], other: Counter[tuple[object, ...]]) -> Broken | None:
    if one == other:
        return None
    less, more = one - other, other - one
    lines = [f"rejects {sign} {row}" for sign, found in (("-", less), ("+", more)) for row in found]
    first = next(iter(less or more))
    return Broken(
        "rejects", str(first[0]), str(len(list(less.elements()))), str(len(list(more.elements()))), tuple(lines)
    )


def _may_count(row: Found) -> bool:
    """Whether a row that is not used can still be referred to, or corrected."""
    return all(reason.rpartition(": ")[2] == _OUTSIDE for reason in str(row["reasons"]).split("; "))


def _cut(given: Rows, cuts: Mapping[str, Sequence[int]]) -> dict[str, list[ListRows]]:
    def parts(kind: str, every: tuple[Row, ...]) -> list[ListRows]:
        ends = (0, *cuts[kind], len(every))
        found = [every[start:end] for start, end in pairwise(ends)]
        return [ListRows(kind, part) for part in found if part] or [ListRows(kind, ())]

    return {kind: parts(kind, every) for kind, every in given.items()}


def _order(one: Drawn, other: Drawn) -> str:
    """The order of the rows of each kind that has another one, by their numbers."""
    told = []
    for part in ("records", "targets"):
        for kind, given in getattr(one, part).items():
            left = list(range(1, len(given) + 1))
            numbers = [next(n for n in left if given[n - 1] is row) for row in getattr(other, part)[kind]]
            if numbers != left:
                told.append(f"{kind}: {', '.join(map(str, numbers))}")
    return "; ".join(told)
