"""`diff`: which two documents are meant, and what is different between them as text, JSON or a document."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cityrules.cli.failures import usage
from cityrules.cli.options import changed
from cityrules.loaded import Scheme, find, load, load_base, shipped
from cityrules.text.diagnostic import Language

DiffFormat = Literal["text", "json", "overlay"]


@dataclass(frozen=True, slots=True)
class Two:
    """Two schemes; `called`: what a document that is based on the first one calls it."""

    before: Scheme
    after: Scheme
    called: str


def compared(thing: str, other: str | None, under: Sequence[str], readings: Sequence[str]) -> Two:
    """The schemes that are meant: two documents, the second one under changes; one without and under changes; or, of
    one document alone, its base and itself. Raises UsageError, SchemeError."""
    first = load(thing, examples=False)
    if other is not None:
        return Two(first, changed(load(other, examples=False), under, readings), _called(thing))
    if under or readings:
        return Two(first, changed(first, under, readings), _called(thing))
    base = load_base(thing)
    if base is None:
        raise usage("CR1103", found=thing)
    return Two(base[1], first, base[0])


def _called(thing: str) -> str:
    """How a document in the folder from which a command is called names another."""
    return thing if thing in shipped() else find(thing).as_posix()


def shown(found: Two, format: DiffFormat, language: Language) -> str:
    """What is different, in a format."""
    if format == "overlay":
        return found.before.proposal(found.after, found.called)
    synopsis = found.before.diff(found.after)
    if format == "json":
        return json.dumps(synopsis.to_json(), ensure_ascii=False, indent=2) + "\n"
    return synopsis.text(language)
