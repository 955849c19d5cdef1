"""A host's own tables on the command line: bindings, workbooks, and the source of typed models."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from cityrules.cli.app import run
from cityrules.loaded import specs_folder

SAMPLE = specs_folder() / "street-order" / "sample"
BINDING = """
cityrules-binding: 1
scheme: street-order
tables: {cases: {sheet: 案件, header: 2}}
rows: {found: {from: cases, to: finding, fields: {no: 编号}}}
"""


@pytest.fixture
def host(tmp_path: Path) -> Path:
    """A folder with the shipped sample as a host would have it: one workbook, other names."""
    rows = list(csv.reader((SAMPLE / "finding.csv").read_text("utf-8").splitlines()))
    rows[0][0] = "编号"
    with xlsxwriter.Workbook(str(tmp_path / "cases.xlsx")) as book:
        book.add_worksheet("封面")
        sheet = book.add_worksheet("案件")
        for number, row in enumerate(rows, 1):
            sheet.write_row(number, 0, row)
    (tmp_path / "host.yaml").write_text(BINDING, "utf-8")
    return tmp_path


def call(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr("sys.argv", ["cityrules", *map(str, arguments)])
    return run()


def test_a_bound_workbook_gives_the_tables_of_the_sample(host: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    common = ["score", "street-order", "--targets", f"street={SAMPLE / 'street.csv'}", "--period", "2024-03"]
    bound = ["--binding", host / "host.yaml", "--table", f"cases={host / 'cases.xlsx'}"]
    assert call(monkeypatch, *common, *bound, "--out", host / "bound") == 0
    plain = ["--records", f"finding={SAMPLE / 'finding.csv'}"]
    assert call(monkeypatch, *common, *plain, "--out", host / "plain") == 0
    for name in ("ledger", "values", "grades", "ranks", "consequences"):
        assert (host / "bound" / f"{name}.csv").read_bytes() == (host / "plain" / f"{name}.csv").read_bytes()
    assert len((host / "bound" / "ledger.csv").read_text("utf-8").splitlines()) > 10


def test_an_assessment_as_a_workbook(
    host: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--targets", f"street={SAMPLE / 'street.csv'}", "--records", f"finding={SAMPLE / 'finding.csv'}"]
    arguments = ["score", "street-order", *options, "--period", "2024-03", "--out", host, "--format", "xlsx"]
    assert call(monkeypatch, *arguments, "--lang", "zh") == 0
    # The console breaks lines where a path is long.
    assert "assessment.xlsx" in capsys.readouterr().out.replace("\n", "")
    assert "分值明细" in CalamineWorkbook.from_path(str(host / "assessment.xlsx")).sheet_names


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--table", "cases=x.csv"], 2, "CR594"),
        (["--binding", "host.yaml", "--table", "case=x.csv"], 2, "CR601"),
        (["--binding", "host.yaml"], 1, "CR588"),
        (["--binding", "host.yaml", "--table", "cases=cases.xlsx", "--records", "finding=cases.xlsx!案件"], 1, "CR589"),
        (["--binding", "none.yaml"], 1, "CR101"),
    ],
)
def test_what_is_wrong_with_tables_of_a_host(
    options: list[str],
    code: int,
    said: str,
    host: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(host)
    assert call(monkeypatch, "score", "street-order", "--period", "2024-03", *options) == code
    assert said in capsys.readouterr().err


def test_a_binding_is_checked(host: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(monkeypatch, "check", "street-order", "--binding", host / "host.yaml") == 0
    (host / "host.yaml").write_text(BINDING.replace("to: finding", "to: findings"), "utf-8")
    assert call(monkeypatch, "check", "street-order", "--binding", host / "host.yaml") == 1
    assert "did you mean `finding`?" in capsys.readouterr().out


def test_models_are_printed_or_written(
    host: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(monkeypatch, "models", "street-order") == 0
    printed = capsys.readouterr().out
    assert "class Finding(Row):" in printed
    assert call(monkeypatch, "models", "street-order", "--out", host / "rows.py") == 0
    assert (host / "rows.py").read_text("utf-8") == printed
