"""Complaints that led readers astray: each is told where it helps, and as often as it helps."""

from __future__ import annotations

import pytest

from cityrules.loaded import SchemeError, loads

HEAD = """
cityrules: 1
scheme: s
title: t
clause: 1
in_force: {from: 2024-01-01}
targets:
  squad: {members: registered, fields: {grp: text}}
records:
  finding: {dated: found_on, key: [no], fields: {no: text, squad: squad, found_on: date}}
tables:
  lim: {key: [grp], columns: {grp: text, n: number(1)}, absent: null, rows: [[甲, 3]]}
measures:
"""
SCORE = "  score: {for: squad each month, from: 100, floor: 0, rules: {found: {each: finding, deduct: 0.5}}}\n"


def complaints(text: str) -> list[tuple[str, dict[str, str]]]:
    try:
        loads(text)
    except SchemeError as error:
        return [(found.code, dict(found.values)) for found in error.diagnostics]
    return []


def test_a_function_over_a_measure_with_errors_of_its_own_is_there() -> None:
    place = "  place: {for: squad each month, rank: high score, among: whole, ties: average}\n"
    rise = "  rise: {for: squad each month, formula: previous(place) - place, missing: error}\n"
    found = complaints(HEAD + SCORE + place + rise)
    assert [code for code, _ in found] == ["CR309"]


def test_a_function_over_an_unknown_name_is_one_complaint() -> None:
    found = complaints(HEAD + SCORE + "  rise: {for: squad each month, formula: previous(scor), missing: error}\n")
    assert [(code, values["found"]) for code, values in found] == [("CR250", "scor")]


def test_a_misspelt_name_is_known_even_where_its_measure_has_errors() -> None:
    wrong = SCORE.replace("floor", "flor")
    found = complaints(HEAD + wrong + "  over: {for: squad each month, formula: scor - 1}\n")
    assert ("CR250", {"found": "scor", "suggestion": "score"}) in found


def test_no_key_of_the_language_is_what_was_meant() -> None:
    wrong = SCORE.replace("floor", "flor")
    found = complaints(HEAD + wrong + "  over: {for: squad each month, formula: rulez - 1}\n")
    assert ("CR250", {"found": "rulez"}) in found


def test_what_a_table_leaves_open_is_named() -> None:
    found = dict(complaints(HEAD + "  limit: {for: squad each month, formula: lim(grp).n}\n"))
    assert found["CR470"]["names"] == "lim(grp).n"
    assert found["CR470"]["owner"] == "measures.limit"


def test_a_ladder_is_offered_numbers() -> None:
    grade = "  grade: {for: squad each month, bands: score, at_least: {60: good}, otherwise: bad}\n"
    step = "{reaches: 3, do: x, kind: talk}"
    act = f"consequences:\n  talk: {{for: squad each month, ladder: scores, restarts: no, steps: {{a: {step}}}}}\n"
    found = dict(complaints(HEAD + SCORE + grade + act))
    assert found["CR494"]["expected"] == "score"


def test_errors_of_the_text_are_told_in_the_documents_language() -> None:
    text = "制度: 1\n办法: s\n指标:\n  分: {规则: {甲: {当: size 属于 [1, 2], 扣: 1}}}\n"
    for written in (text, text.replace("制度: 1", "制度：1")):
        with pytest.raises(SchemeError, match="错误") as raised:
            loads(written)
        assert {found.words for found in raised.value.diagnostics} == {"zh"}
