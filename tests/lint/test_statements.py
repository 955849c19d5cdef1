"""What a text declares: each check computes its finding from the facts, and what is silenced stays silent."""

from __future__ import annotations

import copy
import json
import os
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator

import cityrules as cr
from cityrules.lint.files import files, lint
from cityrules.lint.stated.checks import CHECKS
from cityrules.lint.stated.document import AsStated
from cityrules.lint.stated.load import read_statement
from cityrules.scheme.convert import convert
from cityrules.scheme.schema import json_schema, text
from cityrules.text.catalogue import catalogue, unfilled
from cityrules.text.diagnostic import Language, Report
from cityrules.text.source import Source
from scheme.test_schema import edited, leaves

ROOT = Path(__file__).parents[2]
STATED = sorted((ROOT / "specs").rglob("as-stated.yaml"))
MALFORMED = sorted((ROOT / "tests" / "malformed" / "lint").glob("L*.yaml"))
HEAD = "cityrules-stated: 1\ntexts: {a: 考核办法}\n"


def found(body: str, tmp_path: Path, head: str = HEAD) -> list[str]:
    path = tmp_path / "as-stated.yaml"
    path.write_text(head + body, "utf-8")
    return [each.code for each in cr.findings(path)]


def test_the_24_checks_are_those_of_the_catalogue() -> None:
    assert list(CHECKS) == [f"L{number:02}" for number in range(1, 25)]
    assert {code for code in catalogue() if code.startswith("L") and code < "L30"} == set(CHECKS)


@pytest.mark.parametrize(
    "body",
    [
        'totals: {points: {clause: 二, total: 100%, parts: {a: 60%, b: "0.4"}}}',
        "counts: {contents: {clause: 二, declared: 2, listed: [a, b]}}",
        'intervals: {size: {clause: 二, of: x, parts: {a: "< 3", b: "[3..5]", c: "> 5"}}}',
        'bands: {grade: {clause: 二, of: x, parts: {a: ">= 90", b: "[80..90)", c: "[70..80)", d: "< 70"}}}',
        'bands: {grade: {clause: 二, of: x, within: "[0..100]", parts: {a: "[0..60)", b: "[60..100]"}}}',
        "weights: {year: {clause: 二, total: 100%, parts: {a: 60%, b: 40%}}}",
        'weights: {year: {clause: 二, total: 100, parts: {a: 60, b: "40"}}}',
        "deductions: {s: {clause: 二, full_mark: 100, floor: 0, cap: none, together: unstated, "
        "rules: {a: {deduct: 1, event: x}, b: {deduct: 2, event: y}}}}",
        "words: {w: {clause: 二, quote: 多次, binds: x, means: three times or more}}",
        "deadlines: {d: {clause: 二, limits: {a: 2 days, b: 1 week}, starts: the notice}}",
        "words: {w: {clause: 二, quote: 不定, binds: x, means: unstated}}",
        "assessors: {a: {clause: 二, assesses: [b, c]}, b: {clause: 二, assesses: [d]}}\n"
        "units: {d: {clause: 二, members: [e]}}",
        "rankings: {r: {clause: 二, of: x, size: 7, bottom: 3, ties: share}}",
        "rates: {r: {clause: 二, numerator: x, denominator: y, least: 73, empty: unstated}}",
        "attached: 附件1\nannexes: {附件1: {clause: 二, number: 1}}",
        "sanctions: {s: {clause: 二, word: 撤职, does: proposes, decided_by: 任免机关}, "
        "t: {clause: 二, word: 通报, does: decides, decided_by: us}, "
        "u: {clause: 二, word: 黄牌警告, does: decides, decided_by: us}, "
        "v: {clause: 二, word: 办事处分管领导约谈, does: decides, decided_by: us}}",
        "rewards: {r: {clause: 二, for: x, amount: 500 元}}",
        "periods: {p: {clause: 二, result: 年, scores: {月: {every: month, enters: 年, how: mean, closes: 28, "
        "rest: next month}, 年: {every: year}}}}",
        "observations: {o: {clause: 二, ranking: x, counts: {a: {times: 12, every: year}, "
        "b: {times: 1, every: month}}}}",
        "lists: {a: {clause: 二, members: [x, y]}, b: {clause: 三, members: [y, x], same_as: a}}",
        "counters: {c: {clause: 二, counts: consecutive, of: x, every: year, times: 1, window: unstated, repeat: none, "
        "gap: breaks, new_year: unstated, value: average}}",
    ],
)
def test_a_text_that_says_all_is_let_alone(body: str, tmp_path: Path) -> None:
    assert found(body, tmp_path) == []


