"""The inputs of an assessment to a world: targets before records, parents before children. Knows no measures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from cityrules.engines.base import Inputs, Question, check_number, with_stated
from cityrules.engines.columns import cell_columns, check_inputs
from cityrules.engines.sql import dialect, periods
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.columns import Declared
from cityrules.engines.sql.dialect import INT, TEXT
from cityrules.engines.sql.intake import Forbid, Form, Judge, Taken, take
from cityrules.engines.sql.places import RecordPlace
from cityrules.engines.sql.query import Query
from cityrules.engines.sql.reading import Reader, guarded, left_calendar
from cityrules.engines.sql.session import Session
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.world import Records, Targets, World, exists_within
from cityrules.io import grammar
from cityrules.plan import coding
from cityrules.plan.bounds import EPOCH, FIRST_DAY, LAST_DAY
from cityrules.plan.clock import counted
from cityrules.plan.code import Code
from cityrules.plan.lower import lower_flag
from cityrules.plan.model import Kind, Plan, RecordKind
from cityrules.plan.records import aliases_of
from cityrules.plan.references import in_order
from cityrules.scheme.notation import FieldType, parts_of

_TEXT = FieldType("text")
_DATE = FieldType("date", optional=True)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The world without any results, and what was taken of each kind (for rejects)."""

    world: World
    taken: tuple[Taken, ...]


def take_in(session: Session, plan: Plan, inputs: Inputs, question: Question) -> Accepted:
    """Read all inputs. Raises DataError for inputs without the columns that the plan declares."""
    check_inputs(plan, inputs)
    inputs = with_stated(plan, inputs)
    taken: list[Taken] = []
    targets: dict[str, Targets] = {}
    for kind in sorted(plan.kinds.values(), key=lambda kind: len(kind.ancestors)):
        if kind.in_rows:
            found = take(session, _target_form(plan, kind, targets), inputs.targets.get(kind.name, ()))
            taken.append(found)
            targets[kind.name] = _registered(session, plan, kind, found, targets)
        elif not isinstance(kind.members, str) and not kind.parts:
            targets[kind.name] = _listed(session, kind.members)
    records: dict[str, Records] = {}
    accepted: dict[str, str] = {}
    referred = {other for record in plan.records.values() for other in record.references.values()}
    for name in in_order(plan.records, {record.name: record.references for record in plan.records.values()}):
        record = plan.records[name]
        form = _cell_form if record.one_per is not None else _record_form
        asked = form(session, plan, record, question, targets, records)
        # What others refer to is read for each of them.
        once = record.one_per is None and not record.references and name not in referred
        found = take(session, asked, inputs.records.get(record.name, ()), afresh=once)
        taken.append(found)
        if found.number is None:
            accepted[record.name] = found.accepted
        else:
            check_number(record.name, found.number, of_targets=False)
        records[record.name] = _records(session, record, found, records)
    records = {name: records[name] for name in plan.records}
    for kind in plan.kinds.values():
        if kind.members == "as they appear":
            targets[kind.name] = _appearing(session, kind.name, records)
    for kind in plan.kinds.values():
        if kind.parts:
            targets[kind.name] = _paired(session, [targets[part] for part in kind.parts])
    rows = session.counts([*accepted.values(), *(of_kind.names for of_kind in targets.values())])
    for place, (name, count) in enumerate(zip((*accepted, *targets), rows, strict=True)):
        check_number(name, count, of_targets=place >= len(accepted))
    return Accepted(World(session, plan, question, targets, records), tuple(taken))


# ------------------------------------------------------------------------------------------------ targets


def _target_form(plan: Plan, kind: Kind, targets: Mapping[str, Targets]) -> Form:
    columns = [Declared(grammar.NAME_COLUMN, _TEXT, aliases=kind.aliases)]
    if kind.parent:
        above = plan.kinds[kind.parent].aliases
        columns.append(Declared(kind.parent, FieldType("kind"), _members(targets, kind.parent), aliases=above))
    # An attribute may name a kind whose members are not known yet: it is a text.
    columns += [Declared(name, type_, aliases=aliases_of(plan, type_)) for name, type_ in kind.fields.items()]
    columns += [Declared(name, _DATE) for name in (grammar.SINCE_COLUMN, grammar.UNTIL_COLUMN)]
    return Form(kind.name, tuple(columns), (0,), grammar.KEY_JOIN, life=(len(columns) - 2, len(columns) - 1))


def _members(targets: Mapping[str, Targets], kind: str | None) -> str | None:
    """The relation of the members that may be named; None where any text is one."""
    return targets[kind].names if kind is not None and kind in targets else None


