"""The cases of each scheme exercise all of it."""

from __future__ import annotations

from importlib import util
from pathlib import Path
from types import ModuleType

import pytest

from cityrules.testing.coverage.found import RuleCoverage

ROOT = Path(__file__).parents[2]
NOTHING_TO_COMPUTE = ["nanchang"]
"""A source text without a rule."""


def _maker() -> ModuleType:
    spec = util.spec_from_file_location("make_rule_coverage", ROOT / "docs" / "make_rule_coverage.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MAKER = _maker()


@pytest.fixture(scope="module")
def every() -> list[tuple[RuleCoverage, str]]:
    return list(MAKER.folders())


def test_every_part_of_every_scheme_is_exercised(every: list[tuple[RuleCoverage, str]]) -> None:
    assert [folder for found, folder in every if not found.cases] == NOTHING_TO_COMPUTE
    left = {folder: [one.part.key for one in found.missing] for found, folder in every}
    assert {folder: keys for folder, keys in left.items() if keys} == {}
