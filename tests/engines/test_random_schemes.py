"""Random schemes are what they should be: every construct of the language occurs in them, and often."""

from __future__ import annotations

from strategies.census import census
from strategies.drawn import scheme_of


def test_every_construct_occurs(long_run: bool) -> None:
    # 5 % of the schemes that are drawn in the end; of fewer, so many that chance alone cannot fail it.
    count, least = (800, 0.05) if long_run else (100, 0.015)
    found = census(scheme_of(seed) for seed in range(count))
    assert len(found) > 250
    rare = {name: f"{100 * times / count:.1f} %" for name, times in found.items() if times < least * count}
    assert not rare, rare
