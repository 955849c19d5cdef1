"""Cases written as YAML, in the words of either language, for a person to confirm. Runs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from cityrules.plan.model import Plan
from cityrules.scheme.casebook import CASES, LANGUAGE, VERSION_KEY
from cityrules.scheme.convert import convert
from cityrules.scheme.document import CasesDocument
from cityrules.testing.proposing.layout import lines
from cityrules.testing.proposing.situation import Situation, Tree
from cityrules.text.diagnostic import Language, Report
from cityrules.text.quoting import as_written
from cityrules.text.source import Source

STATUS, PROPOSED = "status", "proposed"
_INDENT: Final = 2


@dataclass(frozen=True, slots=True)
class Proposal:
    """A case of a name. `comments`: lines to be written above it; `plan`: what it was tried on, under its changes."""

    name: str
    situation: Situation
    expect: Tree
    plan: Plan
    comments: tuple[str, ...] = ()


def case_text(proposal: Proposal, language: Language = "en", *, confirmed: bool = False) -> str:
    """One case as it stands below `cases:`, with a line break at its end."""
    text = casebook_text("-", [proposal], language, confirmed=confirmed)
    return text[text.index("\n", text.index("\n", text.index("\n") + 1) + 1) + 1 :]


def casebook_text(
    scheme: str,
    proposals: Sequence[Proposal],
    language: Language = "en",
    *,
    head: Iterable[str] = (),
    foot: Iterable[str] = (),
    confirmed: bool = False,
) -> str:
    """A whole file of cases of the scheme at a path or of a shipped name. `head`, `foot`: lines of comment."""
    text = "\n".join(
        [
            *_comments(head, 0),
            f"{VERSION_KEY}: {LANGUAGE}",
            *lines("scheme", scheme, 0),
            f"{CASES}:",
            *(line for proposal in proposals for line in _case(proposal, confirmed)),
            *_comments(foot, 0),
        ]
    )
    report = Report()
    made = convert(Source("cases.yaml", text + "\n"), language, report, (CasesDocument,))
    return text + "\n" if made is None else made


def _case(proposal: Proposal, confirmed: bool) -> Iterator[str]:
    yield from _comments(proposal.comments, _INDENT)
    yield f"{' ' * _INDENT}{as_written(proposal.name)}:"
    inner = 2 * _INDENT
    if not confirmed:
        yield from lines(STATUS, PROPOSED, inner)
    for key, value in {**proposal.situation.written(proposal.plan), "expect": proposal.expect}.items():
        yield from _block(key, value, inner)


def _block(key: str, value: object, indent: int) -> Iterator[str]:
    """The maps that every case has, an entry on a line."""
    if not isinstance(value, dict) or key in ("under", "defaults"):
        yield from lines(key, value, indent)
        return
    yield f"{' ' * indent}{key}:"
    for name, inner in value.items():
        yield from lines(str(name), inner, indent + 2)


def _comments(said: Iterable[str], indent: int) -> Iterator[str]:
    return (f"{' ' * indent}# {line}".rstrip() for line in said)
