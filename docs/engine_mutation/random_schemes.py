"""The last step, for what the quick tests did not notice: what random schemes on random inputs come to under a mutant.

The schemes and inputs are those of `tests/engines/test_sql_agreement.py` as `make test` draws them. There both engines
agree, so what the reference finds without a mutant is what the other engine finds, and either must still find it with
one. A mutant of the plan reaches both engines alike: of it is asked what is asked there, that they do not differ and
that nothing is raised. Run by `run.py` with the mutated code on its path; writes a line for each mutant.
"""

from __future__ import annotations

import functools
import gc
import os
import resource
import signal
import sys
from dataclasses import replace
from functools import partial
from typing import Final, NoReturn

from mutmut.mutation.trampoline import set_mutant_under_test

from cityrules.engines.base import Outcome
from cityrules.engines.python.engine import PythonEngine
from cityrules.engines.sql.engine import DuckDBEngine
from cityrules.testing.agreement import differences
from cityrules.testing.random_schemes.mending import plan_of
from cityrules.testing.strategies import RandomScheme, make_scheme
from cityrules.text.diagnostic import Report
from strategies.inputs import Case, make_case

PATIENCE: Final = 10
"""A mutant may take so many times as long as all schemes did, before it counts as noticed."""
Drawn = tuple[RandomScheme, Case, Outcome]


def draw(count: int) -> list[Drawn]:
    """Schemes, inputs and what comes of them, without a mutant."""
    found = []
    for seed in range(count):
        scheme = make_scheme(seed)
        case = make_case(scheme.plan, seed * 7)
        found.append((scheme, case, kept(PythonEngine().assess(scheme.plan, case.inputs, case.question))))
    return found


def kept(outcome: Outcome) -> Outcome:
    """The outcome with the rows it has now: a table makes its rows anew whenever it is read."""
    tables = {name: replace(table, rows=partial(iter, tuple(table.rows()))) for name, table in outcome.tables.items()}
    return replace(outcome, tables=tables)


def notices(mutant: str, scheme: RandomScheme, case: Case, known: Outcome) -> bool:
    """Whether a mutant shows on one input."""
    python, sql = PythonEngine(), DuckDBEngine(threads=1)
    try:
        if mutant.startswith("cityrules.engines.python."):
            return bool(differences(known, python.assess(scheme.plan, case.inputs, case.question)))
        if mutant.startswith("cityrules.engines."):
            return bool(differences(known, sql.assess(scheme.plan, case.inputs, case.question)))
        plan = plan_of(scheme.document, Report())
        if plan is None:
            return False  # there another scheme would be drawn in its place
        reference = python.assess(plan, case.inputs, case.question)
        return bool(differences(reference, sql.assess(plan, case.inputs, case.question)))
    except Exception:
        return True


def in_child(mutant: str, drawn: list[Drawn]) -> NoReturn:
    """Try a mutant in a process of its own. Ends with 1 when it shows, with 0 when it does not."""
    for one in gc.get_objects():
        if isinstance(one, functools._lru_cache_wrapper):
            one.cache_clear()
    set_mutant_under_test(mutant)
    os._exit(any(notices(mutant, *one) for one in drawn))


def main(count: int, mutants: list[str]) -> None:
    """Print each mutant with 1 where it was noticed, and 0 where it was not."""
    drawn = draw(count)
    allowed = PATIENCE * int(resource.getrusage(resource.RUSAGE_SELF).ru_utime) + 60
    for mutant in mutants:
        child = os.fork()
        if child == 0:
            resource.setrlimit(resource.RLIMIT_CPU, (allowed, allowed))
            signal.signal(signal.SIGXCPU, signal.SIG_DFL)
            in_child(mutant, drawn)
        _, status = os.waitpid(child, 0)
        print(mutant, int(status != 0), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
