"""CSV in: what is a row, what is a bad row, what stops the whole file."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityrules.io.csv import LONGEST, CsvRows
from cityrules.io.normal import escaped
from cityrules.io.rows import DataError, RawRow
from cityrules.text.catalogue import unfilled


def rows_of(folder: Path, data: bytes) -> tuple[tuple[str, ...], list[RawRow]]:
    path = folder / "table.csv"
    path.write_bytes(data)
    table = CsvRows(path, "table")
    return table.columns, list(table.rows())


def code_of(folder: Path, data: bytes) -> str:
    with pytest.raises(DataError) as caught:
        rows_of(folder, data)
    (diagnostic,) = caught.value.diagnostics
    assert not unfilled(diagnostic)
    return diagnostic.code


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_plain_packed_marked(tmp_path: Path, pack: type[bytes], mark: bytes, end: str) -> None:
    data = pack(mark + end.join(["编号,小区", "1,东街", '2,"a,b"', "", "3,", ""]).encode())
    columns, rows = rows_of(tmp_path, data)
    assert columns == ("编号", "小区")
    assert rows == [RawRow(2, ("1", "东街")), RawRow(3, ("2", "a,b")), RawRow(5, ("3", None))]


def test_the_content_decides_not_the_name(tmp_path: Path) -> None:
    path = tmp_path / "table.csv.gz"
    path.write_bytes(b"a\n1\n")
    assert [row.texts for row in CsvRows(path).rows()] == [("1",)]


def test_rows_of_wrong_length_are_bad_and_padded(tmp_path: Path) -> None:
    _, rows = rows_of(tmp_path, b"a,b\n1\n1,2,3\n1,2\n")
    assert rows == [
        RawRow(2, ("1", None), "columns"),
        RawRow(3, ("1", "2", "3"), "columns"),
        RawRow(4, ("1", "2")),
    ]


def test_bytes_that_are_not_utf8_spoil_one_row_only(tmp_path: Path) -> None:
    _, rows = rows_of(tmp_path, b'a,b\n1,\xff\n2,"line\nx\xd6\xd0"\n3,\xe4\xb8\xad\n')
    assert rows == [
        RawRow(2, ("1", "\\xff"), "encoding"),
        RawRow(3, ("2", "line\nx\\xd6\\xd0"), "encoding"),
        RawRow(5, ("3", "中")),
    ]


def test_quoted_line_breaks_are_text(tmp_path: Path) -> None:
    _, rows = rows_of(tmp_path, b'a,b\n1,"x\n""y"""\r\n2,z')
    assert rows == [RawRow(2, ("1", 'x\n"y"')), RawRow(4, ("2", "z"))]


def test_a_quote_that_nobody_closes_spoils_its_line_only(tmp_path: Path) -> None:
    _, rows = rows_of(tmp_path, b'a,b\n1,"x\n2,y\n3,z\n')
    assert rows == [RawRow(2, ('1,"x', None), "columns"), RawRow(3, ("2", "y")), RawRow(4, ("3", "z"))]


def test_a_stray_quote_spoils_its_line_only(tmp_path: Path) -> None:
    _, rows = rows_of(tmp_path, b'a,b\n1,"x"y\n2,"p\nq"r\n3,z\n')
    assert [(row.texts, row.bad) for row in rows] == [
        (('1,"x"y', None), "columns"),
        (('2,"p', None), "columns"),
        (('q"r', None), "columns"),
        (("3", "z"), None),
    ]


def test_the_last_line_open_is_bad_and_raises_nothing(tmp_path: Path) -> None:
    _, rows = rows_of(tmp_path, b'a,b\n1,2\n3,"')
    assert rows == [RawRow(2, ("1", "2")), RawRow(3, ('3,"', None), "columns")]


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_a_row_without_end_is_bad_and_bounded(tmp_path: Path, end: bytes) -> None:
    _, rows = rows_of(tmp_path, b"a,b\n1," + b"x" * (3 * LONGEST) + end + (b"2,y\n" if end else b""))
    assert rows[0].bad == "columns"
    assert len(rows[0].texts[0] or "") <= 1000
    assert [row.texts for row in rows[1:]] == ([("2", "y")] if end else [])


@pytest.mark.parametrize("length", [LONGEST - 4, LONGEST - 3, LONGEST - 2, LONGEST - 1])
def test_the_longest_row(tmp_path: Path, length: int) -> None:
    _, rows = rows_of(tmp_path, b"a,b\n1," + b"x" * length + b"\r\n2,y\n")
    assert [row.bad for row in rows] == [None if length + 4 <= LONGEST else "columns", None]
    assert rows[1].texts == ("2", "y")


