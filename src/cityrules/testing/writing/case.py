"""Cases and files of cases as YAML, in the words of either language. Knows no plan and runs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cityrules.scheme.casebook import CASES, LANGUAGE, VERSION_KEY
from cityrules.scheme.convert import convert
from cityrules.scheme.document import CasesDocument
from cityrules.testing.writing.layout import lines
from cityrules.text.diagnostic import Language, Report
from cityrules.text.quoting import as_written
from cityrules.text.source import Source

STATUS, PROPOSED = "status", "proposed"
_INDENT: Final = 2


@dataclass(frozen=True, slots=True)
class WrittenCase:
    """A case of a name: `under`, `defaults`, `given` and `expect` as maps, lists and texts (None: a missing value).
    `comments`: lines to be written above it; `proposed`: it waits for a person who confirms it."""

    name: str
    body: Mapping[str, object]
    comments: tuple[str, ...] = ()
    proposed: bool = False

    @property
    def expect(self) -> Mapping[str, object]:
        found = self.body["expect"]
        assert isinstance(found, Mapping)
        return found


def case_text(case: WrittenCase, language: Language = "en") -> str:
    """One case as it stands below `cases:`, with a line break at its end."""
    return casebook_text("-", [case], language).split("\n", 3)[3]


def casebook_text(
    scheme: str,
    cases: Sequence[WrittenCase],
    language: Language = "en",
    *,
    head: Iterable[str] = (),
    foot: Iterable[str] = (),
) -> str:
    """A whole file of cases of the scheme at a path or of a shipped name. `head`, `foot`: lines of comment."""
    text = "\n".join(
        [
            *_comments(head, 0),
            f"{VERSION_KEY}: {LANGUAGE}",
            *lines("scheme", scheme, 0),
            f"{CASES}:",
            *(line for case in cases for line in _case(case)),
            *_comments(foot, 0),
        ]
    )
    if language == "en":
        return text + "\n"
    made = convert(Source("cases.yaml", text + "\n"), language, Report(), (CasesDocument,))
    return text + "\n" if made is None else made


def _case(case: WrittenCase) -> Iterator[str]:
    yield from _comments(case.comments, _INDENT)
    yield f"{' ' * _INDENT}{as_written(case.name)}:"
    inner = 2 * _INDENT
    if case.proposed:
        yield from lines(STATUS, PROPOSED, inner)
    for key, value in case.body.items():
        yield from _block(key, value, inner)


def _block(key: str, value: object, indent: int) -> Iterator[str]:
    """The maps that every case has, an entry on a line."""
    if not isinstance(value, Mapping) or not value or key in ("under", "defaults"):
        yield from lines(key, value, indent)
        return
    yield f"{' ' * indent}{key}:"
    for name, inner in value.items():
        yield from lines(str(name), inner, indent + 2)


def _comments(said: Iterable[str], indent: int) -> Iterator[str]:
    return (f"{' ' * indent}# {line}".rstrip() for line in said)
