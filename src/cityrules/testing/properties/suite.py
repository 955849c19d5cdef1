"""One line puts a scheme through all properties that apply to it: a test case of `unittest`, which pytest runs too."""

from __future__ import annotations

import unittest
from collections.abc import Callable
from typing import Final

from cityrules.engines.base import Engine
from cityrules.engines.python.engine import PythonEngine
from cityrules.testing.properties.alone import Bounds, Exact, Explained
from cityrules.testing.properties.ladders import Ladders
from cityrules.testing.properties.paired import Agreement, Files, Order, Refused, Twice
from cityrules.testing.properties.subject import Loaded, Property, Subject, Trial
from cityrules.testing.properties.telling import failure, says
from cityrules.testing.properties.violations import Violations, excused
from cityrules.testing.strategies import HypothesisChoices, hypothesis, st
from cityrules.text.diagnostic import Language

PROPERTIES: Final[tuple[Property, ...]] = (
    Bounds(), Exact(), Order(), Files(), Twice(), Refused(), Ladders(), Explained(), Violations(), Agreement(),
)  # fmt: skip

Test = Callable[[unittest.TestCase], None]


def properties(
    scheme: Loaded,
    *,
    engine: Engine | None = None,
    against: Engine | None = None,
    most: int = 8,
    settings: hypothesis.settings | None = None,
    language: Language | None = None,
) -> type[unittest.TestCase]:
    """Tests of a loaded scheme, one for each property that applies to it: `test_street = properties(load("street"))`.

    A property that has nothing to speak of in the scheme (ladders where there are none) is not among them. `engine`:
    what is tested, the reference where nothing is given; `against`: what it has to agree with, by default DuckDB
    where the extra `sql` is installed. `most`: how many records of a kind are drawn. `settings`: of hypothesis, whose
    loaded profile counts otherwise. Failures are told in the language of the scheme's keywords, or in `language`.
    """
    subject = Subject(scheme, engine or PythonEngine(), against or _duckdb(), most)
    # How long a scheme takes says nothing about it.
    slow = [hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.data_too_large]
    parent = settings or hypothesis.settings()
    used = hypothesis.settings(
        parent, deadline=None, suppress_health_check=[*parent.suppress_health_check, *slow], print_blob=False
    )
    tests = {
        f"test_{one.name}": _test(one, subject, used, language or scheme.language)
        for one in PROPERTIES
        if one.applies(subject)
    }
    name = "".join(part.title() for part in scheme.plan.scheme.replace("_", "-").split("-"))
    return type(name, (unittest.TestCase,), {"__doc__": f"Properties of {scheme.plan.scheme}.", **tests})


def _test(of: Property, subject: Subject, settings: hypothesis.settings, language: Language) -> Test:
    @st.composite
    def trials(draw: st.DrawFn) -> Trial:
        return of.trial(subject, HypothesisChoices(draw))

    def test(self: unittest.TestCase, trial: Trial) -> None:
        __tracebackhide__ = True
        broken = of.broken(subject, trial)
        if broken is not None:
            raise AssertionError(failure(subject, of, trial, broken, language))

    test.__name__ = f"test_{of.name}"
    test.__qualname__ = f"{subject.plan.scheme}.{test.__name__}"
    test.__doc__ = says(of, language)
    if of.name == Violations.name and (known := excused(subject)):
        test.__doc__ += "".join(f" ({address}: {reason})" for address, reason in known.items())
    found: Test = settings(hypothesis.given(trial=trials())(test))
    return found


def _duckdb() -> Engine | None:
    try:
        from cityrules.engines.sql.engine import DuckDBEngine
    except ImportError:
        return None
    return DuckDBEngine(threads=1)
