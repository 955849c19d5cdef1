"""One malformed document for every diagnostic code, with the rendered complaint beside it in both languages.

A room is a folder here with the name of its file in the message catalogue. It holds a `loader.py` with
`load(path, report)`, and documents `CODE-name.yaml`; the texts `CODE-name.en.txt` and `.zh.txt` are written by running
these tests with UPDATE_GOLDEN=1, and then read by a person.
"""

from __future__ import annotations

import os
from importlib import util
from pathlib import Path
from types import ModuleType

import pytest

from cityrules.text.catalogue import codes, message, unfilled
from cityrules.text.diagnostic import Language, Report
from cityrules.text.show import show_all

HERE = Path(__file__).parent
ROOMS = sorted(loader.parent.name for loader in HERE.glob("*/loader.py"))
DOCUMENTS = [path for room in ROOMS for path in sorted((HERE / room).glob("[CL]*.yaml"))]


def _loader(room: str) -> ModuleType:
    spec = util.spec_from_file_location(f"malformed_{room}_loader", HERE / room / "loader.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(params=DOCUMENTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def complaint(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Report]:
    """A document and what was found in it. It is loaded from its own folder, so that no path stands in the texts."""
    path: Path = request.param
    monkeypatch.chdir(path.parent)
    report = Report()
    _loader(path.parent.name).load(Path(path.name), report)
    return path, report


def test_the_document_gets_its_code(complaint: tuple[Path, Report]) -> None:
    path, report = complaint
    code = path.name.partition("-")[0]
    assert code in {found.code for found in report}
    assert path.stem == f"{code}-{message(code).name}"


def test_every_sentence_has_its_values(complaint: tuple[Path, Report]) -> None:
    _, report = complaint
    assert {found.code: unfilled(found) for found in report if unfilled(found)} == {}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_complaint_reads_as_recorded(complaint: tuple[Path, Report], language: Language) -> None:
    path, report = complaint
    shown = show_all(report, language) + "\n"
    golden = path.with_suffix(f".{language}.txt")
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(shown, "utf-8", newline="\n")
    assert golden.exists(), "run with UPDATE_GOLDEN=1 and read what it wrote"
    assert shown == golden.read_text("utf-8")


@pytest.mark.parametrize("room", ROOMS)
def test_every_code_has_a_document(room: str) -> None:
    there = {path.name.partition("-")[0] for path in DOCUMENTS if path.parent.name == room}
    assert there == set(codes()[room])
