"""Why a value is what it is: the explanation of a cell, a record or a consequence, from the result tables alone.

Reads the plan, the tables of one assessment and the facts behind them; evaluates nothing anew but the conditions and
quotients that it shows. Indexes over the tables are made once, so that a second question is fast.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from cityrules.plan.model import Check, Consequence, Duty, Measure, Plan
from cityrules.plan.reading import measures_read
from cityrules.results.cells import Cells
from cityrules.results.corrected import corrections_of, with_corrections
from cityrules.results.explanation import BETWEEN, Explanation, line
from cityrules.results.facts import Facts
from cityrules.results.format import as_field_text
from cityrules.results.places import Place
from cityrules.results.reading import Reader
from cityrules.results.tables import Table
from cityrules.results.trail import Trail
from cityrules.results.why_cells import tell
from cityrules.results.why_checks import explain_check, explain_duty
from cityrules.results.why_ledger import explain_hits
from cityrules.results.why_rejects import explain_rejects
from cityrules.scheme.notation import JOIN, joined_name, parts_of, split_name
from cityrules.text.diagnostic import Diagnostic
from cityrules.text.suggest import nearest

__all__ = ["DEPTH", "Explainer", "Explanation", "NothingToExplain", "explain"]

DEPTH: Final = 4
_DEEPEST: Final = 50


class NothingToExplain(KeyError):
    """A target, period, measure or record that the assessment does not have. Holds the diagnostic that says which."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.code)
        self.diagnostics = (diagnostic,)

    def __str__(self) -> str:
        from cityrules.text.show import show

        return show(self.diagnostics[0], self.diagnostics[0].words)


