"""Which number in a scheme moves most verdicts: each of them one step up and down, on the same rows."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from cityrules.compare.basis import Basis, varied_at
from cityrules.compare.questions.asking import kinds_asked, ran, tried
from cityrules.compare.questions.moves import moves
from cityrules.compare.questions.numbers import Placed, numbers_in
from cityrules.compare.questions.sweep import clause_at
from cityrules.compare.unanswerable import Unanswerable
from cityrules.results.format import fraction_text
from cityrules.results.tables import Column, Row, Shape, Table
from cityrules.results.verdicts import VERDICT_KINDS, VerdictKind
from cityrules.scheme.load import Loaded
from cityrules.text.diagnostic import Diagnostic, Language
from cityrules.text.show import to_json

NO_NUMBER: Final = "CR1124"

SENSITIVITY: Final = Shape(
    "sensitivity",
    (
        *map(Column, ("address", "clause", "label", "written", "number", "instead")),
        Column("moved", "integer"),
        *(Column(kind, "integer") for kind in VERDICT_KINDS),
        Column("failed"),
    ),
)
"""One row is a number of the document with another `instead`: how many verdicts are otherwise, in all (`moved`) and by
kind. `written`: the text that the number stands in. `failed`: the codes of why it cannot be run, where it cannot; then
nothing is counted."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Another number, and how many verdicts of each kind are otherwise with it. `failed`: why it cannot be run."""

    instead: Fraction
    moved: Mapping[VerdictKind, int]
    failed: tuple[Diagnostic, ...] = ()

    @property
    def weight(self) -> tuple[int, int]:
        """By what trials are ordered: grades, places, consequences and checks first, then numbers."""
        numbers = self.moved.get("value", 0)
        return sum(self.moved.values()) - numbers, numbers


@dataclass(frozen=True, slots=True)
class Sensitive:
    """A number of the document, and what comes of a step down and a step up, as far as the text can have them."""

    placed: Placed
    clause: str | None
    label: str | None
    trials: tuple[Trial, ...]

    @property
    def weight(self) -> tuple[int, int]:
        return max((trial.weight for trial in self.trials), default=(0, 0))

    @property
    def moves(self) -> bool:
        return self.weight != (0, 0)


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """All numbers of a document, what moves most first. `step`: the part of the number that a step is (at least one
    unit of its last digit); None: one unit of its last digit. `verdicts`: how many there are in all."""

    step: Fraction | None
    numbers: tuple[Sensitive, ...]
    verdicts: int

    @property
    def table(self) -> Table:
        """All of it as one table of the shape `SENSITIVITY`."""
        return Table(SENSITIVITY, self._rows)

    def _rows(self) -> Iterator[Row]:
        for one in self.numbers:
            at = one.placed
            for trial in one.trials:
                codes = ", ".join(dict.fromkeys(each.code for each in trial.failed)) or None
                counted = [None if codes else trial.moved.get(kind, 0) for kind in VERDICT_KINDS]
                total = None if codes else sum(trial.moved.values())
                named = (at.address, one.clause, one.label, at.text, at.written, fraction_text(trial.instead))
                yield (*named, total, *counted, codes)

    def to_json(self, language: Language = "en") -> dict[str, Any]:
        """The same for machines; `language` is that of the reasons why a number could not be run."""
        return {
            "step": None if self.step is None else fraction_text(self.step),
            "verdicts": self.verdicts,
            "numbers": [
                {
                    "address": one.placed.address,
                    "clause": one.clause,
                    "label": one.label,
                    "written": one.placed.text,
                    "number": one.placed.written,
                    "trials": [
                        {
                            "instead": fraction_text(trial.instead),
                            "moved": dict(trial.moved),
                            "failed": [to_json(diagnostic, language) for diagnostic in trial.failed],
                        }
                        for trial in one.trials
                    ],
                }
                for one in self.numbers
            ],
        }


def sensitivity(
    basis: Basis, step: Fraction | None = None, only: str | None = None, of: Sequence[str] = ()
) -> Sensitivity:
    """Run the document with each of its numbers a step lower and a step higher. `only`: the numbers at or below an
    address. Raises Unanswerable where there are none, DataError where the document as it is cannot be run."""
    raw = basis.loaded.raw
    found = [one for one in numbers_in(raw) if only is None or _below(one, only)]
    if not found:
        raise Unanswerable(Diagnostic(NO_NUMBER, values={"found": only or basis.loaded.document.scheme}))
    kinds = kinds_asked(basis, (), of)
    first = ran(basis, basis.plan, kinds)
    numbers = []
    for one in found:
        trials = []
        for instead in beside(one, step):
            if not one.possible(raw, instead):
                continue
            ours = tried(basis, varied_at(basis.loaded, one.change(raw, instead)), kinds)
            moved: Counter[VerdictKind] = Counter()
            if not ours.run.failed:
                moved.update(move.kind for move in moves(first.run, ours.run, kinds))
            trials.append(Trial(instead, {kind: moved[kind] for kind in VERDICT_KINDS if moved[kind]}, ours.run.failed))
        path = ".".join(one.path)
        numbers.append(Sensitive(one, clause_at(basis.loaded, path), _label(basis.loaded, one), tuple(trials)))
    # What moves alike stays in the order of the text.
    numbers.sort(key=lambda each: each.weight, reverse=True)
    return Sensitivity(step, tuple(numbers), len(first.run.verdicts))


def beside(one: Placed, step: Fraction | None) -> tuple[Fraction, Fraction]:
    """A step down from a number and a step up. A part of it is rounded up to whole units of its last digit."""
    size = one.unit
    if step is not None:
        size = max(Fraction(math.ceil(abs(one.value) * step / size)), Fraction(1)) * size
    return one.value - size, one.value + size


def _below(one: Placed, address: str) -> bool:
    return one.address == address or one.address.startswith(f"{address}.")


def _label(loaded: Loaded, one: Placed) -> str | None:
    """The label of the nearest body round a number that has one."""
    value: Any = loaded.raw
    found = None
    for name in one.path:
        if not isinstance(value, dict):
            break
        found = value.get("label", found) if value is not loaded.raw else found
        value = value.get(name)
    return None if found is None else str(found)
