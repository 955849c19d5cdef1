"""How a document becomes a scheme: read, checked wholly, planned, its examples run. Knows no engine and no data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from cityrules.loaded.bases import Bases, KeptBases, base_of
from cityrules.loaded.engines import ExampleEngine, check_examples
from cityrules.loaded.errors import SchemeError
from cityrules.loaded.scheme import Scheme
from cityrules.loaded.shipped import find
from cityrules.loaded.texts import DocumentTexts, Noted
from cityrules.plan.build import build
from cityrules.scheme.based import read_scheme
from cityrules.scheme.document import Document
from cityrules.scheme.load import Loaded, Reading, read_python
from cityrules.scheme.overlay import NO_PLACE, under
from cityrules.scheme.telling import told
from cityrules.text.diagnostic import Diagnostic, Report
from cityrules.text.files import read_file
from cityrules.text.source import Source
from cityrules.text.suggest import nearest
from cityrules.text.vocabulary import vocabulary


def check(
    thing: str | Path | Mapping[str, Any] | Document, *, examples: bool = True, engine: ExampleEngine = "python"
) -> tuple[Scheme | None, tuple[Diagnostic, ...]]:
    """Check a document wholly: text, form, names and types, every option of every reading, every worked example.

    `engine` runs the examples; `both` also compares all tables of the two engines. Returns the scheme (None when there
    are errors) and all diagnostics. Raises nothing for a wrong document.
    """
    report = Report()
    if not isinstance(thing, (str, Path)):
        return _checked(read_python(thing, report), report, examples, engine=engine)
    path = find(thing)
    source = read_file(path, report)
    if source is None:
        return _checked(Reading(), report, examples, engine=engine)
    noted = Noted(source)
    return _checked(_read(source, path.parent, noted, report), report, examples, noted, engine)


def load(thing: str | Path | Mapping[str, Any] | Document, *, examples: bool = True) -> Scheme:
    """The scheme of a shipped name, a path, a mapping or a `Document`. Raises SchemeError listing every problem.

    `examples=False` leaves the worked cases unrun. Tables may take their rows from files in the document's folder.
    """
    return _or_raise(*check(thing, examples=examples))


def load_base(thing: str | Path) -> tuple[str, Scheme] | None:
    """The scheme that a document is based on, with what the document calls it; None where it is based on nothing.
    Raises SchemeError."""
    report = Report()
    found = base_of(find(thing), report)
    return None if found is None else (found[0], _or_raise(*_checked(found[1], report, examples=False)))


def loads(text: str, name: str = "<text>", *, folder: str | Path | None = None, examples: bool = True) -> Scheme:
    """The scheme written in `text`; `name` stands for the file in messages, `folder` is where its tables may take rows
    from sheets, and where files lie that it may be based on. Raises SchemeError."""
    report = Report()
    source = Source(name, text)
    noted = Noted(source)
    reading = _read(source, None if folder is None else Path(folder), noted, report)
    return _or_raise(*_checked(reading, report, examples, noted))


def load_kept(texts: DocumentTexts, folder: Path) -> Scheme:
    """The scheme in texts that were kept of another (its examples are not run). The sheets beside it, and those beside
    what it is based on, lie in the folders `1`, `2` and so on of `folder`. Raises SchemeError."""
    from cityrules.io.annex import Annexes

    report = Report()
    source = Source(texts.name, texts.text)
    noted = Noted(source)
    bases = KeptBases(texts.base, folder, 2, noted)
    reading = read_scheme(source, report, Annexes(folder / "1", noted.sheet), bases)
    return _or_raise(*_checked(reading, report, False, noted))


def _read(source: Source, folder: Path | None, noted: Noted, report: Report) -> Reading:
    """What a text holds that lies in a folder; what it is made of is noted."""
    from cityrules.io.annex import Annexes

    beside = None if folder is None else Annexes(folder, noted.sheet)
    return read_scheme(source, report, beside, Bases(folder, noted))


def _or_raise(scheme: Scheme | None, diagnostics: tuple[Diagnostic, ...]) -> Scheme:
    if scheme is None:
        raise SchemeError(diagnostics)
    return scheme


def _checked(
    reading: Reading, report: Report, examples: bool, noted: Noted | None = None, engine: ExampleEngine = "python"
) -> tuple[Scheme | None, tuple[Diagnostic, ...]]:
    loaded = reading.loaded
    if reading.rest:
        _look_further(reading.rest, reading.left_out, report)
    plan = build(loaded, report) if loaded and not report.failed else None
    scheme = None
    if loaded and plan and not report.failed:
        scheme = Scheme(loaded, plan, noted.texts() if noted is not None else None)
        _check_readings(loaded, report)
        if examples and not report.failed:
            check_examples(loaded, plan, report, engine)
    return (None if report.failed else scheme), told(report, reading.language)


def _look_further(rest: Loaded, left_out: frozenset[str], report: Report) -> None:
    """Names and types of what is left of a document that did not pass, so that a user sees all problems at once.

    A complaint that speaks of something left out is only an echo of an earlier one.
    """
    own = Report()
    build(rest, own)
    for diagnostic in own:
        words = set(re.findall(r"\w+", " ".join((diagnostic.path, *diagnostic.values.values()))))
        if not words & left_out:
            report.put(_meant(diagnostic, left_out))


def _meant(diagnostic: Diagnostic, left_out: frozenset[str]) -> Diagnostic:
    """An unknown name with the one that was meant, where that is defined by something that was left out."""
    if diagnostic.code != "CR250" or "suggestion" in diagnostic.values:
        return diagnostic
    words = {key.rpartition(".")[2] for key in vocabulary().keys}
    meant = nearest(diagnostic.values["found"], sorted(left_out - words))
    return replace(diagnostic, values={**diagnostic.values, "suggestion": meant}) if meant else diagnostic


def _check_readings(loaded: Loaded, report: Report) -> None:
    """Every option of a reading must be a good document too; what is wrong is told at the option's own text. A body
    that is not there is told once of a reading, however much of it the options change."""
    for name, reading in loaded.document.readings.items():
        gone: set[str] = set()
        for option in reading.others:
            own = Report()
            changed = under(loaded, {f"readings.{name}": option}, own)
            if changed is not None:
                build(changed, own)
            told = [one for one in own if one.code != NO_PLACE or one.values["body"] not in gone]
            gone |= {one.values["body"] for one in told if one.code == NO_PLACE}
            for one in told:
                report.put(one)
            report.dropped += own.dropped
