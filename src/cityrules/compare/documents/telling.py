"""A comparison as headings, lines and tables of words, for whatever shows them. Knows no console and no HTML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from cityrules.compare.documents.comparison import (
    ActChange,
    Change,
    Comparison,
    GradeCount,
    SumChange,
)
from cityrules.compare.documents.words import Grid, Heading, Side, Told, Words, signed
from cityrules.compare.near.cliffs import Near
from cityrules.results.format import fraction_text
from cityrules.text.diagnostic import Language

_ADDRESSES: Final = 6
"""How many addresses of one change are told; `diff` tells them all, in words."""


def told(found: Comparison, language: Language, most: int) -> tuple[Told, ...]:
    """All of a comparison, with at most `most` rows of each table (0: all). The title comes first."""
    return tuple(_Telling(found, language, most or None).all())


class _Telling(Words):
    """The sections, one behind the other."""

    def all(self) -> Iterator[Told]:
        found = self._found
        yield Heading(self._say("heading", before=self._named(found.before), after=self._named(found.after)))
        as_of = found.as_of.isoformat(sep=" ", timespec="minutes")
        yield self._line("asked", span=found.span, as_of=as_of, engine=found.engine)
        if found.moved_force:
            before, after = (self._force(one.in_force) for one in (found.before, found.after))
            yield self._line("moved_force", before=before, after=after)
        if not found.differs:
            yield self._line("nothing", same=str(found.same)) if found.same else self._line("nothing_to_compare")
            if found.attribution.changes:
                yield from self._changes()
            # Nobody has moved, but a line may have.
            yield from self._near()
            return
        yield self._line("summary", differ=str(len(found.differences)), same=str(found.same))
        yield from self._changes()
        for section in (
            self._only(),
            self._grades(),
            self._regraded(),
            self._moves(),
            self._consequences(),
            self._money(),
            self._near(),
            self._checks(),
            self._rejects(),
        ):
            yield from section

    def _force(self, written: str) -> str:
        first, _, until = written.partition("..")
        if first == "unstated":
            return self._say("force_unstated")
        return self._say("force", first=first, **({"until": until} if until else {}))

    def _changes(self) -> Iterator[Told]:
        attribution = self._found.attribution
        if not attribution.asked:
            yield self._line("unasked")
            return
        if not attribution.changes:
            return
        yield Heading(self._say("changes"))
        changes = attribution.changes[: self._most]
        for one in changes:
            clause = {"clause": one.clause} if one.clause else {}
            yield self._line("change", name=one.name, what=self._made(one), **clause)
            if attribution.given_up is not None:
                yield self._line("given_up", name=one.name, checked=str(attribution.given_up))
            elif one.several:
                yield self._line("with_others", name=one.name, parts=self._say("between").join(one.parts))
        if left := len(attribution.changes) - len(changes):
            yield self._line("more_rows", number=str(left))
        if not self._found.differences and not self._found.sums:
            return
        runs = str(attribution.runs)
        if attribution.needed is not None:
            yield self._line("too_many", needed=str(attribution.needed))
        elif attribution.orders is None:
            yield self._line("exact", runs=runs)
        else:
            yield self._line("sampled", orders=str(attribution.orders), seed=str(attribution.seed), runs=runs)
        if any(one.divided == "turn" for each in self._found.differences for one in each.causes):
            yield self._line("divided")

    def _made(self, change: Change) -> str:
        shown = change.made[:_ADDRESSES]
        left = len(change.made) - len(shown)
        return "; ".join([*shown, self._say("more_rows", number=str(left))] if left else shown)

    def _only(self) -> Iterator[Told]:
        rows = [
            (
                self._titled(one.name, one.label),
                self._word("sections", one.section),
                self._word("sides", one.side),
                str(one.cells) if one.section in ("measures", "consequences", "checks") else "",
            )
            for one in self._found.only
        ]
        if rows:
            yield Heading(self._say("only"))
            yield self._grid(None, ("name", "section", "side", ">cells"), rows)

    def _grades(self) -> Iterator[Told]:
        """Of each measure a matrix over the periods in which somebody moves."""
        counts = self._found.grades
        if counts:
            yield Heading(self._say("grades"))
        for name in dict.fromkeys(one.name for one in counts):
            own = [one for one in counts if one.name == name]
            order = self._ordered(own)
            rows = [one for one in order if any(each.before == one for each in own)]
            columns = [one for one in order if any(each.after == one for each in own)]
            numbers = {
                (row, column): sum(one.number for one in own if (one.before, one.after) == (row, column))
                for row in rows
                for column in columns
            }
            periods = sorted({one.period for one in own if one.period is not None})
            when = {"periods": self._periods(periods)} if periods else {}
            title = self._say("matrix", label=self._titled(name, own[0].label), **when)
            heads: list[tuple[str, Side]] = [("", "left"), *((self._state(one), "right") for one in columns)]
            lines = [(self._state(row), *(str(numbers[row, column] or "") for column in columns)) for row in rows]
            yield Grid(title, tuple(heads), tuple(lines))

    def _ordered(self, counts: Sequence[GradeCount]) -> list[str]:
        """The grades in their order, and behind them what is none (`missing`)."""
        known = self._found.words[counts[0].name]
        return list(dict.fromkeys([*known, *(word for one in counts for word in (one.before, one.after))]))

    def _periods(self, periods: Sequence[str]) -> str:
        if len(periods) < 4:
            return ", ".join(periods)
        return self._say("periods", first=periods[0], last=periods[-1], number=str(len(periods)))

    def _regraded(self) -> Iterator[Told]:
        rows = [
            (*self._about(one), self._verdict(one.before), self._verdict(one.after), self._causes(one.causes))
            for one in self._found.of("grade")
        ]
        if rows:
            yield Heading(self._say("regraded"))
            yield self._grid(None, ("target", "period", "measure", "before", "after", "causes"), rows)

    def _moves(self) -> Iterator[Told]:
        """What moves most stands first in each measure, so that what is left out moves less."""
        moves = self._found.of("value", "place")
        if moves:
            yield Heading(self._say("moves"))
        for name in dict.fromkeys(one.cell.about.name for one in moves):
            own = [one for one in moves if one.cell.about.name == name]
            own.sort(key=lambda one: abs(one.difference or Fraction(0)), reverse=True)
            unit = f" ({own[0].unit})" if own[0].unit else ""
            rows = [
                (
                    *self._about(one)[:2],
                    self._verdict(one.before),
                    self._verdict(one.after),
                    "" if one.difference is None else signed(fraction_text(one.difference)),
                    self._causes(one.causes),
                )
                for one in own
            ]
            heads = ("target", "period", ">before", ">after", ">difference", "causes")
            yield self._grid(f"{self._titled(name, own[0].label)}{unit}", heads, rows)

    def _consequences(self) -> Iterator[Told]:
        acts = self._found.acts
        if not acts:
            return
        yield Heading(self._say("consequences"))
        for name in dict.fromkeys(act.cell.about.name for act in acts):
            own = [act for act in acts if act.cell.about.name == name]
            number = {turn: str(sum(act.turn == turn for act in own)) for turn in ("gained", "lost", "changed")}
            yield self._line("counts", label=self._titled(name, own[0].label), **number)
        rows = [self._act(act) for act in acts]
        yield self._grid(None, ("target", "period", "consequence", "turn", "before", "after", "causes"), rows)

    def _act(self, act: ActChange) -> tuple[str, ...]:
        about = act.cell.about
        said = self._sides(act.cell, act.before, act.after)
        turn = self._word("turns", act.turn)
        return (self._target(about), about.period or "", act.label or about.name, turn, *said, self._causes(act.causes))

    def _money(self) -> Iterator[Told]:
        rows = [self._sum(one) for one in self._found.sums]
        if rows:
            yield Heading(self._say("money"))
            heads = ("name", "target", "period", ">before", ">after", ">difference", "unit", "causes")
            yield self._grid(None, heads, rows)

    def _sum(self, one: SumChange) -> tuple[str, ...]:
        of = one.of
        who = " / ".join(part for part in (of.target, of.dimension) if part) if of.target is not None else None
        numbers = (fraction_text(one.before), fraction_text(one.after), signed(fraction_text(one.after - one.before)))
        target = self._say("everyone") if who is None else who or self._say("whole")
        return (one.label or of.name, target, of.period or "", *numbers, of.unit, self._causes(one.causes))

    def _near(self) -> Iterator[Told]:
        """Each with its number and the line it is held against, on the side on which it is near."""

        def side(near: Near | None) -> str:
            return "-" if near is None else f"{fraction_text(near.value)} ({near.line.text})"

        rows = [
            (
                self._target(one.about),
                one.about.period or "",
                one.label or one.about.name,
                side(one.before),
                side(one.after),
            )
            for one in self._found.near
        ]
        if rows:
            yield Heading(self._say("near"))
            yield self._grid(None, ("target", "period", "name", "before", "after"), rows)

    def _checks(self) -> Iterator[Told]:
        rows = [
            (*self._about(one), *self._sides(one.cell, one.before, one.after), self._causes(one.causes))
            for one in self._found.of("check")
        ]
        if rows:
            yield Heading(self._say("checks"))
            yield self._grid(None, ("target", "period", "check", "before", "after", "causes"), rows)

    def _rejects(self) -> Iterator[Told]:
        used = self._say("used")
        rows = [
            (f"{one.kind} {one.key or ''}".rstrip(), f"{one.source}:{one.row}", one.before or used, one.after or used)
            for one in self._found.rejects
        ]
        if rows:
            yield Heading(self._say("rejects"))
            yield self._grid(None, ("name", "row", "before", "after"), rows)
