"""The section `labels`: whether what it gives a word to is in the document. Knows names, no meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from cityrules.scheme.document import Body, Document
from cityrules.scheme.notation import FieldType
from cityrules.scheme.reporting import Reporter
from cityrules.text.suggest import nearest

OF_NOTHING: Final = "CR1029"


def check_labels(document: Document, reporter: Reporter) -> None:
    """Point out labels of what is not there. Under an overlay nothing is said: what it takes away may have one."""
    if document.labels is None or reporter.places.patches:
        return
    known = set(_names(document, reporter))
    for language, given in (("zh", document.labels.zh), ("en", document.labels.en)):
        for name in given:
            if name not in known:
                path = ("labels", language, name)
                meant = nearest(name, sorted(known))
                suggestion = {"suggestion": meant} if meant else {}
                at = reporter.places.key_span(path)
                reporter.report.add(OF_NOTHING, at, ".".join(path), severity="warning", found=name, **suggestion)


def _names(document: Document, reporter: Reporter) -> Iterator[str]:
    """Every name, every field and column by its path, every value of an enumeration, every unit."""
    yield from _keys({name: body for name, body in reporter.raw.items() if name != "labels"})
    owners: dict[str, Mapping[str, FieldType]] = {name: body.columns for name, body in document.tables.items()}
    owners |= {name: body.fields for name, body in document.targets.items()}
    owners |= {name: body.fields for name, body in document.records.items()}
    for owner, fields in owners.items():
        for field, type_ in fields.items():
            yield f"{owner}.{field}"
            yield from type_.labels
            if type_.unit is not None:
                yield type_.unit
    bodies: tuple[Body, ...] = (*document.parameters.values(), *document.measures.values())
    yield from (unit for body in bodies if (unit := getattr(body, "unit", None)) is not None)


def _keys(node: object) -> Iterator[str]:
    """All keys below a node, and all single values, which may be labels or groups."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield str(key)
            # What an overlay adds stands at the end of its address: `measures.mean_of_three`.
            yield from str(key).split(".")
            yield from _keys(value)
    elif isinstance(node, (list, tuple)):
        for value in node:
            yield from _keys(value)
    elif isinstance(node, str):
        yield node