def _registered(session: Session, plan: Plan, kind: Kind, taken: Taken, targets: Mapping[str, Targets]) -> Targets:
    parents = 1 if kind.parent else 0
    width = len(taken.form.columns)
    name, since = sql.column("v0", "b"), sql.column(f"v{width - 2}", "b")
    first, beyond = sql.number(FIRST_DAY), sql.number(LAST_DAY + 1)
    begins = sql.coalesce(since, first)
    order = [sql.ordered(begins)]
    attributes = {field: f"f{place}" for place, field in enumerate(kind.fields)}
    ancestors = {above: f"a{place}" for place, above in enumerate(kind.ancestors)}
    # A version holds until the next one begins, and the first since ever.
    earlier = sql.window(sql.call("lag", begins), [name], order)
    outputs: dict[str, E] = {
        "n": name,
        "since": since,
        "until": sql.column(f"v{width - 1}", "b"),
        "f": sql.case((sql.is_null(earlier), first), otherwise=begins),
        "u": sql.coalesce(sql.window(sql.call("lead", begins), [name], order), beyond),
        **{f"f{place}": sql.column(f"v{place + 1 + parents}", "b") for place in range(len(kind.fields))},
    }
    if kind.parent:
        outputs["a0"] = sql.column("v1", "b")
    lives = session.table(sql.select(outputs, sql.table(taken.accepted, "b")), "targets")
    several, mortal = _lasting(session, lives)
    relation = lives
    once = sql.select({"n": sql.column("n")}, sql.table(lives), None, [sql.column("n")])
    names = session.table(once, "names") if several else lives
    dated = several
    if kind.parent:
        above = targets[kind.parent]
        outputs = {column: sql.column(column, "b") for column in ("n", *attributes.values(), "a0")}
        outputs |= {ancestors[far]: sql.column(above.ancestors[far], "j") for far in kind.ancestors[1:]}
        on = [sql.equals(sql.column("n", "j"), sql.column("a0", "b"))]
        dated = several or above.dated
        begin, end = sql.column("f", "b"), sql.column("u", "b")
        if above.dated:
            # What is above changes, too: each row holds as long as both do.
            on += [sql.less(sql.column("f", "j"), end), sql.less(begin, sql.column("u", "j"))]
            outputs["f"] = dialect.greatest(begin, sql.column("f", "j"))
            outputs["u"] = dialect.least(end, sql.column("u", "j"))
        else:
            outputs |= {"f": begin, "u": end}
        query = sql.select(outputs, sql.table(lives, "b"))
        sql.join(query, sql.table(above.relation, "j"), sql.both(*on))
        relation = session.table(query, "targets")
    return Targets(names, lives, relation, dated, mortal, ancestors, attributes)


def _paired(session: Session, parts: Sequence[Targets]) -> Targets:
    """Targets by dimension: every target with every value of its dimensions, as long as both exist."""
    aliases = [f"m{place}" for place in range(len(parts))]
    since, until = ([sql.column(end, alias) for alias in aliases] for end in ("since", "until"))
    # Nothing is an open end, which `greatest` and `least` pass over.
    outputs = {
        "n": dialect.joined_name([sql.column("n", alias) for alias in aliases]),
        "since": dialect.greatest(*since),
        "until": dialect.least(*until),
    }
    query = sql.select(outputs, sql.table(parts[0].lives, aliases[0]))
    for part, alias in zip(parts[1:], aliases[1:], strict=True):
        sql.join(query, sql.table(part.lives, alias), sql.truth(True), "INNER")
    lives = session.table(query, "targets")
    names = session.view(sql.select({"n": sql.column("n")}, sql.table(lives), None, [sql.column("n")]), "names")
    return Targets(names, lives, lives, True, True, {}, {})


def _lasting(session: Session, lives: str) -> tuple[bool, bool]:
    """Whether any target has more than one version, and whether any begins or ends."""
    later = sql.less(sql.number(FIRST_DAY), sql.column("f"))
    born = sql.either(sql.is_there(sql.column("since")), sql.is_there(sql.column("until")))
    asked = {"later": dialect.any_true(later), "born": dialect.any_true(born)}
    several, mortal = next(session.rows(sql.select(asked, sql.table(lives))))
    return bool(several), bool(mortal)


def _undated(relation: str) -> Targets:
    """Targets of which nothing is known but their names."""
    return Targets(relation, relation, relation, False, False, {}, {})


def _listed(session: Session, names: Sequence[str]) -> Targets:
    rows = [(name, None, None) for name in dict.fromkeys(names)]
    return _undated(session.filled({"n": TEXT, "since": INT, "until": INT}, rows, "targets"))


