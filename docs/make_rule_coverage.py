"""Writes `rule-coverage-of-specs.md`: what of each scheme of `specs/` its own examples exercise, and what they do not.

Part of no package. Run it as `python docs/make_rule_coverage.py`; it runs all examples, which takes a minute or two.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

from cityrules.loaded import Scheme, load
from cityrules.testing.coverage.found import GROUPS, RuleCoverage
from cityrules.testing.coverage.show import told, words

HERE: Final = Path(__file__).parent
PAGE: Final = HERE / "rule-coverage-of-specs.md"
SPECS: Final = HERE.parent / "specs"

OPENING: Final = """# Rule coverage of specs/

What the worked examples of each scheme exercise, and what no example exercises: the cases still to be written. What is
counted is told in [Rule coverage](rule-coverage.md). Written by `python docs/make_rule_coverage.py`; do not edit.

"""


def page() -> str:
    """The whole page."""
    found, without = list(_all()), ", ".join(_without())
    missing = ["## What no example exercises", *(line for one, folder in found for line in _missing(one, folder))]
    return (
        OPENING
        + "\n".join(
            [*_table(found), "", f"Without examples, so that nothing of them is tried: {without}.", "", *missing]
        )
        + "\n"
    )


def _folders() -> Iterator[tuple[Scheme, str]]:
    """Every scheme and its folder, those of source texts first."""
    for path in (*sorted(SPECS.glob("*/scheme.yaml")), *sorted(SPECS.glob("gallery/*/scheme.yaml"))):
        yield load(path, examples=False), path.parent.relative_to(SPECS).as_posix()


def _all() -> Iterator[tuple[RuleCoverage, str]]:
    return ((scheme.coverage(), folder) for scheme, folder in _folders() if scheme.document.examples)


def _without() -> Iterator[str]:
    return (folder for scheme, folder in _folders() if not scheme.document.examples)


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
    PAGE.write_text(page(), encoding="utf-8")
