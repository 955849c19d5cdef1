"""Collects the parts of one measure: its expressions with their places and axes. Knows no forms."""

from __future__ import annotations

from collections.abc import Sequence

from cityrules.plan.drafts import DIRECTIONS, CapDraft
from cityrules.plan.meanings import Place, place
from cityrules.plan.model import Axis, RecordAxis
from cityrules.plan.parts import Part, read_part, result_part
from cityrules.plan.reporting import Address, Reporter
from cityrules.plan.views import Ground
from cityrules.scheme.notation import Grain, Window


class Pen:
    """Collects the parts of one body."""

    def __init__(self, reporter: Reporter, ground: Ground, path: Address, grain: Grain) -> None:
        self.reporter = reporter
        self.ground = ground
        self.path = path
        self.grain = grain
        self.parts: dict[str, Part] = {}
        self.axes: dict[str, Axis | None] = {}
        self.rules: dict[str, tuple[str, ...]] = {}
        self.caps: list[CapDraft] = []
        self.window: Window | None = None
        self.cell = place(ground, grain)
        self._places: dict[Axis, Place] = {}

    def write(
        self,
        key: str,
        text: str | None,
        axis: Axis | None = None,
        offset: int = 0,
        *,
        path: Address | None = None,
        at: Place | None = None,
    ) -> None:
        """Note an expression about the cell, about the elements of an axis, or at a place of its own. `path`: where it
        stands, if its key does not say."""
        if text is None:
            return
        here = at or self.cell
        if axis is not None:
            here = self.place_of(axis)
        path = (*self.path, *key.split(".")) if path is None else path
        self.parts[key] = read_part(self.reporter, path, text, here, offset)

    def place_of(self, axis: Axis) -> Place:
        """Where expressions about the elements of an axis stand."""
        return self._places.setdefault(axis, place(self.ground, self._around(axis), axis))

    def among(self, names: tuple[str, ...], there: Place, around: Address) -> None:
        """Note names in which elements agree with the cell, once as it has them and once as they do, `there`. `around`:
        the body in which they stand."""
        # One name stands as a text of its own, several in a list.
        single = len(names) == 1 and self.reporter.loaded.locate((*around, "among")) is not None
        for number, name in enumerate(names):
            path = (*around, "among") if single else (*around, "among", str(number))
            own = self.parts[f"among.{number}"] = read_part(self.reporter, path, name, self.cell)
            self.parts[f"like.{number}"] = own if there == self.cell else read_part(self.reporter, path, name, there)

    def _around(self, axis: Axis) -> Grain:
        """The grain of the cell that elements stand in. What a single record is counted with is seen by itself: the
        same for every record that looks back at it."""
        of_record = self.grain.kind in self.ground.records
        return Grain(axis.record) if of_record and isinstance(axis, RecordAxis) else self.grain

    def result(self, key: str, text: str) -> None:
        """Note what a branch gives: an expression about the cell, or a label."""
        self.parts[key] = result_part(self.reporter, (*self.path, *key.split(".")), text, self.cell)

    def key(self, key: str, text: str) -> None:
        """Note an expression about the cell that stands as a key."""
        self.parts[key] = read_part(self.reporter, (*self.path, *key.split(".")), text, self.cell, of_key=True)


def ordered(pen: Pen, key: str, said: Sequence[str]) -> None:
    """What comes first: `high E` or `low E`, one after the other."""
    alone = len(said) == 1 and pen.reporter.loaded.locate((*pen.path, key)) is not None
    for number, text in enumerate(said):
        word, _, rest = text.partition(" ")
        place = (*pen.path, key) if alone else (*pen.path, key, str(number))
        if word not in DIRECTIONS or not rest.strip():
            pen.reporter.refuse("CR492", place, found=text[:60])
        else:
            pen.write(f"{key}.{number}", rest, offset=len(word) + 1, path=place)
