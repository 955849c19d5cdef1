"""`sensitivity`: which number of a document moves most verdicts, as text, CSV or JSON."""

from __future__ import annotations

from collections.abc import Sequence

from cityrules.cli.console import out
from cityrules.cli.telling import Teller, as_data
from cityrules.compare.questions.sensitivity import Sensitive, Sensitivity, Trial
from cityrules.loaded import Scheme
from cityrules.results.format import fraction_text
from cityrules.results.verdicts import VERDICT_KINDS, VerdictKind
from cityrules.text.diagnostic import Language


def tell(
    scheme: Scheme,
    found: Sensitivity,
    period: str,
    engine: str,
    language: Language,
    format: str,
    most: int,
    changes: Sequence[str],
) -> None:
    """Write what was found to stdout. `most`: how many numbers the table shows, 0 for all."""
    if as_data(format, found.table, found.to_json(language)):
        return
    teller = Teller(scheme, language, out(), most)
    teller.head()
    part = None if found.step is None else fraction_text(found.step)
    step = teller.say("last_digit") if part is None else teller.say("part", part=part)
    teller.tell("sensitivity_of", step=step, period=period, engine=engine)
    teller.under(changes)
    moving = [one for one in found.numbers if one.moves or any(trial.failed for trial in one.trials)]
    shown = moving[: most or None]
    kinds = [kind for kind in VERDICT_KINDS if any(kind in trial.moved for one in shown for trial in one.trials)]
    if shown:
        columns = [(teller.say("where"), "left"), (teller.say("clause"), "left"), (teller.say("written"), "right")]
        columns += [(teller.say("instead"), "right"), (teller.say("moved"), "right")]
        columns += [(teller.say(f"kind_{kind}"), "right") for kind in kinds]
        teller.gap()
        teller.show(columns, [row for one in shown for row in _rows(teller, one, kinds)])
    if len(moving) > len(shown):
        teller.tell("more_rows", number=str(len(moving) - len(shown)))
    still = [teller.address(one.placed.address) for one in found.numbers if one not in moving]
    if still:
        teller.tell("moves_nothing", names=", ".join(dict.fromkeys(still)))
    teller.tell("all_verdicts", number=str(len(found.numbers)), verdicts=str(found.verdicts))


def _rows(teller: Teller, one: Sensitive, kinds: Sequence[VerdictKind]) -> list[list[str]]:
    label = teller.called(teller.address(one.placed.address), one.label)
    rows = []
    for number, trial in enumerate(one.trials):
        named = ["", "", ""] if number else [label, one.clause or "", one.placed.written]
        rows.append([*named, fraction_text(trial.instead), *_counted(teller, trial, kinds)])
    return rows


def _counted(teller: Teller, trial: Trial, kinds: Sequence[VerdictKind]) -> list[str]:
    if trial.failed:
        return [teller.say("not_possible"), *("" for _ in kinds)]
    return [str(sum(trial.moved.values())), *(str(trial.moved.get(kind, 0)) for kind in kinds)]
