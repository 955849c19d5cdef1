"""Periods as SQL: running numbers, first and last days, names, windows. The meaning is `calendar`'s. Knows no cells.

Everything is arithmetic on one number, so that the database joins on equal numbers and needs no table of days.
"""

from __future__ import annotations

from typing import Final

from cityrules.calendar.kinds import PER_YEAR, PeriodKind
from cityrules.calendar.periods import Back, Periods
from cityrules.calendar.steps import MIDDLE, TURN, Days, Months, Since
from cityrules.engines.sql import dialect
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.dialect import whole_div
from cityrules.engines.sql.syntax import E
from cityrules.plan.bounds import EPOCH, FIRST_DAY, LAST_DAY
from cityrules.scheme.notation import Window

# Day numbers count from 1970-01-01, steps of days from 0001-01-01 as day 1; all days of records are later than that.
_ORDINAL: Final = EPOCH.toordinal()


def of_day(kind: PeriodKind, day: E, begins: E | None = None) -> E:
    """The running number of the period that contains a day; `begins`: the first day of whoever has it for itself."""
    steps = kind.steps
    if isinstance(steps, Since):
        assert begins is not None
        return _since(steps, day, begins)
    if isinstance(steps, Days):
        shifted = _plus(day, _ORDINAL - 1 + steps.length - steps.phase)
        return shifted if steps.length == 1 else whole_div(shifted, sql.number(steps.length))
    month = dialect.month_of(day)
    if steps.plain:
        return _over(month, steps.months)
    # One month of a round, and one day of it, as a number that grows with time.
    place = dialect.day_of_month(day)
    if steps.months > 1:
        within = dialect.remainder(month, sql.number(steps.months))
        place = sql.add(sql.mul(within, sql.number(100)), place)
    begun = [sql.case((sql.at_most(sql.number(m * 100 + d), place), sql.number(1)), otherwise=sql.number(0))
             for m, d in steps.marks]  # fmt: skip
    turns = sql.mul(_over(month, steps.months), sql.number(len(steps.marks)))
    return _plus(sql.total([turns, *begun]), steps.ahead - 1)


def _since(steps: Since, day: E, begins: E) -> E:
    """The running number of the period that contains a day, of those that begin on a day of one's own."""
    if steps.unit == "days":
        return numbered(begins, _plus(_over_any(sql.sub(day, begins), steps.count), 1))
    months = sql.sub(dialect.month_of(day), dialect.month_of(begins))
    index = numbered(begins, _plus(_over_any(months, steps.count), 1))
    late = sql.less(day, _start_since(steps, index))
    return sql.sub(index, sql.case((late, sql.number(1)), otherwise=sql.number(0)))


def numbered(begins: E, number: E) -> E:
    """The running number of the period that is the so many-th from a day on."""
    return sql.add(sql.mul(_plus(begins, _ORDINAL), sql.number(TURN)), _plus(number, MIDDLE))


def begins(index: E) -> E:
    """The first day of the first period of whoever has this one for itself."""
    return _plus(whole_div(index, sql.number(TURN)), -_ORDINAL)


def _start_since(steps: Since, index: E) -> E:
    first = begins(index)
    ahead = _times(_plus(number_since(index), -1), steps.count)
    # What begins beyond the calendar begins with its end.
    if steps.unit == "days":
        return dialect.greatest(sql.number(FIRST_DAY), dialect.least(sql.add(first, ahead), sql.number(LAST_DAY)))
    before = sql.less(ahead, sql.number(0))
    beyond = sql.case((before, sql.number(FIRST_DAY)), otherwise=sql.number(LAST_DAY))
    return sql.coalesce(dialect.add_months(first, ahead), beyond)


def number_since(index: E) -> E:
    """How many there were from the first day on."""
    return _plus(dialect.remainder(index, sql.number(TURN)), -MIDDLE)


