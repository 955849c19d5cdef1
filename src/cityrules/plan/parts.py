"""One expression of the document before types: its text, its place, and the measures that it reads.

All complaints about names that exist but cannot be read here are made here; the expression checker complains about
names that nothing has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from cityrules.feel import ast
from cityrules.feel.complaints import Complaints
from cityrules.feel.parser import parse
from cityrules.plan.meanings import Meaning, Place
from cityrules.plan.model import DEADLINE_PARTS
from cityrules.plan.reporting import Address, Reporter, listed
from cityrules.plan.scope import BACK, FOLLOWED
from cityrules.plan.unreadable import Refusal, why_not
from cityrules.scheme.notation import NAME, FieldType
from cityrules.text.diagnostic import Report
from cityrules.text.source import Span
from cityrules.text.suggest import nearest

_VALUES: Final = {"true", "false", "null"}
_NUMBER: Final = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,15})?")


@dataclass(frozen=True, slots=True)
class Part:
    """An expression at an address: the text there from character `offset` on, or (`of_key`) the key itself.

    `reads`: the measures and consequences it reads; `sound`: each of its names means exactly one thing or nothing.
    """

    path: Address
    text: str
    place: Place
    offset: int
    reads: tuple[str, ...]
    sound: bool
    of_key: bool = False
    syntax: ast.Expr | None = None

    def locate(self, reporter: Reporter, start: int, end: int) -> Span | None:
        """Where characters of the expression stand in the file."""
        text = reporter.loaded.locate_key(self.path) if self.of_key else reporter.loaded.locate(self.path)
        if text is None:
            return reporter.loaded.span(self.path)
        return text.part(self.offset + start, self.offset + end)


def read_part(
    reporter: Reporter, path: Address, text: str, place: Place, offset: int = 0, *, of_key: bool = False
) -> Part:
    """The expression at `path`, its names looked up."""
    complaints = Complaints(Report(), text)
    # Most amounts are a number and nothing else; that much is read without the parser.
    plain = _NUMBER.fullmatch(text)
    syntax = ast.Constant(0, len(text), Fraction(text)) if plain else parse(text, complaints)
    reads: dict[str, None] = {}
    refusals: list[tuple[Refusal, int, int]] = []
    doubtful = False
    for node in _names(syntax) if syntax is not None else ():
        refusal = _call(place, node, reads) if isinstance(node, ast.Call) else _path(place, node, reads)
        # What calls a table with a fault of its own is not judged.
        doubtful = doubtful or (isinstance(node, ast.Call) and place.ground.tables.get(node.name, place) is None)
        if refusal is not None:
            refusals.append((refusal, node.start, _end(place, node, refusal)))
    # Mistakes of syntax are left to the checker, which then reads the text again.
    clean = None if complaints.count else syntax
    part = Part(path, text, place, offset, tuple(reads), not refusals and not doubtful, of_key, clean)
    for refusal, start, end in refusals:
        reporter.put(refusal.code, part.locate(reporter, start, end), path, refusal.values)
    return part


def foreign_names(part: Part, known: Iterable[str]) -> Iterator[tuple[str, int, int]]:
    """The names of an expression that are none of the known ones, each with its place in the text."""
    for node in _names(part.syntax) if part.syntax is not None else ():
        name = node.names[0] if isinstance(node, ast.Path) else node.name if node.name in FOLLOWED else None
        if name is not None and name not in known:
            yield ".".join(node.names) if isinstance(node, ast.Path) else name, node.start, node.end


def result_part(reporter: Reporter, path: Address, text: str, place: Place) -> Part:
    """A result: an expression, in which a single word that names nothing here is a label and needs no quotes."""
    word = text.strip()
    if re.fullmatch(NAME, word) and word not in _VALUES and not place.meanings(word):
        return Part(path, text, place, 0, (), True, False, ast.Constant(0, len(text), word))
    return read_part(reporter, path, text, place)


def _path(place: Place, node: ast.Path, reads: dict[str, None]) -> Refusal | None:
    """What is wrong with a name, if it is known at all; a measure is noted in `reads`."""
    names = node.names
    if names[0] in place.ground.deadlines:
        names = (".".join(names[:2]), *names[2:])
        if names[0] not in place.ground.measures:
            expected = ", ".join(f"{node.names[0]}.{part}" for part in DEADLINE_PARTS)
            values: dict[str, object] = {"found": names[0], "name": node.names[0], "expected": expected}
            if len(node.names) > 1 and (meant := nearest(names[0], expected.split(", "))):
                values["suggestion"] = meant
            return Refusal("CR813", values)
    else:
        known = place.named(names)
        names = (known, *names[known.count(".") + 1 :])
    found = place.meanings(names[0])
    if len(found) != 1:
        return why_not(place, names, found)
    if found[0].what == "measure":
        reads[found[0].name] = None
    return _no_such_field(place, found[0], node.names) if found[0].what == "field" else None


def _no_such_field(place: Place, field: Meaning, names: tuple[str, ...]) -> Refusal | None:
    """What is wrong with a path that goes on behind a reference to something that the other record does not have."""
    ground, rest = place.ground, names[field.name.count(".") + 1 :]
    record = ground.records.get(field.owner)
    if record is None:
        return None  # The rows of a consequence refer to nothing.
    for step in field.name.split("."):
        kind = record.references.get(step)
        if kind is None:
            return _no_such_name(place, record.types.get(field.name), names) if rest else None
        record = ground.records[kind]
    if not rest:
        return None
    values: dict[str, object] = {"found": rest[0], "record": record.name, "expected": listed(record.fields)}
    if meant := nearest(rest[0], record.fields):
        values["suggestion"] = meant
    return Refusal("CR933", values)


def _no_such_name(place: Place, type_: FieldType | None, names: tuple[str, ...]) -> Refusal | None:
    """What is wrong with a path that goes on behind a field which names a target."""
    ground = place.ground
    start = ground.kinds.get(type_.kind or "") if type_ is not None else None
    if start is None:
        return None
    known = [*start.ancestors, *(name for kind in (start.name, *start.ancestors) for name in ground.kinds[kind].fields)]
    found = names[-1]
    if found in known:
        return Refusal("CR984", {"found": ".".join(names), "name": found, "grain": place.cell.grain})
    values: dict[str, object] = {"found": found, "kind": start.name, "expected": listed(known) or "-"}
    if meant := nearest(found, known):
        values["suggestion"] = meant
    return Refusal("CR983", values)


def _end(place: Place, node: ast.Path | ast.Call, refusal: Refusal) -> int:
    """The end of what a complaint points at."""
    if isinstance(node, ast.Call):
        return node.end
    # `month.start` is one name to the reader; of `found_on.year` only the first part is looked up here.
    if node.names[0] in place.ground.deadlines:
        return node.ends[:2][-1]
    if refusal.code in ("CR933", "CR983", "CR984"):
        return node.ends[-1]
    return node.ends[-1 if node.names[0] in place.ground.periods else 0]


def _call(place: Place, node: ast.Call, reads: dict[str, None]) -> Refusal | None:
    """What is wrong with a function over names, if it is one; a consequence is noted in `reads`."""
    if node.name in FOLLOWED:
        return _followed(place, node, reads)
    if node.name not in BACK and node.name != "tied":
        return None
    argument = node.arguments[0] if len(node.arguments) == 1 else None
    name = place.ground.named(argument.names) if isinstance(argument, ast.Path) else ""
    if not isinstance(argument, ast.Path) or ".".join(argument.names) != name:
        return Refusal("CR450", {"found": node.name})
    found = place.meanings(name)
    if len(found) != 1:
        return None  # The name itself gets the complaint.
    if found[0].what != "measure":
        return Refusal("CR450", {"found": node.name})
    grain = place.ground.measures[found[0].name]
    if node.name == "tied" and name not in place.ground.ranks:
        return Refusal("CR452", {"found": name})
    if node.name in BACK and grain.period is None:
        return Refusal("CR451", {"found": name, "grain": grain, "function": node.name})
    if node.name == "year_before" and grain.period is not None and not place.ground.periods[grain.period].returns:
        return Refusal("CR825", {"found": name, "period": grain.period})
    return None


def _followed(place: Place, node: ast.Call, reads: dict[str, None]) -> Refusal | None:
    """What is wrong with a function over a consequence."""
    asks_day = node.name == "in_force"
    argument = node.arguments[0] if len(node.arguments) == 1 + asks_day else None
    if not isinstance(argument, ast.Path) or len(argument.names) > 2:
        return Refusal("CR917" if asks_day else "CR910", {"found": node.name})
    name, *step = argument.names
    following = place.ground.following.get(name)
    known = [*place.ground.following] if following is None else [f"{name}.{one}" for one in following.steps]
    if following is None or (step and step[0] not in following.steps):
        found = name if following is None else ".".join(argument.names)
        values: dict[str, object] = {"found": found, "expected": listed(known)}
        if meant := nearest(found, known):
            values["suggestion"] = meant
        return Refusal("CR911", values)
    if asks_day and not isinstance(node.arguments[1], ast.Path):
        return Refusal("CR917", {"found": node.name})
    if asks_day and (step[0] if step else None) not in following.lasting:
        return Refusal("CR916", {"found": ".".join(argument.names)})
    if not asks_day and place.side_of(following.grain) is None:
        return why_not(place, (name,), [])
    reads[name] = None
    return None


def _names(syntax: ast.Expr) -> Iterator[ast.Path | ast.Call]:
    """Every name and every call, from left to right."""
    waiting: list[ast.Expr] = [syntax]
    while waiting:
        node = waiting.pop()
        match node:
            case ast.Path():
                yield node
                continue
            case ast.Call():
                yield node
                if node.name in FOLLOWED or node.name == "sum_of":
                    waiting.extend(node.arguments[1:])
                    continue
        waiting.extend(reversed(_children(node)))


def _children(node: ast.Expr) -> list[ast.Expr]:
    match node:
        case ast.Dot():
            return [node.base]
        case ast.Call():
            return list(node.arguments)
        case ast.Minus():
            return [node.operand]
        case ast.Binary() | ast.Relation():
            return [node.left, node.right]
        case ast.Junction():
            return list(node.items)
        case ast.Between():
            return [node.value, node.low, node.high]
        case ast.In():
            return [node.value, *(part for test in node.tests for part in _of_test(test))]
        case ast.Choice():
            return [node.condition, node.then, node.otherwise]
        case _:
            return []


def _of_test(test: ast.Test) -> list[ast.Expr]:
    return [test.low, test.high] if isinstance(test, ast.RangeTest) else [test.operand]
