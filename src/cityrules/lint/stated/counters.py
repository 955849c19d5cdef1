"""L08: something happens after several times, and the text leaves open what is counted, or when it begins anew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cityrules.lint.stated.document import AsStated, StatedCounter
from cityrules.lint.stated.notation import UNSTATED
from cityrules.lint.stated.teller import Teller

CODE: Final = "L08"
_WITHIN_A_YEAR: Final = ("day", "week", "month", "quarter", "half")


def check(stated: AsStated, teller: Teller) -> None:
    for name, counter in stated.counters.items():
        for key in _needed(counter):
            if getattr(counter, key) == UNSTATED:
                times = ", ".join(map(str, counter.times))
                path = ("counters", name, key)
                teller.tell(CODE, path, of=counter.of, times=times, lack_type=f"lint_{key}_{counter.counts}")


def _needed(counter: StatedCounter) -> Iterator[str]:
    """What has to be known: a run breaks at a gap and perhaps at New Year, a tally is counted in a window."""
    if counter.counts == "cumulative":
        yield "window"
    else:
        yield "gap"
        if counter.every in _WITHIN_A_YEAR:
            yield "new_year"
    yield "repeat"