def test_an_open_quote_before_much_text_gives_the_lines_back(tmp_path: Path) -> None:
    lines = 40_000
    _, rows = rows_of(tmp_path, b'a,b\n0,"x\n' + b"1,yyyyyy\n" * lines + b'2,"' + b"z" * (2 * LONGEST) + b"\n3,z\n")
    assert [row.bad for row in rows] == ["columns", *[None] * lines, "columns", None]


def test_gb18030_is_read_where_it_is_stated(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    text = '编号,小区\n1,东街\n2,"𠮷,ä"\n3,北街\n'
    path.write_bytes(text.encode("gb18030").replace("北".encode("gb18030"), b"\xb1\xff"))
    rows = CsvRows(path, encoding="gb18030")
    assert rows.columns == ("编号", "小区")
    assert list(rows.rows()) == [
        RawRow(2, ("1", "东街")), RawRow(3, ("2", "𠮷,ä")), RawRow(4, ("3", "\\xb1\\xff街"), "encoding"),
    ]  # fmt: skip
    with pytest.raises(ValueError, match="utf-8, gb18030"):
        CsvRows(path, encoding="gbk")  # type: ignore[arg-type]


def test_gb18030_is_not_guessed_but_shown(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("编号,小区\n1,东街\n".encode("gb18030"))
    with pytest.raises(DataError) as caught:
        CsvRows(path)
    assert "In GB18030 it would be: 编号, 小区." in str(caught.value)
    path.write_bytes(b"a,\xff\n1,2\n")
    with pytest.raises(DataError) as caught:
        CsvRows(path, encoding="gb18030")
    assert [d.code for d in caught.value.diagnostics] == ["CR522"]


def test_nul_is_kept_for_the_engines(tmp_path: Path) -> None:
    assert rows_of(tmp_path, b"a\nx\0y\n")[1] == [RawRow(2, ("x\0y",))]


def test_rows_can_be_read_twice(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"a\n1\n2\n")
    table = CsvRows(path)
    assert list(table.rows()) == list(table.rows())


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "CR520"),
        (b"\na,b\n", "CR520"),
        (b'"a\nb', "CR521"),
        ("编号,小区\n".encode("gbk"), "CR570"),
        ("a,b\n1,2\n".encode("utf-16"), "CR522"),
        (b"a,,b\n", "CR510"),
        (b"a,b,a\n", "CR511"),
        (b"x" * 200_000, "CR521"),
        (b"PK\x03\x04....", "CR508"),
        (b"\x1f\x8bnonsense", "CR523"),
    ],
)
def test_files_that_are_refused(tmp_path: Path, data: bytes, code: str) -> None:
    assert code_of(tmp_path, data) == code


def test_a_damaged_archive_is_not_half_a_table(tmp_path: Path) -> None:
    whole = gzip.compress(b"a,b\n" + b"".join(b"%d,%d\n" % (n, n * n) for n in range(50_000)))
    path = tmp_path / "t.gz"
    for data in (whole[:-4000], whole[:-4] + b"\0\0\0\0"):
        path.write_bytes(data)
        table = CsvRows(path)
        with pytest.raises(DataError) as caught:
            list(table.rows())
        assert [d.code for d in caught.value.diagnostics] == ["CR523"]


def test_places_that_are_no_files(tmp_path: Path) -> None:
    for path, code in [(tmp_path, "CR506"), (tmp_path / "none", "CR505"), ("a\0b", "CR507"), ("/dev/zero", "CR507")]:
        with pytest.raises(DataError) as caught:
            CsvRows(path)
        assert [d.code for d in caught.value.diagnostics] == [code]


texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)


@given(st.lists(st.tuples(texts, texts, texts), max_size=8))
def test_what_the_csv_module_writes_comes_back(
    tmp_path_factory: pytest.TempPathFactory, table: list[tuple[str]]
) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, quoting=csv.QUOTE_ALL).writerows([("a", "b", "c"), *table])
    _, rows = rows_of(tmp_path_factory.mktemp("csv"), buffer.getvalue().encode())
    assert [row.texts for row in rows] == [tuple(text or None for text in row) for row in table]
    assert not any(row.bad for row in rows)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_a_diagnostic(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("csv") / "t"
    path.write_bytes(b"a,b\n" + data)
    lines = (b"a,b\n" + data).decode("utf-8", "surrogateescape").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    before = 1
    for row in CsvRows(path).rows():
        assert before < row.number <= len(lines)
        assert escaped(lines[row.number - 1])[:1] in ((row.texts[0] or "")[:1], '"', ",")
        before = row.number
        assert row.bad or len(row.texts) == 2
        assert "".join(text or "" for text in row.texts).encode() is not None
