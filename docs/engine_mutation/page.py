"""Writes `mutation-of-engines.md`: what became of the samples, and of each survivor the verdict of a person.

What became of them is data (`samples/`, by `record.py`), and so are the verdicts: `mutation-of-engines.yaml`, by the
function and the change, so that they hold for a run to come as long as both are the same. The page can be written anew
without a run.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import yaml
from record import Sample, Survivor, Tried, kept
from run import MANY_SECONDS, SCHEMES, SECONDS
from sample import ROOT

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
([Mutation of specs/](mutation-of-specs.md)). Written by `python docs/engine_mutation/page.py`, from what `make
mutate-engines`, the long run, put down in [engine_mutation/samples](engine_mutation/samples) and what people say of
each survivor ([mutation-of-engines.yaml](mutation-of-engines.yaml)); do not edit.

## How it is run

    make mutate-engines SEED=6             # hours; stopped and called again, it goes on where it was
    make mutate-engines SEED=6 FACTOR=0.1  # a tenth of the sample

mutmut changes each function in every way it knows: a number, an operator, a comparison, a text, an argument left out or
made `None`, a branch of a `match` left out. It does not change decorated functions (properties, cached ones) and what
stands outside of functions. There are tens of thousands of such mutants, so a **sample** is tried: the mutants of a
package in the order of SHA-256 of the seed and the name, from the beginning; `calendar` whole by a `FACTOR` of 1. A
larger sample begins with the smaller one, and what is tried is kept in `mutants/`.

1. **Quick tests**: those of `tests/` named in `pyproject.toml` (`[tool.mutmut]`) that reach the function, with both
   engines wherever a test assesses (`CITYRULES_ENGINES=both`), the quickest first, until one fails: as many as take
   {SECONDS} seconds together, and of what these do not notice, as many as take {MANY_SECONDS}. Tests that would notice
   it may so not be run, which makes the rate too low rather than too high.
2. **Random schemes** for what these do not notice: the first {SCHEMES} schemes and inputs on which `make test` compares
   the engines. A mutant of an engine is compared with what the other one finds; one of the plan reaches both alike, and
   is noticed where they differ or something is raised.
3. **A person looks** at each that is left, and writes a test or says why none is needed.

A mutant is noticed when a test fails, a module cannot be loaded any more, or the process ends or runs out of time.

## What was noticed

At least {WANTED} % of each package shall be. Two numbers tell it, each with the score interval of Wilson at 95 %:

* **at first**: by the tests as they were when the sample was first tried, and by random schemes. This is the rate of
  the whole code, as well as a sample can tell it.
* **with the tests written since**: the same mutants once tests were written for survivors among them. It shows what
  was mended, and is **higher than the rate of the whole code**: nobody wrote tests for the mutants that were not drawn.
  What the new tests are worth elsewhere, only another seed tells; so the next long run draws another one.

Mutants that mean the same as the code stay among those tried, though nothing can notice them; the last column tells how
many a person found. That is said by reading, not proved, and only of what was left.
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person says of a mutant that was not noticed: of what sort it is, and why; or the test written for it."""

    where: str
    change: str
    sort: str
    because: str


Verdicts = dict[tuple[str, str], Verdict]


def verdicts() -> Verdicts:
    """The verdicts by function and change."""
    said = yaml.safe_load(VERDICTS.read_text("utf-8"))
    return {(one["where"], one["change"]): Verdict(**one) for one in said["verdicts"]}


def wilson(noticed: int, tried: int) -> tuple[float, float]:
    """The score interval of Wilson (1927) for a share at 95 %, in percent."""
    if not tried:
        return 0.0, 100.0
    share, spread = noticed / tried, Z * Z / tried
    middle, half = share + spread / 2, Z * math.sqrt(share * (1 - share) / tried + spread / (4 * tried))
    return 100 * (middle - half) / (1 + spread), 100 * (middle + half) / (1 + spread)


