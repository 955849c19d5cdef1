"""Files that cannot be read are diagnostics."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cityrules.text import limits
from cityrules.text.diagnostic import Report
from cityrules.text.files import named_below, read_file
from cityrules.text.yaml import read


def _codes(path: Path) -> list[str]:
    report = Report()
    assert read_file(path, report) is None
    return [found.code for found in report]


def test_a_file_is_named_as_the_user_named_it_and_keeps_its_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\n")
    source = read_file(path, Report())
    assert source is not None
    assert (source.name, source.text) == (str(path), "a: 1\r\n")


def test_what_cannot_be_read(tmp_path: Path) -> None:
    assert _codes(tmp_path / "absent.yaml") == ["CR101"]
    assert _codes(tmp_path) == ["CR102"]
    assert _codes(Path("a\0b")) == ["CR103"]
    large = tmp_path / "large"
    large.write_bytes(b"a" * (limits.BYTES + 1))
    assert _codes(large) == ["CR105"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_below_a_folder_is_no_document(tmp_path: Path) -> None:
    """A folder with one made `cityrules test` wait for ever."""
    for folder in "abc":
        (tmp_path / folder).mkdir()
    os.mkfifo(tmp_path / "a" / "scheme.yaml")
    (tmp_path / "b" / "scheme.yaml").write_text("cityrules: 1\n", encoding="utf-8")
    (tmp_path / "c" / "scheme.yaml").symlink_to(tmp_path / "gone")
    assert named_below(tmp_path, "scheme.yaml") == [tmp_path / "b" / "scheme.yaml"]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_the_first_bad_byte_is_named(tmp_path: Path, mark: bytes) -> None:
    path = tmp_path / "s.yaml"
    path.write_bytes(mark + "一: 1\n二: ".encode() + b"\xb3\xc7\nc: 1\n")
    report = Report()
    assert read_file(path, report) is None
    (found,) = report
    assert (found.code, found.values["byte"], found.values["line"]) == ("CR104", "0xb3", "2")
    assert found.values["offset"] == str(len(mark) + 12)
    assert found.at is not None
    assert found.at.position.column == 4


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary())
def test_no_bytes_raise(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "s.yaml"
    path.write_bytes(data)
    report = Report()
    source = read_file(path, report)
    assert source is None or read(source, report) is not None or report.failed
