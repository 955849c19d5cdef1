"""The long run: the quickest tests on every mutant of the sample, more of them on what these did not notice, random
schemes on what is left.

`make mutate-engines` calls it. Each mutant is noted when it is done, so a run that was stopped goes on where it was.
`--again` tries what was not noticed once more, when tests have been written.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sample import FOLDER, ROOT, SIZES, Mutant, drawn, made

MORE: Final = FOLDER / "more-quick-tests.json"
SECOND: Final = FOLDER / "random-schemes.json"
SCHEMES: Final = 30
"""Random schemes of the last step: the first of those on which `make test` compares the engines."""
SECONDS: Final = 6
"""Of the tests that reach a mutant, the quickest that take so long together are tried first (`tests/conftest.py`)."""
MANY_SECONDS: Final = 40
"""The same of what these did not notice. All tests that reach a function take minutes for each of its mutants."""
FIRST: Final = "cityrules.calendar.steps.x_nests__mutmut_1"
"""Some mutant with few tests: what is named when there are none yet, so that all are made."""
Noted = dict[str, tuple[str, bool]]


def quick(names: Sequence[str], workers: int, seconds: float) -> None:
    """The tests named in pyproject on some mutants, by mutmut; where there are none yet, it makes them all first."""
    mutmut = Path(sys.executable).with_name("mutmut")
    environment = {**os.environ, "CITYRULES_ENGINES": "both", "CITYRULES_MUTANT_SECONDS": str(seconds)}
    subprocess.run([mutmut, "run", "--max-children", str(workers), *names], cwd=ROOT, env=environment, check=True)


def noted(file: Path) -> Noted:
    """What a step found of mutants: the hash of the function then, and whether it was noticed."""
    said = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    return {name: (function, noticed) for name, (function, noticed) in said.items()}


def note(file: Path, mutants: Sequence[Mutant], noticed: bool) -> None:
    """Note what a step found."""
    known = noted(file) | {one.name: (one.function, noticed) for one in mutants}
    file.write_text(json.dumps(known, indent=1, sort_keys=True), "utf-8")


def random_schemes(mutants: Sequence[Mutant]) -> None:
    """The last step, on some mutants."""
    by_name = {one.name: one for one in mutants}
    command = [sys.executable, str(Path(__file__).with_name("random_schemes.py")), str(SCHEMES), *by_name]
    paths = os.pathsep.join(str(FOLDER / part) for part in ("src", "tests"))
    environment = {**os.environ, "PYTHONPATH": paths}
    with subprocess.Popen(command, cwd=FOLDER, env=environment, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            name, noticed = line.split()
            note(SECOND, [by_name[name]], noticed == "1")
    if process.returncode:
        raise SystemExit(f"the last step ended with {process.returncode}")


def left(said: argparse.Namespace, step: Path | None) -> list[Mutant]:
    """What a step is to try: what was not tried, or not noticed and not given to this step as it is now."""
    sample = drawn(said.seed, said.factor)
    asked = [one for package in said.package or SIZES for one in sample[package]]
    if step is None:
        return [one for one in asked if one.code is None]
    known = {} if said.again else noted(step)
    return [one for one in asked if one.survived and known.get(one.name, ("", False))[0] != one.function]


def main() -> None:
    """Try what of the sample has not been tried."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seed", type=int, required=True, help="by which the sample is drawn")
    asked.add_argument("--factor", type=float, default=1, help="a sample so many times as large")
    asked.add_argument("--package", choices=SIZES, action="append", help="only this package (may be repeated)")
    asked.add_argument("--workers", type=int, default=1, help="how many mutants at a time")
    asked.add_argument("--again", action="store_true", help="also what was tried and not noticed")
    said = asked.parse_args()
    if not any(made()):
        # It makes them all before it looks for the one named, of which there is at least this.
        quick([FIRST], said.workers, SECONDS)
    # All packages at once: mutmut tries its tests without a mutant whenever it is called.
    if new := left(said, None):
        quick([one.name for one in new], said.workers, SECONDS)
    if some := left(said, MORE):
        quick([one.name for one in some], said.workers, MANY_SECONDS)
        note(MORE, some, False)
    if some := left(said, SECOND):
        random_schemes(some)


if __name__ == "__main__":
    main()
