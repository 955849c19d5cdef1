"""The table of operators, read once from its file. Knows no document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import yaml

from cityrules.scheme.document import FORMS

Others = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Operators:
    """What is put in the place of what; the file says of each what it is."""

    sections: tuple[str, ...]
    passed_over: frozenset[str]
    comparisons: Others
    connectives: Mapping[str, str]
    arithmetic: Mapping[str, str]
    functions: Mapping[str, str]
    units: Others
    letters: Mapping[str, str]
    phrases: Others
    roundings: tuple[str, ...]
    policies: Others
    directions: Mapping[str, str]
    keys: Others
    left_out: frozenset[str]
    entries: frozenset[str]
    ordered: frozenset[str]
    first_decides: frozenset[str]
    values: frozenset[str]
    shorter: frozenset[str]
    turned: frozenset[str]
    conditions: frozenset[str]
    of_rules: frozenset[str]
    forms: frozenset[str] = frozenset(FORMS)


_TUPLES: Final = ("sections", "roundings")
_OTHERS: Final = ("comparisons", "units", "phrases", "policies", "keys")


@cache
def operators() -> Operators:
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    # Our own data, and this loader makes nothing but texts, lists and dicts.
    raw: Mapping[str, Any] = yaml.load(
        (resources.files("cityrules.testing.mutation") / "operators.yaml").read_text("utf-8"), Loader=loader
    )
    made: dict[str, Any] = {}
    for name, value in raw.items():
        if name in _OTHERS:
            made[name] = {key: tuple(others) for key, others in value.items()}
        elif isinstance(value, list):
            made[name] = tuple(value) if name in _TUPLES else frozenset(value)
        else:
            made[name] = value
    return Operators(**made)
