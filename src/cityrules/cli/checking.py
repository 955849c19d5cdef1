"""`check`: every diagnostic of one or many documents, as text or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from cityrules.cli.failures import ERRORS, told_in, usage
from cityrules.loaded import (
    SCHEME_FILE,
    Editions,
    ExampleEngine,
    Scheme,
    SchemeError,
    check,
    check_editions,
    holds_editions,
    shipped,
)
from cityrules.results.wording import wording
from cityrules.text.diagnostic import Diagnostic, Language
from cityrules.text.files import named_below
from cityrules.text.show import show, to_json


def run_check(
    things: list[str],
    language: Language,
    as_json: bool,
    examples: bool,
    follow: bool,
    binding: Path | None = None,
    engine: ExampleEngine = "python",
) -> int:
    """Check what was named, write what was found, and return the exit code.

    With `follow` complaints about a document in Chinese keywords are in Chinese, whatever `language` is. A `binding` is
    checked against each of the documents that are good. `engine` runs the worked examples.
    """
    results = [(name, *_checked(thing, examples, engine)) for name, thing in _documents(things)]
    if binding is not None:
        results += [(str(binding), *_bound(scheme, binding)) for _, scheme, _ in results if scheme is not None]
    failed = [name for name, scheme, _ in results if scheme is None]
    if as_json:
        data: list[dict[str, Any]] = [
            {
                "document": name,
                "ok": scheme is not None,
                "diagnostics": [to_json(d, told_in(d, language, follow)) for d in found],
            }
            for name, scheme, found in results
        ]
        typer.echo(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        for name, scheme, found in results:
            for diagnostic in found:
                typer.echo(show(diagnostic, told_in(diagnostic, language, follow)) + "\n")
            if scheme is not None:
                spoken: Language = "zh" if follow and scheme.language == "zh" else language
                typer.echo(_say("checked", spoken, document=name, title=str(scheme.document.title or scheme.name)))
        every = [d for *_, found in results for d in found]
        chinese = all(d.words == "zh" for d in every) and all(s is None or s.language == "zh" for _, s, _ in results)
        spoken = "zh" if follow and chinese else language
        typer.echo(_summary(every, len(results), len(failed), spoken))
    return ERRORS if failed else 0


def _checked(
    thing: str | Path, examples: bool, engine: ExampleEngine
) -> tuple[Scheme | Editions | None, tuple[Diagnostic, ...]]:
    """What is wrong with a document of either kind."""
    if holds_editions(thing):
        return check_editions(thing, examples=examples, engine=engine)
    return check(thing, examples=examples, engine=engine)


def _bound(scheme: Scheme | Editions, binding: Path) -> tuple[Scheme | Editions | None, tuple[Diagnostic, ...]]:
    """The scheme again where the binding is good for it, and what is wrong with the binding."""
    try:
        scheme.binding(binding)
    except SchemeError as problem:
        return None, problem.diagnostics
    return scheme, ()


def _documents(things: list[str]) -> Iterator[tuple[str, str | Path]]:
    """Each document by the name that the user knows; a folder stands for every scheme below it."""
    for thing in things:
        path = _path(thing)
        if path is None or (thing in shipped() and not path.exists()):
            yield thing, thing
        elif path.is_dir() and not (path / SCHEME_FILE).is_file():
            inside = named_below(path, SCHEME_FILE)
            if not inside:
                raise usage("CR602", found=thing)
            yield from ((str(file), file) for file in inside)
        else:
            yield thing, thing


def _path(thing: str) -> Path | None:
    return None if "\0" in thing else Path(thing)


def _summary(found: list[Diagnostic], documents: int, failed: int, language: Language) -> str:
    errors = sum(diagnostic.severity == "error" for diagnostic in found)
    return _say(
        "check_summary",
        language,
        documents=str(documents),
        failed=str(failed),
        errors=str(errors),
        warnings=str(len(found) - errors),
    )


def _say(kind: str, language: Language, **values: str) -> str:
    return wording("wording.yaml", "cityrules.cli").say(kind, values, language)