def _times_in(kind: PeriodKind, longer: PeriodKind) -> int | None:
    """How many periods of a kind that each target has for itself make one of a longer kind, of the same target; None
    where the kind is of all."""
    one, other = kind.steps, longer.steps
    return other.count // one.count if isinstance(one, Since) and isinstance(other, Since) else None


def _renumbered(index: E, number: E) -> E:
    """The period with another number of whoever has this one."""
    return sql.add(sql.sub(index, dialect.remainder(index, sql.number(TURN))), _plus(number, MIDDLE))


def _over_any(value: E, divisor: int) -> E:
    """A quotient rounded down, of what may be negative."""
    return sql.sub(whole_div(_plus(value, divisor * MIDDLE), sql.number(divisor)), sql.number(MIDDLE))


def start(kind: PeriodKind, index: E) -> E:
    """The first day of a period."""
    steps = kind.steps
    if isinstance(steps, Since):
        return _start_since(steps, index)
    if isinstance(steps, Days):
        days = index if steps.length == 1 else sql.mul(index, sql.number(steps.length))
        return _plus(days, steps.phase + 1 - steps.length - _ORDINAL)
    if steps.plain:
        return dialect.first_of_month(_times(index, steps.months))
    running = _plus(index, -steps.ahead)
    count = len(steps.marks)
    turn = _over(running, count)
    place = sql.number(0) if count == 1 else dialect.remainder(running, sql.number(count))
    month = sql.add(_times(turn, steps.months), _picked(place, [m for m, _ in steps.marks]))
    first = dialect.first_of_month(month)
    begins = [d for _, d in steps.marks]
    if begins == [1]:
        return first
    # In a month that is too short for the day, the period begins with the next one.
    later = _picked(place, [d - 1 for d in begins])
    if max(begins) > 28:
        later = dialect.least(later, sql.sub(dialect.first_of_month(_plus(month, 1)), first))
    return sql.add(first, later)


def last_day(kind: PeriodKind, index: E) -> E:
    """The last day of a period."""
    return _plus(start(kind, _plus(index, 1)), -1)


def anchor(kind: PeriodKind, index: E) -> E:
    """The day by which a period counts for a longer one."""
    if kind.belongs == "by last day":
        return last_day(kind, index)
    return _plus(start(kind, index), 3 if kind.belongs == "by Thursday" else 0)


def containing(kind: PeriodKind, index: E, longer: PeriodKind) -> E:
    """The running number of the `longer` period to which period `index` of `kind` belongs."""
    if kind.name == longer.name:
        return index
    one, other = kind.steps, longer.steps
    if isinstance(one, Months) and isinstance(other, Months) and _counts_rounds(one, other):
        return _over(_times(_over(index, len(one.marks)), one.months), other.months)
    if (times := _times_in(kind, longer)) is not None:
        return _renumbered(index, _over_any(_plus(number_since(index), times - 1), times))
    return of_day(longer, anchor(kind, index))


def _counts_rounds(one: Months, other: Months) -> bool:
    """Whether no period of one goes on into the next round of months, and whole rounds make a period of the other."""
    return other.plain and other.months % one.months == 0 and one.ahead == 0 and one.marks[0] == (0, 1)


def number(kind: PeriodKind, index: E) -> E:
    """The place of a period in its year, and what else stands for it (`calendar.kinds`)."""
    match kind.form:
        case "year":
            return index
        case "day":
            return dialect.day_of_year(start(kind, index))
        case "week":
            return dialect.iso_week(start(kind, index))
        case "cycle" if kind.whose is not None:
            return number_since(index)
        case "cycle":
            return _plus(index, 1 - (kind.first or 0))
    per_year = len(kind.labels) if kind.form == "season" else PER_YEAR[kind.form]
    return _plus(dialect.remainder(index, sql.number(per_year)), 1) if per_year > 1 else sql.number(1)


