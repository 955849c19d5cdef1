"""Reading YAML: what is kept, what is refused, and that nothing raises."""

from __future__ import annotations

from time import process_time

import pytest
import yaml as pyyaml
from hypothesis import given
from hypothesis import strategies as st

from cityrules.text import limits
from cityrules.text.diagnostic import Report
from cityrules.text.quoting import balance, quoted
from cityrules.text.show import show_all
from cityrules.text.source import Source
from cityrules.text.yaml import Mapping, Scalar, find, interval_in_list, plain, read


def codes(document: str) -> list[str]:
    report = Report()
    read(Source("s", document), report)
    return [found.code for found in report]


def good(document: str) -> Mapping:
    report = Report()
    root = read(Source("s", document), report)
    assert show_all(report) == ""
    assert root is not None
    return root


def test_every_scalar_is_its_text() -> None:
    root = good("a: 0.10\nb: on\nc: 010\nd: 12:30\ne:\nf: ''\ng: ~\nh: null\ni: [1, {j: 2024-03-01}]\n")
    assert plain(root) == {
        "a": "0.10",
        "b": "on",
        "c": "010",
        "d": "12:30",
        "e": None,
        "f": "",
        "g": "~",
        "h": "null",
        "i": ["1", {"j": "2024-03-01"}],
    }


@pytest.mark.parametrize(
    "document",
    [
        "a: b # a comment\n",
        "a: b #comment\n",
        'a: "x #3"\n',
        "note: 本办法所称：市容\n",
        "note: |\n  适用：小队，“甲”\n",
        "note:\n  本办法适用于下列单位，\n  包括：街道\n",
        "title: “双月”考核\n",
        "'标题：一': x\n",
        "a: {when: 'min(a, b) > 3'}\n",
        "a: {note: 含本数，下同}\n",
        "a: (80..90]\n",
        "a: it's\n",
        "a: {b}\n",
        "---\na: 1\n...\n",
        "a: 100% b\n",
        "a: -x ]\n",
    ],
)
def test_what_is_legitimate_is_let_alone(document: str) -> None:
    good(document)


@pytest.mark.parametrize("document", ["a: [80..90]\n", "a:\n  [80..90]\n"])
def test_an_interval_that_became_a_list_is_known(document: str) -> None:
    value = good(document).get("a")
    assert value is not None
    assert interval_in_list(value) == "[80..90]"


def test_places() -> None:
    root = good("a:\n  b: [1, 2]\n\nc: {d: e}\n\n# end\n")
    inner = root.get("a")
    assert isinstance(inner, Mapping)
    assert inner.span.text == "b: [1, 2]"
    nested = root.get("c")
    assert nested is not None
    assert nested.span.text == "{d: e}"
    assert root.get("x") is None
    assert root.key("x") is None


def test_find_skips_what_the_document_does_not_have() -> None:
    root = good("measures:\n  score: {rules: [{when: x}]}\n")
    key, node = find(root, ("measures", "score", "LedgerMeasure", "rules", 0, "when", "[key]"))
    assert key is not None
    assert key.text == "when"
    assert isinstance(node, Scalar)
    key, node = find(root, ("measures", "score", "floor"))
    assert key is not None
    assert key.text == "score"
    assert isinstance(node, Mapping)
    assert find(root, ()) == (None, root)


def test_all_errors_before_a_syntax_error_are_told() -> None:
    assert codes("a: 1\na: 2\nb: {x: min(a, b)}\nc: @x\n") == ["CR120", "CR150", "CR137"]


def test_a_cut_value_is_put_together_again() -> None:
    report = Report()
    root = read(Source("s", "r: {when: min(a,\n  b) > 3, deduct: 1}\n"), report)
    assert root is not None
    assert plain(root) == {"r": {"when": "min(a, b) > 3", "deduct": "1"}}
    value = find(root, ("r", "when"))[1]
    assert isinstance(value, Scalar)
    assert value.part(7, 9).text == "b)"


def test_addresses() -> None:
    report = Report()
    read(Source("s", "measures:\n  score:\n    rules:\n      - {when: a}\n      - {when: f(a, b)}\n"), report)
    assert [found.path for found in report] == ["measures.score.rules.1.when"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("min(a", "open"),
        ("b) > 3", "closed"),
        ("[80..90)", "balanced"),
        ('"a', "open"),
        ("it's", "balanced"),
        ("a) + f(b", "open"),
    ],
)
def test_balance(text: str, expected: str) -> None:
    assert balance(text) == expected


