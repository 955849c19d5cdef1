"""Which files say what a text declares, and what is found in them. The names that an embedding developer uses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from cityrules.lint.stated.checks import look
from cityrules.lint.stated.document import AsStated
from cityrules.lint.stated.load import LoadedStatement, read_statement
from cityrules.loaded import SCHEME_FILE, find, shipped
from cityrules.scheme.document import Document
from cityrules.scheme.translate import model_of
from cityrules.text.diagnostic import Diagnostic, Language, Report
from cityrules.text.files import read_file
from cityrules.text.yaml import read

STATED_FILE: Final = "as-stated.yaml"


@dataclass(frozen=True, slots=True)
class Linted:
    """One file: what it says (None where it has errors), and everything found in it."""

    path: Path
    stated: LoadedStatement | None
    found: tuple[Diagnostic, ...]


def lint(thing: str | Path) -> tuple[Linted, ...]:
    """Look at what texts declare: an `as-stated.yaml`, a folder (every one below it), a scheme (the one beside it) or a
    shipped name. Empty where there is none. Raises nothing for a wrong document."""
    return tuple(_linted(path) for path in statements(thing))


def findings(thing: str | Path) -> tuple[Diagnostic, ...]:
    """Every finding and error of `lint`, in the order of the files and their texts."""
    return tuple(found for linted in lint(thing) for found in linted.found)


def statements(thing: str | Path) -> Iterator[Path]:
    """The files in which is said what texts declare, for what a user named."""
    if isinstance(thing, str) and thing in shipped() and not Path(thing).exists():
        thing = find(thing)
    path = Path(thing)
    if path.is_dir():
        yield from sorted(path.rglob(STATED_FILE))
    elif path.name != STATED_FILE and _is_scheme(path):
        yield from (beside for beside in (path.with_name(STATED_FILE),) if beside.is_file())
    else:
        yield path


def _is_scheme(path: Path) -> bool:
    """Whether a file is a scheme rather than a statement, by the key with the version. What cannot be read is told when
    it is looked at."""
    quiet = Report()
    source = read_file(path, quiet)
    root = read(source, quiet) if source is not None else None
    return path.name == SCHEME_FILE if root is None else model_of(root, (AsStated, Document)) is Document


def _linted(path: Path) -> Linted:
    report = Report()
    source = read_file(path, report)
    stated = None
    words: Language = "en"
    if source is not None:
        stated, words = read_statement(source, report)
    if stated is not None:
        look(stated, report)
    return Linted(path, stated, tuple(replace(found, words=words) for found in report))
