"""Every scheme of the gallery with one body of it damaged: there are complaints, and never an exception."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import cityrules as cr
from cityrules.loaded import specs_folder

GALLERY = sorted((specs_folder() / "gallery").glob("*/scheme.yaml"))
SECTIONS = ("periods", "parameters", "tables", "targets", "records", "measures", "consequences", "checks")
DAMAGES = ("word", {"clause": {"a": "map"}}, None)
"""What is put in the place of a body. None: it is left out."""


def damaged(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    document = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
    document.pop("examples", None)
    document.pop("readings", None)
    for section in SECTIONS:
        for name, body in document.get(section, {}).items():
            for number, damage in enumerate(DAMAGES):
                changed = copy.deepcopy(document)
                if damage is None:
                    del changed[section][name]
                else:
                    changed[section][name] = {**body, **damage} if isinstance(damage, dict) else damage
                yield f"{path.parent.name} {section}.{name} {number}", changed


@pytest.mark.parametrize("part", range(4))
def test_no_damage_is_an_exception(part: int, long_run: bool) -> None:
    """A kind of period, or of targets, that was left out with its error was a KeyError to whoever named it."""
    cases = [case for path in GALLERY for case in damaged(path)]
    for name, document in cases[part :: 4 if long_run else 40]:
        scheme, found = cr.check(document, examples=False)
        # Not everything is used by something else.
        assert scheme is not None or found, name


@pytest.mark.parametrize(
    ("scheme", "section", "name"),
    [
        ("contract-year", "periods", "half"),
        ("contract-year", "periods", "contract_year"),
        ("responsible-squad", "targets", "squad"),
    ],
)
def test_what_hangs_on_a_damaged_body_is_left_alone(scheme: str, section: str, name: str) -> None:
    document = yaml.load((specs_folder() / "gallery" / scheme / "scheme.yaml").read_text("utf-8"), yaml.BaseLoader)
    document[section][name] = {**document[section][name], "clause": {"a": "map"}}
    _, found = cr.check(document)
    assert (found[0].code, found[0].path) == ("CR302", f"{section}.{name}.clause")
