"""A single record scored by generated code: the same hits, values, problems and reasons as the reference engine."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cityrules.engines.python.reach import TOO_LARGE
from cityrules.engines.python.single.scorer import Hits, RecordError, RecordScorer, compile_record
from cityrules.plan.build import build
from cityrules.plan.model import Plan
from cityrules.scheme.load import read_document
from cityrules.text.catalogue import message
from cityrules.text.diagnostic import Report
from cityrules.text.show import show
from cityrules.text.source import Source
from engines.handmade import HEAD, Results, assess

AS_OF = dt.datetime(2015, 12, 5, 10, 30)
TARGETS = {"bureau": [{"name": "b"}], "squad": [{"name": "a", "bureau": "b"}, {"name": "c", "bureau": "b"}]}

WORLD = """
parameters:
  limit: {values: {2000-01-01: 3, 2015-06-01: 2.5, 2015-11-01: 7}}
  rate: {value: 0.25}
  first_day: {value: 2015-03-01}
targets:
  bureau: {members: registered}
  squad: {in: bureau, members: registered}
records:
  finding:
    dated: held
    key: [no]
    accepted_if: {}
    fields:
      no: text
      squad: squad
      held: date
      kind: one of litter, water, "dust 'n' \\\\ \\" \\u2028 more"
      volume: number(1) [-5, 500]
      notices: count
      fine: optional number(2)
      media: flag
      seen: optional flag
      due: optional date
      at: optional datetime
      note: optional text
