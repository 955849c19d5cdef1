"""The differences of two documents as people read them: by clause, before beside after, in the words of the regulation.

Knows documents and their differences, no plan: what a change comes to on records is asked of a study.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from cityrules.report.names import plain, say
from cityrules.report.parts import around_of, part_of, unit_of
from cityrules.report.regulation import Parts
from cityrules.results.tables import Column, Row, Shape, Table
from cityrules.scheme.diff import SAID, Differences, Group, grouped
from cityrules.scheme.difference import Difference, tree_at
from cityrules.scheme.document import Document, ParameterBody
from cityrules.scheme.keys import sections
from cityrules.scheme.meant import plainly
from cityrules.scheme.places import Path
from cityrules.scheme.said import Said
from cityrules.text.diagnostic import Language

How = Literal["added", "removed", "changed", "reordered"]

DIFFERENCES: Final = Shape(
    "differences",
    (*map(Column, ("clause", "address", "how", "before", "after")), Column("effective", "flag")),
)
"""One row is one difference. `before` and `after`: a single value as its text, what has parts as JSON, null where there
is nothing; `effective`: whether a result can change by it."""

_SHORT: Final = 60
"""Values of so many characters are shown where they change; what is longer is told in words alone."""
_NAMED: Final = 8
"""So many names of examples that come or go are told."""
_UNTOLD: Final = frozenset({"examples", "labels", "silenced"})
"""What the text tells by address alone."""
_SHOWN: Final = frozenset({"cityrules", "scheme", "title", "issuer", "source", *SAID})
"""What the head of the regulation tells as it is."""


@dataclass(frozen=True)
class Synopsis:
    """What is different between two documents, to be read, listed, kept and applied."""

    differences: Differences

    def __len__(self) -> int:
        return len(self.differences)

    @property
    def changes(self) -> dict[str, object]:
        """The changes by dotted path under which the first document is the second."""
        return self.differences.changes

    @property
    def groups(self) -> tuple[Group, ...]:
        """The differences by clause."""
        return self.differences.groups

    @property
    def table(self) -> Table:
        """All differences, as one table of the shape `DIFFERENCES`."""
        return Table(DIFFERENCES, self._rows)

    def _rows(self) -> Iterator[Row]:
        for one in self.differences:
            effective = self.differences.is_effective(one)
            yield one.clause, one.address, how(one), _cell(one.before), _cell(one.after), effective

    def to_json(self) -> dict[str, Any]:
        """The same for machines."""
        before, after = self.differences.before.document, self.differences.after.document
        return {
            "before": {"scheme": before.scheme, "title": before.title},
            "after": {"scheme": after.scheme, "title": after.title},
            "effective": len(self.differences.effective),
            "told": len(self.differences.told),
            "groups": [
                {"clause": group.clause, "name": group.name, "differences": [*map(self._told, group.differences)]}
                for group in self.groups
            ],
            "changes": plainly(self.changes),
        }

    def _told(self, one: Difference) -> dict[str, Any]:
        return {
            "address": one.address,
            "how": how(one),
            "before": plainly(one.before),
            "after": plainly(one.after),
            "effective": self.differences.is_effective(one),
        }

    def text(self, language: Language) -> str:
        """The differences as Markdown in a language: what is changed under each clause, and what the regulation says of
        it before and after. Labels and names stay as the documents have them."""
        return "\n".join(_Told(self.differences, language).lines()) + "\n"


def how(one: Difference) -> How:
    """What became of what stands at the address."""
    if one.order:
        return "reordered"
    return "added" if one.before is None else "removed" if one.after is None else "changed"


def _cell(value: object) -> str | None:
    found = plainly(value)
    return found if found is None or isinstance(found, str) else json.dumps(found, ensure_ascii=False)


class _Told:
    """The text about the differences of two documents in one language."""

    def __init__(self, differences: Differences, language: Language) -> None:
        self._differences = differences
        self._language: Language = language
        self._documents = (differences.before.document, differences.after.document)
        self._trees = (differences.before.raw, differences.after.raw)
        self._said = (Said(differences.before), Said(differences.after))
        self._parts = tuple(Parts(document, language) for document in self._documents)

    def lines(self) -> Iterator[str]:
        before, after = self._documents
        yield self._say("synopsis", before=plain(before.title), after=plain(after.title))
        yield ""
        if not self._differences.found:
            yield self._say("synopsis_none")
            return
        number, effective = (str(len(found)) for found in (self._differences.found, self._differences.effective))
        yield self._say("synopsis_count", number=number, effective=effective)
        apart = [one for one in self._differences if one.path[0] in _UNTOLD]
        whole = [one for one in self._differences if one.path[0] not in (*sections(), *_UNTOLD)]
        if whole:
            yield from ("", self._say("synopsis_whole"), "", *self._units(whole))
        for group in grouped(one for one in self._differences if one.path[0] in sections() - _UNTOLD):
            yield from ("", self._heading(group), "", *self._units(group.differences))
        if apart:
            yield from ("", self._say("synopsis_apart"), "", *self._apart(apart))

    def _apart(self, differences: Iterable[Difference]) -> Iterator[str]:
        """What is told by address alone; examples that come or go, and other whole bodies of a section, in one line."""
        listed: dict[tuple[str, How], list[str]] = {}
        others: list[Difference] = []
        for one in differences:
            if len(one.path) == 2 and how(one) in ("added", "removed"):
                listed.setdefault((one.path[0], how(one)), []).append(one.path[1])
            else:
                others.append(one)
        for (section, kind), names in listed.items():
            told = self._parts[0].names.joined([f"`{_address((name,))}`" for name in names[:_NAMED]])
            more = str(len(names) - _NAMED) if len(names) > _NAMED else None
            number = str(len(names))
            address = self._address((section,))
            yield f"- {self._say(f'synopsis_listed_{kind}', address=address, number=number, names=told, more=more)}"
        yield from self._units(others)

    def _heading(self, group: Group) -> str:
        if group.clause is not None:
            return self._say("synopsis_clause", clause=plain(group.clause))
        return self._say("synopsis_body", name=plain(group.name))

    def _units(self, differences: Iterable[Difference]) -> Iterator[str]:
        units: dict[Path, list[Difference]] = {}
        for one in differences:
            units.setdefault(unit_of(one.path, *reversed(self._trees)), []).append(one)
        for unit, found in units.items():
            whole = [one for one in found if one.path == unit and not one.order]
            inside = [one for one in found if one not in whole]
            yield self._unit(unit, whole)
            yield from (f"  - {self._one(one, unit)}" for one in inside)
            values = [value for one in found for value in (one.before, one.after)]
            if unit[0] in _SHOWN and all(value is None or _is_short(value) for value in values):
                continue
            old, new = (list(lines) for lines in self._lines(unit, bool(whole)))
            for side, lines, others in (("before", old, set(new)), ("after", new, set(old))):
                for line in lines:
                    if line not in others:
                        yield f"  - {self._say(f'synopsis_{side}', line=_line(line))}"

    def _unit(self, unit: Path, whole: list[Difference]) -> str:
        """The line of a unit: what it is called, where it stands, and whether it is there as a whole."""
        called = self._called(unit)
        address = self._address(unit)
        if not whole:
            return f"- {self._say('synopsis_unit', name=called, address=address)}"
        return f"- {self._changed(whole[0], address, called)}"

    def _called(self, unit: Path) -> str | None:
        """What a body is called, in the later of the documents that has it; None for what has no name of its own."""
        for parts, raw in zip(reversed(self._parts), reversed(self._trees), strict=True):
            body = tree_at(raw, unit)
            if unit[0] in sections() and isinstance(body, Mapping):
                label = body.get("label") or body.get("do")
                return parts.names.titled(unit[-1], label if isinstance(label, str) else None)
        return None

    def _one(self, one: Difference, unit: Path) -> str:
        return self._changed(one, self._address(one.path, len(unit) if one.path != unit else 0), None)

    def _address(self, path: Path, start: int = 0) -> str:
        """An address, or what of it lies below so many names, in the keywords of the later document."""
        return _address(self._said[1].path(path)[start:])

    def _changed(self, one: Difference, address: str, name: str | None) -> str:
        """What became of one address."""
        before, after = (self._short(value, one, side) for side, value in enumerate((one.before, one.after)))
        kind = how(one)
        if kind == "changed" and (before is None or after is None):
            before = after = None
        silent = None if self._differences.is_effective(one) else ""
        return self._say(f"synopsis_{kind}", address=address, name=name, before=before, after=after, silent=silent)

    def _short(self, value: object, one: Difference, side: int) -> str | None:
        """A single value, a number with its unit, or names in their order; None for what has parts or is long."""
        if one.order and isinstance(value, list):
            return self._parts[side].names.joined([plain(str(name)) for name in value])
        if not _is_short(value):
            return None
        text = self._said[side].at(one.path, str(plainly(value)))
        body = self._documents[side].parameters.get(one.path[1]) if one.path[0] == "parameters" else None
        if isinstance(body, ParameterBody) and body.unit is not None and one.path[2] in ("value", "values"):
            text += f" {body.unit}"
        return plain(text)

    def _lines(self, unit: Path, whole: bool) -> Iterator[Iterator[str]]:
        """What the regulation says of a unit, before and after."""
        if unit[0] in _UNTOLD:
            yield from (iter(()), iter(()))
        elif unit[0] in sections() or unit[0] in ("calendar", "rounding"):
            for parts, document, raw in zip(self._parts, self._documents, self._trees, strict=True):
                # What is said of the body around it is not said of the unit.
                around = around_of(unit, raw)
                known = set(parts.lines(part_of(document, around, whole=False))) if around else set()
                yield (line for line in parts.lines(part_of(document, unit, whole=whole)) if line not in known)
        else:
            before, after = self._documents
            yield self._parts[0].head(before)
            yield self._parts[0].head(_with(before, after, unit[0]))

    def _say(self, kind: str, **values: str | None) -> str:
        return say(kind, self._language, **values)


def _address(path: Path) -> str:
    """An address as it stands between backticks."""
    return " ".join(".".join(path).replace("`", "'").split())


def _is_short(value: object) -> bool:
    """Whether a value is single and short enough to be shown where it changes."""
    return value is not None and not isinstance(value, (Mapping, list, tuple)) and len(str(value)) <= _SHORT


def _with(before: Document, after: Document, key: str) -> Document:
    """The document before with one key of the document after, so that nothing else differs in its head."""
    name = next(name for name, field in Document.model_fields.items() if key in (field.alias, name))
    return before.model_copy(update={name: getattr(after, name)})


def _line(line: str) -> str:
    """A line of the regulation within a list: no list of its own, and no row of a table."""
    told = line.strip().removeprefix("- ")
    return " · ".join(cell.strip() for cell in told.strip("| ").split(" | ")) if told.startswith("| ") else told
