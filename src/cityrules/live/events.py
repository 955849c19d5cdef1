"""What can happen to a session, and how it is written: one line of JSON an event. Knows no scheme.

    {"post": "finding", "row": {"no": "F1", "squad": "East", "found_on": "2024-03-05"}, "id": "m-17"}
    {"correct": "finding", "row": {"no": "F1", "squad": "West", "found_on": "2024-03-05"}, "reason": "wrong squad"}
    {"annul": "finding", "key": {"no": "F1"}, "reason": "reported twice"}
    {"advance": "2024-04-01T00:00:00"}
    {"close": "2024-03"}

`row` may be one of a record or of a target. `id` is the host's own name of an event, by which it is known when it comes
again; `reason` is kept for whoever reads the journal.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, get_args

from cityrules.io.normal import to_text

What = Literal["post", "correct", "annul", "advance", "close"]
Texts = Mapping[str, str | None]

_WHAT: Final[tuple[What, ...]] = get_args(What)
_REST: Final[Mapping[What, tuple[str, ...]]] = {
    "post": ("row", "id"),
    "correct": ("row", "reason", "id"),
    "annul": ("key", "reason", "id"),
    "advance": ("id",),
    "close": ("id",),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `on`: the kind of record or target, the moment, or the period. `values`: the row, or the
    key of what is annulled. `number`: its place in the journal, from 1; 0 while it is in none."""

    what: What
    on: str
    values: Texts = field(default_factory=dict)
    reason: str | None = None
    id: str | None = None
    number: int = 0

    def line(self) -> str:
        """The event as a line of JSON, without its end."""
        said: dict[str, Any] = {self.what: self.on}
        if self.what in ("post", "correct"):
            said["row"] = {name: text for name, text in self.values.items() if text is not None}
        elif self.what == "annul":
            said["key"] = dict(self.values)
        said |= {name: text for name, text in (("reason", self.reason), ("id", self.id)) if text is not None}
        return json.dumps(said, ensure_ascii=False)


def said_as(
    what: What, on: str, values: Mapping[str, Any] | None, reason: str | None, id: str | None
) -> dict[str, Any]:
    """An event as it is said, of its parts."""
    named = {"key" if what == "annul" else "row": values, "reason": reason, "id": id}
    return {what: on, **{name: value for name, value in named.items() if value is not None}}


class NotAnEvent(ValueError):
    """A text or mapping that says no event. Its argument is what is wrong with it."""


def said_in(line: str) -> dict[str, Any]:
    """The JSON object in a line. Numbers keep their digits. Raises NotAnEvent."""
    try:
        # Never a binary float: 0.10 stays what was written.
        found = json.loads(line, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_each_once)
    except (ValueError, RecursionError):
        raise NotAnEvent(line[:80]) from None
    if not isinstance(found, dict):
        raise NotAnEvent(line[:80])
    return found


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object. One that has a name twice says two things."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


def parts_of_event(said: Mapping[str, Any]) -> tuple[What, str, Mapping[str, Any], str | None, str | None]:
    """What an event says: what, on what, the row or key, the reason and the id. Raises NotAnEvent."""
    whats = [what for what in _WHAT if what in said]
    if len(whats) != 1:
        raise NotAnEvent(", ".join(sorted(map(str, said)))[:80])
    what = whats[0]
    wrong = sorted(str(name) for name in said.keys() - {what, *_REST[what]})
    values = said.get("key" if what == "annul" else "row", {})
    texts = {name: said.get(name) for name in (what, "reason", "id")}
    wrong += [name for name, text in texts.items() if not _is_text(text) and (name == what or text is not None)]
    if not isinstance(values, Mapping):
        wrong.append("key" if what == "annul" else "row")
    if wrong:
        raise NotAnEvent(", ".join(wrong)[:80])
    return what, str(texts[what]), values, texts["reason"], texts["id"]


def _is_text(thing: object) -> bool:
    """Whether something can be written to a file."""
    return isinstance(thing, str) and to_text(thing)[1] is None
