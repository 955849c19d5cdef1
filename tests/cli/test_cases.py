"""`cases` on the command line: to the terminal, into a file, behind the cases of one; what goes wrong in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cityrules.cli.app import app

SCHEME = """\
cityrules: 1
scheme: litter
title: Litter found
clause: Article 1
in_force: {from: 2024-01-01}
targets: {street: {members: registered}}
records:
  finding: {dated: found_on, key: [no], fields: {no: text, street: street, found_on: date}}
measures:
  findings: {for: street each month, count: finding}
consequences:
  talk: {for: street each month, when: findings >= 2, do: talk, kind: talk, to: street, clause: Article 2}
"""


def said(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [*arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "scheme.yaml").write_text(SCHEME, "utf-8")
    return tmp_path


def test_the_terminal_shows_a_whole_file(folder: Path) -> None:
    code, out, _ = said("cases", str(folder), "--lang", "en")
    assert (code, 'scheme: "."\n' in out, "(clause Article 2): `findings >= 2`: just below" in out) == (0, True, True)
    assert not (folder / "cases.yaml").exists()
    code, out, _ = said("cases", str(folder), "--lang", "zh")
    assert (code, '办法: "."\n' in out, "状态: 待确认" in out) == (0, True, True)


def test_a_file_is_begun_and_then_left_as_it_is(folder: Path) -> None:
    file = folder / "cases.yaml"
    code, out, _ = said("cases", str(folder), "--out", str(file), "--lang", "en")
    assert (code, "not reached: 0" in out) == (0, True)
    text = file.read_text("utf-8")
    assert said("cases", str(folder), "--out", str(file), "--lang", "en")[0] == 0
    assert file.read_text("utf-8") == text
    code, out, _ = said("test", str(folder), "--lang", "en")
    assert (code, f"{file}: proposed cases that wait to be confirmed: {text.count('    status: proposed')}" in out) == (
        0,
        True,
    )


def test_what_is_in_a_file_stays_and_its_words_are_used(folder: Path) -> None:
    file = folder / "cases.yaml"
    mine = (
        "算例集: 1\n办法: .\n各算例:\n  没有发现: # 一件也没有\n    已知: {考核对象: {street: [East]}}\n"
        "    应得: {findings: {East 2024-01: 0}}\n"
    )
    file.write_text(mine, "utf-8")
    assert said("cases", str(folder), "--out", str(file), "--lang", "en")[0] == 0
    text = file.read_text("utf-8")
    assert text.startswith(mine)
    assert "    状态: 待确认\n" in text[len(mine) :]
    assert "status" not in text


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("name: other\n", "CR1090"),
        (
            "cityrules-cases: 1\nscheme: .\n"
            "cases: {a: {given: {targets: {street: [E]}}, expect: {findings: {E 2024-01: 0}}}}\n",
            "CR1091",
        ),
    ],
)
def test_a_file_that_cannot_take_them_stays_as_it_is(folder: Path, text: str, code: str, language: str) -> None:
    file = folder / "other.yaml"
    file.write_text(text, "utf-8")
    exit_code, out, err = said("cases", str(folder), "--out", str(file), "--lang", language)
    assert (exit_code, out, code in err) == (2, "", True)
    assert file.read_text("utf-8") == text


def test_the_ends_of_lines_of_a_file_stay_as_they_are(folder: Path) -> None:
    file = folder / "cases.yaml"
    mine = (
        b"cityrules-cases: 1\r\nscheme: .\r\ncases:\r\n  nothing:\r\n    given: {targets: {street: [East]}}\r\n"
        b"    expect: {findings: {East 2024-01: 0}}\r\n"
    )
    file.write_bytes(mine)
    assert said("cases", str(folder), "--out", str(file), "--lang", "en")[0] == 0
    data = file.read_bytes()
    assert (data.startswith(mine), len(data) > len(mine), data.count(b"\r\n")) == (True, True, data.count(b"\n"))


def test_cases_in_another_encoding_get_a_sentence(folder: Path) -> None:
    (folder / "cases.yaml").write_bytes("算例集: 1\n办法: .\n".encode("gb18030"))
    code, out, err = said("cases", str(folder), "--lang", "en")
    assert (code, out, "CR104" in err) == (1, "", True)
