"""L09: a run of periods with an average: whether each of them is compared, or one average over all of them."""

from __future__ import annotations

from typing import Final

from cityrules.lint.stated.document import AsStated
from cityrules.lint.stated.notation import UNSTATED
from cityrules.lint.stated.teller import Teller

CODE: Final = "L09"


def check(stated: AsStated, teller: Teller) -> None:
    for name, counter in stated.counters.items():
        several = counter.value != "single" and any(times.value > 1 for times in counter.times)
        if several and counter.counts == "consecutive" and counter.over in (None, UNSTATED):
            times = ", ".join(map(str, counter.times))
            teller.tell(
                CODE, ("counters", name, "value"), of=counter.of, times=times, every_type=f"lint_{counter.every}"
            )
