"""The commands for the office: workbooks to fill, the hint at names without a word, what options are called."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

pytest.importorskip("typer")

from typer.testing import CliRunner, Result

from cityrules.cli.app import app
from cityrules.loaded import specs_folder

SPECS = specs_folder()


@pytest.fixture(autouse=True)
def _plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CITYRULES_LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_a_template_says_how_each_table_reads_its_sheet(tmp_path: Path) -> None:
    out = tmp_path / "t.xlsx"
    done = call("template", str(SPECS / "gallery" / "prices-from-a-sheet"), "--out", str(out))
    assert done.exit_code == 0
    assert "- table price, sheet 扣分: as in the workbook that it reads now" in done.stdout
    assert "- table quota, sheet quota: put `rows: {sheet: 't.xlsx!quota'}` in the scheme" in done.stdout
    again = call("template", str(SPECS / "gallery" / "prices-from-a-sheet"), "--out", str(out))
    assert (again.exit_code, "CR1027" in again.stderr) == (1, True)


def test_a_scheme_in_chinese_is_told_in_its_words(tmp_path: Path) -> None:
    done = call("template", str(SPECS / "gallery" / "park-upkeep"), "--out", str(tmp_path / "t.xlsx"))
    assert "数据行: {工作表: 't.xlsx!类别标准'}" in done.stdout


def test_a_cell_of_the_list_is_cited_in_chinese(tmp_path: Path) -> None:
    import xlsxwriter

    folder = tmp_path / "own"
    shutil.copytree(SPECS / "gallery" / "deductions-in-a-workbook", folder)
    with xlsxwriter.Workbook(str(folder / "扣分标准.xlsx")) as book:
        sheet = book.add_worksheet("扣分")
        sheet.write_row(0, 0, ["代码", "类别", "事项", "条款", "分值", "计量"])
        sheet.write_row(1, 0, ["S01", "市容", "破损", "附件一（一）1", "一分", "处"])
    done = call("check", str(folder))
    assert done.exit_code == 1
    assert "扣分标准.xlsx!扣分!E2：错误 CR835" in done.stdout + done.stderr


def test_reading_a_scheme_says_which_names_have_no_word(tmp_path: Path) -> None:
    hint = call("read", str(SPECS / "service-desk"), "--lang", "zh").stderr
    assert hint == ""
    hint = call("read", str(SPECS / "gallery" / "price-table"), "--lang", "zh").stderr
    assert hint.startswith("没有中文名称")
    assert "labels: {zh: {" in hint
    assert call("read", str(SPECS / "gallery" / "price-table"), "--lang", "en").stderr == ""


def test_readings_say_what_options_are_called() -> None:
    folder = SPECS / "street-order"
    sample = folder / "sample"
    done = call(
        "readings", str(folder), "--records", f"finding={sample / 'finding.csv'}",
        "--targets", f"street={sample / 'street.csv'}", "--period", "2024-09", "--lang", "zh",
    )  # fmt: skip
    assert "  late_only：只扣逾期一项\n" in done.stdout
