"""Rows from Python, the exact texts of their values, and the one way in."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import struct
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from cityrules.io.columns import check_columns
from cityrules.io.csv import CsvRows
from cityrules.io.listed import ListRows
from cityrules.io.normal import float_text, to_text
from cityrules.io.open import open_rows, open_sources
from cityrules.io.rows import DataError, RawRow
from cityrules.text.catalogue import unfilled
from cityrules.text.show import show


class Size(enum.Enum):
    SMALL = "小"


class Word(str, enum.Enum):  # noqa: UP042 - as older programs write it
    LARGE = "大"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        ("", None),
        (" x ", " x "),
        (True, "true"),
        (False, "false"),
        (-7, "-7"),
        (0.1, "0.1"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e22, "10000000000000000000000"),
        (1e-7, "0.0000001"),
        (-0.0, "-0"),
        (12.0, "12"),
        (Decimal("1.50"), "1.50"),
        (Decimal("1E+2"), "100"),
        (Decimal("0E-7"), "0.0000000"),
        (Fraction(1, 8), "0.125"),
        (dt.date(2024, 3, 1), "2024-03-01"),
        (dt.datetime(2024, 3, 1, 8), "2024-03-01T08:00:00"),
        (Size.SMALL, "小"),
        (Word.LARGE, "大"),
    ],
)
def test_texts_of_values(value: object, text: str | None) -> None:
    assert to_text(value) == (text, None)


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("-inf"),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        Decimal("1E+999999"),
        Decimal("1E-999999"),
        pytest.param(10**5000, id="long"),
        Fraction(1, 3),
        dt.datetime(2024, 3, 1, tzinfo=dt.UTC),
        dt.time(8),
        dt.timedelta(1),
        b"x",
        ["x"],
        {"a": 1},
        object(),
    ],
)
def test_values_without_a_text(value: object) -> None:
    text, reason = to_text(value)
    assert reason == "type"
    assert text is not None
    assert len(text) <= 210
    assert " at 0x" not in text


def test_half_a_character_is_an_encoding() -> None:
    assert to_text("a\udcff\ud800") == ("a\\xff\\ud800", "encoding")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_is_its_text(value: float) -> None:
    text, reason = float_text(value)
    assert reason is None
    assert text is not None
    assert "e" not in text
    assert float(text) == value


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_a_small_float_is_its_text(value: float) -> None:
    text, _ = float_text(value, single=True)
    assert text is not None
    assert "e" not in text
    assert struct.pack("f", float(text)) == struct.pack("f", value)


@dataclasses.dataclass
class Finding:
    no: int
    spot: str | None = None


class Model(BaseModel):
    model_config = ConfigDict(extra="allow")

    no: int
    spot: str


def test_mappings_models_and_dataclasses() -> None:
    model = Model(no=3, spot="z", volume=Decimal("1.0"))  # type: ignore[call-arg]
    table = ListRows("finding", [{"no": 1}, Finding(2, "y"), model])
    assert table.columns == ("no", "spot", "volume")
    assert list(table.rows()) == [
        RawRow(1, ("1", None, None)),
        RawRow(2, ("2", "y", None)),
        RawRow(3, ("3", "z", "1.0")),
    ]


def test_bad_values_spoil_their_row() -> None:
    rows = list(ListRows("x", [{"a": 1, "b": float("nan")}, {"a": "\udc80", "b": b""}, {"a": 2, "b": 1}]).rows())
    assert [row.bad for row in rows] == ["type", "encoding", None]


def test_a_generator_is_read_once_and_kept() -> None:
    table = open_rows(({"a": n} for n in range(3)), "x")
    assert list(table.rows()) == list(table.rows())
    assert table.name == "x"


def test_optional_fields_need_no_column_in_python_but_one_in_files(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("no,spto\n1,x\n")
    assert check_columns(ListRows("x", [{"no": 1}]), ["no"], ["spot"]) == []
    assert check_columns(open_rows(tmp_path / "t.csv"), ["no"]) == []
    (found,) = check_columns(open_rows(tmp_path / "t.csv"), ["no"], ["spot"], kind="finding")
    assert found.code == "CR512"
    assert found.values["suggestion"] == "spto"
    assert not unfilled(found)
    assert "did you mean `spto`" in show(found)
    assert [d.code for d in check_columns(ListRows("x", [{"no": 1}]), ["no", "spot"])] == ["CR512"]


@pytest.mark.parametrize(
    ("thing", "code"),
    [
        ([1], "CR540"),
        ([{"a": 1}, "b"], "CR540"),
        ([Model], "CR540"),
        ([{1: 2}], "CR541"),
        ([{"": 2}], "CR510"),
        ({"a": 1}, "CR542"),
        (None, "CR542"),
        (7, "CR542"),
        (b"a,b", "CR542"),
        ("no such file", "CR505"),
    ],
)
def test_what_is_no_table(thing: Any, code: str) -> None:
    with pytest.raises(DataError) as caught:
        open_rows(thing, "finding")
    (found,) = caught.value.diagnostics
    assert found.code == code
    assert not unfilled(found)
    assert show(found, "zh")


def test_an_unknown_table_is_told_how_to_become_one() -> None:
    class Frame:
        columns = ("a",)

        def __iter__(self) -> Any:
            return iter("a")

    with pytest.raises(DataError) as caught:
        open_rows(Frame(), "x")
    assert "to_dict" in show(caught.value.diagnostics[0])


def test_several_files_are_several_sources(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("no\n1\n")
    (tmp_path / "b").write_text("no\n2\n")
    sources = open_sources([tmp_path / "a", str(tmp_path / "b")], "finding")
    assert [type(source) for source in sources] == [CsvRows, CsvRows]
    assert len(open_sources([{"no": 1}, {"no": 2}], "finding")) == 1
    assert open_rows(sources[0]) is sources[0]


def test_an_error_says_its_sentences() -> None:
    """`str` of it was `CR512`, which is all that a traceback showed to a developer."""
    with pytest.raises(DataError) as raised:
        open_rows(3, "finding")
    assert "finding: a value of the type int cannot be read as a table." in str(raised.value)
    assert "不能当作数据表读取" in raised.value.show("zh")


def test_a_row_whose_own_code_fails_is_a_reject() -> None:
    """An error in somebody's `keys`, `get`, `isoformat` or `__int__` went through to the caller of `assess`."""

    class Broken(dict[str, object]):
        def get(self, _name: object, _default: object = None) -> object:
            raise RuntimeError("the connection is gone")

    class Day(dt.date):
        def isoformat(self) -> str:
            raise RuntimeError("no text")

    rows = list(open_rows([{"no": 1}, Broken(no=2), {"no": Day(2024, 1, 1)}], "finding").rows())
    assert [row.bad for row in rows] == [None, "type", "type"]
    assert [row.number for row in rows] == [1, 2, 3]


def test_several_lists_or_tables_are_several_sources() -> None:
    one, two = open_sources([[{"no": 1}], [{"no": 2}, {"no": 3}]], "finding")
    assert [len(list(table.rows())) for table in (one, two)] == [1, 2]
    assert open_sources([one, two], "finding") == (one, two)
