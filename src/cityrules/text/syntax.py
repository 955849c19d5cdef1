"""What PyYAML could not read, said in plain sentences and with the mend.

The parser stops at the first error and names what it expected as a parser. Here the place is looked at again, with
the mistakes in mind that people make who write rules and not YAML. Sentences of both its scanners, in C and in
Python, are understood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from cityrules.text.diagnostic import Diagnostic, Report
from cityrules.text.quoting import quoted
from cityrules.text.regions import (
    INTERVAL,
    comment_in,
    indentation,
    line_before,
    line_of,
    tight_colon,
    value_at,
    wide_colon,
)
from cityrules.text.source import Source, Span
from cityrules.text.traps import CUT_AT_HASH, WIDE_COLON, WIDE_COMMA

SEVERAL_DOCUMENTS: Final = "CR115"
DIRECTIVE: Final = "CR126"
EMPTY_KEY: Final = "CR127"
LONG_KEY: Final = "CR128"
SYNTAX: Final = "CR130"
TAB: Final = "CR131"
INDENTATION: Final = "CR132"
UNCLOSED_QUOTE: Final = "CR133"
UNCLOSED_BRACKET: Final = "CR134"
MISSING_COLON: Final = "CR135"
TIGHT_COLON: Final = "CR136"
RESERVED_SIGN: Final = "CR137"
ESCAPE: Final = "CR138"
LIST_BESIDE_KEY: Final = "CR139"
BLOCK_SIGN: Final = "CR140"
AFTER_BRACKET: Final = "CR141"
INTERVAL_AS_LIST: Final = "CR152"
AFTER_QUOTE: Final = "CR153"
COLON_IN_VALUE: Final = "CR154"
BRACKET_IN_FLOW: Final = "CR155"
COMMENT_IN_VALUE: Final = "CR160"

_KEY_LENGTH: Final = 1024
"""How far a colon may be from the beginning of its key."""

_KEY: Final = re.compile(r":(?=\s|\Z)")


@dataclass(frozen=True, slots=True)
class Last:
    """What was read last before the error: where it stands and what it is."""

    start: int
    end: int
    what: Literal["nothing", "text", "quoted", "flow", "alias"] = "text"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A syntax error: where (`at`), inside what (`since`, `context`), the parser's words, and what came before."""

    source: Source
    at: int
    since: int
    context: str
    problem: str
    last: Last

    @property
    def character(self) -> str:
        return self.source.text[self.at : self.at + 1]

    @property
    def in_flow(self) -> bool:
        return "flow" in self.context

    def span(self, start: int, end: int) -> Span:
        return Span(self.source, start, min(end, len(self.source.text)))

    def here(self) -> Span:
        return self.span(self.at, self.at + 1)

    def follows_last(self) -> bool:
        """Whether only blanks stand between what was read last and the error."""
        return self.last.what != "nothing" and not self.source.text[self.last.end : self.at].strip(" \t")

    def value(self) -> Span:
        """What was probably meant as the value at the error."""
        return value_at(self.source, self.at, self.in_flow and self.since < self.at)


Finding = tuple[str, Span, dict[str, str]]


def explain(trouble: Trouble, report: Report, path: str) -> None:
    """Put the one diagnostic into `report` that fits the syntax error best."""
    if trouble.last.what == "alias" and trouble.follows_last():
        return  # `*x + 1`: that no alias is allowed says it all.
    for look in (_tab, _quote, _sign, _block, _quoted_then_more, _interval, _colon, _no_colon, _flow, _misplaced):
        found = look(trouble)
        if found is not None:
            code, at, values = found
            # A trap in the value before may be the cause, and then it has been told.
            if not any(known.code == code and known.at == at for known in report):
                report.put(Diagnostic(code, at, path, values))
            return
    report.add(SYNTAX, trouble.here(), path, problem=trouble.problem)


def _tab(trouble: Trouble) -> Finding | None:
    low, _ = line_of(trouble.source, trouble.at)
    lead = trouble.source.text[low : trouble.at]
    blank = not lead.strip(" \t")
    if "tab" in trouble.problem or trouble.character == "\t" or (blank and "\t" in lead and not trouble.in_flow):
        start = trouble.source.text.find("\t", low)
        if 0 <= start <= trouble.at:
            return TAB, trouble.span(start, start + 1), {}
    return None


def _quote(trouble: Trouble) -> Finding | None:
    if "quoted scalar" in trouble.context:
        if "escape" in trouble.problem or "hexdecimal" in trouble.problem or "hexadecimal" in trouble.problem:
            start = trouble.source.text.rfind("\\", 0, trouble.at + 1)
            at = trouble.span(start, start + 2)
            return ESCAPE, at, {"found": at.text}
        return _unclosed_quote(trouble, trouble.since)
    return None


