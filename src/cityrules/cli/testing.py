"""`test`: the worked cases of schemes and of the files beside them, run; what comes out may be accepted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import typer

from cityrules.cases.suites import CASES_FILE, Result, Suite, files, is_foreign, open_suite, run_all
from cityrules.cases.telling import changes, failure, named
from cityrules.cases.updating import edits_of, updated
from cityrules.cli.failures import ERRORS, told_in, usage, warn
from cityrules.cli.files import replace_text
from cityrules.loaded import SCHEME_FILE, ExampleEngine, find
from cityrules.results.wording import wording
from cityrules.scheme.places import Path as Address
from cityrules.scheme.wording import Edit
from cityrules.testing.notes import Difference
from cityrules.text.diagnostic import Diagnostic, Language
from cityrules.text.show import show, visible
from cityrules.text.source import Span
from cityrules.text.suggest import nearest


def run_test(
    things: list[str], names: list[str], engine: ExampleEngine, update: bool, language: Language, follow: bool
) -> int:
    """Run what was named, tell each failure, and return the exit code. Raises UsageError.

    With `follow` failures in a file in Chinese keywords are told in Chinese, whatever `language` is. With `update`
    accepted values are written into the files, which are then run again.
    """
    named = {find(thing) for thing in things}
    paths = _files(things)
    # Of what lies in a folder some may be of other tools. What was named is meant.
    foreign = [path for path in paths if path.name == CASES_FILE and path not in named and is_foreign(path)]
    suites = [open_suite(path) for path in paths if path not in foreign]
    for path in foreign:
        typer.echo(_say("foreign", language, document=str(path)))
    _known(names, suites)
    only = frozenset(names)
    if update:
        suites = [_updated(suite, engine, only, language) for suite in suites]
    number = failed = 0
    for suite in suites:
        spoken: Language = "zh" if follow and suite.words == "zh" else language
        for found in suite.found:
            typer.echo(show(found, told_in(found, language, follow)) + "\n")
        broken = suite.scheme is None
        results = [] if broken else [*run_all(suite, engine, only)]
        for result in results:
            if result.failed:
                typer.echo(_say("case_failed", spoken, case=result.id))
                typer.echo(failure(result, spoken) + "\n")
        number += len(results)
        failed += sum(result.failed for result in results) + broken
        if results:
            ill = sum(result.failed for result in results)
            typer.echo(_say("suite", spoken, document=str(suite.path), number=str(len(results)), failed=str(ill)))
        if suite.waiting:
            typer.echo(_say("waiting", spoken, document=str(suite.path), number=str(len(suite.waiting))))
    chinese = follow and bool(suites) and all(suite.words == "zh" for suite in suites)
    values = {"number": str(number), "failed": str(failed), "engine": engine}
    typer.echo(_say("test_summary", "zh" if chinese else language, **values))
    if not number and not failed and not any(suite.waiting for suite in suites):
        # Nothing was tried, which is no success.
        warn([Diagnostic("CR1067", values={"found": ", ".join(things)}, severity="warning")], language)
    return ERRORS if failed else 0


def _files(things: list[str]) -> list[Path]:
    found: list[Path] = []
    for thing in things:
        inside = files(thing)
        if not inside:
            raise usage("CR1045", found=thing, file=f"{CASES_FILE} / {SCHEME_FILE}")
        found += [path for path in inside if path not in found]
    return found


def _known(names: list[str], suites: list[Suite]) -> None:
    """Complain about a name that no file has, unless one cannot be read."""
    known = [name for suite in suites for name in (*suite.cases, *suite.waiting)]
    for name in names if all(suite.scheme is not None for suite in suites) else ():
        if name not in known:
            meant = nearest(name, known)
            raise usage("CR1044", found=name, **({"suggestion": meant} if meant else {}))


def _updated(suite: Suite, engine: ExampleEngine, only: frozenset[str], language: Language) -> Suite:
    """The suite with its file brought up to date; as it is where nothing differs. What is left over fails again."""
    edits: list[Edit] = []
    paths: list[Address] = []
    accepted: list[str] = []
    for result in run_all(suite, engine, only) if suite.scheme is not None else ():
        for difference in result.ran.differences.values():
            made = edits_of(difference, suite.page.places, suite.words) if suite.page is not None else None
            if made is None or any(Path(edit.at.source.name) != suite.path for edit in made):
                _by_hand(result, ".".join(difference.path), language)
            else:
                edits += made
                paths.append(difference.path)
                accepted += _accepted(result, difference, language)
    if not edits:
        return suite
    text = updated(edits[0].at.source, edits, paths)
    if text is None:
        typer.echo(show(Diagnostic("CR1046", path=str(suite.path), severity="warning"), language) + "\n")
        return suite
    replace_text(suite.path, text)
    for line in accepted:
        typer.echo(line)
    typer.echo(_say("case_updated", language, document=str(suite.path), number=str(len(paths))))
    return open_suite(suite.path)


def _accepted(result: Result, difference: Difference, language: Language) -> Iterator[str]:
    """What is written where, so that nothing is accepted unseen."""
    at = _place(result, ".".join(difference.path))
    where = "" if at is None else f"{at.source.name}:{at.position.line}"
    words = result.suite.words
    for wanted, found in changes(difference, words):
        values = {"where": where, "name": named(difference, words), "wanted": visible(wanted), "found": visible(found)}
        yield _say("case_accepted", language, **values)


def _place(result: Result, address: str) -> Span | None:
    return next((one.at for one in result.found if one.path == address), None)


def _by_hand(result: Result, address: str, language: Language) -> None:
    at = _place(result, address)
    typer.echo(show(Diagnostic("CR1046", at, address, severity="warning"), language) + "\n")


def _say(kind: str, language: Language, **values: str) -> str:
    return wording("wording.yaml", "cityrules.cli").say(kind, values, language)
