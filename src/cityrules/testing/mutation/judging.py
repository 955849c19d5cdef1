"""What becomes of a mutant: refused by the checker, noticed by a case, or nothing, and then why. Runs a given engine.

Cases are run until one notices; those that exercise what stands nearest come first, then those that noticed most.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Final, Literal

from cityrules.engines.base import Engine
from cityrules.plan.build import build
from cityrules.plan.model import Plan
from cityrules.plan.withheld import UNSTATED
from cityrules.scheme.load import Loaded
from cityrules.scheme.overlay import Change, Changes, changes_key, under_written, written_at
from cityrules.scheme.places import Patch, Path
from cityrules.testing.mutation.alike import same, same_for_cases
from cityrules.testing.mutation.looking import Looked, named
from cityrules.testing.mutation.mutants import Mutant
from cityrules.testing.mutation.searching import Found, Searcher
from cityrules.testing.mutation.unasked import is_policy, unasked
from cityrules.testing.mutation.writing import Worked, read_case, written_cases
from cityrules.testing.proposing.bench import Bench
from cityrules.testing.worked import Worlds, run_case
from cityrules.testing.writing.case import WrittenCase
from cityrules.text.diagnostic import Report
from cityrules.text.nodes import Origin, Scalar

State = Literal["refused", "killed", "equivalent", "untold", "survived"]
"""refused: the checker does not let it through; killed: a case notices; equivalent: it is proved to mean the same;
untold: it changes only what no case can state, or what is stated for something of which the file of cases says that it
never comes; survived: none of these."""

_UNREAD: Final = ("examples", "labels", "uncomputed", "silenced")
"""Sections that no mutant needs, so that it is checked sooner."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A mutant and what became of it. `by`: the case that noticed, or the codes with which it was refused; `found`: of
    a survivor an input on which it shows, after so many `runs`; `case`: that input as a case which notices it, where it
    can be written. A survivor that is noticed by the case proposed for another has that one's name in `by`."""

    mutant: Mutant
    state: State
    by: str = ""
    found: Found | None = None
    runs: int = 0
    case: WrittenCase | None = None


