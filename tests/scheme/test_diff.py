"""Differences of documents: nothing between what means the same, and otherwise an overlay that makes one the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

import cityrules as cr
from cityrules.loaded import specs_folder
from cityrules.scheme.convert import convert
from cityrules.scheme.diff import Differences, differences
from cityrules.scheme.difference import UNORDERED, Difference, plain_tree
from cityrules.scheme.document import Document
from cityrules.scheme.keys import is_map, keys, models_of
from cityrules.scheme.load import Loaded, document_from
from cityrules.scheme.overlay import under
from cityrules.testing.mutation.mutants import Mutant, mutants
from cityrules.testing.random_schemes.scheme import make_scheme
from cityrules.text.diagnostic import Report
from cityrules.text.show import show_all
from cityrules.text.source import Source
from scheme.good_document import GOOD, good, tree

ORDERED = {
    "items", "rules", "caps", "choose", "up_to", "at_least", "above", "below", "overrides", "steps", "split", "seasons",
    "columns",
}  # fmt: skip
FREE = {"changes", "under", "given", "expect"}
"""Maps that no model describes."""


def changed(base: Loaded, changes: Mapping[str, object]) -> Loaded:
    report = Report()
    loaded = under(base, changes, report)
    assert loaded is not None, show_all(report)
    return loaded


def found(changes: Mapping[str, object], base: Loaded | None = None) -> Differences:
    base = base or good()
    return sound(base, changed(base, changes))


def sound(before: Loaded, after: Loaded) -> Differences:
    """The differences, whose overlay makes one document the other."""
    result = differences(before, after)
    rest = differences(changed(before, result.changes), after)
    assert not rest.found
    return result


def addresses(result: Differences) -> list[str]:
    return [one.address for one in result]


def loaded(raw: Mapping[str, Any]) -> Loaded:
    report = Report()
    document = document_from(raw, report)
    assert document is not None, show_all(report)
    return document


def fields(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[tuple[str, object]]:
    seen.add(model)
    for key, field in keys(model).items():
        yield key, field.annotation
        for inner in models_of(field.annotation):
            if inner not in seen:
                yield from fields(inner, seen)


def test_of_every_map_it_is_known_whether_order_says_anything() -> None:
    maps = {key for key, annotation in fields(Document, set()) if is_map(annotation)}
    assert maps == ({*UNORDERED, *ORDERED, *FREE, "silenced"} & maps)
    assert not ORDERED & UNORDERED


def test_a_document_does_not_differ_from_itself() -> None:
    assert not differences(good(), good()).found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("value: 70", "value: 70.0"),
        ("2024-01-01: 0.5", "2024-01-01: 0.50"),
        ("title: A scheme", "# a comment\ntitle: A scheme"),
        ("{value: 70, clause: 6}", "{clause: '6', value: 70}"),
        ('size: "one of big, small"', 'size: "one of  big,small"'),
    ],
)
def test_what_is_only_written_otherwise_is_no_difference(old: str, new: str) -> None:
    assert GOOD.count(old) == 1
    assert not differences(good(), good(GOOD.replace(old, new))).found


def test_a_number_is_one_difference_under_its_clause() -> None:
    result = found({"parameters.fail_line.value": 75})
    assert result.found == (Difference(("parameters", "fail_line", "value"), "70", 75, "6"),)
    assert result.changes == {"parameters.fail_line.value": 75}
    assert [(group.clause, group.name) for group in result.groups] == [("6", "6")]
    assert result.effective == result.found


def test_what_is_said_changes_no_result() -> None:
    result = found({"title": "Another", "parameters.fail_line.clause": "7", "parameters.fail_line.note": "said"})
    assert addresses(result) == ["title", "parameters.fail_line.clause", "parameters.fail_line.note"]
    assert not result.effective
    assert [group.name for group in result.groups] == ["title", "7"]


def test_a_name_that_is_written_like_a_key_is_a_name() -> None:
    result = found({"parameters.note": {"value": 1}, "parameters.by": {"value": 1}})
    assert result.effective == result.found


def test_what_is_chosen_has_an_effect_where_nobody_had_chosen() -> None:
    assert not found({"readings.unclear.chosen": "other", "readings.unclear.because": "so"}).effective
    unstated = good(GOOD.replace("chosen: ", "chosen: unstated # "))
    assert addresses(found({"readings.unclear.chosen": "other"}, unstated)) == ["readings.unclear.chosen"]
    assert found({"readings.unclear.chosen": "other"}, unstated).effective


def test_a_section_is_begun() -> None:
    bare = {"cityrules": "1", "scheme": "s", "title": "t", "in_force": {"from": "2024-01-01"}}
    before, after = loaded(bare), loaded({**bare, "parameters": {"a": {"value": "1"}}})
    assert sound(before, after).changes == {"parameters.a": {"value": "1"}}
    assert sound(after, before).changes == {"parameters.a": None}


FIELDS = {"no": "text", "seen": "date", "squad": "squad", "size": "count"}
LEDGER: dict[str, Any] = {
    "cityrules": "1", "scheme": "s", "title": "t", "clause": "1", "in_force": {"from": "2024-01-01"},
    "targets": {"squad": {"members": "as they appear"}},
    "records": {"finding": {"dated": "seen", "key": ["no"], "fields": FIELDS}},
}  # fmt: skip


def ledger(*rules: str, **values: int) -> Loaded:
    made = {
        name: {"each": "finding", "when": f"size = {number}", "deduct": str(values.get(name, 1)), "clause": name}
        for number, name in enumerate(sorted(rules))
    }
    score = {"for": "squad each month", "from": "100", "rules": {name: made[name] for name in rules}}
    return loaded({**LEDGER, "measures": {"score": score}})


def test_a_rule_in_the_middle_is_one_difference_and_a_whole_map_of_changes() -> None:
    result = sound(ledger("a", "c"), ledger("a", "b", "c", c=3))
    assert addresses(result) == [
        "measures.score.rules.b",
        "measures.score.rules.c.when",
        "measures.score.rules.c.deduct",
    ]
    assert [group.clause for group in result.groups] == ["b", "c"]
    (path, value), *rest = result.changes.items()
    assert (path, rest) == ("measures.score.rules", [])
    assert isinstance(value, dict)
    assert list(value) == ["a", "b", "c"]


def test_some_of_the_differences_are_made_without_the_others() -> None:
    before, after = ledger("a", "c", "d"), ledger("d", "a", "b", "c", "d", d=3)
    result = sound(before, after)
    for group in result.groups:
        some = differences(before, changed(before, result.changes_of(group.differences)))
        assert [one.path for one in some] == [one.path for one in group.differences]


def test_the_order_of_rules_is_a_difference() -> None:
    before, after = ledger("a", "b", "c"), ledger("c", "a", "b")
    (one,) = sound(before, after)
    assert one.order
    assert (one.before, one.after) == (["a", "b", "c"], ["c", "a", "b"])
    assert not sound(ledger("a", "b"), ledger("a", "b")).found


def test_the_order_of_sections_and_fields_is_none() -> None:
    raw = tree()

    def turned(value: Any) -> Any:
        return dict(reversed(value.items()))

    other = turned(raw) | {name: turned(raw[name]) for name in ("parameters", "targets", "records", "measures")}
    other["records"]["finding"] = {**raw["records"]["finding"], "fields": turned(raw["records"]["finding"]["fields"])}
    assert not differences(loaded(raw), loaded(other)).found


def test_names_with_dots_have_no_address_of_their_own() -> None:
    before = {**LEDGER, "labels": {"zh": {"finding.size": "大小", "squad": "中队"}}}
    after = {**LEDGER, "labels": {"zh": {"finding.size": "规模", "squad": "班组"}}}
    result = sound(loaded(before), loaded(after))
    assert [one.path[-1] for one in result] == ["finding.size", "squad"]
    assert list(result.changes) == ["labels.zh"]


def bands(**labels: str) -> Loaded:
    grade = {"for": "squad each month", "bands": "score", "at_least": {k[1:]: v for k, v in labels.items()}}
    score = {"for": "squad each month", "from": "100", "rules": {}}
    score["rules"] = {"a": {"each": "finding", "deduct": "1"}}
    return loaded({**LEDGER, "measures": {"score": score, "grade": {**grade, "otherwise": "D"}}})


def test_a_bound_that_moves_is_one_difference() -> None:
    assert addresses(sound(bands(_90="A", _60="B"), bands(_80="A", _60="B"))) == ["measures.grade.at_least"]
    assert addresses(sound(bands(_90="A", _60="B"), bands(_90="A", _60="C"))) == ["measures.grade.at_least.60"]


def test_labels_that_look_like_numbers_are_labels() -> None:
    assert addresses(sound(bands(_90="1.0", _60="B"), bands(_90="1", _60="B"))) == ["measures.grade.at_least.90"]


GOOD_MUTANTS = mutants(tree())


@given(st.lists(st.sampled_from(GOOD_MUTANTS), min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_differences_of_mutants_are_found_and_undone(chosen: list[Mutant]) -> None:
    base = good()
    changes = {".".join(one.change[0]): one.change[1] for one in chosen}
    mutant = under(base, changes, Report())
    if mutant is None:
        return
    sound(base, mutant)
    sound(mutant, base)


@given(st.integers(0, 10_000), st.integers(0, 10_000))
@settings(max_examples=6, deadline=None)
def test_any_scheme_is_made_of_any_other(one: int, other: int) -> None:
    first, second = (loaded(make_scheme(seed, 3).document) for seed in (one, other))
    sound(first, second)
    sound(second, first)


@pytest.mark.parametrize(
    ("one", "other"), [("case-handling", "case-handling-cells"), ("case-handling", "illegal-construction")]
)
def test_shipped_schemes_are_made_of_each_other(one: str, other: str) -> None:
    first, second = (cr.load(name, examples=False).written for name in (one, other))
    sound(first, second)
    sound(second, first)


def turned(value: Any, key: str = "") -> Any:
    """A tree with the names in reverse wherever their order says nothing."""
    if not isinstance(value, dict) or key == "examples":
        return value
    entries = [(name, turned(inner, name)) for name, inner in value.items()]
    return dict(reversed(entries) if key in UNORDERED or not key else entries)


@pytest.mark.parametrize("name", ["case-handling", "illegal-construction", "gallery/weighted", "gallery/steps"])
def test_where_order_says_nothing_another_order_computes_the_same(name: str) -> None:
    before = cr.load(specs_folder() / name, examples=False).written
    after = cr.load(turned(plain_tree(before)))  # Its examples are run.
    assert not differences(before, after.written).found


@pytest.mark.parametrize("name", ["case-handling", "street-order", "gallery/steps"])
def test_keywords_of_the_other_language_are_no_difference(name: str) -> None:
    path = specs_folder() / name / "scheme.yaml"
    source = Source(str(path), path.read_text("utf-8"))
    before = cr.load(path, examples=False)
    turned = convert(source, "en" if before.language == "zh" else "zh", Report())
    assert turned is not None
    assert turned != source.text
    after = cr.loads(turned, folder=path.parent, examples=False)
    assert after.language != before.language
    assert not differences(before.written, after.written).found


def test_a_field_of_the_name_clause_is_no_clause() -> None:
    fields = {**FIELDS, "clause": "text", "note": "text"}
    record = {**LEDGER["records"]["finding"], "clause": 9, "fields": fields}
    before = loaded({**LEDGER, "records": {"finding": record}})
    result = found({"records.finding.fields.size": "number(1)", "records.finding.fields.clause": None,
                    "records.finding.fields.note": None}, before)  # fmt: skip
    assert {one.clause for one in result} == {"9"}
    assert result.effective == result.found
