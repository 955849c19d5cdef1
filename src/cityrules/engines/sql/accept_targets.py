"""Accepted targets as relations: registered, listed, as they appear, and in pairs. Knows no measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cityrules.engines.sql import dialect
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.columns import Declared
from cityrules.engines.sql.dialect import INT, TEXT
from cityrules.engines.sql.intake import Form, Taken
from cityrules.engines.sql.session import Session
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.world import Records, Targets
from cityrules.io import grammar
from cityrules.plan.bounds import FIRST_DAY, LAST_DAY
from cityrules.plan.model import Kind, Plan
from cityrules.plan.records import aliases_of
from cityrules.scheme.notation import FieldType, parts_of

_TEXT = FieldType("text")
_DATE = FieldType("date", optional=True)


def members_of(targets: Mapping[str, Targets], kind: str | None) -> str | None:
    """The relation of the members that may be named; None where any text is one."""
    return targets[kind].names if kind is not None and kind in targets else None


def target_form(plan: Plan, kind: Kind, targets: Mapping[str, Targets]) -> Form:
    columns = [Declared(grammar.NAME_COLUMN, _TEXT, aliases=kind.aliases)]
    if kind.parent:
        above = plan.kinds[kind.parent].aliases
        columns.append(Declared(kind.parent, FieldType("kind"), members_of(targets, kind.parent), aliases=above))
    # An attribute may name a kind whose members are not known yet: it is a text.
    columns += [Declared(name, type_, aliases=aliases_of(plan, type_)) for name, type_ in kind.fields.items()]
    columns += [Declared(name, _DATE) for name in (grammar.SINCE_COLUMN, grammar.UNTIL_COLUMN)]
    names, life = [column.name for column in columns], (len(columns) - 2, len(columns) - 1)
    fixed = tuple(names.index(field) for field in plan.begins_with(kind.name))
    return Form(kind.name, tuple(columns), (0,), grammar.KEY_JOIN, life=life, fixed=fixed)


def registered(session: Session, plan: Plan, kind: Kind, taken: Taken, targets: Mapping[str, Targets]) -> Targets:
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


def paired(session: Session, parts: Sequence[Targets]) -> Targets:
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


def listed(session: Session, names: Sequence[str]) -> Targets:
    rows = [(name, None, None) for name in dict.fromkeys(names)]
    return _undated(session.filled({"n": TEXT, "since": INT, "until": INT}, rows, "targets"))


def appearing(session: Session, kind: str, records: Mapping[str, Records]) -> Targets:
    """Whatever accepted records name, themselves or by way of those that they refer to."""
    named = []
    for found in records.values():
        columns: list[E] = [
            sql.column(found.fields[field]) for field, type_ in found.kind.types.items() if type_.kind == kind
        ]
        if found.kind.one_per is not None:
            parts = parts_of(found.kind.one_per.kind)
            for place, part in enumerate(parts):
                if part == kind:
                    columns.append(dialect.name_part(sql.column("t"), place) if len(parts) > 1 else sql.column("t"))
        for column in columns:
            named.append(sql.select({"n": column}, sql.table(found.relation), sql.is_there(column), [column]))
    if not named:
        return listed(session, ())
    nothing = sql.cast(sql.null(), INT)
    outputs = {"n": sql.column("n"), "since": nothing, "until": nothing}
    together = sql.nested(sql.union(named), "u")
    return _undated(session.table(sql.select(outputs, together, None, [sql.column("n")]), "targets"))