class Explainer:
    """Explains the cells of one assessment."""

    def __init__(self, plan: Plan, tables: Mapping[str, Table], facts: Facts) -> None:
        self._plan = plan
        self._cells = Cells(tables)
        self._reader = Reader(plan, self._cells, facts)
        self._corrections = corrections_of(tables)

    def explain(
        self, target: str, period: str | None = None, measure: str | None = None, *, depth: int = DEPTH
    ) -> Explanation:
        """The explanation of a measure, consequence or check of a target (`''`: the whole city) in a period (None:
        timeless). Of a duty `period` may be missing: then of all its intervals that were judged, else of those in it.

        Without `measure`: of everything about the target in that period that nothing else there reads, of the
        consequences that followed or are undecided, and of the checks that do not hold; if that is one cell only, of
        that cell. `depth`: how many cells below the
        one asked for are explained whole; deeper ones stand with their values. Raises NothingToExplain (a KeyError).
        Of a period whose name does not tell its days (a cycle) these come first.
        """
        found = with_corrections(self._explained(target, period, measure, depth), self._corrections)
        days = self._days(target, period)
        return found if days is None else replace(found, children=(days, *found.children))

    def _days(self, target: str, period: str | None) -> Explanation | None:
        """The first and last day of a cycle."""
        try:
            kind, index = self._plan.periods.parse(period or "")
        except ValueError:
            return None
        one, names = self._plan.periods[kind], target.replace(BETWEEN, JOIN)
        if one.form != "cycle":
            return None
        if one.whose is not None:
            of = [name for name in self._plan.kinds if one.whose[0] in parts_of(name)]
            same = [name for name in of if len(parts_of(name)) == len(split_name(names))]
            cells = [self._reader.cell(name, names, kind, index).index for name in same]
            index = next((found for found in cells if found is not None and one.begins(found) is not None), index)
            if one.begins(index) is None:
                return None
        return line("days", first=one.start(index), last=one.last_day(index))

    def _explained(self, target: str, period: str | None, measure: str | None, depth: int) -> Explanation:
        """The same without those days."""
        target = "" if target == "whole" and not self._known(target) else target
        trail = self._trail(depth)
        if measure is not None and isinstance(duty := self._plan.checks.get(measure), Duty):
            return self._duty(trail, duty, target, period)
        kind_index = self._period(period)
        if measure is None:
            return self._overview(trail, target, period, kind_index)
        if measure in self._plan.consequences:
            body = self._plan.consequences[measure]
            return trail.consequence(measure, self._there(body, target, kind_index))
        if isinstance(check := self._plan.checks.get(measure), Check):
            return explain_check(trail, check, self._there(check, target, kind_index))
        base = self._measure(measure)
        place = self._place(base, target, kind_index, measure)
        if self._reader.row(measure, place) is None:
            raise self._no_cell(base, target, period)
        return trail.cell(measure, place)

    def record(self, kind: str, key: str, measure: str | None = None, *, depth: int = DEPTH) -> Explanation:
        """The explanation of one record: its fields, its measures, the points it moved, what followed from it; of a row
        that was not used, why not.

        With `measure`: its fields and that measure. `key` is the identity as the tables write it: the key fields
        joined by ` / `. What was corrected comes first; of a record that was annulled nothing else is left.
        Raises NothingToExplain.
        """
        return with_corrections(self._record(kind, key, measure, depth), self._corrections)

    def _record(self, kind: str, key: str, measure: str | None, depth: int) -> Explanation:
        self._one_of(kind, "CR642", self._plan.records)
        fields = self._reader.facts.record(kind, key)
        if fields is None:
            rejected = explain_rejects(self._plan, self._cells, kind, key)
            if rejected or (kind, key) in self._corrections:
                return line("record", *rejected, record_kind=kind, record=key, label=self._plan.records[kind].label)
            known = [str(row[0]) for row in self._cells.distinct("record_values", "record")]
            raise _nothing("CR644", known, found=key, kind=kind)
        trail = self._trail(depth)
        here = Place(kind, key, of_record=True)
        types = self._plan.records[kind].types
        lines = [
            line("field", name=name, value=(text := as_field_text(value, types[name]) or None),
                 state="missing" if text is None else None)
            for name, value in fields.items() if name in types
        ]  # fmt: skip
        wanted = [base for base in self._plan.measures.values() if base.of_record and base.grain.kind == kind]
        if measure is not None:
            wanted = self._of_records(measure, kind, wanted)
        else:
            wanted = self._roots(wanted)
        cells = [trail.cell(base.name, here) for base in wanted]
        follow = [
            trail.consequence(body.name, here)
            for body in self._plan.consequences.values()
            if measure is None and body.of_record and body.grain.kind == kind and self._says(body, here)
        ]
        follow += [
            explain_check(trail, check, here)
            for check in self._plan.checks.values()
            if isinstance(check, Check) and check.of_record and check.grain.kind == kind
            and (check.name == measure or (measure is None and self._reader.problem(check.name, here)))
        ]  # fmt: skip
        label = self._plan.records[kind].label
        hits = explain_hits(trail, here) if measure is None else ()
        return line("record", *lines, *cells, *hits, *follow, record_kind=kind, record=key, label=label)

    # -------------------------------------------------------------------------------------------- which cell

    def _trail(self, depth: int) -> Trail:
        return Trail(self._plan, self._reader, tell, min(depth, _DEEPEST) + 1)

    def _known(self, target: str) -> bool:
        return any(name == target for _, name in self._cells.distinct("values", "target_kind", "target"))

    def _period(self, period: str | None) -> tuple[str, int] | None:
        if period is None:
            return None
        try:
            return self._plan.periods.parse(period)
        except ValueError:
            raise _nothing("CR643", (), found=period) from None

    def _measure(self, name: str) -> Measure:
        self._one_of(name, "CR640", [*self._plan.measures, *self._plan.consequences, *self._plan.checks])
        return self._plan.measures[name]

    def _of_records(self, name: str, kind: str, known: list[Measure]) -> list[Measure]:
        """The one measure of records that was asked for; none where it is a consequence or a check of them."""
        one = self._plan.consequences.get(name) or self._plan.checks.get(name) or self._measure(name)
        if isinstance(one, Duty) or not one.of_record or one.grain.kind != kind:
            raise _nothing("CR645", [other.name for other in known], found=name, kind=kind)
        return [] if isinstance(one, (Check, Consequence)) else [one]

    def _one_of(self, name: str, code: str, known: Iterable[str]) -> None:
        withheld = next((w.waits_for for w in self._plan.withheld if w.name == name), None)
        if withheld is not None:
            raise NothingToExplain(Diagnostic("CR647", values={"found": name, "waits_for": withheld}))
        if name not in known:
            raise _nothing(code, list(known), found=name)

    def _there(self, base: Consequence | Check, target: str, period: tuple[str, int] | None) -> Place:
        """The cell, or record, of a consequence or check, which is there even where no table tells of it."""
        place = self._place(base, target, period, base.name)
        if not self._reader.has_cell(base, place):
            raise self._no_cell(base, target, self._reader.period_name(place))
        return place

    def _duty(self, trail: Trail, duty: Duty, target: str, period: str | None) -> Explanation:
        key = _key(target, len(parts_of(duty.grain.kind)))
        span = self._plan.days_of(self._reader.facts.span)
        if not self._reader.facts.exists(duty.grain.kind, key, span.start, span.last_day):
            raise self._no_cell(duty, target, period)
        at = self._period(period)
        days = None if at is None else (self._plan.periods.start_of(*at), self._plan.periods.last_day_of(*at))
        return explain_duty(trail, duty, key, days)

    def _says(self, body: Consequence, here: Place) -> bool:
        """Whether a consequence followed, or it is undecided whether it did."""
        return bool(self._reader.acts(body.name, here)) or self._reader.problem(body.name, here) is not None

    def _place(
        self, base: Measure | Consequence | Check, target: str, period: tuple[str, int] | None, name: str
    ) -> Place:
        """The cell of a measure or consequence; the target and the period must be of its grain."""
        if base.of_record:
            return Place(base.grain.kind, target, of_record=True)
        wanted = base.grain.period
        if (period[0] if period else None) != wanted:
            grain = str(base.grain)
            raise NothingToExplain(Diagnostic("CR646", values={"found": name, "grain": grain}))
        kind, index = period if period else (None, None)
        return self._reader.cell(base.grain.kind, _key(target, len(parts_of(base.grain.kind))), kind, index)

    def _no_cell(self, base: Measure | Consequence | Check | Duty, target: str, period: str | None) -> NothingToExplain:
        if not isinstance(base, Duty) and base.of_record:
            known = [str(row[0]) for row in self._cells.distinct("record_values", "record")]
            return _nothing("CR644", known, found=target, kind=base.grain.kind)
        pairs = self._cells.distinct("values", "target_kind", "target")
        targets = [str(name) for kind, name in pairs if kind == base.grain.kind]
        if target and target not in targets:
            return _nothing("CR641", targets, found=target)
        return NothingToExplain(Diagnostic("CR648", values={"found": base.name, "where": _where(target, period)}))

    # -------------------------------------------------------------------------------------------- overview

    def _overview(self, trail: Trail, target: str, period: str | None, at: tuple[str, int] | None) -> Explanation:
        rows = self._cells.rows("values", target=target, period=period)
        kind, index = at if at else (None, None)
        followed = [
            trail.consequence(name, place)
            for name, body in self._plan.consequences.items()
            if not body.of_record
            and body.grain.period == kind
            and self._says(body, place := self._reader.cell(body.grain.kind, target, kind, index))
        ]
        followed += self._broken(trail, target, period, at)
        if not (rows or followed) and BETWEEN in target:
            # A target with the values of its dimensions.
            return self._overview(trail, target.replace(BETWEEN, JOIN), period, at)
        if not (rows or followed):
            pairs = self._cells.distinct("values", "target", "period")
            targets = list(dict.fromkeys(str(name) for name, _ in pairs))
            if target and target not in targets:
                raise _nothing("CR641", targets, found=target)
            raise NothingToExplain(Diagnostic("CR649", values={"where": _where(target, period)}))
        cell = self._reader.cell
        places = {str(row["measure"]): cell(str(row["target_kind"]), target, kind, index) for row in rows}
        roots = self._roots([base for name, base in self._plan.measures.items() if name in places])
        # In the order of the document as far as the plan keeps it: what stands last rests on what stands before.
        cells = [trail.cell(base.name, places[base.name]) for base in reversed(roots)]
        lines = [*followed, *(cell for cell in cells if cell.kind != "told")]
        return lines[0] if len(lines) == 1 else line("overview", *lines, target=target or None, period=period)

    def _broken(self, trail: Trail, target: str, period: str | None, at: tuple[str, int] | None) -> list[Explanation]:
        """The checks that do not hold of a target in a period, or cannot be told."""
        found = []
        kind, index = at if at else (None, None)
        for check in self._plan.checks.values():
            if not self._cells.rows(
                "problems", name=check.name, target_kind=check.grain.kind, target=target, period=period
            ):
                continue  # fmt: skip
            if isinstance(check, Check):
                found.append(explain_check(trail, check, self._reader.cell(check.grain.kind, target, kind, index)))
            else:
                found.append(self._duty(trail, check, target, period))
        return found

    def _roots(self, measures: list[Measure]) -> list[Measure]:
        """Those of some measures of one cell that none of the others reads."""
        read = {
            name
            for base in measures
            for read in measures_read(base)
            for name in (read, self._plan.quotient_of(read))
            if name != base.name
        }
        return [base for base in measures if base.name not in read]


def explain(
    plan: Plan, tables: Mapping[str, Table], facts: Facts, measure: str, target: str, period: str | None
) -> Explanation:
    """The explanation of one cell. For several questions about one assessment keep an `Explainer`."""
    return Explainer(plan, tables, facts).explain(target, period, measure)


def _key(target: str, parts: int) -> str:
    """The key of a target, of which a person writes `squad / item`."""
    return joined_name(target.split(BETWEEN, parts - 1)) if JOIN not in target else target


def _where(target: str, period: str | None) -> str:
    return " ".join(part for part in (target or "whole", period) if part)


def _nothing(code: str, known: Iterable[str], **values: str) -> NothingToExplain:
    found = values["found"]
    suggestion = nearest(found, known)
    if suggestion is not None:
        values["suggestion"] = suggestion
    return NothingToExplain(Diagnostic(code, values=values))
