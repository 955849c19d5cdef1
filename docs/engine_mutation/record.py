"""Puts down what became of a sample, from what lies in `mutants/`: a file of `samples/` for each seed, which is kept.

What nothing noticed when it was first tried stays in the file when the sample is tried again on the same code, and
says so: a rate that rose because tests were written for its own mutants is not the rate of the code.
"""

from __future__ import annotations

import argparse
import subprocess
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from itertools import takewhile
from pathlib import Path
from typing import Any, Final

import yaml
from mutmut.mutation.diff_apply import get_diff_for_mutant
from run import SECOND, noted
from sample import ROOT, Mutant, in_order

SAMPLES: Final = Path(__file__).parent / "samples"


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that the quick tests did not notice when it was first tried, by its function and the lines it changes.

    `later` says what has noticed it since: "random schemes", or "tests" of a later try; empty where nothing has.
    """

    where: str
    change: str
    later: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of the sample of a package: how many mutants there are and were tried, which survived, and how many
    of those noticed ran out of `time` (None: not put down)."""

    package: str
    made: int
    tried: int
    survivors: tuple[Survivor, ...]
    time: int | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """What became of the mutants drawn by a seed. `note` is what a person says of how they were tried."""

    seed: int
    mutmut: str
    commit: str
    packages: tuple[Tried, ...]
    note: str = ""


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


def kept() -> tuple[Sample, ...]:
    """The samples put down so far, by their seeds."""
    return tuple(sorted(map(_read, SAMPLES.glob("*.yaml")), key=lambda one: one.seed))


def _read(file: Path) -> Sample:
    said: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    packages = tuple(
        Tried(**{**one, "survivors": tuple(Survivor(**some) for some in one["survivors"])})
        for one in said.pop("packages")
    )
    return Sample(**said, packages=packages)


def found(seed: int) -> Sample:
    """What lies in `mutants/` of a sample: of each package the longest beginning of its order that is all tried."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short=10", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    known, packages = noted(SECOND), []
    for package, mutants in in_order(seed).items():
        judged = list(takewhile(lambda one: one.code is not None, mutants))
        survivors = []
        for one in sorted(judged, key=lambda one: one.name):
            if one.survived:
                later = "random schemes" if known.get(one.name) == (one.function, True) else ""
                survivors.append(Survivor(function_of(one), change_of(one), later))
        ended = sum(one.ended for one in judged)
        packages.append(Tried(package, len(mutants), len(judged), tuple(survivors), ended))
    return Sample(seed, version("mutmut"), commit.stdout.strip(), tuple(packages))


def joined(now: Sample, before: Sample) -> Sample:
    """A sample tried anew with what it was when it was first tried: its survivors of then stay, with what notices them
    now. Where other code is made into mutants, it is another sample, and nothing is kept but the note."""
    first = {one.package: one for one in before.packages}
    if any(one.made != first[one.package].made for one in now.packages):
        return replace(now, note=before.note)
    packages = []
    for one in now.packages:
        left = {(some.where, some.change): some for some in one.survivors}
        for some in first[one.package].survivors:
            left.setdefault((some.where, some.change), replace(some, later=some.later or "tests"))
        tried = max(one.tried, first[one.package].tried)
        packages.append(replace(one, tried=tried, survivors=tuple(left[key] for key in sorted(left))))
    return replace(before, packages=tuple(packages))


def write(sample: Sample) -> None:
    """Put a sample down."""
    SAMPLES.mkdir(exist_ok=True)
    said = asdict(sample)
    for package in said["packages"]:
        package["survivors"] = list(package["survivors"])
    said["packages"] = list(said["packages"])
    text = yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=10**6)
    (SAMPLES / f"{sample.seed}.yaml").write_text(text, "utf-8")


def main() -> None:
    """Put down the sample of a seed."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seed", type=int, required=True, help="by which the sample was drawn")
    sample = found(asked.parse_args().seed)
    for before in kept():
        if before.seed == sample.seed:
            sample = joined(sample, before)
    write(sample)
    print(f"seed {sample.seed}: " + ", ".join(f"{one.package} {one.tried}" for one in sample.packages))


if __name__ == "__main__":
    main()
