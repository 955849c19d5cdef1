"""The result of one run by several editions of a scheme, and what each of them came to. Computes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from cityrules.compare.editions.carried import day_of
from cityrules.compare.editions.edition import Edition, judge, judge_of_day, known_as
from cityrules.loaded.assessment import Assessment
from cityrules.results.explanation import Explanation, line
from cityrules.results.in_words import in_words
from cityrules.results.why import Explainer, NothingToExplain

if TYPE_CHECKING:
    from cityrules.compare.editions.judging import Judged


@dataclass(frozen=True)
class EditionsAssessment(Assessment):
    """The result of one run by several editions: the tables of an assessment with the column `edition`, and the table
    `editions`. `plan` is that of the last edition in force; `parts`: what each of them came to."""

    parts: tuple[Judged, ...] = ()

    def judged(self, target: str, period: str | None, measure: str | None) -> Assessment:
        """What the edition that judges a cell came to, with what it was given of others."""
        return self._assessments[self._part(target, period, measure)]

    def judged_record(self, kind: str, key: str) -> Assessment:
        """What the edition in force on the day of a record came to; of one that was not used, what the one that says so
        did."""
        for part in self.parts:
            day = day_of(part.plan, part.outcome, kind, key)
            if day is not None:
                return self._assessments[judge_of_day([each.edition for each in self.parts], day)]
        names = {row["edition"] for row in self.rows("rejects") if (row["kind"], row["key"]) == (kind, key)}
        return next((one for one in self._assessments if one.part.edition.name in names), self._assessments[-1])

    def why(self, target: str, period: str | None = None, measure: str | None = None) -> Explanation:
        """The explanation of one cell by the edition that judges it, which it names. As `Assessment.why`."""
        return self.judged(target, period, measure).why(target, period, measure)

    def _part(self, target: str, period: str | None, measure: str | None) -> int:
        for row in self.rows("values") if period is not None else ():
            same = row["period"] == period and (row["target"] or "") == ("" if target == "whole" else target)
            if same and (measure is None or row["measure"] == measure):
                return [one.edition.name for one in self.parts].index(str(row["edition"]))
        return _judge([one.edition for one in self.parts], period)

    @cached_property
    def _assessments(self) -> tuple[PartAssessment, ...]:
        asked = self.span, self.as_of, self.engine
        return tuple(
            PartAssessment(one.plan, *asked, one.outcome, one.edition.language, every=self.parts, at=at)
            for at, one in enumerate(self.parts)
        )


@dataclass(frozen=True)
class PartAssessment(Assessment):
    """What one edition came to, with what it was given of others: those are explained as they explain them."""

    every: tuple[Judged, ...] = ()
    at: int = 0
    """Which of all that were in force it is."""

    @property
    def part(self) -> Judged:
        return self.every[self.at]

    def told(self, found: Explanation) -> Explanation:
        """An explanation under the name of the edition, its cells of other editions as these explain them."""
        return line("edition", self._elsewhere(found), edition=self.part.edition.name)

    def _elsewhere(self, found: Explanation) -> Explanation:
        children: list[Explanation] = []
        for child in found.children:
            if child.kind == "run_cell":
                other = self._by_other({**found.values, "period": child.values.get("period", "")})
                if other is not None:
                    # The rest of the run stands there, too.
                    children.append(other)
                    break
            elif child.kind in ("cell", "no_cell") and (other := self._by_other(child.values)) is not None:
                children.append(other)
                continue
            children.append(self._elsewhere(child))
        return replace(found, children=tuple(children))

    def _by_other(self, cell: Mapping[str, str]) -> Explanation | None:
        """The explanation of a cell that another edition judges; None of the edition's own, and of what that one does
        not have."""
        editions = [one.edition for one in self.every]
        at = _judge(editions, cell.get("period"))
        if at == self.at or "period" not in cell or "measure" not in cell:
            return None
        name = known_as(editions, cell["measure"], self.at, at)
        other = self.every[at]
        if name is None or name not in other.plan.measures:
            return None
        explainer = Explainer(other.plan, other.outcome.tables, other.outcome.facts)
        try:
            found = explainer.explain(cell.get("target", ""), cell["period"], name, depth=1)
        except NothingToExplain:
            return None
        return line("edition", in_words(found, other.edition.language, other.plan.rows), edition=other.edition.name)


def _judge(editions: Sequence[Edition], period: str | None) -> int:
    """Which edition judges a period, by its name; the last one where that does not say when it is."""
    known = editions[-1].plan.periods
    try:
        kind, index = known.parse(period or "")
    except ValueError:
        return len(editions) - 1
    if known[kind].whose is not None:
        return len(editions) - 1
    return judge(editions, kind, known.start_of(kind, index), known.last_day_of(kind, index))
