"""The mistakes of an application that assesses the handling of cases, made again in the shipped schemes: each is told.

`docs/standards.md` shows what is told, and is compared with it here; UPDATE_GOLDEN=1 writes it anew.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

import cityrules as cr
from cityrules.loaded import EngineName
from cityrules.text.show import show

PAGE = Path(__file__).parents[2] / "docs" / "standards.md"
SPECS = PAGE.parents[1] / "specs"


@dataclass(frozen=True)
class Mistake:
    """A mistake: the scheme, what stands there, what is written in its place, and the code of the complaint."""

    name: str
    scheme: str
    right: str
    wrong: str
    code: str


STATED = (
    "under: {parameters.public_weight.value: 20%, parameters.filed_weight.value: 20%, "
    "parameters.closed_weight.value: 30%, parameters.in_time_weight.value: 30%}\n    given:\n      as_of"
)
LESS = STATED.replace("public_weight.value: 20%", "public_weight.value: 10%")
MISTAKES = (
    Mistake("weights", "case-handling-cells", STATED,
            LESS.replace("in_time_weight.value: 30%", "in_time_weight.value: 10%"), "CR849"),
    Mistake("upside_down", "case-handling",
            "formula: 100 * closed / to_close", "formula: 100 - 100 * closed / to_close", "CR701"),
    Mistake("chained", "case-handling", "red: {when: days_used > days_allowed, give: red}",
            "red: {when: days_allowed < days_used <= 365, give: red}", "CR231"),
    Mistake("used_twice", "case-handling-staff",
            "weighted: {taken_points: 25%, verifications_sent_rate: 40%, checks_sent_rate: 35%}",
            "weighted: {taken_points: 25%, verifications_sent_rate: 40%, verifications_sent_rate: 35%}", "CR120"),
    Mistake("no_hundred", "case-handling", "formula: 100 * closed / to_close", "formula: closed / to_close", "CR701"),
    Mistake("bands_meet", "case-handling", "up_to: {50: 100, 100: 90, 200: 75, 500: 60, 999: 40}",
            "up_to: {50: 100, 100: 90, 100: 75, 200: 75, 500: 60, 999: 40}", "CR120"),
    Mistake("band_lost", "case-handling", "up_to: {50: 100, 100: 90, 200: 75, 500: 60, 999: 40}",
            "up_to: {50: 100, 100: 90, 200: 75, 500: 60}", "CR701"),
    Mistake("cut_off", "case-handling", "total: 100%\n    missing: rescale\n",
            "total: 100%\n    missing: rescale\n    round: down to 0\n", "CR711"),
    Mistake("added", "case-handling-staff", "formula: 100 - missed_rate", "formula: missed_rate", "CR701"),
)  # fmt: skip


def told(mistake: Mistake, folder: Path) -> list[str]:
    """The complaints about a scheme with a mistake in it, in English, the one that is expected first."""
    text = (SPECS / mistake.scheme / "scheme.yaml").read_text("utf-8")
    assert text.count(mistake.right) == 1, "the scheme no longer says so"
    file = folder / "scheme.yaml"
    file.write_text(text.replace(mistake.right, mistake.wrong), "utf-8")
    _, found = cr.check(file)
    first = [one for one in found if one.code == mistake.code]
    assert first, [one.code for one in found]
    return [without_lines(show(one, "en").replace(str(file), f"{mistake.scheme}.yaml")) for one in first]


def without_lines(said: str) -> str:
    """The complaint without numbers of lines, which change with every line above."""
    said = re.sub(r":[0-9]+:[0-9]+: ", ": ", said)
    return re.sub(r"(?m)^ +[0-9]+ \|", lambda found: "|".rjust(len(found[0])), said)


def settled(name: str, body: str, marks: tuple[str, str]) -> None:
    """The page has this text between its marks; UPDATE_GOLDEN=1 puts it there."""
    page = PAGE.read_text("utf-8")
    block = re.compile(rf"(<!-- {name} -->\n{marks[0]}).*?({marks[1]})", re.S)
    assert block.search(page), f"docs/standards.md has no place for {name}"
    if os.environ.get("UPDATE_GOLDEN"):
        page = block.sub(lambda found: found[1] + body + found[2], page)
        PAGE.write_text(page, "utf-8", newline="\n")
    assert [found[0] for found in block.finditer(page)] == [f"<!-- {name} -->\n{marks[0]}{body}{marks[1]}"]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_the_mistake_is_told(mistake: Mistake, tmp_path: Path) -> None:
    settled(mistake.name, told(mistake, tmp_path)[0].rstrip(), ("```text\n", "\n```\n"))


@pytest.mark.parametrize("name", ["case-handling", "case-handling-staff", "case-handling-cells"])
def test_the_page_lists_what_is_shipped(name: str) -> None:
    """Every measure of cells with what it is made of, and the clause that says how far it is verified."""
    rows = ["| | measure | is | of nothing | clause |", "|---|---|---|---|---|"]
    for measure, body in cr.load(name, examples=False).document.measures.items():
        kind, is_ = said(body)
        empty = getattr(body, "empty", None)
        assert empty is not None or " / " not in is_, f"{measure} does not say what it is of nothing"
        assert re.search(r"\((V|S|N)\)", body.clause or ""), f"{measure} does not say how far it is verified"
        rows.append(
            f"| {body.label} | `{measure}` | {kind} `{is_}` | {f'`{empty}`' if empty else ''} | {body.clause} |"
        )
    settled(f"table {name}", "\n".join(rows), ("", "\n\n"))


def said(body: object) -> tuple[str, str]:
    """The form of a measure and its text."""
    for form in ("formula", "count", "bands", "weighted", "choose"):
        value = getattr(body, form, None)
        if form == "count" and value and getattr(body, "where", None):
            return form, f"{value} where {body.where}".replace("|", "/")
        if form == "weighted" and value:
            return form, ", ".join(f"{name}: {weight}" for name, weight in value.items())
        if form == "bands" and value:
            word = next(word for word in ("at_least", "above", "up_to", "below") if getattr(body, word, None))
            bounds = ", ".join(f"{bound}: {label}" for bound, label in getattr(body, word).items())
            return f"bands of `{value}`,", f"{word} {bounds}"
        if form == "choose" and value:
            return form, ", ".join(value)
        if value:
            return form, str(value)
    raise AssertionError(body)


ONE = {
    "department": "A", "filed_on": "2024-01-02", "due_on": "2024-01-04", "close_by": "2024-01-05", "sent_back": 0,
    "annulled": False, "suspended": False, "deferred": False, "extended": False,
}  # fmt: skip


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_nothing_is_cut_off_before_the_grade(engine: EngineName) -> None:
    """10 for few cases, 30 for closing, 30 * 33 / 50 for disposal in time, 30 for work done right at once: 89.80."""
    done = {**ONE, "disposed_on": "2024-01-04", "closed_on": "2024-01-05"}
    late = {**ONE, "disposed_on": "2024-01-05", "closed_on": "2024-01-06"}
    rows = [{**(late if no < 17 else done), "no": str(no)} for no in range(50)]
    year = cr.load("case-handling", examples=False).assess(
        {"case": rows}, targets={"department": [{"name": "A"}]}, period="2024-01", as_of=dt.datetime(2024, 2, 1),
        engine=engine,
    )  # fmt: skip
    assert year.value("value", "A", "2024-01") == "89.80"
    assert year.value("band", "A", "2024-01") == "B"


@pytest.mark.parametrize("scheme", ["case-handling", "case-handling-staff", "case-handling-cells", "case-dictionary"])
def test_each_can_be_built_on(scheme: str) -> None:
    head = "cityrules: 1\nscheme: own\ntitle: Own\nin_force: {from: 2027-01-01}\n"
    assert cr.loads(f"{head}based_on: {scheme}\n").document.measures


OWNER = """
cityrules: 1
scheme: s
title: t
clause: 1
in_force: {from: 2024-01-01}
targets:
  squad: {members: MEMBERS}
