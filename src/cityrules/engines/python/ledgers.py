"""Ledgers: points that move by rules. The contract is `docs/engines.md`, "Ledger"."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from cityrules.engines.base import CellKey
from cityrules.engines.python.caps import Caps, moment_of
from cityrules.engines.python.cells import Solve, candidates
from cityrules.engines.python.doubts import Doubts
from cityrules.engines.python.elements import Elements
from cityrules.engines.python.grid import CellPlace
from cityrules.engines.python.items import Items
from cityrules.engines.python.lines import ElementKey, EventKey, Line, Points
from cityrules.engines.python.pools import Pool
from cityrules.engines.python.reading import Place, Reading
from cityrules.engines.python.records import RecordPlace
from cityrules.engines.python.results import CellResults
from cityrules.engines.python.world import World
from cityrules.feel.tree import Value
from cityrules.plan.model import Cap, Ledger, RecordAxis, Rule
from cityrules.results.rounding import rounded


class _Rule:
    """A rule made ready."""

    def __init__(self, world: World, ledger: Ledger, rule: Rule) -> None:
        self.rule = rule
        self._owner = ledger.name
        self._elements = Elements(world, rule.axis, ledger.grain) if rule.axis else None
        self._when = Reading(world, rule.when, ledger.name) if rule.when else None
        self._points = Reading(world, rule.points, ledger.name)
        self._times = Reading(world, rule.times, ledger.name) if rule.times else None
        self._cites = Reading(world, rule.cites, ledger.name) if rule.cites else None
        self._keys = {
            cap.name: [Reading(world, expr, ledger.name) for expr in cap.per[rule.name]]
            for cap in ledger.caps
            if rule.name in cap.per
        }
        keys = [reading for readings in self._keys.values() for reading in readings]
        self._readings = [reading for reading in (self._when, self._points, self._times, self._cites, *keys) if reading]
        self._place = ledger.rules.index(rule)
        axis = rule.axis if (rule.group or "") in ledger.events else None
        self._event = world.plan.records[axis.record].event if isinstance(axis, RecordAxis) else ()

    def hits(self, cell: CellPlace, doubts: Doubts) -> Iterator[Line]:
        """The lines of the rule in one cell, in the order of its elements."""
        if self._elements is None:
            yield from self._hit(cell, cell, doubts, None, None)
            return
        for element in self._elements.of(cell):
            if all(reading.concerns(element) for reading in self._readings):
                named = self._elements.name(element)
                meets = element.record if isinstance(element, RecordPlace) else " ".join(named)
                for line in self._hit(cell, element, doubts, named, meets):
                    line.event = self._event_of(element) if isinstance(element, RecordPlace) else meets
                    yield line

    def _event_of(self, element: RecordPlace) -> EventKey:
        """What records of one event have in common; of a record that lacks a part of it, the record itself."""
        values = tuple(element.record.values[name] for name in self._event)
        return values if values and None not in values else element.record

    def _hit(
        self, cell: CellPlace, element: Place, doubts: Doubts, named: tuple[str, str] | None, meets: ElementKey
    ) -> Iterator[Line]:
        # Read everything first: what cannot be read makes the cell undetermined even where the rule does not hit.
        when, times = self._when, self._times
        read_when = when.read(cell, element, doubts) if when else {}
        read_points = self._points.read(cell, element, doubts)
        read_times = times.read(cell, element, doubts) if times else {}
        read_cites = self._cites.read(cell, element, doubts) if self._cites else {}
        keys = {
            cap: tuple(reading.compute(reading.read(cell, element, doubts), doubts) for reading in readings)
            for cap, readings in self._keys.items()
        }
        held: Value = when.compute(read_when, doubts) if when else True
        if held is None and self.rule.unknown == "undecided":
            doubts.add("undecided", self.rule.name)
        if not (held or (held is None and self.rule.unknown == "yes")):
            return
        # Points and times can only be missing where an unknown `when` counts as true.
        price = number_or_doubt(self._points.compute(read_points, doubts), self._owner, doubts)
        quantity = number_or_doubt(times.compute(read_times, doubts), self._owner, doubts) if times else 1
        nominal = self.rule.sign * price * quantity
        moment = moment_of(self.rule, element)
        line = Line(self.rule.name, self.rule, named, price, quantity, nominal, nominal, None, meets)
        line.place, line.moment, line.keys = self._place, moment, keys
        if self._cites is not None:
            clause = self._cites.compute(read_cites, doubts)
            line.clause = clause if isinstance(clause, str) else None
        yield line


def number_or_doubt(value: Value, owner: str, doubts: Doubts) -> Points:
    """A number; where there is none, a doubt is noted and 0 holds its place."""
    if value is None:
        doubts.add("missing", owner)
        return 0
    assert isinstance(value, (int, Fraction))
    return value


class _Sheet:
    """A ledger made ready. Lines go to the world."""

    def __init__(self, world: World, measure: Ledger) -> None:
        self._world = world
        self._measure = measure
        if measure.carried:
            # Each cell reads the one before, of which the first may be given.
            given = world.question.given.get(measure.name, {})
            world.cells.setdefault(measure.name, CellResults(given=given)).results.update(given)
        self._base = Reading(world, measure.base, measure.name)
        self._rules = [_Rule(world, measure, rule) for rule in measure.rules]
        self._caps = Caps(world, measure)
        self._items = Items(world, measure)

    def _start(self, cell: CellPlace, doubts: Doubts) -> Points:
        return number_or_doubt(self._base.at(cell, doubts), self._measure.name, doubts)

    def solve(self, cell: Place, doubts: Doubts) -> Value:
        assert isinstance(cell, CellPlace)
        base, hits = self.hits(cell, doubts)
        return self.close(cell, base, hits, doubts)

    def hits(self, cell: CellPlace, doubts: Doubts) -> tuple[Points, list[Line]]:
        """The base of a cell, and its hits with what precedence and the caps of the cell leave of them."""
        base = 0 if self._measure.carried else self._start(cell, doubts)
        hits = [line for rule in self._rules for line in rule.hits(cell, doubts)]
        self._caps.read(cell, doubts)
        self._items.read(cell, doubts)
        if not doubts:
            _settle_precedence(self._world, self._measure, hits)
            self._caps.hold(cell, hits, doubts)
        return base, hits

    def close(self, cell: CellPlace, base: Points, hits: list[Line], doubts: Doubts) -> Value:
        """The sum of the lines of a cell."""
        carried = self._measure.carried
        if doubts:
            return None
        lines = [Line("(from)", None, None, None, None, base, base), *hits]
        lines += self._items.settle(cell, base, hits, doubts)
        if carried and not doubts:
            # The period before is looked at last: what speaks against this cell itself is told first.
            lines[0].nominal = lines[0].points = self._start(cell, doubts)
        if doubts:
            return None
        _close(self._world, self._measure, lines)
        self._world.told(self._measure.name).lines.append((cell, lines))
        return _sum(lines)


def solve_ledger(world: World, measure: Ledger) -> Solve:
    """The sum of the lines of each cell."""
    sheet = _Sheet(world, measure)
    cap = next((cap for cap in measure.caps if cap.shared is not None), None)
    return sheet.solve if cap is None else _Shared(world, measure, sheet, cap).solve


class _Shared:
    """A ledger of which several cells share a cap: the hits of all, the cap on all of them, then the sums."""

    def __init__(self, world: World, measure: Ledger, sheet: _Sheet, cap: Cap) -> None:
        self._sheet = sheet
        self._name = measure.name
        pool = Pool(world, measure, cap)
        self._found: dict[CellKey, tuple[Points, list[Line], Doubts]] = {}
        for candidate in candidates(world, measure.grain, False, measure.applies, measure.name):
            cell, doubts = candidate.place, Doubts()
            assert isinstance(cell, CellPlace)
            base, hits = (0, []) if candidate.problem else sheet.hits(cell, doubts)
            pool.take(cell, hits, doubts, known=candidate.problem is None)
            self._found[cell.key] = base, hits, doubts
        self._unknown = pool.hold()

    def solve(self, cell: Place, doubts: Doubts) -> Value:
        assert isinstance(cell, CellPlace)
        base, hits, own = self._found[cell.key]
        doubts.merge(own)
        if not doubts and cell.key in self._unknown:
            # What another cell would take of the cap is not known.
            doubts.add("depends", self._name)
        return self._sheet.close(cell, base, hits, doubts)


def _settle_precedence(world: World, measure: Ledger, hits: list[Line]) -> None:
    """Element by element or event by event, group by group: what is replaced, or gives way, counts nothing."""
    meeting: dict[tuple[str, EventKey], list[Line]] = {}
    for line in hits:
        assert line.rule is not None
        group = line.rule.group or ""
        meeting.setdefault((group, line.event if group in measure.events else line.meets), []).append(line)
    for (group, _), lines in meeting.items():
        if len(lines) > 1:
            world.decided(f"{measure.path}.together {group}")
            _settle(world, measure.groups.get(group, "all"), lines)


def _settle(world: World, policy: str, lines: list[Line]) -> None:
    """`lines` are the hits of one element or event in one group, in the order of the document, then of the elements."""
    for line in lines:
        by = next((other.rule for other in lines if other.rule and line.name in other.rule.replaces), None)
        if by is not None:
            world.decided(f"{by.path}.replaces")
            _replace(line, by.name)
    left = [line for line in lines if line.replaced_by is None]
    if policy == "all" or not left:
        return
    kept = left[0] if policy == "first" else max(left, key=_size)
    for line in left:
        if line is not kept:
            _replace(line, kept.name)


def _size(line: Line) -> Points:
    nominal = line.nominal
    return -nominal if nominal < 0 else nominal


def _replace(line: Line, by: str) -> None:
    line.points = 0
    line.replaced_by = by


def _close(world: World, measure: Ledger, lines: list[Line]) -> None:
    """Add what floor, ceiling and rounding do to the sum."""
    value = _sum(lines)
    for name, bound in (("(floor)", measure.floor), ("(ceiling)", measure.ceiling)):
        if bound is not None:
            world.compared(f"{measure.path}.{name.strip('()')}", value, bound)
        if bound is not None and (value < bound if name == "(floor)" else value > bound):
            lines.append(Line(name, None, None, None, None, bound - value, bound - value))
            value = bound
    if measure.round is not None and (result := rounded(value, measure.round)) != value:
        lines.append(Line("(round)", None, None, None, None, result - value, result - value))


def _sum(lines: list[Line]) -> Points:
    total = sum((line.points for line in lines), Fraction(0))
    return total.numerator if total.denominator == 1 else total
