"""The page about consequences shows what stands in the schemes that it names, and names all kinds of acts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from cityrules.scheme.document import ACT_KINDS
from docs.pages import blocks

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "consequences.md").read_text("utf-8")
_FROM = re.compile(r"yaml from=(\S+)")


def shown() -> list[tuple[str, str, str, object]]:
    """Scheme, section, name and body of everything in a block."""
    found = []
    for block in blocks(PAGE):
        named = _FROM.fullmatch(block.info)
        assert named is not None, f"whose lines are these? {block.body[:80]}"
        # Nothing but texts, lists and maps.
        sections = yaml.load(block.body, Loader=yaml.BaseLoader)
        found += [(named[1], section, name, body) for section, part in sections.items() for name, body in part.items()]
    return found


@pytest.mark.parametrize(("scheme", "section", "name", "body"), shown())
def test_what_is_shown_stands_in_the_scheme(scheme: str, section: str, name: str, body: object) -> None:
    text = (ROOT / "specs" / scheme / "scheme.yaml").read_text("utf-8")
    assert yaml.load(text, Loader=yaml.BaseLoader)[section][name] == body


def test_every_block_is_of_a_scheme_that_is_linked() -> None:
    assert {f"../specs/{scheme}/scheme.yaml" for scheme, *_ in shown()} <= set(re.findall(r"\]\(([^)]+)\)", PAGE))


def test_every_kind_of_act_is_named() -> None:
    assert all(f"`{kind}`" in PAGE for kind in ACT_KINDS)
