"""Differences as people read them: every one is told, and what the regulation says of it before and after."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cityrules as cr
from cityrules.report.names import plain
from cityrules.report.synopsis import DIFFERENCES, Synopsis, how
from cityrules.scheme.diff import differences
from cityrules.scheme.load import Loaded
from cityrules.scheme.overlay import under
from cityrules.testing.mutation.mutants import Mutant, mutants
from cityrules.text.diagnostic import Language, Report
from cityrules.text.show import show_all
from scheme.good_document import good, tree

LANGUAGES: tuple[Language, ...] = ("en", "zh")


def changed(changes: Mapping[str, object], base: Loaded | None = None) -> Synopsis:
    report = Report()
    base = base or good()
    loaded = under(base, changes, report)
    assert loaded is not None, show_all(report)
    return Synopsis(differences(base, loaded))


def test_the_same_is_said_to_be_the_same() -> None:
    assert "The two documents mean the same." in changed({}).text("en")
    assert "两份文件的含义相同。" in changed({}).text("zh")


def test_a_number_has_its_unit_on_both_sides() -> None:
    text = changed({"parameters.price.values": {"2024-01-01": "0.5", "2025-01-01": "1.5"}}).text("en")
    assert "`values.2025-01-01`: changed from 1 points to 1.5 points" in text


def test_a_rule_is_told_without_what_stands_around_it() -> None:
    name = next(iter(good().document.measures["score"].rules))  # type: ignore[union-attr]
    text = changed({"measures.score.ceiling": "99", f"measures.score.rules.{name}.clause": "9.9"}).text("en")
    under_the_rule = text.partition("## Clause 9.9")[2].partition("## ")[0]
    assert "begins with" not in under_the_rule
    assert "(clause 9.9)" in under_the_rule


def test_what_changes_no_result_says_so() -> None:
    assert "`title`: changed from A scheme in which everything occurs to T (changes no result)" in changed(
        {"title": "T"}
    ).text("en")


def test_the_head_tells_one_key_at_a_time() -> None:
    text = changed({"in_force.from": "2024-06-01", "note": "a" * 80}).text("en")
    force = text.partition("`in_force`")[2].partition("\n- ")[0]
    assert "a" * 80 not in force
    assert "a" * 80 in text


def test_the_table_has_a_row_for_each() -> None:
    synopsis = changed({"parameters.fail_line.value": 75, "parameters.new": {"value": 1}, "title": "T"})
    rows = [dict(zip(DIFFERENCES.names, row, strict=True)) for row in synopsis.table.rows()]
    assert rows == [
        {"clause": None, "address": "title", "how": "changed", "before": "A scheme in which everything occurs",
         "after": "T", "effective": False},
        {"clause": "6", "address": "parameters.fail_line.value", "how": "changed", "before": "70", "after": "75",
         "effective": True},
        {"clause": None, "address": "parameters.new", "how": "added", "before": None, "after": '{"value": "1"}',
         "effective": True},
    ]  # fmt: skip


MUTANTS = mutants(tree())


@given(st.lists(st.sampled_from(MUTANTS), min_size=1, max_size=3), st.sampled_from(LANGUAGES))
@settings(max_examples=40, deadline=None)
def test_every_difference_is_told(chosen: list[Mutant], language: Language) -> None:
    base = good()
    mutant = under(base, {".".join(one.change[0]): one.change[1] for one in chosen}, Report())
    if mutant is None:
        return
    synopsis = Synopsis(differences(base, mutant))
    text = synopsis.text(language)
    for one in synopsis.differences:
        assert f"{one.path[-1]}`" in text
    told = synopsis.to_json()
    listed = [one["address"] for group in told["groups"] for one in group["differences"]]
    assert sorted(listed) == sorted(one.address for one in synopsis.differences)
    assert told["effective"] + told["told"] == len(synopsis)


@pytest.mark.parametrize("language", LANGUAGES)
def test_unrelated_schemes_are_told_wholly(language: Language) -> None:
    one, other = (cr.load(name, examples=False) for name in ("case-handling", "illegal-construction"))
    text = one.diff(other).text(language)
    for name, body in other.document.measures.items():
        assert f"`measures.{name}`" in text
        assert body.clause is None or plain(body.clause) in text
    assert {how(one) for one in one.diff(other).differences} >= {"added", "removed", "changed"}
