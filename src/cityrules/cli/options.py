"""The texts of options as values: kinds with files, changes of the document, periods, instants. Reads no data."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any, overload

from cityrules.calendar.periods import Periods, Span
from cityrules.cli.failures import UsageError, usage
from cityrules.compare.misplaced import MISPLACED, misplaced
from cityrules.loaded import Editions, Scheme, SchemeError
from cityrules.plan.model import Ledger, Plan
from cityrules.plan.reading import last_working_year
from cityrules.scheme.translate import translate_change
from cityrules.text.diagnostic import Diagnostic, Report
from cityrules.text.nodes import Node, Scalar, plain
from cityrules.text.source import Source
from cityrules.text.suggest import nearest
from cityrules.text.yaml import read

_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?")


def kinds_and_files(given: Iterable[str], option: str, kinds: Mapping[str, object]) -> dict[str, list[str]]:
    """`KIND=FILE` options by kind; several files of one kind stay in their order. Raises UsageError."""
    found: dict[str, list[str]] = {}
    for text in given:
        kind, sign, path = text.partition("=")
        if not sign or not kind or not path:
            raise usage("CR600", found=text)
        if kind not in kinds:
            raise unknown("CR601", kind, kinds, option=option)
        found.setdefault(kind, []).append(path)
    return found


def tables_and_files(given: Iterable[str], tables: Iterable[str] | None) -> dict[str, list[str]]:
    """`NAME=FILE` options by table of the binding; None: no binding was given. Raises UsageError."""
    texts = list(given)
    if texts and tables is None:
        raise usage("CR594", found=texts[0])
    return kinds_and_files(texts, "--table", dict.fromkeys(tables or ()))


def nobody_registered(plan: Plan, given: Container[str]) -> list[Diagnostic]:
    """A warning for each kind of target that is registered and of which no table was given: nobody is of that kind."""
    return [
        Diagnostic("CR614", values={"found": kind.name}, severity="warning")
        for kind in plan.kinds.values()
        if kind.members == "registered" and kind.name not in given
    ]


def calendar_ends(plan: Plan, moment: dt.datetime | None, span: Span) -> list[Diagnostic]:
    """A warning from the last quarter on that the working calendar knows: what is due later cannot be determined."""
    last = last_working_year(plan)
    known = moment.date() if moment is not None else span.last_day
    if last is None or known < dt.date(last, 10, 1):
        return []
    return [Diagnostic("CR998", values={"year": str(last), "next": str(last + 1)}, severity="warning")]


def caps_begin_before(plan: Plan, span: Span) -> list[Diagnostic]:
    """A warning for each shared cap that has been running since before what is assessed: what was moved then is not
    known, and would have used some of it up."""
    found = []
    for ledger in plan.measures.values():
        caps = ledger.caps if isinstance(ledger, Ledger) else ()
        for cap in caps:
            of = cap.shared.period if cap.shared is not None else None
            # A period of the target's own is known only with the data.
            if of is None or plan.periods[of].whose is not None:
                continue
            begins = plan.periods.start_of(of, plan.periods.index_of(of, span.start))
            if max(begins, plan.in_force_from or begins) < span.start:
                values = {"found": f"{ledger.name}.{cap.name}", "period": of, "first": begins.isoformat()}
                values["start"] = span.start.isoformat()
                found.append(Diagnostic("CR987", values=values, severity="warning"))
    return found


@overload
def changed(scheme: Scheme, under: Sequence[str], readings: Sequence[str]) -> Scheme: ...


@overload
def changed(scheme: Scheme | Editions, under: Sequence[str], readings: Sequence[str]) -> Scheme | Editions: ...


def changed(scheme: Scheme | Editions, under: Sequence[str], readings: Sequence[str]) -> Scheme | Editions:
    """The scheme under `PATH=VALUE` changes and `NAME=OPTION` readings. Raises UsageError, SchemeError.

    A value is written as in the document: `75`, `null` (which removes), `[a, b]`, `{at_least: 3}`.
    """
    if isinstance(scheme, Editions):
        if under or readings:
            raise usage("CR1158", found=[*under, *readings][0])
        return scheme
    changes: dict[str, Any] = {}
    for text in readings:
        name, sign, option = text.partition("=")
        if not sign or not name or not option:
            raise usage("CR603", found=text, form="NAME=OPTION")
        body = scheme.document.readings.get(name)
        if body is None:
            raise unknown("CR611", name, scheme.document.readings)
        if option not in body.options:
            raise unknown("CR612", option, body.others, reading=name)
        changes[f"readings.{name}"] = option
    for text in under:
        path, sign, value = text.partition("=")
        if not sign or not path:
            raise usage("CR603", found=text, form="PATH=VALUE")
        node = read_value(path, value)
        if scheme.language == "zh":
            path, node = translate_change(path, node, scheme.written.root)
        changes[path] = new_value(node)
    try:
        return scheme.overlay(changes) if changes else scheme
    except SchemeError as problem:
        # An address that the document does not have is a slip of whoever typed it, not an error of the document.
        if all(diagnostic.code in MISPLACED for diagnostic in problem.diagnostics):
            raise UsageError(*problem.diagnostics) from None
        slips = [one for path in changes for one in misplaced(scheme.written, path, [problem.diagnostics])]
        if slips:
            raise UsageError(*slips) from None
        raise


def read_value(path: str, text: str, option: str = "--under") -> Node:
    """A value as it is written in a document. Raises UsageError."""
    report = Report()
    tree = read(Source(f"{option} {path}", f"value: {text}"), report)
    value = tree.get("value") if tree is not None else None
    if value is None or report.failed:
        raise UsageError(*report)
    return value


def new_value(value: Node) -> Any:
    """The value that a change states; None where it removes."""
    found = plain(value)
    return None if isinstance(value, Scalar) and value.style == "plain" and found == "null" else found


def unknown(code: str, found: str, known: Iterable[str], **values: str) -> UsageError:
    """The complaint about a name that is none of the known ones."""
    names = list(known)
    suggestion = nearest(found, names)
    more = {"suggestion": suggestion} if suggestion else {}
    expected = ", ".join(names) or "-"
    return UsageError(Diagnostic(code, values={"found": found, "expected": expected, **more, **values}))


def span_of(text: str, periods: Periods) -> Span:
    """The period to assess. Raises UsageError."""
    try:
        return periods.parse_span(text)
    except (ValueError, OverflowError):
        raise usage("CR605", found=text) from None


def instant(text: str | None) -> dt.datetime | None:
    """The instant of knowledge; a day means its first instant. Raises UsageError."""
    if text is None:
        return None
    try:
        if not _INSTANT.fullmatch(text):
            raise ValueError(text)
        return dt.datetime.fromisoformat(text)
    except ValueError:
        raise usage("CR606", found=text) from None
