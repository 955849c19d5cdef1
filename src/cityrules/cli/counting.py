"""Numbers of verdicts side by side: a table for each name, with a row for each value or period. Knows no question."""

from __future__ import annotations

from collections.abc import Sequence

from cityrules.cli.telling import Teller
from cityrules.compare.questions.tallies import Tally, What
from cityrules.results.format import fraction_text


def counted_table(
    teller: Teller,
    head: str,
    name: str,
    label: str | None,
    rows: Sequence[tuple[str, Sequence[Tally]]],
    heads: Sequence[str] = (),
    beside: Sequence[Sequence[str]] = (),
) -> None:
    """The tallies of one name, row by row, with what stands `beside` each of them under `heads`."""
    own = [[tally for tally in tallies if tally.name == name] for _, tallies in rows]
    every = [tally for tallies in own for tally in tallies]
    # In the order of the row that has most of them; what only others have comes behind.
    whats = list(dict.fromkeys(tally.what for tally in (*max(own, key=len, default=[]), *every)))
    totals = [what for what in whats if any(tally.what == what and tally.total is not None for tally in every)]
    columns = [(head, "right"), *((_heading(teller, what), "right") for what in whats)]
    columns += [(teller.say("total", **({"unit": what[3]} if what[3] else {})), "right") for what in totals]
    columns += [(one, "right") for one in heads]
    lines = []
    for number, (value, _) in enumerate(rows):
        known = {tally.what: tally for tally in own[number]}
        cells = [str(known[what].number) if what in known else "0" for what in whats]
        cells += [_total(known.get(what)) for what in totals]
        lines.append([value, *cells, *(beside[number] if beside else ())])
    teller.gap()
    teller.tell("plain", text=teller.called(name, label))
    teller.show(columns, lines)


def _heading(teller: Teller, what: What) -> str:
    _, state, result, _ = what
    if result is not None:
        return result
    return teller.say("number") if state in ("value", "follows") else teller.state(state)


def _total(tally: Tally | None) -> str:
    return "0" if tally is None or tally.total is None else fraction_text(tally.total)
