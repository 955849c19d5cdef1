"""The lists of the documentation are complete and fresh: diagnostics, tables, rooms, keys, functions.

UPDATE_GOLDEN=1 writes the page of diagnostics anew.
"""

from __future__ import annotations

import json
import os
import re
from functools import reduce
from importlib import import_module, util
from pathlib import Path
from typing import Any

import pytest

import cityrules
from cityrules.feel.functions import FUNCTIONS
from cityrules.results.tables import SHAPES
from cityrules.scheme.schema import text as schema_text
from cityrules.text.catalogue import LANGUAGES, catalogue

ROOT = Path(__file__).parents[2]
SOURCES = Path(cityrules.__file__).parent
_CODE = re.compile(r"""["'](CR[1-9][0-9]{2,3}|L[0-9]{2})["']""")


def page(name: str) -> str:
    return (ROOT / "docs" / f"{name}.md").read_text("utf-8")


def quoted(name: str) -> set[str]:
    """The words of a page that stand between backticks or in its samples."""
    return {word for part in page(name).split("`")[1:] for word in re.findall(r"[a-z_]+", part)}


def made_page() -> tuple[Path, str]:
    spec = util.spec_from_file_location("make_diagnostics", ROOT / "docs" / "make_diagnostics.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.PAGE, module.page()


def test_the_page_of_diagnostics_is_fresh() -> None:
    path, made = made_page()
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(made, "utf-8", newline="\n")
    assert path.read_text("utf-8") == made, "python docs/make_diagnostics.py"


def test_every_code_has_an_entry_with_both_sentences() -> None:
    entry = r"^### (CR[0-9]{3,4}|L[0-9]{2}) .+\n((?:(?!### ).*\n)*)"
    entries = dict(re.findall(entry, page("diagnostics"), flags=re.M))
    assert entries.keys() == catalogue().keys()
    for code, message in catalogue().items():
        assert all(message.text[language] in entries[code] for language in LANGUAGES), code


def test_every_code_is_used_and_every_used_code_has_a_sentence() -> None:
    used = {code for path in SOURCES.rglob("*.py") for code in _CODE.findall(path.read_text("utf-8"))}
    assert used == set(catalogue())


# ------------------------------------------------------------------------------------------------------- other lists


def test_every_table_is_described_with_its_columns() -> None:
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|$", page("tables"), flags=re.M)
    described = {name: tuple(re.findall(r"`(\w+)`", columns)) for name, columns in rows}
    assert described == {name: shape.names for name, shape in SHAPES.items()}


def test_the_rooms_of_the_architecture_are_the_folders() -> None:
    chapter = page("architecture").partition("## The rooms")[2].partition("\n## ")[0]
    rooms = {name.strip("/").split("/")[0] for name in re.findall(r"^\| `([\w/]+)`", chapter, flags=re.M)}
    folders = {path.parent.name for path in SOURCES.glob("*/[a-z]*.py")}
    assert rooms == {*folders, "loaded"}


def test_the_names_of_the_architecture_exist() -> None:
    names = re.findall(r"`((?:\w+\.){2}[A-Z]\w+)`", page("architecture"))
    assert len(names) > 5
    for name in names:
        module, _, thing = name.rpartition(".")
        assert hasattr(import_module(f"cityrules.{module}"), thing), name


def test_every_key_of_a_document_stands_in_the_reference() -> None:
    assert keys(json.loads(schema_text())) - quoted("language") == set()


def keys(schema: Any) -> set[str]:
    """Every key that the schema declares for some map."""
    inside = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    own = set(schema.get("properties", ())) if isinstance(schema, dict) else set()
    return reduce(set.union, map(keys, inside), own)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_stands_in_the_reference(name: str) -> None:
    assert re.search(rf"`[^`]*\b{name}\b[^`]*`", page("language"))
