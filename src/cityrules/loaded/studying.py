"""A study begun: the rows read once and kept, and run for as many plans as are asked about."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from cityrules.compare.appeals import CorrectedRunner, Knowledge
from cityrules.compare.basis import Basis
from cityrules.io.corrections import Corrections
from cityrules.loaded.engines import engine_of
from cityrules.loaded.given import Asked, as_known, corrections_of, instant_of, question_of, words_of
from cityrules.loaded.running import made_of
from cityrules.loaded.study import Study

if TYPE_CHECKING:
    from cityrules.engines.base import Inputs, Outcome, Progress, Question
    from cityrules.loaded.scheme import Scheme
    from cityrules.plan.model import Plan


def study(scheme: Scheme, asked: Asked, engine: str, *, beside: Scheme | None, progress: Progress | None) -> Study:
    """A scheme on what is asked about. Raises what `Scheme.study` says."""
    plan, period, as_of = scheme.plan, asked.period, asked.as_of
    with words_of(scheme.language):
        given = asked.rows.opened(scheme, None if beside is None else beside.plan).kept()
        known = corrections_of(plan, given.corrected)
        inputs, after = as_known(plan, given.inputs, known, instant_of(plan, period, as_of))

    def run(other: Inputs, moment: dt.datetime) -> Outcome:
        question = question_of(plan, other, period, moment, given.before)
        return engine_of(engine).assess(plan, other, question, progress)

    def basis(rows: Inputs) -> Basis:
        def question(under: Plan) -> Question:
            return question_of(plan, rows, period, as_of, given.before, under)

        runner = CorrectedRunner(engine_of(engine).over(rows), after)
        return Basis(scheme.written, plan, rows, runner, question, basis, progress)

    knowledge = Knowledge(plan, given.inputs, known or Corrections(), run)
    return Study(scheme, basis(inputs), engine, knowledge, made_of(scheme, given))
