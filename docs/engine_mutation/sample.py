"""Which mutants of the code that computes are tried: all that mutmut makes, and a sample of each package in a drawn
order. Knows no tests and no page.

What mutmut makes and finds lies in `mutants/`, which git ignores.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
FOLDER: Final = ROOT / "mutants"
SIZES: Final[dict[str, int | None]] = {
    "calendar": None,
    "plan": 250,
    "engines": 50,
    "engines.python": 250,
    "engines.sql": 250,
}
"""How many mutants of a package are drawn by a factor of 1, None being all. `engines` is what both engines share."""
SURVIVED: Final = frozenset({0, 5, 33})
"""How the tests of a mutant ended that none of them noticed, or that none reaches."""
ENDED: Final = frozenset({-24, 24, 36, 152})
"""How those ended that ran out of time: by the system's limit of processor time, or by mutmut's of the clock."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A mutant, the file it is in, the hash of its function, and how its tests ended (None: not tried yet).

    Any other code than those of `SURVIVED` is a mutant that was noticed: a test failed, a module could not be loaded,
    the process ended or ran out of time.
    """

    name: str
    path: str
    function: str
    code: int | None

    @property
    def package(self) -> str:
        """The package, of those in `SIZES`."""
        inside = self.name.removeprefix("cityrules.")
        return max((package for package in SIZES if inside.startswith(package + ".")), key=len)

    @property
    def ended(self) -> bool:
        """Whether it ran out of time, which counts as noticed."""
        return self.code in ENDED

    @property
    def survived(self) -> bool:
        """Whether its tests were run and none noticed it."""
        return self.code in SURVIVED


def made() -> Iterator[Mutant]:
    """All mutants of the code as mutmut made them, tried or not."""
    for meta in sorted(FOLDER.glob("src/**/*.meta")):
        said = json.loads(meta.read_text("utf-8"))
        path = meta.relative_to(FOLDER).as_posix().removesuffix(".meta")
        for name, code in said["exit_code_by_key"].items():
            function = name.rpartition(".")[2].rpartition("__mutmut_")[0]
            yield Mutant(name, path, said["hash_by_function_name"].get(function, ""), code)


def place(seed: int, name: str) -> str:
    """Where a mutant stands in the order drawn by a seed: as chance has it, and the same on every machine.

    It hangs on nothing but the seed and the name, so a larger sample begins with the smaller one.
    """
    return hashlib.sha256(f"{seed}:{name}".encode()).hexdigest()


def in_order(seed: int) -> dict[str, list[Mutant]]:
    """All mutants of each package in the drawn order."""
    found: dict[str, list[Mutant]] = {package: [] for package in SIZES}
    for mutant in made():
        found[mutant.package].append(mutant)
    return {package: sorted(some, key=lambda one: place(seed, one.name)) for package, some in found.items()}


def drawn(seed: int, factor: float = 1) -> dict[str, list[Mutant]]:
    """The sample of each package, in its order; of one drawn larger by a factor, this is the beginning."""
    found = {}
    for package, some in in_order(seed).items():
        size = SIZES[package]
        found[package] = some[: round((len(some) if size is None else size) * factor)]
    return found
