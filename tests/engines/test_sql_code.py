"""Code of the plan as SQL says what its plainest reading says, on random expressions and values."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.dialect import BIG, INT
from cityrules.engines.sql.emit import Emitter
from cityrules.engines.sql.query import Query
from cityrules.engines.sql.session import Session
from cityrules.engines.sql.values import column_type
from cityrules.feel.check import Expectation, check
from cityrules.feel.tree import Binding, Tree
from cityrules.feel.types import Number
from cityrules.plan import coding
from cityrules.plan.bounds import MOST_BITS
from cityrules.plan.code import Code, Listing, Slot
from cityrules.plan.coding import TooLargeError
from cityrules.plan.lower import lower, lower_rounded
from cityrules.plan.overflow import overflow
from cityrules.plan.whole import divided
from cityrules.scheme.notation import ROUNDING_MODES, Rounding, RoundingMode
from cityrules.text.diagnostic import Report
from plan.code_meaning import Plain, run
from plan.test_lower import slots
from plan.typed_expressions import EXPRESSIONS, NAMES, NUMBERS, VALUES, Name, Scope

many = settings(deadline=None, suppress_health_check=list(HealthCheck))


@cache
def session() -> Session:
    return Session(threads=1)


@cache
def listed(listing: Listing) -> str:
    """A list as a relation."""
    return session().filled({"k": INT, "v": INT}, list(enumerate(listing.values, listing.first)))


def computed(code: Code, rows: list[dict[Name, Plain]]) -> list[Plain]:
    """What the database makes of code over some rows, in their order."""
    names = list(NAMES.values())
    columns = {"o": INT, **{f"c{place}": column_type(name.type) for place, name in enumerate(names)}}
    table = session().filled(columns, [(o, *(row[name] for name in names)) for o, row in enumerate(rows)])
    query = Query(table)

    def column_of(binding: Binding) -> sql.E:
        assert isinstance(binding, Name)
        return query.draw(sql.column(f"c{names.index(binding)}", "b"))

    value = Emitter(query, column_of, listed).stored(code)
    found = query.select({"o": query.draw(sql.column("o", "b")), "v": value})
    return [value for _, value in sorted(session().rows(found))]


def tree_of(text: str) -> Tree | None:
    found = check(text, Scope(), Report(), expect=Expectation("any", guards=True))
    return found.tree if found is not None else None


@given(text=EXPRESSIONS, values=st.lists(VALUES, min_size=1, max_size=6))
@example(text="(if perhaps then 1 else 2)", values=[])
@example(text="min(opt, few, 3)", values=[])
@example(text="(few / opt + 1)", values=[])
@many
def test_sql_computes_what_the_code_means(text: str, values: list[dict[str, object]]) -> None:
    tree = tree_of(text)
    assume(tree is not None)
    assert tree is not None
    try:
        unrounded = isinstance(tree.type, Number) and tree.type.scale is None
        codes = [lower_rounded(tree, Rounding("half even", 3)) if unrounded else lower(tree), overflow(tree)]
    except TooLargeError:
        return
    rows = [slots(row) for row in values]  # type: ignore[arg-type]
    for code in codes:
        assert computed(code, rows) == [run(code, row) for row in rows]  # type: ignore[arg-type]


@given(
    text=NUMBERS, mode=st.sampled_from(ROUNDING_MODES), digits=st.integers(0, 4), values=st.lists(VALUES, max_size=4)
)
@many
def test_roundings_are_exact(text: str, mode: RoundingMode, digits: int, values: list[dict[str, object]]) -> None:
    tree = tree_of(text)
    assume(tree is not None and isinstance(tree.type, Number))
    assert tree is not None
    try:
        code = lower_rounded(tree, Rounding(mode, digits))
    except TooLargeError:
        return
    rows = [slots(row) for row in values]  # type: ignore[arg-type]
    assert computed(code, rows) == [run(code, row) for row in rows]  # type: ignore[arg-type]


@pytest.mark.parametrize("mode", ROUNDING_MODES)
@pytest.mark.parametrize("bits", [8, 60, 61, 62, 63, 64, 100, MOST_BITS - 3])
def test_divisions_of_every_width(mode: RoundingMode, bits: int) -> None:
    most = 2 ** (bits - 1) - 1
    numerators = [0, 1, -1, 2, -2, 3, 5, -5, 7, -7, most, -most, most - 1, most // 2, -(most // 2) - 1]
    divisors = [1, 2, 3, 4, 7, 10, most, max(1, most // 2), 0, -3]
    rows = [(o, n, d) for o, (n, d) in enumerate((n, d) for n in numerators for d in divisors)]
    kind = BIG if bits > 64 else INT
    query = Query(session().filled({"o": INT, "n": kind, "d": kind}, rows))
    columns = {name: query.draw(sql.column(name, "b")) for name in "ond"}

    def slot(name: str, low: int) -> Slot:
        return Slot("int", low, most, False, 1, NAMES[name])

    code = coding.div(slot("n", -most), slot("small", -3), mode)
    emitter = Emitter(query, lambda binding: columns["n" if binding is NAMES["n"] else "d"], listed)
    found = session().rows(query.select({"o": columns["o"], "v": emitter.stored(code)}))
    wanted = [divided(n, d, mode) if d > 0 else None for _, n, d in rows]
    assert [value for _, value in sorted(found)] == wanted
    over = [coding.div(slot("n", low), coding.number(d), mode) for low in (0, -most) for d in (1, 2, 7)]
    for code in over:
        query = Query(session().filled({"n": kind}, [(n,) for n in numerators if n >= 0]))
        column = query.draw(sql.column("n", "b"))
        emitter = Emitter(query, lambda _, column=column: column, listed)  # type: ignore[misc]
        pairs = session().rows(query.select({"n": column, "v": emitter.stored(code)}))
        d = code.d.low if hasattr(code, "d") else 1
        assert all(value == divided(n, d, mode) for n, value in pairs)


def test_a_deeply_nested_expression_does_not_grow_beyond_its_size() -> None:
    text = "opt"
    for _ in range(12):
        text = f"min({text}, few, abs({text}))" if len(text) < 400 else f"min({text}, few)"
    tree = tree_of(text)
    assert tree is not None
    code = lower(tree)
    rows: list[dict[Name, Plain]] = [slots(dict.fromkeys(NAMES, None)) | {NAMES["opt"]: 35, NAMES["few"]: 2}]
    assert computed(code, rows) == [20]