"""

NUMBERS = st.deferred(lambda: st.recursive(_NUMBER, _more_numbers, max_leaves=4))
_NUMBER = st.sampled_from(
    ["volume", "notices", "fine", "limit", "rate", "2.5", "0", "12", "score_of", "late", "held.month", "due.day",
     "at.hour", "month.number", "quarter.number", "year.number", "days_between(due, held)", "as_of.year",
     "days_between(month.start, held)", "days_between(held, quarter.last_day)"]
)  # fmt: skip


def _more_numbers(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*"), inner),
        st.builds("{}({}, {})".format, st.sampled_from(["min", "max", "default"]), inner, inner),
        st.builds("full_steps({}, 3)".format, inner),
        st.builds("begun_steps({}, 0.7)".format, inner),
        st.builds("abs({})".format, inner),
        st.builds("(if {} then {} else {})".format, CONDITIONS, inner, inner),
    )


CONDITIONS = st.deferred(
    lambda: st.recursive(
        st.one_of(
            st.sampled_from(["media", "seen", "true", "fine != null", "due = null", "late = null", "size = \"large\"",
                             "kind in (\"litter\", \"water\")", "note = \"a\"", "note != null", "squad = \"a\"",
                             "held >= first_day", "due < held", "at > as_of - @\"P100D\"", "due + @\"P3D\" > held",
                             "due + @\"P900Y\" > held + @\"P7900Y\"", "flagged"]),
            st.builds("{} {} {}".format, _NUMBER, st.sampled_from(["<", "<=", "=", "!=", ">", ">="]), _NUMBER),
            st.builds("{} in [{}..{}]".format, _NUMBER, st.sampled_from(["0", "1.5"]), st.sampled_from(["9", "200"])),
        ),
        lambda inner: st.one_of(
            st.builds("({} and {})".format, inner, inner),
            st.builds("({} or {})".format, inner, inner),
            st.builds("not({})".format, inner),
            st.builds("default({}, {})".format, inner, inner),
        ),
        max_leaves=4,
    )
)  # fmt: skip

MEASURES = st.fixed_dictionaries(
    {
        "size": st.sampled_from(
            ["bands: volume, above: {100: large, 10.5: medium}, otherwise: small",
             "bands: volume, at_least: {limit: large, 1: medium}, otherwise: small",
             "bands: fine, up_to: {0: none, 20: small}, otherwise: large, missing: unknown",
             "bands: fine, below: {0: none, 20: small}, otherwise: large, missing: error",
             "bands: fine, below: {1: small}, otherwise: large, missing: \"null\""]),
        "late": st.sampled_from(
            ["formula: 'days_between(due, held)', missing: \"null\"",
             "formula: 'days_between(due, held)', missing: error",
             "formula: 'days_between(due, held)', missing: 5, applies: media",
             "formula: 'fine / volume', missing: error, empty: 7, round: half even to 1, applies: volume >= 0",
             "formula: 'fine / volume', missing: 1.5, empty: error, round: half up to 2, applies: volume >= 0",
             "formula: volume / (notices + 1), round: up to 0, applies: notices < 5",
             "formula: 'days_between(due, due + @\"P8000Y\")', missing: 0"]),
        "score_of": st.sampled_from(
            ["formula: default(late, 3) * rate, round: half down to 1",
             "formula: volume * notices",
             "formula: 'if size = \"large\" then notices else 0', applies: notices > 0",
             "formula: 'late + 1', missing: error",
             "formula: 'late + 1', missing: \"null\""]),
        "flagged": st.sampled_from(
            ["formula: seen, missing: \"false\"", "formula: seen or media, missing: error",
             "formula: 'size = \"large\"'", "formula: media and notices > 1"]),
    }
)  # fmt: skip

RULES = st.lists(
    st.fixed_dictionaries(
        {
            "when": st.none() | CONDITIONS,
            "word": st.sampled_from(["deduct", "add"]),
            "points": st.sampled_from(["0.5", "2", "volume", "rate", "-0.25", "score_of", "limit"]),
            "times": st.none() | NUMBERS,
            "missing": st.sampled_from(["yes", "no", "undecided"]),
            "between": st.none()
            | st.sampled_from(["0, 300", "limit - 20, 200", "-5, notices * 99", "held.month, 400"]),
            "cites": st.none()
            | st.sampled_from(["kind", "note", 'if media then "§ 1" else note', 'if media then "3.10" else null']),
            "group": st.none() | st.sampled_from(["g", "h"]),
            "replaces": st.none() | st.integers(0, 4),
        }
    ),
    min_size=1,
    max_size=5,
)
ACCEPTED_IF = st.lists(
    st.fixed_dictionaries({"that": CONDITIONS, "missing": st.sampled_from(["yes", "no"])}), max_size=2
)
POLICY = st.sampled_from(["all", "highest", "first"])


def _scheme(
    measures: dict[str, str],
    rules: list[dict[str, Any]],
    policies: tuple[str, str],
    conditions: list[dict[str, str]] | None = None,
) -> Plan | None:
    """The plan of a random document, made good by leaving out what is refused: first a `missing`, then a rule or a
    condition on rows."""
    rules, conditions = [dict(rule) for rule in rules], [dict(one) for one in conditions or ()]
    measures = dict(measures)
    for _ in range(12):
        report = Report()
        loaded = read_document(Source("random.yaml", _text(measures, rules, policies, conditions)), report)
        plan = build(loaded, report) if loaded else None
        if plan is not None:
            return plan
        if any(complaint.code == "CR499" for complaint in report):
            return None  # numbers of more than 128 bits
        changed = False
        for complaint in report:
            path = complaint.path.split(".")
            if path[:3] == ["measures", "score", "rules"] and len(path) > 3:
                rule = rules[int(path[3][1:])]
                stated = message_is(complaint.code, "nothing-can-be-missing") and "missing" in rule
                beyond = complaint.code == "CR903"
                (rule.pop("missing") if stated else rule.update({"between": None} if beyond else {"drop": True}))
                changed = True
            elif path[:3] == ["records", "finding", "accepted_if"]:
                one = conditions[int(path[3][1:])]
                stated = message_is(complaint.code, "nothing-can-be-missing") and "missing" in one
                (one.pop("missing") if stated else one.update({"that": "media", "missing": "yes"}))
                changed = True
            elif path[:2] == ["measures", "score"] and path[-1] == "together":
                rules = [{**rule, "group": None, "replaces": None} for rule in rules]
                changed = True
            elif path[0] == "measures" and path[1] in measures:
                name = path[1]
                trimmed = measures[name].split(", missing")[0]
                measures[name] = trimmed if trimmed != measures[name] else PLAIN[name]
                changed = True
        if not changed:
            raise AssertionError("\n".join(show(complaint) for complaint in report))
    return None


PLAIN = {
    "size": "bands: volume, above: {100: large}, otherwise: small",
    "late": "formula: notices",
    "score_of": "formula: volume",
    "flagged": "formula: media",
}


def message_is(code: str, name: str) -> bool:
    return message(code).name == name


def _text(
    measures: dict[str, str], rules: list[dict[str, Any]], policies: tuple[str, str], conditions: list[dict[str, str]]
) -> str:
    named = "".join(
        f"\n      a{number}:" + "".join(f"\n        {key}: '{text}'" for key, text in one.items())
        for number, one in enumerate(conditions)
    )
    lines = [HEAD, WORLD.replace("accepted_if: {}", f"accepted_if: {named or '{}'}"), "measures:"]
    for name, body in measures.items():
        lines.append(f"  {name}:\n    for: finding")
        lines += [f"    {part}" for part in _parts(body)]
    lines.append("  score:\n    for: squad each month\n    from: 10\n    rules:")
    kept = {number for number, rule in enumerate(rules) if not rule.get("drop")}
    for number in sorted(kept):
        rule = rules[number]
        lines.append(f'      r{number}:\n        each: finding\n        clause: "{number}"')
        if rule["when"] is not None:
            lines.append(f"        when: '{rule['when']}'")
            lines += [f'        missing: "{rule["missing"]}"'] if "missing" in rule else []
        lines.append(f"        {rule['word']}: {rule['points']}")
        lines += [f"        times: '{rule['times']}'"] if rule["times"] is not None else []
        if rule["between"] is not None and rule["points"] == "volume":
            lines.append(f"        between: [{rule['between']}]")
        lines += [f"        cites: '{rule['cites']}'"] if rule["cites"] is not None else []
        lines += [f"        group: {rule['group']}"] if rule["group"] is not None else []
        other = rule["replaces"]
        if other is not None and other in kept and other > number and rules[other]["group"] == rule["group"]:
            lines.append(f"        replaces: [r{other}]")
    if not kept:
        lines.append("      r9: {each: finding, deduct: 1}")
    groups = {rules[number]["group"] for number in kept} - {None}
    if groups:
        stated = ", ".join(f"{group}: {policies['gh'.index(group)]}" for group in sorted(groups))
        lines.append(f"    together: {{{stated}}}")
    return "\n".join(lines) + "\n"


def _parts(body: str) -> list[str]:
    """The keys of a body written on one line: cut at commas before a key."""
    return re.split(r", (?=(?:above|at_least|up_to|below|otherwise|missing|applies|empty|round):)", body)


GOOD = {
    "no": st.just("1"),
    "squad": st.sampled_from(["a", "c"]),
    "held": st.dates(dt.date(2015, 1, 1), dt.date(2015, 12, 5)).map(str) | st.just("2015-06-01"),
    "kind": st.sampled_from(["litter", "water", "dust 'n' \\ \" \u2028 more"]),
    "volume": st.integers(-50, 5000).map(lambda n: str(Decimal(n) / 10)) | st.sampled_from(["0", "1", "10.5", "-0.5"]),
    "notices": st.integers(0, 12).map(str),
    "fine": st.none() | st.integers(-10000, 10000).map(lambda n: str(Decimal(n) / 100)) | st.just("0.00"),
    "media": st.sampled_from(["true", "false", "TRUE"]),
    "seen": st.sampled_from(["true", "false", None, ""]),
    "due": st.none() | st.dates().map(str) | st.dates(dt.date(2015, 1, 1), dt.date(2015, 12, 5)).map(str),
    "at": st.none() | st.datetimes(dt.datetime(2015, 1, 1)).map(lambda m: m.isoformat(" ", "minutes")),
    "note": st.sampled_from([None, "a", "b", "\u2028", "'"]),
}
DIRT = st.sampled_from(
    ["", " ", "x", "1e3", "١", "0.123", "10.50", "99999999999999999", "-0", "007", "a\0b", "True", "2015-02-30",
     "0000-01-01", "2015-1-1", "2016-01-01", "2015-12-06", "2015-03-01T10:00", "2015-03-01 10:00:61", "9" * 31,
     "x" * 10_001, "litter", None, "nan", "1_000", "2015-03-01T10:00:00Z", "\ud800"]
)  # fmt: skip


@st.composite
def records(draw: st.DrawFn) -> dict[str, str | None]:
    found = {name: draw(values) for name, values in GOOD.items()}
    for name in draw(st.lists(st.sampled_from(sorted(GOOD)), max_size=1)):
        found[name] = draw(DIRT)
    return found


def engine_says(plan: Plan, record: dict[str, str | None]) -> Results:
    return assess(plan, "2015", AS_OF, TARGETS, finding=[record])


def agree(plan: Plan, scorer: RecordScorer, record: dict[str, str | None]) -> None:
    reference = engine_says(plan, record)
    if reference.tables["rejects"]:
        reasons = str(reference.tables["rejects"][0]["reasons"])
        if "unknown_target" in reasons:
            # Who is registered is known with the data only.
            return
        with pytest.raises(RecordError) as caught:
            scorer(record, AS_OF)
        assert _without_row("; ".join(caught.value.reasons)) == _without_row(reasons)
        assert str(caught.value)
        return
    hits = scorer(record, AS_OF)
    _compare_values(reference, hits)
    _compare_ledger(reference, hits, record)
    typed = scorer(as_typed(record), AS_OF)
    assert typed == hits
    assert scorer(scorer.model(**{k: v for k, v in as_typed(record).items() if v is not None}), AS_OF) == hits


def _without_row(reasons: str) -> str:
    """A text that is no Unicode is a bad row for the reader of tables, a bad field for a single record."""
    return "encoding" if "encoding" in reasons else reasons


def as_typed(record: dict[str, str | None]) -> dict[str, object]:
    """The same record with the types a caller in Python has."""
    makers: dict[str, Any] = {
        "held": dt.date.fromisoformat,
        "due": dt.date.fromisoformat,
        "at": dt.datetime.fromisoformat,
        "volume": Decimal,
        "fine": Decimal,
        "notices": int,
        "media": lambda text: text.lower() == "true",
        "seen": lambda text: text.lower() == "true",
    }
    return {name: makers.get(name, str)(text) if text else None for name, text in record.items()}


def _compare_values(reference: Results, hits: Hits) -> None:
    found = {}
    for name, value in hits.values.items():
        text = str(value).lower() if isinstance(value, bool) else None if value is None else str(value)
        found[name] = text
    rows = {str(row["measure"]): row for row in reference.tables["record_values"]}
    problems = {problem.measure: (problem.cause, problem.detail) for problem in hits.problems if problem.rule is None}
    expected = {
        str(row["name"]): (row["cause"], row["detail"])
        for row in reference.tables["problems"]
        if row["record_kind"] == "finding"
    }
    assert problems == expected
    for name in found:
        assert found[name] == (rows[name]["value"] if name in rows else None), name


def _compare_ledger(reference: Results, hits: Hits, record: dict[str, str | None]) -> None:
    cell = f"{record['squad']} {str(record['held'])[:7]}"
    lines = [
        (row["rule"], row["clause"], row["nominal"], row["points"], row["replaced_by"])
        for row in reference.tables["ledger"]
        if row["record"] == record["no"]
    ]
    undetermined = reference.problems("score").get(cell)
    (total,) = hits.points.values()
    if undetermined is not None:
        assert total is None
        causes = [f"{p.cause}: {p.detail}" for p in hits.problems if p.rule is not None]
        assert undetermined.partition(":")[0] in {cause.partition(":")[0] for cause in causes}
        return
    assert [(h.rule, h.clause, h.nominal, h.points, h.replaced_by) for h in hits.hits] == lines
    assert [str(h.points) for h in hits.hits] == [str(line[3]) for line in lines]
    assert total == sum((h.points for h in hits.hits), Decimal(0))


few = settings(suppress_health_check=list(HealthCheck))


@few
@given(MEASURES, RULES, st.tuples(POLICY, POLICY), ACCEPTED_IF, st.lists(records(), min_size=1, max_size=4))
def test_hits_are_the_lines_of_the_ledger(
    measures: dict[str, str],
    rules: list[dict[str, Any]],
    policies: tuple[str, str],
    conditions: list[dict[str, str]],
    given_: list[dict[str, str | None]],
) -> None:
    plan = _scheme(measures, rules, policies, conditions)
    if plan is None:
        return
    scorer = compile_record(plan, "finding")
    if any(one.needs == (TOO_LARGE,) for one in scorer.beyond):
        return
    assert not scorer.beyond
    for record in given_:
        agree(plan, scorer, record)


def plain_plan() -> Plan:
    plan = _scheme(PLAIN, [], ("all", "all"))
    assert plan is not None
    return plan


PLAIN_PLAN = plain_plan()
PLAIN_SCORER = compile_record(PLAIN_PLAN, "finding")
SOUND: dict[str, str | None] = {
    "no": "1", "squad": "a", "held": "2015-03-01", "kind": "litter", "volume": "1.5", "notices": "2", "fine": None,
    "media": "true", "seen": None, "due": None, "at": None, "note": None,
}  # fmt: skip


@few
@given(st.sampled_from(sorted(GOOD)), DIRT | st.text(max_size=12))
@example("held", "2015-12-06")
@example("note", "\ud800")
@example("no", "\x85")
def test_every_reason_is_the_reason_of_the_reference(field: str, text: str | None) -> None:
    agree(PLAIN_PLAN, PLAIN_SCORER, SOUND | {field: text})


@few
@given(
    st.sampled_from(["volume", "notices", "fine", "media", "held", "at", "kind", "no"]),
    st.one_of(
        st.decimals(allow_nan=True), st.floats(), st.integers(), st.booleans(), st.datetimes(), st.dates(), st.binary(),
        st.fractions(), st.lists(st.integers()), st.just(Decimal("sNaN")), st.just(Decimal("1E+9999999")),
        st.decimals(-100, 1000, places=1),
    ),
)  # fmt: skip
@example("volume", Decimal("sNaN"))
@example("volume", True)
@example("volume", 1.5)
@example("at", dt.datetime(2015, 3, 1, 10, 0, 0, 5))
@example("at", dt.datetime(2015, 3, 1, tzinfo=dt.UTC))
@example("held", dt.datetime(2015, 3, 1))
@example("held", dt.date(2000, 1, 1))
def test_typed_values_are_what_their_texts_are(field: str, value: object) -> None:
    reference = assess(PLAIN_PLAN, "2015", AS_OF, TARGETS, finding=[SOUND | {field: value}])
    reasons = "".join(str(row["reasons"]) for row in reference.tables["rejects"])
    if reasons == "held: outside_period":
        return  # Which year is assessed is nothing that a single record knows.
    for _ in range(2):  # the second time from memory
        if reasons:
            with pytest.raises(RecordError) as caught:
                PLAIN_SCORER(SOUND | {field: value}, AS_OF)
            assert [r.partition(": ")[2] for r in caught.value.reasons] == [reasons.rpartition(": ")[2]]
        else:
            _compare_values(reference, PLAIN_SCORER(SOUND | {field: value}, AS_OF))


def test_a_memory_is_bounded_and_never_mixes_types() -> None:
    """True, 1, 1.0 and Decimal(1) are equal as keys of a dict; only True is no number."""
    for number in range(5000):
        PLAIN_SCORER(SOUND | {"volume": Decimal(number % 5000) / 10}, AS_OF)
    assert PLAIN_SCORER(SOUND | {"volume": Decimal(1)}, AS_OF).values["score_of"] == 1
    with pytest.raises(RecordError):
        PLAIN_SCORER(SOUND | {"volume": True}, AS_OF)
