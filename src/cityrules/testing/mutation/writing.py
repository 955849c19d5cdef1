"""Cases in which a mutant shows: what one would have to expect, and whole ones as they stand in a file of cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from cityrules.engines.python.engine import PythonEngine
from cityrules.feel.spoken import rewritten
from cityrules.io.rows import DataError
from cityrules.plan.model import Plan
from cityrules.scheme.casebook import CASES, read_casebook
from cityrules.scheme.document import CasesDocument, ExampleBody
from cityrules.scheme.load import Loaded
from cityrules.scheme.phrases import phrase
from cityrules.scheme.places import Path
from cityrules.testing.cells import NO_CELL, UNDETERMINED, told
from cityrules.testing.given import MOVEMENTS, REJECTS, prepare
from cityrules.testing.mutation.searching import STATED, Found, Stated, compared
from cityrules.testing.proposing.bench import Bench, Written
from cityrules.testing.proposing.situation import Situation, Tree
from cityrules.testing.worked import Page
from cityrules.testing.writing.case import WrittenCase, casebook_text
from cityrules.testing.writing.layout import entry
from cityrules.text.diagnostic import Language, Report
from cityrules.text.source import Source
from cityrules.text.vocabulary import vocabulary

MOST: Final = 3
"""So many cells that differ are named."""


def also_expected(found: Found, language: Language = "en") -> str:
    """What the scheme answers where the mutant does not, of the first name of which they differ, as one line in the
    words of a language."""
    for row in found.only_here:
        said = _read(row)
        if row[0] in ("values", "record_values"):
            same = [_read(one) for one in found.only_here if one[:2] == row[:2]][:MOST]
            return entry(row[1], {_cell(one): _spoken(_value(one), language) for one in same})
        if row[0] == "consequences":
            return entry(row[1], {_cell(said): said["step"]} if said["step"] else [_cell(said)])
        return _about(row, said, language)
    # What only the mutant answers must not be there.
    for row in found.only_there:
        said = _read(row)
        if row[0] == MOVEMENTS:
            return entry(_word(MOVEMENTS, language), {row[1]: {_moving(said): {said["rule"]: _by_record(said, None)}}})
        if row[0] in ("values", "record_values"):
            if gone := _gone(found).get(row[1]):
                return entry(row[1], dict.fromkeys(sorted(gone), _spoken(NO_CELL, language)))
        else:
            not_ = entry(row[1], _cell(said)) if row[0] == "consequences" else _about(row, said, language)
            return f"not {not_}"
    return ""


@dataclass(frozen=True, slots=True)
class Worked:
    """A case: its address in what it is written in, and what it is called here."""

    name: str
    at: Path
    body: ExampleBody
    page: Page


def written_cases(
    bench: Bench, found: Found, mutant: Plan, changed: Mapping[str, Any], name: str
) -> Iterator[WrittenCase]:
    """A found input as cases of a name that expect what the scheme answers where the `mutant` does not: of the first
    name that differs, then of all. Both are asked anew, since the rows are not numbered as they were."""
    if found.drawn is None:
        return
    situation = replace(Situation.of(found.drawn), under=changed)
    every = tuple(names(found))
    gone = {name: cells for name, cells in _gone(found).items() if not bench.plan.measures[name].of_record}
    for some in dict.fromkeys((every[:1], every)):
        written = bench.write(situation, some, cells=gone)
        unlike = None if written is None else _unlike(written, mutant)
        for expect in () if written is None or unlike is None else _shorter(written.expect, unlike):
            assert written is not None
            body = {**written.situation.written(written.seen.plan), "expect": expect}
            yield WrittenCase(name, body, proposed=True)


def _unlike(written: Written, mutant: Plan) -> Found | None:
    """How a mutant answers otherwise in a situation that has been written; None where it does not."""
    plan, situation = written.seen.plan, written.situation
    case = prepare("", situation.body(plan, {}), plan, situation.span)
    try:
        other = PythonEngine().assess(mutant, case.inputs, case.question)
    except (DataError, ValueError):
        return None
    return compared(written.seen.outcome, other)


def _shorter(expect: Tree, found: Found) -> Iterator[Tree]:
    """What is expected with the cells alone that differ; the movements alone that differ; then with all."""
    unlike: dict[str, set[str]] = {}
    for row in found.only_here:
        if row[0] in ("values", "record_values"):
            unlike.setdefault(row[1], set()).add(_cell(_read(row)))
    short = {
        name: {cell: value for cell, value in cells.items() if cell in unlike[name]} or cells
        if name in unlike and isinstance(cells, Mapping)
        else cells
        for name, cells in expect.items()
    }
    gone: dict[str, Tree] = {name: dict.fromkeys(cells, NO_CELL) for name, cells in _gone(found).items()}
    if gone:
        # First that the cells are not there; what else differs comes with the rest.
        rejects = {REJECTS: expect[REJECTS]} if REJECTS in expect else {}
        yield {**gone, **rejects}
        expect = {**expect, **{name: {**_cells(expect.get(name)), **cells} for name, cells in gone.items()}}
        short = {**short, **{name: {**_cells(short.get(name)), **cells} for name, cells in gone.items()}}
    movements = _moves(found)
    moves: Tree = {MOVEMENTS: movements, **({REJECTS: expect[REJECTS]} if REJECTS in expect else {})}
    for one in (short, *([moves] if movements else []), expect, *([{**expect, **moves}] if movements else [])):
        if one is not short or unlike or not movements:
            yield one


def _cells(said: object) -> Tree:
    return said if isinstance(said, Mapping) else {}


def _gone(found: Found) -> dict[str, frozenset[str]]:
    """Some of the cells that only the mutant has, by measure."""
    cells: tuple[dict[str, set[str]], dict[str, set[str]]] = ({}, {})
    for rows, there in zip((found.only_here, found.only_there), cells, strict=True):
        for row in rows:
            if row[0] in ("values", "record_values"):
                there.setdefault(row[1], set()).add(_cell(_read(row)))
    here, mutant = cells
    gone = {name: frozenset(sorted(mine - here.get(name, set()))[:MOST]) for name, mine in mutant.items()}
    return {name: mine for name, mine in gone.items() if mine}


def _moves(found: Found) -> dict[str, dict[str, dict[str, object]]]:
    """The movements that differ, as the scheme makes them: by ledger, cell, rule and record; null where only the mutant
    makes one."""
    moves: dict[str, dict[str, dict[str, object]]] = {}
    for rows, mine in ((found.only_here, True), (found.only_there, False)):
        for said in (_read(row) for row in rows if row[0] == MOVEMENTS):
            points = said["points"] if mine else None
            rules = moves.setdefault(said["measure"], {}).setdefault(_moving(said), {})
            known = rules.setdefault(said["rule"], _by_record(said, points))
            if isinstance(known, dict) and said["record"]:
                known.setdefault(said["record"], points)
    return moves


def _by_record(said: Mapping[str, str], points: str | None) -> object:
    return {said["record"]: points} if said["record"] else points


def read_case(case: WrittenCase, scheme: Loaded) -> Worked | None:
    """A case as it would be read from a file; None where it is not good."""
    report = Report()
    text = casebook_text(".", [case], scheme.language)
    book = read_casebook(Source("cases.yaml", text), report, lambda _named, _report: scheme)[0]
    if book is None or report.failed:
        return None
    ((name, body),) = book.document.cases.items()
    return Worked(name, (CASES, name), body, book)


def names(found: Found) -> Iterator[str]:
    """What differs, by name, what is computed first before what hangs on it; rejected rows come with the rest."""
    every = (*found.only_here, *found.only_there)
    yield from dict.fromkeys(row[1] for row in every if row[0] != REJECTS)


def _about(row: Stated, said: Mapping[str, str], language: Language) -> str:
    word = _word(row[0], language)
    if row[0] == REJECTS:
        return entry(word, {row[1]: {said["key"]: said["reasons"]}})
    if row[0] == MOVEMENTS:
        return entry(word, {row[1]: {_moving(said): {said["rule"]: _by_record(said, said["points"])}}})
    return entry(word, {row[1]: [_cell(said)]})


def _word(key: str, language: Language) -> str:
    """A key of what is expected, in the words of a language."""
    return key if language == "en" else vocabulary().key(CasesDocument.__name__, key) or key


def _spoken(value: str | None, language: Language) -> str | None:
    """What is expected of a cell, in the words of a language."""
    if value is None or language == "en":
        return value
    return rewritten(value, phrase(value, "expected", language, frozenset()))


def _moving(said: Mapping[str, str]) -> str:
    """The cell in which something moves."""
    return told(said["target"], said["period"] or None, said["dimension"] or None)


def _read(row: Stated) -> Mapping[str, str]:
    return dict(zip(STATED[row[0]], row[1:], strict=True))


def _cell(said: Mapping[str, str]) -> str:
    if said.get("record"):
        return said["record"]
    return told(said["target"], said["period"] or None, said["dimension"] or None)


def _value(said: Mapping[str, str]) -> str | None:
    return UNDETERMINED if said["state"] == UNDETERMINED else said["value"] or None
