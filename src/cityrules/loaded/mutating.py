"""The mutants of a scheme judged by its examples and the cases of a file: the runs behind mutation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cityrules.engines.python.engine import PythonEngine
from cityrules.loaded.covering import casebook, exercised
from cityrules.scheme.casebook import CASES
from cityrules.testing.coverage.found import Covered, clause_of
from cityrules.testing.mutation.found import Mutation, Placed
from cityrules.testing.mutation.judging import Judge, Judged
from cityrules.testing.mutation.mutants import mutants
from cityrules.testing.mutation.unasked import said_unasked
from cityrules.testing.mutation.writing import Worked, also_expected

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cityrules.engines.base import Progress
    from cityrules.loaded.scheme import Scheme
    from cityrules.scheme.casebook import Casebook
    from cityrules.scheme.places import Path as Address
    from cityrules.text.diagnostic import Language


def mutate(
    scheme: Scheme,
    cases: str | Path | None = None,
    only: str | None = None,
    *,
    search: bool = True,
    language: Language | None = None,
    progress: Progress | None = None,
) -> Mutation:
    """What becomes of the mutants at or below an address (None: of all). Raises SchemeError for a file of cases that is
    none, KeyError for an address at which nothing is changed."""
    book = None if cases is None else casebook(scheme, cases)
    worked = worked_cases(scheme, book)
    parts = exercised(scheme, cases)
    said = frozenset() if book is None else said_unasked(parts, book.document.out_of_reach)
    waiting = () if book is None else _of_file(book, waiting=True)
    judge = Judge(scheme.written, scheme.plan, PythonEngine(), worked, _near(parts), search, said, waiting)
    every = mutants(judge.base.raw)
    wanted = [one for one in every if only is None or f"{one.address}.".startswith(f"{only}.")]
    if only is not None and not wanted:
        raise KeyError(only)
    judged = []
    for number, mutant in enumerate(wanted):
        if progress is not None:
            progress("mutants", number, len(wanted))
        judged.append(judge.judge(mutant))
    usable = {case.name for case in judge.usable}
    words = language or scheme.language
    return Mutation(
        scheme.name,
        scheme.document.title,
        words,
        tuple(_placed(scheme, one, words) for one in judged),
        len(usable),
        tuple(case.name for case in worked if case.name not in usable),
    )


def addresses(scheme: Scheme) -> tuple[str, ...]:
    """The addresses of all mutants."""
    return tuple(dict.fromkeys(one.address for one in mutants(scheme.written.raw)))


def worked_cases(scheme: Scheme, book: Casebook | None) -> tuple[Worked, ...]:
    """The examples, and the confirmed cases of a file; one that has the name of an example is told apart by its
    section."""
    loaded, examples = scheme.written, scheme.document.examples
    found = [Worked(name, ("examples", name), body, loaded) for name, body in examples.items()]
    for one in () if book is None else _of_file(book, waiting=False):
        found.append(replace(one, name=f"{CASES}.{one.name}") if one.name in examples else one)
    return tuple(found)


def _of_file(book: Casebook, *, waiting: bool) -> tuple[Worked, ...]:
    """The cases of a file that are confirmed, or those that are not."""
    confirmed, every = book.document.confirmed, book.document.cases
    bodies = {name: body for name, body in every.items() if (name not in confirmed) is waiting}
    return tuple(Worked(name, (CASES, name), body, book) for name, body in bodies.items())


def _near(parts: Iterable[Covered]) -> Mapping[Address, frozenset[str]]:
    """Which cases exercise something at or below each address."""
    found: dict[Address, set[str]] = {}
    for one in parts:
        for length in range(2, len(one.part.path) + 1):
            found.setdefault(one.part.path[:length], set()).update(one.by)
    return {path: frozenset(names) for path, names in found.items()}


def _placed(scheme: Scheme, judged: Judged, language: Language) -> Placed:
    places, mutant = scheme.places, judged.mutant
    path = mutant.path
    at = (places.key_span(path) if mutant.kind in ("bound", "key", "left out", "order") else None) or places.span(path)
    also = also_expected(judged.found, language) if judged.found is not None and judged.found.case else ""
    return Placed(judged, at, clause_of(path, places), also)
