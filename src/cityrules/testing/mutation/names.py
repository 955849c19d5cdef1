"""The names of a document that could be taken for one another: of the same sort, in the order of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cityrules.scheme.document import FORMS
from cityrules.scheme.keys import form_keys

_ONE_OF: Final = re.compile(r"(?:optional\s+)?one of\s+(.*)")
_DIGITS: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_BOUNDED: Final = ("at_least", "above", "up_to", "below")


@dataclass(frozen=True, slots=True)
class Names:
    """Groups of names; in each of them one could stand for another. `labels`: groups of results and words of data;
    `columns`: groups of columns by table; `fields`: groups of fields by kind of record or target."""

    values: tuple[tuple[str, ...], ...]
    labels: tuple[tuple[str, ...], ...]
    columns: Mapping[str, tuple[tuple[str, ...], ...]]
    fields: Mapping[str, tuple[tuple[str, ...], ...]]

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Names:
        dials = {name: _shape(body) for name, body in _section(raw, "parameters")}
        measures = {
            name: f"{body.get('for')} {(form_keys(body) or [''])[0]} {body.get('unit')}"
            for name, body in _section(raw, "measures")
        }
        tables = {name: body.get("columns") or {} for name, body in _section(raw, "tables")}
        keys = {name: body.get("key") or () for name, body in _section(raw, "tables")}
        holders = [*_section(raw, "records"), *_section(raw, "targets")]
        return cls(
            (*_groups(dials), *_groups(measures)),
            tuple(_labels(raw)),
            {name: _groups({c: t for c, t in known.items() if c not in keys[name]}) for name, known in tables.items()},
            {name: _groups(body.get("fields") or {}) for name, body in holders},
        )

    def instead(self, parts: Sequence[str]) -> str | None:
        """A dotted name with another one in the place of its last part, or of the whole."""
        if len(parts) == 1:
            return self._beside(self.values, parts[0]) or self._field(parts[0])
        new = self._field(parts[-1])
        return None if new is None else ".".join((*parts[:-1], new))

    def like(self, name: str) -> str | None:
        """Another name for one that stands alone."""
        return self._beside(self.values, name) or self._field(name)

    def column_beside(self, table: str, column: str) -> str | None:
        return self._beside(self.columns.get(table, ()), column)

    def other_label(self, label: str) -> str | None:
        """Another one of the words among which a label is."""
        return self._beside(self.labels, label)

    def _field(self, name: str) -> str | None:
        return next((new for groups in self.fields.values() if (new := self._beside(groups, name))), None)

    @staticmethod
    def _beside(groups: Sequence[Sequence[str]], name: str) -> str | None:
        """The next one in the group of a name, after the last one the first."""
        for group in groups:
            if name in group and len(group) > 1:
                return group[(group.index(name) + 1) % len(group)]
        return None


def _section(raw: Mapping[str, Any], section: str) -> list[tuple[str, Mapping[str, Any]]]:
    found = raw.get(section)
    items = found.items() if isinstance(found, Mapping) else ()
    return [(name, body) for name, body in items if isinstance(body, Mapping)]


def _groups(shapes: Mapping[str, object]) -> tuple[tuple[str, ...], ...]:
    found: dict[str, list[str]] = {}
    for name, shape in shapes.items():
        found.setdefault(str(shape), []).append(name)
    return tuple(tuple(group) for group in found.values())


def _shape(body: Mapping[str, Any]) -> str:
    """What sort of parameter it is: its unit, and what of its text is no number."""
    value = body.get("value") or next(iter((body.get("values") or {}).values()), "")
    return f"{body.get('unit')} {_DIGITS.sub('0', str(value))}"


def _labels(raw: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for section, part in (("records", "fields"), ("targets", "fields"), ("tables", "columns")):
        for _, body in _section(raw, section):
            for type_ in (body.get(part) or {}).values():
                found = _ONE_OF.fullmatch(str(type_).strip())
                if found is not None:
                    yield tuple(label.strip() for label in found[1].split(","))
    for _, body in _section(raw, "measures"):
        results = [*(value for word in _BOUNDED for value in (body.get(word) or {}).values()), body.get("otherwise")]
        results += [branch.get("give") for branch in (body.get("choose") or {}).values() if isinstance(branch, Mapping)]
        words = tuple(dict.fromkeys(str(one).strip('"') for one in results if one is not None))
        if (form_keys(body) or [""])[0] in FORMS and len(words) > 1:
            yield tuple(word for word in words if word != "null" and not _DIGITS.fullmatch(word))
