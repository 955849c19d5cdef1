"""What law leaves to a scheme: acts compared with the catalogue of measures. Complains, and looks at nothing else."""

from __future__ import annotations

from typing import Final

from cityrules.scheme.document import Act
from cityrules.scheme.durations import Limit, said
from cityrules.scheme.personnel import EMPLOYEE, SANCTION, PersonnelMeasure, personnel
from cityrules.scheme.places import Path
from cityrules.scheme.reporting import Reporter

RESERVED: Final = "CR926"
OTHER_PERIOD: Final = "CR927"
NO_BASIS: Final = "CR928"
OTHER_KIND: Final = "CR929"


def check_lawful(act: Act, written: Act, path: Path, reporter: Reporter) -> None:
    """Complain about what an act decides and law reserves to another organ, about a period of effect that law has
    otherwise, and point out an addressee whom it cannot befall. `written`: the body at `path`, whose keys are there;
    the others it has from around.

    Who is asked for more than law knows may choose a lawful form of it; the list of sanctions is closed, and so is
    that of those whom each befalls, for proposals as well.
    """
    key, texts = ("do", (act.do,)) if act.pick is None else ("pick", act.pick)
    for text in texts:
        for term, measure in personnel().named_in(text or "", act.kind):
            _decides(act, term, measure, _place(written, path, key), reporter)
            _lasts(act, term, measure, _place(written, path, "lasts"), reporter)
            if act.kind is not None and act.kind not in measure.kinds:
                place = _place(written, path, "kind")
                expected = ", ".join(measure.kinds)
                _warn(reporter, OTHER_KIND, place, found=term, kind=act.kind, expected=expected)


def _place(written: Act, path: Path, key: str) -> Path:
    """Where a key stands: in the body itself, else the body stands for what is around it."""
    return (*path, key) if getattr(written, key) is not None else path


def _decides(act: Act, term: str, measure: PersonnelMeasure, place: Path, reporter: Reporter) -> None:
    to = None if act.to is None else personnel().addressee(act.to)
    words = {"found": term, "basis_type": f"basis.{measure.basis}", "organ_type": f"organ.{measure.organ}"}
    fits = to is None or not measure.befalls or to in measure.befalls
    if not fits:
        # Nobody can propose it either: what law reserves, it reserves about those whom the measure can befall.
        if measure.nature == SANCTION or not act.decided_by:
            _warn(reporter, NO_BASIS, place, **words, to=act.to or "")
    elif measure.decision == "proposal" and not act.decided_by and to != EMPLOYEE:
        reporter.refuse(RESERVED, place, **words)


def _lasts(act: Act, term: str, measure: PersonnelMeasure, place: Path, reporter: Reporter) -> None:
    """The period of effect, where it was read in the law itself. A year of twelve months has no other notation."""
    if act.lasts is None or measure.months is None or measure.verified != "V":
        return
    lawful = Limit(measure.months, "months")
    if act.lasts != lawful:
        basis = f"basis.{measure.basis}"
        reporter.refuse(OTHER_PERIOD, place, found=term, lasts=said(act.lasts), expected=str(lawful), basis_type=basis)


def _warn(reporter: Reporter, code: str, place: Path, **values: str) -> None:
    reporter.report.add(code, reporter.places.span(place), ".".join(place), severity="warning", **values)
