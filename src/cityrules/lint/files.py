"""Which files are looked at, and what is found in them: schemes, and what texts declare beside them. The names that an
embedding developer uses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from cityrules.lint.plan.checks import look as look_at_plan
from cityrules.lint.stated.checks import look as look_at_text
from cityrules.lint.stated.document import AsStated
from cityrules.lint.stated.load import LoadedStatement, read_statement
from cityrules.loaded import SCHEME_FILE, Scheme, check, find, shipped
from cityrules.scheme.document import Document
from cityrules.scheme.editions import EditionsDocument
from cityrules.scheme.languages import model_of
from cityrules.text.diagnostic import Diagnostic, Language, Report
from cityrules.text.files import named_below, read_file
from cityrules.text.yaml import read

STATED_FILE: Final = "as-stated.yaml"


@dataclass(frozen=True, slots=True)
class Linted:
    """One file: what it says (`stated` or `scheme`; neither where it has errors), and everything found in it."""

    path: Path
    found: tuple[Diagnostic, ...]
    stated: LoadedStatement | None = None
    scheme: Scheme | None = None

    @property
    def silenced(self) -> Mapping[str, Mapping[str, str]]:
        """What the file keeps silent, by code and by what it is about, with the reasons."""
        said = self.stated or self.scheme
        return said.document.silenced if said is not None else {}


def lint(thing: str | Path) -> tuple[Linted, ...]:
    """Look at a scheme and at what its text declares (the `as-stated.yaml` beside it), at one such statement, at a
    folder (all of both below it) or a shipped name. Raises nothing for a wrong document."""
    return tuple(_looked_at(path) for path in files(thing))


def findings(thing: str | Path) -> tuple[Diagnostic, ...]:
    """Every finding and error of `lint`, in the order of the files and their texts."""
    return tuple(found for linted in lint(thing) for found in linted.found)


def files(thing: str | Path) -> Iterator[Path]:
    """The schemes and statements that are meant by what a user named; of one folder the statement comes first."""
    if isinstance(thing, str) and thing in shipped() and not Path(thing).exists():
        thing = find(thing)
    path = Path(thing)
    if path.is_dir():
        yield from named_below(path, STATED_FILE, SCHEME_FILE)
        return
    if path.name != STATED_FILE and _is_scheme(path):
        yield from (beside for beside in (path.with_name(STATED_FILE),) if beside.is_file())
    yield path


def _is_scheme(path: Path) -> bool:
    """Whether a file is a scheme (or editions of one, which are refused as that) rather than a statement, by the key
    with the version. What cannot be read is told when it is looked at."""
    if path.name in (SCHEME_FILE, STATED_FILE):
        return path.name == SCHEME_FILE
    quiet = Report()
    source = read_file(path, quiet)
    root = read(source, quiet) if source is not None else None
    return root is not None and model_of(root, (AsStated, Document, EditionsDocument)) is not AsStated


def _looked_at(path: Path) -> Linted:
    return _scheme(path) if _is_scheme(path) else _statement(path)


def _scheme(path: Path) -> Linted:
    # Its examples are run by `check`: what is found here would be found whatever they give.
    scheme, told = check(path, examples=False)
    if scheme is None:
        return Linted(path, tuple(each for each in told if each.severity == "error"))
    report = Report()
    look_at_plan(scheme, report)
    return Linted(path, tuple(replace(found, words=scheme.language) for found in report), scheme=scheme)


def _statement(path: Path) -> Linted:
    report = Report()
    source = read_file(path, report)
    said = None
    words: Language = "en"
    if source is not None:
        said, words = read_statement(source, report)
    if said is not None:
        look_at_text(said, report)
    return Linted(path, tuple(replace(found, words=words) for found in report), stated=said)
