"""The regulation text: nothing of a document is left out, nothing is told by its key; goldens of three schemes."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

import cityrules as cr
from cityrules.loaded import specs_folder
from cityrules.report.bodies import BANDS, COMMON, FOLDED
from cityrules.report.names import plain, reads
from cityrules.report.policies import POLICIES
from cityrules.report.regulation import regulation
from cityrules.results.wording import Wording, placeholders, wording
from cityrules.scheme import document as models
from cityrules.scheme.document import FORMS, Body, Document, FoldBody
from cityrules.scheme.keys import speech
from cityrules.testing.strategies import RandomScheme, schemes
from cityrules.text.diagnostic import Language
from cityrules.text.vocabulary import vocabulary

HERE = Path(__file__).parent
SPECS = sorted(specs_folder().rglob("scheme.yaml"))
SPOKEN: tuple[Language, ...] = ("zh", "en")
TEXT = wording("wording.yaml", "cityrules.report")

MEASURE = {"for_", "applies", "unit", "overrides"}
ELSEWHERE: Mapping[str, set[str]] = {
    "Document": {name for name in Document.model_fields if name not in ("issuer", "source", "scheme", "cityrules")},
    "InForce": set(),
    "CalendarBody": {"years", "clocks", "units"},
    "ParameterBody": {"values"},
    "TableBody": {"columns", "rows", "sum"},
    "TargetBody": {"fields", "aliases"},
    "RecordBody": {"fields", "accepted_if"},
    "CountBody": {"over"},  # The axis is the value of `count`; both together are refused.
    "LedgerBody": {"rules", "caps"},
    "ItemLedgerBody": {"rules", "caps", "items"},
    "ItemBody": {"rules", "items"},
    "BandsBody": {*BANDS, "otherwise"},
    "ChooseBody": {"choose", "otherwise"},
    "TiersBody": {"up_to", "beyond"},
    "WeightedBody": {"weighted"},
    "DeadlineBody": {"paused"},
    "ConsequenceBody": {"steps", "ends"},
    "StepBody": {"ends"},
    "Act": {"ends"},
    "LabelsBody": {"zh", "en"},
    "ReadingBody": {"question", "chosen", "because", "others"},
    "ExampleBody": {"under", "defaults", "given", "expect"},
}  # fmt: skip
"""What is told by lines of its own, whose presence the walk over all schemes below finds."""


@cache
def scheme(path: Path) -> cr.Scheme:
    return cr.load(path, examples=False)


def bodies() -> list[type[BaseModel]]:
    """Every model of a scheme; a file of cases is no part of the regulation."""
    every = {value for value in vars(models).values() if isinstance(value, type) and issubclass(value, BaseModel)}
    apart = {BaseModel, Body, models.MeasureBody, FoldBody, models.CaseBody, models.CasesDocument}
    return sorted(every - apart, key=lambda model: model.__name__)


@pytest.mark.parametrize("model", bodies(), ids=lambda model: model.__name__)
def test_each_key_of_each_body_has_its_place(model: type[BaseModel]) -> None:
    name = model.__name__
    told = {place for place, _ in placeholders(TEXT.lines.get(name, {}).get("en", ""))}
    told |= ELSEWHERE.get(name, set()) | POLICIES.get(name, {}).keys() | COMMON
    if model in FORMS.values():
        told |= MEASURE
    if issubclass(model, FoldBody):
        told |= FOLDED | {"itself"}
    if issubclass(model, models.Act):
        told |= {place for place, _ in placeholders(TEXT.lines["Act"]["en"])}
    assert set(model.model_fields) <= told


@pytest.mark.parametrize("kind", TEXT.lines)
def test_the_languages_say_the_same(kind: str) -> None:
    texts = TEXT.lines[kind]
    assert placeholders(texts["en"]) == placeholders(texts["zh"])
    assert {used for _, used in placeholders(texts["en"]) if used} <= TEXT.lists.keys()


def test_every_word_has_both_languages() -> None:
    assert all(set(said) == {"en", "zh"} for words in TEXT.lists.values() for said in words.values())


def test_every_decision_that_is_one_of_a_few_words_is_told() -> None:
    for model in bodies():
        for field in POLICIES.get(model.__name__, {}):
            if speech(model, field) == "plainly":
                words = _words(model.model_fields[field].annotation)
                assert words <= TEXT.lists[f"policy_{field}"].keys(), (model, field)


def _words(annotation: Any) -> set[str]:
    found = {one for one in get_args(annotation) if isinstance(one, str)}
    return found.union(*(_words(one) for one in get_args(annotation)))


@contextmanager
def overheard() -> Iterator[list[tuple[str, Mapping[str, str], str]]]:
    """Every sentence that is said meanwhile: its kind, its values, and its text."""
    said: list[tuple[str, Mapping[str, str], str]] = []
    real = Wording.say

    def say(self: Wording, kind: str, values: Mapping[str, str], to: Language) -> str:
        text = real(self, kind, values, to)
        said.append((kind, values, text))
        return text

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Wording, "say", say)
        yield said


def whole(document: Document, language: Language) -> str:
    """The regulation of a document, of which nothing is left out: each value stands in its sentence."""
    with overheard() as said:
        text = regulation(document, language)
    for kind, values, sentence in said:
        assert kind in TEXT.lines, kind
        lists = dict(placeholders(TEXT.lines[kind][language]))
        for name, value in values.items():
            assert name in lists, (kind, name)
            word = TEXT.lists[lists[name]][value][language] if lists[name] else value
            assert word in sentence, (kind, name, value)
    assert not [leaf for leaf, called in leaves(document, language) if leaf not in text and called not in text]
    assert text.count("\n### ") >= len(document.measures) + len(document.consequences)
    return text


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.parent.name)
@pytest.mark.parametrize("language", SPOKEN)
def test_nothing_is_left_out(path: Path, language: Language) -> None:
    assert whole(scheme(path).document, language) == scheme(path).regulation(language)


@given(schemes(), st.sampled_from(SPOKEN))
@settings(max_examples=40)
def test_nothing_is_left_out_of_random_schemes(drawn: RandomScheme, language: Language) -> None:
    whole(Document.model_validate(drawn.document), language)


def leaves(document: Document, language: Language) -> Iterator[tuple[str, str]]:
    """Free texts and numbers of a document that its regulation has to show, with the word for each."""
    words = document.labels
    said = {} if words is None else words.zh if language == "zh" else words.en
    for section in models.Document.model_fields:
        if section in ("examples", "cityrules", "scheme", "labels"):
            continue
        for leaf in _leaves(getattr(document, section), language):
            yield plain(leaf), plain(said.get(leaf, leaf))


def _leaves(value: object, language: Language) -> Iterator[str]:
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            inner = getattr(value, name)
            if name == "others":
                continue  # Told as what they change.
            if name == "label" and isinstance(inner, str) and not reads(inner, language):
                continue  # A word of the other language; in English it stands in brackets behind the name.
            if name == "unit" and inner in vocabulary().groups["limits"]:
                continue  # A word of the language.
            if name == "from_" and isinstance(value, models.PeriodBody) and inner and not inner[:1].isdigit():
                continue  # A name or a path of names.
            if inner is None or inner in ("registered", "as they appear"):
                continue
            if isinstance(inner, (str, tuple)) and speech(type(value), name) == "" and inner != "unstated":
                yield from (str(one) for one in (inner if isinstance(inner, tuple) else (inner,)) if one)
            elif isinstance(inner, str) and speech(type(value), name) == "expression":
                yield from re.findall(r'(?<![\w."])\d+(?:\.\d+)?(?![\w."])', inner)
            else:
                yield from _leaves(inner, language)
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _leaves(inner, language)


FREE = {"title", "source", "issuer", "note", "text", "why", "question", "chosen", "because", "clause", "do", "pick",
        "to", "decided_by", "by"}  # fmt: skip
"""What people wrote, which nobody translates."""

SCHEMES = [path for path in SPECS if "gallery" not in path.parts]


def free_texts(value: object) -> Iterator[str]:
    """The texts of a document that stand in its regulation in the words of whoever wrote them."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            inner = getattr(value, name)
            if name in FREE and isinstance(inner, (str, tuple)):
                yield from (plain(str(one)) for one in ((inner,) if isinstance(inner, str) else inner))
            else:
                yield from free_texts(inner)
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from free_texts(inner)


