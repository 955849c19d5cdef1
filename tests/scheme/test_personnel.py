"""The catalogue of measures, and the acts of documents compared with it."""

from __future__ import annotations

import os
from importlib import util
from pathlib import Path

import pytest

from cityrules.scheme.document import ACT_KINDS
from cityrules.scheme.load import document_from
from cityrules.scheme.personnel import PersonnelMeasure, personnel
from cityrules.text.catalogue import LANGUAGES, terms
from cityrules.text.diagnostic import Report

ROOT = Path(__file__).parents[2]
SIX_SANCTIONS = {"warning": 6, "demerit": 12, "serious_demerit": 18, "demotion": 24, "removal": 24, "dismissal": None}


def complaints(**act: object) -> list[tuple[str, str]]:
    report = Report()
    document_from(
        {
            "cityrules": 1,
            "scheme": "s",
            "title": "t",
            "clause": 1,
            "in_force": {"from": "2024-01-01"},
            "targets": {"squad": {"members": "registered"}},
            "measures": {"always": {"for": "squad each month", "formula": "1"}},
            "consequences": {"follows": {"for": "squad each month", "when": "always > 0", "kind": "sanction", **act}},
        },
        report,
    )
    return [(found.code, found.path) for found in report]


def test_every_entry_is_whole() -> None:
    catalogue = personnel()
    for one in catalogue.measures.values():
        assert set(one.kinds) <= set(ACT_KINDS)
        assert set(one.befalls) <= set(catalogue.addressees)
        assert one.decision in ("automatic", "proposal")
        assert one.verified in ("V", "S", "N")
        for key in (f"basis.{one.basis}", f"organ.{one.organ}"):
            assert all(terms()[key].get(language) for language in LANGUAGES)
    names = [term.casefold() for one in catalogue.measures.values() for term in (*one.zh, *one.en)]
    assert len(names) == len(set(names))


def test_every_word_for_them_is_used() -> None:
    used = {f"{key}" for one in personnel().measures.values() for key in (f"basis.{one.basis}", f"organ.{one.organ}")}
    assert {key for key in terms() if key.startswith(("basis.", "organ."))} == used


def test_there_are_six_sanctions_with_the_periods_of_the_law() -> None:
    sanctions = {name: one for name, one in personnel().measures.items() if one.nature == "sanction"}
    assert {name: one.months for name, one in sanctions.items() if name != "sanction"} == SIX_SANCTIONS
    assert all(one.decision == "proposal" and one.verified == "V" for one in sanctions.values())


@pytest.mark.parametrize("measure", [one for one in personnel().measures.values() if one.decision == "proposal"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_law_reserves_is_proposed(measure: PersonnelMeasure, language: str) -> None:
    for term in measure.zh if language == "zh" else measure.en:
        kind = measure.kinds[0]
        assert complaints(do=term, kind=kind) == [("CR926", "consequences.follows.do")]
        assert complaints(do=term, kind=kind, decided_by=["任免机关"]) == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("给予撤职处分", ["removal"]),
        ("诫勉谈话", ["admonition"]),
        ("黄牌警告", ["mere_warning"]),
        ("警告或者记过", ["warning", "demerit"]),
        ("记大过", ["serious_demerit"]),
        ("Serious Demerit", ["serious_demerit"]),
        ("removal of the rubble", []),
        ("undismissals", []),
        ("通报表扬", []),
        ("记三等功", ["merit"]),
        ("处以罚款", ["fine"]),
        ("取消当年评先评优资格", ["no_honours"]),
        ("解除合同并扣除保证金", ["end_of_contract", "contractual_penalty"]),
        # Once 处分 and 记过 were found across the border of two words, and the scheme was refused.
        ("由街道办事处分管领导约谈", ["interview"]),
        ("各处分别通报", []),
        ("登记过磅数据", []),
        ("对办事处处分", ["sanction"]),
    ],
)
def test_the_longest_term_counts(text: str, named: list[str]) -> None:
    assert [one.name for _, one in personnel().named_in(text, "sanction")] == named


def test_a_common_word_means_a_sanction_only_where_it_is_one() -> None:
    assert complaints(do="市场降级", kind="listing") == []
    assert complaints(do="降级") == [("CR926", "consequences.follows.do")]


