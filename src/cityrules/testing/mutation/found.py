"""What became of all mutants of a scheme: which the cases notice and which they do not. Knows results; runs nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, get_args

from cityrules.testing.mutation.judging import Judged, State
from cityrules.testing.writing.case import WrittenCase, case_text, casebook_text
from cityrules.text.diagnostic import Language
from cityrules.text.source import Span

STATES: Final[tuple[State, ...]] = get_args(State)


@dataclass(frozen=True, slots=True)
class Placed:
    """A mutant with what became of it, where it stands, the clause that it rests on; `also`: what a case that is there
    already would have to expect."""

    judged: Judged
    at: Span | None
    clause: str | None
    also: str = ""

    @property
    def line(self) -> int | None:
        """From 1; None without a text."""
        return None if self.at is None else self.at.position.line


@dataclass(frozen=True)
class Mutation:
    """The mutants of a scheme. `cases`: how many cases hold and were used; `unusable`: those that do not hold.
    `language`: that of its text, and of the cases proposed for it."""

    scheme: str
    title: str
    language: Language
    mutants: tuple[Placed, ...]
    cases: int
    unusable: tuple[str, ...] = ()

    @cached_property
    def totals(self) -> Mapping[State, int]:
        """How many mutants there are of each state."""
        found = Counter(one.judged.state for one in self.mutants)
        return {state: found[state] for state in STATES}

    @property
    def survivors(self) -> tuple[Placed, ...]:
        """Those that no case notices, in the order of the text."""
        return tuple(one for one in self.mutants if one.judged.state == "survived")

    @property
    def counted(self) -> int:
        """Those that a case should notice."""
        return self.totals["killed"] + self.totals["survived"]

    @property
    def percent(self) -> str:
        """How many of these are noticed, rounded down to a tenth, so that 100.0 is all of them."""
        tenths = 1000 * self.totals["killed"] // self.counted if self.counted else 1000
        return f"{tenths // 10}.{tenths % 10}"

    def reaches(self, percent: int) -> bool:
        """Whether at least so many of a hundred are noticed."""
        return 100 * self.totals["killed"] >= percent * self.counted

    @property
    def proposed(self) -> tuple[Placed, ...]:
        """The survivors for which a case is proposed."""
        return tuple(one for one in self.survivors if one.judged.case is not None)

    def casebook(self, scheme: str) -> str:
        """A whole file of the proposed cases about the scheme at a path or of a shipped name."""
        return casebook_text(scheme, self._cases(), self.language)

    def case_texts(self) -> str:
        """The proposed cases alone, as they stand in a file that has others."""
        return "".join(case_text(one, self.language) for one in self._cases())

    def _cases(self) -> list[WrittenCase]:
        from cityrules.testing.mutation.show import heading

        return [
            replace(one.judged.case, comments=(heading(one, self.language),))
            for one in self.proposed
            if one.judged.case is not None
        ]

    def text(self, language: Language | None = None) -> str:
        """The survivors by line and clause, and totals."""
        from cityrules.testing.mutation.show import as_text

        return as_text(self, language or self.language)

    def json(self) -> dict[str, object]:
        """The same as plain data, with every mutant."""
        from cityrules.testing.mutation.show import as_data

        return as_data(self)
