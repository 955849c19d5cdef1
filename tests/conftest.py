"""How long the property tests run, and where material lies that is not part of the repository."""

from __future__ import annotations

import math
import os
import sys
import time
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from cityrules.text.catalogue import unfilled
from cityrules.text.diagnostic import Diagnostic, Report

# `fast` is what `make test` runs; `long` is `make test-long`. Neither depends on the speed of the machine.
_COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large]}
settings.register_profile("fast", max_examples=100, derandomize=True, **_COMMON)
settings.register_profile("long", max_examples=500, **_COMMON)
settings.load_profile(os.environ.get("CITYRULES_PROFILE", "fast"))


@pytest.fixture(scope="session")
def long_run() -> bool:
    """Whether this is the long run."""
    return os.environ.get("CITYRULES_PROFILE") == "long"


@pytest.fixture(scope="session")
def project() -> Path:
    """The root of the checkout."""
    return Path(__file__).parents[1]


@pytest.fixture(scope="session")
def shared(project: Path) -> Path:
    """Material beside the project: real cases, conformance cases. Skips, and says so, where it is not."""
    folder = Path(os.environ.get("CITYRULES_SHARED", project.parent / "shared"))
    if not folder.is_dir():
        pytest.skip("the material beside the project (../shared, or CITYRULES_SHARED) is not on this machine")
    return folder


@pytest.fixture(autouse=True)
def _complaints_are_whole(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the library complains about in these rooms, each place of a sentence has its value, and none is None."""
    if request.path.parent.name not in ("feel", "malformed", "plan"):
        return
    put = Report.put

    def looked_at(report: Report, found: Diagnostic) -> None:
        assert not unfilled(found), found
        assert "None" not in found.values.values(), found
        put(report, found)

    monkeypatch.setattr(Report, "put", looked_at)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The quickest first where mutmut tries a mutant of the code, and of all that reach it no more than take so many
    seconds together: nearly every mutant is noticed by a test that is quick, and what is not is tried again."""
    mutmut = sys.modules.get("mutmut.state")
    under = os.environ.get("MUTANT_UNDER_TEST", "stats")
    # Tests are timed on all of them; without a mutant (an empty name) a few show that they run.
    if mutmut is None or not (under == "" or "__mutmut_" in under):
        return
    took = mutmut.state().duration_by_test
    items.sort(key=lambda item: took.get(item.nodeid, 0.0))
    together = accumulate(took.get(item.nodeid, 0.0) for item in items)
    allowed = float(os.environ.get("CITYRULES_MUTANT_SECONDS", "inf"))
    # One at least, however long it takes.
    del items[max(1, sum(seconds <= allowed for seconds in together)) :]
    if under and allowed < math.inf:
        # A mutant that goes round for ever is ended by the system, which mutmut knows as one that ran out of time.
        import resource  # which only some systems have

        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time() + 3 * allowed + 10), hard))
