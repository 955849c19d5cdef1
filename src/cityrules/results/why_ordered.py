"""Why a band, a place or a run came out: the bound that held, the neighbours, the periods in a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Final

from cityrules.plan.model import Bands, Rank, Run
from cityrules.results.explanation import Explanation, line
from cityrules.results.places import Place
from cityrules.results.trail import Trail, constant_text

_LONGEST_RUN: Final = 120
_TIED_SHOWN: Final = 10


def explain_bands(trail: Trail, bands: Bands, here: Place) -> tuple[Explanation, ...]:
    """The banded value, the bound that held, and the bound of the band before it, with the parameters they name."""
    value = trail.evaluate(bands.value.tree, here)
    # A value that is a single field is already on the line of the band.
    names = tuple(name for name in trail.names(bands.value, here) if name.values.get("name") != bands.value.text)
    if not isinstance(value, (int, Fraction)):
        stand_in = constant_text(bands.missing.value) if bands.missing else None
        return (line("band_of_nothing", text=bands.value.text, grade=stand_in), *names)
    bounds = [(_number(trail.evaluate(bound.tree, here)), bound, label) for bound, label in bands.bounds]
    held = next((n for n, (at, _, _) in enumerate(bounds) if at is not None and _holds(bands.word, value, at)), None)
    shown: dict[str, object] = {"text": bands.value.text, "value": _shown(trail, bands, here, value)}
    if held is None:
        lines = [line("otherwise", grade=constant_text(bands.otherwise), **shown)]
    else:
        at, bound, label = bounds[held]
        told: dict[str, object] = {"word": bands.word, "bound": constant_text(at), "grade": constant_text(label)}
        lines = [line("band", *trail.names(bound, here), **told, **shown)]
    before = len(bounds) - 1 if held is None else held - 1
    if before >= 0 and (at := bounds[before][0]) is not None:
        _, bound, label = bounds[before]
        told = {"word": bands.word, "bound": constant_text(at), "grade": constant_text(label)}
        lines.append(line("next_band", *trail.names(bound, here), distance=constant_text(abs(at - value)), **told))
    return (*lines, *names)


def _number(value: object) -> Fraction | None:
    return Fraction(value) if isinstance(value, (int, Fraction)) else None


def _holds(word: str, value: int | Fraction, bound: Fraction) -> bool:
    match word:
        case "at_least":
            return value >= bound
        case "above":
            return value > bound
        case "up_to":
            return value <= bound
        case _:
            return value < bound


def _shown(trail: Trail, bands: Bands, here: Place, value: int | Fraction) -> str | None:
    row = None
    if not here.of_record:
        row = trail.cells.row(
            "grades",
            target_kind=here.kind,
            target=here.target,
            period=trail.reader.period_name(here),
            measure=bands.name,
        )
    return str(row["value"]) if row and row["value"] is not None else constant_text(value, bands.value.type)


def explain_rank(trail: Trail, rank: Rank, here: Place) -> tuple[Explanation, ...]:
    """The place in its group, and who stands directly before, beside and after."""
    own = trail.cells.row(
        "ranks", target_kind=here.kind, target=here.target, period=trail.reader.period_name(here), measure=rank.name
    )
    if own is None:
        return trail.names(rank.value, here)
    then = [line("tie_break", text=expr.text, direction="high" if high else "low") for expr, high in rank.tie_breaks]
    head = line(
        "rank",
        text=rank.value.text,
        direction="high" if rank.high else "low",
        value=own["value"],
        place=own["place"],
        size=own["size"],
        tied=own["tied"] if own["tied"] not in (None, 1) else None,
        group=own["group"],
    )
    group = trail.cells.rows(
        "ranks", target_kind=here.kind, period=trail.reader.period_name(here), measure=rank.name, group=own["group"]
    )
    placed = sorted(
        (row for row in group if isinstance(row["place"], int)),
        key=lambda row: (row["place"], str(row["target"])),
    )
    at = next((n for n, row in enumerate(placed) if row["target"] == own["target"]), None)
    around = []
    if at is not None:
        tied = [n for n, row in enumerate(placed) if row["place"] == own["place"]]
        shown = [n for n in (tied[0] - 1, *tied[:_TIED_SHOWN], at, tied[-1] + 1) if 0 <= n < len(placed)]
        around = [
            line("here" if n == at else "neighbour", target=placed[n]["target"], place=placed[n]["place"],
                 value=_standing(trail, rank, placed[n], here))
            for n in dict.fromkeys(sorted(shown))
        ]  # fmt: skip
    read = tuple(
        part for expr in (rank.value, *(expr for expr, _ in rank.tie_breaks)) for part in trail.names(expr, here)
    )
    return (head, *then, *around, *read)


def _standing(trail: Trail, rank: Rank, row: Mapping[str, object], here: Place) -> str:
    """What the place of a row goes by: its value, and what decides between equal ones."""
    values = [str(row["value"])]
    if rank.tie_breaks:
        other = replace(here, target=str(row["target"] or ""))
        values += [str(constant_text(trail.evaluate(expr.tree, other), expr.type)) for expr, _ in rank.tie_breaks]
    return ", ".join(values)


def explain_run(trail: Trail, run: Run, here: Place) -> tuple[Explanation, ...]:
    """The periods that the run counts, newest first, with the values of the condition in each."""
    value = trail.reader.measured(run.name, here)
    head = line("run", text=run.condition.text, count=constant_text(value), new_year=run.new_year, missing=run.missing)
    lines: list[Explanation] = []
    place: Place | None = here
    while place is not None and len(lines) < _LONGEST_RUN and trail.budget.nodes > 0:
        row = trail.reader.row(run.name, place)
        count = trail.reader.measured(run.name, place)
        if row is None or (count == 0 and lines):
            break
        holds = trail.evaluate(run.condition.tree, place)
        trail.budget.nodes -= 1
        lines.append(
            line("run_cell", *trail.names(run.condition, place), period=trail.reader.period_name(place),
                 count=constant_text(count), holds="yes" if holds is True else "no" if holds is False else "unknown")
        )  # fmt: skip
        if not count:
            break
        place = _before(trail, run, place)
    return (head, *lines)


def _before(trail: Trail, run: Run, place: Place) -> Place | None:
    """The cell before; none where the run starts anew with the year."""
    if place.index is None or place.period is None:
        return None
    if run.new_year == "breaks" and trail.reader.periods.years_apart(place.period, place.index):
        return None
    return Place(place.kind, place.target, place.period, place.index - 1)
