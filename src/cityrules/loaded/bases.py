"""Where a document finds the one that it is based on: among the shipped schemes, or in its own folder and below."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from cityrules.loaded.shipped import SCHEME_FILE, shipped, specs_folder
from cityrules.loaded.texts import DocumentTexts, Noted
from cityrules.scheme.based import Base, read_scheme
from cityrules.scheme.load import Reading, nodes_of
from cityrules.text.diagnostic import Report
from cityrules.text.files import read_file
from cityrules.text.nodes import Scalar
from cityrules.text.source import Source
from cityrules.text.suggest import nearest

UNKNOWN_BASE: Final = "CR943"
_FILES: Final = (".yaml", ".yml")


def base_of(path: Path, report: Report) -> tuple[str, Reading] | None:
    """What the document in a file says that it is based on, and what that holds; None where it is based on nothing."""
    source = read_file(path, report)
    root, _ = nodes_of(source, report, None) if source is not None else (None, "en")
    named = root.get("based_on") if root is not None else None
    if not isinstance(named, Scalar):
        return None
    base = Bases(path.parent).base(named, report)
    if base is None:
        return named.text, Reading()
    return named.text, read_scheme(base.source, report, base.annexed, base.bases)


class Bases:
    """The shipped schemes, by name, and the files in a folder, by path; without a folder the shipped ones alone.

    A name never means a file and a path never a shipped scheme, so that what lies in a folder changes no meaning.
    """

    def __init__(self, folder: Path | None = None, noted: Noted | None = None) -> None:
        """`noted`: where the texts of bases are noted, and those beside them."""
        self._folder = folder
        self._noted = noted

    def base(self, named: Scalar, report: Report) -> Base | None:
        """The document that a name means, with what lies beside it; None after a complaint."""
        path = self._file(named.text) if named.text.endswith(_FILES) else self._shipped(named.text)
        if path is None:
            meant = nearest(named.text, shipped())
            values: dict[str, Any] = {"found": named.text, **({"suggestion": meant} if meant else {})}
            report.add(UNKNOWN_BASE, named.span, "based_on", **values)
            return None
        from cityrules.io.annex import Annexes

        source = read_file(path, report)
        if source is None:
            return None
        below = None if self._noted is None else self._noted.based_on(source)
        return Base(source, Annexes(path.parent, None if below is None else below.sheet), Bases(path.parent, below))

    def _file(self, text: str) -> Path | None:
        if self._folder is None:
            return None
        try:
            file = (self._folder / text).resolve()
            inside = file.is_relative_to(self._folder.resolve()) and not Path(text).is_absolute() and file.is_file()
        except (OSError, ValueError, RuntimeError):
            return None
        return self._folder / text if inside else None

    @staticmethod
    def _shipped(name: str) -> Path | None:
        return specs_folder() / name / SCHEME_FILE if name in shipped() else None


class KeptBases:
    """The texts that a document was based on when they were kept, whatever it calls them. `sheets` lie in the folder
    `number` of `folder`."""

    def __init__(self, texts: DocumentTexts | None, folder: Path, number: int, noted: Noted) -> None:
        self._texts = texts
        self._folder = folder
        self._number = number
        self._noted = noted

    def base(self, named: Scalar, report: Report) -> Base | None:
        """The document that was kept; None after a complaint."""
        if self._texts is None:
            report.add(UNKNOWN_BASE, named.span, "based_on", found=named.text)
            return None
        from cityrules.io.annex import Annexes

        source = Source(self._texts.name, self._texts.text)
        below = self._noted.based_on(source)
        beside = Annexes(self._folder / str(self._number), below.sheet)
        return Base(source, beside, KeptBases(self._texts.base, self._folder, self._number + 1, below))
