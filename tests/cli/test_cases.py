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


@pytest.mark.parametrize("language", ["en", "zh"])
def test_cases_of_another_scheme_are_refused(folder: Path, language: str) -> None:
    second = folder / "two.yaml"
    second.write_text(SCHEME.replace("scheme: litter", "scheme: two"), "utf-8")
    file = folder / "cases.yaml"
    assert said("cases", str(folder), "--out", str(file))[0] == 0
    before = file.read_text("utf-8")
    code, out, err = said("cases", str(second), "--out", str(file), "--lang", language)
    assert (code, out, "CR1095" in err, "./two.yaml" in err) == (2, "", True, True)
    assert file.read_text("utf-8") == before
    # A file of its own takes them, and more of them.
    for _ in range(2):
        assert said("cases", str(second), "--out", str(folder / "two-cases.yaml"))[0] == 0


@pytest.mark.parametrize(("language", "sentence"), [("en", "No case is proposed"), ("zh", "没有可建议的算例")])
def test_where_nothing_is_proposed_a_sentence_says_so(folder: Path, language: str, sentence: str) -> None:
    assert said("cases", str(folder), "--out", str(folder / "cases.yaml"))[0] == 0
    code, out, _ = said("cases", str(folder), "--lang", language)
    assert (code, out.startswith(sentence), "cases:" in out) == (0, True, False)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_file_of_another_tool_is_passed_over_with_a_word(folder: Path, language: str) -> None:
    ours, foreign = folder / "all" / "ours" / "cases.yaml", folder / "all" / "foreign" / "cases.yaml"
    ours.parent.mkdir(parents=True)
    foreign.parent.mkdir()
    foreign.write_text("- name: login\n  steps: [open]\n", "utf-8")
    case = "  one:\n    given: {targets: {street: [East]}}\n    expect: {findings: {East 2024-01: 0}}\n"
    ours.write_text(f"cityrules-cases: 1\nscheme: ../..\ncases:\n{case}", "utf-8")
    code, out, _ = said("test", str(folder / "all"), "--lang", language)
    assert (code, f"{foreign}" in out, "1" in out) == (0, True, True)
    # One that was named is meant; and a slip in the first word makes no file foreign.
    assert said("test", str(foreign))[0] == 1
    foreign.write_text("cityrule-cases: 1\nscheme: ../..\ncases: {}\n", "utf-8")
    assert said("test", str(folder / "all"))[0] == 1
