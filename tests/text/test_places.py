"""Parts of a text are found again in the file, however the text was written."""

from __future__ import annotations

from itertools import pairwise

import pytest
import yaml as pyyaml
from hypothesis import given
from hypothesis import strategies as st

from cityrules.text.diagnostic import Report
from cityrules.text.source import Source
from cityrules.text.yaml import Scalar, read

# Letters of one, two, three and four bytes, and what has a meaning inside one of the styles.
LETTERS = "ab9键值，é😀"
WORDS = st.text(LETTERS + "'\"\\#:", min_size=1, max_size=6)
LINE_ENDS = st.sampled_from(["\n", "\r\n"])


def only_value(document: str) -> Scalar:
    report = Report()
    root = read(Source("s", document), report)
    assert root is not None, [d.code for d in report]
    value = root.get("a")
    assert isinstance(value, Scalar)
    return value


def every_character(value: Scalar) -> list[str]:
    """What stands in the file for each character; the parts of longer stretches must fit together with these."""
    spans = [value.part(k, k + 1) for k in range(len(value.text))]
    for one, two in pairwise(spans):
        assert one.end <= two.start
    if spans:
        whole = value.part(0, len(spans))
        assert (whole.start, whole.end) == (spans[0].start, spans[-1].end)
    end = value.part(len(spans), len(spans))
    assert end.start == end.end
    return [span.text for span in spans]


@given(st.lists(st.text(LETTERS, min_size=1, max_size=5), min_size=1, max_size=6), st.data(), LINE_ENDS)
def test_plain_over_several_lines(words: list[str], data: st.DataObject, end: str) -> None:
    document, text = "a: x", "x"
    for word in words:
        gap, made = data.draw(st.sampled_from([(" ", " "), ("  ", "  "), (f" {end}   ", " "), (end * 2 + "  ", "\n")]))
        document, text = document + gap + word, text + made + word
    value = only_value(document + end)
    assert value.text == text
    for character, written in zip(text, every_character(value), strict=True):
        assert written == character or (written.isspace() and character.isspace())


@given(st.text(LETTERS + "'\"\\ #:,[]{}", max_size=20))
def test_single_quotes(text: str) -> None:
    value = only_value("a: '" + text.replace("'", "''") + "'\nb: 1\n")
    assert value.text == text
    assert every_character(value) == ["''" if character == "'" else character for character in text]


@given(st.lists(st.tuples(st.sampled_from(LETTERS + '\n\t"\\ \0'), st.booleans()), max_size=20))
def test_double_quotes(characters: list[tuple[str, bool]]) -> None:
    written = [
        f"\\U{ord(character):08x}" if escaped or character in '\n\t"\\\0' else character
        for character, escaped in characters
    ]
    value = only_value('a: "' + "".join(written) + '"')
    assert value.text == "".join(character for character, _ in characters)
    assert every_character(value) == written


def test_short_escapes_and_escaped_line_ends() -> None:
    value = only_value('a: "x\\ty\\\n    z\\"\n\n  w\\x41"\n')
    assert value.text == 'x\tyz"\nwA'
    assert every_character(value) == ["x", "\\t", "y", "z", '\\"', "\n", "w", "\\x41"]


LINES = st.lists(
    st.one_of(st.just(""), st.builds(lambda pad, word: pad + word, st.sampled_from(["", "", "  "]), WORDS))
)


@given(LINES, st.sampled_from(["|", "|-", "|+", ">", ">-", ">+", "|2", ">2-"]), LINE_ENDS, st.booleans())
def test_blocks(lines: list[str], header: str, end: str, followed: bool) -> None:
    body = "".join(("  " + line if line else "") + end for line in ["first", *lines])
    document = f"k: 1{end}a: {header}{end}{body}" + (f"b: 1{end}" if followed else "")
    value = only_value(document)
    assert value.text == pyyaml.safe_load(document)["a"]
    for character, written in zip(value.text, every_character(value), strict=True):
        folded = written.isspace() and character in " \n"
        assert written == character or folded


def test_a_byte_order_mark_and_windows_line_ends_move_nothing() -> None:
    source = Source("s", "\ufeff键: 一\r\na: 'it''s'\r\n")
    root = read(source, Report())
    assert root is not None
    key = root.key("键")
    assert key is not None
    assert key.span.text == "键"
    value = root.get("a")
    assert isinstance(value, Scalar)
    assert (value.span.text, value.part(2, 4).text) == ("'it''s'", "''s")


@pytest.mark.parametrize("bounds", [(-5, 99), (3, 1), (0, 0), (9, 9)])
def test_bounds_outside_the_text_are_moved_to_its_border(bounds: tuple[int, int]) -> None:
    value = only_value("a: 'abc'")
    part = value.part(*bounds)
    assert 4 <= part.start <= part.end <= 7
