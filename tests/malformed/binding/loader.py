"""How the bindings here are loaded: checked against a small scheme, then bound to small tables of a host."""

from __future__ import annotations

from pathlib import Path

from cityrules.io.binding.inputs import refuse_twice
from cityrules.io.rows import DataError
from cityrules.loaded import SchemeError
from cityrules.loaded import load as load_scheme
from cityrules.text.diagnostic import Report

TABLES = {
    "cases": [{"案件编号": "1", "街道": "东街", "发现日期": "2024/3/1", "类别": "01", "规模": "1"}],
    "streets": [{"name": "东街", "shops": 3}],
}
GIVEN = ("stall",)


def load(path: Path, report: Report) -> None:
    """Load one binding and put every complaint into `report`."""
    try:
        binding = load_scheme("scheme.yaml").binding(path)
        refuse_twice(kind for kind in GIVEN if kind in binding.kinds)
        binding.rows({name: rows for name, rows in TABLES.items() if name in binding.tables})
    except (SchemeError, DataError) as problem:
        for found in problem.diagnostics:
            report.put(found)
