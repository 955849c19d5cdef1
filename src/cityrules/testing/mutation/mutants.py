"""One small error at a time put into a document: what is changed, where, from what to what.

The errors are those of `operators.yaml`, made on the plain tree and on the syntax tree of each expression. Whether
what comes out is a scheme at all is for the checker to say; nothing is built or run here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from cityrules.scheme.places import Path
from cityrules.testing.mutation.expressions import rewritings
from cityrules.testing.mutation.names import Names
from cityrules.testing.mutation.operators import operators
from cityrules.testing.mutation.sites import BodySite, ListSite, MapSite, TextSite, sites
from cityrules.testing.mutation.words import days_beside, lengths, numbers, rounded, spans

Kind = Literal[
    "number", "comparison", "connective", "arithmetic", "function", "condition", "constant", "range", "reference",
    "time", "date", "rounding", "policy", "word", "label", "key", "bound", "left out", "order", "exchange", "direction",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """One error: of what `kind`, at which `path` of the document, what stood there and what stands there now.

    `change`: the address of the nearest thing that an overlay can replace (lists have no addresses inside), and what
    it becomes; None removes it.
    """

    kind: Kind
    path: Path
    before: str
    after: str
    change: tuple[Path, object]

    @property
    def address(self) -> str:
        return ".".join(self.path)


def mutants(raw: Mapping[str, Any]) -> tuple[Mutant, ...]:
    """Every mutant of a document, in the order of its text; of those that come to the same, the first."""
    names = Names.of(raw)
    known = operators()
    found: dict[tuple[Path, str], Mutant] = {}
    for site in sites(raw, known.sections, known.passed_over):
        made: Iterator[Mutant]
        match site:
            case TextSite():
                made = _of_text(site, raw, names)
            case MapSite():
                made = _of_map(site, raw)
            case BodySite():
                made = _of_body(site, raw)
            case ListSite():
                made = _of_list(site, raw)
        for one in made:
            found.setdefault((one.change[0], repr(one.change[1])), one)
    return tuple(found.values())


# ------------------------------------------------------------------------------------------------------------- texts


def _of_text(site: TextSite, raw: Mapping[str, Any], names: Names) -> Iterator[Mutant]:
    for kind, new in _texts(site, raw, names):
        if new != site.text:
            yield Mutant(kind, site.path, site.text, new, changed(raw, site.path, new))


def _texts(site: TextSite, raw: Mapping[str, Any], names: Names) -> Iterator[tuple[Kind, str]]:
    known = operators()
    text = site.text
    match site.sort:
        case "expression":
            yield from rewritings(text, names, turn=site.key in known.conditions)
        case "number":
            for new in numbers(text):
                yield "number", new
        case "label":
            yield from _labels(site, names)
        case "rounding":
            for new in rounded(text):
                yield "rounding", new
        case "time":
            for new in spans(text):
                yield "time", new
        case "date":
            for new in days_beside(text):
                yield "date", new
        case "name" | "other" if site.key in known.of_rules:
            others = list(_at(raw, site.path[:2]).get("rules", {}))
            if text in others and len(others) > 1:
                yield "reference", others[(others.index(text) + 1) % len(others)]
        case "name":
            other = names.like(text)
            if other is not None and site.key not in ("each", "over", "count"):
                yield "reference", other
        case "word":
            for word in site.words:
                yield "word", word
        case "other" if site.of == "ParameterBody" and site.key in ("value", "values"):
            yield from _dial(text)
        case _:
            first, _space, rest = text.partition(" ")
            if site.key in known.turned and first in known.directions:
                yield "direction", f"{known.directions[first]} {rest}"


def _dial(text: str) -> Iterator[tuple[Kind, str]]:
    """A parameter is a number, a length of time, a day or a word."""
    made = tuple(numbers(text))
    for new in made:
        yield "number", new
    if not made:
        for new in spans(text):
            yield "time", new
        for new in days_beside(text):
            yield "date", new


def _labels(site: TextSite, names: Names) -> Iterator[tuple[Kind, str]]:
    """What holds in a special case, or a result."""
    words = operators().policies.get(site.key, ())
    made = tuple(numbers(site.text))
    for new in made[:1] if site.key == "rows" else made:
        yield "number", new
    for word in words:
        yield "policy", word
    if not words and not made:
        times = tuple(lengths(site.text))
        for new in times:
            yield "time", new
        other = None if times else names.other_label(site.text)
        if other is not None:
            yield "label", other


# -------------------------------------------------------------------------------------------------------------- maps


def _of_map(site: MapSite, raw: Mapping[str, Any]) -> Iterator[Mutant]:
    known = operators()
    names = list(site.value)
    if site.named in ("other", "date") and (site.key in known.values or site.key == "values"):
        for name in names:
            beside = days_beside(name) if site.named == "date" else numbers(name)
            for new in beside:
                if new not in names:
                    yield _replaced(raw, site.path, {name: new}, "bound" if site.named != "date" else "date", name, new)
    if site.key in known.entries and len(names) > 1:
        for name in names:
            yield Mutant("left out", (*site.path, name), _short(site.value[name]), "", ((*site.path, name), None))
    if site.key in known.ordered or (site.key == "rules" and _first_decides(raw, site.path)):
        for one, other in pairwise(names):
            turned = _turned(names, one, other)
            value = {name: site.value[name] for name in turned}
            yield Mutant("order", (*site.path, other), f"{one}, {other}", f"{other}, {one}", (site.path, value))
    if site.key in known.values:
        for one, other in pairwise(names):
            if site.value[one] != site.value[other]:
                value = {**site.value, one: site.value[other], other: site.value[one]}
                was, now = (f"{one}: {_short(m[one])}, {other}: {_short(m[other])}" for m in (site.value, value))
                yield Mutant("exchange", (*site.path, one), was, now, (site.path, value))


def _first_decides(raw: Mapping[str, Any], path: Path) -> bool:
    """Whether of several rules that hit the first one counts."""
    together = _at(raw, path[:2]).get("together")
    words = together.values() if isinstance(together, Mapping) else [together]
    return any(word in operators().first_decides for word in words)


def _of_body(site: BodySite, raw: Mapping[str, Any]) -> Iterator[Mutant]:
    known = operators()
    yield from _restarts(site, raw)
    for key, value in site.value.items():
        if key in known.left_out and key not in site.required and site.path:
            yield Mutant("left out", (*site.path, key), _short(value), "", ((*site.path, key), None))
        for new in known.keys.get(key, ()):
            if (new in site.known or (new in known.forms and key in known.forms)) and new not in site.value:
                yield _replaced(raw, site.path, {key: new}, "key", key, new)


def _restarts(site: BodySite, raw: Mapping[str, Any]) -> Iterator[Mutant]:
    """A ladder that begins anew after another step, or never, or does: what is then over goes with it."""
    before = site.value.get("restarts")
    if before is None:
        return
    for step in (None, *site.value.get("steps", {})):
        after = "no" if step is None else f"after {step}"
        body = {key: value for key, value in site.value.items() if key != "surplus" or step is not None}
        body |= {"restarts": after} | ({"surplus": "dropped"} if step is not None and "surplus" not in body else {})
        if after != before:
            yield Mutant("policy", (*site.path, "restarts"), str(before), after, changed(raw, site.path, body))


def _of_list(site: ListSite, raw: Mapping[str, Any]) -> Iterator[Mutant]:
    known = operators()
    for place, one in enumerate(site.value):
        here = (*site.path, str(place))
        if site.key in known.shorter and len(site.value) > 1:
            left = [*site.value[:place], *site.value[place + 1 :]]
            yield Mutant("left out", here, _short(one), "", changed(raw, site.path, left))
        if site.key in known.turned and place:
            before = site.value[place - 1]
            new = [*site.value[: place - 1], one, before, *site.value[place + 1 :]]
            was, now = f"{_short(before)}, {_short(one)}", f"{_short(one)}, {_short(before)}"
            yield Mutant("order", here, was, now, changed(raw, site.path, new))


# ------------------------------------------------------------------------------------------------------------ changes


def changed(raw: Mapping[str, Any], path: Path, new: object) -> tuple[Path, object]:
    """The change by which a new value comes to stand at a path: of the whole list where the path leads into one."""
    value: Any = raw
    for length, name in enumerate(path):
        value = value[int(name)] if isinstance(value, (list, tuple)) else value[name]
        if isinstance(value, (list, tuple)) and length + 1 < len(path):
            return path[: length + 1], _inside(value, path[length + 1 :], new)
    return path, new


def _inside(value: Any, path: Path, new: object) -> object:
    """A list or map with another value at a path inside it."""
    if not path:
        return new
    if isinstance(value, (list, tuple)):
        place = int(path[0])
        return [*value[:place], _inside(value[place], path[1:], new), *value[place + 1 :]]
    return {**value, path[0]: _inside(value[path[0]], path[1:], new)}


def _replaced(
    raw: Mapping[str, Any], path: Path, keys: Mapping[str, str], kind: Kind, before: str, after: str
) -> Mutant:
    """A map with another key in the place of one."""
    value = _at(raw, path)
    new = {keys.get(key, key): each for key, each in value.items()}
    return Mutant(kind, (*path, before), before, after, changed(raw, path, new))


def _at(raw: Mapping[str, Any], path: Path) -> Any:
    """What stands at a path."""
    value: Any = raw
    for name in path:
        value = value[int(name)] if isinstance(value, (list, tuple)) else value[name]
    return value


def _turned(names: Sequence[str], one: str, other: str) -> list[str]:
    return [{one: other, other: one}.get(name, name) for name in names]


def _short(value: object, most: int = 80) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        text = "{" + ", ".join(f"{key}: {_short(each)}" for key, each in value.items()) + "}"
    elif isinstance(value, (list, tuple)):
        text = "[" + ", ".join(_short(each) for each in value) + "]"
    else:
        text = str(value)
    return text if len(text) <= most else text[: most - 1] + "…"
