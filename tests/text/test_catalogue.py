"""The catalogue is complete, and reading it is left until it is needed."""

from __future__ import annotations

import subprocess
import sys

from cityrules.text import catalogue


def test_nothing_is_wrong_with_the_catalogue() -> None:
    assert catalogue.problems() == []


def test_each_file_keeps_to_its_hundred() -> None:
    for room, codes in catalogue.codes().items():
        # From eight hundred on they are those of constructs that came later, whatever room they stand in.
        hundreds = {int(code[2:]) // 100 if code.startswith("CR") else -1 for code in codes}
        assert len({one for one in hundreds if one < 8}) <= 1, room
    assert all(code.startswith("CR1") for code in catalogue.codes()["text"])


def test_values_are_put_in_once() -> None:
    assert catalogue.fill("{a} {b} {a}", {"a": "{b}", "b": "{0.x}"}) == "{b} {0.x} {b}"


def test_the_library_is_imported_without_the_catalogue() -> None:
    program = "import cityrules, sys; print('cityrules.text.catalogue' in sys.modules and "
    program += "sys.modules['cityrules.text.catalogue'].catalogue.cache_info().currsize)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() in ("False", "0")
