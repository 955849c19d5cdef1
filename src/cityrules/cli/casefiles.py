"""Files of cases to which proposed cases go: into a new one, or behind those of one that is there."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from cityrules.cases.suites import about_another
from cityrules.cli.failures import usage
from cityrules.cli.files import replace_text
from cityrules.loaded import SCHEME_FILE, SchemeError, shipped, specs_folder
from cityrules.scheme.casebook import is_casebook, with_more_cases
from cityrules.scheme.document import CasesDocument
from cityrules.scheme.languages import language_of_text
from cityrules.text.diagnostic import Language, Report
from cityrules.text.files import read_file


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A file of cases, and the text that it has; None where it is not there yet."""

    path: Path
    text: str | None

    @classmethod
    def at(cls, path: Path) -> CaseFile:
        """Raises SchemeError for a file that cannot be read."""
        if not path.is_file():
            return cls(path, None)
        report = Report()
        source = read_file(path, report)
        if source is None:
            raise SchemeError(tuple(report))
        return cls(path, source.text)

    @classmethod
    def to_write(cls, path: Path, scheme: Path) -> CaseFile:
        """Raises UsageError for a file that is there and has no cases, or those of another scheme; SchemeError for one
        that cannot be read."""
        file = cls.at(path)
        if file.text is not None and not is_casebook(file.text):
            raise usage("CR1090", found=str(path))
        if file.text is not None and (other := about_another(path, scheme)) is not None:
            raise usage("CR1095", found=str(path), scheme=other, asked=named_from(scheme, path.parent))
        return file

    def words(self, other: Language) -> Language:
        """The language of its keywords; `other` where it has none yet."""
        return other if self.text is None else language_of_text(self.text, CasesDocument)

    def put(self, whole: str, more: str) -> None:
        """Write it as a `whole` where it is not there yet, else with `more` cases behind those that it has. Raises
        UsageError where nothing can be added to it."""
        if self.text is None:
            self.path.write_text(whole, encoding="utf-8")
            return
        text = with_more_cases(self.text, more)
        if text is None:
            raise usage("CR1091", found=str(self.path))
        replace_text(self.path, text)


def named_from(scheme: Path, folder: Path) -> str:
    """How a file of cases in a folder names a scheme."""
    name = scheme.parent.name
    if (
        name in shipped()
        and scheme.resolve() == (specs_folder() / name / SCHEME_FILE).resolve()
        and scheme.parent != folder
    ):
        return name
    there = os.path.relpath(scheme.parent if scheme.name == SCHEME_FILE else scheme, folder)
    return there if there.startswith(".") else f"./{there}"
