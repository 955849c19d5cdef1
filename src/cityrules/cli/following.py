"""`by-period`: the periods of a study side by side, as text, CSV or JSON."""

from __future__ import annotations

from collections.abc import Sequence

from cityrules.cli.console import out
from cityrules.cli.counting import counted_table
from cityrules.cli.telling import Teller, as_data
from cityrules.compare.questions.course import Course
from cityrules.loaded import Scheme
from cityrules.text.diagnostic import Language
from cityrules.text.vocabulary import vocabulary


def tell(
    scheme: Scheme,
    found: Course,
    period: str,
    engine: str,
    language: Language,
    format: str,
    most: int,
    changes: Sequence[str],
) -> None:
    """Write what was found to stdout. `most`: how many targets of one change the text names, 0 for all."""
    if as_data(format, found.table, found.to_json()):
        return
    teller = Teller(scheme, language, out(), most)
    teller.head()
    by = vocabulary().periods.get(found.by, found.by) if found.by is not None and language == "zh" else found.by
    teller.tell("course_of", by=by, period=period, engine=engine)
    teller.under(changes)
    every = [tally for tallies in found.periods.values() for tally in tallies]
    for name, label in {tally.name: tally.label for tally in every}.items():
        # Only periods of its own kind: a month has no numbers of a yearly grade.
        mine = [(each, tallies) for each, tallies in found.periods.items() if any(one.name == name for one in tallies)]
        rows = [(each or teller.say("without_period"), tallies) for each, tallies in mine]
        counted_table(teller, teller.say("period"), name, label, rows)
    teller.gap()
    if not every:
        teller.tell("nothing_there")
    elif found.moves:
        teller.tell("going_of")
        _going(teller, found)
    else:
        teller.tell("nobody_goes")


def _going(teller: Teller, found: Course) -> None:
    """Those with the same change in the same period together."""
    alike: dict[tuple[str, str, str, str], list[str]] = {}
    for one in found.moves:
        key = (one.about.name, one.about.period or "", teller.verdict(one.before), teller.verdict(one.after))
        target = " / ".join(part for part in (one.about.target, one.about.dimension) if part)
        alike.setdefault(key, []).append(target or teller.say("whole"))
    for (name, period, before, after), who in alike.items():
        label = teller.called(name, found.labels.get(name))
        teller.tell("going_line", period=period, label=label, before=before, after=after, **teller.some(who))
