"""What a scheme cites stands in its source, every clause of a source is cited by its scheme, and nothing is copied."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from specs.source_texts import Address, SourceText, source_texts

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(path.parent for path in (ROOT / "specs").glob("*/coverage.yaml"))
FILES = ("scheme.yaml", "as-stated.yaml", "coverage.yaml")
LONGEST = 20
"""Characters in a row that a scheme may have in common with its source: a name, a few words."""

pytestmark = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


@pytest.fixture(scope="module")
def texts(shared: Path) -> dict[str, SourceText]:
    folder = shared / "sources"
    if not folder.is_dir():
        pytest.skip("the sources (../shared/sources) are not on this machine: what is cited cannot be looked up")
    return source_texts(folder)


def read(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)


def source_of(folder: Path, texts: dict[str, SourceText]) -> SourceText:
    return texts[read(folder / "coverage.yaml")["source"]]


def clauses(value: Any) -> Iterator[str]:
    """Every clause cited in a document in either language."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("clause", "条款") and isinstance(inner, str | list):
                yield from [inner] if isinstance(inner, str) else inner
            else:
                yield from clauses(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from clauses(inner)


def test_every_clause_that_is_cited_stands_in_the_source(folder: Path, texts: dict[str, SourceText]) -> None:
    source, missing = source_of(folder, texts), {}
    for name in FILES:
        for clause in sorted(set(clauses(read(folder / name)))):
            try:
                source.addresses(clause)
            except LookupError as error:
                missing[name, clause] = str(error)
    assert missing == {}


def test_every_clause_of_the_source_is_cited(folder: Path, texts: dict[str, SourceText]) -> None:
    source, document = source_of(folder, texts), read(folder / "scheme.yaml")
    cited = {each for clause in set(clauses(document)) for each in source.addresses(clause)}
    set_aside = {
        each
        for clause in set(clauses(document.get("uncomputed", document.get("不计算"))))
        for each in source.addresses(clause)
    }
    headings = list(source.headings())
    assert headings, "no headings: the text is cut up wrongly"

    def covered(heading: Address) -> bool:
        below = any(each[: len(heading)] == heading for each in cited)
        return below or any(heading[: len(each)] == each for each in set_aside)

    assert [heading for heading in headings if not covered(heading)] == []


def test_no_sentence_of_the_source_is_copied(folder: Path, texts: dict[str, SourceText]) -> None:
    text = "".join(source_of(folder, texts).text.split())
    common = set()
    for path in (folder / "scheme.yaml", folder / "README.md", folder / "coverage.yaml"):
        for line in path.read_text("utf-8").splitlines():
            said = "".join(unicodedata.normalize("NFKC", line).split())
            starts = range(len(said) - LONGEST)
            common |= {said[at : at + LONGEST + 1] for at in starts if said[at : at + LONGEST + 1] in text}
    assert common == set()
