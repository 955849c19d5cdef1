"""Writes `mutation-of-specs.md`: which small errors in each scheme of `specs/` its own cases notice.

Part of no package. `python docs/make_mutation.py [--workers N] [NAME ...]` runs the schemes named (all of them: about
ten minutes of one core) and keeps what the page says of the others. Survivors are listed without the cases that would
notice them, for which ask `cityrules mutate`. Each row says of which texts it is; a test holds that these are the texts
as they are.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
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
Schemes that are not listed have not been run yet. `of` is a digest of the scheme and its cases as they were run.

| scheme | of | mutants | refused | proved the same | stated by no case | noticed | survivors | noticed % |
|---|---|---|---|---|---|---|---|---|
"""


def cases_of(name: str) -> Path | None:
    """The file of cases beside a scheme."""
    cases = SPECS / name / "cases.yaml"
    return cases if cases.is_file() else None


def digest(name: str) -> str:
    """What a row was made of: the texts of the scheme, of what it is based on and of its lists, and its cases."""
    found = hashlib.sha256()
    texts = load(str(SPECS / name), examples=False).texts
    assert texts is not None, name
    cases = cases_of(name)
    for part in (
        *(
            part
            for one in texts.chain()
            for part in (one.text.encode(), *(one.sheets[key] for key in sorted(one.sheets)))
        ),
        cases.read_bytes() if cases is not None else b"",
    ):
        found.update(hashlib.sha256(part).digest())
    return found.hexdigest()[:10]


def run(name: str) -> Mutation:
    """What becomes of all mutants of a scheme; no input is searched for."""
    return load(str(SPECS / name), examples=False).mutate(cases_of(name), search=False)


def told(name: str) -> tuple[str, str]:
    """A scheme's line of the table and its list of survivors, which is empty where all are noticed."""
    found = run(name)
    return row(name, found), "\n".join(survivors(name, found)) + "\n" if found.survivors else ""


def row(name: str, found: Mutation) -> str:
    """A line of the table."""
    totals = found.totals
    numbers = [len(found.mutants), *(totals[state] for state in ("refused", "equivalent", "untold"))]
    shown = [*map(str, numbers), str(totals["killed"]), str(totals["survived"]), found.percent]
    mark = "" if found.reaches(WANTED) else " (under 95)"
    return f"| [{name}](../specs/{name}/scheme.yaml) | {digest(name)} | {' | '.join(shown)}{mark} |"


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


def main() -> None:
    """Run some schemes, or all, and write the page after each."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--workers", type=int, default=1, help="how many schemes at a time")
    asked.add_argument("names", nargs="*", metavar="NAME", help="a folder of specs/ (all)")
    said = asked.parse_args()
    names = said.names or [path.parent.relative_to(SPECS).as_posix() for path in sorted(SPECS.rglob("scheme.yaml"))]
    with ProcessPoolExecutor(said.workers) as pool:
        waiting = {pool.submit(told, name): name for name in names}
        for one in as_completed(waiting):
            name = waiting[one]
            rows, lists = known(PAGE.read_text("utf-8")) if PAGE.exists() else ({}, {})
            rows[name], lists[name] = one.result()
            PAGE.write_text(page(rows, {of: text for of, text in lists.items() if text}), "utf-8")
            print(rows[name], flush=True)


if __name__ == "__main__":
    main()
