"""The rules of a ladder as durable-rules takes them: raw JSON, and what each rule concludes. Knows no process.

Facts are flat, with every field present, of texts and whole numbers only. They are never taken back: each rule joins
facts of one cell, or of a cell and the one before, and what it concludes is a new fact (a count that goes on, a level,
a verdict on a step), so that everything follows by chaining forward. No arithmetic is left to the rules. In every
pattern the last term is a join that always holds (`one`), without which durable-rules reads beyond its memory.

| fact | says |
|---|---|
| `cell` | whether the condition of a run held in a cell |
| `count` | the value of the measure there (`sure` 0: unknown) |
| `rung` | what the cell after (`next`) has to know: the value, what is taken off, the level |
| `climb` | the level that a cell comes to, and the one before |
| `step` | the bound of a step in a cell, or whether its condition held |
| `held` | whether it held, for the cell after |
| `verdict` | whether a step fires |
| `tally` | the verdicts so far, in order of the steps |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from cityrules.live.chain import NO, UNKNOWN, YES, Cell, Mark, Move, Shape

Fact = dict[str, int | str]
Term = dict[str, Any]
Conclusion = Callable[[Fact, Fact], Fact]
"""The new fact from those that matched: the first, and the second (empty where a rule looks at one)."""

_ALWAYS: Final[Term] = {"one": {"a": "one"}}
_SAME: Final[Term] = {"at": {"a": "at"}}
_NEXT: Final[Term] = {"at": {"a": "next"}}


class Rules:
    """The rules for one shape of ladder. `definition`: as raw JSON; `conclusions`: by the name of the rule."""

    def __init__(self, shape: Shape) -> None:
        self.definition: dict[str, dict[str, Any]] = {}
        self.conclusions: dict[str, Conclusion] = {}
        self._shape = shape
        if shape.run is not None:
            self._runs(shape.run)
        self._levels()
        for trigger in dict.fromkeys(shape.climb.triggers):
            self._verdicts(trigger)
        self._tallies()

    def _rule(self, name: str, first: list[Term], second: list[Term] | None, conclude: Conclusion) -> None:
        """A rule over one fact, or over two that are joined by the terms of the second."""
        terms: list[Term] = [{"a": {"$and": first} if len(first) > 1 else first[0]}]
        if second is not None:
            terms.append({"b": {"$and": [*second, _ALWAYS]}})
        self.definition[name] = {"all": terms}
        self.conclusions[name] = conclude

    # ------------------------------------------------------------------------------------------------ the run

    def _runs(self, missing: str) -> None:
        """How many cells in a row: a hit counts one more, a miss none; a missing cell as the author says."""
        unit = self._shape.unit
        does: Mapping[Mark, str] = {
            "hit": "grows",
            "miss": "breaks",
            "missing": {"breaks": "breaks", "holds": "stays", "counts": "grows"}[missing],
        }
        for mark, effect in does.items():
            here: list[Term] = [{"what": "cell"}, {"mark": mark}]
            if effect == "breaks":
                self._rule(f"{mark}_breaks", here, None, lambda cell, _: counted(cell, 0))
                continue
            more = unit if effect == "grows" else 0
            begun = _counts(more)
            self._rule(f"{mark}_begins", [*here, {"anew": 1}], None, begun)
            before: list[Term] = [{"what": "count"}]
            later = [*here, {"anew": 0}, _NEXT]
            self._rule(f"{mark}_goes_on", [*before, {"sure": 1}], later, _goes_on(more))
            self._rule(f"{mark}_unknown_before", [*before, {"sure": 0}], later, lambda _, cell: counted(cell, None))
        self._rule("unknown", [{"what": "cell"}, {"mark": "unknown"}], None, lambda cell, _: counted(cell, None))

    # ------------------------------------------------------------------------------------------------ the level

    def _levels(self) -> None:
        """From the rung of the cell before and the value here to the level here. Where a value is unknown the rung
        stays as it was, with an unknown level."""
        known: list[Term] = [{"what": "count"}, {"sure": 1}]
        unknown: list[Term] = [{"what": "count"}, {"sure": 0}]
        rung: list[Term] = [{"what": "rung"}]
        on: list[Term] = [{"hole": 0}, _NEXT]
        self._rule("first", [*known, {"hole": 1}], None, lambda count, _: _climb(count, 0, 0, 1))
        self._rule("first_unknown", [*unknown, {"hole": 1}], None, lambda count, _: _rung(count, 0, 0, None))
        self._rule(
            "unknown_here", rung, [*unknown, *on], lambda rung, count: _rung(count, rung["value"], rung["offset"], None)
        )
        self._rule(
            "rises", rung, [*known, *on, {"$gte": {"value": {"a": "value"}}}],
            lambda rung, count: _climb(count, rung["offset"], rung["level"], rung["sure"]),
        )  # fmt: skip
        # Where the value falls, everything begins anew; what was unknown stays so.
        self._rule(
            "falls", rung, [*known, *on, {"$lt": {"value": {"a": "value"}}}],
            lambda rung, count: _climb(count, 0, 0, rung["sure"]),
        )  # fmt: skip

    # ------------------------------------------------------------------------------------------------ the steps

    def _verdicts(self, trigger: str) -> None:
        """Whether a step fires, each trigger by rules of its own of which exactly one holds."""
        step: list[Term] = [{"what": "step"}, {"trigger": trigger}]
        climb: list[Term] = [{"what": "climb"}]
        sure, unsure = [*climb, {"sure": 1}], [*climb, {"sure": 0}]

        def over_two(name: str, first: list[Term], says: int, *terms: Term) -> None:
            self._rule(f"{trigger}_{name}", first, [*step, _SAME, *terms], lambda _, found: _verdict(found, says))

        def alone(name: str, held: int, says: int) -> None:
            rest: list[Term] = [{"says": held}]
            self._rule(f"{trigger}_{name}", [*step, *rest], None, lambda found, _: _verdict(found, says))

        match trigger:
            case "at_least":
                over_two("reached", climb, YES, {"$lte": {"bound": {"a": "level"}}})
                over_two("below", climb, NO, {"$gt": {"bound": {"a": "level"}}})
            case "reaches":
                there: Term = {"$lte": {"bound": {"a": "level"}}}
                over_two("crossed", sure, YES, there, {"$gt": {"bound": {"a": "before"}}})
                over_two("there_before", sure, NO, there, {"$lte": {"bound": {"a": "before"}}})
                over_two("perhaps", unsure, UNKNOWN, there)
                over_two("below", climb, NO, {"$gt": {"bound": {"a": "level"}}})
            case "exceeds":
                there = {"$lt": {"bound": {"a": "level"}}}
                over_two("crossed", sure, YES, there, {"$gte": {"bound": {"a": "before"}}})
                over_two("there_before", sure, NO, there, {"$lt": {"bound": {"a": "before"}}})
                over_two("perhaps", unsure, UNKNOWN, there)
                over_two("below", climb, NO, {"$gte": {"bound": {"a": "level"}}})
            case "each_period":
                for name, says in (("holds", YES), ("fails", NO), ("unknown", UNKNOWN)):
                    alone(name, says, says)
            case "on_entry":
                alone("fails", NO, NO)
                alone("unknown", UNKNOWN, UNKNOWN)
                holds: list[Term] = [{"says": YES}]
                self._rule("entry_first", [*step, *holds, {"hole": 1}], None, lambda found, _: _verdict(found, YES))
                for name, was, says in (("enters", NO, YES), ("stays", YES, NO), ("perhaps", UNKNOWN, UNKNOWN)):
                    before: list[Term] = [{"what": "held"}, {"says": was}]
                    later = [*step, *holds, {"hole": 0}, _NEXT, {"turn": {"a": "turn"}}]
                    self._rule(f"entry_{name}", before, later, _concludes(says))
                # What the next cell has to know: nothing is known of a cell whose value is unknown.
                self._rule("entry_held", climb, [*step, _SAME], lambda _, found: _held(found, found["says"]))
                lost: list[Term] = [{"what": "count"}, {"sure": 0}]
                self._rule("entry_lost", lost, [*step, _SAME], lambda _, found: _held(found, UNKNOWN))

    # ------------------------------------------------------------------------------------------------ the end

    def _tallies(self) -> None:
        """The verdicts one by one, then the rung for the next cell."""
        shape, last = self._shape, len(self._shape.climb.triggers)
        self._rule("doubt", [{"what": "climb"}, {"doubt": 1}], None, lambda climb, _: after(climb, 0, shape))
        self._rule("tally", [{"what": "climb"}, {"doubt": 0}], None, lambda climb, _: _tally(climb, 0, 0, last))
        verdict: list[Term] = [{"what": "verdict"}, _SAME, {"turn": {"a": "turn"}}]
        self._rule("next", [{"what": "tally"}, {"done": 0}], verdict, lambda tally, found: _add(tally, found, last))
        self._rule(
            "done", [{"what": "tally"}, {"done": 1}], [{"what": "climb"}, _SAME],
            lambda tally, climb: after(climb, tally["fired"], shape),
        )  # fmt: skip


def facts_of(shape: Shape, cell: Cell) -> Iterator[Fact]:
    """What is known of a cell beforehand. A fact that others are joined to comes last."""
    place: Fact = {"at": cell.at, "next": cell.at + 1, "hole": int(cell.hole), "one": 1}
    for turn, (trigger, number) in enumerate(zip(shape.climb.triggers, cell.steps, strict=True)):
        yield {
            **place,
            "what": "step",
            "turn": turn,
            "trigger": trigger,
            "bound": number,
            "says": number,
            "void": int(turn in cell.void),
        }
    known: Fact = {**place, "doubt": int(cell.doubt), "taken": int(shape.climb.taken_off(cell.steps))}
    if shape.run is not None:
        yield {**known, "what": "cell", "mark": cell.mark, "anew": int(cell.anew)}
    else:
        yield counted(known, None if cell.mark == "unknown" else cell.value)


def fired_steps(mask: int, shape: Shape) -> tuple[int, ...]:
    """The steps that stand, of those that fired."""
    return shape.climb.kept([turn for turn in range(len(shape.climb.triggers)) if mask >> turn & 1])


# Numbers of facts are whole ones, so that arithmetic over them is exact.


def _int(value: int | str) -> int:
    assert isinstance(value, int)
    return value


_PLACE: Final = ("at", "next", "hole", "one", "doubt", "taken")


def counted(cell: Fact, value: int | None) -> Fact:
    """The value of the measure in a cell."""
    known = {name: cell[name] for name in _PLACE}
    return {**known, "what": "count", "value": 0 if value is None else value, "sure": int(value is not None)}


def _counts(more: int) -> Conclusion:
    return lambda cell, _: counted(cell, more)


def _goes_on(more: int) -> Conclusion:
    return lambda before, cell: counted(cell, _int(before["value"]) + more)


def _climb(count: Fact, offset: int | str, before: int | str, sure: int | str) -> Fact:
    level = _int(count["value"]) - _int(offset)
    known = {name: count[name] for name in (*_PLACE, "value")}
    return {**known, "what": "climb", "offset": offset, "level": level, "before": before, "sure": sure}


def _rung(
    place: Fact, value: int | str, offset: int | str, level: int | None, fired: int | str = 0, reached: int | str = 0
) -> Fact:
    """What a cell leaves to the next. `fired`, `reached`: for whoever asks what the ladder did there."""
    return {
        "what": "rung", "at": place["at"], "next": place["next"], "one": 1,
        "value": value, "offset": offset, "level": 0 if level is None else level, "sure": int(level is not None),
        "fired": fired, "reached": reached,
    }  # fmt: skip


def _verdict(step: Fact, says: int) -> Fact:
    if step["void"] and says == YES:
        says = UNKNOWN
    return {"what": "verdict", "at": step["at"], "turn": step["turn"], "says": says, "one": 1}


def _concludes(says: int) -> Conclusion:
    return lambda _, step: _verdict(step, says)


def _held(step: Fact, says: int | str) -> Fact:
    return {"what": "held", "at": step["at"], "next": step["next"], "turn": step["turn"], "says": says, "one": 1}


def _tally(climb: Fact, turn: int, fired: int, last: int) -> Fact:
    return {"what": "tally", "at": climb["at"], "turn": turn, "fired": fired, "done": int(turn == last), "one": 1}


def _add(tally: Fact, verdict: Fact, last: int) -> Fact:
    turn = _int(tally["turn"])
    fires = verdict["says"] == YES
    return _tally(tally, turn + 1, _int(tally["fired"]) | (fires << turn), last)


def after(climb: Fact, fired: int | str, shape: Shape) -> Fact:
    """The rung that a cell leaves: what is taken off from now on, where a step that fired begins the count anew."""
    value, offset = _int(climb["value"]), _int(climb["offset"])
    restart = shape.climb.restart
    if restart is not None and _int(fired) >> restart & 1:
        offset = shape.climb.offset_after(value, offset, _int(climb["taken"]))
    return _rung(climb, value, offset, value - offset, fired, climb["level"])


def move_of(rung: Fact, shape: Shape) -> Move:
    """What the ladder did in a cell, by the rung that it left."""
    at = _int(rung["at"])
    if not rung["sure"]:
        return Move(at, None, None, ())
    return Move(at, _int(rung["value"]), _int(rung["reached"]), fired_steps(_int(rung["fired"]), shape))
