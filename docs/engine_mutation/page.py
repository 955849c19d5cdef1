"""Writes `mutation-of-engines.md`: what became of the sample, and of each survivor the verdict of a person.

Verdicts are data: `mutation-of-engines.yaml`, by the function and the change, so that they hold for a run to come as
long as both are the same. `python docs/engine_mutation/page.py` after the long run.
"""

from __future__ import annotations

import math
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from itertools import takewhile
from typing import Any, Final

import yaml
from mutmut.mutation.diff_apply import get_diff_for_mutant
from run import SCHEMES, SECOND, noted
from sample import ROOT, SEED, Mutant, in_order

PAGE: Final = ROOT / "docs" / "mutation-of-engines.md"
VERDICTS: Final = PAGE.with_suffix(".yaml")
WANTED: Final = 85
Z: Final = 1.959964
"""The normal quantile of a two-sided 95 %."""
NAMES: Final = {
    "calendar": "`calendar`",
    "plan": "`plan`",
    "engines": "`engines`, what both share",
    "engines.python": "`engines/python`",
    "engines.sql": "`engines/sql`",
}

SORTS: Final = {
    "same": "Means the same",
    "text": "Only a message, a place or an internal name",
    "open": "Open",
    "test": "A test was written",
}
OPENING: Final = f"""# Mutation of the engines

Which small errors in the code that computes are noticed by the tests of this repository: in `plan/`, both engines, what
they share, and `calendar/`. That the schemes of `specs/` notice errors in *them* is another question
([Mutation of specs/](mutation-of-specs.md)). Written by `python docs/engine_mutation/page.py` after `make
mutate-engines`, the long run; do not edit. The verdicts are data, [mutation-of-engines.yaml](mutation-of-engines.yaml).

## How it was run

{{how}}

mutmut changes each function in every way it knows: a number, an operator, a comparison, a text, an argument left out or
made `None`, a branch of a `match` left out. It does not change decorated functions (properties, cached ones) and what
stands outside of functions. There are tens of thousands of such mutants, so a **sample** is tried: the mutants of a
package in the order of SHA-256 of the seed and the name, from the beginning; `calendar` whole. A larger sample begins
with the smaller one (`--factor 2`), and what is tried is kept in `mutants/`, so that a run goes on where the last one
ended.

1. **Quick tests**: those of `tests/` named in `pyproject.toml` (`[tool.mutmut]`) that reach the function, with both
   engines wherever a test assesses (`CITYRULES_ENGINES=both`), the quickest first, until one fails.
2. **Random schemes** for what these do not notice: the first {SCHEMES} schemes and inputs on which `make test` compares
   the engines. A mutant of an engine is compared with what the other one finds; one of the plan reaches both alike, and
   is noticed where they differ or something is raised.
3. **A person looks** at each that is left.

A mutant is noticed when a test fails, a module cannot be loaded any more, or the process ends or runs out of time.

{{note}}

## What was noticed

The interval is that of Wilson (the score interval) at 95 %. Mutants that mean the same as the code stay among those
tried; the last column tells how many a person found, and the share without them.

"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person says of a mutant that was not noticed: of what sort it is, and why; or the test written for it."""

    where: str
    change: str
    sort: str
    because: str


def function_of(mutant: Mutant) -> str:
    """The function a mutant is in, as a reader finds it: `plan.parts.Part.name`."""
    module, _, mangled = mutant.name.rpartition(".")
    inside = mangled.rpartition("__mutmut_")[0].removeprefix("x")
    inside = inside.removeprefix("_") if "ǁ" not in inside else inside.strip("ǁ").replace("ǁ", ".")
    return f"{module.removeprefix('cityrules.')}.{inside}"