@given(st.text())
def test_quoted_is_read_as_it_was(text: str) -> None:
    report = Report()
    root = read(Source("s", "a: " + quoted(text)), report)
    if root is None:  # Some characters may stand nowhere.
        assert {found.code for found in report} <= {"CR110", "CR111"}
    else:
        assert plain(root) == {"a": text}


# fmt: off
PIECES = st.sampled_from([
    "a", "b: ", "\n", "\n  ", " ", "'", "\"", "\\x41", "键", "：", "，", " #", "- ", ">-\n  ", "[", "]", "{", "}",
    ", ", "(", ")", "..", "8", "?", "&x", "*x", "!t", "<<: ", "\t", "\r\n", "---", "%", "@", "“", "”", "\ufeff",
    "\x07", ":", "|", "|+\n    ",
])
# fmt: on


@given(st.one_of(st.text(), st.lists(PIECES).map("".join), st.lists(PIECES).map(lambda made: "a: " + "".join(made))))
def test_no_text_raises(document: str) -> None:
    report = Report()
    source = Source("s", document)
    root = read(source, report)
    assert root is not None or report.failed
    for found in report:
        assert found.at is not None
        assert 0 <= found.at.start <= found.at.end <= len(document)
    assert show_all(report, "en").isascii() or show_all(report, "zh")


@given(st.lists(PIECES).map(lambda made: "a: " + "".join(made)))
def test_both_scanners_of_pyyaml_are_understood(document: str) -> None:
    report = Report()
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(pyyaml, "CSafeLoader", raising=False)
        root = read(Source("s", document), report)
    assert root is not None or report.failed


SIZE = limits.BYTES - 100
HOSTILE = {
    "flow lists": "[" * SIZE,
    "flow maps": "{a: " * (SIZE // 4),
    "block maps": "\n".join(" " * depth + "a:" for depth in range(1300)),
    "dashes": "- " * (SIZE // 2),
    "entries": "a: [" + "a," * (SIZE // 2) + "]",
    "one key": "a:\n" * (SIZE // 3),
    "one text": "a: " + "x" * SIZE,
    "escapes": 'a: "' + "\\n" * (SIZE // 2) + '"',
    "folded lines": "a: >\n" + " x\n" * (SIZE // 3),
    "cut values": "a: [" + "(a, " * (SIZE // 4) + "]",
    "cut comments": "a: (b #c\n" * (SIZE // 9),
    "aliases": "a: [" + "*a," * (SIZE // 3) + "]",
    "tags": "a: [" + "!a ," * (SIZE // 4) + "]",
    "keys of marks": "，: 1\n" * (SIZE // 7),
    "control characters": "\0" * SIZE,
    "colons": "a: " + "b: " * (SIZE // 3),
    "dashes in a line": "a: x" + " - " * (SIZE // 3) + ": c",
    "blank lines": "a: b" + "\n#" * (SIZE // 2) + "\n : x",
    "intervals": "a: " + "[1..2) " * (SIZE // 7),
    "dots": "a: ]" + ".. " * (SIZE // 3),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_is_bounded(name: str) -> None:
    report = Report()
    start = process_time()
    read(Source("s", HOSTILE[name]), report)
    shown = show_all(report)
    # Two seconds is the promise on a quiet machine; test machines are allowed to be slower.
    assert process_time() - start < 6
    assert len(shown) < 1_000_000


def test_the_limits() -> None:
    assert codes("a: " + "[" * 64 + "]" * 64) == ["CR112"]
    assert codes("a: " + "[" * 63 + "]" * 63) == []
    assert codes("a: " + "分" * (limits.BYTES // 3)) == ["CR105"]
    assert codes("a: " + "x" * (limits.BYTES - 3)) == []
    assert codes("a: [" + "1," * (limits.NODES - 3) + "]") == []
    assert codes("a: [" + "1," * (limits.NODES - 2) + "]") == ["CR113"]


def test_ten_thousand_lines_are_read_quickly() -> None:
    source = Source("s", "a:\n" + "".join(f"  k{number}: 值 {number}\n" for number in range(10_000)))
    best = min(_seconds(source) for _ in range(3))
    assert best < 0.6  # About 0.1 on a quiet machine.


def _seconds(source: Source) -> float:
    start = process_time()
    assert read(source, Report()) is not None
    return process_time() - start