@dataclass(slots=True)
class Judge:
    """Judges the mutants of one scheme. `near`: which cases exercise something at or below an address; `said_unasked`:
    policies of which a person says that nothing ever asks them; `waiting`: cases proposed earlier, that wait for a
    person."""

    scheme: Loaded
    plan: Plan
    engine: Engine
    cases: Sequence[Worked]
    near: Mapping[Path, frozenset[str]]
    search: bool = True
    said_unasked: frozenset[Path] = frozenset()
    waiting: Sequence[Worked] = ()
    base: Loaded = field(init=False)
    usable: tuple[Worked, ...] = field(init=False)
    """The cases that hold for the scheme as it is."""
    _noticed: Counter[str] = field(init=False)
    _searchers: dict[int, Searcher] = field(init=False)
    _unasked: dict[int, frozenset[Path]] = field(init=False)
    _mine: Worlds = field(init=False)
    """The scheme as it is, and under the changes of its cases."""
    _looked: dict[str, Looked] = field(init=False)
    """What these plans speak of, by the key of the changes."""
    _worlds_known: tuple[tuple[Changes, Mapping[str, Any]], ...] = field(init=False)
    """The different changes of the cases, as such and as they are written."""
    _bench: Bench = field(init=False)
    _proposed: list[Worked] = field(init=False)
    """The cases proposed so far that hold, each with a name of its own."""

    def __post_init__(self) -> None:
        self._noticed = Counter()
        self._looked = {}
        self._searchers = {}
        self._unasked = {}
        self.base = _without(self.scheme)
        self._mine = Worlds(self.base, self.plan)
        self.usable = tuple(case for case in self.cases if not self._notices(case, self._mine))
        changed = {changes_key(_changes_of(case)): (_changes_of(case), case.body.under) for case in self.usable}
        self._worlds_known = tuple(pair for key, pair in changed.items() if key)
        self._bench = Bench(self.base, self.plan)
        self._proposed = [case for case in self.waiting if self.search and not self._notices(case, self._mine)]

    def judge(self, mutant: Mutant) -> Judged:
        """What becomes of a mutant."""
        report = Report()
        made = under_written(self.base, mutation(self.base, mutant), report)
        plan = build(made, report) if made is not None else None
        if made is None or plan is None or report.failed:
            return Judged(mutant, "refused", ", ".join(sorted({one.code for one in report if one.severity == "error"})))
        worlds = Worlds(made, plan)
        changed: dict[str, frozenset[str] | None] = {}
        for case in self._in_order(mutant):
            if self._could_notice(case, worlds, changed) and self._notices(case, worlds):
                self._noticed[case.name] += 1
                return Judged(mutant, "killed", case.name)
        return self._survivor(mutant, worlds)

    def _could_notice(self, case: Worked, worlds: Worlds, changed: dict[str, frozenset[str] | None]) -> bool:
        """Whether what a case looks at is anything else than in the scheme as it is. `changed`: what is, by the key of
        the changes of a case, as far as it is known."""
        names = named(case.body)
        if names is None:
            return True
        changes = _changes_of(case)
        (mine, _), (other, _) = self._mine.under(changes), worlds.under(changes)
        if mine is None or other is None:
            return True
        key = changes_key(changes)
        if key not in self._looked:
            self._looked[key] = Looked(mine)
        if key not in changed:
            changed[key] = self._looked[key].changed(other)
        behind, unlike = self._looked[key].behind(names), changed[key]
        return behind is None or unlike is None or not behind.isdisjoint(unlike)

    def _survivor(self, mutant: Mutant, worlds: Worlds) -> Judged:
        """What no case notices: the same in every way in which the cases change the document, or not."""
        unlike = (
            world
            for world in self._worlds(worlds)
            if not same(world[1], world[2]) and not self._never_asked(mutant, *world[:2])
        )
        first = next(unlike, None)
        if first is None:
            return Judged(mutant, "survived" if self._waits(mutant.path) else "equivalent")
        judged = Judged(mutant, "survived")
        if self.search:
            # The others are built once, for they are looked at again below.
            rest = list(unlike)
            judged = self._searched(mutant, worlds, [first, *rest])
            if judged.found is not None or judged.by:
                return judged
            unlike = (world for world in rest)
        if mutant.path in self.said_unasked:
            return replace(judged, state="untold")
        # The first that a case could tell says it of all; building the others would take most of the time.
        untold = same_for_cases(first[1], first[2]) and all(same_for_cases(one, other) for _, one, other in unlike)
        return replace(judged, state="untold") if untold else judged

    def _never_asked(self, mutant: Mutant, world: int, plan: Plan) -> bool:
        """Whether it changes what is stated for something that is proved never to come."""
        if not is_policy(mutant.path):
            return False
        if world not in self._unasked:
            self._unasked[world] = unasked(plan)
        return mutant.path in self._unasked[world]

    def _waits(self, path: Path) -> bool:
        """Whether what stands at an address is withheld whatever the cases change, so that nothing is known of it.
        Where each option of an open reading replaces it, it is never computed, and nothing needs to be known."""
        plans = [self.plan, *(plan for changes, _ in self._worlds_known if (plan := _good(self._mine, changes)))]
        name = path[1] if len(path) > 1 else None
        withheld = all(any(one.name == name for one in plan.withheld) for plan in plans)
        open_ = [body for body in self.base.document.readings.values() if body.chosen == UNSTATED]
        return withheld and not any(all(_replaces(option, path) for option in body.others.values()) for body in open_)

    def _searched(self, mutant: Mutant, worlds: Worlds, unlike: Sequence[tuple[int, Plan, Plan]]) -> Judged:
        """An input on which it shows: of a case in whichever world, else drawn for the first of them."""
        runs = 0
        for case in self._proposed:
            runs += 1
            if self._notices(case, worlds):
                return Judged(mutant, "survived", case.name, runs=runs)
        for world, one, other in unlike:
            searcher = self._searcher(world, one)
            found = searcher.among_cases(other)
            runs += searcher.runs
            if found is not None:
                return Judged(mutant, "survived", found=found, runs=runs)
        world, one, other = unlike[0]
        searcher = self._searcher(world, one)
        found = searcher.among_drawn(other)
        runs += searcher.runs
        written = self._case(mutant, worlds, found, world) if found is not None else None
        return Judged(mutant, "survived", found=found, runs=runs, case=written)

    def _case(self, mutant: Mutant, worlds: Worlds, found: Found, world: int) -> WrittenCase | None:
        """The found input as a case that holds, and that notices the mutant; None where there is none."""
        changes, changed = self._worlds_known[world - 1] if world else ({}, {})
        other = _good(worlds, changes)
        for written in () if other is None else written_cases(self._bench, found, other, changed, self._name(mutant)):
            case = read_case(written, self.base)
            if case is not None and not self._notices(case, self._mine) and self._notices(case, worlds):
                self._proposed.append(case)
                return written
        return None

    def _name(self, mutant: Mutant) -> str:
        """A name for the case that notices a mutant, which none has yet."""
        words = "_".join(("notices", *mutant.path[-2:]))
        stem = "".join(letter if letter.isalnum() else "_" for letter in words)
        taken = {case.at[-1] for case in (*self.cases, *self.waiting, *self._proposed)}
        return next(name for number in count(1) if (name := f"{stem}_{number}") not in taken)

    def _searcher(self, world: int, plan: Plan) -> Searcher:
        if world not in self._searchers:
            wanted = changes_key(self._worlds_known[world - 1][0]) if world else ""
            cases = {case.name: case.body for case in self.usable if changes_key(_changes_of(case)) == wanted}
            self._searchers[world] = Searcher(plan, self.engine, cases)
        self._searchers[world].runs = 0
        return self._searchers[world]

    def _worlds(self, worlds: Worlds) -> Iterator[tuple[int, Plan, Plan]]:
        """The plan and that of a mutant, as they are and under the changes of each case; those that can be built."""
        yield 0, self.plan, worlds.plan
        for number, (changes, _) in enumerate(self._worlds_known, 1):
            one, other = _good(self._mine, changes), _good(worlds, changes)
            if one is not None and other is not None:
                yield number, one, other

    def _in_order(self, mutant: Mutant) -> list[Worked]:
        def key(case: Worked) -> tuple[int, int, bool]:
            paths = (mutant.path[:length] for length in range(len(mutant.path), 1, -1))
            reached = next((len(path) for path in paths if case.name in self.near.get(path, ())), 0)
            return -reached, -self._noticed[case.name], bool(case.body.under)

        return sorted(self.usable, key=key)

    def _notices(self, case: Worked, worlds: Worlds) -> bool:
        report = Report()
        run_case(case.name, case.body, case.at, case.page, worlds, self.engine, report)
        return report.failed


def mutation(base: Loaded, mutant: Mutant) -> Changes:
    """The one change that makes a mutant, standing where what it changes stands."""
    path, new = mutant.change
    key, node = base.places.entry(path)
    if isinstance(node, Scalar) and isinstance(new, str):
        node = Origin(node, ((0, len(node.text), new),)).scalar()
    return {path: Change(new, Patch(key, node), ".".join(path))}


def _without(scheme: Loaded) -> Loaded:
    """The document without what no mutant needs."""
    there: Changes = {(name,): Change(None) for name in _UNREAD if name in scheme.raw}
    made = under_written(scheme, there, Report()) if there else scheme
    assert made is not None, "what explains and tests a scheme cannot be missed"
    return made


def _replaces(option: Iterable[str], path: Path) -> bool:
    """Whether one of the addresses that a reading changes is this one, or is around it."""
    return any(path[: len(parts)] == parts for parts in (tuple(address.split(".")) for address in option))


def _good(worlds: Worlds, changes: Changes) -> Plan | None:
    """The plan under some changes; None where it is refused."""
    plan, report = worlds.under(changes)
    return None if report.failed else plan


def _changes_of(case: Worked) -> Changes:
    return written_at(case.page, (*case.at, "under")) if case.body.under else {}