tables:
  owner:
    key: [size]
    columns: {size: 'one of a, b, c', squad: optional squad}
    rows: [[a, East], [b, West], [c, null]]
records:
  finding: {dated: found_on, key: [no], fields: {no: count, squad: squad, size: 'one of a, b, c', found_on: date}}
measures:
  who: {for: finding, formula: owner(size).squad, missing: null}
  n: {for: squad each month, count: finding, via: who}
"""


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_a_record_goes_by_a_column_of_a_table(engine: EngineName) -> None:
    rows = [{"no": no, "squad": "East", "size": size, "found_on": "2024-01-02"} for no, size in enumerate("aabbbc")]
    year = cr.loads(OWNER.replace("MEMBERS", "[East, West, South]")).assess(
        {"finding": rows}, period="2024-01", as_of=dt.datetime(2024, 2, 1), engine=engine
    )
    assert {row["target"]: row["value"] for row in year.rows("values")} == {"East": "2", "West": "3", "South": "0"}
    assert not list(year.rows("problems"))
    assert not list(year.rows("rejects"))


@pytest.mark.parametrize("members", ["registered", "as they appear"])
def test_it_does_not_where_nobody_knows_who_there_is(members: str) -> None:
    """West, which nobody registered, took its findings along, and nobody was told."""
    with pytest.raises(cr.SchemeError) as raised:
        cr.loads(OWNER.replace("MEMBERS", members))
    assert [one.code for one in raised.value.diagnostics] == ["CR436"]


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_a_list_too_long_for_a_table_is_registered(engine: EngineName) -> None:
    """500 items under a class of the shipped dictionary, each in force from its day on."""
    scheme = cr.loads(
        "cityrules: 1\nscheme: own\ntitle: Own\nin_force: {from: 2026-01-01}\nbased_on: case-dictionary\n"
        "changes:\n  targets.item: {in: class, members: registered, fields: {code: text, called: text}}\n"
        "  tables.items: null\n"
    )
    matter = "GB/T 47678.5-2026 事项 06"
    items = [
        {"name": f"m{no:03}", "class": matter, "code": f"{no:05}", "called": "x", "since": "2026-07-01"}
        for no in range(500)
    ]
    rows = [{"no": str(no), "item": f"m{no:03}", "filed_on": f"2026-{6 + no % 2:02}-15"} for no in range(500)]
    year = scheme.assess(
        {"case": rows}, targets={"item": items}, period="2026-07", as_of=dt.datetime(2026, 9, 1), engine=engine
    )
    assert year.value("filed_now", matter, "2026-07") == "250"
    assert len(list(year.rows("rejects"))) == 250
