"""A binding of a host's tables, read and checked against the plan of a scheme."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cityrules.io.binding.check import check_binding
from cityrules.io.binding.inputs import Binding
from cityrules.io.binding.load import binding_from, read_binding
from cityrules.loaded.errors import SchemeError
from cityrules.plan.model import Plan
from cityrules.scheme.telling import told
from cityrules.text.diagnostic import Language, Report
from cityrules.text.files import read_file


def bound(thing: str | Path | Mapping[str, Any], plan: Plan) -> Binding:
    """The binding of a file or a mapping. Raises SchemeError listing every problem, in the language of its keywords."""
    language: Language = "en"
    report = Report()
    if isinstance(thing, (str, Path)):
        source = read_file(thing, report)
        loaded, language = read_binding(source, report) if source else (None, "en")
    else:
        loaded = binding_from(thing, report)
    if loaded is not None:
        check_binding(loaded, plan, report)
    if loaded is None or report.failed:
        raise SchemeError(told(report, language))
    return Binding(loaded, plan, language)
