"""A scheme on certain rows over a certain time: what is read and computed once, and asked many questions.

Made by `Scheme.study`. The answers are made in `compare/`; nothing is defined here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cityrules.compare.appeals import Knowledge
from cityrules.compare.basis import Basis
from cityrules.io.corrections import begin_of
from cityrules.loaded.assessment import Assessment
from cityrules.loaded.given import words_of

if TYPE_CHECKING:
    from cityrules.compare.documents.comparison import Comparison
    from cityrules.compare.near.cliffs import Cliffs
    from cityrules.compare.questions.course import Course
    from cityrules.compare.questions.sensitivity import Sensitivity
    from cityrules.compare.questions.solve import Solution
    from cityrules.compare.questions.sweep import Sweep
    from cityrules.compare.questions.wishes import Wish
    from cityrules.loaded.scheme import Scheme
    from cityrules.loaded.sealing import MadeOf
    from cityrules.results.appealed import Appeals
    from cityrules.results.counterfactual import Counterfactual
    from cityrules.results.dependence import Dependence
    from cityrules.results.robustness import Robustness


@dataclass(frozen=True)
class Study:
    """A scheme on rows. The rows of all sources stay in memory, and what the variants of a scheme have in common is
    computed once.

    Every method raises DataError for rows that the scheme as it is cannot be run on. A check with `otherwise: error`
    that does not hold is a verdict like others here.
    """

    scheme: Scheme
    basis: Basis
    engine: str
    knowledge: Knowledge
    made_of: MadeOf

    @cached_property
    def assessment(self) -> Assessment:
        """The scheme as it is."""
        with words_of(self.scheme.language):
            return self._assessed(self.scheme)

    def readings(self) -> Dependence:
        """Which verdicts (grades, places, final measures, consequences, checks) depend on how the text is read: each
        option of each reading, varied alone."""
        from cityrules.compare.readings import depend

        with words_of(self.scheme.language):
            return depend(self.basis)

    def compare(
        self,
        other: Scheme | Mapping[str, Any],
        *,
        near: bool = True,
        within: int | str | Decimal | Fraction | None = None,
        causes: bool = True,
        runs: int = 64,
        seed: int = 1,
    ) -> Comparison:
        """What would be otherwise under another scheme, or under changes by dotted path (as `Scheme.overlay` takes
        them): scores, places, grades, consequences, amounts, checks, who stands near a line, and which changes of the
        text each difference comes from. The other is taken as in force when this one is.

        With `near`, who stands `within` a distance of a line on either side (None: one unit of the last digit of what
        is held against it). With `causes`, documents under some of the changes are run, too, about `runs` at most: all
        combinations where there are no more (64: six changed clauses), else those along orders drawn by `seed`, which
        the result says.

        Raises SchemeError for changes that make no good document, DataError where the other cannot be run on the rows,
        Unanswerable (a ValueError) for a distance that is no exact number and for more than 4,096 runs, ValueError for
        fewer than two.
        """
        from cityrules.compare.documents.comparing import compared
        from cityrules.compare.questions.asking import distance, runs_asked

        allowed = runs_asked(runs)
        scheme = self.scheme.overlay(other) if isinstance(other, Mapping) else other
        with words_of(self.scheme.language):
            return compared(
                self.basis,
                scheme.written,
                self.engine,
                near=near,
                within=None if within is None else distance(within),
                causes=causes,
                runs=allowed,
                seed=seed,
            )

    def as_known(self, day: dt.date) -> Assessment:
        """The scheme as it is, on what was known on a day (of an instant: then): rows and corrections by their days of
        knowledge."""
        with words_of(self.scheme.language):
            moment = begin_of(day)
            outcome, _ = self.knowledge.at(moment)
        span = self.basis.question(self.scheme.plan).span
        return Assessment(self.scheme.plan, span, moment, self.engine, outcome, self.scheme.language, self.made_of)

    def since(
        self, decided: dt.date, now: dt.date | None = None, *, every: bool = False, still: bool = False
    ) -> Appeals:
        """The verdicts that were decided on what was known on one day, and would be decided differently on what is
        known on another (without `now`: when the last of the corrections was known), with the rulings that each hangs
        on; runs, ladders and all else are computed anew. With `every`, measures that others read are told, too; with
        `still`, nothing but corrections is known since, and no time has gone by.

        Raises ValueError where `now` is before `decided`.
        """
        from cityrules.compare.appeals import since

        before = begin_of(decided)
        after = begin_of(now) if now is not None else max(before, self.knowledge.latest or before)
        with words_of(self.scheme.language):
            return since(self.knowledge, before, after, every=every, still=still)

    def counterfactual(
        self,
        name: str,
        target: str = "whole",
        period: str | None = None,
        *,
        wanted: str | None = None,
        most: int = 10,
        runs: int = 2_000,
    ) -> Counterfactual:
        """What would have had to be otherwise for a verdict to come out otherwise: the smallest sets of records without
        which it would, and the records that would have been enough had one of their dates been earlier, with the latest
        day. Each is verified by running the scheme on the changed rows.

        `name`: a measure, consequence or check; `wanted`: a grade, number or place, `>= 60` and the like, a step of a
        ladder, `nothing` (that the consequence does not follow); without it any other verdict. `most`: sets, and
        records, that are told; `runs`: of each of the two searches, so that these end. Raises NothingToExplain for a
        verdict that there is not, ValueError for numbers below 1.
        """
        from cityrules.compare.counterfactuals.counterfactual import counterfactual

        if min(most, runs) < 1:
            raise ValueError("most and runs are 1 at least")
        with words_of(self.scheme.language):
            return counterfactual(self.basis, name, target, period, wanted, most, runs)

    def sweep(self, path: str, values: Iterable[object], *, of: Sequence[str] = ()) -> Sweep:
        """One address of the document under each of the values (as `overlay` takes them; None removes): how many
        verdicts of each sort there are, and which change from value to value. `of`: the measures, consequences and
        checks that are told about; without, all that give verdicts.

        Raises Unanswerable (a ValueError) for an address or name that the document does not have, and for more than
        1,000 values. A value under which the document fails its check is told with the reason.
        """
        from cityrules.compare.questions.sweep import sweep

        with words_of(self.scheme.language):
            return sweep(self.basis, path, values, of)

    def solve(self, path: str, *, between: tuple[object, object], step: object = 1, wish: str | Wish) -> Solution:
        """The values at an address, from one to the other by `step` (exact decimals), for which a wish holds:
        `"grade = bad at most 10%"` (of the cells that have a value), `"score < 60 at most 3"`, `"talk at least 1"`,
        `"months = suspend at most 2"` (a step of a ladder). Where it is proved on the plan that the count only rises,
        or only falls, with a parameter, a few values are run; else every one. The answer says which, and why.

        Raises Unanswerable (a ValueError) for an address or name that the document does not have, for what is no row
        of values, and for what is no wish.
        """
        from cityrules.compare.questions.solve import solve

        with words_of(self.scheme.language):
            return solve(self.basis, path, between, step, wish)

    def sensitivity(
        self,
        *,
        step: int | str | Decimal | Fraction | None = None,
        only: str | None = None,
        of: Sequence[str] = (),
    ) -> Sensitivity:
        """Which number of the document moves most verdicts: each, a step lower and a step higher. A step is one unit of
        the last digit written; with `step` that part of the number (`"0.05"` or `"5%"`), rounded up to such units.
        `only`: the numbers at or below an address; `of`: the names whose verdicts count (without, all that give
        verdicts).

        Raises Unanswerable (a ValueError) where there is no such number, name or step.
        """
        from cityrules.compare.questions.asking import part
        from cityrules.compare.questions.sensitivity import sensitivity

        with words_of(self.scheme.language):
            return sensitivity(self.basis, None if step is None else part(step), only, of)

    def by_period(self, by: str | None = None, *, of: Sequence[str] = ()) -> Course:
        """The periods of the study side by side: how many verdicts of each sort in each, and which targets have another
        grade than in the period before. `by`: a kind of period (`year`) in which the shorter ones are counted; `of`:
        the names that are told about.

        Raises Unanswerable (a ValueError) for a kind of period or name that there is not.
        """
        from cityrules.compare.questions.course import course

        return course(self.scheme.plan, self.assessment.outcome, by, of)

    def cliffs(self, within: int | str | Decimal | Fraction | None = None, *, of: Collection[str] = ()) -> Cliffs:
        """Who stands within a distance of a line, above or below, that distance included: bounds of bands and tiers,
        steps of ladders, comparisons on which a condition hangs. Without `within` one unit of the last digit of what is
        held against the line (0.1 of a fraction). `of`: the measures, consequences and checks whose lines are meant.

        Raises Unanswerable (a ValueError) for a distance that is no exact number, and for an unknown name.
        """
        from cityrules.compare.near.lines import near_lines
        from cityrules.compare.questions.asking import distance, known_name

        for name in of:
            known_name(self.scheme.plan, name)
        return near_lines(self.scheme.plan, self.assessment.outcome, None if within is None else distance(within), of)

    def robustness(
        self,
        *,
        of: Sequence[str] = (),
        target: str | None = None,
        period: str | None = None,
        runs: int = 2_000,
    ) -> Robustness:
        """Which verdicts would come out otherwise if any one record were wrong: each left out, and each changed in the
        ways of `compare/counterfactuals/slips.py`, one at a time. `of`: measures, consequences and checks, without them
        the grades and consequences of targets; `target` and `period`: only of these; `runs`: how many changes are tried
        at most. Raises NothingToExplain for a name that gives no verdicts, ValueError for fewer than one run."""
        from cityrules.compare.counterfactuals.robustness import robustness

        if runs < 1:
            raise ValueError("runs is 1 at least")
        with words_of(self.scheme.language):
            return robustness(self.basis, of, target, period, runs)

    def _assessed(self, scheme: Scheme) -> Assessment:
        question = self.basis.question(scheme.plan)
        outcome = self.basis.run(scheme.plan)
        asked = (question.span, question.as_of, self.engine)
        return Assessment(scheme.plan, *asked, outcome, scheme.language, self.made_of)
