"""Rule coverage as text and as plain data. Knows what was found; computes nothing."""

from __future__ import annotations

from itertools import groupby

from cityrules.results.wording import Wording, wording
from cityrules.testing.coverage.found import Covered, OutOfReach, RuleCoverage
from cityrules.text.diagnostic import Language
from cityrules.text.source import Span


def words() -> Wording:
    """The sentences of rule coverage."""
    return wording("wording.yaml", "cityrules.testing.coverage")


def as_text(found: RuleCoverage, language: Language) -> str:
    """What was not exercised, by line and clause, and the totals by sort; ends with a line break."""
    lines = [summary(found, language)]
    for name, (seen, all_) in found.totals.items():
        values = {"sort": name, "seen": str(seen), "all": str(all_)}
        lines.append(words().say("total", values, language))
    if found.unusable:
        lines.append(words().say("unusable", {"names": ", ".join(found.unusable)}, language))
    missing = found.missing
    if missing:
        lines += ["", words().say("missing", {"number": str(len(missing))}, language)]
    for place, parts in groupby(missing, key=lambda one: (line_of(one.at), one.part.address, one.clause)):
        line, address, clause = place
        values = {"address": address}
        values |= {} if line is None else {"line": str(line)}
        values |= {} if clause is None else {"clause": clause}
        lines.append(words().say("place", values, language))
        lines += ["    " + told(one, language) for one in parts]
    if found.out_of_reach:
        lines += ["", words().say("out_of_reach", {"number": str(len(found.out_of_reach))}, language)]
        lines += ["    " + excused(one, language) for one in found.out_of_reach]
    return "\n".join(lines) + "\n"


def summary(found: RuleCoverage, language: Language) -> str:
    """One line with what was exercised of all."""
    values = {
        "title": found.title,
        "scheme": found.scheme,
        "seen": str(len(found.parts) - len(found.missing)),
        "all": str(len(found.parts)),
        "percent": found.percent,
        "cases": str(len(found.cases)),
    }
    return words().say("summary", values, language)


def excused(one: OutOfReach, language: Language) -> str:
    """A part that is out of reach, and why it is."""
    return words().say("excused" if one.reason is not None else "proved", _excuse(one), language)


def _excuse(one: OutOfReach) -> dict[str, str]:
    return {"key": one.part.key, **({} if one.reason is None else {"reason": one.reason})}


def told(one: Covered | OutOfReach, language: Language) -> str:
    """A part in words: a rule by its name, a side of a bound by its comparison."""
    line: str = "missing_value" if one.part.sort == "missing" else one.part.sort
    if line == "absent" and one.part.path[0] == "tables":
        line = "absent_key"
    if line in ("below", "above") and not one.part.mark.startswith("just "):
        line = f"anywhere_{line}"  # Beside a cap or a floor, how far does not matter.
    return words().say(line, {"name": one.part.name, "owner": one.part.owner}, language)


def line_of(at: Span | None) -> int | None:
    """The line of a place, from 1."""
    return None if at is None else at.position.line


def as_data(found: RuleCoverage) -> dict[str, object]:
    """Everything as plain data."""
    return {
        "scheme": found.scheme,
        "title": found.title,
        "exercised": len(found.parts) - len(found.missing),
        "parts": len(found.parts),
        "percent": found.percent,
        "totals": {name: {"exercised": seen, "parts": all_} for name, (seen, all_) in found.totals.items()},
        "cases": list(found.cases),
        "unusable": list(found.unusable),
        "covered": [
            {
                "key": one.part.key,
                "sort": one.part.sort,
                "group": one.group,
                "address": one.part.address,
                "of": one.part.owner,
                "name": one.part.name,
                "clause": one.clause,
                "file": one.at.source.name if one.at is not None else None,
                "line": line_of(one.at),
                "column": one.at.position.column if one.at is not None else None,
                "by": list(one.by),
            }
            for one in found.parts
        ],
        "out_of_reach": [
            {
                "key": one.part.key,
                "clause": one.clause,
                "line": line_of(one.at),
                "proved": one.reason is None,
                "reason": one.reason,
            }
            for one in found.out_of_reach
        ],
    }
