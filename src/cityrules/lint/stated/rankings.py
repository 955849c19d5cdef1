"""L15: a ranking that does not say what equal scores get, or whose ends take half of all or more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final

from cityrules.lint.stated.document import AsStated, StatedRanking
from cityrules.lint.stated.notation import UNSTATED
from cityrules.lint.stated.teller import Teller
from cityrules.scheme.notation import NotationError, parse_numeral, plain_number

CODE: Final = "L15"


def check(stated: AsStated, teller: Teller) -> None:
    for name, ranking in stated.rankings.items():
        path = ("rankings", name)
        ends = {key: end.value for key, end in (("top", ranking.top), ("bottom", ranking.bottom)) if end is not None}
        said = {key: f"{teller.written_key((*path, key))} {plain_number(end)}" for key, end in ends.items()}
        for lack, key, found in _lacks(ranking, ends, said):
            teller.tell(CODE, (*path, key), of=ranking.of, lack_type=lack, found=found)


def _lacks(
    ranking: StatedRanking, ends: Mapping[str, Fraction], said: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    """What is open, at which key, and what to show of it. `ends`: how many at which end; `said`: that in words."""
    cuts = ", ".join(said.values())
    if ranking.ties == UNSTATED:
        yield "lint_cut_ties" if ends else "lint_ties", "ties", cuts or "-"
    try:
        size = parse_numeral(ranking.size).value
    except NotationError:
        if ends:
            yield "lint_no_size", "size", cuts
        return
    for key, end in ends.items():
        if 2 * end >= size:
            yield "lint_too_many", key, f"{said[key]} / {plain_number(size)}"
