"""What a text declares, loaded: from YAML to checked models, with the place of every address. Knows no check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cityrules.lint.stated.document import SECTIONS, VERSION_KEY, AsStated, Stated, StatedSeveral, StatedTotal
from cityrules.lint.stated.notation import UNSTATED
from cityrules.scheme.forms import formed, tree_of
from cityrules.scheme.places import Path, Places
from cityrules.text.diagnostic import Diagnostic, Language, Report
from cityrules.text.source import Source
from cityrules.text.suggest import nearest

VERSION: Final = "L91"
NO_SUCH_TEXT: Final = "L92"
NO_SUCH_NAME: Final = "L96"
OTHER_UNIT: Final = "L99"
NOTHING: Final = "CR306"
TOO_MANY: Final = "CR338"
LANGUAGE: Final = "1"
MOST: Final = 500
"""How many entries a section may have, and how many parts an entry."""


@dataclass(frozen=True, slots=True)
class LoadedStatement:
    """What a text declares, and where everything stands."""

    document: AsStated
    places: Places

    def entries(self) -> Iterator[tuple[Path, Stated]]:
        """Every entry with its address, in the order of the sections."""
        for section in SECTIONS:
            for name, entry in getattr(self.document, section).items():
                yield (section, name), entry

    def text_of(self, address: str) -> str:
        """Which text the entry at a dotted address is of, by its key in `texts`."""
        # A name may have a dot in it: the longest entry that the address begins with.
        around = [found for found in self.entries() if f"{address}.".startswith(".".join(found[0]) + ".")]
        entry = max(around, key=lambda found: len(".".join(found[0])))[1] if around else None
        return (entry.text if entry is not None else None) or next(iter(self.document.texts))


def read_statement(source: Source, report: Report) -> tuple[LoadedStatement | None, Language]:
    """What a YAML text says a text declares, or None, and the language of its keywords; what is wrong with it goes into
    `report`."""
    tree, language = tree_of(source, AsStated, report)
    return None if tree is None else _loaded(*tree, report), language


def _loaded(raw: Mapping[str, Any], places: Places, report: Report) -> LoadedStatement | None:
    document = formed(raw, places, AsStated, report)
    if document is None or report.failed:
        return None
    if _too_many(raw, places, report):
        return None
    loaded = LoadedStatement(document, places)
    if document.version != LANGUAGE:
        report.add(VERSION, places.span((VERSION_KEY,)), VERSION_KEY, found=document.version, expected=LANGUAGE)
    if not document.texts:
        report.add(NOTHING, places.key_span(("texts",)), "texts", key="texts")
    for path, entry in loaded.entries():
        if entry.text is not None if len(document.texts) < 2 else entry.text not in document.texts:
            _unknown(NO_SUCH_TEXT, (*path, "text"), entry.text or "-", document.texts, places, report)
    for section, key, known in (
        *((("lists", name), "same_as", document.lists) for name in document.lists),
        *((("periods", name), "result", body.scores) for name, body in document.periods.items()),
        *((("deductions", name, "rules", rule), "excludes", body.rules)
          for name, body in document.deductions.items() for rule in body.rules),
    ):  # fmt: skip
        _names(section, key, known, loaded, report)
    for name, total in document.totals.items():
        _one_unit(name, total, places, report)
    return None if report.failed else loaded


def _too_many(raw: Mapping[str, Any], places: Places, report: Report) -> bool:
    """Whether a section or a part of an entry has more in it than checks that compare each with each can bear."""
    waiting: list[tuple[Path, Any]] = [((), raw)]
    while waiting:
        path, value = waiting.pop()
        inner = [*value.items()] if isinstance(value, dict) else [*enumerate(value)] if isinstance(value, list) else []
        if len(inner) > MOST:
            at, key = places.key_span(path), path[-1] if path else "-"
            report.add(TOO_MANY, at, ".".join(path), key=key, found=f"{len(inner):,}", limit=f"{MOST:,}")
            return True
        waiting.extend(((*path, str(name)), each) for name, each in inner)
    return False


def _names(path: Path, key: str, known: Mapping[str, Any], loaded: LoadedStatement, report: Report) -> None:
    """Complain about names at a key that are none of those known."""
    node: Any = loaded.document
    for name in path:
        node = node[name] if isinstance(node, Mapping) else getattr(node, name)
    found = getattr(node, key)
    for name in found if isinstance(found, tuple) else (found,):
        if name is not None and (name, key) != (UNSTATED, "result") and name not in known:
            _unknown(NO_SUCH_NAME, (*path, key), name, known, loaded.places, report)


def _one_unit(name: str, total: StatedTotal, places: Places, report: Report) -> None:
    """Complain about a part in another unit than the total: the text must give the conversion."""
    units = {part: (each.each if isinstance(each, StatedSeveral) else each).unit for part, each in total.parts.items()}
    own = total.total.unit or total.unit
    for part, unit in units.items():
        if unit != own and unit is not None:
            path = ("totals", name, "parts", part)
            report.put(
                Diagnostic(OTHER_UNIT, places.span(path), ".".join(path), {"found": unit, "expected": own or "-"})
            )


def _unknown(code: str, path: Path, found: str, known: Mapping[str, Any], places: Places, report: Report) -> None:
    meant = nearest(found, known)
    values = {"found": found, "expected": ", ".join(known) or "-", **({"suggestion": meant} if meant else {})}
    report.put(Diagnostic(code, places.span(path), ".".join(path), values))
