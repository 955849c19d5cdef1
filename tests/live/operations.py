"""Random lives of sessions: small populations of shipped schemes, and all that can happen to them.

An operation is a tuple of a name and small numbers, so that a failure shrinks to a few of them.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

import cityrules as cr
from cityrules.io.rows import DataError
from cityrules.live import Session
from cityrules.live.chain import Chain
from cityrules.live.events import Event
from cityrules.live.forward import DurableChain
from cityrules.loaded import specs_folder

Row = dict[str, Any]
# A row of a kind out of three small numbers: which, when, what.
Make = Callable[[int, int, int], Row]
Operation = tuple[str, int, int, int, int]

POINTS = ("60", "59.99", "70", "95", "20", "", "abc", "1000")


@dataclass(frozen=True)
class Population:
    """A scheme with those to whom it applies: who is there from the first, and the rows that can come."""

    name: str
    scheme: cr.Scheme
    period: str
    first: tuple[tuple[str, Row], ...]
    kinds: tuple[tuple[str, Make], ...]
    opening: tuple[Row, ...] = ()

    def make(self, kind: int, which: int, when: int, what: int) -> tuple[str, Row]:
        name, make = self.kinds[kind % len(self.kinds)]
        return name, make(which, when, what)


def month(when: int) -> str:
    return f"{2008 + when // 12 % 2}-{when % 12 + 1:02}"


def day(when: int) -> str:
    return f"{month(when)}-{when * 7 % 28 + 1:02}"


def of(names: str, which: int) -> str:
    return names.split()[which % len(names.split())]


def _illegal() -> tuple[tuple[tuple[str, Row], ...], tuple[tuple[str, Make], ...]]:
    areas = ("城区", "隆中风景区", "鱼梁洲")
    first = [("bureau", {"name": name, "area": area}) for name, area in zip("AB", areas, strict=False)]
    first += [("squad", {"name": name, "bureau": name[0].upper()}) for name in ("a1", "a2", "b1")]
    squads, pair = "a1 a2 b1 b1 nobody", "a1 b1"
    return tuple(first), (
        ("month_assessment", lambda a, b, c: {"squad": of(squads, a), "period": month(b), "points": POINTS[c % 8]}),
        ("month_assessment", lambda a, b, c: {"squad": of(pair, a), "period": month(b % 8), "points": POINTS[c & 1]}),
        ("building", lambda a, b, c: {"no": f"W{b % 5}", "squad": of(squads, a), "found_on": day(b + c)}),
        ("misconduct", lambda a, b, c: {
            "no": f"M{a % 3}", "bureau": of("A B", b), "person": "X", "reported_on": day(b),
            "act": of("接受宴请 有令不止 其他", c), "verified": c % 2 == 0,
        }),
        ("squad", lambda a, b, _: {"name": of("a1 a3 b1", a), "bureau": of("A B", b), "since": None}),
        ("bureau", lambda a, _, c: {"name": of("A C", a), "area": areas[c % 3]}),
    )  # fmt: skip


def _marks(
    target: str, **attributes: tuple[Any, ...]
) -> tuple[tuple[tuple[str, Row], ...], tuple[tuple[str, Make], ...]]:
    def known(name: str, what: int) -> Row:
        return {"name": name, **{field: values[what % len(values)] for field, values in attributes.items()}}

    first = tuple((target, known(name, number)) for number, name in enumerate(("a", "b")))
    return first, (
        ("mark", lambda a, b, c: {target: of("a b", a), "period": month(b), "points": POINTS[c % 8]}),
        ("mark", lambda a, b, c: {target: of("a b", a), "period": month(b % 6), "points": ("60", "59", "20")[c % 3]}),
        (target, lambda a, _, c: known(of("a c", a), c)),
    )


def _market() -> tuple[tuple[tuple[str, Row], ...], tuple[tuple[str, Make], ...]]:
    first = [("地区", {"name": "东区"}), *(("市场", {"name": name, "地区": "东区"}) for name in "甲乙丙")]
    scores = ("90", "80.5", "80.50", "70", "101")
    return tuple(first), (
        ("集中考核", lambda a, b, c: {
            "市场": "甲乙丙丁"[a % 4], "period": month(b % 3), "考核日期": f"{month(b % 3)}-20",
            "集中得分": scores[c % 5],
        }),
        ("暗访检查", lambda a, b, c: {"市场": "甲乙丙"[a % 3], "period": month(b % 3), "暗访得分": scores[c % 5]}),
        ("市场", lambda a, _, __: {"name": "甲丁"[a % 2], "地区": "东区"}),
    )  # fmt: skip


def _garbage() -> tuple[tuple[tuple[str, Row], ...], tuple[tuple[str, Make], ...]]:
    """Findings that are cleared late or never, and leaders who point at one place again."""
    first = tuple(("street", {"name": name}) for name in "甲乙")
    return first, (
        ("finding", lambda a, b, c: {
            "no": f"F{a}", "street": "甲乙丙"[a % 3], "place": f"p{c % 2}", "source": "日常检查", "found_on": day(b),
            "on_road": c == 7, "newly": False, "volume": 3, "notified_on": day(b), "in_writing": c > 1,
            "notices": c % 4, "extension": None, "cleared_on": day(b + 1) if c % 2 else None,
        }),
        ("remark", lambda a, b, c: {
            "no": f"R{a}", "street": "甲乙"[c % 2], "place": f"p{c % 3}", "made_on": day(b), "leader": "市级以上领导",
            "failed_corrections": 0, "corrected_in_time": c == 6,
        }),
        ("street", lambda a, b, _: {"name": "甲丙"[a % 2], "since": None, "until": day(b) if b > 20 else None}),
    )  # fmt: skip


@cache
def populations() -> tuple[Population, ...]:
    """Schemes with ladders, under several readings, and one whose targets are compared with one another."""

    def scheme(name: str, changes: Mapping[str, Any]) -> cr.Scheme:
        loaded = cr.load(specs_folder() / name, examples=False)
        return loaded.overlay(changes) if changes else loaded

    begins = {"in_force.from": "2008-01-01"}
    # So that a building or two are too many.
    few = {"tables.quotas.rows": [["城区", 1], ["隆中风景区", 0], ["鱼梁洲", 2]]}
    illegal = "illegal-construction"
    again = {
        "for": "squad each month", "when": "fired(in_a_row.talk)", "do": "Again", "kind": "circular", "clause": "2",
    }  # fmt: skip
    return (
        *(
            Population(
                f"illegal {' '.join(changes.values())}",
                scheme(illegal, {**changes, **few}),
                "2008..2009",
                *_illegal(),
            )
            for changes in (
                {},
                {"readings.missing_month": "holds", "readings.new_year": "begins_anew"},
                {"readings.missing_month": "counts", "readings.repeated_talk": "every_three_months"},
                {"readings.repeated_talk": "anew_after_suspension"},
                {"readings.three_months": "mean_of_the_months"},
            )
        ),
        Population(
            f"{illegal} gone on from 2008",
            scheme(illegal, few),
            "2009",
            *_illegal(),
            # Runs that another year goes on with, also of somebody who is not there yet.
            opening=tuple(
                {"measure": f"{kind}_failing", "target": name, "period": "2008-12", "value": value}
                for kind, name, value in (
                    ("squad", "a1", 2),
                    ("squad", "b1", 5),
                    ("squad", "a3", 1),
                    ("bureau", "B", 2),
                )
            ),
        ),
        Population(
            "ladders", scheme("gallery/ladders", begins), "2008-02..2009-03", *_marks("squad", new=("true", "false"))
        ),
        Population(
            "ladders read by others",
            scheme("gallery/ladders", {**begins, "consequences.again": again}),
            "2008-02..2009-03",
            *_marks("squad", new=("true", "false")),
        ),
        Population(
            "streaks",
            scheme("gallery/streaks", begins),
            "2008..2009",
            *_marks("street", **{"class": ("central", "outer")}),
        ),
        Population("market-flags", scheme("market-flags", {}), "2008", *_market()),
        Population("garbage-clearance", scheme("garbage-clearance", {}), "2008..2009", *_garbage()),
    )


NAMES = (
    *["post"] * 12, "repeat", "repeat", "correct", "correct", "annul", "advance", "advance", "close", "kill", "resume",
)  # fmt: skip
OPERATIONS = st.tuples(
    st.sampled_from(NAMES), st.integers(0, 5), st.integers(0, 7), st.integers(0, 23), st.integers(0, 7)
)


class Life:
    """A session that is lived through, and what a host knows of it from its changes alone."""

    def __init__(self, population: Population, chain: Chain, journal: Path) -> None:
        self.population, self.chain, self.journal = population, chain, journal
        self.session = self._session()
        self.told: Counter[str] = Counter()
        for kind, row in population.first:
            self.session.post(kind, row)

    def _session(self) -> Session:
        population = self.population
        return Session(
            population.scheme, period=population.period, chain=self.chain, journal=self.journal,
            opening=[*population.opening] or None,
        )  # fmt: skip

    def do(self, operation: Operation) -> Event | None:
        """Let something happen. What a session refuses changes nothing."""
        name, kind, which, when, what = operation
        session = self.session
        try:
            match name:
                case "post":
                    return session.post(*self.population.make(kind, which, when, what), id=f"{operation}")
                case "repeat":
                    old = [event for event in session.events if event.what == "post"]
                    event = old[(when * 7 + what) % len(old)]
                    before = session.events
                    again = session.post(event.on, event.values, id=event.id if which % 2 else None)
                    assert again is None
                    assert session.events == before
                case "correct":
                    return session.correct(*self.population.make(kind, which, when, what), reason="wrong")
                case "annul":
                    on, row = self.population.make(kind, which, when, what)
                    key = session._forms[on].key
                    return session.annul(on, {column: row.get(column) for column in key}, reason="never was")
                case "advance":
                    return session.advance(session.clock + dt.timedelta(days=(1, 20, 31, 62)[what % 4], hours=which))
                case "close":
                    return session.close_period(month(when))
                case "kill":
                    if isinstance(self.chain, DurableChain) and self.chain.pid is not None:
                        os.kill(self.chain.pid, signal.SIGKILL)
                case "resume":
                    told = session.changes()
                    self._hear(told)
                    session.close()
                    self.session = self._session()
                    self.session.changes()
        except DataError as problem:
            if not {found.code for found in problem.diagnostics} <= {"CR182", "CR183", "CR184", "CR185", "CR186"}:
                raise
        return None

    def check(self) -> None:
        """The session says what one assessment of all that stands says; and so do its changes, one on the other."""
        session = self.session
        records, targets = session.standing()
        batch = self.population.scheme.assess(
            records, targets=targets, period=self.population.period, as_of=session.clock,
            opening=[*self.population.opening] or None,
        )  # fmt: skip
        closed = {event.on for event in session.events if event.what == "close"}
        wanted = [row for row in batch.rows("consequences") if not row["provisional"] or row["period"] in closed]
        assert session.consequences() == wanted
        self._hear(session.changes())
        assert self.told == Counter(_unmarked(row) for row in wanted)
        assert session.changes() == []

    def _hear(self, changes: list[Any]) -> None:
        for change in changes:
            assert change.event in self.session.events
            row = _unmarked(change.row)
            assert change.change == "raised" or self.told[row] > 0
            self.told[row] += 1 if change.change == "raised" else -1
        self.told = +self.told


def _unmarked(row: Row) -> str:
    return str([value for name, value in row.items() if name != "provisional"])
