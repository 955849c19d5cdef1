"""The texts that a document was made of: its own, the sheets beside it, and the same of what it is based on.

Noted while they are read, so that what is kept is what was checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from cityrules.text.source import Source


@dataclass(frozen=True, slots=True)
class DocumentTexts:
    """`name`: what the file is called, without its folder; `sheets`: the bytes of each file beside it that it takes
    rows from, by the path it says; `base`: the same of the document that it is based on."""

    name: str
    text: str
    sheets: Mapping[str, bytes] = field(default_factory=dict)
    base: DocumentTexts | None = None

    def chain(self) -> Iterator[DocumentTexts]:
        """This one, and all that it is based on, in that order."""
        yield self
        if self.base is not None:
            yield from self.base.chain()


class Noted:
    """What has been read of one document so far."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._sheets: dict[str, bytes] = {}
        self._base: Noted | None = None

    def sheet(self, named: str, file: Path) -> None:
        """Note a file beside the document, which was found to be small."""
        self._sheets.setdefault(named, file.read_bytes())

    def based_on(self, source: Source) -> Noted:
        """Note the document that it is based on."""
        self._base = Noted(source)
        return self._base

    def texts(self) -> DocumentTexts:
        """All of it."""
        base = None if self._base is None else self._base.texts()
        name = Path(self._source.name).name or self._source.name
        return DocumentTexts(name, self._source.text, MappingProxyType(dict(self._sheets)), base)
