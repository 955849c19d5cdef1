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
    defined = {
        word
        for entry in stated.words.values()
        if entry.means != UNSTATED
        for word in vague_words()
        if word in entry.quote
    }
    for path, entry in teller.stated.entries():
        node = teller.stated.places.value((*path, "quote"))
        for word in vague_words() if entry.quote is not None else ():
            at = (entry.quote or "").find(word)
            if at < 0 or word in defined or _part_of_another(word, entry.quote or ""):
                continue
            binds = entry.binds if isinstance(entry, StatedWord) else entry.clause
            place = node.part(at, at + len(word)) if node is not None else None
            teller.tell(CODE, (*path, "quote"), at=place, word=word, binds=binds, open_type=f"{_PREFIX}{word}")


def _part_of_another(word: str, quote: str) -> bool:
    """Whether a word stands here only inside a longer one of the list: that is told instead."""
    longer = [other for other in vague_words() if word in other and word != other]
    rest = quote
    for other in longer:
        rest = rest.replace(other, "")
    return word not in rest
