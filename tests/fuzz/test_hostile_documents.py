"""Hostile documents: whatever the text, the check answers with diagnostics, raises nothing and executes nothing."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cityrules as cr
from cityrules.scheme.convert import convert
from cityrules.text.diagnostic import Diagnostic, Report
from cityrules.text.show import show, to_json
from cityrules.text.source import Source

SPECS = sorted((Path(__file__).parents[2] / "specs").glob("*/scheme.yaml"))
WORDS = (
    "measures: records: targets: for: when: formula: rules: deduct: null unstated true { } [ ] ( ) .. , - # ' &a *a "
    "!!python/object/apply:os.system <<: % | > ？ ： ， （ 90 -1 1e9 0/0 if then else and or not( in between as_of "
    "previous( __class__ __import__('os') {{7*7}} ${HOME} Ａ а étage"
)
CHINESE = "规则语言: 指标: 粒度: 公式: 若 且 非( 最小( 每 按 从高 最近 位 之后 空值 未写明 已知: 应得: 前提: 截至"
TOKENS = [
    *WORDS.split(),
    *("squad each month", ": ", "\n", "\n  ", "\n    ", '"', "9" * 40, 'date("2024-13-01")', "; drop table x; --"),
    *CHINESE.split(),
    *("\x00", "\u202e", "\ud7ff", "\U0001f600", "e\u0301"),
]


def speak(diagnostics: tuple[Diagnostic, ...]) -> None:
    """Every diagnostic can be shown in both languages and as data."""
    for diagnostic in diagnostics[:20]:
        assert show(diagnostic, "en")
        assert show(diagnostic, "zh")
        assert to_json(diagnostic, "en")["code"] == diagnostic.code


def check_text(text: str) -> None:
    complaints: tuple[Diagnostic, ...] = ()
    try:
        cr.loads(text)
    except cr.SchemeError as error:
        complaints = error.diagnostics or (Diagnostic("nothing was said"),)
    speak(complaints)


def mutations(text: str, seed: random.Random) -> Iterator[str]:
    """Damaged copies of a good document: cut, doubled, swapped, spliced with tokens and with other parts of itself."""
    while True:
        damaged = text
        for _ in range(seed.choice((1, 1, 1, 2, 3))):
            at, end = sorted(seed.randrange(len(damaged) + 1) for _ in range(2))
            end = min(end, at + seed.choice((0, 1, 3, 20, 200)))
            piece = seed.choice(
                [
                    "",
                    seed.choice(TOKENS),
                    damaged[at:end] * seed.choice((2, 3)),
                    damaged[at:end][::-1],
                    text[(start := seed.randrange(len(text))) : start + seed.choice((1, 10, 100))],
                ]
            )
            damaged = damaged[:at] + piece + damaged[end:]
        yield damaged


@given(st.lists(st.one_of(st.sampled_from(TOKENS), st.text(max_size=5)), max_size=60).map("".join))
def test_token_soup(text: str) -> None:
    check_text(text)


@given(st.text(max_size=300))
def test_arbitrary_text(text: str) -> None:
    check_text(text)


@pytest.mark.parametrize("part", range(4))
def test_damaged_schemes(part: int, long_run: bool) -> None:
    """100,000 in the long run, in four parts that can run side by side."""
    runs = 25_000 if long_run else 150
    seed = random.Random(20240101 + part)
    english = [path.read_text("utf-8") for path in SPECS]
    chinese = [convert(Source("scheme.yaml", text), "zh", Report()) for text in english]
    sources = [text for text in {*english, *chinese} if text is not None]
    sources.sort()
    # Small documents reach deep code as well as large ones and are checked faster.
    streams = [mutations(text.split("examples:")[0] if n % 2 else text, seed) for n, text in enumerate(sources * 2)]
    weights = [1 / len(text) for text in sources * 2]
    for _ in range(runs):
        check_text(next(seed.choices(streams, weights)[0]))


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "scheme.yaml"
    for data in (b"\xff\xfe\x00", b"\x80abc", b"", b"\x00" * 100, b"PK\x03\x04", b"\xef\xbb\xbf"):
        path.write_bytes(data)
        scheme, diagnostics = cr.check(path)
        assert scheme is None
        speak(diagnostics)


def test_limits_of_size_and_depth(tmp_path: Path) -> None:
    deep = "a: " + "[" * 200_000
    wide = "measures: {" + ", ".join(f"m{i}: 1" for i in range(60_000)) + "}"
    nested = "measures:\n  m: {for: squad each month, formula: '" + "(" * 5_000 + "'}"
    long = "title: " + "x" * 1_100_000
    for text in (deep, wide, nested, long, "? " * 50_000, "- " * 50_000, "{" * 100, "&a [*a, *a]"):
        path = tmp_path / "scheme.yaml"
        path.write_text(text, "utf-8")
        scheme, diagnostics = cr.check(path)
        assert scheme is None
        assert diagnostics
        speak(diagnostics)


def test_nothing_is_executed_or_imported(tmp_path: Path) -> None:
    """A document that asks for code in every way it could leaves no trace."""
    mark = tmp_path / "mark"
    before = set(sys.modules)
    for text in (
        f"title: !!python/object/apply:pathlib.Path.touch ['{mark}']",
        f"measures: {{m: {{for: whole each year, formula: \"__import__('pathlib').Path('{mark}').touch()\"}}}}",
        f'title: \'{{{{ open("{mark}", "w") }}}}\'',
    ):
        scheme, diagnostics = cr.check({"title": text}) if text.startswith("title: '") else _check(text, tmp_path)
        assert scheme is None
        assert diagnostics
    assert not mark.exists()
    assert not {"os.system", "subprocess"} & (set(sys.modules) - before)


def _check(text: str, folder: Path) -> tuple[cr.Scheme | None, tuple[Diagnostic, ...]]:
    path = folder / "hostile.yaml"
    path.write_text(text, "utf-8")
    return cr.check(path)
