"""Writes `diagnostics.md` from the message catalogue and the malformed documents of the tests. Part of no package.

Run it as `python docs/make_diagnostics.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cityrules.text.catalogue import Message, Texts, catalogue, codes
from cityrules.text.diagnostic import Language

HERE: Final = Path(__file__).parent
PAGE: Final = HERE / "diagnostics.md"
SAMPLES: Final = HERE.parent / "tests" / "malformed"

ROOMS: Final = {
    "text": "The text of a document",
    "words": "The words of the language",
    "feel": "Expressions",
    "scheme": "The form of a document",
    "plan": "Names, types and meaning",
    "calendar": "The calendar and deadlines",
    "records": "Rows and files",
    "binding": "Bindings",
    "cli": "The command line",
    "ledgers": "Caps, splits and items",
    "events": "Discretion and events",
    "examples": "Worked examples",
    "cases": "Files of worked cases",
    "why": "Explanations",
    "lint": "What a text leaves open",
    "live": "Live sessions",
    "sealed": "Sealed results",
    "doubts": "What a verdict hangs on",
    "questions": "Questions an office asks",
    "editions": "Editions by date",
}
WORDS: Final[dict[Language, dict[str, str]]] = {
    "en": {"expected": "expected: ", "mend": "how to mend: "},
    "zh": {"expected": "应为：", "mend": "改法："},
}
OPENING: Final = """# Diagnostics

Made by `python docs/make_diagnostics.py` from the messages in `src/cityrules/text/messages/`; do not edit.

Every complaint has a stable code and name, a sentence in English and in Chinese, and often what was expected and how to
mend it. A word in braces stands for what was found in the document. The samples are what the check prints for
the malformed documents in `tests/malformed/`.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([OPENING, *_contents(), "", *_chapters()])


def _contents() -> Iterator[str]:
    for room, of_room in sorted(codes().items(), key=lambda item: min(item[1])):
        title = ROOMS[room]
        yield f"* [{title}](#{title.lower().replace(',', '').replace(' ', '-')}), {min(of_room)} to {max(of_room)}"


def _chapters() -> Iterator[str]:
    for room, of_room in sorted(codes().items(), key=lambda item: min(item[1])):
        yield f"## {ROOMS[room]}\n"
        for code in sorted(of_room):
            yield from _entry(room, catalogue()[code])


def _entry(room: str, entry: Message) -> Iterator[str]:
    yield f"### {entry.code} {entry.name}\n"
    for language, words in WORDS.items():
        parts: dict[str, Texts] = {"expected": entry.expected, "mend": entry.mend}
        said = [f"{words[part]}{texts[language]}" for part, texts in parts.items() if texts]
        yield "\\\n".join([entry.text[language], *said]) + "\n"
    sample = _sample(room, entry)
    if sample:
        yield f"```text\n{sample}\n```\n"


def _sample(room: str, entry: Message) -> str:
    """The first complaint with this code that is recorded for the malformed document; empty where there is none."""
    recorded = SAMPLES / room / f"{entry.code}-{entry.name}.en.txt"
    if not recorded.is_file():
        return ""
    told = recorded.read_text("utf-8").strip("\n").split("\n\n")
    return next((one for one in told if f" {entry.code}: " in one.partition("\n")[0]), "")


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8", newline="\n")
