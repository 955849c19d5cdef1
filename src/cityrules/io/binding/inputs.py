"""The tables of a host, opened and bound: rows by kind, as an assessment takes them. Knows no document text."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final, cast

from cityrules.io.binding.check import Fields, fields_of, kind_of
from cityrules.io.binding.document import BindingField, BindingRows, BindingTable
from cityrules.io.binding.load import LoadedBinding
from cityrules.io.binding.rows import BoundRows, Choice, reader
from cityrules.io.columns import UNREADABLE
from cityrules.io.csv import CsvRows
from cityrules.io.grammar import SINCE_COLUMN, UNTIL_COLUMN
from cityrules.io.open import open_sources
from cityrules.io.rows import DataError, Rows
from cityrules.io.sheet import SheetRows
from cityrules.plan.model import Plan
from cityrules.scheme.places import Path as Address
from cityrules.scheme.reporting import listed
from cityrules.text.diagnostic import Diagnostic, Language, Report
from cityrules.text.suggest import nearest

NOT_GIVEN: Final = "CR588"
GIVEN_TWICE: Final = "CR589"
NO_COLUMN: Final = "CR590"


@dataclass(frozen=True)
class Binding:
    """A binding that was checked against the scheme of `plan`. Made by `Scheme.binding`; frozen."""

    _loaded: LoadedBinding
    plan: Plan
    language: Language = "en"
    """The language of its keywords, which complaints about it are in."""

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the host's tables that it reads."""
        return tuple(self._loaded.document.tables)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds that it makes rows of."""
        return frozenset(body.to for body in self._loaded.document.rows.values())

    def rows(self, tables: Mapping[str, object]) -> Mapping[str, Sequence[Rows]]:
        """The rows of each kind, from the host's tables by name: whatever `assess` takes as rows of a kind.

        Raises DataError for a table that is not given or cannot be read, and for a column that is not there.
        """
        document, report = self._loaded.document, Report()
        for name in document.tables:
            if name not in tables:
                report.add(NOT_GIVEN, self._loaded.places.key_span(("tables", name)), f"tables.{name}", found=name)
        if report.failed:
            raise self._wrong(report)
        sources = {name: tuple(_opened(body, tables[name], name)) for name, body in document.tables.items()}
        found: dict[str, list[Rows]] = {}
        shown: set[str] = set()
        for name, body in document.rows.items():
            for source in sources[body.from_]:
                bound = self._bound(("rows", name), body, source, body.from_ not in shown, report)
                found.setdefault(body.to, []).append(bound)
            shown.add(body.from_)
        if report.failed:
            raise self._wrong(report)
        return found

    def _wrong(self, report: Report) -> DataError:
        """In the words of the binding; what is quoted are data and names, which stay as they are."""
        return DataError([replace(each, words=self.language) for each in report])

    def _bound(self, path: Address, body: BindingRows, source: Rows, tells: bool, report: Report) -> BoundRows:
        kind = kind_of(self.plan, body.to)
        assert kind is not None, "the check has seen to it"
        fields = fields_of(kind)
        drawn = dict(_sources(body, fields, source))
        there = {column: place for place, column in enumerate(source.columns)}
        self._check(path, body, drawn, fields, source, report)
        if report.failed:
            return BoundRows(source, (), (), None, None, False)
        table = self._loaded.document.tables[body.from_]
        uses = [use for use in self._loaded.document.rows.values() if use.from_ == body.from_]
        return BoundRows(
            source,
            tuple(drawn),
            tuple(reader(part, there) for part in drawn.values()),
            _choice(body, there),
            tuple(choice for use in uses if (choice := _choice(use, there)) is not None) if tells else None,
            table.unlisted == "reject",
            # An empty list of Python objects has no columns at all: then there is no row that could lack one.
            optional_columns=not there,
        )

    def _check(
        self,
        path: Address,
        body: BindingRows,
        drawn: Mapping[str, BindingField | None],
        fields: Fields,
        source: Rows,
        report: Report,
    ) -> None:
        """Complain about columns that the table has not, or that cannot be read; nothing lacks where nothing is."""
        if source.optional_columns and not source.columns:
            return
        wanted = [((*path, "when", "column"), body.when.column)] if body.when is not None else []
        for field, part in drawn.items():
            place = (*path, "fields", field)
            # Rows built in Python may leave out what is optional.
            if part is not None and not (source.optional_columns and fields[field].optional and not part.join):
                columns = part.join or ((part.column,) if part.column else ())
                wanted += [(place, column) for column in columns]
        unreadable: Mapping[str, str] = getattr(source, "unreadable_columns", {})
        for place, column in wanted:
            at, address = self._loaded.places.span(place), ".".join(place)
            if column in unreadable:
                type_ = unreadable[column]
                report.add(UNREADABLE, at, address, source=source.name, kind=body.to, found=column, type=type_)
            elif column not in source.columns:
                meant = nearest(column, source.columns)
                values = {"source": source.name, "found": column, "columns": listed(source.columns)}
                report.put(Diagnostic(NO_COLUMN, at, address, values | ({"suggestion": meant} if meant else {})))


def refuse_twice(kinds: Iterable[str]) -> None:
    """Raises DataError for kinds whose rows a binding makes and which were given besides."""
    report = Report()
    for kind in kinds:
        report.add(GIVEN_TWICE, path=kind, found=kind)
    if report.failed:
        raise DataError(list(report))


def _sources(body: BindingRows, fields: Fields, source: Rows) -> Iterator[tuple[str, BindingField | None]]:
    """Where each column of the kind comes from, in the order of the kind; None: from nowhere."""
    for field in fields:
        part = body.fields.get(field)
        if field in body.absent:
            yield field, None
        elif part is not None:
            yield field, part if isinstance(part, BindingField) else BindingField(column=part)
        elif field not in (SINCE_COLUMN, UNTIL_COLUMN) or field in source.columns:
            yield field, BindingField(column=field)


def _choice(body: BindingRows, there: Mapping[str, int]) -> Choice | None:
    if body.when is None or body.when.column not in there:
        return None
    return Choice(body.when.column, there[body.when.column], frozenset(body.when.is_))


def _opened(body: BindingTable, thing: object, name: str) -> Iterator[Rows]:
    """The sources of one table; what the binding says of files holds for each path among them."""
    things = cast(Sequence[object], thing) if type(thing) in (list, tuple) else (thing,)
    if not things or not all(issubclass(type(one), (str, os.PathLike)) for one in things):
        yield from open_sources(thing, name)
        return
    for one in things:
        path: Any = one
        if body.encoding is not None:
            yield CsvRows(Path(path), str(path), encoding=body.encoding)
        elif body.sheet is not None or body.header is not None:
            yield SheetRows(path, body.sheet, header=int(body.header or 1))
        else:
            yield from open_sources(path, name)
