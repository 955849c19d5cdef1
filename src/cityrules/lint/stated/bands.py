"""L04: grades that leave a score without one, give it two, or do not go from best to worst (or back) in order."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from cityrules.lint.stated.document import AsStated, StatedBands
from cityrules.lint.stated.intervals import faults
from cityrules.lint.stated.notation import Range
from cityrules.lint.stated.teller import Teller

CODE: Final = "L04"
_EVERYTHING: Final = Range(None, False, None, False, "")


def check(stated: AsStated, teller: Teller) -> None:
    for name, bands in stated.bands.items():
        path = ("bands", name, "parts")
        for lack, first, second, at in faults(bands.parts):
            teller.tell(CODE, (*path, second), of=bands.of, lack_type=lack, bands=f"{first}, {second}", where=at)
        for lack, band in _open(bands):
            teller.tell(CODE, (*path, band), of=bands.of, lack_type=lack, bands=band, where=bands.parts[band])
        ways = [one.begin < two.begin for one, two in pairwise(bands.parts.values())]
        turn = next((number for number, way in enumerate(ways) if way is not ways[0]), None)
        if turn is not None:
            band = list(bands.parts)[turn + 1]
            teller.tell(CODE, (*path, band), of=bands.of, lack_type="lint_turn", bands=band, where=bands.parts[band])


def _open(bands: StatedBands) -> list[tuple[str, str]]:
    """The lowest and the highest band, where what scores there can be reaches further."""
    if not bands.parts:
        return []
    within = bands.within or _EVERYTHING
    lowest = min(bands.parts, key=lambda band: bands.parts[band].begin)
    highest = max(bands.parts, key=lambda band: bands.parts[band].end)
    low = bands.parts[lowest].begin > within.begin
    high = bands.parts[highest].end < within.end
    return [("lint_low", lowest)] * low + [("lint_high", highest)] * high
