"""Every word of the language has its Chinese form, and no two words have the same where they could be mistaken."""

from __future__ import annotations

import ast
import inspect
import re
from collections import Counter
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

from cityrules.feel.functions import FUNCTIONS, OVER_NAMES
from cityrules.feel.kinds import properties
from cityrules.feel.lexer import KEYWORDS
from cityrules.feel.types import Date, DateTime, Duration
from cityrules.io.binding.document import BindingDocument
from cityrules.lint.stated.document import AsStated
from cityrules.plan import followings
from cityrules.plan.unreadable import SEASON_PARTS
from cityrules.results.wording import wording
from cityrules.scheme import notation
from cityrules.scheme.document import FORMS, CasesDocument, Document
from cityrules.scheme.editions import EditionsDocument
from cityrules.scheme.keys import keys, models_of
from cityrules.scheme.names import WORDS
from cityrules.scheme.phrases import AXIS, EXPRESSION, LABEL, OPEN_PLACES, RESULT
from cityrules.scheme.texts import Reader
from cityrules.testing.given import MOVEMENTS, PROBLEMS, REJECTS, RESERVED
from cityrules.testing.worked import DIAGNOSTICS
from cityrules.text.vocabulary import vocabulary

WHERE = "add its Chinese form to src/cityrules/text/vocabulary.yaml, under"
KNOWN = vocabulary()


def models() -> list[type[BaseModel]]:
    found: list[type[BaseModel]] = [Document, BindingDocument, AsStated, CasesDocument, EditionsDocument]
    for model in found:  # Grows as it goes.
        for field in keys(model).values():
            found += [inner for inner in models_of(field.annotation) if inner not in found]
    return found


def shapes(annotation: Any) -> list[Any]:
    """Readers and fixed words anywhere in an annotation."""
    if isinstance(annotation, Reader) or get_origin(annotation) is Literal:
        return [annotation]
    return [
        shape for part in (*get_args(annotation), *getattr(annotation, "__metadata__", ())) for shape in shapes(part)
    ]


@pytest.mark.parametrize("model", models(), ids=lambda model: model.__name__)
def test_every_key_and_fixed_word_has_a_chinese_form(model: type[BaseModel]) -> None:
    for key, field in keys(model).items():
        assert KNOWN.key(model.__name__, key), f"{key!r} of {model.__name__}: {WHERE} `keys`"
        for shape in shapes(field.annotation):
            for word in get_args(shape) if get_origin(shape) is Literal else ():
                assert KNOWN.word(key, str(word)), f"{word!r} at {key!r} of {model.__name__}: {WHERE} `words`"


@pytest.mark.parametrize("model", models(), ids=lambda model: model.__name__)
def test_no_two_keys_of_a_body_and_no_two_words_at_a_key_are_the_same_in_chinese(model: type[BaseModel]) -> None:
    said = Counter(KNOWN.key(model.__name__, key) for key in keys(model))
    assert [word for word, times in said.items() if times > 1] == []
    for key, field in keys(model).items():
        words = {
            str(word) for shape in shapes(field.annotation) if not isinstance(shape, Reader) for word in get_args(shape)
        }
        assert len({KNOWN.word(key, word) for word in words}) == len(words), key


def test_the_forms_of_measures_are_told_apart_by_any_key_in_chinese() -> None:
    meant: dict[str | None, set[str]] = {}
    for model in FORMS.values():
        for key in keys(model):
            meant.setdefault(KNOWN.key(model.__name__, key), set()).add(key)
    assert {said: words for said, words in meant.items() if len(words) > 1} == {}


def test_a_key_is_one_chinese_word_in_all_forms_of_measures() -> None:
    forms = [(key, KNOWN.key(model.__name__, key)) for model in FORMS.values() for key in keys(model)]
    said: dict[str, set[str | None]] = {}
    for key, word in forms:
        said.setdefault(key, set()).add(word)
    assert {key: words for key, words in said.items() if len(words) > 1} == {}