def year(kind: PeriodKind, index: E) -> E:
    """The year that stands in the name of a period."""
    match kind.form:
        case "year":
            return index
        case "day" | "cycle":
            return dialect.date_part("year", start(kind, index), inside=True)
        case "week":
            # The year of an ISO week is that of its Thursday.
            return dialect.date_part("year", _plus(start(kind, index), 3), inside=True)
        case "season":
            return _over(index, len(kind.labels))
    return _over(index, PER_YEAR[kind.form])


def name(kind: PeriodKind, index: E) -> E:
    """What a period is called: `2024-03`, `2024-W05`, `2024-03@billing`."""
    plain = _name(kind, index)
    return sql.joined(plain, sql.text(f"@{kind.name}")) if kind.own else plain


def _name(kind: PeriodKind, index: E) -> E:
    if kind.form == "day":
        return dialect.date_text(start(kind, index))
    within = number(kind, index)
    if kind.form == "cycle":
        return sql.cast(within, dialect.TEXT)
    four = dialect.padded(sql.cast(year(kind, index), dialect.TEXT), 4, left=True)
    digits = sql.cast(within, dialect.TEXT)
    match kind.form:
        case "week":
            return sql.joined(four, sql.text("-W"), dialect.padded(digits, 2, left=True))
        case "ten_days":
            month = whole_div(_plus(within, 2), sql.number(3))
            third = _plus(dialect.remainder(_plus(within, -1), sql.number(3)), 1)
            two = dialect.padded(sql.cast(month, dialect.TEXT), 2, left=True)
            return sql.joined(four, sql.text("-"), two, sql.text("-X"), sql.cast(third, dialect.TEXT))
        case "month":
            return sql.joined(four, sql.text("-"), dialect.padded(digits, 2, left=True))
        case "quarter":
            return sql.joined(four, sql.text("-Q"), digits)
        case "half_year":
            return sql.joined(four, sql.text("-H"), digits)
        case "season":
            labels = [
                (sql.equals(within, sql.number(n)), sql.text(f"-{label}")) for n, label in enumerate(kind.labels, 1)
            ]
            return sql.joined(four, sql.case(*labels))
    return four


def back(kind: PeriodKind, index: E, how: Back) -> E:
    """The period before (`period`), or the same one of the year before (`year`); null where that year has none."""
    if how == "period":
        return _plus(index, -1)
    if how != "year":
        return index
    if kind.per_year is not None:
        return _plus(index, -kind.per_year)
    first = start(kind, index)
    if kind.form == "day":
        # 29 February would become the 28th.
        before = dialect.add_months(first, sql.number(-12))
        same = sql.equals(dialect.day_of_month(before), dialect.day_of_month(first))
        return sql.case((same, of_day(kind, before)))
    week = number(kind, index)
    fourth = dialect.day_in_year(_plus(year(kind, index), -1), 1, 4)
    # No year with a week 53 follows another one.
    return sql.case((sql.less(week, sql.number(53)), sql.add(of_day(kind, fourth), _plus(week, -1))))


def window(periods: Periods, own: str, index: E, found: Window | None) -> tuple[str, E | None, E]:
    """The periods that a window is made of: their kind, the first of them (None: no first) and the last."""
    if found is None:
        return own, index, index
    if found.kind == "last":
        last = _last_inside(periods, found.period, own, index)
        kind, first = periods[found.period], _plus(last, 1 - found.count)
        earliest = _earliest(kind, last)
        return found.period, first if earliest is None else dialect.greatest(first, earliest), last
    if found.kind == "ever":
        return own, _earliest(periods[own], index), index
    whole = containing(periods[own], index, periods[found.period])
    return own, _first_inside(periods, own, found.period, whole), index


def _earliest(kind: PeriodKind, index: E) -> E | None:
    """The first of the periods to which this one belongs; None where there was always one before."""
    if isinstance(kind.steps, Since):
        return _renumbered(index, sql.number(1))
    return None if kind.first is None else sql.number(kind.first)


