"""Two assessments laid beside each other: the cells, grades, acts, sums and rejected rows that differ. Runs nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from cityrules.compare.documents.comparison import (
    ActChange,
    Difference,
    GradeCount,
    NearChange,
    Only,
    RejectChange,
    Side,
    SumChange,
    place_of,
)
from cityrules.compare.documents.seen import Act, Cell, CellKind, Seen, Sum
from cityrules.compare.near.cliffs import Cliffs
from cityrules.plan.model import Plan
from cityrules.results.verdicts import Verdict, labels_of


class Beside:
    """Two assessments beside each other."""

    def __init__(self, before: Seen, after: Seen) -> None:
        self._before = before
        self._after = after
        self._labels = labels_of(after.plan) | labels_of(before.plan)
        self._clauses = _clauses(after.plan) | _clauses(before.plan)

    def differences(self) -> tuple[list[Difference], int]:
        """The cells that are not the same, in order, and how many cells of targets are: what is about single records is
        not even read where it is alike by what is written. Measures that one side has not are no cells."""
        found: list[Difference] = []
        same = 0
        for cell in {**self._before.cells, **self._after.cells}:
            key = cell.section, cell.about.name
            kinds = [side.kinds[key] for side in (self._before, self._after) if key in side.kinds]
            if cell.section == "measures" and len(kinds) < 2:
                continue
            kind = kinds[0] if len(set(kinds)) == 1 else "value"
            one = self._beside(cell, kind)
            if one is None:
                same += cell.about.record_kind is None
            else:
                found.append(one)
        return sorted(found, key=place_of), same

    def _beside(self, cell: Cell, kind: CellKind) -> Difference | None:
        before, after = self._before.verdict(cell, kind), self._after.verdict(cell, kind)
        name = cell.about.name
        units = [side.units.get(name) for side in (self._before, self._after)] if cell.section == "measures" else []
        alike = len(set(units)) <= 1
        if alike and before == after:
            return None
        numbers = [side.number(cell) for side in (self._before, self._after)]
        moved = None
        if alike and numbers[0] is not None and numbers[1] is not None:
            moved = numbers[1] - numbers[0]
        if moved == 0:
            return None
        unit = units[0] if units and alike else " -> ".join(one or "-" for one in units) or None
        return Difference(cell, kind, self._labels.get(name), self._clauses.get(name), unit, before, after, moved)

    def grades(self, differences: Iterable[Difference]) -> tuple[GradeCount, ...]:
        """Of every measure and period in which somebody has another grade: how many went from which to which."""
        moved = {(one.cell.about.name, one.cell.about.period) for one in differences if one.kind == "grade"}
        counts: Counter[tuple[str, str | None, str, str]] = Counter()
        for cell in {**self._before.cells, **self._after.cells}:
            name, period = cell.about.name, cell.about.period
            if cell.section == "measures" and (name, period) in moved:
                sides = self._before.verdict(cell, "grade"), self._after.verdict(cell, "grade")
                before, after = (one.text if one.text is not None else one.state for one in sides)
                counts[name, period, before, after] += 1

        def place(key: tuple[str, str | None, str, str]) -> tuple[str, str, int, int, str, str]:
            order = self.words(key[0])
            known = [order.index(one) if one in order else len(order) for one in key[2:]]
            return key[0], key[1] or "", known[0], known[1], key[2], key[3]

        return tuple(
            GradeCount(name, self._labels.get(name), period, before, after, counts[name, period, before, after])
            for name, period, before, after in sorted(counts, key=place)
        )

    def words(self, name: str) -> tuple[str, ...]:
        """The grades of a measure: those that it has before, in their order, and those that only come with the second
        document."""
        return tuple(dict.fromkeys((*self._before.plan.labels(name), *self._after.plan.labels(name))))

    def acts(self, one: Difference) -> Iterator[ActChange]:
        """What follows of a consequence on one side only, step by step; two acts of one step are one that changed."""
        sides = [list(side.acts.get(one.cell, ())) for side in (self._before, self._after)]
        lost, gained = _without(sides[0], sides[1]), _without(sides[1], sides[0])
        about = one.cell, one.label
        none = [Verdict(side.state) for side in (one.before, one.after)]
        for act in lost:
            other = next((each for each in gained if each.step == act.step), None)
            own = Verdict("follows", act.text)
            if other is None:
                yield ActChange("lost", *about, act.clause or one.clause, act.step, own, none[1])
            else:
                gained.remove(other)
                new = Verdict("follows", other.text)
                yield ActChange("changed", *about, other.clause or one.clause, act.step, own, new)
        for act in gained:
            yield ActChange("gained", *about, act.clause or one.clause, act.step, none[0], Verdict("follows", act.text))
        if sides == [[], []]:
            yield ActChange("changed", *about, one.clause, None, none[0], none[1])

    def sums(self) -> list[SumChange]:
        """Amounts that do not add up to the same."""
        found = []
        for of in sorted({**self._before.sums, **self._after.sums}, key=_sum_place):
            both = [side.sums.get(of, Fraction(0)) for side in (self._before, self._after)]
            if both[0] != both[1]:
                found.append(SumChange(of, self._labels.get(of.name), both[0], both[1]))
        return found

    def rejects(self) -> Iterator[RejectChange]:
        """Rows that are used on one side only, or not used for another reason."""
        for key in sorted({**self._before.rejects, **self._after.rejects}):
            before, after = self._before.rejects.get(key), self._after.rejects.get(key)
            if before != after:
                named = before or after
                reasons = [one[1] if one else None for one in (before, after)]
                yield RejectChange(*key, named[0] if named else None, *reasons)

    def near(self, before: Cliffs, after: Cliffs) -> Iterator[NearChange]:
        """Who stands near a line on one side only, or at another distance from it."""
        sides = [{(one.line.path, one.about): one for one in cliffs.near} for cliffs in (before, after)]
        for path, about in {**sides[0], **sides[1]}:
            both = [side.get((path, about)) for side in sides]
            standing = [one and (one.value, one.bound, one.reached) for one in both]
            if standing[0] != standing[1]:
                line = next(one.line for one in both if one is not None)
                yield NearChange(path, about, line.label, line.clause, both[0], both[1])

    def only(self) -> Iterator[Only]:
        """What one of the documents has and the other has not."""
        sides: list[tuple[Side, Seen, Seen]] = [
            ("before", self._before, self._after), ("after", self._after, self._before),
        ]  # fmt: skip
        for side, own, other in sides:
            counts = Counter((cell.section, cell.about.name) for cell in own.cells)
            for section, names, known in _names(own.plan, other.plan):
                for name in names:
                    if name not in known:
                        yield Only(side, section, name, self._labels.get(name), counts[section, name])


def _names(plan: Plan, other: Plan) -> Iterator[tuple[str, Iterable[str], Iterable[str]]]:
    yield "targets", plan.kinds, other.kinds
    yield "records", plan.records, other.records
    yield "measures", plan.measures, other.measures
    yield "consequences", plan.consequences, other.consequences
    yield "checks", plan.checks, other.checks


def _clauses(plan: Plan) -> dict[str, str]:
    nodes = [*plan.computed(), *plan.checks.values()]
    return {node.name: node.clause for node in nodes if node.clause}


def _without(acts: Sequence[Act], others: Sequence[Act]) -> list[Act]:
    """The acts that are not among the others, each of which stands for one."""
    left = Counter(act.text for act in others)
    found = []
    for act in acts:
        if left[act.text]:
            left[act.text] -= 1
        else:
            found.append(act)
    return found


def _sum_place(of: Sum) -> tuple[str, ...]:
    places = (of.section, of.name, of.unit, of.period, of.target_kind, of.target, of.dimension)
    return tuple(one or "" for one in places)
