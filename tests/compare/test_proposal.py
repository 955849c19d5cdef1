"""Differences written as a proposal: a document that is based on the first one loads, and is the second one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import cityrules as cr
from cityrules.loaded import load_base, specs_folder
from cityrules.testing.mutation.mutants import mutants

GALLERY = specs_folder() / "gallery"
BASED = (GALLERY / "based-on", GALLERY / "two-dictionaries")


def written(text: str, folder: Path | None = None) -> cr.Scheme:
    return cr.loads(text, folder=folder, examples=False)


def made(before: cr.Scheme, after: cr.Scheme, based_on: str | None = None, folder: Path | None = None) -> cr.Scheme:
    """The second scheme as a proposal for the first."""
    return written(before.proposal(after, based_on), folder)


def rest(one: cr.Scheme, other: cr.Scheme) -> set[str]:
    """Where two schemes differ but for examples."""
    return {found.path[0] for found in one.diff(other).differences} - {"examples"}


@pytest.mark.parametrize("path", BASED, ids=lambda path: path.name)
def test_what_is_based_on_another_is_written_anew(path: Path) -> None:
    after = cr.load(path, examples=False)
    found = load_base(path)
    assert found is not None
    name, before = found
    again = made(before, after, name)
    assert not len(again.diff(after))


def test_a_document_of_its_own_has_no_base() -> None:
    assert load_base("case-handling") is None


@pytest.mark.parametrize("other", ["illegal-construction", "street-order"])
def test_any_scheme_can_be_written_as_a_proposal_for_any_other(other: str) -> None:
    before, after = cr.load("case-handling", examples=False), cr.load(other, examples=False)
    assert not len(made(before, after).diff(after))


def test_a_proposal_in_chinese_keywords_is_in_chinese_keywords() -> None:
    before = cr.load(GALLERY / "park-upkeep", examples=False)
    assert before.language == "zh"
    after = before.overlay({"title": "修订稿", "issuer": "市局"})
    text = before.proposal(after, "scheme.yaml")
    assert "\nchanges:" not in text
    assert "based_on" not in text
    assert rest(written(text, GALLERY / "park-upkeep"), after) == set()


def test_null_is_removed_and_the_word_stays_a_word(tmp_path: Path) -> None:
    document = {
        "cityrules": 1, "scheme": "s", "title": "t", "clause": "1", "in_force": {"from": "2024-01-01"},
        "targets": {"squad": {"members": "as they appear"}},
        "records": {"slip": {"dated": "seen", "key": ["no"],
                             "fields": {"no": "text", "seen": "date", "squad": "squad", "points": "count"}}},
        "measures": {
            "score": {"for": "squad each month", "max": "points", "over": "slip", "empty": 0, "note": "said"},
        },
    }  # fmt: skip
    (tmp_path / "s.yaml").write_text(yaml.safe_dump(document), "utf-8")
    before = cr.load(tmp_path / "s.yaml")
    after = before.overlay({"measures.score.empty": "null", "measures.score.note": None, "clause": None,
                            "measures.score.clause": "2"})  # fmt: skip
    text = before.proposal(after, "s.yaml")
    assert 'measures.score.empty: "null"' in text
    assert "measures.score.note: null" in text
    again = written(text, tmp_path)
    assert again.document.clause is None
    assert not len(again.diff(after))


BEFORE = cr.load(GALLERY / "nested-items", examples=False)
MUTANTS = mutants(BEFORE.written.raw)


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_a_change_is_written_as_a_proposal_that_makes_it(data: st.DataObject) -> None:
    folder = GALLERY / "nested-items"
    mutant = data.draw(st.sampled_from(MUTANTS))
    try:
        after = BEFORE.overlay({".".join(mutant.change[0]): mutant.change[1]})
    except cr.SchemeError:
        return
    assert rest(made(BEFORE, after, "scheme.yaml", folder), after) == set()


def test_examples_of_the_first_document_are_not_repeated() -> None:
    before = cr.load("illegal-construction", examples=False)
    after = before.overlay({"parameters.pass.value": 75})
    text = before.proposal(after)
    assert "examples:" not in text
    assert rest(cr.loads(text), after) == set()  # What examples it has is run.


def test_examples_of_the_second_document_stand_in_the_proposal() -> None:
    after = cr.load(GALLERY / "based-on", examples=False)
    text = cr.load("case-handling", examples=False).proposal(after)
    assert list(cr.loads(text).document.examples) == list(after.document.examples)


def test_options_and_examples_that_remove_still_remove() -> None:
    # In a text `null` removes where an option or example changes the document; written anew it must not be a word.
    bare = {"cityrules": "1", "scheme": "bare", "title": "t", "in_force": {"from": "2000-01-01"}}
    before = cr.load(bare)
    for name in ("yuhang", "illegal-construction"):
        after = cr.load(name, examples=False)
        copied = before.overlay(before.changes_to(after), examples=True)  # Its examples are run.
        assert not len(copied.diff(after))
        folder = specs_folder() / name
        again = cr.loads(copied.proposal(after, "scheme.yaml"), folder=folder)
        assert rest(again, after) == set()


def test_a_proposal_for_a_scheme_in_chinese_keywords(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    shutil.copytree(GALLERY / "park-upkeep", folder)
    before = cr.load(folder, examples=False)
    name = next(name for name, body in before.document.measures.items() if body.clause)
    after = before.overlay({f"measures.{name}.clause": "新条", f"measures.{name}.label": None})
    text = before.proposal(after, "scheme.yaml")
    assert "\nchanges:" not in text
    (folder / "proposal.yaml").write_text(text, "utf-8")
    found = load_base(folder / "proposal.yaml")
    assert found is not None
    assert found[0] == "scheme.yaml"
    assert not len(found[1].diff(before))
    assert rest(cr.load(folder / "proposal.yaml"), after) == set()
