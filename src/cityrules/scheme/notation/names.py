"""What a name is in a document, and how a notation that cannot be read is refused."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

NAME: Final = r"[^\W\d][\w]*"


class NotationError(ValueError):
    """A small notation that could not be read: `code` of the diagnostic and the values of its sentence."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def checked_name(text: object) -> str:
    """A name of the document: letters, digits and underscores, NFC, not starting with a digit. Raises CR319."""
    name = str(text)
    if unicodedata.normalize("NFC", name) != name or not re.fullmatch(NAME, name):
        raise NotationError("CR319", found=name[:60])
    return name


def checked_path(text: object) -> str:
    """A name, or a path over references to a field of another record (`finding.squad`). Raises CR319."""
    return ".".join(checked_name(name) for name in str(text).split("."))
