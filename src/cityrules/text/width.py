"""How many cells of a terminal a text takes, so that carets stand under the character they mean."""

from __future__ import annotations

from unicodedata import category, east_asian_width


def cell(character: str) -> int:
    """0 for what joins the character before it or shows nothing, 2 for wide and full-width ones, else 1.

    A tab counts as one cell: whoever shows a line must show it as one space.
    """
    if character < "\u0300":
        # Soft hyphen apart, everything below the combining marks is printed in one cell.
        control = character < " " or "\x7f" <= character < "\xa0"
        return 0 if (control and character != "\t") or character == "\xad" else 1
    if category(character) in ("Mn", "Me", "Cf", "Cc") or "\u1160" <= character <= "\u11ff":
        return 0  # Hangul vowels and finals are drawn into the cell of their initial.
    return 2 if east_asian_width(character) in "WF" else 1


def width(text: str) -> int:
    """The number of cells `text` takes when it is shown on one line."""
    return len(text) if text.isascii() and text.isprintable() else sum(map(cell, text))
