"""What a case would have to expect so that it notices a mutant. Knows results and no engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from cityrules.testing.cells import told
from cityrules.testing.examples import UNDETERMINED
from cityrules.testing.given import PROBLEMS, REJECTS
from cityrules.testing.mutation.searching import STATED, Found, Stated

MOST: Final = 3
"""So many cells that differ are named."""


def also_expected(found: Found) -> str:
    """What the scheme answers where the mutant does not, of the first name of which they differ, as one line."""
    for row in found.only_here:
        said = _read(row)
        if row[0] in ("values", "record_values"):
            same = [_read(one) for one in found.only_here if one[:2] == row[:2]][:MOST]
            return f"{row[1]}: {{{', '.join(f'{_cell(one)}: {_value(one)}' for one in same)}}}"
        if row[0] == "consequences":
            return f"{row[1]}: {_step(said)}"
        return _about(row, said)
    # What only the mutant answers must not be there.
    for row in found.only_there:
        said = _read(row)
        if row[0] not in ("values", "record_values"):
            return f"not {row[1]}: {_cell(said)}" if row[0] == "consequences" else f"not {_about(row, said)}"
    return ""


def names(found: Found) -> Iterator[str]:
    """What differs, by name, what is computed first before what hangs on it; rejects and problems come with the rest."""
    every = (*found.only_here, *found.only_there)
    yield from dict.fromkeys(row[1] for row in every if row[0] != REJECTS)


def _about(row: Stated, said: Mapping[str, str]) -> str:
    if row[0] == REJECTS:
        return f'{REJECTS}: {{{row[1]}: {{{said["key"]}: "{said["reasons"]}"}}}}'
    return f"{PROBLEMS}: {{{row[1]}: [{_cell(said)}]}}"


def _step(said: Mapping[str, str]) -> str:
    cell = _cell(said)
    return f"{{{cell}: {said['step']}}}" if said["step"] else f"[{cell}]"


def _read(row: Stated) -> Mapping[str, str]:
    return dict(zip(STATED[row[0]], row[1:], strict=True))


def _cell(said: Mapping[str, str]) -> str:
    if said.get("record"):
        return said["record"]
    return told(said["target"], said["period"] or None, said["dimension"] or None)


def _value(said: Mapping[str, str]) -> str:
    return UNDETERMINED if said["state"] == UNDETERMINED else said["value"] or "null"