def _appearing(session: Session, kind: str, records: Mapping[str, Records]) -> Targets:
    """Whatever accepted records name."""
    named = []
    for found in records.values():
        columns: list[E] = [
            sql.column(found.fields[field]) for field, type_ in found.kind.fields.items() if type_.kind == kind
        ]
        if found.kind.one_per is not None:
            parts = parts_of(found.kind.one_per.kind)
            for place, part in enumerate(parts):
                if part == kind:
                    columns.append(dialect.name_part(sql.column("t"), place) if len(parts) > 1 else sql.column("t"))
        for column in columns:
            named.append(sql.select({"n": column}, sql.table(found.relation), sql.is_there(column), [column]))
    if not named:
        return _listed(session, ())
    nothing = sql.cast(sql.null(), INT)
    outputs = {"n": sql.column("n"), "since": nothing, "until": nothing}
    together = sql.nested(sql.union(named), "u")
    return _undated(session.table(sql.select(outputs, together, None, [sql.column("n")]), "targets"))


# ------------------------------------------------------------------------------------------------ records


def _in_force(plan: Plan, question: Question) -> tuple[dt.date, dt.date]:
    """The first and last day in force; unstated: from the start of what is assessed."""
    until = plan.in_force_until
    last = dt.date.max if until is None else until - dt.timedelta(days=1) if until > dt.date.min else dt.date.min
    return plan.in_force_from or plan.days_of(question.span).start, last


def _fields(plan: Plan, record: RecordKind, targets: Mapping[str, Targets]) -> list[Declared]:
    return [
        Declared(name, type_, _members(targets, type_.kind), aliases=aliases_of(plan, type_))
        for name, type_ in record.fields.items()
    ]


def _record_form(
    session: Session,
    plan: Plan,
    record: RecordKind,
    question: Question,
    targets: Mapping[str, Targets],
    known: Mapping[str, Records],
) -> Form:
    names = list(record.fields)
    key = tuple(names.index(name) for name in record.key)
    dated = names.index(record.dated or "")
    moments = record.fields[record.dated or ""].base == "datetime"
    columns = tuple(_fields(plan, record, targets))

    def days(values: Sequence[E]) -> tuple[E, E]:
        day = dialect.day_of_seconds(values[dated]) if moments else values[dated]
        return day, day

    latest = names.index(record.latest_by) if record.latest_by is not None else None
    in_time, corrected = _judge(plan, record, question, dated), _known(record, question, latest)

    def judge(values: Sequence[E]) -> dict[int, E]:
        # Where one field is both, the day of the record is looked at.
        return {**corrected(values), dated: in_time(values)}

    outside = grammar.reason(names[dated], grammar.OUTSIDE_PERIOD)
    forbid = (
        *_absent(columns, targets, days),
        *_unreferred(record, known),
        *_beyond_discretion(session, plan, record, question, targets),
    )
    return Form(record.name, columns, key, grammar.KEY_JOIN, judge, forbid=forbid, latest=latest, outside=outside)


def _known(record: RecordKind, question: Question, latest: int | None) -> Judge:
    """A reason against a correction that was made after everything was known."""
    base = record.fields[record.latest_by].base if record.latest_by is not None else ""
    known = question.as_of if base == "datetime" else question.as_of.date()

    def against(values: Sequence[E]) -> dict[int, E]:
        if latest is None or base not in ("date", "datetime"):
            return {}
        late = sql.less(sql.number(counted(known)), values[latest])
        return {latest: sql.case((late, sql.text(grammar.AFTER_AS_OF)))}

    return against


def _unreferred(record: RecordKind, known: Mapping[str, Records], first: int = 0) -> tuple[Forbid, ...]:
    """What says of each field (from column `first` on) that refers to a record whether none of that key is there."""

    def unreferred(typed: str, kept: Sequence[str]) -> tuple[exp.Query, Mapping[str, str]]:
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

    return (unreferred,) if record.references else ()


def _absent(
    columns: Sequence[Declared], targets: Mapping[str, Targets], days: Callable[[Sequence[E]], tuple[E, E]]
) -> tuple[Forbid, ...]:
    """What says of each column whether the target that it names does not exist on any of the `days` of a row."""
    kinds = {place: column.type.kind for place, column in enumerate(columns)}
    mortal = {
        place: targets[kind].lives
        for place, kind in kinds.items()
        if kind is not None and kind in targets and targets[kind].mortal
    }

    def absent(typed: str, kept: Sequence[str]) -> tuple[exp.Query, Mapping[str, str]]:
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

    return (absent,) if mortal else ()


def _beyond_discretion(
    session: Session, plan: Plan, record: RecordKind, question: Question, targets: Mapping[str, Targets]
) -> tuple[Forbid, ...]:
    """What finds the fields whose points the rules that count them do not leave to choose."""
    asked = plan.discretions(record.name)
    fields = {name: f"v{place}" for place, name in enumerate(record.fields)}

    def beyond(typed: str, columns: Sequence[str]) -> tuple[exp.Query, Mapping[str, str]]:
        # Nothing but the row itself is read: neither records nor results are there yet.
        world, query = World(session, plan, question, targets, {}), Query(typed)
        place = RecordPlace(world, query, Records(record, typed, fields), {})
        reader = Reader(world, query, place, place)
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


