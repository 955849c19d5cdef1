"""Addresses and values as a document says them, and back: what a text tells can be handed over as it stands there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from cityrules.loaded import Scheme, load, loads
from cityrules.scheme.convert import convert
from cityrules.scheme.said import Said
from cityrules.scheme.translate import translate_change
from cityrules.text.diagnostic import Report
from cityrules.text.nodes import Scalar
from cityrules.text.source import Source

ROOT = Path(__file__).parents[2]
SPECS = ROOT / "specs"
SCHEMES = ("gallery/acts-counted", "gallery/acts-in-force", "gallery/ladders", "gallery/tie-breaks", "market-flags")


def chinese(name: str) -> Scheme:
    folder = SPECS / name
    text = (folder / "scheme.yaml").read_text("utf-8")
    turned = convert(Source("scheme.yaml", text), "zh", Report())
    assert turned is not None
    return loads(turned, folder=folder, examples=False)


def leaves(tree: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(tree, Mapping):
        for name, inner in tree.items():
            if "." not in name:
                yield from leaves(inner, (*path, name))
    elif isinstance(tree, str):
        yield path, tree


@pytest.mark.parametrize("name", SCHEMES)
def test_every_address_and_value_comes_back(name: str) -> None:
    loaded = chinese(name).written
    said = Said(loaded)
    assert loaded.root is not None
    found = list(leaves(loaded.raw))
    turned = 0
    for path, value in found:
        address, told = said.path(path), said.at(path, value)
        assert said.address(".".join(path)) == ".".join(address)
        turned += (address, told) != (path, value)
        back, node = translate_change(".".join(address), Scalar(told, loaded.root.span), loaded.root)
        assert (back, node.text) == (".".join(path), value), path  # type: ignore[union-attr]
    # All but the first lines of the document stand below a key that is a word.
    assert turned > len(found) * 0.9


@pytest.mark.parametrize("name", SCHEMES[:2])
def test_an_english_document_says_what_the_data_say(name: str) -> None:
    loaded = load(SPECS / name).written
    said = Said(loaded)
    assert all((said.path(path), said.at(path, value)) == (path, value) for path, value in leaves(loaded.raw))


def test_what_stands_there_is_told_as_it_is_written() -> None:
    said = Said(chinese("gallery/acts-counted").written)
    times = ("measures", "year_points", "rules", "talked", "times")
    assert ".".join(said.path(times)) == "指标.year_points.规则.talked.乘以"
    assert said.at(times, "level - 1") == "级别 - 1"
    assert said.at(("measures", "talks", "for"), "street each year") == "street 每 年"
    assert said.at(("measures", "failing", "missing"), "breaks") == "中断"


PROPOSAL = """\
规则语言: 1
办法: proposal
标题: 一项提议
施行: {自: 未写明}
制定机关: 起草处
文件来源: 草案
基于: scheme.yaml
改动:
  指标.year_points.规则.talked.乘以: 级别 - 2
  指标.talks.筛选: 档次 != "circular"
"""


def test_a_proposal_says_columns_of_its_base_as_its_base_does(tmp_path: Path) -> None:
    """Over the rows of a consequence `级别` is its column `level`; in a document that is based on another nobody knew
    that these are rows, so that the words in which the base is written were refused as unknown names."""
    text = convert(
        Source("scheme.yaml", (SPECS / "gallery" / "acts-counted" / "scheme.yaml").read_text("utf-8")), "zh", Report()
    )
    assert text is not None
    (tmp_path / "scheme.yaml").write_text(text, "utf-8")
    (tmp_path / "proposal.yaml").write_text(PROPOSAL, "utf-8")
    measures = load(tmp_path / "proposal.yaml").written.raw["measures"]
    assert isinstance(measures, Mapping)
    assert measures["year_points"]["rules"]["talked"]["times"] == "level - 2"
    assert measures["talks"]["where"] == 'step != "circular"'
