"""The words of which a comparison is told: headings, lines, tables, and what stands in their cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from cityrules.compare.documents.comparison import Cause, Comparison, Difference, Document
from cityrules.compare.documents.seen import Cell
from cityrules.results.format import fraction_text
from cityrules.results.verdicts import About, Verdict
from cityrules.results.wording import wording
from cityrules.text.diagnostic import Language

_FILE: Final = ("comparison.yaml", "cityrules.compare.documents")
Side = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table under its `title`, if it has one; the first cell of a row says what the row is. `more`: a line about what
    is left out of it."""

    title: str | None
    columns: tuple[tuple[str, Side], ...]
    rows: tuple[tuple[str, ...], ...]
    more: str | None = None


Told = Heading | Line | Grid


class Words:
    """What is said of one comparison in one language, with at most so many rows of each table."""

    def __init__(self, found: Comparison, language: Language, most: int | None) -> None:
        self._found = found
        self._language: Language = language
        self._most = most

    def _grid(self, title: str | None, heads: Sequence[str], rows: Sequence[tuple[str, ...]]) -> Grid:
        """`>` before a heading: numbers. What is left out is said."""
        columns: list[tuple[str, Side]] = [
            (self._say(head.lstrip(">")), "right" if head.startswith(">") else "left") for head in heads
        ]
        shown = rows[: self._most]
        left = len(rows) - len(shown)
        more = self._say("more_rows", number=str(left)) if left else None
        return Grid(title, tuple(columns), tuple(shown), more)

    def _titled(self, name: str, label: str | None) -> str:
        """The label of a name, and the name where others have the same label; beside a target that is not needed."""
        if label is None or len(self._labelled[label]) < 2:
            return label or name
        return self._say("titled", label=label, name=name)

    @cached_property
    def _labelled(self) -> dict[str, set[str]]:
        """The names that have a label, of all that is told."""
        found: dict[str, set[str]] = {}
        for one in self._found.differences:
            found.setdefault(one.label or "", set()).add(one.cell.about.name)
        for each in self._found.only:
            found.setdefault(each.label or "", set()).add(each.name)
        return found

    def _about(self, one: Difference) -> tuple[str, str, str]:
        about = one.cell.about
        return self._target(about), about.period or "", one.label or about.name

    def _target(self, about: About) -> str:
        record = " ".join(part for part in (about.record_kind, about.record) if part)
        target = " / ".join(part for part in (about.target, about.dimension) if part)
        return record or target or self._say("whole")

    def _verdict(self, verdict: Verdict) -> str:
        return verdict.text if verdict.text is not None else self._word("states", verdict.state)

    def _sides(self, cell: Cell, before: Verdict, after: Verdict) -> tuple[str, str]:
        """A consequence or check on both sides; of what one document does not have that it has not."""
        name = cell.about.name
        lacking = {one.side for one in self._found.only if (one.section, one.name) == (cell.section, name)}
        # What follows beside this act, where this one does not, stands in rows of its own.
        said = ["-" if one.state == "follows" and one.text is None else self._verdict(one) for one in (before, after)]
        none = self._word("states", "absent")
        return none if "after" in lacking else said[0], none if "before" in lacking else said[1]

    def _state(self, grade: str) -> str:
        return self._word("states", grade)

    def _causes(self, causes: Sequence[Cause]) -> str:
        return "; ".join(map(self._cause, causes))

    def _cause(self, cause: Cause) -> str:
        whole = cause.divided == "turn"
        numbers = [fraction_text(one) for one in (cause.value, cause.least, cause.most)]
        value, least, most = numbers if whole else map(signed, numbers)
        called = self._called.get(cause.change, cause.change)
        if whole and cause.least == cause.most == 1:
            return called
        if cause.least == cause.most:
            return f"{called} {value}"
        return f"{called} {self._say('spread', share=value, least=least, most=most)}"

    @cached_property
    def _called(self) -> dict[str, str]:
        """What a change is called beside a cell: its clause (or body), where no other has it, else its name."""
        words = [(one.name, one.clause or one.body) for one in self._found.attribution.changes]
        every = [word for _, word in words]
        return {name: word for name, word in words if word is not None and every.count(word) == 1}

    def _named(self, one: Document) -> str:
        return self._say("named", title=one.title, scheme=one.scheme)

    def _word(self, of: str, value: str) -> str:
        return wording(*_FILE).lists[of].get(value, {}).get(self._language, value)

    def _say(self, kind: str, **values: str) -> str:
        return wording(*_FILE).say(kind, values, self._language)

    def _line(self, kind: str, **values: str) -> Line:
        return Line(self._say(kind, **values))


def signed(number: str) -> str:
    """A difference with its sign: `+2`, `-5/3`, `0`."""
    return number if number == "0" or number.startswith("-") else f"+{number}"
