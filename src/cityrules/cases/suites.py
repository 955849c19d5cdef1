"""Which files hold worked cases, and each of them run: the examples of schemes, and the files of cases beside them.

The names that an embedding developer uses. Knows no wording and no command.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cityrules.loaded import SCHEME_FILE, ExampleEngine, Scheme, check, engine_of, find, shipped, specs_folder
from cityrules.scheme.casebook import CASES, is_casebook, meant_as_casebook, read_casebook, scheme_named
from cityrules.scheme.document import ExampleBody
from cityrules.scheme.load import Loaded
from cityrules.scheme.telling import told
from cityrules.testing.worked import Page, Ran, Worlds, run_case
from cityrules.text import limits
from cityrules.text.diagnostic import Diagnostic, Language, Report
from cityrules.text.files import named_below, read_file
from cityrules.text.nodes import Scalar
from cityrules.text.suggest import nearest

CASES_FILE: Final = "cases.yaml"
EXAMPLES: Final = "examples"
UNKNOWN_SCHEME: Final = "CR1041"


@dataclass(frozen=True, slots=True)
class Suite:
    """The cases of one file. `found`: what is wrong with the file itself, or with the scheme that it is about; then
    there is no `scheme` and no case. `words`: the language of the file's keywords; `waiting`: the names of
    proposed cases that nobody has confirmed yet, which are no `cases`."""

    path: Path
    section: str
    found: tuple[Diagnostic, ...] = ()
    words: Language = "en"
    scheme: Scheme | None = None
    page: Page | None = None
    cases: Mapping[str, ExampleBody] = field(default_factory=dict)
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one case: everything that is not as expected, and what is known about the differences."""

    suite: Suite
    name: str
    found: tuple[Diagnostic, ...]
    ran: Ran

    @property
    def failed(self) -> bool:
        """Whether anything is not as expected. (Warnings about what a case changes are no failure.)"""
        return any(found.severity == "error" for found in self.found)

    @property
    def id(self) -> str:
        """The file and the name, as pytest has them."""
        return f"{self.suite.path}::{self.name}"


def files(thing: str | Path) -> tuple[Path, ...]:
    """The files that are meant by what a user named: a file itself, with a scheme the cases beside it; of a folder all
    below it."""
    path = find(thing)
    if path.is_dir():
        return tuple(named_below(path, SCHEME_FILE, CASES_FILE))
    beside = path.parent / CASES_FILE
    if path.name == SCHEME_FILE and beside.is_file():
        return path, beside
    return (path,)


def is_foreign(path: Path) -> bool:
    """Whether what is called as a file of cases is something else, of another tool. Of a file that may not be read
    nobody knows: it is none."""
    if not path.is_file():
        return True
    try:
        with path.open("rb") as file:
            return not meant_as_casebook(file.read(limits.BYTES))
    except OSError:
        return False


def cases_beside(scheme: Path) -> Path | None:
    """The file of cases in the folder of a scheme; None where there is none, or where it names another scheme."""
    path = scheme.parent / CASES_FILE
    if is_foreign(path) or about_another(path, scheme) is not None:
        return None
    return path


def about_another(cases: Path, scheme: Path) -> str | None:
    """How a file of cases names its scheme, where that is another one; None where it is this one, or none is named."""
    source = read_file(cases, Report())
    named = scheme_named(source) if source is not None else None
    if named is None or _path_of(named.text, cases.parent).resolve() == scheme.resolve():
        return None
    return named.text.strip()


def open_suite(path: Path) -> Suite:
    """The cases of a file: of a scheme its examples. Raises nothing for a wrong file."""
    report = Report()
    source = read_file(path, report)
    if source is None:
        return Suite(path, CASES, tuple(report))
    if path.name != CASES_FILE and not is_casebook(source.text):
        return _of_scheme(path)
    schemes: list[Scheme] = []

    def scheme_of(named: Scalar, wanted: Report) -> Loaded | None:
        scheme = _named(named, path.parent, wanted)
        schemes.extend([] if scheme is None else [scheme])
        return None if scheme is None else scheme.written

    book, words = read_casebook(source, report, scheme_of)
    found = told(report, words)
    if book is None:
        return Suite(path, CASES, found, words)
    return Suite(path, CASES, found, words, schemes[0], book, book.document.confirmed, book.document.waiting)


def _of_scheme(path: Path) -> Suite:
    scheme, found = check(path, examples=False)
    if scheme is None:
        return Suite(path, EXAMPLES, found)
    return Suite(path, EXAMPLES, found, scheme.language, scheme, scheme.written, scheme.document.examples)


def _named(named: Scalar, folder: Path, report: Report) -> Scheme | None:
    """The scheme that a file of cases names; None after a complaint."""
    path = _path_of(named.text, folder)
    if not path.is_file():
        meant = nearest(named.text.strip(), shipped())
        values = {"found": named.text, **({"suggestion": meant} if meant else {})}
        report.put(Diagnostic(UNKNOWN_SCHEME, named.span, "scheme", values))
        return None
    scheme, found = check(path, examples=False)
    for diagnostic in found:
        if diagnostic.severity == "error":
            report.put(diagnostic)
    return scheme


def _path_of(named: str, folder: Path) -> Path:
    """The file of the scheme that is named: by a path from the folder, or by a shipped name.

    A name never means a file and a path never a shipped scheme, so that what lies in a folder changes no meaning."""
    text = named.strip()
    if "\0" not in text and (text.startswith(".") or "/" in text or text.endswith((".yaml", ".yml"))):
        path = folder / text
        try:
            return path / SCHEME_FILE if path.is_dir() else path
        except OSError:  # No name of a file at all, such as one that is too long.
            return folder / "-"
    return specs_folder() / text / SCHEME_FILE if text in shipped() else folder / "-"


def run(suite: Suite, name: str, engine: ExampleEngine = "python") -> Result:
    """Run one case. `both`: on either engine, and all tables must be the same. Raises KeyError for an unknown name."""
    body, scheme, page = suite.cases[name], suite.scheme, suite.page
    assert scheme is not None
    assert page is not None
    report = Report()
    first = engine_of("python" if engine == "both" else engine)
    second = engine_of("duckdb") if engine == "both" else None
    at = (suite.section, name)
    ran = run_case(name, body, at, page, Worlds(scheme.written, scheme.plan), first, report, second)
    return Result(suite, name, tuple(told(report, suite.words)), ran)


def run_all(suite: Suite, engine: ExampleEngine = "python", only: frozenset[str] = frozenset()) -> Iterator[Result]:
    """Run every case of a suite, or those of the names in `only` that it has."""
    for name in suite.cases:
        if not only or name in only:
            yield run(suite, name, engine)
