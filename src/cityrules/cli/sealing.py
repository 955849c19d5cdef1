"""`--seal` and `verify`: sealed results written, and what was found of one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typer

from cityrules.cli.asked import Given
from cityrules.cli.console import out, plain
from cityrules.cli.failures import ERRORS, usage, warn
from cityrules.cli.options import kinds_and_files, tables_and_files
from cityrules.io.files import failure
from cityrules.io.write import THERE
from cityrules.loaded import Assessment, Scheme, SchemeError
from cityrules.loaded.bundle import Bundle
from cityrules.loaded.sealing import NO_TEXT
from cityrules.loaded.verifying import Verification
from cityrules.results.wording import wording
from cityrules.text.diagnostic import Language


def check_seal(seal: Path | None, without_inputs: bool, written: object) -> None:
    """Before the work, so that none is lost. Raises UsageError for `--without-inputs` alone, DataError for a file that
    is there, and for what is no scheme with a text."""
    if seal is None and without_inputs:
        raise usage("CR1179")
    if seal is not None and seal.exists():
        raise failure(THERE, found=str(seal))
    if seal is not None and (not isinstance(written, Scheme) or written.texts is None):
        raise failure(NO_TEXT)


def put_seal(assessment: Assessment, seal: Path, *, inputs: bool, language: Language) -> None:
    """Write the sealed result, and say what its seal is."""
    digest = assessment.seal(seal, inputs=inputs)
    _print("sealed_as", language, file=str(seal), seal=digest)


def handed_in(bundle: Bundle, given: Given) -> dict[str, Any]:
    """The rows that were handed in, as arguments of `Bundle.verify`; none where the scheme in the bundle cannot be
    read, since only that says which kinds there are. Raises UsageError."""
    try:
        scheme = bundle.scheme
    except SchemeError:
        scheme = None
    if scheme is None:
        return {}
    binding = scheme.binding(given.binding) if given.binding is not None else None
    rows = kinds_and_files(given.records or [], "--records", scheme.plan.records)
    return {
        "records": {**rows, **tables_and_files(given.tables or [], binding.tables if binding is not None else None)},
        "targets": kinds_and_files(given.targets or [], "--targets", scheme.plan.kinds),
        "binding": binding,
        "opening": given.opening,
        "corrections": given.corrections,
    }


def tell(bundle: Bundle, found: Verification, language: Language, as_json: bool) -> int:
    """Write what was found; the answer is the exit code."""
    if as_json:
        typer.echo(json.dumps(found.to_json(language), ensure_ascii=False, indent=2))
        return 0 if found.ok else ERRORS
    manifest = bundle.manifest
    if manifest is not None:
        about = {"scheme": manifest.scheme, "start": manifest.start, "last_day": manifest.last_day}
        about |= {"as_of": manifest.as_of, "library": manifest.library, "engine": manifest.engine}
        _print("sealed_of", language, **about)
        _print("seal", language, seal=found.seal)
    warn([*found.notes, *found.found], language)
    if found.ok:
        number = str(len(manifest.tables) if manifest is not None else 0)
        _print("verified", language, number=number, engine=found.engine)
    else:
        _print("verified_not" if found.recomputed else "not_recomputed", language, number=str(len(found.found)))
    return 0 if found.ok else ERRORS


def _print(said: str, language: Language, /, **values: str) -> None:
    out().print(plain(wording("wording.yaml", "cityrules.cli").say(said, values, language)), soft_wrap=True)
