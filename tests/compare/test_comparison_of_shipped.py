"""Shipped schemes on their samples: compared with themselves nothing differs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import cityrules as cr
from cityrules.loaded import specs_folder

SPANS = {"garbage-clearance": "2024-03..2024-05", "jingmen": "2018", "market-flags": "2014", "street-six-areas": "2024"}


def sample(name: str) -> dict[str, Any]:
    """What `study` takes of the sample of a scheme."""
    scheme = cr.load(name, examples=False)
    files = {path.stem: path for path in sorted((specs_folder() / name / "sample").glob("*.csv"))}
    parts: list[dict[str, Path]] = [
        {kind: path for kind, path in files.items() if kind in known}
        for known in (scheme.plan.records, scheme.plan.kinds)
    ]
    return {"scheme": scheme, "records": parts[0], "targets": parts[1]}


# The database takes its time; it sees one of them.
@pytest.mark.parametrize(("name", "engine"), [*((name, "python") for name in SPANS), ("market-flags", "duckdb")])
def test_with_itself_nothing_differs(name: str, engine: Any) -> None:
    given = sample(name)
    scheme = given["scheme"]
    study = scheme.study(given["records"], targets=given["targets"], period=SPANS[name], engine=engine)
    found = study.compare(cr.load(name, examples=False))
    assert found.same > 10
    assert not found.differs
    assert [name for name, table in found.tables.items() if list(table.rows())] == []
