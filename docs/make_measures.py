"""Writes `personnel-measures.md`: the catalogue of measures that law has for persons and units. Part of no package.

Run it as `python docs/make_measures.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cityrules.scheme.personnel import PersonnelMeasure, personnel
from cityrules.text.catalogue import terms

PAGE: Final = Path(__file__).parent / "personnel-measures.md"

NATURES: Final = {
    "reminder": "reminder",
    "organisational": "organisational measure",
    "sanction": "statutory sanction",
    "ending": "end of service",
    "honours": "honours",
    "money": "money",
    "contract": "contract",
    "usage": "usage only",
}
ADDRESSEES: Final = {
    "civil_servant": "civil servants",
    "staff": "staff of institutions",
    "manager": "heads of villages and communities",
    "employee": "employees of enterprises",
    "unit": "units",
    "operator": "operators",
}
OPENING: Final = """# Measures that befall persons and units

Made by `python docs/make_measures.py` from `src/cityrules/scheme/personnel.yaml`; do not edit.

The check compares what a consequence or step has in `do` or `pick` with this catalogue (of terms inside one another the
longest counts):

* what law reserves to another organ (`proposal` below) has to name who decides, `decided_by: [..]`, and comes out as a
  proposal: CR926 otherwise. Who that is stays the scheme's to say. Employees of enterprises are their employer's;
* `lasts`, where it is written, agrees with the months of a sanction that were read in the law itself: CR927 otherwise.
  Without `lasts` an act has no period of effect; none is taken from here in silence;
* an addressee (`to`) whom a measure cannot befall is pointed out: CR928. Of what is no sanction an organ that is asked
  may choose a lawful form, so that a proposal is left alone; the list of sanctions is closed for proposals as well;
* a `kind` that the measure is not of is pointed out: CR929.

Several sanctions of one kind together: the organ sets one period between that of one and their sum, 48 months at most
(Law on Governmental Sanctions, art. 15). That is a choice of the organ and no rule: a scheme may state both ends
(`between`), and takes the months that were decided from a record
([gallery](../specs/gallery/sanction-periods/scheme.yaml));
of different ones only the gravest is carried out, which a ladder says with `together: highest`.

Verified: V, read in the text of the law itself; S, second-hand; N, not verified. Nothing here is legal advice.

| terms | nature | kind of act | befalls | months | basis | decided by | decision | verified |
|---|---|---|---|---|---|---|---|---|
"""


def page() -> str:
    """The whole page."""
    return OPENING + "".join(_row(one) for one in personnel().measures.values()) + "\n".join(_words()) + "\n"


def _row(one: PersonnelMeasure) -> str:
    cells = (
        f"{'、'.join(one.zh)}; {', '.join(one.en)}",
        NATURES[one.nature],
        ", ".join(f"`{kind}`" for kind in one.kinds),
        ", ".join(ADDRESSEES[name] for name in one.befalls) or "anyone",
        "" if one.months is None else str(one.months),
        terms()[f"basis.{one.basis}"]["en"],
        terms()[f"organ.{one.organ}"]["en"],
        one.decision,
        one.verified,
    )
    return f"| {' | '.join(cells)} |\n"


def _words() -> Iterator[str]:
    common = [one for one in personnel().measures.values() if one.common]
    said = "、".join(term for one in common for term in one.zh)
    yield f"\n{said} are taken for sanctions only in an act of the kind `sanction`."
    yield f"\nTerms that stand by chance in {'、'.join(personnel().chance)} name no measure."
    yield "\nWho an act is addressed to is known where `to` ends with one of these words and names nobody else"
    yield "(the head of a squad is no squad):\n"
    yield from (f"* {ADDRESSEES[name]}: {'、'.join(words)}" for name, words in personnel().addressees.items())


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8", newline="\n")
