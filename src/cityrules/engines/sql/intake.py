"""Texts to accepted rows and rejects, for one kind: conversion, duplicates, conflicts. Knows declared columns, no plan.

The steps are those of `docs/engines.md`, "Texts to typed values".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb
from sqlglot import exp

from cityrules.engines.sql import dialect
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.columns import Declared, converted, native
from cityrules.engines.sql.parquet import load_typed, text_value
from cityrules.engines.sql.query import Query
from cityrules.engines.sql.session import Session
from cityrules.engines.sql.sources import Raw, as_json, load
from cityrules.engines.sql.syntax import E
from cityrules.io import grammar
from cityrules.io.rows import Rows
from cityrules.plan.bounds import FIRST_DAY
from cityrules.results.tables import Row

# Reasons (null: none) against a row by its typed values; the columns that they are about.
Judge = Callable[[Sequence[E]], Mapping[int, E]]
# Of a relation of typed rows and its columns: a query for the same with more columns, which say whether something
# speaks against a row of which nothing else does; these by the reason that each stands for.
Forbid = Callable[[str, Sequence[str]], tuple[exp.Query, Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class Form:
    """What rows of a kind look like. `key`: places of the key among `columns`; `join` stands between its texts.

    `life`: the places of the first day and of the first day no more, where rows with one key are versions that follow
    one another in time; in `fixed` places these may not differ. `forbid`: stage by stage, said of rows against which
    nothing else speaks. `latest`: the place of what says which of several rows with one key counts; rows that have no
    reason but `outside` are compared, too. `referred`: records of other kinds refer to these.
    """

    kind: str
    columns: tuple[Declared, ...]
    key: tuple[int, ...]
    join: str
    judge: Judge | None = None
    life: tuple[int, int] | None = None
    fixed: tuple[int, ...] = ()
    forbid: tuple[tuple[Forbid, ...], ...] = ()
    latest: int | None = None
    outside: str | None = None
    referred: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """The outcome for one kind. `accepted`: a relation with `o` (running number of the row) and `v0`, `v1`, ... in the
    order of the columns. `refused`: a relation with `o` and `why`, of readable rows that were not used. `afresh`: the
    accepted rows are read from their file whenever they are asked for, `number` of them (None: to be counted).
    `referents`: a relation like `accepted`, of rows that count nowhere, since they lie outside of what is assessed, but
    are there for records that refer to them; None where there are none."""

    form: Form
    raw: Raw
    accepted: str
    refused: str
    afresh: bool = False
    number: int | None = None
    referents: str | None = None

    def rejects(self, session: Session) -> Iterator[Row]:
        """The rejects of the kind, in order of the rows."""
        names = [column.name for column in self.form.columns]
        for _, source, number, why, shown, key, *texts in session.rows(self._rejects()):
            if shown is None:
                shown = as_json(dict(zip(names, texts, strict=True)))
                key = self.form.join.join(texts[place] or "" for place in self.form.key)
            yield (self.form.kind, self.raw.sources[source], number, key, why, shown)

    def _rejects(self) -> exp.Query:
        texts = [f"c{place}" for place in range(len(self.form.columns))]
        readable = sql.select(
            {
                "o": sql.column("o", "t"), "s": sql.column("s", "t"), "r": sql.column("r", "t"),
                "why": sql.column("why", "w"), "shown": sql.null(), "key": sql.null(),
                **{text: sql.column(text, "t") for text in texts},
            },
            sql.table(self.raw.texts, "t"),
        )  # fmt: skip
        sql.join(
            readable, sql.table(self.refused, "w"), sql.equals(sql.column("o", "w"), sql.column("o", "t")), "INNER"
        )
        names = {"o": "o", "s": "s", "r": "r", "why": "reason", "shown": "shown", "key": "key"}
        bad = sql.select(
            {**{to: sql.column(c) for to, c in names.items()}, **dict.fromkeys(texts, sql.null())},
            sql.table(self.raw.bad),
        )
        found = sql.everything(sql.nested(sql.union([readable, bad]), "u"))
        found.set("order", exp.Order(expressions=[sql.ordered(sql.column(c)) for c in ("s", "r", "o")]))
        return found


def take(session: Session, form: Form, sources: Sequence[Rows], *, afresh: bool = False) -> Taken:
    """Read, convert and settle all rows of a kind. `afresh`: where a file can be read as it is, its rows need not be
    kept: they will be read once or twice."""
    names = [column.name for column in form.columns]
    raw = load_typed(session, names, sources)
    typed: str | None = None
    if raw is not None:
        try:
            if afresh and not form.forbid and _each_key_once(session, form, raw):
                return _left_in_file(session, form, raw)
            typed = session.table(_typed(form, raw), "typed")
        except duckdb.Error:
            # A text in the file is none: the reader knows what to say of its row.
            raw = None
    if raw is None or typed is None:
        raw = load(session, names, form.key, form.join, sources)
        typed = session.table(_typed(form, raw), "typed")
    sound, once = typed, _each_key_once(session, form, raw)
    typed = _not_forbidden(session, form, typed)
    fates = None if once else _fates(session, form, typed)
    refused: exp.Query = _refused(typed) if fates is None else sql.union([_refused(typed), _refused(fates)])
    # Without rows that share a key nothing is joined, and the rows need not be copied.
    keep = session.view if fates is None else session.table
    accepted = keep(_kept(form, typed, fates), "taken")
    referents = _referents(session, form, sound, accepted, once) if form.referred else None
    return Taken(form, raw, accepted, keep(refused, "refused"), referents=referents)


def _referents(session: Session, form: Form, sound: str, accepted: str, once: bool) -> str | None:
    """Of the rows against which only `outside` speaks those that others may read: by themselves they are settled like
    all others, and they stand back behind accepted rows with their key."""
    assert form.outside is not None
    values = {name: sql.column(name) for name in ("o", *(f"v{place}" for place in range(len(form.columns))))}
    found = sql.select(
        {**values, "why": sql.cast(sql.null(), dialect.TEXT)},
        sql.table(sound),
        sql.equals(sql.column("why"), sql.text(form.outside)),
    )
    outside = session.table(found, "outside")
    if not session.count(outside):
        return None
    outside = _not_forbidden(session, form, outside)
    kept = session.table(_kept(form, outside, None if once else _fates(session, form, outside)), "outside")
    same = [sql.equals(sql.column(f"v{place}", "a"), sql.column(f"v{place}", "t")) for place in form.key]
    known = sql.select({"one": sql.number(1)}, sql.table(accepted, "a"), sql.both(*same))
    outputs = {name: sql.column(name, "t") for name in values}
    return session.table(sql.select(outputs, sql.table(kept, "t"), sql.not_(sql.exists(known))), "referents")


def _left_in_file(session: Session, form: Form, raw: Raw) -> Taken:
    """One pass for the reasons, which mostly there are none of; the values are converted when they are read."""
    typed = session.view(_typed(form, raw), "typed")
    refused = session.table(_refused(typed), "refused")
    accepted = _accepted(form, typed)
    lost = session.count(refused)
    if not lost:
        accepted.set("where", None)
    assert raw.typed is not None
    number = session.count(raw.typed) - lost
    return Taken(form, raw, session.view(accepted, "taken"), refused, afresh=True, number=number)


def _kept(form: Form, typed: str, fates: str | None) -> exp.Select:
    """The rows against which nothing speaks, neither by themselves nor (`fates`) among those with their key."""
    accepted = _accepted(form, typed)
    if fates is not None:
        sql.join(accepted, sql.table(fates, "f"), sql.equals(sql.column("o", "f"), sql.column("o", "t")))
        good = sql.both(sql.is_null(sql.column("why", "t")), sql.is_null(sql.column("why", "f")))
        accepted.set("where", exp.Where(this=good))
    return accepted


def _accepted(form: Form, typed: str) -> exp.Select:
    values = [f"v{place}" for place in range(len(form.columns))]
    outputs = {name: sql.column(name, "t") for name in ("o", *values)}
    return sql.select(outputs, sql.table(typed, "t"), sql.is_null(sql.column("why", "t")))


def _refused(relation: str) -> exp.Select:
    outputs = {"o": sql.column("o"), "why": sql.column("why")}
    return sql.select(outputs, sql.table(relation), sql.is_there(sql.column("why")))


def _typed(form: Form, raw: Raw) -> exp.Query:
    """`o`, typed values `v0`, `v1`, ... and `why`: the sorted reasons against the row, null where there are none."""
    query = Query(raw.typed or raw.texts)
    values: list[E] = []
    reasons: list[E] = []
    for place, column in enumerate(form.columns):
        value, reason = _column(query, column, place, raw)
        values.append(value)
        reasons.append(query.define(reason))
    if form.judge is not None:
        for place, against in form.judge(values).items():
            reasons[place] = query.define(sql.coalesce(reasons[place], against))
    named = {column.name: reason for column, reason in zip(form.columns, reasons, strict=True)}
    told = [
        sql.joined(sql.text(grammar.reason(name, "")), named[name])
        for name in sorted(named, key=lambda name: grammar.reason(name, ""))
    ]
    some = sql.either(*(sql.is_there(reason) for reason in reasons))
    why = sql.case((some, dialect.text_list("; ", told))) if told else sql.cast(sql.null(), dialect.TEXT)
    outputs = {"o": query.draw(sql.column("o", "b")), **{f"v{i}": value for i, value in enumerate(values)}, "why": why}
    return query.select(outputs)


def _not_forbidden(session: Session, form: Form, typed: str) -> str:
    """The typed rows, those refused as well of which nothing but `forbid` speaks, stage by stage."""
    for stage in form.forbid:
        typed = session.table(_without_forbidden(session, form, typed, stage), "typed")
    return typed


def _without_forbidden(session: Session, form: Form, typed: str, stage: tuple[Forbid, ...]) -> exp.Query:
    """The typed rows, those refused as well against which nothing speaks but a stage of the `forbid` of their form."""
    names = ["o", *(f"v{place}" for place in range(len(form.columns))), "why"]
    marks: dict[str, str] = {}
    for forbid in stage:
        marked, found = forbid(typed, [*names, *marks.values()])
        typed, marks = session.view(marked, "marked"), {**marks, **found}
    if not marks:
        return sql.everything(sql.table(typed))
    told = [(sql.is_true(sql.column(marks[reason])), sql.text(reason)) for reason in sorted(marks)]
    against = dialect.text_list("; ", [sql.case(mark) for mark in told])
    why = sql.coalesce(sql.column("why"), sql.case((sql.either(*(mark for mark, _ in told)), against)))
    return sql.select({**{name: sql.column(name) for name in names[:-1]}, "why": why}, sql.table(typed))


def _column(query: Query, column: Declared, place: int, raw: Raw) -> tuple[E, E]:
    found = sql.column(f"c{place}", "b")
    if raw.typed is not None:
        known = native(query, column, raw.types[place], query.draw(found))
        if known is not None and column.period is None:
            return known
        return converted(query, column, query.draw(text_value(found, raw.types[place])))
    return converted(query, column, query.draw(found))


def _each_key_once(session: Session, form: Form, raw: Raw) -> bool:
    """Whether it is plain to see that no two rows share a key."""
    return not raw.several or (len(form.key) == 1 and _rises(session, raw, form.key[0]))


def _fates(session: Session, form: Form, typed: str) -> str | None:
    """What becomes of rows that share their key with others: `o` and `why` (null: kept). None when there are none."""
    keys = [f"v{place}" for place in form.key]
    rows = sql.call("count", exp.Star())
    good = sql.is_null(sql.column("why", "t"))
    if form.outside is not None and form.latest is not None:
        good = sql.either(good, sql.is_true(sql.equals(sql.column("why", "t"), sql.text(form.outside))))
    if form.life is not None:
        return _fates_in_time(session, form, typed, form.life)
    own: dict[str, E] = {name: sql.column(name, "t") for name in keys}
    found = sql.select(own, sql.table(typed, "t"), good, list(own.values()))
    found.set("having", exp.Having(this=sql.less(sql.number(1), rows)))
    twice = session.table(found, "twice")
    if not session.count(twice):
        return None
    same = sql.both(*(sql.equals(sql.column(name, "g"), tree) for name, tree in own.items()))
    if form.latest is not None:
        return _fates_by_latest(session, form, typed, twice, good, same)
    others = [sql.column(f"v{place}", "t") for place in range(len(form.columns)) if place not in form.key]
    groups = sql.select(
        {
            **own,
            "first": sql.call("min", sql.column("o", "t")),
            "conflict": sql.either(*(_differs(value, rows) for value in others)),
        },
        sql.table(typed, "t"),
        good,
        list(own.values()),
    )
    sql.join(groups, sql.table(twice, "g"), same, "INNER")
    shared = session.table(groups, "shared")
    fate = sql.case(
        (sql.column("conflict", "g"), sql.text(grammar.CONFLICT)),
        (sql.less(sql.column("first", "g"), sql.column("o", "t")), sql.text(grammar.DUPLICATE)),
    )
    found = sql.select({"o": sql.column("o", "t"), "why": fate}, sql.table(typed, "t"), good)
    sql.join(found, sql.table(shared, "g"), same, "INNER")
    return session.table(found, "fate")


def _fates_by_latest(session: Session, form: Form, typed: str, twice: str, good: E, same: E) -> str:
    """The same where the latest row counts. Rows with a reason of their own keep it, and still take the place of those
    before them."""
    names = [f"v{place}" for place in range(len(form.columns))]
    compared = sql.select({name: sql.column(name, "t") for name in ("o", "why", *names)}, sql.table(typed, "t"), good)
    sql.join(compared, sql.table(twice, "g"), same, "INNER")
    last = sql.column(f"v{form.latest}")
    by = [sql.column(f"v{place}") for place in form.key]
    top = sql.equals(last, sql.window(sql.call("max", last), by))
    marked = session.table(sql.everything(sql.nested(compared, "c"), None, {"top": top}), "compared")
    part = [*by, sql.column("top")]
    number = sql.window(sql.call("row_number"), part, [sql.ordered(sql.column("o"))])
    rows = sql.window(sql.call("count", exp.Star()), part)
    alike = sql.window(sql.call("count", exp.Star()), [*part, *(sql.column(name) for name in names)])
    fate = sql.case(
        (sql.not_(sql.column("top")), sql.text(grammar.SUPERSEDED)),
        (sql.column("conflict"), sql.text(grammar.CONFLICT)),
        (sql.column("again"), sql.text(grammar.DUPLICATE)),
    )
    outputs: dict[str, E] = {
        "conflict": sql.less(alike, rows),
        "again": sql.less(sql.number(1), number),
    }
    judged = sql.everything(sql.table(marked), None, outputs)
    found = sql.select(
        {"o": sql.column("o"), "why": fate}, sql.nested(judged, "j"), sql.is_null(sql.column("why", "j"))
    )
    return session.table(found, "fate")


def _fates_in_time(session: Session, form: Form, typed: str, life: tuple[int, int]) -> str:
    """The same where rows with one key may be versions: each has to begin after the one before it began, and not before
    that one ended."""
    every = [sql.column(f"v{place}") for place in range(len(form.columns))]
    keys, began = [f"v{place}" for place in form.key], sql.column("since")
    repeated = sql.window(sql.call("row_number"), every, [sql.ordered(sql.column("o"))])
    outputs: dict[str, E] = {
        "o": sql.column("o"),
        **{key: sql.column(key) for key in keys},
        "since": sql.coalesce(sql.column(f"v{life[0]}"), sql.number(FIRST_DAY)),
        "until": sql.column(f"v{life[1]}"),
        "again": sql.less(sql.number(1), repeated),
        **{f"x{place}": sql.column(f"v{place}") for place in form.fixed},
    }
    rows = session.table(sql.select(outputs, sql.table(typed), sql.is_null(sql.column("why"))), "versions")
    after = sql.window(sql.call("lead", began), [sql.column(key) for key in keys], [sql.ordered(began)])
    outputs = {**{key: sql.column(key) for key in keys}, "began": began, "until": sql.column("until"), "after": after}
    outputs |= {f"x{place}": sql.column(f"x{place}") for place in form.fixed}
    once = sql.nested(sql.select(outputs, sql.table(rows), sql.not_(sql.column("again"))), "q")
    ended = sql.is_true(sql.at_most(sql.column("until"), sql.column("after")))
    follows = sql.both(sql.less(sql.column("began"), sql.column("after")), ended)
    clash = sql.both(sql.is_there(sql.column("after")), sql.not_(follows))
    own, versions = [sql.column(key) for key in keys], sql.call("count", exp.Star())
    moved = [_differs(sql.column(f"x{place}"), versions) for place in form.fixed]
    clashes = sql.either(dialect.any_true(clash), *moved)
    judged = sql.select({**dict(zip(keys, own, strict=True)), "clash": clashes}, once, None, own)
    fate = sql.case(
        (sql.column("clash", "g"), sql.text(grammar.CONFLICT)), (sql.column("again", "r"), sql.text(grammar.DUPLICATE))
    )
    found = sql.select({"o": sql.column("o", "r"), "why": fate}, sql.table(rows, "r"))
    same = sql.both(*(sql.equals(sql.column(key, "g"), sql.column(key, "r")) for key in keys))
    sql.join(found, sql.nested(judged, "g"), same, "INNER")
    return session.table(found, "fate")


def _rises(session: Session, raw: Raw, place: int) -> bool:
    """Whether each row of a file has a greater whole number as its key than the one before it: then no two are the
    same. Running numbers are the usual case, and this is far quicker than looking for equal ones."""
    if raw.typed is None or dialect.physical_kind(raw.types[place]) != "whole":
        return False
    key, before = sql.column("k"), sql.column("b")
    own = sql.column(f"c{place}")
    pairs = sql.select({"k": own, "b": sql.window(sql.call("lag", own))}, sql.table(raw.typed))
    # Nothing would hide the number before it.
    falls = sql.either(sql.is_null(key), sql.is_true(sql.at_most(key, before)))
    query = sql.select({"falls": dialect.any_true(falls)}, sql.nested(pairs, "p"))
    return not next(session.rows(query))[0]


def _differs(value: E, rows: E) -> E:
    """Aggregate: whether a column holds more than one value, nothing counted as one."""
    there = sql.call("count", value)
    some = sql.both(sql.less(sql.number(0), there), sql.less(there, rows))
    unequal = sql.is_true(sql.binary(exp.NEQ, sql.call("min", value), sql.call("max", value)))
    return sql.either(some, unequal)
