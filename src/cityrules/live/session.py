"""A session: events come in, and what follows from the rows that stand is raised and withdrawn as it becomes due.

At any time a session says what one assessment of all rows that stand would say, for the periods that are over at the
clock of the session or were closed by an event. What an event cannot have changed is not computed again: targets fall
into parts (`parts.py`), an engine assesses the parts that were touched up to the ladders (`cut.py`), and a chain walks
these on from where it was (`chain.py`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal

from cityrules.io.rows import DataError
from cityrules.live.chain import Chain
from cityrules.live.climbing import Row, climbed, plain_rows
from cityrules.live.cut import cut
from cityrules.live.events import Event, NotAnEvent, Texts, What, parts_of_event, said_as
from cityrules.live.following import Difference, Following
from cityrules.live.forward import DurableChain
from cityrules.live.guard import Guard
from cityrules.live.journal import Journal
from cityrules.live.parts import Part, Parts
from cityrules.live.standing import Standing
from cityrules.live.walk import PlainWalk
from cityrules.loaded import Assessment, Scheme
from cityrules.loaded.opening import Opening
from cityrules.model.forms import Form, Place, forms_of
from cityrules.results.tables import Cell as Value
from cityrules.text.diagnostic import Diagnostic
from cityrules.text.suggest import nearest

_CHAINS: Final[Mapping[str, Callable[[], Chain]]] = {"durable": DurableChain, "plain": PlainWalk}


@dataclass(frozen=True, slots=True)
class Change:
    """A row of `consequences` that stands now and did not before, or the other way round. `event`: the one that caused
    it: the last that touched the part it belongs to, of those since changes were last asked for."""

    change: Difference
    row: Row
    event: Event


@dataclass(frozen=True, slots=True)
class _Judged:
    """An event that changes something: where it is about a row, the form of that and which it is."""

    event: Event
    form: Form | None = None
    place: Place | None = None


class Session:
    """A live session of a scheme over the periods of `period`; its clock begins with the first day of them.

    `chain` walks the ladders: `durable` by durable-rules in a process of its own (needs the extra `live`), `plain` by
    this library itself, or a chain of the host's, which stays the host's to close. `journal`: a file that keeps the
    events; where it is there already, the session goes on from it, with `revised` even where it was kept under another
    text of the document or from another opening. `opening`: what was before the first period, as for `Scheme.assess`.
    Use it in a `with`, or `close` it. Threads wait for one another; a process that was forked needs a session of its
    own.

    Raises DataError for an opening that an assessment would refuse and for a journal that is in use or of something
    else, ValueError for a period that is none. Whatever is asked of a closed session, or in a fork, raises ValueError.
    """

    def __init__(
        self,
        scheme: Scheme,
        *,
        period: str,
        chain: Literal["durable", "plain"] | Chain = "durable",
        journal: str | Path | None = None,
        revised: bool = False,
        opening: Any = None,
    ) -> None:
        if isinstance(chain, str) and chain not in _CHAINS:
            raise ValueError(f"chain is one of {', '.join(_CHAINS)}, or a chain of your own; not {chain!r}")
        self.scheme = scheme
        self._period = period
        self._span = scheme.plan.periods.parse_span(period)
        self._opening = Opening(scheme.plan, self._span, opening)
        self._cut = cut(scheme.plan, self._opening.measures)
        self._fore = replace(scheme, plan=self._cut.plan, _scorers={})
        self._forms = forms_of(scheme.plan)
        self._standing = Standing()
        self._parts = Parts(self._cut.plan)
        self._clock = dt.datetime.combine(scheme.plan.days_of(self._span).start, dt.time())
        self._closed: set[str] = set()
        self._ids: set[str] = set()
        self._events: list[Event] = []
        self._following = Following()
        self._guard = Guard()
        self._own_chain = isinstance(chain, str)
        self._chain = _CHAINS[chain]() if isinstance(chain, str) else chain
        path = None if journal is None else Path(journal)
        self._journal = Journal(scheme.name, period, _version(scheme, self._opening), path, revised)
        try:
            self._replay()
        except BaseException:
            self.close()
            raise

    # ------------------------------------------------------------------------------------------------ events

    def post(self, kind: str, row: Mapping[str, Any], *, id: str | None = None) -> Event | None:
        """A row of a record or of a target, new or late. None where the session had it before, by its `id` or by what
        it says: then nothing changes, whatever became of the row since. Raises DataError, also for another row of the
        same key (`correct` says that it is meant), unless the scheme says which of several counts."""
        return self.take(said_as("post", kind, row, None, id))

    def correct(
        self, kind: str, row: Mapping[str, Any], *, reason: str | None = None, id: str | None = None
    ) -> Event | None:
        """A row that stands in the place of that with the same key from now on; also of one that was annulled. Raises
        DataError where there never was one."""
        return self.take(said_as("correct", kind, row, reason, id))

    def annul(
        self, kind: str, key: Mapping[str, Any], *, reason: str | None = None, id: str | None = None
    ) -> Event | None:
        """The row with this key (the columns that make it up) stands no more. Raises DataError where there never was
        one."""
        return self.take(said_as("annul", kind, key, reason, id))

    def advance(self, moment: dt.datetime | dt.date | str, *, id: str | None = None) -> Event | None:
        """Move the clock on: from now on all is known, and due, that was so at `moment` (local time; of a day its first
        instant). None where the clock stands there. Raises DataError for a moment before."""
        on = moment if isinstance(moment, str) else moment.isoformat()
        return self.take(said_as("advance", on, None, None, id))

    def close_period(self, period: str, *, id: str | None = None) -> Event | None:
        """The books of a period are closed before its end (`2024-03`): what follows in it stands from now on. None
        where they are. Raises DataError for what is no period, or has not begun."""
        return self.take(said_as("close", period, None, None, id))

    def take(self, event: Mapping[str, Any]) -> Event | None:
        """An event as it is written (`docs/live.md`): `{"post": KIND, "row": {..}}` and so on. Raises DataError."""
        try:
            parts = parts_of_event(event)
        except NotAnEvent as problem:
            raise DataError([Diagnostic("CR189", values={"found": str(problem)})]) from None
        with self._guard:
            return self._take(*parts)

    # ------------------------------------------------------------------------------------------------ answers

    @property
    def clock(self) -> dt.datetime:
        """The instant up to which this session has been advanced."""
        return self._clock

    @property
    def events(self) -> tuple[Event, ...]:
        """All events that changed something, in order."""
        return tuple(self._events)

    @property
    def ladders(self) -> dict[str, str]:
        """Who walks each ladder: `chain`, or why it is computed with everything else (`docs/live.md`)."""
        return {**{ladder.consequence.name: "chain" for ladder in self._cut.ladders}, **self._cut.kept}

    def consequences(self) -> list[Row]:
        """What stands now: rows of the table `consequences`, of records and of the periods that are over at the clock
        or closed. Raises CheckFailed like `Scheme.assess`, ChainError where ladders cannot be walked."""
        with self._guard:
            self._following.refresh(self._parts, self._compute)
            return self._following.rows()

    def changes(self) -> list[Change]:
        """What was raised and withdrawn since this was last asked, withdrawals first. Raises as `consequences` does."""
        with self._guard:
            self._following.refresh(self._parts, self._compute)
            found = self._following.differences()
            return [Change(change, row, self._events[part.now.cause - 1]) for change, row, part in found]

    def standing(self) -> tuple[dict[str, list[Texts]], dict[str, list[Texts]]]:
        """The rows that stand, by kind: of records, and of targets."""
        with self._guard:
            rows = self._standing.of(self._standing.rows)
        targets = {kind: found for kind, found in rows.items() if self._forms[kind].of_target}
        return {kind: found for kind, found in rows.items() if kind not in targets}, targets

    def assess(self) -> Assessment:
        """One assessment of all rows that stand, at the clock: for every other table, and to explain. Raises as
        `Scheme.assess` does."""
        with self._guard:
            records, targets = self.standing()
            opening = self._opening.lines or None
            return self.scheme.assess(records, targets=targets, period=self._span, as_of=self._clock, opening=opening)

    def close(self) -> None:
        """End the process of a chain that was made for this session, and close the journal. Again, it does nothing."""
        with self._guard.closing():
            if self._own_chain and self._guard.at_home:
                self._chain.close()
            self._journal.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ------------------------------------------------------------------------------------------------ inside

    def _take(self, what: What, on: str, values: Mapping[str, Any], reason: str | None, id: str | None) -> Event | None:
        """Take an event in, once. None where it changes nothing."""
        judged = self._judged(Event(what, on, {}, reason, id, len(self._events) + 1), values)
        if judged is None:
            return None
        # What is in no journal has not happened.
        self._journal.append(judged.event)
        self._apply(judged)
        return judged.event

    def _replay(self) -> None:
        """Take in again what the journal holds. What changes nothing was interrupted between journal and session, and
        said again."""
        for line, said in self._journal.kept():
            try:
                what, on, values, reason, id = parts_of_event(said)
                judged = self._judged(Event(what, on, {}, reason, id, len(self._events) + 1), values)
            except (NotAnEvent, DataError):
                raise self._journal.wrong(line, json.dumps(said, ensure_ascii=False)) from None
            if judged is not None:
                self._apply(judged)

    def _judged(self, event: Event, values: Mapping[str, Any]) -> _Judged | None:
        """The event as it is kept; None where it changes nothing. Raises DataError."""
        if event.id is not None and event.id in self._ids:
            return None
        if event.what == "advance":
            moment = self._moment(event.on)
            return None if moment == self._clock else _Judged(replace(event, on=moment.isoformat()))
        if event.what == "close":
            period = self._begun(event.on)
            return None if period in self._closed else _Judged(replace(event, on=period))
        form = self._form(event.on)
        event = replace(event, values=form.texts(values, form.key if event.what == "annul" else None))
        place = self._standing.judged(form, event)
        return None if place is None else _Judged(event, form, place)

    def _apply(self, judged: _Judged) -> None:
        """Let an event have happened."""
        event, form, place = judged.event, judged.form, judged.place
        self._events.append(event)
        if event.id is not None:
            self._ids.add(event.id)
        if form is not None and place is not None:
            self._standing.change(form, event, place)
            self._parts.touch(place, () if event.what == "annul" else form.named(event.values), event.number)
            return
        if event.what == "advance":
            self._clock = dt.datetime.fromisoformat(event.on)
        else:
            self._closed.add(event.on)
        self._parts.touch_all(event.number)

    def _form(self, kind: str) -> Form:
        if kind in self._forms:
            return self._forms[kind]
        values = {"found": kind, "wanted": ", ".join(self._forms)}
        near = nearest(kind, self._forms)
        raise DataError([Diagnostic("CR501", path=kind, values=values | ({"suggestion": near} if near else {}))])

    def _moment(self, text: str) -> dt.datetime:
        """The instant to which the clock is moved on. Raises DataError."""
        try:
            moment = dt.datetime.fromisoformat(text)
        except ValueError:
            moment = dt.datetime.min
        if moment.tzinfo is not None or moment < self._clock:
            values = {"found": text, "clock": self._clock.isoformat()}
            raise DataError([Diagnostic("CR185", values=values)])
        return moment

    def _begun(self, text: str) -> str:
        """The name of the period that is closed. Raises DataError."""
        periods = self.scheme.plan.periods
        try:
            kind, index = periods.parse(text)
            begun = index in periods.in_span(kind, self._span) and periods.start_of(kind, index) <= self._clock.date()
        except ValueError:
            begun = False
        if not begun:
            values = {"found": text, "period": self._period, "clock": self._clock.isoformat()}
            raise DataError([Diagnostic("CR186", values=values)])
        return periods.name_of(kind, index)

    def _compute(self, part: Part) -> list[Row]:
        """What follows for one part."""
        rows = self._standing.of(part.places)
        targets = {kind: found for kind, found in rows.items() if self._forms[kind].of_target}
        records = {kind: found for kind, found in rows.items() if kind not in targets}
        opening = self._opening.of(part.names if self._parts.tied is None else None, self._fore.plan.measures)
        assessment = self._fore.assess(records, targets=targets, period=self._span, as_of=self._clock, opening=opening)
        ladders = self._cut.ladders
        found = [
            row for row in plain_rows(ladders, assessment) if self._stands(row["period"], row["provisional"] is True)
        ]
        return [*found, *climbed(ladders, assessment, self._chain, self._stands)]

    def _stands(self, period: Value, provisional: bool) -> bool:
        """Whether what follows in a period is final by now."""
        return not provisional or period in self._closed


def _version(scheme: Scheme, opening: Opening) -> str:
    """A digest of all that decides what follows from events: the document, and what the session goes on from."""
    told = [scheme.document.model_dump_json(exclude_defaults=True), opening.lines]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:16]
