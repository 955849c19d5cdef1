"""cityrules: a published assessment scheme as one document that is law, program and test at once.

The names an embedding developer needs; everything else lives in the rooms below. Importing this costs little: each
name loads its room when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cityrules.text.release import __version__ as __version__

if TYPE_CHECKING:
    from cityrules.engines.python.single.scorer import RecordError
    from cityrules.io.csv import CsvRows
    from cityrules.io.rows import DataError
    from cityrules.io.sheet import SheetRows
    from cityrules.lint.files import findings
    from cityrules.loaded import (
        Assessment,
        CheckFailed,
        Editions,
        Scheme,
        SchemeError,
        check,
        load,
        load_editions,
        loads,
        shipped,
    )
    from cityrules.loaded.verifying import Verification, verify
    from cityrules.scheme.document import Document

_HOME = {
    "Assessment": "cityrules.loaded",
    "CheckFailed": "cityrules.loaded",
    "CsvRows": "cityrules.io.csv",
    "DataError": "cityrules.io.rows",
    "Document": "cityrules.scheme.document",
    "Editions": "cityrules.loaded",
    "RecordError": "cityrules.engines.python.single.scorer",
    "Scheme": "cityrules.loaded",
    "SchemeError": "cityrules.loaded",
    "SheetRows": "cityrules.io.sheet",
    "Verification": "cityrules.loaded.verifying",
    "check": "cityrules.loaded",
    "findings": "cityrules.lint.files",
    "load": "cityrules.loaded",
    "load_editions": "cityrules.loaded",
    "loads": "cityrules.loaded",
    "shipped": "cityrules.loaded",
    "verify": "cityrules.loaded.verifying",
}

__all__ = [
    "Assessment",
    "CheckFailed",
    "CsvRows",
    "DataError",
    "Document",
    "Editions",
    "RecordError",
    "Scheme",
    "SchemeError",
    "SheetRows",
    "Verification",
    "check",
    "findings",
    "load",
    "load_editions",
    "loads",
    "shipped",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'cityrules' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
