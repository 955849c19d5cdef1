"""What a case gives, as rows that can be changed one by one, and the same as a person would write it. Runs nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cityrules.calendar.periods import Span
from cityrules.engines.base import Inputs
from cityrules.io.listed import ListRows
from cityrules.plan.model import Plan
from cityrules.scheme.document import ExampleBody
from cityrules.scheme.texts import as_text
from cityrules.testing.drawing.drawn import Drawn, Row, Rows
from cityrules.testing.given import prepare
from cityrules.testing.writing.table import AS_OF, VALUES, tables

Tree = Mapping[str, object]
"""Maps, lists and texts, as a document holds them; None is a missing value."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Rows of records and of registered targets by kind, and the days that are assessed; values that stand in for
    measures, by cell as written; the instant of knowledge, None for the day after the last one; what is changed in the
    document."""

    records: Rows
    targets: Rows
    span: Span
    values: Mapping[str, Row] = field(default_factory=dict)
    as_of: str | None = None
    under: Tree = field(default_factory=dict)

    @classmethod
    def of(cls, drawn: Drawn) -> Situation:
        """Drawn inputs."""
        return cls(drawn.records, drawn.targets, drawn.span)

    @classmethod
    def given(cls, body: ExampleBody, plan: Plan) -> Situation:
        """What a case gives, for the plan under its changes: repetitions unfolded, defaults filled in. Raises
        `UnreadableError`."""
        case = prepare("", body, plan)
        values = body.given.get(VALUES)
        as_of = body.given.get(AS_OF)
        return cls(
            {kind: _texts(sources) for kind, sources in case.inputs.records.items()},
            {kind: _texts(sources) for kind, sources in case.inputs.targets.items()},
            case.question.span,
            {str(name): _row(cells) for name, cells in values.items()} if isinstance(values, Mapping) else {},
            None if as_of is None else str(as_of),
            body.under,
        )

    @property
    def size(self) -> int:
        """How much a person has to read."""
        rows = [row for rows in (*self.records.values(), *self.targets.values()) for row in rows]
        cells = sum(len(cells) for cells in self.values.values())
        return sum(1 + sum(text is not None for text in row.values()) for row in rows) + 2 * cells

    def numbered(self, plan: Plan) -> Situation:
        """The same without kinds that have no row, and with records numbered anew where nothing refers to them: keys
        that are numbers need not be written."""
        referred = {other for kind in plan.records.values() for other in kind.references.values()}
        records = {}
        for name, rows in self.records.items():
            (*columns,) = plan.records[name].key
            if len(columns) == 1 and name not in referred and plan.records[name].fields[columns[0]].base == "text":
                rows = tuple({**row, columns[0]: str(number)} for number, row in enumerate(rows, 1))
            if rows:
                records[name] = rows
        targets = {kind: rows for kind, rows in self.targets.items() if rows}
        return replace(self, records=records, targets=targets)

    def smaller(self) -> Iterator[Situation]:
        """The same without some rows or values, each time others; most of them first."""
        for drawn in Drawn(self.records, self.targets, self.span).smaller():
            yield replace(self, records=drawn.records, targets=drawn.targets)
        for name, cells in self.values.items():
            yield replace(self, values={other: given for other, given in self.values.items() if other != name})
            for cell in cells if len(cells) > 1 else ():
                left = {one: text for one, text in cells.items() if one != cell}
                yield replace(self, values={**self.values, name: left})
        if self.as_of is not None:
            yield replace(self, as_of=None)

    def barer(self, plan: Plan) -> Iterator[Situation]:
        """The same without a value that may be missing."""
        for kind, rows in self.records.items():
            fields = plan.records[kind].fields
            for place, row in enumerate(rows):
                for name in row:
                    if row[name] is not None and name in fields and fields[name].optional:
                        less = {**row, name: None}
                        changed = {**self.records, kind: (*rows[:place], less, *rows[place + 1 :])}
                        yield replace(self, records=changed)

    def written(self, plan: Plan) -> dict[str, object]:
        """`under`, `defaults` and `given` of a case: the short tables of a person."""
        keys = {name: kind.key for name, kind in plan.records.items()}
        body = tables(self.records, self.targets, keys, values=self.values, as_of=self.as_of, numbered=True)
        return {"under": dict(self.under), **body} if self.under else body

    def body(self, plan: Plan, expect: Tree) -> ExampleBody:
        """The case as the library reads it."""
        return ExampleBody.model_validate({**self.written(plan), "expect": dict(expect)})

    def inputs(self) -> Inputs:
        records, targets = (
            {kind: [ListRows(kind, rows)] for kind, rows in given.items()} for given in (self.records, self.targets)
        )
        return Inputs(records, targets)


def _texts(sources: Sequence[object]) -> tuple[Row, ...]:
    found: list[Row] = []
    for source in sources:
        assert isinstance(source, ListRows)
        names = source.columns
        found += [_row(dict(zip(names, raw.texts, strict=True))) for raw in source.rows()]
    return tuple(found)


def _row(cells: object) -> Row:
    assert isinstance(cells, Mapping)
    return {str(name): None if value is None else as_text(value) for name, value in cells.items()}