@pytest.mark.parametrize("model", models(), ids=lambda model: model.__name__)
def test_every_text_says_how_words_stand_in_it(model: type[BaseModel]) -> None:
    for key, field in keys(model).items():
        readers = [extra for extra in field.metadata if isinstance(extra, Reader)]
        for reader in [*readers, *(shape for shape in shapes(field.annotation) if isinstance(shape, Reader))]:
            assert reader.speech is not None, (
                f"the Reader of {key!r} of {model.__name__} (scheme/texts.py) needs `speech`: a notation of "
                "src/cityrules/text/vocabulary.yaml, `expression`, `label`, `axis`, or '' where no word can stand"
            )
            known = {"", EXPRESSION, LABEL, RESULT, AXIS, *KNOWN.notations}
            assert reader.speech in known, f"{reader.speech!r}: {WHERE} `notations`"


def test_every_word_of_expressions_has_a_chinese_form() -> None:
    for word in KEYWORDS:
        assert word in KNOWN.operators, f"{word!r}: {WHERE} `expressions.operators`"
    for name in {*FUNCTIONS, *OVER_NAMES} - {"not"}:
        assert name in KNOWN.functions, f"{name!r}: {WHERE} `expressions.functions`"
    types = (Date(), DateTime(), Duration("days"), Duration("months"))
    for name in {*SEASON_PARTS, *(name for type_ in types for name in properties(type_))}:
        assert name in KNOWN.properties, f"{name!r}: {WHERE} `expressions.properties`"
    for word in WORDS:
        assert word in KNOWN.alone, f"{word!r}: {WHERE} `expressions.names` or `periods`"


@pytest.mark.parametrize("words", ["operators", "functions", "properties", "periods", "axes", "alone", "columns"])
def test_a_word_of_expressions_means_one_thing(words: str) -> None:
    said = Counter(getattr(KNOWN, words).values())
    assert [word for word, times in said.items() if times > 1] == []


def test_the_columns_of_consequences_are_called_as_in_their_table() -> None:
    assert set(KNOWN.columns) == {
        followings.DATE,
        followings.PERIOD,
        followings.STEP,
        followings.LEVEL,
        *followings.TERMS,
    }
    headings = wording("headings.yaml", "cityrules.io").lists["columns"]
    assert KNOWN.columns == {name: headings[name]["zh"] for name in KNOWN.columns}


def test_a_place_of_a_notation_has_one_chinese_form_for_each_word() -> None:
    for group in KNOWN.groups.values():
        assert len(set(group.values())) == len(group)


def test_every_word_of_the_small_notations_is_in_the_vocabulary() -> None:
    """The English words in the patterns of the parsers, wherever they are written out."""
    ours = {word for ways in KNOWN.notations.values() for way in ways for word in re.findall(r"[a-z_]+", way.en)}
    ours |= {word for group in KNOWN.groups.values() for said in group for word in re.findall(r"[a-z_]+", said)}
    ours |= {*KNOWN.alone, *(word for said in KNOWN.words for word in re.findall(r"[a-z_]+", said))}
    ours |= {word.removesuffix("s") for word in ours}
    tree = ast.parse(inspect.getsource(notation))
    patterns = [
        part.value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func).startswith("re.")
        for part in ast.walk(call)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]
    plain = [re.sub(r"\(\?P?<\w+>|\\\w|\[[^\]]*\]", " ", pattern) for pattern in patterns]
    said = {word for pattern in plain for word in re.findall(r"[a-z_]{2,}", pattern)}
    assert said - ours == set(), f"{WHERE} `notations`"


def test_every_word_of_an_example_has_a_chinese_form() -> None:
    assert set(RESERVED) == set(KNOWN.given), f"{WHERE} `given`"
    assert {REJECTS, PROBLEMS, MOVEMENTS, DIAGNOSTICS} == set(KNOWN.expected), f"{WHERE} `expected`"
    for word in (*KNOWN.given, *KNOWN.repeated, *KNOWN.expected):
        assert KNOWN.key("given", word), f"{word!r}: {WHERE} `keys`"


@pytest.mark.parametrize("name", KNOWN.notations)
def test_every_place_of_a_notation_is_known(name: str) -> None:
    for way in KNOWN.notations[name]:
        for language in ("en", "zh"):
            parts = way.parts(language)
            assert set(parts[1::2]) <= {*KNOWN.groups, *OPEN_PLACES, "period"}
            assert not any("{" in fixed for fixed in parts[::2]), way
