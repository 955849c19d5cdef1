"""Writes `coverage.md`: every rule of the source texts, and where a shipped scheme computes it or why nothing does.

Made from the `coverage.yaml` beside each scheme of a source and from the scheme itself. Part of no package. Run it as
`python docs/make_coverage.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from cityrules.scheme.load import Loaded, read_document
from cityrules.text.diagnostic import Report
from cityrules.text.source import Source

HERE: Final = Path(__file__).parent
PAGE: Final = HERE / "coverage.md"
SPECS: Final = HERE.parent / "specs"
NOTHING: Final = "uncomputed"
"""The section of a scheme that lists what it computes nothing from."""

OPENING: Final = """# Coverage of the sources

Made by `python docs/make_coverage.py` from the `coverage.yaml` of each scheme; do not edit.

Fourteen texts are shipped as schemes. Every rule, target, number and open question that was found in a text has an id:
a rule (`3-R4`), a constraint (`2-C1`), a reported number (`9-D2`), or something that the text leaves open, contradicts
or lacks (`A-3-1`). A row says on which clause it rests and where the scheme computes it. What nothing can be
computed from has a reason in the place of that; most stand under `uncomputed` in the scheme as well. A text without
a rule (002) and one that only reports (篇10) have open questions alone.

An entry of `coverage.yaml` has the `clause`, the rule in a few words (`text`), and either addresses in the scheme
(`at`, in English keywords) or a reason (`why`). The tests hold that every id stands in one place, that each address
exists, and that the clauses there are those of the entry.
"""


@dataclass(frozen=True)
class Entry:
    """What a scheme says of one id: the clauses, the rule in a few words, and addresses in the scheme or a reason."""

    id: str
    text: str
    clauses: tuple[str, ...]
    at: tuple[str, ...]
    why: str

    @property
    def computes(self) -> bool:
        """Whether anything but the list of what is not computed, or the examples, has to do with it."""
        return any(path.split(".")[0] not in (NOTHING, "examples") for path in self.at)


@dataclass(frozen=True)
class Covered:
    """The scheme of one text, with its entries in the order of its file."""

    folder: str
    source: str
    loaded: Loaded
    entries: tuple[Entry, ...]

    def line(self, address: str) -> int | None:
        """The line of the scheme at which an address stands; None where nothing does."""
        path = tuple(address.split("."))
        span = self.loaded.places.key_span(path) if self._bodies(path) else None
        return span.position.line if span is not None else None

    def clause(self, address: str) -> str | None:
        """The clause of the body at an address, or of the nearest around it that has one."""
        return next((str(body["clause"]) for body in self._bodies(tuple(address.split("."))) if "clause" in body), None)

    def reason(self, address: str) -> str:
        """Why the scheme computes nothing from what stands at an address under `uncomputed`."""
        return str(self._bodies(tuple(address.split(".")))[0]["why"])

    def _bodies(self, path: tuple[str, ...]) -> list[Mapping[str, Any]]:
        """The maps from an address outwards; empty where the address is none."""
        found: list[Mapping[str, Any]] = []
        raw: Any = self.loaded.raw
        for name in path:
            if not isinstance(raw, Mapping) or name not in raw:
                return []
            raw = raw[name]
            found += [raw] if isinstance(raw, Mapping) else []
        return found[::-1]


@cache
def covered() -> tuple[Covered, ...]:
    """Every scheme that says what it covers, in the order of the sources."""
    found = [_read(path) for path in SPECS.glob("*/coverage.yaml")]
    return tuple(sorted(found, key=lambda each: each.source))


def _read(path: Path) -> Covered:
    given = yaml.safe_load(path.read_text("utf-8"))
    scheme = path.with_name("scheme.yaml")
    report = Report()
    loaded = read_document(Source(scheme.as_posix(), scheme.read_text("utf-8")), report)
    if loaded is None:
        raise ValueError(f"{scheme}: {next(iter(report))}")
    entries = tuple(_entry(id_, body) for id_, body in given["rules"].items())
    return Covered(path.parent.name, str(given["source"]), loaded, entries)


def _entry(id_: str, body: Mapping[str, Any]) -> Entry:
    if unknown := set(body) - {"clause", "text", "at", "why"}:
        raise ValueError(f"{id_}: {sorted(unknown)}")
    clause = body.get("clause", [])
    clauses = tuple(clause) if isinstance(clause, list) else (str(clause),)
    return Entry(id_, body["text"], clauses, tuple(body.get("at", ())), body.get("why", ""))


def page() -> str:
    """The whole page."""
    return "\n".join([OPENING, *_overview(), *(line for each in covered() for line in _table(each))])


def _overview() -> Iterator[str]:
    yield "| source | scheme | ids | computed, or a reading | computes nothing |\n|---|---|---|---|---|"
    whole: Counter[bool] = Counter()
    for each in covered():
        of_each = Counter(entry.computes for entry in each.entries)
        whole += of_each
        link = f"[{each.folder}](#{_anchor(_heading(each))})"
        yield f"| {_said(each)} | {link} | {of_each.total()} | {of_each[True]} | {of_each[False]} |"
    yield f"| | | {whole.total()} | {whole[True]} | {whole[False]} |\n"


def _table(each: Covered) -> Iterator[str]:
    yield f"## {_heading(each)}\n"
    yield f"{each.loaded.document.title}\n"
    yield "| id | clause | what | where, or why nothing is computed |\n|---|---|---|---|"
    for entry in each.entries:
        where = "; ".join([*([entry.why] if entry.why else []), *(_where(each, address) for address in entry.at)])
        yield f"| {entry.id} | {', '.join(entry.clauses)} | {entry.text} | {where} |"
    yield ""


def _where(each: Covered, address: str) -> str:
    link = f"[`{address}`](../specs/{each.folder}/scheme.yaml#L{each.line(address)})"
    return f"{each.reason(address)} ({link})" if address.startswith(f"{NOTHING}.") else link


def _heading(each: Covered) -> str:
    return f"{_said(each)} {each.folder}"


def _said(each: Covered) -> str:
    """The source as people call it: `003`, `004 篇2`."""
    document, _, part = each.source.partition("-")
    return f"{document} 篇{int(part)}" if part else document


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