def _judge(plan: Plan, record: RecordKind, question: Question, dated: int) -> Callable[[Sequence[E]], E]:
    """The reason against the day of a record."""
    first, last = _in_force(plan, question)
    days = plan.days_of(question.span)
    first, last = max(first, days.start), min(last, days.last_day)
    moments = record.fields[record.dated or ""].base == "datetime"
    known = sql.number(counted(question.as_of) if moments else (question.as_of.date() - EPOCH).days)

    def against(values: Sequence[E]) -> E:
        moment = values[dated]
        day = dialect.day_of_seconds(moment) if moments else moment
        before, after = sql.number((first - EPOCH).days), sql.number((last - EPOCH).days)
        outside = sql.either(sql.less(day, before), sql.less(after, day))
        return sql.case(
            (sql.less(known, moment), sql.text(grammar.AFTER_AS_OF)), (outside, sql.text(grammar.OUTSIDE_PERIOD))
        )

    return against


def _cell_form(
    session: Session,
    plan: Plan,
    record: RecordKind,
    question: Question,
    targets: Mapping[str, Targets],
    known: Mapping[str, Records],
) -> Form:
    grain = record.one_per
    assert grain is not None
    columns: list[Declared] = []
    for name in cell_columns(record):
        if name != grammar.PERIOD_COLUMN or grain.period is None:
            type_ = FieldType("kind", kind=name)
            columns.append(Declared(name, type_, _members(targets, name), aliases=plan.kinds[name].aliases))
            continue
        first, last = _in_force(plan, question)
        assessed = [
            index
            for index in plan.periods.in_span(grain.period, question.span)
            if plan.periods.start_of(grain.period, index) <= last
            and plan.periods.last_day_of(grain.period, index) >= first
        ]
        columns.append(Declared(grammar.PERIOD_COLUMN, _TEXT, None, plan.periods[grain.period], assessed))
    key = tuple(range(len(columns)))
    every = (*columns, *_fields(plan, record, targets))

    def days(values: Sequence[E]) -> tuple[E, E]:
        if grain.period is None:
            span = question.span
            return sql.number((span.start - EPOCH).days), sql.number((span.last_day - EPOCH).days)
        index = values[cell_columns(record).index(grammar.PERIOD_COLUMN)]
        one = plan.periods[grain.period]
        return periods.start(one, index), periods.last_day(one, index)

    latest = len(columns) + list(record.fields).index(record.latest_by) if record.latest_by is not None else None
    judge = _known(record, question, latest)
    forbid = (*_absent(every, targets, days), *_unreferred(record, known, len(columns)))
    return Form(record.name, every, key, grammar.CELL_JOIN, judge, forbid=forbid, latest=latest)


def _records(session: Session, record: RecordKind, taken: Taken, known: Mapping[str, Records]) -> Records:
    cell = len(taken.form.key) if record.one_per is not None else 0
    outputs: dict[str, E] = {"o": sql.column("o")}
    grain = record.one_per
    if grain is not None:
        columns = {name: sql.column(f"v{place}") for place, name in enumerate(cell_columns(record))}
        names: list[E] = [column for name, column in columns.items() if name != grammar.PERIOD_COLUMN]
        outputs["t"] = dialect.joined_name(names) if names else sql.cast(sql.text(""), TEXT)
        outputs["p"] = columns.get(grammar.PERIOD_COLUMN, sql.cast(sql.number(0), INT))
    fields = {name: f"f{place}" for place, name in enumerate(record.fields)}
    outputs |= {column: sql.column(f"v{place + cell}") for place, column in enumerate(fields.values())}
    relation = session.view(sql.select(outputs, sql.table(taken.accepted)), "records")
    if not record.through:
        return Records(record, relation, fields, afresh=taken.afresh)
    through = {path: f"r{place}" for place, path in enumerate(record.through)}
    # Joined once, since every measure of the records reads them again.
    relation = session.table(_joined(record, relation, tuple(outputs), fields, through, known), "records")
    return Records(record, relation, {**fields, **through})


def _joined(
    record: RecordKind,
    relation: str,
    columns: Sequence[str],
    fields: Mapping[str, str],
    through: Mapping[str, str],
    known: Mapping[str, Records],
) -> exp.Query:
    """The rows of a kind with what they have through the records that they refer to."""
    query = Query(relation)
    outputs: dict[str, E] = {column: query.draw(sql.column(column, "b")) for column in columns}
    for path, column in through.items():
        field, _, rest = path.partition(".")
        others = known[record.references[field]]
        alias = query.join(others.relation, {others.fields[others.kind.key[0]]: sql.column(fields[field], "b")})
        outputs[column] = query.draw(sql.column(others.fields[rest], alias))
    return query.select(outputs)