def _unclosed_quote(trouble: Trouble, start: int) -> Finding:
    _, high = line_of(trouble.source, start)
    at = trouble.span(start, high)
    return UNCLOSED_QUOTE, Span(at.source, start, start + len(at.text.rstrip())), {"found": at.text[:1]}


def _sign(trouble: Trouble) -> Finding | None:
    """A character at the beginning of a value that YAML keeps for itself."""
    if "directive" in trouble.context:
        low, high = line_of(trouble.source, trouble.since)
        return DIRECTIVE, trouble.span(low, high), {"found": "%"}
    named = any(word in trouble.context for word in ("alias", "anchor", "scanning a tag", "parsing a tag"))
    if named or "cannot start any token" in trouble.problem or "mapping keys are not allowed" in trouble.problem:
        start = trouble.since if named else trouble.at
        found = trouble.source.text[start : start + 1]
        value = value_at(trouble.source, start, _inside_flow(trouble, start))
        return RESERVED_SIGN, Span(trouble.source, start, start + 1), {"found": found, "mended": quoted(value.text)}
    return None


def _inside_flow(trouble: Trouble, at: int) -> bool:
    """Whether a bracket opened on this line is still open at `at`; the scanner does not say."""
    low, _ = line_of(trouble.source, at)
    before = trouble.source.text[low:at]
    return before.count("{") > before.count("}") or before.count("[") > before.count("]")


def _block(trouble: Trouble) -> Finding | None:
    if "block scalar" in trouble.context:
        value = value_at(trouble.source, trouble.since, in_flow=False)
        at = trouble.span(trouble.since, trouble.since + 1)
        return BLOCK_SIGN, at, {"found": at.text, "mended": quoted(value.text)}
    if "sequence entries are not allowed" in trouble.problem:
        value = value_at(trouble.source, trouble.at, in_flow=False)
        return LIST_BESIDE_KEY, trouble.here(), {"mended": quoted(value.text)}
    return None


def _quoted_then_more(trouble: Trouble) -> Finding | None:
    """`"a" = b`: to YAML the value ends at the second quote."""
    last = trouble.last
    if last.what != "quoted" or not trouble.follows_last() or trouble.character in ("", "\n", "\r"):
        return None
    if "\n" in trouble.source.text[last.start : last.end]:
        # Two texts with a line break in between: the first quote was meant to close earlier.
        return _unclosed_quote(trouble, last.start)
    if trouble.in_flow and trouble.character in "]}:":
        return None
    value = value_at(trouble.source, trouble.at, trouble.in_flow)
    at = Span(trouble.source, last.start, max(value.end, trouble.at + 1))
    meant = at.text
    if len(meant) > 2 and meant[0] == meant[-1] and meant.count(meant[0]) % 2:
        meant = meant[1:-1]  # 'it's': the quotes were meant as such, one inside was not.
    return AFTER_QUOTE, at, {"found": trouble.source.text[last.start : last.end], "mended": quoted(meant)}


def _interval(trouble: Trouble) -> Finding | None:
    """`[80..90)`: to YAML a list that nobody closes."""
    low, high = line_of(trouble.source, trouble.since if trouble.in_flow else trouble.at)
    for match in INTERVAL.finditer(trouble.source.text, low, high):
        as_list = match.start() == trouble.since and "flow sequence" in trouble.context and match[0][-1] != "]"
        touched = match.start() <= trouble.at < match.end() and trouble.problem.startswith(("did not", "expected"))
        # `[1..2] = x`: a whole list, and then more.
        behind = trouble.last.what == "flow" and trouble.last.start == match.start() and trouble.follows_last()
        if as_list or touched or behind:
            in_flow = _inside_flow(trouble, match.start())
            value = value_at(trouble.source, match.start(), in_flow)
            at = Span(trouble.source, value.start, max(value.end, match.end()))
            return INTERVAL_AS_LIST, at, {"found": match[0], "mended": quoted(at.text)}
    return None


