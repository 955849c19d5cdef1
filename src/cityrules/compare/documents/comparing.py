"""Two documents on the same rows: both are run, what differs is told, and by which changes of the text it came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from cityrules.compare.basis import Basis, varied
from cityrules.compare.documents.beside import Beside
from cityrules.compare.documents.coalitions import Game, played
from cityrules.compare.documents.comparison import (
    ActChange,
    Attribution,
    Cause,
    Comparison,
    Difference,
    Divided,
    Document,
    SumChange,
)
from cityrules.compare.documents.seen import Seen, seen
from cityrules.compare.near.cliffs import Cliffs
from cityrules.compare.near.lines import near_lines
from cityrules.io.rows import DataError
from cityrules.plan.model import Plan
from cityrules.plan.sharing import Common, in_common, same_ground
from cityrules.scheme.diff import differences as between
from cityrules.scheme.load import Loaded


def compared(
    basis: Basis,
    other: Loaded,
    engine: str,
    *,
    near: bool,
    within: Fraction | None,
    causes: bool,
    runs: int,
    seed: int,
) -> Comparison:
    """Run the document of the basis and the other one on the same rows, and say what differs.

    The other is taken as in force when the first is; otherwise a proposal would say nothing of rows that happened
    before it. With `near`, it is said who stands near a line, `within` a distance (None: one unit of the last digit).
    With `causes`, at most about `runs` documents between the two are run, too; which, where that is not all,
    is drawn by `seed`. Raises DataError where either cannot be run on the rows, and where the other is no good document
    from the day on which the first is in force.
    """
    plan = _as_in_force(other, basis.loaded)
    alike = _alike(basis, plan)
    (first, near_first), (second, near_second) = (_end(basis, one, alike, near, within) for one in (basis.plan, plan))
    ends = first, second
    side = Beside(*ends)
    differences, same = side.differences()
    sums = side.sums()
    acts = [act for one in differences if one.kind == "consequence" for act in side.acts(one)]
    attribution = Attribution((), None, seed, 0, asked=causes)
    if causes:
        moved = {one.cell for one in differences}
        game = played(basis, between(basis.loaded, other), ends, moved, [one.of for one in sums], runs, seed)
        if game.needed is None:
            explained = _Explained(game)
            differences = [replace(one, causes=explained.of_cell(one)) for one in differences]
            sums = [replace(one, causes=explained.of_sum(one)) for one in sums]
            whole = {one.cell: one.causes for one in differences}
            acts = [replace(act, causes=explained.of_act(act) or whole[act.cell]) for act in acts]
        drawn = None if game.orders.drawn is None else len(game.orders.drawn)
        attribution = Attribution(game.changes, drawn, seed, game.runs, needed=game.needed, given_up=game.given_up)
    grades = side.grades(differences)
    question = basis.question(basis.plan)
    return Comparison(
        _document(basis.loaded),
        _document(other),
        other.document.in_force != basis.loaded.document.in_force,
        f"{question.span.start.isoformat()}..{question.span.last_day.isoformat()}",
        question.as_of,
        engine,
        tuple(side.only()),
        tuple(differences),
        same,
        grades,
        {one.name: side.words(one.name) for one in grades},
        tuple(acts),
        tuple(sums),
        tuple(side.rejects()),
        tuple(side.near(near_first, near_second)),
        attribution,
    )


def _end(basis: Basis, plan: Plan, alike: Common, near: bool, within: Fraction | None) -> tuple[Seen, Cliffs]:
    """What a plan comes to and who stands near its lines, read before anything else is run. Lines of what is alike are
    not looked for, since the same stand near them; and what is about single records is not read where it is alike."""
    outcome = basis.run(plan)
    nodes = (*plan.computed(), *plan.checks.values())
    same = alike.computed | alike.checks
    over = {one.name for one in nodes if one.name in same and getattr(one, "of_record", False)}
    lines = [one.name for one in nodes if one.name not in same] if near else []
    found = near_lines(plan, outcome, within, lines) if lines else Cliffs((), ())
    return seen(plan, outcome.tables, passed_over=over), found


def _alike(basis: Basis, plan: Plan) -> Common:
    """What comes to the same in both by what is written, whatever the rows are."""
    questions = basis.question(basis.plan), basis.question(plan)
    if not same_ground(basis.plan, plan, questions[0].span):
        return Common()
    return in_common(basis.plan, plan, questions[0].given, questions[1].given)


def _as_in_force(other: Loaded, like: Loaded) -> Plan:
    """The plan of the other document, in force when this one is."""
    force = {"in_force": like.raw["in_force"]}
    found = varied(other, {} if other.document.in_force == like.document.in_force else force)
    if found.plan is None:
        raise DataError(list(found.failed))
    return found.plan


def _document(loaded: Loaded) -> Document:
    document = loaded.document
    force = document.in_force
    return Document(document.scheme, document.title, f"{force.from_}..{force.until or ''}")


class _Explained:
    """The causes of differences, out of what the coalitions of changes came to."""

    def __init__(self, game: Game) -> None:
        self._game = game
        self._known: dict[tuple[Divided | Fraction, ...], tuple[Cause, ...]] = {}

    def of_cell(self, one: Difference) -> tuple[Cause, ...]:
        """Of a number the shares in its difference, where it is one whatever is changed; else the shares of 1 in its
        having turned."""
        outcomes = self._game.outcomes
        if one.difference is not None:
            units = {side.units.get(one.cell.about.name) for side in outcomes.values()}
            numbers = {coalition: side.number(one.cell) for coalition, side in outcomes.items()}
            known = {coalition: number for coalition, number in numbers.items() if number is not None}
            if len(known) == len(numbers) and len(units) == 1:
                return self._causes("difference", known)
        name = one.cell.about.name
        said = {
            coalition: (side.verdict(one.cell, one.kind), side.units.get(name)) for coalition, side in outcomes.items()
        }
        ends = said[0], said[self._game.orders.everyone]
        return self._causes("turn", {coalition: _turned(each, *ends) for coalition, each in said.items()})

    def of_act(self, one: ActChange) -> tuple[Cause, ...]:
        """The shares of 1 in its step's having turned: what another step of the cell hangs on has no part in it. None
        where the step has the same acts on both sides, and only which of two like ones it is differs."""
        said = {coalition: _of_step(side, one) for coalition, side in self._game.outcomes.items()}
        ends = said[0], said[self._game.orders.everyone]
        if ends[0] == ends[1]:
            return ()
        return self._causes("turn", {coalition: _turned(each, *ends) for coalition, each in said.items()})

    def of_sum(self, one: SumChange) -> tuple[Cause, ...]:
        """The shares in the difference of two sums."""
        sums = {coalition: side.sums.get(one.of, Fraction(0)) for coalition, side in self._game.outcomes.items()}
        return self._causes("difference", sums)

    def _causes(self, divided: Divided, values: Mapping[int, Fraction]) -> tuple[Cause, ...]:
        key = (divided, *values.values())
        if key not in self._known:
            shares = zip(self._game.changes, self._game.orders.shares(values), strict=True)
            self._known[key] = tuple(
                Cause(change.name, change.clause, divided, share.value, share.least, share.most)
                for change, share in shares
                if share.least or share.most
            )
        return self._known[key]


def _of_step(side: Seen, one: ActChange) -> object:
    """What follows of one step in a cell; where nothing does, the state of the cell."""
    texts = sorted(act.text for act in side.acts.get(one.cell, ()) if act.step == one.step)
    state = side.verdict(one.cell, "consequence").state
    return tuple(texts) or ("nothing" if state == "follows" else state)


def _turned(said: object, before: object, after: object) -> Fraction:
    """How far something has turned: half is no longer to be as it was before, half to be as it is after. So it comes to
    the same from either end, also where it is something else on the way."""
    return Fraction((said != before) + (said == after), 2)
