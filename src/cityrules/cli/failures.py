"""Every error as a sentence and an exit code. The one place where exceptions end."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import typer

from cityrules.cli.console import drop_output
from cityrules.compare.unanswerable import Unanswerable
from cityrules.io.rows import DataError
from cityrules.loaded import CheckFailed, Editions, Scheme, SchemeError
from cityrules.results.why import NothingToExplain
from cityrules.text.diagnostic import Diagnostic, Language
from cityrules.text.show import show

ERRORS: Final = 1
USAGE: Final = 2
DEFECT: Final = 3
INTERRUPTED: Final = 130

_SHOWN: Final = 50
_EXTRAS: Final = {"duckdb": "sql", "sqlglot": "sql", "pyarrow": "sql", "durable": "live"}


class UsageError(Exception):
    """A wrong option. Holds its diagnostics."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__(*(diagnostic.code for diagnostic in diagnostics))
        self.diagnostics = diagnostics


def usage(code: str, **values: str) -> UsageError:
    """The exception for one wrong option."""
    return UsageError(Diagnostic(code, values=values))


@dataclass(slots=True)
class Voice:
    """In which language a command speaks: the one asked for, or the system's, until it knows the scheme."""

    language: Language
    follow: bool

    def heed(self, scheme: Scheme | Editions) -> Language:
        """From now on speak Chinese where the keywords of the scheme are, unless a language was asked for."""
        if self.follow and scheme.language == "zh":
            self.language = "zh"
        return self.language


@contextmanager
def speaking(language: Language, follow: bool = False) -> Iterator[Voice]:
    """Inside it no exception leaves but `typer.Exit`: all others are told on stderr in this language.

    With `follow` complaints about a document in Chinese keywords are in Chinese, and so is all that is said once the
    voice was told of a scheme in Chinese keywords.
    """
    voice = Voice(language, follow)
    try:
        yield voice
    except (typer.Exit, typer.Abort, KeyboardInterrupt):
        raise
    except (UsageError, NothingToExplain, Unanswerable) as problem:
        raise _told(problem.diagnostics, voice.language, USAGE) from None
    except (SchemeError, DataError) as problem:
        raise _told(problem.diagnostics, voice.language, ERRORS, follow) from None
    except CheckFailed as problem:
        raise _told([_failed_check(row) for row in problem.problems], voice.language, ERRORS) from None
    except BrokenPipeError:
        # The reader has seen enough (`| head`): that is no error.
        drop_output()
        raise typer.Exit(0) from None
    except ImportError as problem:
        # An engine may say in its own words what it lacks; the cause then names the package.
        named = problem if problem.name else problem.__cause__
        package = str(getattr(named, "name", None) or "").partition(".")[0]
        if package not in _EXTRAS:
            raise _defect(problem, voice.language) from problem
        values = {"found": package, "extra": _EXTRAS[package]}
        raise _told([Diagnostic("CR609", values=values)], voice.language, USAGE) from None
    except (OSError, MemoryError) as problem:
        values = {"reason": str(problem) or type(problem).__name__}
        raise _told([Diagnostic("CR638", values=values)], voice.language, ERRORS) from None
    except Exception as problem:
        if os.environ.get("CITYRULES_TRACEBACK"):
            raise
        raise _defect(problem, voice.language) from None


def warn(diagnostics: Sequence[Diagnostic], language: Language) -> None:
    """Write warnings to stderr."""
    for diagnostic in diagnostics:
        typer.echo(show(diagnostic, language) + "\n", err=True)


def told_in(diagnostic: Diagnostic, language: Language, follow: bool) -> Language:
    """The language to tell a diagnostic in: with `follow` that of the document, where its keywords are Chinese."""
    return diagnostic.words if follow and diagnostic.words == "zh" else language


def _told(diagnostics: Sequence[Diagnostic], language: Language, code: int, follow: bool = False) -> typer.Exit:
    shown = [show(diagnostic, told_in(diagnostic, language, follow)) for diagnostic in diagnostics[:_SHOWN]]
    if len(diagnostics) > _SHOWN:
        shown.append(show(Diagnostic("CR613", values={"number": str(len(diagnostics) - _SHOWN)}), language))
    typer.echo("\n\n".join(shown), err=True)
    return typer.Exit(code)


def _failed_check(row: object) -> Diagnostic:
    values = row if isinstance(row, dict) else {}
    where = [str(values[name]) for name in ("target", "period", "record_kind", "record") if values.get(name)]
    detail = " ".join(where) + (f" ({values['detail']})" if values.get("detail") else "")
    return Diagnostic("CR608", values={"found": str(values.get("name")), "detail": detail})


def _defect(problem: Exception, language: Language) -> typer.Exit:
    found = " ".join(f"{type(problem).__name__}: {problem}".split())
    return _told([Diagnostic("CR639", values={"found": found})], language, DEFECT)
