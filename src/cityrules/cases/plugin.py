"""Files of cases as ordinary pytest items: `specs/x/cases.yaml::NAME`. Loads nothing of the rest until there is one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from cityrules.cases.suites import Suite
    from cityrules.text.diagnostic import Language

_FILE = "cases.yaml"
_OPTION = "cityrules_engine"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("cityrules", "worked cases of assessment schemes")
    group.addoption(
        "--cityrules-engine",
        dest=_OPTION,
        choices=("python", "duckdb", "both"),
        default="python",
        help="What runs the cases of cases.yaml; both: all tables of the two must be the same, too.",
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> CasesFile | None:
    """A file of cases, or what was to be one: then there is an error, and not no case. Files of this name that are
    something else are left alone."""
    if file_path.name != _FILE:
        return None
    from cityrules.cases.suites import is_foreign

    return None if is_foreign(file_path) else CasesFile.from_parent(parent, path=file_path)


class CasesFile(pytest.File):
    """A file of cases; one that cannot be read is an error of collection."""

    def collect(self) -> Iterator[pytest.Item]:
        from cityrules.cases.suites import open_suite
        from cityrules.cases.telling import waits
        from cityrules.text.show import show

        suite = open_suite(_shown(self.path, self.config.rootpath))
        if suite.scheme is None:
            raise self.CollectError("\n\n".join(show(found, _language(suite)) for found in suite.found))
        for name in suite.cases:
            yield CaseItem.from_parent(self, name=name, suite=suite)
        for name in suite.waiting:
            item = CaseItem.from_parent(self, name=name, suite=suite)
            item.add_marker(pytest.mark.skip(reason=waits(_language(suite))))
            yield item


class CaseItem(pytest.Item):
    """One case."""

    def __init__(self, *, suite: Suite, **given: Any) -> None:
        super().__init__(**given)
        self._suite = suite

    def runtest(self) -> None:
        from cityrules.cases.suites import run
        from cityrules.cases.telling import failure

        result = run(self._suite, self.name, self.config.getoption(_OPTION))
        if result.failed:
            pytest.fail(failure(result, _language(self._suite)), pytrace=False)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the case stands: lines count from 0 here."""
        page, name = self._suite.page, self.name
        at = page.span((self._suite.section, name)) if page is not None else None
        return self.path, None if at is None else at.position.line - 1, name


def _shown(path: Path, root: Path) -> Path:
    """The path as messages call it: from where pytest was started, if it is below."""
    here = Path.cwd()
    return path.relative_to(here) if here == root and path.is_relative_to(here) else path


def _language(suite: Suite) -> Language:
    """The language of the environment, else that of the file's keywords."""
    said = os.environ.get("CITYRULES_LANG")
    return "zh" if said == "zh" else "en" if said == "en" else suite.words
