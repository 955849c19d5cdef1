"""Rule coverage as a page of its own (HTML): the text of the scheme, coloured part by part. No script, nothing loaded.

Everything that comes from the document is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final, Literal

from cityrules.testing.coverage.found import Covered, OutOfReach, RuleCoverage
from cityrules.testing.coverage.show import line_of, summary, told, words
from cityrules.text.diagnostic import Language

State = Literal["full", "part", "none", "out"]

STYLE: Final = """
body { font: 15px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; margin: 2em auto; max-width: 75em; padding: 0 1em;
  color: #222; background: #fff; }
table { border-collapse: collapse; margin: 1em 0; }
.totals td, .totals th, .missing td, .missing th { padding: .15em .8em; text-align: left; vertical-align: top;
  border-bottom: 1px solid #ddd; }
.text { font: 13px/1.55 ui-monospace, "Noto Sans Mono CJK SC", monospace; width: 100%; }
.text td { white-space: pre-wrap; overflow-wrap: anywhere; padding: 0 .6em; }
.text td:first-child { text-align: right; color: #666; width: 3em; user-select: none; border-right: 4px solid #eee; }
.text tr.full td:first-child { border-color: #4a9d5b; }
.text tr.part td:first-child { border-color: #d9a514; }
.text tr.none td:first-child { border-color: #cc3d3d; }
.text tr:target td { outline: 2px solid #3667c9; }
span.full { background: #d9f2de; }
span.part { background: #fdeeb8; border-bottom: 2px dotted #a87a00; }
span.none { background: #fbd5d5; border-bottom: 2px solid #b02a2a; }
.text tr.out td:first-child { border-color: #999; }
span.out { background: #e8e8e8; }
span[title] { cursor: help; }
a { color: #2050a0; }
"""


@dataclass(frozen=True, slots=True)
class _Patch:
    """Some characters of the text, and the parts that stand there."""

    start: int
    end: int
    parts: tuple[Covered | OutOfReach, ...]

    @property
    def state(self) -> State:
        counted = [one for one in self.parts if isinstance(one, Covered)]
        seen = sum(bool(one.by) for one in counted)
        return "out" if not counted else "full" if seen == len(counted) else "part" if seen else "none"


def as_page(found: RuleCoverage, language: Language) -> str:
    """The whole page."""
    say = words().say
    title = escape(say("heading", {"title": found.title}, language))
    body = [
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">',
        f'<meta name="viewport" content="width=device-width">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>',
        f"<body>\n<h1>{title}</h1>\n<p>{escape(summary(found, language))}</p>",
        *_totals(found, language),
        *_missing(found, language),
        *_beyond(found, language),
        _key(language),
        *_text(found, language),
        "</body>\n</html>\n",
    ]
    return "\n".join(body)


def _totals(found: RuleCoverage, language: Language) -> Iterator[str]:
    say = words().say
    yield '<table class="totals">' + _row("th", [say(key, {}, language) for key in ("sort", "seen", "all")])
    for name, (seen, all_) in found.totals.items():
        yield _row("td", [words().lists["sorts"][name][language], str(seen), str(all_)])
    yield "</table>"


def _missing(found: RuleCoverage, language: Language) -> Iterator[str]:
    say = words().say
    if found.unusable:
        yield f"<p>{escape(say('unusable', {'names': ', '.join(found.unusable)}, language))}</p>"
    if not found.missing:
        yield f"<p>{escape(say('nothing_missing', {}, language))}</p>"
        return
    yield '<table class="missing">' + _row(
        "th", [say(key, {}, language) for key in ("line", "clause", "address", "what")]
    )
    for one in found.missing:
        texts = one.clause or "", one.part.address, told(one, language)
        cells = "".join(f"<td>{_words(text)}</td>" for text in texts)
        yield f"<tr><td>{_place(one, found)}</td>{cells}</tr>"
    yield "</table>"


def _beyond(found: RuleCoverage, language: Language) -> Iterator[str]:
    """What is out of reach, and why."""
    if not found.out_of_reach:
        return
    say = words().say
    yield '<table class="missing">' + _row(
        "th", [say(key, {}, language) for key in ("line", "clause", "address", "what", "why_out")]
    )
    for one in found.out_of_reach:
        why = one.reason or say("by_proof", {}, language)
        texts = one.clause or "", one.part.address, told(one, language), why
        yield f"<tr><td>{_place(one, found)}</td>{''.join(f'<td>{_words(text)}</td>' for text in texts)}</tr>"
    yield "</table>"


def _place(one: Covered | OutOfReach, found: RuleCoverage) -> str:
    """The line of a part, which leads to the text where it stands in it."""
    line = line_of(one.at)
    own = one.at is not None and one.at.source is found.source
    return f'<a href="#L{line}">{line}</a>' if own else "" if line is None else escape(str(one.at))


def _words(text: str) -> str:
    """A sentence with what it quotes from the document told apart."""
    return re.sub("`([^`]*)`", r"<code>\1</code>", escape(text))


def _key(language: Language) -> str:
    states: tuple[State, ...] = ("full", "part", "none", "out")
    shown = (f'<span class="{one}">{escape(words().say(f"key_{one}", {}, language))}</span>' for one in states)
    return f"<p>{' '.join(shown)}</p>"


def _row(cell: str, texts: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<{cell}>{escape(text)}</{cell}>" for text in texts) + "</tr>"


def _text(found: RuleCoverage, language: Language) -> Iterator[str]:
    """The lines of the document, each with the colour of the least that is exercised in it."""
    source = found.source
    if source is None:
        return
    patches = _patches(found)
    painted = _painted(patches, len(source.text))
    yield '<table class="text">'
    start = 0
    for number, line in enumerate(source.text.splitlines(keepends=True), 1):
        end = start + len(line.rstrip("\r\n"))
        here = [patches[place] for place in dict.fromkeys(painted[start:end]) if place is not None]
        states = {patch.state for patch in here}
        state = next((one for one in ("none", "part", "full", "out") if one in states), "")
        shown = "".join(_runs(source.text, start, end, painted, patches, language))
        yield f'<tr id="L{number}" class="{state}"><td>{number}</td><td>{shown}</td></tr>'
        start += len(line)
    yield "</table>"


def _patches(found: RuleCoverage) -> list[_Patch]:
    """What stands where, the widest first, so that what is inside is painted over it."""
    parts: dict[tuple[int, int], list[Covered | OutOfReach]] = {}
    every: tuple[Covered | OutOfReach, ...] = (*found.parts, *found.out_of_reach)
    for one in every:
        if one.at is not None and one.at.source is found.source:
            parts.setdefault((one.at.start, one.at.end), []).append(one)
    widest = sorted(parts.items(), key=lambda item: (item[0][0] - item[0][1], item[0]))
    return [_Patch(start, end, tuple(some)) for (start, end), some in widest]


def _painted(patches: Sequence[_Patch], length: int) -> list[int | None]:
    """For each character the number of the innermost patch that it is part of."""
    found: list[int | None] = [None] * length
    for number, patch in enumerate(patches):
        for at in range(patch.start, min(patch.end, length)):
            found[at] = number
    return found


def _runs(
    text: str, start: int, end: int, painted: Sequence[int | None], patches: Sequence[_Patch], language: Language
) -> Iterator[str]:
    at = start
    while at < end:
        number, first = painted[at], at
        while at < end and painted[at] == number:
            at += 1
        shown = escape(text[first:at])
        if number is None:
            yield shown
            continue
        patch = patches[number]
        title = "&#10;".join(escape(_hover(one, language)) for one in patch.parts)
        yield f'<span class="{patch.state}" title="{title}">{shown}</span>'


def _hover(one: Covered | OutOfReach, language: Language) -> str:
    if isinstance(one, OutOfReach):
        why = words().say("by_proof" if one.reason is None else "because", {"reason": one.reason or ""}, language)
        return f"– {told(one, language)}: {why}"
    values: Mapping[str, str] = {"cases": ", ".join(one.by)}
    how = words().say("yes" if one.by else "no", values, language)
    return f"{'✓' if one.by else '✗'} {told(one, language)}: {how}"
