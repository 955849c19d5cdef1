"""Addresses that a document does not have and cannot have: a slip of whoever asks, no fault of what is put there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from cityrules.scheme.complaints import NOT_A_MAP
from cityrules.scheme.document import Document
from cityrules.scheme.keys import body_at, keys
from cityrules.scheme.load import Loaded
from cityrules.scheme.overlay import NO_PLACE, NOT_A_BODY, NOTHING_THERE, UNKNOWN_READING
from cityrules.scheme.reporting import listed
from cityrules.scheme.telling import told
from cityrules.text.diagnostic import Diagnostic
from cityrules.text.suggest import nearest
from cityrules.text.vocabulary import vocabulary

MISPLACED: Final = (NO_PLACE, NOT_A_BODY, NOTHING_THERE, UNKNOWN_READING)
"""Overlays say so themselves of what stands round the last name of an address."""
_READINGS: Final = "readings"


def misplaced(loaded: Loaded, path: str, failed: Sequence[Sequence[Diagnostic]]) -> tuple[Diagnostic, ...]:
    """Why a document has no such address; nothing where it has, or could have, one. `failed`: what is wrong with the
    document for each of the values that were put there.

    In a body with keys of its own that is a key it does not have, whatever the value. In a map of names any name may be
    new: there it is one under which every value is refused as such, and that is near another or cannot be a value.
    """
    said = [tuple(one for one in each if one.code in MISPLACED) for each in failed]
    if said and all(said):
        return told(said[0], loaded.language)
    *round_it, name = path.split(".")
    body: Any = loaded.raw
    for each in round_it:
        body = body.get(each) if isinstance(body, Mapping) else None
    if not isinstance(body, Mapping) or name in body or (round_it == [_READINGS]):
        return ()
    model = body_at(tuple(round_it), loaded.raw) if round_it else Document
    known = [*dict.fromkeys([*body, *(keys(model) if model is not None else ())])]
    meant = _meant(name, known)
    if model is not None:
        if name in known:
            return ()
    else:
        codes = [{one.code for one in each if one.path == path} for each in failed]
        if not codes or not all(codes) or (meant is None and any(NOT_A_MAP not in each for each in codes)):
            return ()
    values = {"found": name, "address": path, "expected": listed(known), **({"suggestion": meant} if meant else {})}
    return told([Diagnostic(NO_PLACE, path=path, values=values)], loaded.language)


def _meant(name: str, known: Sequence[str]) -> str | None:
    """A misspelt Chinese word is near the Chinese form of what was meant."""
    words = vocabulary().keys
    said = {word if name.isascii() else words.get(word, word): word for word in known}
    return said.get(nearest(name, said) or "")
