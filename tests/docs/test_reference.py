"""The generated reference is fresh and whole. UPDATE_GOLDEN=1 writes its pages anew."""

from __future__ import annotations

import os
import sys
from importlib import util
from pathlib import Path
from types import ModuleType

import pytest

from cityrules.feel.functions import FUNCTIONS, OVER_NAMES
from cityrules.plan.model import DEADLINE_PARTS
from cityrules.scheme.document import FORMS
from cityrules.scheme.keys import keys
from cityrules.text.vocabulary import vocabulary

ROOT = Path(__file__).parents[2]


def maker() -> ModuleType:
    spec = util.spec_from_file_location("make_reference", ROOT / "docs" / "make_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    sys.modules[spec.name] = module  # Its dataclasses look for it there.
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    made = maker().pages()
    if os.environ.get("UPDATE_GOLDEN"):
        for path, text in made.items():
            path.write_text(text, "utf-8", newline="\n")
    return {path.stem: text for path, text in made.items()}


def test_the_reference_is_fresh(pages: dict[str, str]) -> None:
    folder = ROOT / "docs" / "reference"
    assert {path.stem for path in folder.glob("*.md")} == set(pages)
    stale = [name for name, text in pages.items() if (folder / f"{name}.md").read_text("utf-8") != text]
    assert stale == [], "UPDATE_GOLDEN=1, or python docs/make_reference.py"


def test_every_key_has_a_meaning() -> None:
    module = maker()
    without = [
        f"{model.__name__}.{key}"
        for model in module._models()
        for key in keys(model)
        if module.meaning(model, key) is None
    ]
    assert without == [], "add a line to docs/reference/meanings.yaml"


@pytest.mark.parametrize("form", FORMS)
def test_every_form_has_an_example_that_is_run(form: str) -> None:
    found = maker().uses().get(FORMS[form].__name__)
    assert found, f"no scheme in specs/gallery uses `{form}`"


@pytest.mark.parametrize("name", sorted({*FUNCTIONS, *OVER_NAMES} - {"not"}))
def test_every_function_has_an_example_that_is_run(name: str, pages: dict[str, str]) -> None:
    line = next(line for line in pages["expressions"].splitlines() if line.startswith(f"| `{name}` |"))
    assert "specs/" in line, f"no scheme in specs/gallery calls `{name}`"


@pytest.mark.parametrize("part", DEADLINE_PARTS)
def test_every_part_of_a_deadline_is_a_property_in_both_languages(part: str, pages: dict[str, str]) -> None:
    assert f"| `.{part}` | `.{vocabulary().properties[part]}` |" in pages["expressions"]


def test_every_key_of_given_and_expect_is_listed_in_both_languages(pages: dict[str, str]) -> None:
    known = vocabulary()
    parts = {"given": known.given, "": known.repeated, "expect": known.expected}
    for part, key in ((part, key) for part, names in parts.items() for key in names):
        # `values` of a case stand in for measures; those of a parameter follow one another.
        word = known.keys.get(f"{part}.{key}", known.keys[key])
        assert f"| `{key}` | `{word}` |" in pages["cases"]


def test_every_word_that_stands_for_a_value_is_listed(pages: dict[str, str]) -> None:
    known = vocabulary()
    for word in known.labels:
        assert f"| `{word}` | `{known.words[word]}` |" in pages["notations"]


def test_forms_are_shown_by_schemes_of_one_construct() -> None:
    uses = maker().uses()
    whole = {name for name, found in uses.items() if found[0].scheme == "gallery/road-cleaning"}
    assert {name for name in whole if any(use.far == 0 for use in uses[name])} == set()
