"""Folds of single records, as windows over the records that are alike. See `docs/engines.md`, "Looking back"."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from cityrules.calendar.periods import Periods
from cityrules.calendar.steps import Days, Months
from cityrules.engines.sql import dialect, periods
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.cells import key_text
from cityrules.engines.sql.elements import Elements
from cityrules.engines.sql.folds import aggregates, finish, taken
from cityrules.engines.sql.places import RecordPlace
from cityrules.engines.sql.query import Query
from cityrules.engines.sql.reading import Reader
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.world import World
from cityrules.plan.bounds import FIRST_DAY
from cityrules.plan.lower import lower
from cityrules.plan.model import Expr, Fold, RecordAxis
from cityrules.scheme.notation import Window

# What every row has: the record's number, key, moment and day, the first day that it looks back to, and whether it is
# an element (or a record of another kind that looks back).
_KEYS = ("o", "key", "m", "day", "first", "element")


def solve_history(world: World, measure: Fold) -> None:
    """Compute a fold of single records. `world.histories` keeps the rows that it ran over, for explanation."""
    assert isinstance(measure.axis, RecordAxis)
    own = measure.axis.record == measure.grain.kind
    likes = [f"g{place}" for place in range(len(measure.among))]
    found = _records(world, measure.axis.record, measure.window, [one.other for one in measure.among], True)
    took = taken(found, measure)
    reader = found.reader
    doubts = [condition for _, _, condition in took.doubts]
    inputs = {"v": reader.emitter.stored(took.value), "counts": reader.emit(took.counts)}
    inputs |= {f"c{place}": reader.emit(condition) for place, condition in enumerate(doubts)}
    rows = _rows(found, likes, inputs)
    if not own:
        lookers = _records(world, measure.grain.kind, measure.window, [one.own for one in measure.among], False)
        rows = sql.union([rows, _rows(lookers, likes, dict.fromkeys(inputs, sql.null()))])  # type: ignore[assignment]
    past = world.histories[measure.name] = world.session.table(rows, "past")
    parts = aggregates(
        measure, sql.column("v"), sql.column("counts"), [sql.column(f"c{place}") for place in range(len(doubts))]
    )
    window = _up_to_each(past, likes, measure) if own else _up_to_the_day(past, likes)
    source, by, order, back = window
    totals: dict[str, E] = {}
    for name, part in parts.items():
        if measure.window is None:
            # All that refer to the record, whenever they did.
            over = sql.window(part, by)
        else:
            rows_back, range_back = (back, None) if own else (None, back)
            over = sql.window(part, by, order, up_to_here=back is None, rows_back=rows_back, range_back=range_back)
        totals[name] = sql.is_true(over) if name.startswith("f") else over
    summed = sql.select({"o": sql.column("o"), "element": sql.column("element"), **totals}, source)
    kept = sql.select(
        {name: sql.column(name) for name in ("o", *totals)},
        sql.nested(summed, "w"),
        None if own else sql.not_(sql.column("element")),
    )
    finish(world, measure, world.session.table(kept, "sums"), took)


_Framed = tuple[E, list[exp.Column], list[exp.Ordered], E | None]


def _up_to_each(past: str, likes: Sequence[str], measure: Fold) -> _Framed:
    """Each row with those before it, by moment and key: the source, its parts, their order and how many rows to go back
    (None: to the first)."""
    assert measure.window is not None
    by = [sql.column(name) for name in likes]
    order = [sql.ordered(sql.column("m")), sql.ordered(sql.column("key"))]
    if measure.window.kind != "last":
        # All that look back to the same day have the same beginning.
        return sql.table(past), [*by, sql.column("first")], order, None
    day = sql.column("day")
    rows = sql.call("count", exp.Star())
    numbered = sql.everything(
        sql.table(past),
        None,
        {
            "inside": sql.window(rows, by, [sql.ordered(day)], range_back=sql.sub(day, sql.column("first"))),
            "today": sql.window(rows, [*by, day]),
            "at": sql.window(sql.call("row_number"), [*by, day], order),
        },
    )
    # Those of the window up to the end of the day, less those of the day that come later.
    back = sql.sub(sql.add(sql.sub(sql.column("inside"), sql.column("today")), sql.column("at")), sql.number(1))
    return sql.nested(numbered, "n"), by, order, back


def _up_to_the_day(past: str, likes: Sequence[str]) -> _Framed:
    """Each row with those up to the end of its day."""
    day = sql.column("day")
    return (
        sql.table(past),
        [sql.column(name) for name in likes],
        [sql.ordered(day)],
        sql.sub(day, sql.column("first")),
    )


def _records(world: World, kind: str, window: Window | None, like: Sequence[Expr], element: bool) -> Elements:
    """The records of a kind, each to be read as what it is; `order`: the columns `_KEYS` and in what it agrees."""
    records = world.records_of(kind)
    query = Query(records.relation)
    place = RecordPlace(world, query, records, records.kind.routes)
    reader = Reader(world, query, place, place)
    day = query.draw(place.day())
    keys: list[E] = [query.draw(sql.column("o", "b")), query.draw(key_text(records)), query.draw(place.moment()), day]
    keys += [query.define(first_day(world.periods, window, day)), sql.truth(element)]
    keys += [reader.emit(reader.hold(lower(expr.tree))) for expr in like]
    return Elements(query, reader, keys[0], keys[0], tuple(keys), kind)


def _rows(found: Elements, likes: Sequence[str], inputs: dict[str, E]) -> exp.Select:
    """Rows with the columns `_KEYS`, `likes` and `inputs`; without those of which it is unknown whom they are like."""
    outputs = dict(zip((*_KEYS, *likes), found.order, strict=True))
    known = [sql.is_there(outputs[name]) for name in likes]
    return found.query.select({**outputs, **inputs}, sql.both(*known) if known else None)


def first_day(known: Periods, window: Window | None, day: E) -> E:
    """The first day of a window that ends with a day; of no window, the first of all."""
    begin = sql.number(FIRST_DAY)
    if window is None or window.kind == "ever":
        return begin
    if window.kind == "to_date":
        kind = known[window.period]
        return periods.start(kind, periods.of_day(kind, day))
    steps = known[window.period].steps
    if isinstance(steps, Days):
        return dialect.greatest(begin, sql.sub(day, sql.number(window.count * steps.length - 1)))
    assert isinstance(steps, Months)
    back = dialect.add_months(day, sql.number(-window.count * steps.months))
    return sql.coalesce(sql.add(back, sql.number(1)), begin)
