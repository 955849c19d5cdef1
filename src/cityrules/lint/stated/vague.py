"""L11: a word that everybody measures otherwise, in what an entry quotes. The words are data."""

from __future__ import annotations

from functools import cache
from typing import Final

from cityrules.lint.stated.document import AsStated, StatedWord
from cityrules.lint.stated.notation import UNSTATED
from cityrules.lint.stated.teller import Teller
from cityrules.text.catalogue import terms

CODE: Final = "L11"

_PREFIX: Final = "vague_"


@cache
def vague_words() -> tuple[str, ...]:
    """The words; what each leaves open is a term of the message catalogue."""
    return tuple(key.removeprefix(_PREFIX) for key in terms() if key.startswith(_PREFIX))


def check(stated: AsStated, teller: Teller) -> None:
    meant = {
        (entry.text, word)
        for entry in stated.words.values()
        for word in vague_words()
        if entry.means != UNSTATED and _place(word, entry.quote) >= 0
    }
    for path, entry in teller.stated.entries():
        node = teller.stated.places.value((*path, "quote"))
        for word in vague_words() if entry.quote is not None else ():
            at = _place(word, entry.quote or "")
            if at < 0 or (entry.text, word) in meant:
                continue
            binds = entry.binds if isinstance(entry, StatedWord) else entry.clause
            place = node.part(at, at + len(word)) if node is not None else None
            teller.tell(CODE, (*path, "quote"), at=place, word=word, binds=binds, open_type=f"{_PREFIX}{word}")


def _place(word: str, quote: str) -> int:
    """Where a word stands in a quote on its own, -1 for nowhere: inside a longer one of the list that is told."""
    for longer in vague_words():
        if word in longer and word != longer:
            quote = quote.replace(longer, " " * len(longer))
    return quote.find(word)
