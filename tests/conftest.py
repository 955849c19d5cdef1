"""How long the property tests run, and where material lies that is not part of the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

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
