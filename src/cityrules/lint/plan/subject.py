"""What a check on a plan looks at, and how it tells what it has found. Knows no check."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from cityrules.lint.silences import Silences
from cityrules.loaded import Scheme
from cityrules.plan.model import Plan
from cityrules.solve.asking import Asking, Wanted
from cityrules.solve.reach import Measured
from cityrules.testing.monotone.search import Verdict, verdicts
from cityrules.text.diagnostic import Report, Severity
from cityrules.text.source import Span


class Subject:
    """A checked scheme under the eyes of the checks. Findings go into `report`, but for those that the document
    silences, by code and by the address they are about (`measures.score.rules.late`)."""

    def __init__(self, scheme: Scheme, report: Report) -> None:
        self.scheme = scheme
        self.measured = Measured(scheme.plan)
        self._silences = Silences(scheme.document.silenced, scheme.places, report)

    @property
    def plan(self) -> Plan:
        return self.scheme.plan

    @property
    def asking(self) -> Asking:
        return self.measured.asking

    def never(self, *wanted: Wanted) -> bool:
        """Whether it is proved that conditions never come out as one of the truth values beside each."""
        return self.asking.ask(wanted).never

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What is known of whether one more violation can help; what cannot be proved is searched for."""
        from cityrules.engines.python.engine import PythonEngine

        return verdicts(self.plan, PythonEngine())

    def tell(
        self, code: str, address: str, *, at: Span | None = None, severity: Severity = "finding", **values: Any
    ) -> None:
        """A finding about what stands at a dotted address; `at` says the place better than the address does. A warning
        is told as well, and finds nothing wrong."""
        self._silences.put(code, address, tuple(address.split(".")), at, values, severity)

    def unused(self) -> None:
        """Tell which silences keep nothing silent."""
        self._silences.unused()
