"""What the check says of a limit that falls (CR1010) is what happens: `reaches` passes over who stands above it."""

from __future__ import annotations

import pytest

from cityrules.loaded import Scheme, load, specs_folder

MONTHS = ("2024-10", "2024-11", "2024-12", "2025-01", "2025-02")


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_who_stands_between_the_limits_does_not_come_to_the_new_one(engine: str) -> None:
    scheme = load(specs_folder() / "gallery" / "changed-limits", examples=False)
    crossing = {"reaches": "months", "do": "Interview", "kind": "talk"}
    other = scheme.overlay({"consequences.talk.restarts": "no", "consequences.talk.steps.talk": crossing})
    rows = [{"squad": "A", "period": period, "points": "59"} for period in MONTHS]

    def talks(of: Scheme) -> list[str]:
        found = of.assess({"mark": rows}, targets={"squad": [{"name": "A"}]}, period="2024-10..2025-02", engine=engine)
        return [str(row["period"]) for row in found.rows("consequences")]

    assert talks(scheme) == ["2025-01"]
    assert talks(other) == []
