"""What speaks against a row that is sound by itself: whom it names, and what it leaves to nobody. Knows no results."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from sqlglot import exp

from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.columns import Declared
from cityrules.engines.sql.intake import Forbid
from cityrules.engines.sql.places import RecordPlace
from cityrules.engines.sql.query import Query
from cityrules.engines.sql.reading import Reader, guarded, left_calendar
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.world import Records, Targets, World, exists_within
from cityrules.io import grammar
from cityrules.plan import coding
from cityrules.plan.code import Code
from cityrules.plan.lower import lower_flag
from cityrules.plan.model import RecordKind


def unreferred(record: RecordKind, known: Mapping[str, Records], first: int = 0) -> tuple[Forbid, ...]:
    """What says of each field (from column `first` on) that refers to a record whether none of that key is there."""

    def nobody(typed: str, kept: Sequence[str]) -> tuple[exp.Query, Mapping[str, str]]:
        found: dict[str, E] = {}
        reasons = {}
        for place, name in enumerate(record.fields):
            if name in record.references:
                others, value = known[record.references[name]], sql.column(f"v{first + place}", "t")
                same = sql.equals(sql.column(others.fields[others.kind.key[0]], "m"), value)
                accepted = sql.select({"one": sql.number(1)}, sql.table(others.relation, "m"), same)
                found[f"r{place}"] = sql.both(sql.is_there(value), sql.not_(sql.exists(accepted)))
                reasons[grammar.reason(name, grammar.UNKNOWN_RECORD)] = f"r{place}"
        outputs: dict[str, E] = {name: sql.column(name, "t") for name in kept}
        return sql.select({**outputs, **found}, sql.table(typed, "t")), reasons

    return (nobody,) if record.references else ()


def absent(
    columns: Sequence[Declared], targets: Mapping[str, Targets], days: Callable[[Sequence[E]], tuple[E, E]]
) -> tuple[Forbid, ...]:
    """What says of each column whether the target that it names does not exist on any of the `days` of a row."""
    kinds = {place: column.type.kind for place, column in enumerate(columns)}
    mortal = {
        place: targets[kind].lives
        for place, kind in kinds.items()
        if kind is not None and kind in targets and targets[kind].mortal
    }

    def gone(typed: str, kept: Sequence[str]) -> tuple[exp.Query, Mapping[str, str]]:
        values = [sql.column(f"v{place}", "t") for place in range(len(columns))]
        first, last = days(values)
        found: dict[str, E] = {}
        reasons = {}
        for place, lives in mortal.items():
            named = sql.equals(sql.column("n", "m"), values[place])
            alive = sql.select(
                {"one": sql.number(1)}, sql.table(lives, "m"), sql.both(named, exists_within(first, last))
            )
            found[f"a{place}"] = sql.both(sql.is_there(values[place]), sql.not_(sql.exists(alive)))
            reasons[grammar.reason(columns[place].name, grammar.OUTSIDE_LIFETIME)] = f"a{place}"
        outputs: dict[str, E] = {name: sql.column(name, "t") for name in kept}
        return sql.select({**outputs, **found}, sql.table(typed, "t")), reasons

    return (gone,) if mortal else ()


def beyond_discretion(world: World, record: RecordKind) -> tuple[Forbid, ...]:
    """What finds the fields whose points the rules that count them do not leave to choose."""
    asked = world.plan.discretions(record.name)
    fields = {name: f"v{place}" for place, name in enumerate(record.fields)}

    def beyond(typed: str, columns: Sequence[str]) -> tuple[exp.Query, Mapping[str, str]]:
        # Nothing but the row itself is read: neither records nor results are there yet.
        alone, query = replace(world, records={}), Query(typed)
        place = RecordPlace(alone, query, Records(record, typed, fields), {})
        reader = Reader(alone, query, place, place)
        found: dict[str, list[Code]] = {}
        for one in asked:
            left = left_calendar(one.outside, guarded(one.outside))
            broken = coding.all_of((coding.negated(left), coding.holds(lower_flag(one.outside.tree))))
            found.setdefault(one.field, []).append(broken)
        kept = {name: query.draw(sql.column(name, "b")) for name in columns}
        marks = {field: f"b{place}" for place, field in enumerate(found)}
        tests: dict[str, E] = {mark: reader.emit(coding.any_of(found[field])) for field, mark in marks.items()}
        reasons = {grammar.reason(field, grammar.OUTSIDE_CHOICE): mark for field, mark in marks.items()}
        return query.select({**kept, **tests}), reasons

    return (beyond,) if asked else ()
