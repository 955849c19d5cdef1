"""Writes `rule-coverage-of-specs.md`: what of each scheme of `specs/` its own cases exercise, and what they do not.

Part of no package. Run it as `python docs/make_rule_coverage.py`; it runs all cases, which takes a minute or two.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

from cityrules.loaded import load
from cityrules.testing.coverage.found import GROUPS, RuleCoverage
from cityrules.testing.coverage.show import told, words

HERE: Final = Path(__file__).parent
PAGE: Final = HERE / "rule-coverage-of-specs.md"
SPECS: Final = HERE.parent / "specs"

OPENING: Final = """# Rule coverage of specs/

What the worked cases of each scheme exercise (its examples, and `cases.yaml` beside it), and what none exercises: the
cases still to be written. What is counted is told in [Rule coverage](rule-coverage.md). Written by `python
docs/make_rule_coverage.py`; do not edit.

"""


def page(every: list[tuple[RuleCoverage, str]]) -> str:
    """The whole page about some schemes, each with its folder."""
    found = [(one, folder) for one, folder in every if one.cases]
    without = ", ".join(folder for one, folder in every if not one.cases)
    missing = ["## What no case exercises", *(line for one, folder in found for line in _missing(one, folder))]
    return (
        OPENING
        + "\n".join([*_table(found), "", f"Without cases, so that nothing of them is tried: {without}.", "", *missing])
        + "\n"
    )


def folders() -> Iterator[tuple[RuleCoverage, str]]:
    """Every scheme and its folder, those of source texts first, with the cases in the file beside it."""
    for path in (*sorted(SPECS.glob("*/scheme.yaml")), *sorted(SPECS.glob("gallery/*/scheme.yaml"))):
        cases = path.parent / "cases.yaml"
        found = load(path, examples=False).coverage(cases=cases if cases.is_file() else None)
        yield found, path.parent.relative_to(SPECS).as_posix()


def _table(found: list[tuple[RuleCoverage, str]]) -> Iterator[str]:
    sorts = words().lists["sorts"]
    yield f"| scheme | all | {' | '.join(sorts[name]['en'] for name in GROUPS)} |"
    yield "|---" * (len(GROUPS) + 2) + "|"
    for one, folder in found:
        cells = (f"{pair[0]} of {pair[1]}" if (pair := one.totals.get(name)) else "" for name in GROUPS)
        yield f"| {folder} | {one.percent} % | {' | '.join(cells)} |"
    parts = sum(len(one.parts) for one, _ in found)
    seen = parts - sum(len(one.missing) for one, _ in found)
    yield f"| all | {seen} of {parts} |{' |' * len(GROUPS)}"


def _missing(one: RuleCoverage, folder: str) -> Iterator[str]:
    if not one.missing:
        return
    yield f"\n### {folder}\n"
    for (address, clause), parts in groupby(one.missing, key=lambda part: (part.part.address, part.clause)):
        where = f"`{address}`" + (f" (clause {clause})" if clause is not None else "")
        yield f"* {where}: {'; '.join(told(part, 'en') for part in parts)}"


if __name__ == "__main__":
    PAGE.write_text(page(list(folders())), encoding="utf-8")
