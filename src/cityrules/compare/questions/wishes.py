"""What an office wishes of a scheme on some rows: at most, or at least, so many cells of a measure or consequence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from cityrules.compare.questions.asking import Ran, known_name
from cityrules.compare.questions.rising import Counted
from cityrules.compare.unanswerable import Unanswerable
from cityrules.feel.types import Number
from cityrules.plan.model import Plan
from cityrules.results.verdicts import VerdictKind
from cityrules.scheme.notation import plain_number
from cityrules.text.diagnostic import Diagnostic

NO_WISH: Final = "CR1126"
NO_FORM: Final = "CR1117"
NO_WHOLE: Final = "CR1129"

Side = Literal["at most", "at least"]
_SIDES: Final[Mapping[str, Side]] = {
    "at most": "at most", "至多": "at most", "最多": "at most", "不超过": "at most", "不多于": "at most",
    "at least": "at least", "至少": "at least", "最少": "at least", "不少于": "at least", "不低于": "at least",
}  # fmt: skip
_OPS: Final[Mapping[str, Literal["=", "<", "<=", ">", ">="]]] = {one: one for one in ("=", "<", "<=", ">", ">=")}
_WISH: Final = re.compile(
    r"(?P<name>[^\s=<>]+)(?:\s*(?P<op><=|>=|=|<|>)\s*(?P<what>[^\s].*?))?"
    rf"\s*(?P<side>{'|'.join(_SIDES)})\s*(?P<number>[0-9]{{1,30}}(?:\.[0-9]{{1,30}})?)\s*(?P<part>[%％]?)"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """That what is `counted` comes to at most, or at least, a `bound`: a number of cells, or with `share` a part of the
    cells that have a value."""

    counted: Counted
    side: Side
    bound: Fraction
    share: bool = False

    def __str__(self) -> str:
        return f"{self.said} {self.side} {self.most}"

    @property
    def said(self) -> str:
        """What is counted, in words."""
        what = self.counted.what
        said = plain_number(what) if isinstance(what, Fraction) else what
        return self.counted.name if what is None else f"{self.counted.name} {self.counted.op} {said}"

    @property
    def most(self) -> str:
        """The bound, in words."""
        return f"{plain_number(self.bound * 100)}%" if self.share else plain_number(self.bound)

    def holds(self, number: int, of: int | None) -> bool:
        """Whether so many of so many are what is wished. Of no cells at all no part is: a wish for a part does not
        hold."""
        if self.share and not of:
            return False
        found = Fraction(number, of) if self.share and of else Fraction(number)
        return found <= self.bound if self.side == "at most" else found >= self.bound

    def count(self, ran: Ran, kind: VerdictKind) -> tuple[int, int | None]:
        """How many cells are as counted, and of how many that have a value (None of consequences, of which what does
        not follow has no row)."""
        name, what, op = self.counted.name, self.counted.what, self.counted.op
        found = [verdict for about, verdict in ran.run.verdicts.items() if about.name == name]
        if kind == "consequence" or op is None:
            if what is None:
                return sum(verdict.state == "follows" for verdict in found), None
            return sum(tally.number for tally in ran.tallies if tally.name == name and tally.result == what), None
        valued = [verdict.text or "" for verdict in found if verdict.state == "value"]
        if not isinstance(what, Fraction):
            return sum(text == what for text in valued), len(valued)
        numbers = [Fraction(text) for text in valued]
        held = {
            "=": lambda one: one == what, "<": lambda one: one < what, "<=": lambda one: one <= what,
            ">": lambda one: one > what, ">=": lambda one: one >= what,
        }  # fmt: skip
        return sum(held[op](one) for one in numbers), len(numbers)


def wish_of(text: str | Wish, plan: Plan) -> Wish:
    """A wish out of words: `grade = bad at most 10%`, `score < 60 at most 3`, `talk at least 1`, `months = suspend at
    most 2` (a step of a ladder). Raises Unanswerable for what is none, and for a name or label that there is not."""
    wish = text if isinstance(text, Wish) else _read(text)
    name, op, what = wish.counted.name, wish.counted.op, wish.counted.what
    known_name(plan, name)
    said = str(wish)
    if name in plan.checks:
        raise _no_wish(said, [*plan.measures, *plan.consequences])
    if name in plan.consequences:
        steps = [step.name for step in plan.consequences[name].steps]
        if what is not None and (op != "=" or what not in steps):
            raise _no_wish(said, [f"{name} = {step}" for step in steps] or [name])
        if wish.share:
            raise Unanswerable(Diagnostic(NO_WHOLE, values={"found": said, "name": name}))
        return wish
    measure = plan.measures[name]
    if measure.of_record:
        raise Unanswerable(Diagnostic("CR1121", values={"found": name, "record": measure.grain.kind}))
    if isinstance(measure.type, Number):
        if isinstance(what, str) and re.fullmatch(r"-?[0-9]{1,30}(\.[0-9]{1,30})?", what):
            what = Fraction(what)
        if not isinstance(what, Fraction):
            raise _no_wish(said, [f"{name} < 60", f"{name} >= 90"])
        return Wish(Counted(name, op, what), wish.side, wish.bound, wish.share)
    labels = plan.labels(name)
    if op != "=" or not isinstance(what, str) or (labels and what not in labels):
        raise _no_wish(said, [f"{name} = {label}" for label in labels] or [f"{name} = ..."])
    return wish


def _read(text: str) -> Wish:
    found = _WISH.fullmatch(text.strip())
    if found is None:
        raise Unanswerable(Diagnostic(NO_FORM, values={"found": text[:100]}))
    op = None if found["op"] is None else _OPS[found["op"]]
    number = Fraction(found["number"])
    bound = number / 100 if found["part"] else number
    what = None if found["what"] is None else found["what"].strip().strip("\"“”'")
    return Wish(Counted(found["name"], op, what), _SIDES[found["side"]], bound, bool(found["part"]))


def _no_wish(found: str, expected: list[str]) -> Unanswerable:
    return Unanswerable(Diagnostic(NO_WISH, values={"found": found, "expected": "; ".join(expected)}))
