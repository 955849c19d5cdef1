"""`solve`: which value at an address makes a wish true, as text, CSV or JSON."""

from __future__ import annotations

from collections.abc import Sequence

from cityrules.cli.console import out
from cityrules.cli.telling import Teller, as_data
from cityrules.compare.questions.solve import Solution, Tried
from cityrules.compare.questions.wishes import Wish
from cityrules.loaded import Scheme
from cityrules.text.diagnostic import Language


def tell(
    scheme: Scheme,
    found: Solution,
    period: str,
    engine: str,
    language: Language,
    format: str,
    most: int,
    changes: Sequence[str],
) -> None:
    """Write what was found to stdout. `most`: how many of the values that were run the text shows, 0 for all."""
    if as_data(format, found.table, found.to_json(language)):
        return
    teller = Teller(scheme, language, out(), most)
    teller.head()
    asked = {
        "address": teller.address(found.address),
        "clause": found.clause,
        "written": found.written,
        "wish": _wish(teller, found.wish),
    }
    ends = {"first": found.values[0], "last": found.values[-1]}
    teller.tell("solve_of", **asked, **ends, period=period, engine=engine)
    teller.under(changes)
    teller.gap()
    _answer(teller, found)
    if found.proved:
        teller.tell("proved", why=found.why, run=str(len(found.tried)), values=str(len(found.values)))
    else:
        teller.tell("not_proved", why=found.why, values=str(len(found.values)))
    holds = "yes" if found.as_written.holds else "no"
    teller.tell("written_wish", count=_count(teller, found.as_written), holds=holds)
    good = [one for one in found.tried if not one.failed]
    shown = good[: most or None]
    columns = [(teller.say("value"), "right"), (teller.say("counted"), "right"), (teller.say("wish_holds"), "left")]
    rows = [[one.value, _count(teller, one), teller.say("yes" if one.holds else "no")] for one in shown]
    teller.gap()
    teller.show(columns, rows)
    if len(good) > len(shown):
        teller.tell("more_rows", number=str(len(good) - len(shown)))
    teller.failures((one.value, one.failed) for one in found.tried if one.failed)


def _answer(teller: Teller, found: Solution) -> None:
    if not found.ranges:
        teller.tell("unsolved")
        return
    first, last = found.ranges[0][0], found.ranges[-1][1]
    if len(found.ranges) > 1:
        told = [one if one == other else f"{one}..{other}" for one, other in found.ranges]
        teller.tell("solved_again", first=first, last=last, ranges=", ".join(told))
    else:
        teller.tell("solved_at" if first == last else "solved", first=first, last=last)


def _wish(teller: Teller, wish: Wish) -> str:
    return teller.say("wish", counted=wish.said, side=wish.side, bound=wish.most)


def _count(teller: Teller, one: Tried) -> str:
    if one.of is None or one.share is None:
        return teller.say("count", number=str(one.number))
    return teller.say("count_of", number=str(one.number), of=str(one.of), share=one.share)
