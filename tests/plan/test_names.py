"""What names mean at each place: own, coarser, element and cell side, and every way of not being readable."""

from __future__ import annotations

import pytest

from cityrules.feel.types import Date, Flag, Member, Number, Text
from cityrules.plan.model import Fold, Formula, KindAxis, Ledger, PeriodAxis, RecordAxis, Route, Run
from cityrules.plan.names import Attribute, Dial, Field, Identity, Measured, Name, Now, PeriodPart
from cityrules.plan.reading import bindings, expressions
from plan.building import SCHEME, checked, codes, plan


def names_in(measures: str, name: str) -> dict[str, Name]:
    """The bindings of a measure's expressions, by the name that stands for each."""
    made = plan(measures).measures[name]
    found: dict[str, Name] = {}
    for expr in expressions(made):
        for binding in bindings(expr):
            key = getattr(binding, "name", None) or getattr(binding, "measure", None) or getattr(binding, "kind", "")
            found[str(key)] = binding
    return found


def test_a_cell_reads_what_is_its_own_or_coarser() -> None:
    found = names_in(
        """
        total: {for: bureau each year, count: finding}
        yes:
          for: squad each month
          formula: total > quota and area > 2 and squad = "A" and bureau = "B" and total > pass_line
        """,
        "yes",
    )
    assert found["total"].side == "cell"
    assert isinstance(found["quota"], Attribute)
    assert found["quota"].kind == "bureau"
    assert found["area"] == Attribute(Number(1, 1, 50), "squad", "area", "cell")  # type: ignore[arg-type]
    assert found["squad"] == Identity(Member("squad"), "squad", "cell")
    assert found["bureau"] == Identity(Member("bureau"), "bureau", "cell")
    assert isinstance(found["pass_line"], Dial)


def test_a_record_reads_what_its_fields_lead_to() -> None:
    found = names_in(
        """
        total: {for: bureau each year, count: finding}
        busy: {for: finding, formula: total > 3 and quota > 1 and area > 2}
        """,
        "busy",
    )
    assert {binding.side for binding in found.values()} == {"cell"}
    assert found["total"] == Measured(Number(0, 0, 10**9), "total", "cell")  # type: ignore[arg-type]


def test_what_an_optional_field_leads_to_can_be_missing() -> None:
    found = names_in("with_market: {for: finding, formula: market != null}", "with_market")
    assert found["market"] == Identity(Member("market", True), "market", "cell")


def test_inside_an_axis_of_records_their_own_names_belong_to_the_element() -> None:
    found = names_in(
        """
        big: {for: finding, formula: volume > 3}
        score: {for: squad each month, formula: 100}
        n: {for: squad each month, count: finding, where: big and volume > 5 and score > 3 and squad = "A" and area > 2}
        """,
        "n",
    )
    assert found["big"].side == "element"
    assert found["volume"].side == "element"
    assert found["score"].side == "cell"
    assert found["area"].side == "element"
    assert found["squad"] == Field(Member("squad"), "finding", "squad", "element")


def test_what_only_the_record_reaches_belongs_to_the_element() -> None:
    """Regression: an attribute of a lower kind and a measure of a lower kind, read in a rule of a higher cell."""
    found = names_in(
        """
        score: {for: squad each month, formula: 100}
        n: {for: bureau each year, count: finding, where: area > 2 and score > 90 and quota > 1}
        """,
        "n",
    )
    assert found["area"].side == "element"
    assert found["score"].side == "element"
    assert found["quota"].side == "element"


def test_parameters_hold_on_the_day_of_a_record_and_else_at_the_end_of_the_period() -> None:
    found = names_in("n: {for: squad each month, count: finding, where: notices > rising_line}", "n")
    assert found["rising_line"].side == "element"
    found = names_in(
        """
        score: {for: squad each month, formula: 100}
        n: {for: squad each year, count: month, where: score > rising_line}
        """,
        "n",
    )
    assert found["rising_line"].side == "cell"
    assert found["score"].side == "element"


def test_the_field_that_leads_to_the_target_is_there_on_its_axis() -> None:
    made = plan("n: {for: market each month, count: finding, where: helper = market}").measures["n"]
    assert isinstance(made, Fold)
    assert made.axis == RecordAxis("finding", Route("helper", "market", "market"))
    assert made.missing is None


