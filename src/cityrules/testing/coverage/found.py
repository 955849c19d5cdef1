"""Rule coverage: every part of a scheme beside the cases that exercised it. Knows parts and places; runs nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol

from cityrules.scheme.document import Document
from cityrules.testing.coverage.parts import Part, Sort
from cityrules.text.diagnostic import Language
from cityrules.text.source import Source, Span

Path = tuple[str, ...]

GROUPS: Final[Mapping[str, tuple[Sort, ...]]] = {
    "rules": ("rule", "override", "consequence", "check", "duty", "condition"),
    "bands": ("band", "tier"),
    "branches": ("branch", "then", "else", "true", "false"),
    "steps": ("step", "restarts"),
    "policies": ("missing", "empty", "unknown", "absent", "paused", "ties", "together", "replaces", "new_year"),
    "boundaries": ("below", "equal", "above", "open", "overdue"),
    "readings": ("reading",),
}
"""The sorts of parts, as totals are given."""


class Located(Protocol):
    """Where the addresses of a document stand."""

    def span(self, path: Path) -> Span | None: ...

    def key_span(self, path: Path) -> Span | None: ...

    def value(self, path: Path) -> _Text | None: ...


class _Text(Protocol):
    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Covered:
    """A part, where it stands, the clause that it rests on, and the cases that exercised it, in their order."""

    part: Part
    at: Span | None
    clause: str | None
    by: tuple[str, ...]

    @property
    def group(self) -> str:
        return next(name for name, sorts in GROUPS.items() if self.part.sort in sorts)


@dataclass(frozen=True, slots=True)
class OutOfReach:
    """A part that no case can exercise, so that it is not counted: because types, constants and conditions prove it, or
    for the `reason` that a person has stated."""

    part: Part
    at: Span | None
    clause: str | None
    reason: str | None = None


@dataclass(frozen=True)
class RuleCoverage:
    """What of a scheme some cases exercised. `cases`: those that ran, in their order; `unusable`: those that could not.
    `out_of_reach`: what is not among the `parts`. `source`: the text of the scheme, None where it has none."""

    scheme: str
    title: str
    language: Language
    parts: tuple[Covered, ...]
    cases: tuple[str, ...]
    unusable: tuple[str, ...] = ()
    out_of_reach: tuple[OutOfReach, ...] = ()
    source: Source | None = None

    @property
    def missing(self) -> tuple[Covered, ...]:
        """The parts that no case exercised, in the order of the text."""
        return tuple(one for one in self.parts if not one.by)

    @cached_property
    def totals(self) -> Mapping[str, tuple[int, int]]:
        """By sort how many parts were exercised, and how many there are; sorts of which there are none are left out."""
        found: dict[str, tuple[int, int]] = {}
        for name in GROUPS:
            mine = [one for one in self.parts if one.group == name]
            if mine:
                found[name] = sum(bool(one.by) for one in mine), len(mine)
        return found

    @property
    def percent(self) -> str:
        """How much of it was exercised, rounded down to a tenth, so that 100.0 is all of it."""
        tenths = 1000 * (len(self.parts) - len(self.missing)) // len(self.parts) if self.parts else 1000
        return f"{tenths // 10}.{tenths % 10}"

    def reaches(self, percent: int) -> bool:
        """Whether at least so many of a hundred parts were exercised."""
        return 100 * (len(self.parts) - len(self.missing)) >= percent * len(self.parts)

    def text(self, language: Language | None = None) -> str:
        """What was not exercised, by line and clause, and totals by sort."""
        from cityrules.testing.coverage.show import as_text

        return as_text(self, language or self.language)

    def json(self) -> dict[str, object]:
        """The same as plain data, with what was exercised by which cases."""
        from cityrules.testing.coverage.show import as_data

        return as_data(self)

    def html(self, language: Language | None = None) -> str:
        """A page of its own: the text of the scheme, coloured by what was exercised."""
        from cityrules.testing.coverage.page import as_page

        return as_page(self, language or self.language)


def readings(document: Document) -> Iterator[Part]:
    """Every reading but the chosen one of each question that the text leaves open."""
    for name, reading in document.readings.items():
        for option in reading.others:
            yield Part("reading", ("readings", name, "others", option), name, option, f"readings.{name} {option}")


def beside(parts: tuple[Part, ...], marks: Mapping[str, frozenset[str]], places: Located) -> tuple[Covered, ...]:
    """Parts beside the cases whose marks show that they exercised them, in the order of the text."""
    found = []
    for part in parts:
        at = part.span or places.key_span(part.path) or places.span(part.path)
        by = tuple(case for case, seen in marks.items() if part.mark in seen)
        found.append(Covered(part, at, clause_of(part.path, places), by))
    return tuple(sorted(found, key=lambda one: (one.at is None, one.at.start if one.at is not None else 0)))


def without(
    found: tuple[Covered, ...], proved: frozenset[str], stated: Mapping[str, str]
) -> tuple[tuple[Covered, ...], tuple[OutOfReach, ...]]:
    """What counts, and what is out of reach: of the parts that no case exercised those of which it is `proved`, by
    their marks, or `stated` by a person, by their keys, with the reason."""
    counted, beyond = [], []
    for one in found:
        reason = stated.get(one.part.key)
        if one.by or (reason is None and one.part.mark not in proved):
            counted.append(one)
        else:
            beyond.append(OutOfReach(one.part, one.at, one.clause, reason))
    return tuple(counted), tuple(beyond)


def clause_of(path: Path, places: Located) -> str | None:
    """The clause of what stands at a path, or of the nearest thing around it that has one."""
    for length in range(len(path), -1, -1):
        text = places.value((*path[:length], "clause"))
        if text is not None:
            return text.text
    return None
