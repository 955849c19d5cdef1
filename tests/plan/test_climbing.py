"""How a ladder climbs, cell by cell, worked by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from cityrules.plan.climbing import Climb, Number, Rung, lengthened


def walked(climb: Climb, *cells: tuple[Number | None, tuple[Number | str, ...]]) -> list[tuple[Number | None, object]]:
    """The level and the steps that stand, or why it is unknown, of each cell: its value and what the steps look at."""
    rung: Rung[str] = Rung()
    found: list[tuple[Number | None, object]] = []
    for value, looks in cells:
        if value is None:
            rung = climb.lost(rung, "lost")
            found.append((None, ()))
            continue
        moved = climb.climbed(rung, value, looks, "before")
        rung = moved.rung
        found.append((moved.level, dict(moved.unknown) or moved.kept))
    return found


def test_crossing_and_standing() -> None:
    climb = Climb(("reaches", "exceeds", "at_least"))
    cells = [(2, (2, 2, 2)), (3, (2, 2, 2)), (1, (2, 2, 2)), (None, ()), (3, (2, 2, 2)), (4, (2, 2, 2))]
    unknown = {0: "before", 1: "before"}
    assert walked(climb, *cells) == [(2, (0, 2)), (3, (1, 2)), (1, ()), (None, ()), (3, unknown), (4, (2,))]


@pytest.mark.parametrize(
    ("surplus", "levels"),
    [("dropped", [5, 1, 2]), ("carried", [5, 3, 4])],
)
def test_a_restart_takes_off_the_value_or_the_bound(surplus: str, levels: list[int]) -> None:
    climb = Climb(("reaches",), 0, surplus)  # type: ignore[arg-type]
    found = walked(climb, (5, (3,)), (6, (9,)), (7, (9,)))
    assert [level for level, _ in found] == levels


def test_a_value_that_falls_begins_anew() -> None:
    climb = Climb(("reaches",), 0, "carried")
    cells = [(Fraction(7, 2), (3,)), (2, (2,)), (2, (2,))]
    assert walked(climb, *cells) == [(Fraction(7, 2), (0,)), (2, (0,)), (0, ())]


def test_conditions_hold_each_period_or_on_entry() -> None:
    climb = Climb(("each_period", "on_entry"))
    cells: list[tuple[Number | None, tuple[Number | str, ...]]] = [
        (0, (True, True)), (0, (True, True)), (0, ("odd", "even")), (0, (False, True)), (None, ()), (0, (False, True)),
    ]  # fmt: skip
    told = [(0, (0, 1)), (0, (0,)), (0, {0: "odd", 1: "even"}), (0, {1: "even"}), (None, ()), (0, {1: "lost"})]
    assert walked(climb, *cells) == told


def test_a_step_that_cannot_be_told_lets_nothing_begin_anew() -> None:
    """The step would fire; what would follow is unknown. `why` let the count begin anew there."""
    climb = Climb(("reaches", "at_least"), 0, "dropped", highest=True)
    free = climb.climbed(Rung(value=1, level=1), 2, (2, 2), "before")
    assert (free.fired, free.kept, free.restarted, free.rung.level) == ((0, 1), (1,), True, 0)
    void = climb.climbed(Rung(value=1, level=1), 2, (2, 2), "before", void={0: "open"})
    assert (void.fired, dict(void.unknown), void.restarted, void.rung.level) == ((1,), {0: "open"}, False, 2)
    doubt = climb.climbed(Rung(value=1, level=1), 2, (2, 2), "before", doubt=True)
    assert (doubt.fired, dict(doubt.unknown), doubt.rung.level) == ((), {}, 2)


@pytest.mark.parametrize(
    ("before", "held", "missing", "run"),
    [
        (2, True, None, 3), (2, False, "counts", 0), (2, None, None, 0), (2, None, "breaks", 0), (2, None, "holds", 2),
        (2, None, "counts", 3), (None, True, None, None), (None, None, "holds", None), (None, False, "holds", 0),
    ],
)  # fmt: skip
def test_runs(before: int | None, held: bool | None, missing: str | None, run: int | None) -> None:
    assert lengthened(before, held, missing) == run
