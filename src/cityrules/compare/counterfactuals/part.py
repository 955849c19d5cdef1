"""The part of a study that a verdict can depend on: what of the plan, which rows, which time; the rest proved away.

What is proved here is only used to search. Whatever is answered is verified on the whole.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from cityrules.calendar.periods import Span
from cityrules.compare.basis import Basis
from cityrules.compare.counterfactuals.rows import Instead, RowAt, Spread, spread
from cityrules.engines.base import Outcome
from cityrules.io.grammar import NAME_COLUMN
from cityrules.io.rows import RawRow, Rows
from cityrules.model.forms import Form, forms_of
from cityrules.plan.excerpt import excerpt
from cityrules.plan.independence import compared_by, settled_within
from cityrules.plan.model import KindAxis, Plan, RecordAxis
from cityrules.plan.reading import axes
from cityrules.plan.views import WHOLE
from cityrules.results.verdicts import About

Node = tuple[str, tuple[str, ...]]
"""A target or a row: its kind, and its name or key."""


@dataclass(frozen=True, slots=True)
class Part:
    """What can be run in the place of the whole for some verdicts. `span`: what is assessed, None: all of it."""

    basis: Basis
    plan: Plan
    rows: Spread
    span: Span | None = None

    def run(self, instead: Instead | None = None) -> Outcome:
        """What comes out with some rows changed. Raises DataError."""
        basis = self.basis.on(self.rows.inputs(instead))
        question = basis.question(self.plan)
        return basis.runner.assess(self.plan, question if self.span is None else replace(question, span=self.span))


def whole(basis: Basis) -> Part:
    """All of it."""
    return Part(basis, basis.plan, spread(basis.inputs, basis.plan))


class Parts:
    """Parts of a study: for one verdict, or for all about the targets of a row."""

    def __init__(self, basis: Basis, names: Collection[str]) -> None:
        """`names`: of the measures, consequences and checks that are asked about."""
        self._basis = basis
        self.plan = excerpt(basis.plan, names)
        every = spread(basis.inputs, basis.plan)
        self.rows = every.only([at for at in every.rows if at.kind in self.plan.records])
        # A pair of targets has cells wherever both are, whether or not a row names them together.
        paired = any(self.plan.kinds[kind].parts for kind in _kinds(self.plan) if kind in self.plan.kinds)
        self.together = paired or compared_by(self.plan) is not None
        self._ties = _Ties(self.plan, self.rows)

    def about(self, about: About) -> Part:
        """The part that a verdict depends on."""
        node = None if self.together or about.target is None or about.target_kind in (None, WHOLE) else (
            about.target_kind, (about.target,)
        )  # fmt: skip
        found = self._of(None if node is None else [node])
        span = self._days(about.period, found.rows)
        if span is None:
            return found
        # What is dated outside of it is not used, and no other row depends on that.
        return replace(found, span=span, rows=found.rows.only([at for at in found.rows.rows if self._within(at, span)]))

    def _within(self, at: RowAt, span: Span) -> bool:
        dated = self.plan.records[at.kind].dated
        text = None if dated is None else self.rows.text(at, dated)
        return text is None or span.start.isoformat() <= text[:10] <= span.last_day.isoformat()

    def of_rows(self, rows: Iterable[RowAt], targets: Iterable[Node], span: Span | None) -> Part:
        """The part that all verdicts about the targets of some rows depend on, and about some other targets. `span`: of
        `days_of`, where verdicts of one period are asked about."""
        found = self._of(None if self.together else [*map(self._ties.node, rows), *targets])
        return replace(found, span=span)

    def key_of(self, rows: Iterable[RowAt], targets: Iterable[Node]) -> frozenset[Node]:
        """One value for all rows whose part is the same."""
        if self.together:
            return frozenset()
        return frozenset(self._ties.root(node) for node in [*map(self._ties.node, rows), *targets])

    def reaches(self, key: frozenset[Node], kind: str, target: str) -> bool:
        """Whether a target is in the part of a key."""
        return self._ties.root((kind, (target,))) in key

    def days_of(self, period: str) -> Span | None:
        """The days of a period, where verdicts of it depend on nothing outside of them; None: on all."""
        return self._days(period, self.rows)

    def _of(self, nodes: list[Node] | None) -> Part:
        if nodes is None:
            return Part(self._basis, self.plan, self.rows)
        roots = {self._ties.root(node) for node in nodes}
        rows = [at for at in self.rows.rows if self._ties.root(self._ties.node(at)) in roots]

        def belongs(kind: str, source: Rows, row: RawRow) -> bool:
            return any(self._ties.root(node) in roots for node in self._ties.target(kind, source, row))

        return Part(self._basis, self.plan, self.rows.only(rows, belongs))

    def _days(self, period: str | None, rows: Spread) -> Span | None:
        """The days of a period that verdicts of it depend on, None: all. Of two rows with one key each decides whether
        the other is used, wherever they lie; and where targets appear with rows, each row decides who there is."""
        if any(kind.members == "as they appear" for kind in self.plan.kinds.values()):
            return None
        keys = [self._ties.node(at) for at in rows.rows]
        if period is None or self._basis.question(self.plan).given or len(set(keys)) < len(keys):
            return None
        try:
            kind, index = self.plan.periods.parse(period)
        except ValueError:
            return None  # An interval of a duty.
        if not settled_within(self.plan, kind):
            return None
        return Span(self.plan.periods.start_of(kind, index), self.plan.periods.last_day_of(kind, index))


def _kinds(plan: Plan) -> Iterator[str]:
    """The kinds of targets that have cells, or that something runs over."""
    for body in (*plan.computed(), *plan.checks.values()):
        yield body.grain.kind
        for axis in axes(body):
            if isinstance(axis, KindAxis):
                yield axis.kind
            elif isinstance(axis, RecordAxis) and axis.route is not None:
                yield axis.route.kind


class _Ties:
    """Which targets belong together: those that hold each other, and those that one row names."""

    def __init__(self, plan: Plan, rows: Spread) -> None:
        self._forms = forms_of(plan)
        self._up: dict[Node, Node] = {}
        self._nodes: dict[RowAt, Node] = {}
        for kind in plan.kinds.values():
            for stated in kind.stated or ():
                names = [kind.name, *kind.ancestors[:1]]
                found = [stated.get(NAME_COLUMN), *(stated.get(name) for name in names[1:])]
                self._join([(name, (text,)) for name, text in zip(names, found, strict=True) if text])
        for kind_name, sources in rows.targets.items():
            for source in sources:
                for row in source.rows():
                    self._join([*self.target(kind_name, source, row)])
        for at, row in rows.rows.items():
            form, texts = self._forms[at.kind], self._texts(at.kind, rows.sources[at.kind][at.source], row)
            self._nodes[at] = (at.kind, form.key_of(texts))
            self._join([self._nodes[at], *form.named(texts)])

    def node(self, at: RowAt) -> Node:
        """The row as something that belongs to a part: rows of one key do to the same."""
        return self._nodes[at]

    def target(self, kind: str, source: Rows, row: RawRow) -> Iterator[Node]:
        """The targets that a row of a target names, itself first."""
        form = self._forms.get(kind)
        if form is not None and row.bad is None:
            yield from form.named(self._texts(kind, source, row))

    def root(self, node: Node) -> Node:
        """One node for all that belong together."""
        way = []
        while (up := self._up.setdefault(node, node)) != node:
            way.append(node)
            node = up
        for step in way:
            self._up[step] = node
        return node

    def _texts(self, kind: str, source: Rows, row: RawRow) -> dict[str, str | None]:
        form: Form = self._forms[kind]
        found = dict(zip(source.columns, row.texts, strict=False))
        return {name: found.get(name) for name in form.columns}

    def _join(self, nodes: list[Node]) -> None:
        for one, other in pairwise(nodes):
            self._up[self.root(one)] = self.root(other)
