"""What the page of mutants says of `specs/`: every scheme was judged, and its cases notice what they have to."""

from __future__ import annotations

from importlib import util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def _maker() -> ModuleType:
    spec = util.spec_from_file_location("make_mutation", ROOT / "docs" / "make_mutation.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MAKER = _maker()


def test_every_scheme_is_told_and_notices_enough() -> None:
    rows, _ = MAKER.known(MAKER.PAGE.read_text("utf-8"))
    there = {path.parent.relative_to(MAKER.SPECS).as_posix() for path in MAKER.SPECS.rglob("scheme.yaml")}
    assert there - rows.keys() == set()
    assert [name for name in sorted(there) if "(under" in rows[name]] == []


def test_what_is_told_is_of_the_schemes_and_cases_as_they_are() -> None:
    """A row whose texts have changed since is of another scheme: `python docs/make_mutation.py NAME` runs it again."""
    rows, _ = MAKER.known(MAKER.PAGE.read_text("utf-8"))
    assert {name: row.split(" | ")[1] for name, row in rows.items()} == {name: MAKER.digest(name) for name in rows}


@pytest.mark.parametrize("name", ["aliases", "corrected-records", "deposit", "tie-breaks", "working-days"])
def test_what_is_told_of_a_small_scheme_is_so(name: str) -> None:
    """The whole page is a long run; a scheme of few mutants says whether it has been made since they changed."""
    rows, _ = MAKER.known(MAKER.PAGE.read_text("utf-8"))
    found = MAKER.run(f"gallery/{name}")
    assert found.reaches(MAKER.WANTED)
    told = rows[f"gallery/{name}"].split(" | ")
    assert [told[2], told[-1].rstrip(" |")] == [str(len(found.mutants)), found.percent]
