"""Types, policies, roundings and bounds of every form of measure."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from cityrules.feel.tree import Read
from cityrules.feel.types import Number, Text
from cityrules.plan.model import Bands, Empty, Fold, Formula, Ledger, Missing, Rank
from cityrules.plan.names import Dial
from cityrules.plan.policies import with_values
from cityrules.scheme.notation import Rounding
from plan.building import SCHEME, checked, codes, plan

SCORE = "score: {for: squad each month, formula: 100}\n"


def test_the_default_rounding_is_for_what_divides() -> None:
    made = plan(
        SCORE
        + """
share: {for: bureau each month, formula: quota / 7}
plain: {for: bureau each month, formula: quota * 7}
own: {for: bureau each month, formula: quota * 7.25, round: down to 1}
m: {for: bureau each month, mean: score, over: squad, empty: null}
p: {for: bureau each month, portion: score > 3, over: squad, empty: 0, unit: '%'}
s: {for: bureau each month, sum: score, over: squad}
""",
        scheme=SCHEME.replace("in_force:", "rounding: half even to 3\nin_force:"),
    ).measures
    rounds = {name: one.round for name, one in made.items() if isinstance(one, (Formula, Fold))}
    assert rounds["share"] == rounds["m"] == rounds["p"] == Rounding("half even", 3)
    assert rounds["plain"] is rounds["s"] is None
    assert rounds["own"] == Rounding("down", 1)
    scales = {name: one.type.scale for name, one in made.items() if isinstance(one.type, Number)}
    assert scales == {"score": 0, "share": 3, "plain": 0, "own": 1, "m": 3, "p": 3, "s": 0}
    assert made["p"].type == Number(3, Fraction(0), Fraction(100), "%")


def test_bounds_go_outward_when_rounded() -> None:
    made = plan("m: {for: squad each month, mean: volume, over: finding, empty: null, round: up to 0}").measures["m"]
    assert made.type == Number(0, Fraction(0), Fraction(100), "m3", True)


def test_a_guarded_divisor_needs_empty() -> None:
    made = plan("r: {for: bureau each month, formula: 1 / quota, round: half up to 2, empty: 5}").measures["r"]
    assert isinstance(made, Formula)
    assert made.empty == Empty(Fraction(5))
    assert len(made.value.guards) == 1
    assert not codes("r: {for: squad each month, formula: 1 / area, round: half up to 2}")


@pytest.mark.parametrize(
    ("said", "policy", "optional"),
    [
        ("error", Missing("error"), False),
        ("null", Missing("value", None), True),
        ("3.5", Missing("value", Fraction(7, 2)), False),
    ],
)
def test_missing_in_a_formula(said: str, policy: Missing, optional: bool) -> None:
    made = plan(f"x: {{for: squad each month, formula: mark, missing: {said}}}").measures["x"]
    assert isinstance(made, Formula)
    assert made.missing == policy
    assert made.type.optional is optional


def test_a_value_that_stands_in_bounds_nothing_that_had_no_bound() -> None:
    assert with_values(Number(0, Fraction(3), None), 1) == Number(0, Fraction(1), None)
    assert with_values(Number(0, None, Fraction(3)), Fraction(7, 2)) == Number(1, None, Fraction(7, 2))


def test_a_value_that_stands_in_widens_the_type() -> None:
    made = plan("x: {for: squad each month, formula: mark, missing: -2.125}").measures["x"]
    assert made.type == Number(3, Fraction(-17, 8), Fraction(100))


@pytest.mark.parametrize(
    ("measure", "found"),
    [
        ("{for: squad each month, formula: mark}", "CR470"),
        ("{for: squad each month, formula: area, missing: 0}", "CR471"),
        ("{for: squad each month, formula: mark, missing: skip}", "CR472"),
        ("{for: squad each month, formula: mark, missing: none}", "CR473"),
        ("{for: squad each month, formula: mark, missing: 3元}", "CR464"),
        ("{for: squad each month, formula: mark, empty: 0, missing: 0}", "CR475"),
        ("{for: squad each month, count: finding, where: cleared_on > found_on}", "CR470"),
        ("{for: squad each month, count: finding, where: cleared_on > found_on, missing: 3}", "CR472"),
        ("{for: squad each month, sum: volume, over: finding, empty: 0}", "CR475"),
        ("{for: squad each month, max: volume, over: finding}", "CR474"),
        ("{for: squad each month, max: volume, over: finding, empty: skip}", "CR479"),
        ("{for: squad each month, max: cleared_on, over: finding, empty: null, missing: null}", "CR472"),
        ("{for: squad each month, rank: high mark, among: whole, ties: share}", "CR470"),
        ("{for: squad each month, rank: high mark, among: whole, ties: share, missing: null}", "CR472"),
        ("{for: squad each month, run: mark > 3, new_year: breaks}", "CR470"),
        ("{for: squad each month, run: mark > 3, new_year: breaks, missing: skip}", "CR472"),
        ("{for: squad each month, bands: mark, at_least: {60: 合格}, otherwise: 不合格}", "CR470"),
        ("{for: squad each month, bands: mark, at_least: {60: 合格}, otherwise: 差, missing: skip}", "CR472"),
        ("{for: bureau each month, formula: quota / 3}", "CR461"),
        ("{for: squad each month, count: finding, round: half up to 0, where: 'volume / 3 > 1'}", None),
        ("{for: squad each month, sum: volume / 3, over: finding}", "CR463"),
    ],
)
def test_policies_are_stated_exactly_when_needed(measure: str, found: str | None) -> None:
    assert [code for code, _ in codes(f"x: {measure}")] == ([found] if found else [])


def test_where_proves_what_its_value_needs() -> None:
    fold = "max: cleared_on, over: finding, empty: null"
    assert not codes(f"x: {{for: squad each month, {fold}, where: cleared_on != null}}")
    assert codes(f"x: {{for: squad each month, {fold}}}") == [("CR470", "measures.x")]


def test_bands_of_labels() -> None:
    made = plan(
        "g: {for: squad each month, bands: mark, at_least: {60: 中, 90: 优}, otherwise: 差, missing: 未评}"
    ).measures["g"]
    assert isinstance(made, Bands)
    assert made.type == Text(("中", "优", "差", "未评"))
    assert [label for _, label in made.bounds] == ["优", "中"]
    assert made.missing == Missing("value", "未评")


def test_bands_of_numbers_and_of_labels_that_look_like_them() -> None:
    made = plan(
        """
        rate: {for: finding, bands: volume, up_to: {1: 0.5, 10: 2}, otherwise: 3.25}
        share: {for: finding, bands: volume, up_to: {1: 5%, 10: 7%}, otherwise: 10%}
        level: {for: finding, bands: volume, up_to: {1: 1级, 10: 2级}, otherwise: 3级}
        some: {for: finding, bands: volume, up_to: {1: 1, 10: 2}, otherwise: 其他}
        none: {for: finding, bands: volume, up_to: {1: 1, 10: 2}, otherwise: null}
        """
    ).measures
    assert made["rate"].type == Number(2, Fraction(1, 2), Fraction(13, 4))
    assert made["share"].type == Number(0, Fraction(5), Fraction(10), "%")
    assert made["level"].type == Text(("1级", "2级", "3级"))
    assert made["some"].type == Text(("1", "2", "其他"))
    assert made["none"].type == Number(0, Fraction(1), Fraction(2), None, True)


def test_a_bound_may_be_a_parameter() -> None:
    made = plan("g: {for: squad each month, bands: area, at_least: {rising_line: 大, 5: 中}, otherwise: 小}").measures
    bands = made["g"]
    assert isinstance(bands, Bands)
    tree = bands.bounds[0][0].tree
    assert isinstance(tree, Read)
    assert isinstance(tree.binding, Dial)
    assert tree.binding.side == "cell"


def test_bounds_are_in_order_on_every_day() -> None:
    assert codes("g: {for: squad each month, bands: area * 2, at_least: {rising_line: 大, 65: 中}, otherwise: 小}") == [
        ("CR482", "measures.g.at_least.65")
    ]
    assert codes("g: {for: squad each month, bands: area, at_least: {10: 大, 20: 中, 15: 小}, otherwise: 无}") == [
        ("CR482", "measures.g.at_least.20")
    ]
    assert codes("g: {for: squad each month, bands: area, up_to: {10: 小, 30: 中, 20: 大}, otherwise: 无}") == [
        ("CR482", "measures.g.up_to.20")
    ]


@pytest.mark.parametrize(
    ("bands", "found"),
    [
        ("at_least: {51: 大, 50: 中}, otherwise: 小", [("CR480", "measures.g.at_least.51")]),
        ("above: {50: 大, 49: 中}, otherwise: 小", [("CR480", "measures.g.above.50")]),
        ("up_to: {0.9: 小, 1: 中}, otherwise: 大", [("CR480", "measures.g.up_to.0.9")]),
        ("below: {1: 小, 1.1: 中}, otherwise: 大", [("CR480", "measures.g.below.1")]),
        ("at_least: {40: 大, 30: 中, 20: 中}, otherwise: 小", [("CR466", "measures.g.at_least.30")]),
        ("at_least: {40: 大, 30: 小}, otherwise: 小", [("CR466", "measures.g.at_least.30")]),
        ("at_least: {40: 大, 30: 小}, otherwise: 大", []),
    ],
)
def test_a_bound_without_effect_is_pointed_out(bands: str, found: list[tuple[str, str]]) -> None:
    assert codes(f"g: {{for: squad each month, bands: area, {bands}}}") == found
    made, complaints = checked(f"g: {{for: squad each month, bands: area, {bands}}}")
    assert made is not None
    assert {complaint.severity for complaint in complaints} <= {"warning"}


@pytest.mark.parametrize("rule", ["deduct: -0.5", "add: 1 - 3", "deduct: 0 - area", "deduct: 1, times: -2"])
def test_an_amount_below_zero_is_refused(rule: str) -> None:
    ledger = f"s: {{for: squad each month, from: 100, rules: {{r: {{{rule}}}}}}}"
    assert [code for code, _ in codes(ledger)] == ["CR485"]
    assert codes("s: {for: squad each month, from: 100, rules: {r: {add: 60 - area}}}") == []


def test_a_rank_among_its_own_kind_is_pointed_out() -> None:
    rank = "r: {{for: squad each month, rank: high area, among: {}, ties: share}}"
    assert codes(rank.format("squad")) == [("CR469", "measures.r.among")]
    assert codes(rank.format("bureau")) == []


def test_the_clause_of_the_document_is_the_last_resort() -> None:
    """Lines of a ledger without any clause of their own had none, though the document has one for all."""
    made = plan("s: {for: squad each month, from: 100, rules: {r: {deduct: 1}, t: {deduct: 2, clause: 7}}}")
    ledger = made.measures["s"]
    assert isinstance(ledger, Ledger)
    assert [ledger.clause, *(rule.clause for rule in ledger.rules)] == ["1", "1", "7"]


def test_counts_sums_and_runs_have_bounds() -> None:
    made = plan(
        SCORE
        + """