def test_between_the_cell_and_the_kind_of_the_axis_names_belong_to_the_element() -> None:
    found = names_in(
        """
        mark_of: {for: squad each month, formula: "default(mark, 0)"}
        m: {for: whole each month, mean: mark_of * quota, over: squad, round: half up to 1, empty: null}
        """,
        "m",
    )
    assert found["mark_of"].side == "element"
    assert found["quota"].side == "element"


def test_periods_between_the_axis_and_the_cell_belong_to_the_element() -> None:
    found = names_in(
        """
        of_month: {for: squad each month, formula: 1}
        of_quarter: {for: squad each quarter, formula: 2}
        of_year: {for: squad each year, formula: 3}
        s: {for: squad each year, sum: of_month + of_quarter + of_year, over: month}
        """,
        "s",
    )
    assert {name: binding.side for name, binding in found.items()} == {
        "of_month": "element",
        "of_quarter": "element",
        "of_year": "cell",
    }


def test_the_period_of_the_cell_itself_is_an_axis_under_a_window() -> None:
    made = plan(
        """
        score: {for: squad each month, formula: 100}
        m: {for: squad each month, mean: score, over: month, window: last 3 months, round: half up to 2, empty: null}
        n: {for: squad each month, count: month, where: month.number > 6, window: year to date}
        """
    ).measures
    for name in ("m", "n"):
        fold = made[name]
        assert isinstance(fold, Fold)
        assert fold.axis == PeriodAxis("month")
        expr = fold.value or fold.where
        assert expr is not None
        assert {binding.side for binding in bindings(expr)} == {"element"}


def test_members_of_periods_and_the_instant_of_knowledge() -> None:
    made = plan("x: {for: squad each month, formula: month.start > year.last_day or date(as_of) > month.start}")
    found = list(bindings(next(expressions(made.measures["x"]))))
    assert found[0] == PeriodPart(Date(), "month", "start", "cell")
    assert found[1] == PeriodPart(Date(), "year", "last_day", "cell")
    assert found[2] == Now()


def test_earlier_periods_and_shared_places_are_optional() -> None:
    measures = plan(
        """
        score: {for: squad each month, formula: 100}
        before: {for: squad each month, formula: previous(score), missing: null}
        last_year: {for: squad each month, formula: year_before(score), missing: 0}
        place: {for: squad each month, rank: high score, among: bureau, ties: share}
        shared: {for: squad each month, formula: tied(place)}
        """
    ).measures
    before, last_year = measures["before"], measures["last_year"]
    assert isinstance(before, Formula)
    assert isinstance(last_year, Formula)
    assert [b.back for b in bindings(before.value) if isinstance(b, Measured)] == ["period"]
    assert [b.back for b in bindings(last_year.value) if isinstance(b, Measured)] == ["year"]
    assert before.type.optional
    assert not last_year.type.optional
    assert not measures["shared"].type.optional


def test_a_measure_that_does_not_apply_everywhere_can_be_missing_for_its_readers() -> None:
    found = codes(
        """
        score: {for: squad each month, applies: area > 3, formula: 100}
        twice: {for: squad each month, formula: score * 2}
        """
    )
    assert found == [("CR470", "measures.twice")]
    assert not codes(
        """
        score: {for: squad each month, applies: area > 3, formula: 100}
        twice: {for: squad each month, applies: area > 3, formula: score * 2}
        best: {for: bureau each month, max: score, over: squad, empty: null}
        """
    )


def test_applies_proves_what_it_asks() -> None:
    assert not codes("slow: {for: finding, applies: cleared_on != null, formula: cleared_on > found_on}")


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ("volume", "CR441"),
        ("of_month", "CR441"),
        ("of_squad", "CR441"),
        ("stall", "CR250"),
        ("market", "CR445"),
        ("finding", "CR449"),
        ("month", "CR447"),
        ("month.number", "CR448"),
        ("previous(quota)", "CR450"),
        ("of_month.year", "CR441"),
    ],
)
def test_names_that_cannot_be_read(formula: str, code: str) -> None:
    found = codes(
        f"""
        of_month: {{for: bureau each month, formula: 1}}
        of_squad: {{for: squad each year, formula: 1}}
        x: {{for: bureau each year, formula: "{formula}"}}
        """
    )
    assert found == [(code, "measures.x.formula")]


