"""Editions of one scheme by date: loaded and checked, and asked as a scheme is. Defines no meaning of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cityrules.calendar.periods import Span
from cityrules.compare.editions.check import checked_editions
from cityrules.compare.editions.edition import Edition
from cityrules.loaded.engines import EngineName, ExampleEngine
from cityrules.loaded.errors import SchemeError
from cityrules.loaded.given import Asked, Handed
from cityrules.loaded.judged import EditionsAssessment
from cityrules.loaded.loading import check
from cityrules.loaded.scheme import Scheme
from cityrules.loaded.shipped import shipped
from cityrules.scheme.editions import EditionsDocument, LoadedEditions, is_editions, read_editions
from cityrules.scheme.telling import told
from cityrules.text.diagnostic import Diagnostic, Language, Report
from cityrules.text.files import read_file
from cityrules.text.suggest import nearest

if TYPE_CHECKING:
    from cityrules.engines.base import Progress
    from cityrules.io.binding.inputs import Binding
    from cityrules.plan.model import Plan, RecordKind

UNKNOWN_SCHEME: Final = "CR1141"
FAULTY_SCHEME: Final = "CR1142"
_TOP: Final = 1_000_000
"""How much of a file is looked at for what it says it is: as much as a document may have."""


@dataclass(frozen=True)
class Editions:
    """Editions of one scheme, each with the time in which it is in force. Made by `load_editions`; frozen."""

    written: LoadedEditions
    editions: tuple[Edition, ...]
    schemes: Mapping[str, Scheme]

    @property
    def name(self) -> str:
        return self.written.document.scheme

    @property
    def language(self) -> Language:
        """The language of the document's keywords."""
        return self.written.language

    @property
    def document(self) -> EditionsDocument:
        return self.written.document

    @property
    def latest(self) -> Scheme:
        """The scheme of the last edition."""
        return self.schemes[self.editions[-1].name]

    @property
    def plan(self) -> Plan:
        """The plan of the last edition, with the kinds of records and targets that any edition has, and all fields that
        the records have in any: what is corrected may be of the time of each."""
        plans = [one.plan for one in self.editions]
        records: dict[str, RecordKind] = {}
        for name, kind in ((name, kind) for plan in plans for name, kind in plan.records.items()):
            fields = records[name].fields if name in records else {}
            records[name] = replace(kind, fields={**fields, **kind.fields})
        kinds = {name: kind for plan in plans for name, kind in plan.kinds.items()}
        return replace(plans[-1], records=records, kinds=kinds)

    def binding(self, thing: str | Path | Mapping[str, Any]) -> Binding:
        """The binding of a file or a mapping, checked against the scheme of the first edition that it fits. Raises
        SchemeError listing every problem that it has with the last one, where it fits none."""
        for scheme in [self.schemes[one.name] for one in self.editions[:-1]]:
            try:
                return scheme.binding(thing)
            except SchemeError:
                continue
        return self.latest.binding(thing)

    def assess(
        self,
        records: Mapping[str, Any],
        *,
        period: str | Span,
        as_of: dt.datetime | None = None,
        targets: Mapping[str, Any] | None = None,
        engine: EngineName = "python",
        strict: bool = False,
        binding: Binding | str | Path | Mapping[str, Any] | None = None,
        opening: Any = None,
        corrections: Any = None,
        progress: Progress | None = None,
    ) -> EditionsAssessment:
        """Assess all targets over the periods wholly inside `period`, each by the edition that judges it.

        Takes what `Scheme.assess` takes, and raises what it raises; a binding is that of the scheme which it names.
        Every row of the tables has the edition by which it is in its last column, `edition`; the table `editions` says
        which were in force.
        """
        from cityrules.loaded.running import assess_by_editions

        asked = Asked(Handed(records, targets, binding, opening, corrections), period, as_of)
        return assess_by_editions(self, asked, engine, strict=strict, progress=progress)


def holds_editions(thing: str | Path) -> bool:
    """Whether a thing is a file that says at its top that it holds editions."""
    path = Path(thing)
    try:
        if "\0" in str(thing) or not path.is_file():
            return False
        with path.open("rb") as file:
            return is_editions(file.read(_TOP).decode("utf-8", "replace"))
    except OSError:
        return False


def load_editions(thing: str | Path, *, examples: bool = True) -> Editions:
    """The editions of a file. Raises SchemeError listing every problem of the document and of its schemes.

    `examples=False` leaves the worked cases of the schemes unrun.
    """
    found, diagnostics = check_editions(thing, examples=examples)
    if found is None:
        raise SchemeError(diagnostics)
    return found


def check_editions(
    thing: str | Path, *, examples: bool = True, engine: ExampleEngine = "python"
) -> tuple[Editions | None, tuple[Diagnostic, ...]]:
    """Check editions wholly: the document, each of its schemes (`engine` runs their examples), and what spans two of
    them. Raises nothing for a wrong one."""
    report = Report()
    path = Path(thing)
    source = read_file(path, report)
    if source is None:
        return None, tuple(report)
    written, language = read_editions(source, report)
    if written is None:
        return None, told(report, language)
    schemes = _schemes(written, path.parent, report, examples, engine)
    editions: Sequence[Edition] = ()
    if not report.failed:
        plans = {name: (scheme.plan, scheme.language) for name, scheme in schemes.items()}
        editions = checked_editions(written, plans, report)
    if report.failed:
        return None, told(report, language)
    return Editions(written, tuple(editions), schemes), told(report, language)


def _schemes(
    written: LoadedEditions, folder: Path, report: Report, examples: bool, engine: ExampleEngine
) -> dict[str, Scheme]:
    """The schemes of the editions; what is wrong with one is told with its own places."""
    found: dict[str, Scheme] = {}
    for name, body in written.document.editions.items():
        place = ("editions", name, "is")
        named = body.is_
        file = named.endswith((".yaml", ".yml"))
        known = _inside(folder, named) if file else named in shipped()
        if not known:
            meant = None if file else nearest(named, shipped())
            values: dict[str, Any] = {"found": named, **({"suggestion": meant} if meant else {})}
            report.add(UNKNOWN_SCHEME, written.places.span(place), ".".join(place), **values)
            continue
        scheme, diagnostics = check(folder / named if file else named, examples=examples, engine=engine)
        for one in diagnostics:
            report.put(one)
        if scheme is None:
            report.add(FAULTY_SCHEME, written.places.span(place), ".".join(place), found=named)
        else:
            found[name] = scheme
    return found


def _inside(folder: Path, text: str) -> bool:
    """Whether a text is the path of a file in a folder or below it."""
    try:
        file = (folder / text).resolve()
        return not Path(text).is_absolute() and file.is_relative_to(folder.resolve()) and file.is_file()
    except (OSError, ValueError, RuntimeError):
        return False