n: {for: squad each month, count: finding}
s: {for: squad each month, sum: notices, over: finding}
q: {for: squad each year, sum: score, over: month}
w: {for: squad each month, count: month, window: last 5 months}
r: {for: squad each month, run: score > 3, new_year: breaks}
p: {for: squad each month, rank: low score, among: [bureau, quota], ties: dense}
"""
    ).measures
    highs = {name: one.type.high for name, one in made.items() if isinstance(one.type, Number)}
    assert highs == {"score": 100, "n": 10**9, "s": 9 * 10**9, "q": 1200, "w": 5, "r": 12 * 9999, "p": 10**6}
    rank = made["p"]
    assert isinstance(rank, Rank)
    assert not rank.high
    assert [expr.text for expr in rank.among] == ["bureau", "quota"]


def test_a_divisor_within_min_can_be_guarded_by_empty() -> None:
    """`min(a / b, 1) * 20`, a ratio and no more than the full points, asked for an `if` although `empty` was there."""
    formula = "f: {{for: squad each month, formula: '{}', round: half up to 2, empty: 0}}"
    for text in ("min(1 / quota, 1) * 20", "abs(1 - area / quota)", "full_steps(area / quota, 0.1)"):
        assert codes(formula.format(text)) == []
    assert codes(formula.format("if area > 1 then min(1 / quota, 1) else 2")) == [("CR266", "measures.f.formula")]


def test_a_cap_reads_what_a_rule_of_an_item_has_counted() -> None:
    """`clean.litter` was no name there: caps could look at rules outside of items only."""
    score = """
