"""Which engines the tests of the reference run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec

import pytest


@pytest.fixture(scope="module", autouse=True)
def _reference_with_both_engines(request: pytest.FixtureRequest) -> Iterator[None]:
    """What is written down of the reference holds of the set-based engine, too: where that one is installed, whatever
    these tests assess is assessed by both (`engines.handmade`), and every table has to be the same."""
    name = request.path.name
    if not name.startswith("test_reference_") or "oracle" in name or find_spec("duckdb") is None:
        yield
        return
    before = os.environ.get("CITYRULES_ENGINES")
    os.environ["CITYRULES_ENGINES"] = "both"
    yield
    if before is None:
        del os.environ["CITYRULES_ENGINES"]
    else:
        os.environ["CITYRULES_ENGINES"] = before
