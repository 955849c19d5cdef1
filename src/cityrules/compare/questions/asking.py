"""What an office asks about: names of a scheme, values in a row, and runs of variants by their verdicts.

What cannot be asked is told before anything is run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from cityrules.compare.basis import Basis, Variant
from cityrules.compare.questions.tallies import Tally, tallies
from cityrules.compare.readings import verdicts_of
from cityrules.compare.unanswerable import Unanswerable
from cityrules.engines.base import Outcome
from cityrules.io.rows import DataError
from cityrules.plan.model import Bands, Plan, Rank
from cityrules.results.dependence import Run
from cityrules.results.verdicts import VerdictKind, acts_in, verdicts
from cityrules.scheme.notation import plain_number, scale_of
from cityrules.scheme.telling import told
from cityrules.text.diagnostic import Diagnostic
from cityrules.text.suggest import nearest

UNKNOWN_NAME: Final = "CR1120"
OF_RECORDS: Final = "CR1121"
NO_ROW: Final = "CR1122"
NO_DISTANCE: Final = "CR1127"
NO_PART: Final = "CR1118"
TOO_MANY: Final = "CR1123"
TOO_MANY_RUNS: Final = "CR1119"

MOST_VALUES: Final = 1_000
"""How many values one question may go through."""
MOST_RUNS: Final = 4_096
"""How many documents between two may be looked at for causes: all combinations of twelve changed clauses. What came of
each is kept until all are there."""

_VALUE: Final = re.compile(r"(-?[0-9]{1,50}(?:\.[0-9]{1,50})?)(\s*[^0-9\s.][^0-9]*)?")
_DISTANCE: Final = re.compile(r"[0-9]{1,50}(\.[0-9]{1,50}|/[1-9][0-9]{0,50})?")


@dataclass(frozen=True, slots=True)
class Ran:
    """A variant on the rows: its verdicts and how many there are of each. `run.failed`: why there are none."""

    run: Run
    tallies: tuple[Tally, ...] = ()


def names_asked(plan: Plan, kinds: Mapping[str, VerdictKind], of: Sequence[str]) -> dict[str, VerdictKind]:
    """The names to tell about: all that give verdicts, or those in `of`, which may be read by others. Raises
    Unanswerable for a name that there is not, and for a measure of single records."""
    if not of:
        return dict(kinds)
    found: dict[str, VerdictKind] = {}
    for name in of:
        if name not in kinds:
            known_name(plan, name)
        measure = plan.measures.get(name)
        if measure is not None and measure.of_record:
            raise Unanswerable(Diagnostic(OF_RECORDS, values={"found": name, "record": measure.grain.kind}))
        own: VerdictKind = "grade" if isinstance(measure, Bands) else "place" if isinstance(measure, Rank) else "value"
        found[name] = kinds.get(name) or own
    return found


def known_name(plan: Plan, name: str) -> None:
    """Raises Unanswerable for a name that is no measure, consequence or check."""
    known = [*plan.measures, *plan.consequences, *plan.checks]
    if name not in known:
        near = nearest(name, known)
        more = {"suggestion": near} if near else {}
        raise Unanswerable(Diagnostic(UNKNOWN_NAME, values={"found": name, "expected": ", ".join(known), **more}))


def kinds_asked(basis: Basis, others: Iterable[Variant], of: Sequence[str]) -> dict[str, VerdictKind]:
    """The same for a document and its variants."""
    plans = [one.plan for one in others if one.plan is not None]
    return names_asked(basis.plan, verdicts_of(basis.loaded, basis.plan, plans), of)


def ran(basis: Basis, plan: Plan, kinds: Mapping[str, VerdictKind], name: str = "") -> Ran:
    """What a plan comes to on the rows. Raises DataError where it cannot be run on them."""
    return result_of(plan, basis.run(plan), kinds, name)


def result_of(plan: Plan, outcome: Outcome, kinds: Mapping[str, VerdictKind], name: str = "") -> Ran:
    """The verdicts of an outcome about some names, and how many there are of each."""
    withheld = frozenset(one.name for one in plan.withheld)
    own = {each: kind for each, kind in kinds.items() if each not in withheld}
    acted = acts_in(outcome.tables, own)
    found = verdicts(outcome.tables, own, acted)
    return Ran(Run(name, found, withheld=withheld), tallies(plan, acted, own, found))


def tried(basis: Basis, variant: Variant, kinds: Mapping[str, VerdictKind]) -> Ran:
    """The same of a variant; one that is no good document, or cannot be run on these rows, says why."""
    if variant.plan is None:
        return Ran(Run(variant.name, {}, variant.failed))
    try:
        return ran(basis, variant.plan, kinds, variant.name)
    except DataError as problem:
        return Ran(Run(variant.name, {}, told(problem.diagnostics, basis.loaded.language)))


def value_row(first: object, last: object, step: object) -> tuple[str, ...]:
    """The values from `first` up to `last` (included where a step comes to it), exact, as texts with as many digits as
    they need; a unit or % behind the first stands behind all. Raises Unanswerable."""
    given = {"first": str(first), "last": str(last), "step": str(step)}
    read = [_VALUE.fullmatch(str(one).strip()) for one in (first, last, step)]
    if any(isinstance(one, float) for one in (first, last, step)) or not all(read):
        raise Unanswerable(Diagnostic(NO_ROW, values=given))
    numbers = [Fraction(one[1]) for one in read if one is not None]
    units = [(one[2] or "") for one in read if one is not None]
    low, high, by = numbers
    if by <= 0 or high < low or any(unit.strip() not in ("", units[0].strip()) for unit in units):
        raise Unanswerable(Diagnostic(NO_ROW, values=given))
    number = (high - low) // by + 1
    if number > MOST_VALUES:
        raise Unanswerable(too_many(number))
    digits = max(scale_of(one) or 0 for one in (low, by))
    return tuple(_written(low + by * place, digits) + units[0] for place in range(number))


def distance(given: object) -> Fraction:
    """An exact number that is not less than 0. Raises Unanswerable."""
    text = plain_number(given) if isinstance(given, Fraction) else str(given).strip()
    if isinstance(given, float) or _DISTANCE.fullmatch(text) is None:
        raise Unanswerable(Diagnostic(NO_DISTANCE, values={"found": str(given)[:60]}))
    return Fraction(text)


def part(given: object) -> Fraction:
    """A part of a number, above 0: `0.05`, `1/20` or `5%`. Raises Unanswerable."""
    text = plain_number(given) if isinstance(given, Fraction) else str(given).strip()
    number = text.removesuffix("%").removesuffix("％").rstrip()
    if isinstance(given, float) or _DISTANCE.fullmatch(number) is None or not Fraction(number):
        raise Unanswerable(Diagnostic(NO_PART, values={"found": str(given)[:60]}))
    return Fraction(number) / (1 if number == text else 100)


def runs_asked(runs: int) -> int:
    """How many documents may be looked at for causes. Raises ValueError below 2, Unanswerable where it is too many."""
    if runs < 2:
        raise ValueError("runs is 2 at least: the two documents themselves")
    if runs > MOST_RUNS:
        raise Unanswerable(Diagnostic(TOO_MANY_RUNS, values={"found": f"{runs:,}", "limit": f"{MOST_RUNS:,}"}))
    return runs


def too_many(number: int) -> Diagnostic:
    return Diagnostic(TOO_MANY, values={"found": str(number), "limit": f"{MOST_VALUES:,}"})


def _written(value: Fraction, digits: int) -> str:
    """An exact decimal, all of a row with the same digits."""
    text = plain_number(value)
    whole, _, rest = text.partition(".")
    return f"{whole}.{rest.ljust(digits, '0')}" if digits else whole
