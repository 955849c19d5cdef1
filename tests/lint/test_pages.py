"""The pages of the checks are fresh, their examples are true, and the sources trip what the digest lists for them.

UPDATE_GOLDEN=1 writes the pages anew.
"""

from __future__ import annotations

import os
from importlib import util
from pathlib import Path
from types import ModuleType

import pytest
import yaml

import cityrules as cr
from cityrules.lint.plan.checks import CHECKS as PLAN_CHECKS
from cityrules.lint.stated.checks import CHECKS

ROOT = Path(__file__).parents[2]
SOURCES = ROOT.parent / "shared" / "sources"

DIGEST = {
    "L01": "000", "L02": "2", "L03": "3", "L04": "", "L05": "5 9", "L06": "000 001 4b 6 7", "L07": "001 1 4b 8",
    "L08": "8 9", "L09": "8", "L10": "3", "L11": "3 4b 5 9", "L12": "1 3 4c", "L13": "000 3 4b 7",
    "L14": "000 4b 6 8 10", "L15": "1 7 9", "L16": "2 9", "L17": "3", "L18": "1 4b 5 7 8", "L19": "3 8", "L20": "8",
    "L21": "4d 000", "L22": "3", "L23": "1", "L24": "4b 7",
}  # fmt: skip
"""The sources that trip each check, by the digest. Where it says 4 for L11, the text with 原则上 is meant: 4b."""


def maker() -> ModuleType:
    spec = util.spec_from_file_location("make_lint", ROOT / "docs" / "make_lint.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MAKER = maker()
DATA = MAKER.data()


def test_the_pages_are_fresh() -> None:
    made = dict(MAKER.pages())
    for path, text in made.items():
        if os.environ.get("UPDATE_GOLDEN"):
            path.write_text(text, "utf-8", newline="\n")
        assert path.read_text("utf-8") == text, "python docs/make_lint.py"
    assert {path.name for path in made} == {"README.md", *(f"{code}.md" for code in DATA)}


def test_the_sources_trip_what_the_digest_lists_and_what_else_is_named() -> None:
    found = {code: set(texts) for code, texts in MAKER.found_in().items()}
    assert found == {code: {*DIGEST[code].split(), *DATA[code].get("beyond", {})} for code in DIGEST}
    assert {code: set(entry["listed"]) for code, entry in DATA.items() if code in DIGEST} == {
        code: set(texts.split()) for code, texts in DIGEST.items()
    }


@pytest.mark.parametrize("code", DIGEST)
def test_what_a_page_prefers_is_let_alone(code: str, tmp_path: Path) -> None:
    path = tmp_path / "as-stated.yaml"
    path.write_text("cityrules-stated: 1\ntexts: {a: 考核办法}\n" + DATA[code]["prefer"], "utf-8")
    assert [each.code for each in cr.findings(path)] == []


@pytest.mark.parametrize("code", PLAN_CHECKS)
def test_what_a_page_prefers_has_no_such_finding(code: str, tmp_path: Path) -> None:
    """It stands for the part of the malformed document that it names."""
    (bad,) = (ROOT / "tests" / "malformed" / "lint").glob(f"{code}-*.yaml")
    parts = [yaml.load(text, Loader=yaml.BaseLoader) for text in (bad.read_text("utf-8"), DATA[code]["prefer"])]
    path = tmp_path / "scheme.yaml"
    path.write_text(yaml.safe_dump({**parts[0], **parts[1]}, allow_unicode=True, sort_keys=False), "utf-8")
    assert [each.code for each in cr.findings(path)] == []


def test_every_check_has_a_page() -> None:
    assert list(DATA) == [*CHECKS, *PLAN_CHECKS]


def test_quotes_are_a_few_words_of_the_sources() -> None:
    quotes = [
        (str(linted.path), entry.quote)
        for linted in MAKER.looked_at()
        if linted.stated is not None
        for _, entry in linted.stated.entries()
        if entry.quote is not None
    ]
    assert len(quotes) > 100
    assert [quote for quote in quotes if len(quote[1]) > 20] == []
    if not SOURCES.is_dir():
        pytest.skip("the sources are not here: whether each quote stands in them cannot be seen")
    sources = "".join(path.read_text("utf-8") for path in sorted(SOURCES.glob("*.txt")))
    assert [quote for quote in quotes if quote[1] not in sources] == []