def own_words(path: Path, language: Language) -> str:
    """A regulation without what people wrote, and without what is quoted."""
    text = scheme(path).regulation(language)
    for free in sorted(free_texts(scheme(path).document), key=len, reverse=True):
        text = text.replace(free, "")
    return re.sub("`[^`]*`|“[^”]*”", "", text)


@pytest.mark.parametrize("path", SCHEMES, ids=lambda path: path.parent.name)
def test_a_chinese_text_has_no_english_names(path: Path) -> None:
    """An official can sign it: every field, condition, option and step has a Chinese word."""
    assert scheme(path).unlabelled("zh") == ()
    assert not re.findall(r"[A-Za-z]+_\w+|(?<![A-Za-z/(])[A-Za-z]*[a-z]{3,}", own_words(path, "zh"))
    # What people wrote does not speak of names, either.
    assert not re.findall(r"\b[a-z]+_[a-z_]+\b", re.sub("`[^`]*`", "", scheme(path).regulation("zh")))


@pytest.mark.parametrize("path", SCHEMES, ids=lambda path: path.parent.name)
def test_an_english_text_calls_nothing_in_chinese_alone(path: Path) -> None:
    """Every name has an English word, with its label behind it; only values of the data may be without."""
    if scheme(path).language == "zh":
        return  # Its names are Chinese, and names are not translated.
    document = scheme(path).document
    sections = [getattr(document, section) for section in models.Document.model_fields]
    names = {name for section in sections if isinstance(section, Mapping) for name in section}
    names |= {name for body in document.tables.values() for name in body.columns}
    names |= {name for body in document.targets.values() for name in body.fields}
    names |= {name for body in document.records.values() for name in body.fields}
    assert not names & set(scheme(path).unlabelled("en"))