def test_the_text_of_a_mistake_in_a_rank_is_found_behind_its_direction() -> None:
    _, complaints = checked("place: {for: squad each month, rank: high scor + 1, among: whole, ties: share}")
    assert [(d.code, d.at and d.at.text) for d in complaints] == [("CR250", "scor")]


def test_each_axis() -> None:
    made = plan(
        """
        score: {for: squad each month, formula: 100}
        a: {for: squad each month, count: finding}
        b: {for: whole each year, count: finding}
        c: {for: bureau, count: finding}
        d: {for: whole each month, sum: score, over: squad}
        e: {for: squad each half_year, sum: score, over: month}
        f:
          for: bureau each month
          from: 0
          rules: {low: {each: squad, when: score < 50, deduct: 1}}
        g: {for: squad each month, run: score < 50, new_year: continues}
        """
    ).measures
    axes = {name: one.axis for name, one in made.items() if isinstance(one, Fold)}
    assert axes == {
        "a": RecordAxis("finding", Route("squad", "squad", "squad")),
        "b": RecordAxis("finding", None),
        "c": RecordAxis("finding", Route("squad", "squad", "bureau")),
        "d": KindAxis("squad"),
        "e": PeriodAxis("month"),
    }
    ledger = made["f"]
    assert isinstance(ledger, Ledger)
    assert ledger.rules[0].axis == KindAxis("squad")
    assert isinstance(made["g"], Run)


def test_fields_of_cell_rows_are_read_at_their_grain() -> None:
    found = names_in("x: {for: squad each month, formula: mark, missing: null}", "x")
    assert found["mark"] == Field(Number(1, 0, 100, None, True), "rating", "mark", "cell")  # type: ignore[arg-type]
    found = names_in("x: {for: squad each month, formula: buildings}", "x")
    assert not found["buildings"].type.optional


def test_types_of_fields() -> None:
    types = {
        name: one.type
        for name, one in plan(
            """
            a: {for: finding, formula: size}
            b: {for: finding, formula: media}
            c: {for: finding, formula: found_on}
            d: {for: finding, formula: notices}
            e: {for: finding, formula: volume}
            """
        ).measures.items()
    }
    assert types["a"] == Text(("大", "小"))
    assert types["b"] == Flag()
    assert types["c"] == Date()
    assert types["d"] == Number(0, 0, 9)  # type: ignore[arg-type]
    assert types["e"] == Number(1, 0, 100, "m3")  # type: ignore[arg-type]


def test_a_record_with_two_ways_to_a_target_can_be_folded_up_to_it() -> None:
    """The sentence said that nothing could be folded, where it only takes `via`."""
    scheme = SCHEME.replace("helper: optional market", "helper: optional squad")
    assert [code for code, _ in codes("m: {for: squad each month, formula: volume}", scheme=scheme)] == ["CR441"]


def test_a_field_of_an_unknown_kind_is_told_once() -> None:
    """`squad: sqaud` was told as a name that hides another, and again wherever the record was to reach a squad."""
    scheme = SCHEME.replace("squad: squad", "squad: sqaud")
    measures = """
        score: {for: squad each month, from: 100, rules: {r: {each: finding, via: squad, deduct: 1}}}
        number: {for: bureau each month, count: finding}
    """
    assert codes(measures, scheme=scheme) == [("CR404", "records.finding.fields.squad")]


SEASONS = SCHEME.replace(
    "targets:", "periods: {season: {seasons: {cold: 11-15, warm: 03-15, hot: 06-01}, in: by first day}}\ntargets:", 1
)


def test_a_season_has_a_name_that_is_one_of_its_labels() -> None:
    """It stands for an expression over the number, which is all that engines know of a period."""
    made = plan("part: {for: finding, formula: season.name}\n", scheme=SEASONS).measures["part"]
    assert made.type == Text(("warm", "hot", "cold"))
    assert codes("odd: {for: finding, formula: 'if season.name = \"wet\" then 1 else 2'}\n", scheme=SEASONS) == [
        ("CR258", "measures.odd.formula")
    ]


def test_only_seasons_have_names() -> None:
    assert codes("part: {for: finding, formula: month.name}\n", scheme=SEASONS) == [("CR447", "measures.part.formula")]
