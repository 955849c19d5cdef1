"""The random schemes of the first seeds, which several files of tests run: each is drawn once in a process."""

from __future__ import annotations

from functools import cache

from cityrules.testing.random_schemes.scheme import RandomScheme, make_scheme


@cache
def scheme_of(seed: int) -> RandomScheme:
    """The scheme of a seed. Nobody may change its document."""
    return make_scheme(seed)