score:
  for: squad each month
  from: 100
  items:
    clean: {{worth: 60, rules: {{litter: {{each: finding, deduct: 5}}}}}}
    order: {{worth: 40, items: {{stalls: {{worth: 40, rules: {{stall: {{each: finding, deduct: 5}}}}}}}}}}
    bonus: {{worth: 20, extra: yes, rules: {{more: {{each: finding, add: 5}}}}}}
  caps: {{half: {{at: {}, of: [bonus]}}}}
"""
    assert codes(score.format("(clean.litter + order.stalls.stall) * 0.5")) == []
    assert codes(score.format("clean.liter * 0.5")) == [("CR250", "measures.score.caps.half.at")]


def test_what_decides_between_equal_places_is_never_missing() -> None:
    rank = "r: {{for: squad each month, rank: {}, among: whole, ties: share}}"
    assert codes(rank.format("[high area, low quota]")) == []
    assert codes(rank.format("[high area, low mark]")) == [("CR478", "measures.r.rank.1")]
    assert codes(rank.format("[high area, bureau]")) == [("CR492", "measures.r.rank.1")]
    assert codes(rank.format("[high area, low bureau]")) == [("CR459", "measures.r.rank.1")]
    assert codes(rank.format("[high area, low quota / 3]")) == []


def test_a_record_always_counts_itself_among_its_own_kind() -> None:
    """So that a price list by occurrence needs no row for a time that cannot be."""
    made = plan(
        """
