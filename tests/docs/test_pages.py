"""What the documentation shows is what happens: its blocks are run, and its links lead somewhere.

UPDATE_GOLDEN=1 writes the outputs that were really printed into the pages.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from docs.pages import blocks, run, same_or_new

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path
    for path in (
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/*.md"),
        *ROOT.glob("docs/reference/*.md"),
        *ROOT.glob("docs/studies/*.md"),
        *ROOT.glob("specs/*/README.md"),
    )
    if path.name != "diagnostics.md"
)
RUN = [
    path for path in PAGES if any(block.language in ("console", "python") for block in blocks(path.read_text("utf-8")))
]

NEEDS_SHELL = pytest.mark.skipif(shutil.which("sh") is None, reason="there is no `sh` to run the commands of a page")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def prepared(tmp_path: Path, text: str) -> Path:
    """The folder in which a page is run. It looks like the root of the project as far as the page names it."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "specs").symlink_to(ROOT / "specs")
    if names := set(re.findall(r"=\.\./shared/(\S+)", text)):
        shared = Path(os.environ.get("CITYRULES_SHARED", ROOT.parent / "shared"))
        for name in sorted(names):
            if not (shared / name).is_file():
                pytest.skip(f"the real cases (../shared/{name}, or CITYRULES_SHARED) are not on this machine")
        (tmp_path / "shared").symlink_to(shared)
    return folder


@NEEDS_SHELL
@pytest.mark.parametrize("path", RUN, ids=named)
def test_a_page_shows_what_is_really_printed(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("typer")
    pytest.importorskip("duckdb")
    text = path.read_text("utf-8")
    if "cityrules[live]" in text:
        pytest.importorskip("durable.engine", reason="durable-rules is not installed (the extra `live`, a C compiler)")
    folder = prepared(tmp_path, text)
    monkeypatch.chdir(folder)
    really = run(text, folder)
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(really, "utf-8", newline="\n")
    assert path.read_text("utf-8") == really


def test_the_pages_that_show_results_are_run() -> None:
    assert {"README.md", "README.zh-CN.md", "docs/tutorial.md", "docs/explained-month.md"} <= {*map(named, RUN)}


@pytest.mark.parametrize("path", [*PAGES, ROOT / "docs" / "diagnostics.md"], ids=named)
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.M | re.S)
    lost = []
    for link in _LINK.findall(text):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, place = link.partition("#")
        there = (path.parent / file).resolve() if file else path
        if not there.exists() or (place and place not in anchors(there)):
            lost.append(link)
    assert lost == []


def anchors(path: Path) -> set[str]:
    """The places that a link can name, as code hosts make them: of a page its headings, of another text its lines."""
    if path.suffix != ".md":
        return {f"L{number}" for number, _ in enumerate(path.read_text("utf-8").splitlines(), 1)}
    headings = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_a_rest_stands_for_any_lines() -> None:
    assert same_or_new("a\n# ...\nd\n", "a\nb  \nc\nd\n") == "a\n# ...\nd\n"
    assert same_or_new("a\n# ...\n", "a\n") == "a\n# ...\n"
    assert same_or_new("a\n# ...\nd\n", "a\nb\n") == "a\nb\n"
    assert same_or_new("a.b\n", "axb\n") == "axb\n"
