"""Every rule of the source texts is computed somewhere, or it is said why not. UPDATE_GOLDEN=1 writes the page anew."""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from importlib import util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
IDS = Path(__file__).with_name("ids-of-the-sources.txt")


def _maker() -> ModuleType:
    spec = util.spec_from_file_location("make_coverage", ROOT / "docs" / "make_coverage.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    sys.modules[spec.name] = module  # Its dataclasses look for it there.
    spec.loader.exec_module(module)
    return module


MAKER = _maker()
ENTRIES = [(each, entry) for each in MAKER.covered() for entry in each.entries]


def expected() -> list[str]:
    return IDS.read_text("utf-8").split()


def test_every_id_stands_in_one_place() -> None:
    counts = Counter(entry.id for _, entry in ENTRIES)
    assert [id_ for id_ in expected() if counts[id_] == 0] == [], "not covered"
    assert [id_ for id_, times in counts.items() if times > 1] == [], "covered twice"
    assert sorted(counts) == sorted(expected()), "no ids of the sources"


def test_the_ids_are_those_of_the_digest(shared: Path) -> None:
    digest = shared / "source-digest.md"
    if not digest.is_file():
        pytest.skip("the digest of the sources (source-digest.md) is not on this machine")
    text = digest.read_text("utf-8").partition("\n## Findings")[0]
    rules = re.findall(r"^\| (\d+[a-d]?-[RCD]\d+) \|", text, flags=re.M)
    open_questions = set(re.findall(r"\bA-\d+-\d+\b", text))
    assert sorted(expected()) == sorted([*rules, *open_questions])


@pytest.mark.parametrize(("each", "entry"), ENTRIES, ids=[entry.id for _, entry in ENTRIES])
def test_an_entry_is_true_of_its_scheme(each: Any, entry: Any) -> None:
    assert entry.text
    assert bool(entry.at) != bool(entry.why), "either addresses or a reason"
    lines = {address: each.line(address) for address in entry.at}
    assert [address for address, line in lines.items() if line is None] == [], "no such address"
    if entry.at:
        clauses = {each.clause(address) for address in entry.at}
        assert clauses == set(entry.clauses)


def test_every_scheme_of_a_source_says_what_it_covers() -> None:
    # Written for this project, after no source.
    ours = {
        "case-dictionary",
        "case-handling",
        "case-handling-cells",
        "case-handling-staff",
        "service-desk",
        "street-order",
    }
    folders = {path.parent.name for path in (ROOT / "specs").glob("*/scheme.yaml")}
    assert {each.folder for each in MAKER.covered()} == folders - ours


def test_the_page_is_fresh() -> None:
    made = MAKER.page()
    if os.environ.get("UPDATE_GOLDEN"):
        MAKER.PAGE.write_text(made, "utf-8", newline="\n")
    assert MAKER.PAGE.read_text("utf-8") == made, "UPDATE_GOLDEN=1, or python docs/make_coverage.py"
