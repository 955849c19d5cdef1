"""The bounds of a document. They are what keeps a hostile one within two seconds and 200 MB."""

from __future__ import annotations

from typing import Final

BYTES: Final = 1_000_000
"""The size of one file or text, in bytes of UTF-8."""

DEPTH: Final = 64
"""How deep maps and lists may nest."""

NODES: Final = 250_000
"""How many texts, maps and lists one document may hold: ten thousand rules of a dozen keys."""