def percent(noticed: int, of: int) -> str:
    """A share in percent with its interval."""
    low, high = wilson(noticed, of)
    return f"{100 * noticed / of:.1f} ({low:.1f} to {high:.1f})" if of else "-"


def sort_of(one: Survivor, known: Verdicts) -> str:
    """Of what sort a person found a survivor to be; empty where none has looked."""
    verdict = known.get((one.where, one.change))
    return verdict.sort if verdict else ""


def left(tried: Tried, known: Verdicts) -> list[Survivor]:
    """What nothing notices by now."""
    return [one for one in tried.survivors if not one.later and sort_of(one, known) != "test"]


def numbers(sample: Sample, known: Verdicts) -> Iterator[str]:
    """The table of a sample."""
    first = "| package | mutants | tried | by quick tests | of these by time | by random schemes | % at first "
    yield first + "| % with tests since | same |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for one in sample.packages:
        if not one.tried:
            yield f"| {NAMES[one.package]} | {one.made} | 0 | - | - | - | - | - | - |"
            continue
        quick = one.tried - len(one.survivors)
        later = sum(some.later == "random schemes" for some in one.survivors)
        open_ = left(one, known)
        same = sum(sort_of(some, known) == "same" for some in open_)
        now = one.tried - len(open_)
        ended = "-" if one.time is None else one.time
        cells = [one.made, one.tried, quick, ended, later, percent(quick + later, one.tried), percent(now, one.tried)]
        without = f"{same}: {100 * now / (one.tried - same):.1f} without" if same else "-"
        yield f"| {NAMES[one.package]} | {' | '.join(map(str, cells))} | {without} |"


def results(samples: Iterable[Sample], known: Verdicts) -> Iterator[str]:
    """The tables of all samples."""
    for sample in samples:
        tried, made = sum(one.tried for one in sample.packages), sum(one.made for one in sample.packages)
        yield f"### Seed {sample.seed}\n"
        yield f"mutmut {sample.mutmut}, on commit `{sample.commit}`: {made:,} mutants made, {tried:,} tried.\n"
        if sample.note:
            yield f"{sample.note.strip()}\n"
        yield from numbers(sample, known)
        yield ""


def survivors(samples: Iterable[Sample], known: Verdicts) -> Iterator[str]:
    """What nothing notices by now, in any sample, with the verdicts."""
    found: dict[str, set[Survivor]] = {package: set() for package in NAMES}
    for sample in samples:
        for tried in sample.packages:
            found[tried.package].update(left(tried, known))
    for package, some in found.items():
        yield f"\n### {NAMES[package]}\n"
        for one in sorted(some, key=lambda one: (one.where, one.change)):
            verdict = known.get((one.where, one.change))
            found_so = f"{SORTS[verdict.sort]}: {verdict.because}" if verdict else "Nobody has looked yet"
            yield f"* `{one.where}`: {quoted(one.change)}. {found_so}."
        if not some:
            yield "None."


def quoted(change: str) -> str:
    """A change as code, whatever signs are in it."""
    return f"`` {change} ``" if "`" in change else f"`{change}`"


def tests_written(known: Verdicts) -> Iterator[str]:
    """What was found to be a hole, and is noticed now."""
    for verdict in known.values():
        if verdict.sort == "test":
            yield f"* `{verdict.where}`: {quoted(verdict.change)}. {verdict.because}."


def main() -> None:
    """Write the page."""
    samples, known = kept(), verdicts()
    looked = Counter(
        sort_of(one, known) or "none" for sample in samples for tried in sample.packages for one in left(tried, known)
    )
    parts = [
        OPENING,
        "\n".join(results(samples, known)).strip(),
        "## Tests written for mutants that nothing noticed\n\n" + "\n".join(tests_written(known)),
        "## Noticed by nothing\n" + "\n".join(survivors(samples, known)),
    ]
    PAGE.write_text("\n\n".join(part.strip("\n") for part in parts) + "\n", "utf-8")
    print(f"{PAGE.name}: {dict(looked)}")


if __name__ == "__main__":
    main()
