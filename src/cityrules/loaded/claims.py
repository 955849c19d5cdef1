"""What the manifest of a sealed result says of its scheme and its rows, held against what they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from cityrules.loaded.manifest import Manifest, SealedInput
from cityrules.loaded.scheme import Scheme
from cityrules.text.diagnostic import Diagnostic

UNTRUE: Final = "CR1180"


def untrue_of_scheme(manifest: Manifest, scheme: Scheme) -> Iterator[Diagnostic]:
    """What it says of the scheme, and is otherwise: a name is shown and believed, though no table may depend on it."""
    if manifest.scheme != scheme.name:
        yield _untrue("scheme", manifest.scheme, scheme.name)
    if manifest.language != scheme.document.cityrules:
        yield _untrue("language", manifest.language, scheme.document.cityrules)
    sealed = [_files(one.name, [*one.sheets]) for one in manifest.documents]
    found = [_files(one.name, [*one.sheets]) for one in (scheme.texts.chain() if scheme.texts is not None else ())]
    if sealed != found:
        yield _untrue("documents", "; ".join(sealed), "; ".join(found))


def untrue_of_rows(one: SealedInput, text: bytes) -> Iterator[Diagnostic]:
    """What it says of the rows of a source, which are stored as `text`."""
    number = text.count(b"\n") - 1
    if one.rows != number:
        yield _untrue("rows", str(one.rows), str(number), one.source)


def _files(name: str, sheets: Sequence[str]) -> str:
    return ", ".join((name, *sorted(sheets)))


def _untrue(about: str, sealed: str, now: str, source: str = "") -> Diagnostic:
    values = {"about_type": f"sealed_{about}", "source": f" {source}" if source else "", "found": sealed, "now": now}
    return Diagnostic(UNTRUE, values=values)
