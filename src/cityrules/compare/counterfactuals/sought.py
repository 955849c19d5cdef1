"""One verdict about one cell, and when another one is what was sought. Reads tables and plans; runs nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from cityrules.calendar.periods import Span
from cityrules.engines.base import Outcome
from cityrules.feel.types import Number
from cityrules.plan.model import Bands, Check, Consequence, Duty, Measure, Plan, Rank
from cityrules.plan.views import WHOLE
from cityrules.results.explanation import BETWEEN
from cityrules.results.tables import DIMENSION, Table
from cityrules.results.verdicts import About, Verdict, VerdictKind, kinds_of, silent, verdicts
from cityrules.results.why import NothingToExplain
from cityrules.scheme.notation import parts_of
from cityrules.text.diagnostic import Diagnostic, Language
from cityrules.text.suggest import nearest
from cityrules.text.vocabulary import vocabulary

_COMPARED: Final = re.compile(r"(>=|<=|>|<)\s*(-?[0-9]{1,30}(?:\.[0-9]{1,30})?)")
_NUMBER: Final = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")

NOTHING: Final = "nothing"
_NOTHING_TOLD: Final = ("nothing follows", "无后果")
"""The same as texts and tables in either language tell it."""
HOLDS: Final = "holds"
OTHER: Final = "other"


@dataclass(frozen=True, slots=True)
class Seen:
    """A verdict, and of a consequence the steps that follow in it ("" of one without steps)."""

    verdict: Verdict
    steps: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Sought:
    """What is sought in the place of a verdict. `how`: `other` (any other verdict; of a consequence, that none of the
    steps follows that follows now), `is` (this `text`), or a comparison with a number. A verdict that cannot be
    determined, or is missing, is never what is sought."""

    about: About
    kind: VerdictKind
    now: Seen
    how: Literal["other", "is", ">=", "<=", ">", "<"]
    text: str | None = None

    @property
    def wanted(self) -> str:
        """In the words in which it can be asked for."""
        if self.how == "other":
            return OTHER
        return self.text or "" if self.how == "is" else f"{self.how} {self.text}"

    def met(self, seen: Seen) -> bool:
        """Whether a verdict is what is sought."""
        state, text = seen.verdict.state, seen.verdict.text
        match self.kind:
            case "consequence":
                if state not in ("follows", "nothing"):
                    return False
                if self.how == "other":
                    return not seen.steps & self.now.steps
                return not seen.steps if self.text == NOTHING else self.text in seen.steps
            case "check":
                return state == "holds"
        if state != "value" or text is None:
            return False
        if self.how == "other":
            return _plain(text) != _plain(self.now.verdict.text or "")
        if self.how == "is":
            return _plain(text) == _plain(self.text or "")
        found, line = Decimal(text), Decimal(self.text or "0")
        return {">=": found >= line, "<=": found <= line, ">": found > line, "<": found < line}[self.how]


def _plain(text: str) -> str | Decimal:
    return Decimal(text) if _NUMBER.fullmatch(text) else text


def seen(tables: Mapping[str, Table], about: About, kind: VerdictKind) -> Seen:
    """The verdict of an assessment about a cell."""
    verdict = verdicts(tables, {about.name: kind}).get(about) or silent(kind)
    if kind != "consequence":
        return Seen(verdict)
    table = tables["consequences"]
    places = {name: table.shape.names.index(name) for name in (*About.__slots__[1:], "consequence", "step")}
    steps = set()
    for row in table.rows():
        cell = {name: row[place] or None for name, place in places.items()}
        if cell["consequence"] == about.name and all(
            (None if cell[name] is None else str(cell[name])) == getattr(about, name) for name in About.__slots__[1:]
        ):
            steps.add(str(cell["step"] or ""))
    return Seen(verdict, frozenset(steps))


def asked_names(plan: Plan, names: Sequence[str]) -> tuple[str, ...]:
    """The measures, consequences and checks that are asked about; without names the grades and consequences of targets.
    Raises NothingToExplain for a name that gives no verdicts, and where there are none without one."""
    kinds = {name: kind for name, kind in kinds_of(plan, ()).items() if not _of_record(plan, name)}
    for name in names:
        if name not in kinds:
            raise _wrong("CR1130", list(kinds), found=name)
    found = tuple(dict.fromkeys(names or [name for name, kind in kinds.items() if kind in ("grade", "consequence")]))
    if not found:
        raise _wrong("CR1136", list(kinds), found=plan.scheme)
    return found


def there(plan: Plan, outcome: Outcome, names: Sequence[str], target: str | None, period: str | None) -> None:
    """Raises NothingToExplain where none of the names is of a target, or of such a period."""
    grains = [(plan.measures.get(name) or plan.consequences.get(name) or plan.checks[name]).grain for name in names]
    span = outcome.facts.span
    of_period = period is None or _inside(plan, period, span, {grain.period for grain in grains})
    kinds = {parts_of(grain.kind)[0] for grain in grains}
    of_target = target is None or any(
        target == WHOLE if kind == WHOLE else outcome.facts.exists(kind, target, span.start, span.last_day)
        for kind in kinds
    )
    if not of_period or not of_target:
        raise NothingToExplain(
            Diagnostic("CR1137", values={"found": ", ".join(names), "where": _asked(target, period)})
        )


def _inside(plan: Plan, period: str, span: Span, kinds: Collection[str | None]) -> bool:
    """Whether a period is of one of some kinds, and has days in what is assessed."""
    try:
        kind, index = plan.periods.parse(period)
    except ValueError:
        return False
    first, last = plan.periods.start_of(kind, index), plan.periods.last_day_of(kind, index)
    return kind in kinds and first <= span.last_day and last >= span.start


def about_cell(
    plan: Plan, outcome: Outcome, name: str, target: str, period: str | None, language: Language = "en"
) -> About:
    """The cell of a measure, consequence or check: of a target (`whole`: of the whole city; with its dimensions joined
    by ` / `) in a period (None: timeless), as the tables write it. `language`: of the document's keywords. Raises
    NothingToExplain."""
    known = [one for one in kinds_of(plan, ()) if not _of_record(plan, one)]
    if name not in known:
        raise _wrong("CR1130", known, found=name)
    body = plan.measures.get(name) or plan.consequences.get(name) or plan.checks[name]
    try:
        given = None if period is None else plan.periods.parse(period)[0]
    except ValueError:
        given = ""
    if given != body.grain.period:
        grain = str(body.grain)
        raise _wrong("CR1131", (), found=name, grain=vocabulary().say(grain) if language == "zh" else grain)
    first, *more = parts_of(body.grain.kind)
    text, _, dimension = target.partition(BETWEEN) if more else (target, "", "")
    about = About(name, first, None if first == WHOLE else text, dimension or None, period)
    if name in plan.measures:
        cells = set(_cells(outcome.tables["values"], name))
        if about not in cells:
            there = sorted({BETWEEN.join(part for part in (one.target, one.dimension) if part) for one in cells})
            code = "CR1132" if there else "CR1138"
            raise _wrong(code, there, found=name, where=_where(target, period), target=target)
    elif first != WHOLE and not more:
        span = outcome.facts.span
        if not outcome.facts.exists(first, text, span.start, span.last_day):
            raise _wrong("CR1138", (), found=name, where=_where(target, period), target=target)
    return about


def _cells(table: Table, name: str) -> Iterator[About]:
    places = [table.shape.names.index(one) for one in ("measure", "target_kind", "target", DIMENSION, "period")]
    for row in table.rows():
        measure, kind, target, dimension, period = (None if row[at] in (None, "") else str(row[at]) for at in places)
        if measure == name:
            yield About(name, kind, target, dimension, period)


def _of_record(plan: Plan, name: str) -> bool:
    body: Measure | Consequence | Check | Duty | None = (
        plan.measures.get(name) or plan.consequences.get(name) or plan.checks.get(name)
    )
    return body is None or isinstance(body, Duty) or body.of_record


def sought(plan: Plan, about: About, now: Seen, wanted: str | None) -> Sought:
    """What is sought in the place of a verdict: in `wanted` a grade, a number or place, `>= 60` and the like, a step or
    `nothing` of a consequence, `holds` of a check; None: any other. Raises NothingToExplain for what the verdict can
    never be, for one that is so already, and where none is there that could have come out otherwise."""
    kind = kinds_of(plan, ())[about.name]
    text = (wanted or "").strip()
    if kind == "consequence" and text in _NOTHING_TOLD:
        text = NOTHING
    if not text and kind == "check":
        text = HOLDS
    if not text:
        if now.verdict.state not in ("value", "follows"):
            raise _wrong("CR1133", (), found=about.name, where=_where(about.target, about.period))
        return Sought(about, kind, now, "other")
    compared = _COMPARED.fullmatch(text)
    measure = plan.measures.get(about.name)
    number = isinstance(measure, Rank) or (measure is not None and isinstance(measure.type, Number))
    if compared is not None and number:
        found = Sought(about, kind, now, compared[1], compared[2])  # type: ignore[arg-type]  # One of the four.
    else:
        if number and not _NUMBER.fullmatch(text):
            raise _wrong("CR1139", (), found=text, name=about.name)
        possible = _possible(plan, about.name, kind)
        if not number and possible and text not in possible:
            raise _wrong("CR1134", possible, found=text, name=about.name)
        found = Sought(about, kind, now, "is", text)
    if found.met(now):
        told = f"verdict_{text}" if text in (HOLDS, NOTHING) else text
        raise _wrong("CR1135", (), found=about.name, wanted_type=told, where=_where(about.target, about.period))
    return found


def _possible(plan: Plan, name: str, kind: VerdictKind) -> list[str]:
    if kind == "consequence":
        return [*(step.name for step in plan.consequences[name].steps), NOTHING]
    if kind == "check":
        return [HOLDS]
    measure = plan.measures[name]
    if isinstance(measure, Bands):
        return list(dict.fromkeys(str(label) for label in (*(one for _, one in measure.bounds), measure.otherwise)))
    return list(plan.labels(name))


def _where(target: str | None, period: str | None) -> str:
    return " ".join(part for part in (target or WHOLE, period) if part)


def _asked(target: str | None, period: str | None) -> str:
    """What was asked for, and no more: without a target all are meant."""
    return " ".join(part for part in (target, period) if part)


def _wrong(code: str, known: object, **values: str) -> NothingToExplain:
    names = [str(one) for one in known] if isinstance(known, (list, tuple)) else []
    asked = values.get("target") or values["found"]
    near = nearest(asked, names) if asked not in names else None
    listed = {"known": ", ".join(names[:20])} if names else {}
    return NothingToExplain(Diagnostic(code, values={**values, **listed, **({"suggestion": near} if near else {})}))
