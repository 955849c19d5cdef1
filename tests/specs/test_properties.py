"""What holds of any scheme holds of every scheme in specs/: on a few inputs of a seed, in the long run on those that
hypothesis looks for, on both engines."""

from __future__ import annotations

import os
import unittest
from pathlib import Path

import pytest
from hypothesis import settings

import cityrules as cr
from cityrules.engines.python.engine import PythonEngine
from cityrules.testing.drawing.choices import Seeded
from cityrules.testing.properties import PROPERTIES, properties
from cityrules.testing.properties.subject import Subject
from cityrules.testing.properties.telling import failure

SPECS = Path(__file__).parents[2] / "specs"
SCHEMES = sorted(SPECS.rglob("scheme.yaml"))
LONG = os.environ.get("CITYRULES_PROFILE") == "long"
EXAMPLES = int(os.environ.get("CITYRULES_EXAMPLES", 30 if LONG else 1))
FEW = 4
"""Records of a kind, in the short run."""


def named(path: Path) -> str:
    return path.parent.relative_to(SPECS).as_posix()


def test_there_are_schemes() -> None:
    assert len(SCHEMES) > 80


@pytest.mark.parametrize("path", SCHEMES, ids=named)
def test_properties_hold(path: Path) -> None:
    scheme = cr.load(path, examples=False)
    told = searched(scheme) if LONG else tried(scheme, named(path))
    assert not told, "\n".join(told)


def tried(scheme: cr.Scheme, name: str) -> list[str]:
    """What fails on a few inputs, on the reference alone."""
    subject = Subject(scheme, PythonEngine(), None, FEW)
    told = []
    for of in (one for one in PROPERTIES if one.applies(subject)):
        for seed in range(EXAMPLES):
            trial = of.trial(subject, Seeded(f"{name} {of.name} {seed}"))
            broken = of.broken(subject, trial)
            told += [] if broken is None else [failure(subject, of, trial, broken, "en")]
    return told


def searched(scheme: cr.Scheme) -> list[str]:
    """What hypothesis finds, on both engines."""
    suite = properties(scheme, settings=settings(max_examples=EXAMPLES), language="en")
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(suite).run(result)
    return [text for _, text in (*result.failures, *result.errors)]
