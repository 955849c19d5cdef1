"""Writes `mutation-of-specs.md`: which small errors in each scheme of `specs/` its own cases notice.

Part of no package. `python docs/make_mutation.py [NAME ...]` runs the schemes named (all of them: hours of one core)
and keeps what the page says of the others. Survivors are listed without the cases that would notice them, for which ask
`cityrules mutate`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cityrules.loaded import load
from cityrules.testing.mutation.found import Mutation
from cityrules.testing.mutation.show import excerpt, words

HERE: Final = Path(__file__).parent
PAGE: Final = HERE / "mutation-of-specs.md"
SPECS: Final = HERE.parent / "specs"
WANTED: Final = 95

OPENING: Final = """# Mutation of specs/

Which small errors in each scheme its worked cases notice (its examples, and `cases.yaml` beside it). What is changed
and what counts is told in [Mutation](mutation.md). Written by `python docs/make_mutation.py`, the long run; do not
edit.
Schemes that are not listed have not been run yet.

| scheme | mutants | refused | proved the same | stated by no case | noticed | survivors | noticed % |
|---|---|---|---|---|---|---|---|
"""


def run(name: str) -> Mutation:
    """What becomes of all mutants of a scheme; no input is searched for."""
    folder = SPECS / name
    cases = folder / "cases.yaml"
    return load(str(folder), examples=False).mutate(cases if cases.is_file() else None, search=False)


def row(name: str, found: Mutation) -> str:
    """A line of the table."""
    totals = found.totals
    numbers = [len(found.mutants), *(totals[state] for state in ("refused", "equivalent", "untold"))]
    shown = [*map(str, numbers), str(totals["killed"]), str(totals["survived"]), found.percent]
    mark = "" if found.reaches(WANTED) else " (under 95)"
    return f"| [{name}](../specs/{name}/scheme.yaml) | {' | '.join(shown)}{mark} |"


def survivors(name: str, found: Mutation) -> Iterator[str]:
    """What no case notices."""
    yield f"\n### {name}\n"
    for one in found.survivors:
        mutant = one.judged.mutant
        before, after = excerpt(mutant.before, mutant.after)
        values = {"kind": mutant.kind, "before": before, "after": after}
        said = words().say("changed" if mutant.after else "gone", values, "en")
        clause = f", clause {one.clause}" if one.clause else ""
        yield f"* line {one.line}{clause}, `{mutant.address}`: {said}"


def known(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """What the page says: lines of the table, and lists of survivors, by scheme."""
    rows = {found[1]: found[0] for found in re.finditer(r"^\| \[([\w/-]+)\].*$", text, re.MULTILINE)}
    lists = {found[1]: found[0] for found in re.finditer(r"^### ([\w/-]+)\n(?:\n|\*.*\n?)*", text, re.MULTILINE)}
    return rows, lists


def page(rows: dict[str, str], lists: dict[str, str]) -> str:
    """The whole page."""
    told = "".join("\n" + lists[name].strip("\n") + "\n" for name in sorted(lists))
    return OPENING + "\n".join(rows[name] for name in sorted(rows)) + "\n\n## Noticed by no case\n" + told


def main(names: list[str]) -> None:
    """Run some schemes, or all, and write the page after each."""
    for name in names or [str(path.parent.relative_to(SPECS)) for path in sorted(SPECS.rglob("scheme.yaml"))]:
        found = run(name)
        rows, lists = known(PAGE.read_text("utf-8")) if PAGE.exists() else ({}, {})
        rows[name] = row(name, found)
        lists.pop(name, None)
        if found.survivors:
            lists[name] = "\n".join(survivors(name, found)) + "\n"
        PAGE.write_text(page(rows, lists), "utf-8")
        print(rows[name], flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
