"""One address of a document under many values: how many verdicts of each sort, and who changes from which to which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cityrules.compare.basis import Basis, varied
from cityrules.compare.misplaced import misplaced
from cityrules.compare.questions.asking import MOST_VALUES, kinds_asked, ran, too_many, tried
from cityrules.compare.questions.moves import Moved, moves
from cityrules.compare.questions.tallies import Tally
from cityrules.compare.unanswerable import Unanswerable
from cityrules.results.dependence import Run
from cityrules.results.format import fraction_text
from cityrules.results.tables import Column, Row, Shape, Table
from cityrules.results.verdicts import About
from cityrules.scheme.load import Loaded
from cityrules.scheme.notation import NotationError
from cityrules.scheme.raw import plain_value
from cityrules.scheme.texts import as_text
from cityrules.testing.writing.layout import flow
from cityrules.text.diagnostic import Diagnostic, Language, Report
from cityrules.text.show import to_json

SWEEP: Final = Shape(
    "sweep",
    (
        *map(Column, ("address", "value")),
        Column("written", "flag"),
        *map(Column, ("kind", "name", "label", "state", "result")),
        Column("number", "integer"),
        *map(Column, ("total", "unit")),
    ),
)
"""One row is how many verdicts of one sort there are under one value. `written`: the value is that of the document as
it is. `total`: the exact sum of what the verdicts say, of consequences of the amounts."""

SWEEP_MOVES: Final = Shape(
    "sweep_moves",
    tuple(
        map(
            Column,
            (
                *("address", "value", "against", "kind", "name", "target_kind", "target", "dimension", "period"),
                *("record_kind", "record", "state_before", "before", "state_after", "after"),
            ),
        )
    ),
)
"""One row is a verdict that is otherwise under a value than `against` it: under the document as `written`, or under the
value `before` in the row of values."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What comes of one value (None: what stands there is taken out). `moved`: against the document as it is; `newly`:
    against the value before, among those that could be run (of the first: the document). `failed`: why it cannot."""

    value: str | None
    tallies: tuple[Tally, ...]
    moved: tuple[Moved, ...]
    newly: tuple[Moved, ...]
    failed: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Sweep:
    """An address under many values. `written`: what stands there in the document (None: nothing, or no single value);
    `as_written`: what the document as it is comes to."""

    address: str
    clause: str | None
    written: str | None
    as_written: tuple[Tally, ...]
    values: tuple[Swept, ...]

    @property
    def tables(self) -> dict[str, Table]:
        """All of it as two tables, of the shapes `SWEEP` and `SWEEP_MOVES`."""
        return {"sweep": self.table, "sweep_moves": Table(SWEEP_MOVES, self._moves)}

    @property
    def table(self) -> Table:
        """The numbers alone."""
        return Table(SWEEP, self._rows)

    def _rows(self) -> Iterator[Row]:
        yield from (self._row(self.written, True, tally) for tally in self.as_written)
        for one in self.values:
            yield from (self._row(one.value, False, tally) for tally in one.tallies)

    def _row(self, value: str | None, written: bool, one: Tally) -> Row:
        total = None if one.total is None else fraction_text(one.total)
        counted = (one.kind, one.name, one.label, one.state, one.result, one.number, total, one.unit)
        return (self.address, value, written, *counted)

    def _moves(self) -> Iterator[Row]:
        for one in self.values:
            for against, found in (("written", one.moved), ("before", one.newly)):
                for move in found:
                    yield (self.address, one.value, against, *_cells(move))

    def to_json(self, language: Language = "en") -> dict[str, Any]:
        """The same for machines; `language` is that of the reasons why a value could not be run."""
        return {
            "address": self.address,
            "clause": self.clause,
            "written": self.written,
            "as_written": [_counted(tally) for tally in self.as_written],
            "values": [
                {
                    "value": one.value,
                    "failed": [to_json(diagnostic, language) for diagnostic in one.failed],
                    "tallies": [_counted(tally) for tally in one.tallies],
                    "moved": [_told(move) for move in one.moved],
                    "newly": [_told(move) for move in one.newly],
                }
                for one in self.values
            ],
        }


def sweep(basis: Basis, path: str, values: Iterable[object], of: Sequence[str] = ()) -> Sweep:
    """Run the document with each of the values at an address, one after the other. `of`: the names that are told about
    (all that give verdicts). Raises Unanswerable for an address that the document does not have, names that it does not
    have, and too many values; DataError where the document as it is cannot be run on the rows."""
    given = list(values)
    if len(given) > MOST_VALUES:
        raise Unanswerable(too_many(len(given)))
    variants = [varied(basis.loaded, {path: value}, _text(value) or "") for value in given]
    slips = misplaced(basis.loaded, path, [one.failed for one in variants])
    if slips:
        raise Unanswerable(*slips)
    kinds = kinds_asked(basis, variants, of)
    first = ran(basis, basis.plan, kinds)
    before: Run = first.run
    found: list[Swept] = []
    for value, variant in zip(given, variants, strict=True):
        one = tried(basis, variant, kinds)
        if one.run.failed:
            found.append(Swept(_text(value), (), (), (), one.run.failed))
            continue
        against = moves(first.run, one.run, kinds), moves(before, one.run, kinds)
        found.append(Swept(_text(value), one.tallies, *against))
        before = one.run
    return Sweep(path, clause_at(basis.loaded, path), written_at(basis.loaded, path), first.tallies, tuple(found))


def written_at(loaded: Loaded, path: str) -> str | None:
    """The single value that stands at an address of a document."""
    value: Any = loaded.raw
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return None if isinstance(value, (dict, list, tuple)) else _text(value)


def clause_at(loaded: Loaded, path: str) -> str | None:
    """The clause that what stands at an address rests on: its own, or that of the body round it."""
    value: Any = loaded.raw
    found = None
    for name in path.split("."):
        if not isinstance(value, dict):
            break
        found = value.get("clause", found)
        value = value.get(name)
    if isinstance(value, dict):
        found = value.get("clause", found)
    return None if found is None else str(found)


def _text(value: object) -> str | None:
    """A value as a document has it: maps and lists on one line. None: there is none."""
    report = Report()
    plain = plain_value(value, report, ())
    if value is None or report.failed:
        return None if value is None else str(value)
    return flow(_leaves(plain)) if isinstance(plain, (dict, list)) else _single(plain)


def _leaves(value: object) -> object:
    if isinstance(value, dict):
        return {name: _leaves(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_leaves(inner) for inner in value]
    return None if value is None else _single(value)


def _single(value: object) -> str:
    try:
        return as_text(value)
    except NotationError:
        return str(value)  # No document can have it, which is what is told of it.


def _cells(one: Moved) -> tuple[str | None, ...]:
    where = (getattr(one.about, name) for name in About.__slots__)
    said = (one.before.state, one.before.text, one.after.state, one.after.text)
    return (one.kind, *where, *said)


def _told(one: Moved) -> dict[str, Any]:
    return dict(zip(SWEEP_MOVES.names[3:], _cells(one), strict=True))


def _counted(one: Tally) -> dict[str, Any]:
    total = None if one.total is None else fraction_text(one.total)
    named = {"kind": one.kind, "name": one.name, "label": one.label, "state": one.state, "result": one.result}
    return named | {"number": one.number, "total": total, "unit": one.unit}