@pytest.mark.parametrize(
    ("parts", "codes"),
    [
        ('{a: "> 50%", b: "> 50%"}', ["L05", "L05", "L06"]),
        ('{a: ">= 50%", b: ">= 50%"}', ["L05", "L05"]),
        ('{a: "< 50%", b: 50%}', ["L05", "L06"]),
        ('{a: "<= 50%", b: 50%}', ["L05"]),
    ],
)
def test_a_bound_that_is_not_inside_is_never_reached(parts: str, codes: list[str], tmp_path: Path) -> None:
    # Once two weights of more than a half each could come to the whole.
    assert sorted(found(f"weights: {{w: {{clause: 二, total: 100%, parts: {parts}}}}}", tmp_path)) == codes


def test_measures_are_those_of_the_catalogue(tmp_path: Path) -> None:
    # Once L19 had a list of words of its own, which knew neither these nor a second measure beside the first.
    words = ("停职检查", "免职", "引咎辞职", "调离岗位", "待岗或者记过", "disciplinary warning")
    body = "".join(
        f"  s{at}: {{clause: 二, word: {one}, does: decides, decided_by: us}}\n" for at, one in enumerate(words)
    )
    assert found(f"sanctions:\n{body}", tmp_path) == ["L19"] * 7


def test_weeks_and_days_mix_but_only_working_days_clash(tmp_path: Path) -> None:
    body = "deadlines: {d: {clause: 二, limits: {a: 2 working days, b: 1 week}, starts: the notice}}"
    assert found(body, tmp_path) == ["L12"]
    assert found(body.replace("working ", ""), tmp_path) == []


def test_bounds_that_no_weights_can_keep_are_found(tmp_path: Path) -> None:
    bounds = 'weights: {w: {clause: 二, total: 100%, parts: {a: ">= 60%", b: ">= 50%"}}}'
    assert found(bounds, tmp_path) == ["L06", "L05", "L05"]
    assert found(bounds.replace("60", "40"), tmp_path) == ["L05", "L05"]
    assert found('weights: {w: {clause: 二, total: 100%, parts: {a: "<= 60%", b: 30%}}}', tmp_path) == ["L06", "L05"]


def test_the_longer_vague_word_is_told_alone(tmp_path: Path) -> None:
    body = "words: {w: {clause: 二, quote: 不定期检查, binds: x, means: unstated}}"
    assert found(body, tmp_path) == ["L11"]
    path = tmp_path / "as-stated.yaml"
    assert [each.values["word"] for each in cr.findings(path)] == ["不定期"]


def test_a_word_means_something_in_its_own_text_only(tmp_path: Path) -> None:
    """What one text says a word means was taken for the others, too."""
    words = "{clause: 二, quote: 及时清理, binds: x, means: %s, text: %s}"
    body = f"words: {{a: {words % ('one day', 'a')}, b: {words % ('unstated', 'a')}, c: {words % ('unstated', 'b')}}}"
    assert found(body, tmp_path, "cityrules-stated: 1\ntexts: {a: 一, b: 二}\n") == ["L11"]
    assert [each.path for each in cr.findings(tmp_path / "as-stated.yaml")] == ["words.c.quote"]


def test_what_stands_in_a_chinese_statement_is_told_as_it_stands(tmp_path: Path) -> None:
    body = (
        "时限: {清理: {条款: 三, 各期限: {小: 1 个工作日, 大: 1 周}, 起算: 通知}}\n"
        "排名: {月: {条款: 四, 对象: 街道, 总数: 6, 后几名: 3, 同分: 同名次}}\n"
    )
    assert found(body, tmp_path, "文本声明: 1\n所据文本: {甲: 考核办法}\n") == ["L12", "L15"]
    limits, half = cr.findings(tmp_path / "as-stated.yaml")
    assert (limits.values["limits"], half.values["found"]) == ("小: 1 个工作日, 大: 1 周", "后几名 3 / 6")
    assert limits.words == "zh"


def test_a_finding_is_silenced_with_a_reason_and_an_idle_silence_is_told(tmp_path: Path) -> None:
    body = "headings: {h: {clause: 二, heading: 四, sentences: 0}}\n"
    assert found(body, tmp_path) == ["L22"]
    assert found(body + "silenced: {L22: {h: the annex holds it}}", tmp_path) == []
    assert found(body + "silenced: {L22: {h: the annex, g: nothing}, L01: {h: no}}", tmp_path) == ["L93", "L93"]


def test_what_is_looked_at(tmp_path: Path) -> None:
    here = ROOT / "specs" / "jingzhou"
    assert list(files(here / "scheme.yaml")) == [here / "as-stated.yaml", here / "scheme.yaml"]
    assert list(files("jingzhou")) == list(files(here / "scheme.yaml"))
    assert list(files(tmp_path)) == []
    (missing,) = lint(tmp_path / "none.yaml")
    assert missing.stated is None
    assert [each.code for each in missing.found] == ["CR101"]


