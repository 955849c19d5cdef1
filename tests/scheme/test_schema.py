from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, ValidationError

from cityrules.scheme.convert import convert
from cityrules.scheme.schema import json_schema, text
from cityrules.text.diagnostic import Language, Report
from cityrules.text.nodes import Mapping, Node, Scalar
from cityrules.text.source import Source
from cityrules.text.yaml import read
from scheme.good_document import GOOD, Address, addresses, at

ROOT = Path(__file__).parents[2]
ADDRESSES = addresses()
VALIDATOR = Draft7Validator(json_schema())


def as_editor(node: Node) -> Any:
    """A document as an editor's YAML 1.2 parser gives it."""
    if isinstance(node, Mapping):
        return {key.text: as_editor(value) for key, value in node.items}
    if not isinstance(node, Scalar):
        return [as_editor(item) for item in node.items]
    if node.style != "plain":
        return node.text
    if node.text in ("", "null", "~"):
        return None
    if node.text in ("true", "false"):
        return node.text == "true"
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", node.text):
        return float(node.text) if "." in node.text else int(node.text)
    return node.text


def edited(document: str) -> Any:
    root = read(Source("scheme.yaml", document), Report())
    assert root is not None
    return as_editor(root)


def leaves(errors: Iterator[ValidationError] | list[ValidationError]) -> list[str]:
    found = []
    for error in errors:
        found += leaves(error.context) if error.context else [error.message]
    return found


def test_the_schema_is_one() -> None:
    Draft7Validator.check_schema(json_schema())


@pytest.mark.parametrize(("language", "name"), [("en", "cityrules-1"), ("zh", "cityrules-1.zh")])
def test_the_committed_file_is_fresh(language: Language, name: str) -> None:
    path = ROOT / f"docs/schema/{name}.schema.json"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text(language), "utf-8", newline="\n")
    assert path.read_text("utf-8") == text(language), f"UPDATE_GOLDEN=1, or cityrules schema --lang {language}"
    assert json.loads(path.read_text("utf-8")) == json_schema(language)


def test_good_documents_pass_in_chinese_keywords() -> None:
    validator = Draft7Validator(json_schema("zh"))
    Draft7Validator.check_schema(json_schema("zh"))
    chinese = convert(Source("scheme.yaml", GOOD), "zh", Report())
    assert chinese is not None
    assert leaves(validator.iter_errors(edited(chinese))) == []
    for wrong in (chinese.replace("规则:", "规测:", 1), chinese.replace("登记", "等级", 1)):
        assert len(leaves(validator.iter_errors(edited(wrong)))) == 1


@pytest.mark.parametrize("path", sorted((ROOT / "specs").rglob("scheme.yaml")), ids=lambda path: path.parent.name)
def test_shipped_documents_pass(path: Path) -> None:
    text = path.read_text("utf-8")
    validator = Draft7Validator(json_schema("zh")) if "规则语言:" in text else VALIDATOR
    assert leaves(validator.iter_errors(edited(text))) == []


def test_a_good_document_passes() -> None:
    assert leaves(VALIDATOR.iter_errors(edited(GOOD))) == []


@pytest.mark.parametrize("path", ADDRESSES, ids=".".join)
def test_a_misspelt_key_gives_one_error(path: Address) -> None:
    raw = edited(GOOD)
    body = at(raw, path[:-1])
    body[path[-1][:1] + "x" + path[-1][1:]] = body.pop(path[-1])
    assert len(leaves(VALIDATOR.iter_errors(raw))) == 1


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("targets", "bureau", "members"), "registred"),
        (("measures", "place", "ties"), "shared"),
        (("measures", "score", "together"), "al"),
        (("measures", "score", "together"), {"g": "al"}),
        (("measures", "share", "round"), "two digits"),
        (("measures", "score"), "100"),
        (("measures",), ["score"]),
        (("records", "rating", "absent"), "nul"),
        (("consequences", "flag", "kind"), "flagg"),
        (("in_force",), "2024-01-01"),
        (("parameters", "price", "values"), {"2024": 1}),
        (("measures",), {"2nd": {"for": "squad", "formula": 1}}),
        (("measures", "late"), {"for": "finding"}),
        (("measures", "late"), {"for": "finding", "formula": "a", "sum": "b"}),
        (("measures", "late"), {"formula": "a"}),
    ],
)
def test_a_wrong_value_gives_one_error(path: Address, wrong: object) -> None:
    raw = edited(GOOD)
    at(raw, path[:-1])[path[-1]] = wrong
    assert len(leaves(VALIDATOR.iter_errors(raw))) == 1
