"""Caps, precedence and order of hits of the set-based engine, on many small ledgers."""

from __future__ import annotations

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from cityrules.plan.model import Plan
from engines.agreement import BothEngines
from engines.handmade import CITY, TARGETS, assess, plan_of

DOCUMENT = """
measures:
  score:
    for: squad each month
    from: 10
    rules:
      own: {each: finding, via: squad, add: points, cap: CAP, group: g}
      help: {each: finding, via: helper, deduct: points, times: "default(n, 1)", cap: CAP, group: g}
      flat: {each: finding, via: squad, when: bad, missing: undecided, deduct: 1.5, group: g}
      once: {when: month.number = 2, deduct: 0.25, group: h}
    together: {g: POLICY, h: first}
    floor: -3
    ceiling: 14.5
    round: half down to 1
"""


@cache
def plan(cap: str, policy: str) -> Plan:
    return plan_of(
        CITY.replace("points: number(2)", 'points: "number(2) [-20, 20]"')
        + DOCUMENT.replace("CAP", cap).replace("POLICY", policy)
    )


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["a1", "a2"]),
        st.sampled_from(["a1", "a2", "b1", None]),
        st.integers(1, 3),
        st.integers(-400, 400),
        st.sampled_from([None, 0, 1, 2]),
        st.sampled_from([False, False, True, True, None]),
    ),
    max_size=14,
)


@given(rows=ROWS, cap=st.sampled_from(["0", "1.25", "3", "20"]), policy=st.sampled_from(["all", "highest", "first"]))
@settings(deadline=None, max_examples=40)
def test_points_of_both_signs_are_held_within_a_cap_step_by_step(
    rows: list[tuple[object, ...]], cap: str, policy: str
) -> None:
    records = [
        {
            "no": str(number),
            "squad": squad,
            "helper": helper,
            "held": f"2015-01-0{day}",
            "n": n,
            "bad": bad,
            "points": f"{int(points) / 100:.2f}",  # type: ignore[call-overload]
        }
        for number, (squad, helper, day, points, n, bad) in enumerate(rows)
    ]
    assess(plan(cap, policy), span="2015-01..2015-02", targets=TARGETS, finding=records, engine=BothEngines())


SEVERAL = """
measures:
  found: {for: squad each month, count: finding, via: squad}
  score:
    for: squad each month
    from: 10
    rules:
      own: {each: finding, via: squad, add: points, cap: found}
      half: {each: finding, when: helper != null, deduct: points, split: {squad: 0.25, helper: 0.75}, cap: 2.5}
      once: {when: month.number = 2, deduct: 0.75}
    caps:
      sort: {at: 1.5, of: [own, half], per: bad}
      less: {at: CAP, of: deduct}
      back: {at: (half - once) * 0.5, of: add}
    floor: -3
"""


@cache
def several(cap: str) -> Plan:
    return plan_of(CITY.replace("points: number(2)", 'points: "number(2) [-20, 20]"') + SEVERAL.replace("CAP", cap))


@given(rows=ROWS, cap=st.sampled_from(["0", "1.25", "half * 0.5 + 1"]))
@settings(deadline=None, max_examples=20)
def test_caps_of_several_rules_by_sort_and_by_what_others_counted(rows: list[tuple[object, ...]], cap: str) -> None:
    records = [
        {
            "no": str(number),
            "squad": squad,
            "helper": helper,
            "held": f"2015-01-0{day}",
            "n": n,
            "bad": bad,
            "points": f"{int(points) / 100:.2f}",  # type: ignore[call-overload]
        }
        for number, (squad, helper, day, points, n, bad) in enumerate(rows)
    ]
    assess(several(cap), span="2015-01..2015-02", targets=TARGETS, finding=records, engine=BothEngines())
