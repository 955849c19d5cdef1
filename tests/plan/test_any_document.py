"""Whatever a well-formed document says, building answers with a plan or with complaints, and in bounded time."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cityrules.feel.types import Number
from cityrules.plan.build import build
from cityrules.plan.model import Ledger, Plan
from cityrules.plan.order import ordered
from cityrules.plan.reading import measures_read
from cityrules.scheme.load import document_from
from cityrules.text.catalogue import unfilled
from cityrules.text.diagnostic import Report
from plan.building import SCHEME, checked

GRAINS = st.sampled_from(
    ["finding", "squad", "squad each month", "bureau each month", "bureau each year", "whole each year",
     "market each quarter", "whole", "rating", "finding each month", "nobody each month"]
)  # fmt: skip
NAMES = ["m0", "m1", "m2", "m3", "m4", "m5"]
AXES = st.sampled_from(["finding", "squad", "bureau", "market", "month", "year", "rating", "m1", "nothing"])
FIELDS = ["volume", "notices", "cleared_on", "found_on", "helper", "size", "media", "quota", "area", "head", "mark"]
OTHERS = ["squad", "bureau", "market", "buildings", "pass_line", "rising_line", "fee", "deadline", "open_line", "as_of"]
PARTS = ["month.number", "year.start", "month", "finding", "nobody", "1", "0.5", "100", '"合格"', "null", "true"]
ATOMS = st.sampled_from([*NAMES, *FIELDS, *OTHERS, *PARTS])
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "<", "<=", "=", "!=", "and", "or"]), inner).map(" ".join),
        st.tuples(st.sampled_from(["previous", "year_before", "tied", "abs", "not", "date", "fired"]), inner).map(
            lambda pair: f"{pair[0]}({pair[1]})"
        ),
        st.tuples(inner, inner).map(lambda pair: f"default({pair[0]}, {pair[1]})"),
        st.tuples(inner, inner, inner).map(lambda three: "if {} then {} else {}".format(*three)),
    ),
    max_leaves=4,
)
WORDS = st.sampled_from(["error", "skip", "null", "0", "1.25", "合格", "true", "breaks", "3元"])


def optional(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=keys)


COMMON = optional(
    missing=WORDS, round=st.just("half up to 2"), unit=st.sampled_from(["%", "元"]), applies=EXPRESSIONS
)  # fmt: skip
FOLDED = optional(
    where=EXPRESSIONS,
    empty=WORDS,
    via=st.sampled_from(["squad", "helper", "no"]),
    window=st.sampled_from(["last 3 months", "year to date", "last 2 years"]),
)
RULE = st.tuples(
    st.fixed_dictionaries({"deduct": EXPRESSIONS}),
    optional(
        each=AXES,
        when=EXPRESSIONS,
        times=EXPRESSIONS,
        cap=st.sampled_from(["5", "-1", "3元"]),
        group=st.sampled_from(["g", "h"]),
        replaces=st.sampled_from(["a", "b", "c"]),
        missing=st.sampled_from(["yes", "no", "undecided"]),
    ),
).map(lambda both: {**both[0], **both[1]})
FORMS = st.one_of(
    st.fixed_dictionaries({"formula": EXPRESSIONS}),
    st.tuples(
        st.fixed_dictionaries({"over": AXES}),
        st.tuples(st.sampled_from(["sum", "mean", "min", "max", "portion"]), EXPRESSIONS).map(lambda one: dict([one])),
        FOLDED,
    ).map(lambda parts: {**parts[0], **parts[1], **parts[2]}),
    st.tuples(st.fixed_dictionaries({"count": AXES}), FOLDED).map(lambda parts: {**parts[0], **parts[1]}),
    st.fixed_dictionaries(
        {
            "bands": EXPRESSIONS,
            "at_least": st.dictionaries(st.sampled_from(["90", "60", "5%", "rising_line", "odd"]), WORDS, min_size=1),
            "otherwise": WORDS,
        }
    ),
    st.fixed_dictionaries(
        {
            "rank": st.tuples(st.sampled_from(["high", "low", "up"]), EXPRESSIONS).map(" ".join),
            "among": st.sampled_from(["whole", "bureau", "quota", "m1", "head"]),
            "ties": st.just("share"),
        }
    ),
    st.fixed_dictionaries({"run": EXPRESSIONS, "new_year": st.just("breaks")}),
    st.fixed_dictionaries(
        {
            "from": EXPRESSIONS,
            "rules": st.dictionaries(st.sampled_from(["a", "b", "c"]), RULE, min_size=1),
        },
        optional={"floor": st.just("0"), "ceiling": st.just("100"), "together": st.sampled_from(["all", "first"])},
    ),
)
MEASURE = st.tuples(GRAINS, FORMS, COMMON).map(lambda parts: {"for": parts[0], **parts[1], **parts[2]})
MEASURES = st.dictionaries(st.sampled_from(NAMES), MEASURE, min_size=1)
CONSEQUENCE = st.one_of(
    st.fixed_dictionaries({"for": GRAINS, "when": EXPRESSIONS, "do": st.just("约谈"), "kind": st.just("talk")}),
    st.fixed_dictionaries(
        {
            "for": GRAINS,
            "ladder": st.sampled_from(NAMES),
            "restarts": st.just("no"),
            "do": st.just("约谈"),
            "kind": st.just("talk"),
            "steps": st.fixed_dictionaries({"one": st.fixed_dictionaries({"reaches": EXPRESSIONS})}),
        }
    ),
)


def sound(made: Plan) -> None:
    """What engines rely on: the order, scales that are known, bounds the right way round."""
    before: set[str] = set()
    for name, measure in made.measures.items():
        assert set(measures_read(measure)) <= before
        before.add(name)
        if isinstance(measure.type, Number):
            assert measure.type.scale is not None
            assert measure.type.low is None or measure.type.high is None or measure.type.low <= measure.type.high
        if isinstance(measure, Ledger):
            assert {rule.group or "" for rule in measure.rules} == set(measure.groups)


@given(MEASURES, st.dictionaries(st.just("c"), CONSEQUENCE))
def test_there_is_a_plan_or_a_complaint(measures: dict[str, Any], consequences: dict[str, Any]) -> None:
    raw = {**_raw(), "measures": measures, "consequences": consequences}
    report = Report()
    loaded = document_from(raw, report)
    if loaded is None:
        return
    made = build(loaded, report)
    assert (made is None) == report.failed
    assert [(found.code, unfilled(found)) for found in report if unfilled(found)] == []
    if made is not None:
        sound(made)


@given(st.dictionaries(st.integers(0, 30), st.lists(st.integers(0, 32), max_size=4)))
def test_the_order_keeps_all_names_and_every_reading(reads: dict[int, list[int]]) -> None:
    names = {str(name): [str(other) for other in others] for name, others in reads.items()}
    order, circles = ordered(names)
    assert sorted(order) == sorted(names)
    on_circle = {name for circle in circles for name in circle}
    for name in order:
        for other in names[name]:
            if other in names and not circles:
                assert order.index(other) < order.index(name)
    for circle in circles:
        assert all(two in names[one] for one, two in zip(circle, (*circle[1:], circle[0]), strict=True))
    assert bool(circles) == bool(on_circle)


def test_a_chain_of_thousands_is_no_recursion() -> None:
    chain = "\n".join(f"a{n}: {{for: squad each month, formula: a{n + 1}}}" for n in range(2_000))
    made, complaints = checked(chain + "\na2000: {for: squad each month, formula: 1}")
    assert not complaints
    assert made is not None
    assert next(iter(made.measures)) == "a2000"


def _raw() -> dict[str, Any]:
    from cityrules.text.nodes import plain
    from cityrules.text.source import Source
    from cityrules.text.yaml import read

    root = read(Source("s", SCHEME.lstrip()), Report())
    assert root is not None
    found = plain(root)
    assert isinstance(found, dict)
    return dict(found)