def elements(periods: Periods, axis: str, own: str, index: E, found: Window | None) -> tuple[E | None, E]:
    """The first (None: none is) and the last period of kind `axis` in a cell or its window."""
    unit, first, last = window(periods, own, index, found)
    begins = None if first is None else _first_inside(periods, axis, unit, first)
    return begins, _last_inside(periods, axis, unit, last)


def _first_inside(periods: Periods, kind: str, longer: str, index: E) -> E:
    """The first period of `kind` that belongs to one of a longer kind."""
    if kind == longer:
        return index
    one, day = periods[kind], start(periods[longer], index)
    if (times := _times_in(one, periods[longer])) is not None:
        return _renumbered(index, _plus(_times(number_since(index), times), 1 - times))
    found = of_day(one, day)
    if one.belongs is None:
        return found
    late = sql.less(anchor(one, found), day)
    return sql.add(found, sql.case((late, sql.number(1)), otherwise=sql.number(0)))


def _last_inside(periods: Periods, kind: str, longer: str, index: E) -> E:
    """The last period of `kind` that belongs to one of a longer kind."""
    if kind == longer:
        return index
    one, day = periods[kind], last_day(periods[longer], index)
    if (times := _times_in(one, periods[longer])) is not None:
        return _renumbered(index, _times(number_since(index), times))
    found = of_day(one, day)
    if one.belongs is None:
        return found
    late = sql.less(day, anchor(one, found))
    return sql.sub(found, sql.case((late, sql.number(1)), otherwise=sql.number(0)))


def parsed(kind: PeriodKind, text: E) -> E:
    """The running number of the period that a text of the kind's `pattern` names; null where there is no such one."""
    year_ = dialect.try_cast(dialect.piece(text, 1, 4), dialect.INT)

    def digits(first: int, count: int) -> E:
        return dialect.try_cast(dialect.piece(text, first, count), dialect.INT)

    match kind.form:
        case "day":
            return of_day(kind, dialect.day_of_text(dialect.piece(text, 1, 10)))
        case "week":
            week = digits(7, 2)
            last = dialect.iso_week(dialect.day_in_year(year_, 12, 28))
            index = sql.add(of_day(kind, dialect.day_in_year(year_, 1, 4)), _plus(week, -1))
            return sql.case((sql.at_most(week, last), index))
        case "ten_days":
            month = _plus(sql.add(sql.mul(year_, sql.number(12)), digits(6, 2)), -1)
            return _plus(sql.add(sql.mul(month, sql.number(3)), digits(10, 1)), -1)
        case "year":
            return year_
        case "season":
            label = dialect.text_part(dialect.text_part(text, "-", 2), "@", 1)
            place = [(sql.equals(label, sql.text(one)), sql.number(n)) for n, one in enumerate(kind.labels)]
            return sql.add(sql.mul(year_, sql.number(len(kind.labels))), sql.case(*place))
        case "cycle":
            return _plus(dialect.try_cast(dialect.text_part(text, "@", 1), dialect.INT), (kind.first or 0) - 1)
    within = digits(6, 2) if kind.form == "month" else digits(7, 1)
    return _plus(sql.add(sql.mul(year_, sql.number(PER_YEAR[kind.form])), within), -1)


def _plus(value: E, more: int) -> E:
    if more == 0:
        return value
    return sql.add(value, sql.number(more)) if more > 0 else sql.sub(value, sql.number(-more))


def _times(value: E, factor: int) -> E:
    return value if factor == 1 else sql.mul(value, sql.number(factor))


def _over(value: E, divisor: int) -> E:
    return value if divisor == 1 else whole_div(value, sql.number(divisor))


def _picked(place: E, values: list[int]) -> E:
    """The value at a place from 0."""
    if len(set(values)) == 1:
        return sql.number(values[0])
    *before, last = values
    cases = [(sql.equals(place, sql.number(n)), sql.number(value)) for n, value in enumerate(before)]
    return sql.case(*cases, otherwise=sql.number(last))
