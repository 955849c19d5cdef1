"""Which rows stand: those that were posted, as corrected, without what was annulled. Knows keys, and no meaning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from cityrules.io.rows import DataError
from cityrules.live.events import Event, Texts
from cityrules.model.forms import Form, Place
from cityrules.text.diagnostic import Diagnostic


@dataclass
class Standing:
    """`rows`: by kind and key; several of a kind of which the scheme says which counts. What was posted once is known
    for good, so that it changes nothing when it comes again, whatever became of it since."""

    rows: dict[Place, list[Texts]] = field(default_factory=dict)
    _known: dict[Place, set[tuple[str, ...]]] = field(default_factory=dict)

    def judged(self, form: Form, event: Event) -> Place | None:
        """Which row an event changes; None where it changes nothing. Raises DataError for what cannot be meant."""
        place = (form.kind, form.key_of(event.values))
        known, there = self._known.get(place), self.rows.get(place, [])
        if event.what != "post" and known is None:
            raise _refused("CR184", form, place)
        if event.what == "annul":
            return place if there else None
        sense = form.sense(event.values)
        if event.what == "correct":
            return None if [form.sense(row) for row in there] == [sense] else place
        if known is None or (form.several and sense not in known):
            return place
        if sense in known:
            return None
        raise _refused("CR183", form, place)

    def change(self, form: Form, event: Event, place: Place) -> None:
        """Apply an event that was judged."""
        if event.what == "annul":
            del self.rows[place]
            return
        there = self.rows.get(place, []) if event.what == "post" else []
        self.rows[place] = [*there, event.values]
        self._known.setdefault(place, set()).add(form.sense(event.values))

    def of(self, places: Iterable[Place]) -> dict[str, list[Texts]]:
        """The rows that stand at some places, by kind."""
        found: dict[str, list[Texts]] = {}
        for place in places:
            if place in self.rows:
                found.setdefault(place[0], []).extend(self.rows[place])
        return found


def _refused(code: str, form: Form, place: Place) -> DataError:
    key = ", ".join(f"{name}={text}" for name, text in zip(form.key, place[1], strict=True) if text)
    return DataError([Diagnostic(code, values={"kind": form.kind, "key": key})])