def _colon(trouble: Trouble) -> Finding | None:
    """A colon where no key can stand: inside a value, or one line too deep."""
    if "mapping values are not allowed" not in trouble.problem:
        return None
    source = trouble.source
    low, _ = line_of(source, trouble.at)
    value = value_at(source, trouble.at, in_flow=False)
    if source.text[low : value.start].strip(" -"):
        return COLON_IN_VALUE, value, {"found": value.text, "mended": quoted(value.text)}
    if trouble.at - low > _KEY_LENGTH:
        start = low + indentation(source, low)
        return LONG_KEY, Span(source, start, trouble.at), {"limit": str(_KEY_LENGTH)}
    before = line_before(source, trouble.at)
    if before is None:
        return None
    wide, tight = wide_colon(source, *before), tight_colon(source, *before)
    if wide is not None:
        return WIDE_COLON, wide, {}
    if tight is not None:
        return TIGHT_COLON, tight, {}
    if ":" not in source.text[slice(*before)]:
        return _missing_colon(source, before)
    return _indentation(trouble, low)


def _no_colon(trouble: Trouble) -> Finding | None:
    """A line that should be `key: value` and has no colon."""
    if "could not find expected ':'" not in trouble.problem:
        return None
    source = trouble.source
    line = line_of(source, trouble.since)
    wide, tight = wide_colon(source, *line), tight_colon(source, *line)
    if wide is not None:
        return WIDE_COLON, wide, {}
    if tight is not None:
        return TIGHT_COLON, tight, {}
    return _missing_colon(source, line)


def _missing_colon(source: Source, line: tuple[int, int]) -> Finding:
    start = line[0] + indentation(source, line[0])
    text = source.text[start : line[1]].rstrip()
    return MISSING_COLON, Span(source, start, start + len(text)), {"found": text}


def _flow(trouble: Trouble) -> Finding | None:
    """Inside `{}` and `[]`: brackets that are not closed, commas that are missing, expressions without quotes."""
    if not trouble.in_flow:
        return None
    source = trouble.source
    _, high = line_of(source, trouble.since)
    same_line = trouble.at <= high
    if same_line and trouble.character in ("[", "{", "?") and trouble.last.what == "text" and trouble.follows_last():
        value = trouble.value()
        return BRACKET_IN_FLOW, value, {"found": trouble.character, "mended": quoted(value.text)}
    wide = source.text.find("，", trouble.since, trouble.at)
    if wide >= 0 and trouble.character in (":", "，"):
        return WIDE_COMMA, trouble.span(wide, wide + 1), {"mended": quoted(trouble.value().text)}
    if same_line and trouble.character == ":":
        value = trouble.value()
        return COLON_IN_VALUE, value, {"found": value.text, "mended": quoted(value.text)}
    comment = comment_in(source, trouble.since, high)
    if comment is not None and not same_line:
        whole = value_at(source, comment, in_flow=True, past_hash=True)
        found = source.text[whole.start : comment].rstrip()
        return CUT_AT_HASH, Span(source, comment, whole.end), {"found": found, "mended": quoted(whole.text)}
    if "node content" in trouble.problem and trouble.character not in ("", "]", "}"):
        return RESERVED_SIGN, trouble.here(), {"found": trouble.character, "mended": quoted(trouble.character)}
    line = source.position(trouble.at).line
    opened = trouble.span(trouble.since, trouble.since + 1)
    return UNCLOSED_BRACKET, opened, {"found": opened.text, "line": str(line)}


def _misplaced(trouble: Trouble) -> Finding | None:
    """Something stands where a new line at the right depth was expected."""
    source = trouble.source
    low, _ = line_of(source, trouble.at)
    if "node content" in trouble.problem:
        value = value_at(source, trouble.at, in_flow=False)
        return RESERVED_SIGN, trouble.here(), {"found": trouble.character, "mended": quoted(value.text)}
    if trouble.last.what == "flow" and trouble.follows_last():
        value = value_at(source, trouble.last.start, in_flow=False)
        return AFTER_BRACKET, trouble.here(), {"mended": quoted(value.text)}
    if "<document start>" in trouble.problem:
        before = line_before(source, trouble.at)
        if before is not None and source.text[slice(*before)].startswith("..."):
            return SEVERAL_DOCUMENTS, trouble.here(), {}
    if not source.text[low : trouble.at].strip(" -"):
        if trouble.character == ":":
            return EMPTY_KEY, trouble.here(), {}
        return _indentation(trouble, low)
    return None


def _indentation(trouble: Trouble, low: int) -> Finding:
    source = trouble.source
    depth = indentation(source, low)
    _, high = line_of(source, low)
    before = line_before(source, low)
    if before is not None and depth > indentation(source, before[0]) and not _KEY.search(source.text, low, high):
        comment = comment_in(source, *before)
        if comment is not None:
            return COMMENT_IN_VALUE, trouble.span(comment, before[1]), {}
    # With no space in front, the first character of the line is what can be underlined.
    return INDENTATION, trouble.span(low, low + max(1, depth)), {"found": str(depth)}