def test_no_english_sentence_has_a_chinese_word() -> None:
    said = [texts["en"] for texts in TEXT.lines.values()]
    said += [texts["en"] for words in TEXT.lists.values() for texts in words.values()]
    assert not [text for text in said if re.search("[\u4e00-\u9fff]", text)]


@pytest.mark.parametrize("language", SPOKEN)
def test_each_rule_item_band_branch_step_and_limit_has_its_line(language: Language) -> None:
    for path in SPECS:
        document = scheme(path).document
        text = scheme(path).regulation(language)
        lines = Counter(line.strip() for line in text.splitlines())
        bold = sum(count for line, count in lines.items() if line.startswith("- **"))
        wanted = len(document.targets) + len(document.records) + len(document.checks) + len(document.uncomputed)
        wanted += len(document.periods) + sum(len(body.accepted_if) for body in document.records.values())
        if document.calendar is not None:
            wanted += len(document.calendar.clocks) + len(document.calendar.units)
        for measure in document.measures.values():
            wanted += len(measure.overrides or {}) + len(getattr(measure, "choose", {}))
            wanted += len(getattr(measure, "caps", {})) + _rules(measure)
        assert bold == wanted, path


def _rules(body: object) -> int:
    items: Mapping[str, object] = getattr(body, "items", None) or {}
    rules = getattr(body, "rules", None) or {}
    return len(rules) + len(items) + sum(_rules(item) for item in items.values())


def test_a_chinese_document_is_told_in_chinese_alone() -> None:
    text = cr.load(specs_folder() / "gallery" / "park-upkeep", examples=False).regulation("zh")
    assert set(re.findall("[A-Za-z_]{2,}", text)) <= {"cityrules", "gallery", "park", "upkeep"}
    assert cr.load(specs_folder() / "gallery" / "park-upkeep", examples=False).regulation() == text


@pytest.mark.parametrize("name", ["illegal-construction", "street-six-areas", "gallery/park-upkeep"])
@pytest.mark.parametrize("language", SPOKEN)
def test_golden(name: str, language: Language) -> None:
    text = cr.load(specs_folder() / name, examples=False).regulation(language)
    path = HERE / "golden" / f"{name.rpartition('/')[2]}.{language}.md"
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


HOSTILE = """
cityrules: 1
scheme: hostile
title: "A | B\\n# not a heading <script>"
in_force: {from: 2024-01-01}
parameters: {line: {value: 3, label: "a | b `c` [d](e) **f**", clause: "1 | 2"}}
targets: {street: {label: "# street", members: registered}}
measures:
  m: {for: street each month, label: "x\\n\\n## y", formula: line, clause: 1}
"""


def test_texts_of_the_document_are_no_marks() -> None:
    text = cr.loads(HOSTILE).regulation("en")
    assert text.startswith("# A \\| B \\# not a heading &lt;script&gt;\n")
    assert "| a \\| b \\`c\\` \\[d\\](e) \\*\\*f\\*\\* | 3 | 1 \\| 2 |" in text
    assert not [line for line in text.splitlines() if line.startswith("## y")]
    assert "### x \\#\\# y" in text
