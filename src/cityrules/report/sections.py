"""The head of a regulation and what it rests on: targets, records, time, numbers that may be set, tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cityrules.report.bodies import Bodies
from cityrules.report.names import plain, reads, say
from cityrules.scheme.document import Body, Document, MembersBody, ParameterBody, PeriodBody, SheetBody, TargetBody
from cityrules.scheme.notation import FieldType

Lines = Iterator[str]


class Sections:
    """These sections of one document in one language."""

    def __init__(self, bodies: Bodies) -> None:
        self._bodies = bodies
        self._values = bodies.values
        self._names = bodies.names
        self._language = bodies.language

    def head(self, document: Document) -> Lines:
        """Who issued it, since when it is in force, and how to read the text."""
        about = {name: plain(text) for name in _HEAD if (text := getattr(document, name)) is not None}
        yield say("Document", self._language, **about)
        yield ""
        until = None if document.in_force.until is None else document.in_force.until.isoformat()
        if document.in_force.from_ == "unstated":
            yield say("in_force_unstated", self._language, until=until)
        else:
            yield say("InForce", self._language, from_=str(document.in_force.from_), until=until)
        if document.note is not None:
            yield from ("", say("note", self._language, note=plain(document.note)))
        # What people wrote is not translated.
        foreign = None if reads(document.title, self._language) else ""
        yield from ("", say("how_to_read", self._language, foreign=foreign))

    def targets(self, document: Document) -> Lines:
        for name, body in document.targets.items():
            told = self._bodies.sentence(body, members=self._members(body))
            yield f"- {self._bodies.named(name, body, told)}"
            yield from self._fields(name, "fields_of_target", body.fields)
            for alias, meant in body.aliases.items():
                yield f"  - {say('alias', self._language, alias=plain(alias), name=plain(meant))}"

    def _members(self, body: TargetBody) -> str:
        if isinstance(body.members, MembersBody):
            return say("MembersBody", self._language, table=self._names.of(body.members.table))
        if isinstance(body.members, str):
            return say(f"members_{body.members.replace(' ', '_')}", self._language)
        names = self._names.joined([plain(name) for name in body.members])
        return say("members_listed", self._language, names=names)

    def _fields(self, owner: str, kind: str, fields: Mapping[str, FieldType]) -> Lines:
        if fields:
            yield f"  - {say(kind, self._language)}"
        for name, type_ in fields.items():
            told = say("field", self._language, name=self._names.heading(name, owner), type=self._values.type(type_))
            yield f"    - {told}"

    def records(self, document: Document) -> Lines:
        for name, body in document.records.items():
            with self._names.about(name):
                yield f"- {self._bodies.named(name, body, self._bodies.sentence(body))}"
            yield from self._fields(name, "fields_of_record", body.fields)
            if body.accepted_if:
                yield f"  - {say('accepted_if', self._language)}"
            for condition, one in body.accepted_if.items():
                with self._names.about(name):
                    yield f"    - {self._bodies.named(condition, one, self._bodies.sentence(one))}"

    def time(self, document: Document) -> Lines:
        calendar = document.calendar
        if calendar is not None:
            yield f"- {self._bodies.noted(self._bodies.sentence(calendar), calendar)}{self._bodies.clause(calendar)}"
            for year, body in calendar.years.items():
                told = say("year", self._language, year=year, days=self._bodies.sentence(body))
                yield f"  - {self._bodies.noted(told, body)}{self._bodies.clause(body)}"
            for name, clock in calendar.clocks.items():
                yield f"  - {self._bodies.named(name, clock, self._bodies.sentence(clock))}"
            for name, unit in calendar.units.items():
                yield f"  - {self._bodies.named(name, unit, self._bodies.sentence(unit))}"
        for name, period in document.periods.items():
            yield f"- {self._bodies.named(name, period, self._period(period))}"

    def _period(self, body: PeriodBody) -> str:
        seasons = [
            say("season", self._language, name=self._names.of(name), day=str(day))
            for name, day in (body.seasons or {}).items()
        ]
        # A day, a parameter, or a field of the target.
        begins = None if body.from_ is None else self._names.of(body.from_)
        return self._bodies.sentence(body, seasons=self._names.joined(seasons) or None, from_=begins)

    def parameters(self, document: Document) -> Lines:
        if document.parameters:
            yield say("parameter_head", self._language)
        for name, body in document.parameters.items():
            told = self._bodies.noted(self._parameter(body), body)
            clause = "" if body.clause is None else plain(body.clause)
            yield f"| {self._names.titled(name, body.label)} | {told} | {clause} |"

    def _parameter(self, body: ParameterBody) -> str:
        unit = None if body.unit is None else self._values.unit(body.unit)
        if body.values is not None:
            values = [
                say("parameter_since", self._language, day=day, value=self._limit(value), unit=unit)
                for day, value in body.values.items()
            ]
            return self._names.joined(values)
        if body.value == "unstated":
            return say("parameter_unstated", self._language, unit=unit)
        return say("ParameterBody", self._language, value=self._limit(body.value or ""), unit=unit)

    def _limit(self, text: str) -> str:
        return self._values.notation(text, "limit")

    def tables(self, document: Document) -> Lines:
        for name, body in document.tables.items():
            yield from self._heading(name, body)
            yield self._bodies.noted(self._bodies.sentence(body, rows=None), body)
            yield ""
            heads = [self._names.heading(column, name) for column in body.columns]
            columns = [
                say("column", self._language, name=head, type=self._values.type(type_))
                for head, type_ in zip(heads, body.columns.values(), strict=True)
            ]
            yield say("columns", self._language, columns=("；" if self._language == "zh" else "; ").join(columns))
            if isinstance(body.rows, SheetBody):
                yield say("SheetBody", self._language, **self._values.of(body.rows))
            elif isinstance(body.rows, str):
                yield say("table_unstated", self._language)
            yield ""
            yield _line(heads)
            yield _line(["---"] * len(heads))
            if not isinstance(body.rows, (SheetBody, str)):
                yield from (_line([self._values.label(cell) for cell in row]) for row in body.rows)
            if body.sum:
                yield ""
            for column, total in (body.sum or {}).items():
                yield f"- {say('table_sum', self._language, column=self._names.heading(column, name), sum=str(total))}"

    def _heading(self, name: str, body: Body) -> Lines:
        yield from ("", f"### {self._names.titled(name, body.label)}{self._bodies.clause(body)}", "")


_HEAD = ("issuer", "source", "clause", "by", "scheme", "label", "cityrules")


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