def test_a_scheme_of_any_name_is_told_from_a_statement_of_any_name(tmp_path: Path) -> None:
    scheme, stated = tmp_path / "2024.yaml", tmp_path / "as-stated.yaml"
    scheme.write_text("cityrules: 1\nscheme: a\n", "utf-8")
    assert list(files(scheme)) == [scheme]
    stated.write_text(HEAD, "utf-8")
    assert list(files(scheme)) == [stated, scheme]
    other = stated.rename(tmp_path / "text.yaml")
    assert list(files(other)) == [other]


@pytest.mark.parametrize("path", STATED, ids=lambda path: path.parent.name)
def test_the_statements_of_the_sources_are_good(path: Path) -> None:
    """Each loads, fits the schema in both languages, and says the same with the keywords of the other."""
    (linted,) = lint(path)
    assert linted.stated is not None, linted.found
    assert all(each.severity == "finding" for each in linted.found)
    written = path.read_text("utf-8")
    language: Language = "zh" if "文本声明:" in written else "en"
    other: Language = "en" if language == "zh" else "zh"
    turned = convert(Source(path.name, written), other, Report(), (AsStated,))
    assert turned is not None
    report = Report()
    stated, said = read_statement(Source(path.name, turned), report)
    assert (stated and stated.document, said, len(report)) == (linted.stated.document, other, 0)
    for document, spoken in ((written, language), (turned, other)):
        validator = Draft7Validator(json_schema(spoken, AsStated, "stated"))
        assert leaves(validator.iter_errors(edited(document))) == []


@pytest.mark.parametrize(("language", "name"), [("en", "cityrules-stated-1"), ("zh", "cityrules-stated-1.zh")])
def test_the_committed_schema_is_fresh(language: Language, name: str) -> None:
    path, made = ROOT / f"docs/schema/{name}.schema.json", text(language, AsStated, "stated")
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(made, "utf-8", newline="\n")
    assert path.read_text("utf-8") == made, f"UPDATE_GOLDEN=1, or cityrules schema --stated --lang {language}"
    assert "definitions" in json.loads(made)


def _addresses(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for name, each in inner for found in _addresses(each, (*path, name)))]


@pytest.mark.parametrize("path", MALFORMED, ids=lambda path: path.stem)
def test_no_value_at_any_place_makes_a_check_fail(path: Path, tmp_path: Path) -> None:
    """Bands without parts and a list the same as `unstated` made checks raise; an annex with a huge number took all
    memory."""
    good = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
    file = tmp_path / "as-stated.yaml"
    for address in _addresses(good)[1:]:
        for wrong in ({}, [], "unstated", "-1", "99999999999999999999", ["x", "x"], {"x": "x"}):
            broken = copy.deepcopy(good)
            around = broken
            for name in address[:-1]:
                around = around[name]
            around[address[-1]] = wrong
            file.write_text(yaml.safe_dump(broken, allow_unicode=True, sort_keys=False), "utf-8")
            for each in cr.findings(file):
                assert unfilled(each) == [], (address, wrong)


def test_too_much_to_compare_is_refused(tmp_path: Path) -> None:
    many = ", ".join(f'p{number}: "<= 3"' for number in range(501))
    assert found(f"intervals: {{size: {{clause: 二, of: x, parts: {{{many}}}}}}}", tmp_path) == ["CR338"]
    assert found("", tmp_path, "cityrules-stated: 1\ntexts: {}\n") == ["CR306"]


@pytest.mark.parametrize("written", ["(3..3)", "[3..3)", "(3..3]", "[4..3]"])
def test_a_range_without_a_number_is_none(tmp_path: Path, written: str) -> None:
    body = f'intervals: {{size: {{clause: 二, of: x, parts: {{a: "{written}"}}}}}}'
    assert found(body, tmp_path) == ["L94"]


def test_one_number_is_a_range(tmp_path: Path) -> None:
    assert found('intervals: {size: {clause: 二, of: x, parts: {a: "< 3", b: "[3..3]", c: "> 3"}}}', tmp_path) == []


def test_two_annexes_with_the_highest_number_say_once_which_are_never_named(tmp_path: Path) -> None:
    body = "attached: [a, b]\nannexes: {a: {clause: 二, number: 3}, b: {clause: 三, number: 3}}"
    assert found(body, tmp_path) == ["L18"]


def test_parts_of_a_percentage_are_told_in_percent(tmp_path: Path) -> None:
    path = tmp_path / "as-stated.yaml"
    path.write_text(HEAD + "totals: {points: {clause: 二, total: 100%, parts: {x: 60%, y: '0.3'}}}", "utf-8")
    (one,) = cr.findings(path)
    assert (one.values["sum"], one.values["parts"]) == ("90%", "x 60% + y 30%")