nth: {for: finding, count: finding, among: squad, window: last 30 days}
ever: {for: finding, count: finding, among: whole, window: ever}
large: {for: finding, count: finding, where: volume > 3, among: squad, window: last 30 days}
helped: {for: finding, count: finding, among: helper, window: last 30 days, missing: skip}
"""
    ).measures
    lows = {name: one.type.low for name, one in made.items() if isinstance(one.type, Number)}
    assert lows == {"nth": 1, "ever": 1, "large": 0, "helped": 0}


LEDGER = """
score:
  for: squad each month
  from: 100
  rules:
    late:
     {each: finding, when: cleared_on > found_on, missing: %s, deduct: 0.5, times: "days_between(found_on, cleared_on)"}
    big: {each: finding, when: volume > 3, deduct: 2, cap: 6, group: size}
    huge: {each: finding, when: volume > 9, deduct: 5, group: size, replaces: big}
    good: {add: 1.25, when: quota > 3}
  together: {size: highest}
  floor: 0
"""


def test_a_ledger() -> None:
    made = plan(LEDGER % "no").measures["score"]
    assert isinstance(made, Ledger)
    assert made.groups == {"size": "highest", "": "all"}
    assert made.floor == 0
    assert [rule.sign for rule in made.rules] == [-1, -1, -1, 1]
    assert [rule.clause for rule in made.rules] == ["1"] * 4
    assert isinstance(made.type, Number)
    assert (made.type.scale, made.type.low) == (2, 0)
    assert made.caps[0].at.text == "6"


def test_a_hit_in_spite_of_an_unknown_condition_proves_nothing() -> None:
    assert codes(LEDGER % "yes") == [("CR476", "measures.score.rules.late.times")]


def test_together_is_needed_only_where_rules_of_a_group_meet() -> None:
    head = "score:\n  for: squad each month\n  from: 100\n  rules:\n"
    loose = "    a: {each: finding, deduct: 1}\n    b: {each: finding, deduct: 2}\n"
    apart = "    a: {each: finding, deduct: 1, group: g}\n    b: {deduct: 2, group: g}\n"
    meeting = "    a: {each: finding, deduct: 1, group: g}\n    b: {each: finding, deduct: 2, group: g}\n"
    assert not codes(head + loose)
    assert not codes(head + loose + "  together: all\n")
    assert not codes(head + apart)
    assert codes(head + meeting) == [("CR484", "measures.score")]
    assert not codes(head + meeting + "  together: first\n")


def test_ledgers_take_units_and_refuse_others() -> None:
    head = "fund:\n  for: squad each month\n  from: 0\n  unit: 元\n  rules:\n"
    made = plan(head + "    a: {add: 3}\n").measures["fund"]
    assert made.type == Number(0, Fraction(0), Fraction(3), "元")
    assert [code for code, _ in codes(head + "    a: {each: finding, deduct: volume}\n")] == ["CR464"]
    assert not codes(head + "    a: {each: finding, deduct: fee}\n"), "a constant start takes the ledger's unit"


def test_a_name_may_be_used_before_it_is_written() -> None:
    made = plan("a: {for: squad each month, formula: b + c}\nb: {for: squad each month, formula: c}\n"
                "c: {for: squad each month, formula: 1}\n")  # fmt: skip
    assert list(made.measures) == ["c", "b", "a"]


def test_circles_are_told_once_and_readers_are_left_alone() -> None:
    found = codes(
        """
        a: {for: squad each month, formula: b}
        b: {for: squad each month, formula: previous(a), missing: 0}
        reader: {for: squad each month, formula: a + 1}
        self: {for: squad each month, formula: self}
        """
    )
    assert found == [("CR498", "measures.a"), ("CR498", "measures.self")]


def test_a_mistake_is_told_where_it_is_and_not_where_it_is_read() -> None:
    found = codes("a: {for: squad each month, formula: are}\nb: {for: squad each month, formula: a + 1}\n")
    assert found == [("CR250", "measures.a.formula")]


def test_an_unstated_parameter_withholds_what_reads_it() -> None:
    made = plan(
        """
        a: {for: squad each month, formula: open_line * 2}
        b: {for: squad each month, formula: a + 1}
        c: {for: squad each month, formula: 1}
        """,
        "consequences:\n  x: {for: squad each month, when: b > 3, do: 约谈, kind: talk}\n"
        "checks:\n  b2: {for: squad each month, that: b > 3, otherwise: warn}\n",
    )
    assert list(made.measures) == ["c"]
    assert not made.consequences
    assert not made.checks
    assert [(one.name, one.waits_for) for one in made.withheld] == [(n, "open_line") for n in ("a", "b", "x", "b2")]


def test_a_reading_nobody_has_chosen_withholds_what_it_changes() -> None:
    reading = (
        "readings:\n  r: {question: 问, chosen: %s, because: 因, "
        "others: {o: {measures.a.formula: 2, parameters.pass_line.value: 3}}}\n"
    )
    measures = """
    a: {for: squad each month, formula: 1}
    b: {for: squad each month, formula: a}
    c: {for: squad each month, formula: pass_line}
    d: {for: squad each month, formula: 4}
    """
    made = plan(measures, reading % "unstated")
    assert list(made.measures) == ["d"]
    assert {one.waits_for for one in made.withheld} == {"r"}
    assert list(plan(measures, reading % "每个月").measures) == ["a", "b", "c", "d"]


def test_an_account_of_amounts_that_nobody_has_stated_is_no_overflow() -> None:
    # What the text does not give was assumed to be so large that sums over years of it were refused (CR499).
    measures = """
    lost: {for: squad each month, from: 0, rules: {f: {each: finding, add: open_line}}}
    pool: {for: whole each month, from: carried, rules: {p: {each: cut, add: amount}}}
    """
    cut = "consequences:\n  cut: {for: squad each month, when: lost > 0, do: 扣款, kind: payment, amount: lost}\n"
    assert {one.name for one in plan(measures, cut).withheld} == {"lost", "cut", "pool"}


def test_parameters() -> None:
    made = plan("x: {for: squad each month, formula: 1}").parameters
    assert made["rising_line"].values == ((dt.date(2023, 1, 1), Fraction(60)), (dt.date(2025, 1, 1), Fraction(70)))
    assert made["rising_line"].type == Number(0, Fraction(60), Fraction(70))
    assert made["fee"].type == Number(1, Fraction(3, 2), Fraction(3, 2), "元")
    assert made["deadline"].values == ((dt.date.min, dt.date(2024, 6, 30)),)
    assert made["open_line"].values == ()


def test_large_numbers_are_refused_with_their_expression() -> None:
    scheme = SCHEME.replace("notices: count [0, 9]", "notices: count [0, 9]\n      a: number(2)\n      b: number(2)")
    _, complaints = checked("x: {for: finding, formula: a * b * a * b}", scheme=scheme)
    assert [(d.code, d.at and d.at.text) for d in complaints] == [("CR499", "a * b * a * b")]
    assert not codes("x: {for: squad each month, sum: a * notices, over: finding}", scheme=scheme)
    _, complaints = checked("x: {for: squad each month, sum: a * b, over: finding}", scheme=scheme)
    assert [d.code for d in complaints] == ["CR499"]


def test_what_reads_a_number_that_is_too_large_is_not_complained_about() -> None:
    """Regression: one measure beyond 126 bits made every measure above it a complaint of its own."""
    chain = "\n".join(f"a{n}: {{for: bureau each year, formula: a{n - 1} * a{n - 1}}}" for n in range(1, 30))
    found = codes("a0: {for: bureau each year, formula: quota}\n" + chain)
    assert [code for code, _ in found] == ["CR499"]


def test_a_cap_of_nothing_is_refused_and_one_of_a_refused_rule_left_alone() -> None:
    rules = "rules: {r: {deduct: 1}}"
    # It was passed over in silence, and the whole ledger with it.
    assert codes(f"m: {{for: squad each month, from: 100, {rules}, caps: {{c: {{at: 2, of: add}}}}}}") == [
        ("CR850", "measures.m.caps.c.of")
    ]
    assert codes(f"m: {{for: squad each month, from: 100, {rules}, caps: {{c: {{at: 2, of: deduct}}}}}}") == []
    # Whoever caps it is not to blame.
    bad = "rules: {r: {each: quarter, deduct: 1, cap: 3}, s: {deduct: 1}}"
    for of in ("[r]", "deduct", "[r, s]"):
        made = codes(f"m: {{for: squad each month, from: 100, {bad}, caps: {{c: {{at: 2, of: {of}}}}}}}")
        assert made == [("CR433", "measures.m.rules.r.each")], of


@pytest.mark.parametrize(("total", "low", "high"), [("-10", -10, 0), ("10", 0, 10)])
def test_a_share_lies_between_nothing_and_all(total: str, low: int, high: int) -> None:
    share = f"p: {{for: bureau each month, apportion: {total}, in_proportion_to: quota, among: whole, step: 1,"
    made = plan(share + " remainder: by name, empty: 0}").measures["p"]
    assert isinstance(made.type, Number)
    assert (made.type.low, made.type.high) == (low, high)