@pytest.mark.parametrize("measure", [one for one in personnel().measures.values() if one.nature == "sanction"])
def test_a_period_is_that_of_the_law(measure: PersonnelMeasure) -> None:
    def asked(lasts: str) -> list[tuple[str, str]]:
        return complaints(do=measure.zh[0], decided_by=["任免机关"], lasts=lasts)

    if measure.months is None:
        assert asked("7 months") == []
        return
    assert asked(f"{measure.months} months") == []
    for lasts in (f"{measure.months - 1} months", f"{measure.months + 1} months", "1 week", "for good"):
        assert asked(lasts) == [("CR927", "consequences.follows.lasts")]


def test_a_period_known_second_hand_is_not_held_against_a_scheme() -> None:
    assert complaints(do="诫勉谈话", lasts="3 months") == []


@pytest.mark.parametrize(
    ("act", "codes"),
    [
        ({"do": "待岗", "to": "局长"}, ["CR928"]),
        ({"do": "待岗", "to": "局长", "decided_by": ["任免机关"]}, []),
        ({"do": "待岗", "to": "国有企业职工"}, []),
        ({"do": "待岗", "to": "当事人"}, []),
        ({"do": "待岗"}, []),
        ({"do": "诫勉", "to": "区执法局（大队）"}, ["CR928"]),
        ({"do": "诫勉", "to": "区执法局（大队）行政一把手"}, []),
        ({"do": "诫勉", "to": "局长和中队"}, []),
        ({"do": "记过", "to": "作业单位", "decided_by": ["区政府"]}, ["CR928"]),
        ({"do": "撤职", "to": "村干部", "decided_by": ["镇政府"]}, ["CR928"]),
        ({"do": "demerit", "to": "contractor", "decided_by": ["city"]}, ["CR928"]),
        ({"do": "辞退", "to": "保洁员"}, []),
        ({"do": "辞退", "to": "局长"}, ["CR926"]),
        ({"do": "记过", "to": "保洁员"}, ["CR928"]),
        # Once refused with the words that an appointing organ decides it: above a company there is none.
        ({"do": "警告", "to": "作业公司"}, ["CR928"]),
        ({"do": "开除出名录", "to": "作业公司"}, []),
        ({"do": "免于处分", "to": "局长"}, []),
        ({"do": "demerit", "to": "mayor", "decided_by": ["city"]}, []),
        # Once the head of a squad was taken for the squad.
        ({"do": "admonition", "to": "The head of the squad"}, []),
        ({"do": "admonition", "to": "manager of a contractor"}, []),
        ({"do": "admonition", "to": "The squad"}, ["CR928"]),
        ({"do": "standing down", "to": "the head of the street"}, ["CR928"]),
    ],
)
def test_an_addressee_whom_it_cannot_befall(act: dict[str, object], codes: list[str]) -> None:
    assert [code for code, _ in complaints(**act)] == codes


def test_what_only_a_contract_provides_befalls_its_party() -> None:
    assert complaints(do="解除合同", kind="replacement", to="作业单位") == []
    assert complaints(do="解除合同", kind="replacement", to="局长") == [("CR928", "consequences.follows.do")]
    assert complaints(do="扣除保证金", kind="payment", to="街道") == [("CR928", "consequences.follows.do")]


def test_a_fine_is_no_scheme_s_to_impose() -> None:
    assert complaints(do="罚款", kind="payment", to="作业单位") == [("CR926", "consequences.follows.do")]
    assert complaints(do="罚款", kind="payment", to="作业单位", decided_by=["执法局"]) == []


def test_a_kind_that_it_is_not_of() -> None:
    assert complaints(do="诫勉谈话", kind="circular") == [("CR929", "consequences.follows.kind")]


def test_the_page_is_fresh() -> None:
    spec = util.spec_from_file_location("make_measures", ROOT / "docs" / "make_measures.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if os.environ.get("UPDATE_GOLDEN"):
        module.PAGE.write_text(module.page(), "utf-8", newline="\n")
    assert module.PAGE.read_text("utf-8") == module.page(), "python docs/make_measures.py"
