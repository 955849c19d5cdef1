"""One mistake gives one complaint, at its place, wherever in a document it is made."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityrules.scheme.document import FORMS
from cityrules.scheme.load import document_from
from cityrules.text.catalogue import unfilled
from cityrules.text.diagnostic import Report
from cityrules.text.show import show_all
from scheme.good_document import GOOD, Address, addresses, at, good, look, told, tree

ADDRESSES = addresses()


def _name(path: Address) -> str:
    return ".".join(path)


def _misspelt(key: str) -> str:
    return key[:1] + "x" + key[1:]


@pytest.mark.parametrize("path", ADDRESSES, ids=_name)
def test_a_misspelt_key(path: Address) -> None:
    span = good().locate_key(path)
    assert span is not None
    start, end = span.span.start, span.span.end
    loaded, report = look(GOOD[:start] + _misspelt(path[-1]) + GOOD[end:])
    assert loaded is None
    (found,) = report
    assert found.code == ("CR303" if path[0] == "measures" and len(path) == 3 and path[-1] in FORMS else "CR301")
    assert found.at is not None
    assert found.at.text == _misspelt(path[-1])
    assert found.values["suggestion"] == path[-1]


@pytest.mark.parametrize("path", ADDRESSES, ids=_name)
def test_a_key_left_out(path: Address) -> None:
    raw = tree()
    del at(raw, path[:-1])[path[-1]]
    report = Report()
    document_from(raw, report)
    # Three steps lean on what the consequence says for all of them.
    shared = path in (("consequences", "failing_months", "kind"), ("consequences", "failing_months", "clause"))
    assert len(report) <= (3 if shared else 1), show_all(report)


@pytest.mark.parametrize("path", ADDRESSES, ids=_name)
def test_nothing_after_a_key(path: Address) -> None:
    node = good().places.entry(path)[1]
    assert node is not None
    loaded, report = look(GOOD[: node.span.start] + GOOD[node.span.end :])
    assert loaded is None
    assert told(report) == [("CR306", path[-1])]


@pytest.mark.parametrize("wrong", [[["x"]], {"x": {"y": "z"}}, "[%]"], ids=["list", "map", "text"])
@pytest.mark.parametrize("path", ADDRESSES, ids=_name)
def test_a_value_of_the_wrong_shape(path: Address, wrong: Any) -> None:
    raw = tree()
    old = at(raw, path)
    at(raw, path[:-1])[path[-1]] = wrong
    report = Report()
    document_from(raw, report)
    if type(wrong) is type(old):
        return  # A wrong text may be a good expression, and a map of wrong things is several mistakes.
    assert report.failed
    # Members may be a map: then one thing in it is unknown, and one is not there.
    several = path[-1] == "members" and isinstance(wrong, dict)
    assert len(report) == (2 if several else 1), show_all(report)


# ---------------------------------------------------------------------------------------------------------- anything

NONSENSE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(addresses(free=True)), NONSENSE), min_size=1, max_size=3))
def test_no_document_from_python_raises(changes: list[tuple[Address, Any]]) -> None:
    raw = tree()
    for path, value in changes:
        try:
            at(raw, path[:-1])[path[-1]] = copy.deepcopy(value)
        except (KeyError, TypeError, IndexError, ValueError):
            continue  # An earlier change took the place away.
    report = Report()
    loaded = document_from(raw, report)
    assert (loaded is None) == report.failed
    assert [(found.code, unfilled(found)) for found in report if unfilled(found)] == []
    show_all(report, "zh")


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(GOOD)), st.integers(0, 12), st.text("abc:{}[]-'\"#,\n 一：， 0.", max_size=6))
def test_no_text_raises(start: int, length: int, new: str) -> None:
    loaded, report = look(GOOD[:start] + new + GOOD[start + length :])
    assert (loaded is None) == report.failed
    assert [(found.code, unfilled(found)) for found in report if unfilled(found)] == []
