"""What the cases of a scheme exercise wholly stays whole."""

from __future__ import annotations

from importlib import util
from pathlib import Path
from types import ModuleType

import pytest

from cityrules.testing.coverage.found import RuleCoverage

ROOT = Path(__file__).parents[2]
FULL = [
    "baoshan",
    "case-dictionary",
    "case-handling",
    "case-handling-cells",
    "case-handling-staff",
    "enforcement-circular",
    "garbage-clearance",
    "illegal-construction",
    "jingmen",
    "jingzhou",
    "market-flags",
    "service-desk",
    "shibei",
    "street-order",
    "street-six-areas",
    "three-in-one",
    "two-way-assessment",
    "village-upkeep",
    "yuhang",
    "gallery/aliases",
    "gallery/based-on",
    "gallery/before-and-after",
    "gallery/beside-others",
    "gallery/capped-points",
    "gallery/changed-limits",
    "gallery/choose",
    "gallery/deadlines",
    "gallery/duties",
    "gallery/first-last",
    "gallery/goals-by-class",
    "gallery/halves",
    "gallery/identities",
    "gallery/inherited-verdict",
    "gallery/inspectors-choice",
    "gallery/items-by-assessors",
    "gallery/ladder-of-measures",
    "gallery/ladders",
    "gallery/last-three",
    "gallery/listings",
    "gallery/members-from-a-table",
    "gallery/moved-squads",
    "gallery/moving-flags",
    "gallery/mutual-assessment",
    "gallery/one-event",
    "gallery/open-acts",
    "gallery/other-assessor",
    "gallery/payouts",
    "gallery/percentage-points",
    "gallery/piecewise-linear",
    "gallery/places",
    "gallery/prizes",
    "gallery/rain-stops",
    "gallery/rates-of-nothing",
    "gallery/ratios",
    "gallery/review",
    "gallery/sampling-quotas",
    "gallery/shared-points",
    "gallery/shares",
    "gallery/small-groups",
    "gallery/steps",
    "gallery/streaks",
    "gallery/tie-breaks",
    "gallery/tiers",
    "gallery/titles",
    "gallery/two-dictionaries",
    "gallery/unrounded-means",
    "gallery/weeks-and-years",
    "gallery/weight-bounds",
    "gallery/weighted",
    "gallery/who-may-mark",
    "gallery/working-days",
]
"""The schemes of which cases exercise every part; those of source texts all are."""


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


def test_what_is_whole_stays_whole(every: list[tuple[RuleCoverage, str]]) -> None:
    left = {folder: [one.part.key for one in found.missing] for found, folder in every if folder in FULL}
    assert left == {folder: [] for folder in FULL}


def test_schemes_of_source_texts_are_whole(every: list[tuple[RuleCoverage, str]]) -> None:
    sources = {folder for found, folder in every if found.cases and not folder.startswith("gallery/")}
    assert sources <= set(FULL)
