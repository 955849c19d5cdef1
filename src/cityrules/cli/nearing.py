"""`cliffs`: who stands near a line, as text, CSV or JSON."""

from __future__ import annotations

from collections.abc import Sequence

from cityrules.cli.console import out
from cityrules.cli.telling import Teller, as_data
from cityrules.compare.near.cliffs import Cliffs, Line, Near, by_line
from cityrules.loaded import Scheme
from cityrules.results.format import fraction_text
from cityrules.text.diagnostic import Language


def tell(
    scheme: Scheme,
    found: Cliffs,
    within: str | None,
    period: str,
    engine: str,
    language: Language,
    format: str,
    most: int,
    changes: Sequence[str],
) -> None:
    """Write what was found to stdout. `most`: how many rows of one line the text shows, 0 for all."""
    if as_data(format, found.table, found.to_json()):
        return
    teller = Teller(scheme, language, out(), most)
    teller.head()
    teller.tell("cliffs_of", within=within, period=period, engine=engine)
    teller.under(changes)
    lines = by_line(found.near)
    for line, near in lines.items():
        _line(teller, line, near)
    teller.gap()
    if not lines:
        teller.tell("nobody_near")
    teller.tell("quiet_lines", number=str(len(found.lines)), quiet=str(len(found.lines) - len(lines)))


def _line(teller: Teller, line: Line, near: Sequence[Near]) -> None:
    label = teller.called(line.owner, line.label)
    teller.gap()
    teller.tell("line", label=label, clause=line.clause, line=line.text, within=fraction_text(line.within))
    shown = near[: teller.most or None]
    columns = [(teller.say("target"), "left")]
    columns += [(teller.say(name), "right") for name in ("value", "bound", "distance")]
    columns += [(teller.say(name), "left") for name in ("result", "beyond")]
    teller.show(columns, [_row(teller, one) for one in shown])
    if len(near) > len(shown):
        teller.tell("more_rows", number=str(len(near) - len(shown)))


def _row(teller: Teller, one: Near) -> list[str]:
    above = "+" if one.distance > 0 else ""
    numbers = [fraction_text(one.value), fraction_text(one.bound), above + fraction_text(one.distance)]
    sides = (one.result, one.beyond)
    if sides == (None, None):
        holds, not_ = teller.say("reached"), teller.say("not_reached")
        sides = (holds, not_) if one.reached else (not_, holds)
    nothing = teller.say("without_step") if one.line.kind == "step" else teller.state("missing")
    return [teller.where(one.about), *numbers, *(nothing if side is None else side for side in sides)]
