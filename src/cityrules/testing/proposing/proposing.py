"""The cases proposed for a scheme: what no case exercises searched for, chosen from, and written. Counts its runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cityrules.engines.base import Progress
from cityrules.scheme.document import ExampleBody
from cityrules.testing.cells import UnreadableError
from cityrules.testing.coverage.found import Covered, RuleCoverage
from cityrules.testing.proposing.bench import Bench
from cityrules.testing.proposing.choosing import Chosen, about, cover, proposal, say
from cityrules.testing.proposing.search import Found, Search
from cityrules.testing.proposing.situation import Situation
from cityrules.testing.writing.case import WrittenCase, case_text, casebook_text
from cityrules.text.diagnostic import Language

READ: Final = 40
"""In so many situations another reading is tried until something comes out otherwise."""


@dataclass(frozen=True, slots=True)
class ProposedCases:
    """Cases that exercise what no case does, for a person to confirm; the parts that they are for, and those that were
    not `reached` in so many `runs`."""

    proposals: tuple[WrittenCase, ...]
    reached: tuple[Covered, ...]
    left: tuple[Covered, ...]
    runs: int
    language: Language

    def text(self, scheme: str, language: Language | None = None) -> str:
        """A whole file of cases about the scheme at a path or of a shipped name; without any, what was not reached as
        comments."""
        said = language or self.language
        if not self.proposals:
            return "".join(f"# {line}\n" for line in self.foot(said))  # A file without a case would be none.
        head = (say("head", said), say("head_then", said))
        return casebook_text(scheme, self.proposals, said, head=head, foot=self.foot(said))

    def cases(self, language: Language | None = None) -> str:
        """The cases alone, as they stand in a file that has others."""
        said = language or self.language
        foot = [f"  # {line}\n" for line in self.foot(said)]
        return "".join([*(case_text(one, said) for one in self.proposals), *foot])

    def foot(self, language: Language) -> list[str]:
        """Lines that say what was not reached."""
        if not self.left:
            return []
        return [
            say("not_reached", language, runs=str(self.runs)),
            *(f"* {line}" for line in about(self.left, language)),
        ]


def propose(
    bench: Bench,
    coverage: RuleCoverage,
    known: Mapping[str, ExampleBody],
    language: Language,
    progress: Progress | None = None,
) -> ProposedCases:
    """Cases for what some `coverage` shows as missing, out of what the `known` cases give and out of drawn inputs."""
    missing = coverage.missing
    situations = list(_situations(bench, known))
    search = Search(bench, [one.part for one in missing if one.part.sort != "reading"], situations, progress)
    search.run()
    found = [*search.found, *_readings(bench, missing, [*situations, *(one.situation for one in search.found)])]
    taken = set(known)
    proposals: list[WrittenCase] = []
    reached: list[Covered] = []
    for chosen in cover(found, missing):
        made = proposal(bench, chosen, taken, language)
        if made is not None:
            proposals.append(made)
            reached += chosen.parts
    left = tuple(one for one in missing if one not in reached)
    return ProposedCases(tuple(proposals), tuple(reached), left, bench.runs, language)


def _situations(bench: Bench, known: Mapping[str, ExampleBody]) -> list[Situation]:
    """What the cases there are give, those about the document as it stands; small ones first."""
    found = []
    for body in known.values():
        plan = None if "diagnostics" in body.expect else bench.plan_of(body.under)
        if plan is None:
            continue
        try:
            found.append(Situation.given(body, plan))
        except UnreadableError:
            continue
    return sorted(found, key=lambda one: one.size)


def _readings(bench: Bench, missing: Sequence[Covered], situations: Sequence[Situation]) -> list[Found]:
    """A situation under each reading that no case has tried: the first that comes out otherwise under it."""
    found = []
    for one in missing:
        if one.part.sort != "reading":
            continue
        path, _, option = one.part.mark.rpartition(" ")
        for situation in situations[:READ]:
            under = Situation(
                situation.records, situation.targets, situation.span, situation.values, situation.as_of, {path: option}
            )
            seen, plain = bench.run(under), bench.run(situation)
            if seen is None or plain is None:
                continue
            if any(
                list(seen.outcome.tables[name].rows()) != list(plain.outcome.tables[name].rows()) for name in _SHOWN
            ):
                found.append(Found(under, frozenset((one.part.mark,))))
                break
    return found


_SHOWN = ("values", "record_values", "consequences")


__all__ = ["Chosen", "ProposedCases", "propose"]