def change_of(mutant: Mutant) -> str:
    """The lines that a mutant changes, before and after, on one line."""
    lines = get_diff_for_mutant(mutant.name, path=mutant.path).splitlines()[2:]
    before, after = (" ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
    return f"{before} -> {after}"


def said() -> dict[str, Any]:
    """What people wrote: a note on the run, and verdicts."""
    found: dict[str, Any] = yaml.safe_load(VERDICTS.read_text("utf-8"))
    return found


def verdicts() -> dict[tuple[str, str], Verdict]:
    """The verdicts by function and change."""
    return {(one["where"], one["change"]): Verdict(**one) for one in said()["verdicts"]}


def wilson(noticed: int, tried: int) -> tuple[float, float]:
    """The score interval of Wilson (1927) for a share at 95 %, in percent."""
    if not tried:
        return 0.0, 100.0
    share, spread = noticed / tried, Z * Z / tried
    middle, half = share + spread / 2, Z * math.sqrt(share * (1 - share) / tried + spread / (4 * tried))
    return 100 * (middle - half) / (1 + spread), 100 * (middle + half) / (1 + spread)


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of the sample of a package: the longest beginning of the drawn order of which all is tried."""

    package: str
    made: int
    mutants: tuple[Mutant, ...]
    later: frozenset[str]

    @property
    def quick(self) -> int:
        """How many the quick tests noticed."""
        return sum(not one.survived for one in self.mutants)

    @property
    def noticed(self) -> int:
        """How many were noticed at all."""
        return len(self.mutants) - len(self.survivors)

    @property
    def survivors(self) -> list[Mutant]:
        """What nothing noticed."""
        return [one for one in self.mutants if one.survived and one.name not in self.later]


def tried() -> Iterator[Tried]:
    """All packages, in the order of the page."""
    known = noted(SECOND)
    for package, mutants in in_order().items():
        judged = tuple(takewhile(lambda one: one.code is not None, mutants))
        later = {one.name for one in judged if known.get(one.name) == (one.function, True)}
        yield Tried(package, len(mutants), judged, frozenset(later))


def percent(noticed: int, of: int) -> str:
    """A share in percent with its interval."""
    low, high = wilson(noticed, of)
    return f"{100 * noticed / of:.1f} ({low:.1f} to {high:.1f})" if of else "-"


def numbers(found: list[Tried], known: dict[tuple[str, str], Verdict]) -> Iterator[str]:
    """The table of numbers."""
    yield "| package | mutants | tried | noticed by quick tests | by random schemes | not noticed | % noticed | same |"
    yield "|---|---|---|---|---|---|---|---|"
    for one in found:
        size = len(one.mutants)
        same = sum(sort_of(mutant, known) == "same" for mutant in one.survivors)
        cells = [one.made, size, one.quick, one.noticed - one.quick, len(one.survivors), percent(one.noticed, size)]
        without = f"{same}: {100 * one.noticed / (size - same):.1f} without" if same else "-"
        yield f"| {NAMES[one.package]} | {' | '.join(map(str, cells))} | {without} |"


def sort_of(mutant: Mutant, known: dict[tuple[str, str], Verdict]) -> str:
    """Of what sort a person found a survivor to be; empty where none has looked."""
    verdict = known.get((function_of(mutant), change_of(mutant)))
    return verdict.sort if verdict else ""


def survivors(found: list[Tried], known: dict[tuple[str, str], Verdict]) -> Iterator[str]:
    """What nothing noticed, with the verdicts."""
    for one in found:
        yield f"\n### {NAMES[one.package]}\n"
        for mutant in sorted(one.survivors, key=lambda mutant: mutant.name):
            where, change = function_of(mutant), change_of(mutant)
            verdict = known.get((where, change))
            found_so = f"{SORTS[verdict.sort]}: {verdict.because}" if verdict else "Nobody has looked yet"
            yield f"* `{where}`: {quoted(change)}. {found_so}."
        if not one.survivors:
            yield "None."


def quoted(change: str) -> str:
    """A change as code, whatever signs are in it."""
    return f"`` {change} ``" if "`" in change else f"`{change}`"


def how(found: list[Tried]) -> str:
    """By what the numbers were found."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short=10", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    made, size = sum(one.made for one in found), sum(len(one.mutants) for one in found)
    return (
        f"mutmut {version('mutmut')}, seed {SEED}, on commit `{commit.stdout.strip()}`: "
        f"{made:,} mutants made, {size:,} tried (at least {WANTED} % shall be noticed)."
    )


def tests_written(known: dict[tuple[str, str], Verdict]) -> Iterator[str]:
    """What was found to be a hole, and is noticed now."""
    for verdict in known.values():
        if verdict.sort == "test":
            yield f"* `{verdict.where}`: {quoted(verdict.change)}. {verdict.because}."


def main() -> None:
    """Write the page."""
    found, known = list(tried()), verdicts()
    looked = Counter(sort_of(mutant, known) or "none" for one in found for mutant in one.survivors)
    parts = [
        OPENING.replace("{how}", how(found)).replace("{note}", said()["note"].strip())
        + "\n".join(numbers(found, known)),
        "## Tests written for mutants that nothing noticed\n\n" + "\n".join(tests_written(known)),
        "## Noticed by nothing\n" + "\n".join(survivors(found, known)),
    ]
    PAGE.write_text("\n\n".join(parts) + "\n", "utf-8")
    print(f"{PAGE.name}: {dict(looked)}")


if __name__ == "__main__":
    main()
