"""Bindings: a host's own tables give what the same rows give in the words of the scheme."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

import cityrules as cr
from cityrules.io.binding.dates import date_format, read_date
from cityrules.io.rows import DataError

SCHEME = """
cityrules: 1
scheme: small
title: A small scheme
clause: "1"
in_force: {from: 2020-01-01}
targets: {street: {members: registered, fields: {shops: count}}}
records:
  finding:
    dated: found
    key: [no]
    fields:
      {no: text, street: street, found: date, at: optional datetime, size: "one of 大, 小", area: optional number(2),
       by: text}
  praise: {dated: found, key: [no], fields: {no: text, street: street, found: date}}
  duty: {one_per: street each month, absent: "null", fields: {days: count}}
measures:
  score:
    for: street each month
    from: 100
    rules:
      found: {each: finding, when: size = "大", deduct: 2}
      small: {each: finding, when: size = "小", deduct: 0.5}
      space: {each: finding, when: 'default(area, 0) > 10000', deduct: 3}
      praised: {each: praise, add: 1}
"""
BINDING: dict[str, Any] = {
    "cityrules-binding": 1,
    "scheme": "small",
    "tables": {"cases": {"unlisted": "reject"}, "places": {}},
    "rows": {
        "found": {
            "from": "cases",
            "to": "finding",
            "when": {"column": "类别", "is": ["01", "02"]},
            "fields": {
                "no": {"join": ["年度", "编号"], "with": "-"},
                "street": {"column": "街道", "codes": {"E": "东街", "W": "西街"}, "otherwise": "keep"},
                "found": {"column": "日期", "date": ["YYYY/M/D", "YYYY年M月D日"]},
                "size": {"column": "规模", "codes": {"1": "大", "2": "小"}, "otherwise": "reject"},
                "area": {"column": "面积", "times": "1万", "empty": ["-", "无"]},
                "by": {"value": "城管"},
            },
            "absent": ["at"],
        },
        "praised": {
            "from": "cases",
            "to": "praise",
            "when": {"column": "类别", "is": "03"},
            "fields": {
                "no": "编号",
                "street": "街道",
                "found": {"column": "日期", "date": ["YYYY/M/D", "YYYY年M月D日"]},
            },
        },
        "streets": {"from": "places", "to": "street", "fields": {"name": "名称"}},
    },
}
CASES = [
    {"年度": "2024", "编号": "1", "街道": "E", "日期": "2024/3/1", "类别": "01", "规模": "1", "面积": "-"},
    {"年度": "2024", "编号": "2", "街道": "西街", "日期": "2024年3月11日", "类别": "02", "规模": "2", "面积": "1.5"},
    {"年度": "2024", "编号": "3", "街道": "西街", "日期": "2024-03-12", "类别": "03", "规模": "", "面积": ""},
    {"年度": "2024", "编号": "4", "街道": "W", "日期": "2024/3/1", "类别": "01", "规模": "9", "面积": ""},
    {"年度": "2024", "编号": "5", "街道": "W", "日期": "3/1/2024", "类别": "01", "规模": "7", "面积": ""},
    {"年度": "2024", "编号": "6", "街道": "W", "日期": "2024/3/1", "类别": "99", "规模": "1", "面积": ""},
    {"年度": "", "编号": "7", "街道": "W", "日期": "2024/3/1", "类别": "01", "规模": "1", "面积": "x"},
]
PLACES = [{"名称": "东街", "shops": 3}, {"名称": "西街", "shops": "4"}]
STREETS = [{"name": "东街", "shops": 3}, {"name": "西街", "shops": "4"}]


@pytest.fixture(scope="module")
def scheme() -> cr.Scheme:
    return cr.loads(SCHEME)


def tables_of(found: cr.Assessment, *, rejects: bool = False) -> dict[str, list[Any]]:
    return {name: list(table.rows()) for name, table in found.tables.items() if rejects or name != "rejects"}


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_a_host_table_gives_what_the_same_rows_give(scheme: cr.Scheme, engine: Any) -> None:
    bound = scheme.assess({"cases": CASES, "places": PLACES}, binding=BINDING, period="2024-03", engine=engine)
    plain = scheme.assess(
        {
            "finding": [
                {"no": "2024-1", "street": "东街", "found": "2024-03-01", "size": "大", "by": "城管"},
                {"no": "2024-2", "street": "西街", "found": "2024-03-11", "size": "小", "area": 15000, "by": "城管"},
            ],
            "praise": [{"no": "3", "street": "西街", "found": "2024-03-12"}],
        },
        targets={"street": STREETS},
        period="2024-03",
        engine=engine,
    )
    assert tables_of(bound) == tables_of(plain)
    assert bound.value("score", "西街", "2024-03") == "97.5"
    rejects = [(row["kind"], row["row"], row["key"], row["reasons"]) for row in bound.rows("rejects")]
    assert rejects == [
        ("finding", 4, "2024-4", "size: unlisted_code"),
        ("finding", 5, "2024-5", "found: other_date_form; size: unlisted_code"),
        ("finding", 6, "2024-6", "类别: unlisted_code"),
        ("finding", 7, "", "area: not_a_number; no: missing"),
    ]


def test_both_engines_list_the_same_rejects(scheme: cr.Scheme) -> None:
    given = {"cases": [*CASES, {"年度": float("nan")}, {"年度": b""}], "places": PLACES}
    one, other = (
        scheme.assess(given, binding=BINDING, period="2024-03", engine=engine) for engine in ("python", "duckdb")
    )
    assert tables_of(one, rejects=True) == tables_of(other, rejects=True)
    assert [row["reasons"] for row in one.rows("rejects")][-2:] == ["type", "type"]


def test_unlisted_rows_may_be_ignored(scheme: cr.Scheme) -> None:
    binding = BINDING | {"tables": {"cases": {"unlisted": "ignore"}, "places": {}}}
    found = scheme.assess({"cases": CASES, "places": PLACES}, binding=binding, period="2024-03")
    assert [row["row"] for row in found.rows("rejects")] == [4, 5, 7]


def test_what_is_said_of_a_file_holds_for_each_file(scheme: cr.Scheme, tmp_path: Path) -> None:
    for number, cases in enumerate((CASES[:2], CASES[2:])):
        pd.DataFrame(cases).to_csv(tmp_path / f"{number}.csv", index=False, encoding="gb18030")
    with xlsxwriter.Workbook(str(tmp_path / "p.xlsx")) as book:
        book.add_worksheet("说明")
        sheet = book.add_worksheet("街道")
        for row, cells in enumerate([["二〇二四年"], [], ["名称", "shops"], ["东街", 3], ["西街", 4]]):
            sheet.write_row(row, 0, cells)
    tables = {"cases": {"encoding": "gb18030", "unlisted": "reject"}, "places": {"sheet": "街道", "header": 3}}
    files = {"cases": [tmp_path / "0.csv", tmp_path / "1.csv"], "places": str(tmp_path / "p.xlsx")}
    found = scheme.assess(files, binding=BINDING | {"tables": tables}, period="2024-03")
    plain = scheme.assess({"cases": CASES, "places": PLACES}, binding=BINDING, period="2024-03")
    assert tables_of(found) == tables_of(plain)
    assert [(row["source"], row["row"]) for row in found.rows("rejects")] == [
        (str(tmp_path / "1.csv"), line) for line in (3, 4, 5, 6)
    ]


def test_kinds_besides_those_of_the_binding(scheme: cr.Scheme) -> None:
    given = {"cases": CASES, "places": PLACES, "duty": [{"street": "东街", "period": "2024-03", "days": 3}]}
    binding = scheme.binding(BINDING)
    assert not [
        row for row in scheme.assess(given, binding=binding, period="2024-03").rows("rejects") if row["kind"] == "duty"
    ]
    for more, code in (({"finding": []}, "CR589"), ({"case": []}, "CR501")):
        with pytest.raises(DataError) as caught:
            scheme.assess(given | more, binding=binding, period="2024-03")
        assert [found.code for found in caught.value.diagnostics] == [code]
    with pytest.raises(DataError) as caught:
        scheme.assess(given, targets={"street": []}, binding=binding, period="2024-03")
    assert "street" in str(caught.value)


def test_rows_built_in_python_may_leave_out_what_is_optional(scheme: cr.Scheme) -> None:
    cases = [{key: value for key, value in case.items() if key != "面积"} for case in CASES]
    assert scheme.assess({"cases": cases, "places": PLACES}, binding=BINDING, period="2024-03").value(
        "score", "西街", "2024-03"
    ) == "100.5"  # fmt: skip
    with pytest.raises(DataError) as caught:
        scheme.assess({"cases": pd.DataFrame(cases), "places": PLACES}, binding=BINDING, period="2024-03")
    assert [found.code for found in caught.value.diagnostics] == ["CR590"]
    assert scheme.assess({"cases": [], "places": PLACES}, binding=BINDING, period="2024-03").value(
        "score", "西街", "2024-03"
    ) == "100.0"  # fmt: skip


def test_a_wrong_binding_is_told_like_a_wrong_scheme(scheme: cr.Scheme, tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("cityrules-binding: 1\nscheme: small\ntables: {a: {}}\nrows:\n  x: {form: a}\n")
    with pytest.raises(cr.SchemeError) as caught:
        scheme.binding(tmp_path / "b.yaml")
    assert {found.code for found in caught.value.diagnostics} == {"CR301", "CR305"}
    assert "did you mean `from`?" in str(caught.value)


@pytest.mark.parametrize(
    ("form", "text", "iso"),
    [
        ("YYYY/M/D", "2024/3/1", "2024-03-01"),
        ("YYYYMMDD", "20240301", "2024-03-01"),
        ("YYYY年M月D日", "2024年12月31日", "2024-12-31"),
        ("D.M.YYYY hh:mm", "1.3.2024 08:30", "2024-03-01T08:30:00"),
        ("YYYY-MM-DDThh:mm:ss", "2024-03-01T08:30:59", "2024-03-01T08:30:59"),
        ("YYYY/M/D", "2024/13/1", "2024-13-01"),
        ("YYYY/MM/DD", "2024/3/1", None),
        ("YYYY/M/D", "２０２４/3/1", None),
        ("YYYY.M.D", "2024x3x1", None),
    ],
)
def test_forms_of_dates(form: str, text: str, iso: str | None) -> None:
    found = date_format(form)
    assert found is not None
    assert found.iso(text) == iso


@pytest.mark.parametrize(
    "form", ["", "YYYY/M", "YYYY/M/D/D", "yyyy-mm-dd", "YYYY/M/D hh", "YYYY/M/D ss", "YY/M/D", "Q/M/D"]
)
def test_what_is_no_form_of_a_date(form: str) -> None:
    assert date_format(form) is None


def test_a_date_with_two_readings_is_not_chosen(scheme: cr.Scheme) -> None:
    formats = [found for text in ("M/D/YYYY", "D/M/YYYY") if (found := date_format(text))]
    assert read_date("3/1/2024", formats) == {"2024-03-01", "2024-01-03"}
    assert read_date("3/3/2024", formats) == {"2024-03-03"}
    assert read_date("2024-03-01 00:00", formats) == {"2024-03-01 00:00"}
    rows = {
        "x": {"from": "t", "to": "praise", "fields": {"found": {"column": "found", "date": ["M/D/YYYY", "D/M/YYYY"]}}}
    }
    binding = {"cityrules-binding": "1", "scheme": "small", "tables": {"t": {}}, "rows": rows}
    given = {"t": [{"no": 1, "street": "东街", "found": "3/1/2024"}]}
    found = scheme.assess(given, targets={"street": STREETS}, binding=binding, period="2024")
    assert [row["reasons"] for row in found.rows("rejects")] == ["found: two_readings"]


@given(day=st.dates(), form=st.sampled_from(["YYYY/M/D", "YYYYMMDD", "D.M.YYYY", "YYYY年MM月DD日"]))
@settings(max_examples=200)
def test_every_day_is_read_back(day: dt.date, form: str) -> None:
    shown = form.replace("YYYY", f"{day.year:04}").replace("MM", f"{day.month:02}").replace("DD", f"{day.day:02}")
    shown = shown.replace("M", str(day.month)).replace("D", str(day.day))
    found = date_format(form)
    assert found is not None
    assert found.iso(shown) == day.isoformat()
