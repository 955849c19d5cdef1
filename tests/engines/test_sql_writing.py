"""What the engine writes of a tree is what sqlglot writes of it, letter by letter."""

from __future__ import annotations

from pathlib import Path

import pytest

from cityrules.engines.sql import dialect
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.engine import DuckDBEngine
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.writing import written
from cityrules.loaded import load
from cityrules.testing.given import prepare
from strategies.drawn import scheme_of
from strategies.inputs import make_case


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All texts written from here on, each of which has been compared."""
    texts: list[str] = []

    def compared(tree: E) -> str:
        text = written(tree)
        assert text == tree.sql(dialect="duckdb")
        texts.append(text)
        return text

    monkeypatch.setattr(dialect, "written", compared)
    return texts


@pytest.mark.parametrize(
    "folder", ["repeat-findings", "nested-items", "deposit", "deadlines", "moved-squads", "ladders"]
)
def test_gallery(folder: str, seen: list[str], project: Path) -> None:
    scheme = load(project / "specs" / "gallery" / folder / "scheme.yaml", examples=False)
    name, example = next(iter(scheme.document.examples.items()))
    case = prepare(name, example, scheme.plan)
    outcome = DuckDBEngine(threads=1).assess(scheme.plan, case.inputs, case.question)
    assert [len(list(table.rows())) for table in outcome.tables.values()]
    assert len(seen) > 50


@pytest.mark.parametrize("seed", range(4))
def test_random_schemes(seed: int, seen: list[str]) -> None:
    scheme = scheme_of(seed)
    case = make_case(scheme.plan, seed)
    outcome = DuckDBEngine(threads=1).assess(scheme.plan, case.inputs, case.question)
    assert [len(list(table.rows())) for table in outcome.tables.values()]
    assert len(seen) > 50


@pytest.mark.parametrize("text", ["", "'", '"', "a 'quoted' name", 'a "quoted" one', "x; drop table y", "\\"])
def test_texts_and_names_are_quoted(text: str) -> None:
    query = sql.select({text or "n": sql.text(text)}, sql.table(text or "t"))
    assert written(query) == query.sql(dialect="duckdb")


def test_of_no_conditions_any_is_false_and_all_is_true() -> None:
    for none, word in ((sql.either(), "FALSE"), (sql.both(), "TRUE")):
        assert written(none) == word
