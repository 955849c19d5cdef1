"""Every scheme of the gallery, one construct each: it is clean, and its worked cases come out alike on both engines."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

import cityrules as cr
from cityrules.loaded import specs_folder

GALLERY = sorted((specs_folder() / "gallery").glob("*/scheme.yaml"))


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.parent.name)
def test_a_scheme_of_the_gallery_is_clean(path: Path) -> None:
    scheme, diagnostics = cr.check(path, engine="both" if find_spec("duckdb") else "python")
    assert diagnostics == ()
    assert scheme is not None
    assert scheme.name == path.parent.name
    assert scheme.document.examples


def test_the_overview_names_every_scheme_once() -> None:
    page = (specs_folder() / "gallery" / "README.md").read_text("utf-8")
    names = [line.split("](")[0].removeprefix("| [") for line in page.splitlines() if line.startswith("| [")]
    assert sorted(names) == sorted(path.parent.name for path in GALLERY)
