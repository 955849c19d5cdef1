"""What building a plan works with: reporter, ground, measures built so far; and how a part becomes an expression."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cityrules.feel.check import CONDITION, Checked, Expectation, check
from cityrules.feel.tree import Binding, Lookup, Read, Tree
from cityrules.feel.types import Number
from cityrules.feel.walk import nodes, reads
from cityrules.plan.model import Consequence, Expr, Measure, Quotient
from cityrules.plan.names import Counted, Measured
from cityrules.plan.parts import Part
from cityrules.plan.reporting import Reporter
from cityrules.plan.scope import PlaceScope
from cityrules.plan.views import Ground, body_name
from cityrules.scheme.notation import Rounding

NUMBER = Expectation("number")
"""A number whose divisors are proved never to be zero."""


@dataclass(frozen=True, slots=True)
class Under:
    """The condition under which the cells of a body exist, as written and checked; `present`: what it proves there."""

    text: str | None = None
    expr: Expr | None = None
    present: frozenset[Binding] = frozenset()


ALWAYS = Under()


@dataclass(frozen=True, slots=True)
class Context:
    """`built`, `followed`: measures and consequences in their order, without those in doubt, whose readers are not
    judged. `rounding`: the document's default.
    """

    reporter: Reporter
    ground: Ground
    rounding: Rounding | None
    built: dict[str, Measure] = field(default_factory=dict)
    followed: dict[str, Consequence] = field(default_factory=dict)

    def check(
        self,
        part: Part | None,
        expect: Expectation = NUMBER,
        *,
        under: Under = ALWAYS,
        present: frozenset[Binding] = frozenset(),
        counted: Mapping[str, Counted] | None = None,
    ) -> Checked | None:
        """The typed tree of a part, or None: it is not there, or something is wrong with it or with what it reads.

        `under`: the condition under which its cells exist; `present`: what else cannot be missing here; `counted`: what
        rules have counted where a cap looks at them.
        """
        if part is None or not part.sound:
            return None
        unknown = [name for name in part.reads if name not in self.built and name not in self.followed]
        if unknown:
            self._no_such_part(part, unknown)
            return None
        return check(
            part.text,
            PlaceScope(part.place, self.built, under.text, self.reporter.patient, counted or {}),
            self.reporter.report,
            locate=lambda start, end: part.locate(self.reporter, start, end),
            path=".".join(part.path),
            expect=expect,
            present=under.present | present,
            syntax=part.syntax,
        )

    def _no_such_part(self, part: Part, unknown: list[str]) -> None:
        """Complain about the time over in a unit that a deadline does not have: days of moments, minutes of days."""
        for name in unknown:
            deadline = body_name(name)
            if deadline not in self.ground.deadlines:
                continue
            known = [other for other in self.built if other != deadline and body_name(other) == deadline]
            if known:
                self.reporter.put(
                    "CR813", part.locate(self.reporter, 0, len(part.text)), part.path,
                    {"found": name, "name": deadline, "expected": ", ".join(known)},
                )  # fmt: skip

    def clause(self, *own: str | None) -> str | None:
        """The nearest clause: of a body, of what is around it, at last of the document."""
        return next((clause for clause in (*own, self.reporter.loaded.document.clause) if clause is not None), None)

    def refuse(self, code: str, part: Part, tree: Tree, **values: object) -> None:
        """Complain about a piece of an expression."""
        self.reporter.put(code, part.locate(self.reporter, tree.start, tree.end), part.path, values)

    def expr(self, part: Part, checked: Checked) -> Expr:
        """A checked part as the plan keeps it."""
        span = part.locate(self.reporter, 0, len(part.text))
        return Expr(part.text, ".".join(part.path), checked.tree, checked.divisors, span)

    def number(
        self,
        part: Part | None,
        *,
        under: Under = ALWAYS,
        present: frozenset[Binding] = frozenset(),
        counted: Mapping[str, Counted] | None = None,
        exact: bool = False,
    ) -> Checked | None:
        """A number with a scale: a quotient has to be rounded by a measure of its own first, unless it may stay an
        `exact` fraction here."""
        checked = self.check(part, NUMBER, under=under, present=present, counted=counted)
        if part is None or checked is None:
            return None
        return checked if exact or self.scaled(part, checked.tree) else None

    def scaled(self, part: Part, tree: Tree) -> bool:
        """Whether a value is no quotient that still has to be rounded; complains where it is."""
        if isinstance(tree.type, Number) and tree.type.scale is None:
            read = {one.measure for one in reads(tree) if isinstance(one, Measured)}
            quotients = (one for one in self.built.values() if isinstance(one, Quotient))
            name = next((one.name for one in quotients if one.denominator in read), None)
            self.refuse("CR463" if name is None else "CR973", part, tree, found=part.text, name=name or "-")
            return False
        return True

    def under(self, part: Part | None) -> Under | None:
        """The condition `applies` of a body, which can never be unknown; None where something is wrong with it."""
        if part is None:
            return ALWAYS
        checked = self.check(part, CONDITION)
        if checked is None:
            return None
        if checked.tree.type.optional:
            self.refuse("CR478", part, checked.tree, key=part.path[-1], names=missing_names(checked.tree))
            return None
        return Under(part.text, self.expr(part, checked), checked.proves)


def missing_names(*trees: Tree) -> str:
    """The names in expressions that can be missing, for messages."""
    found: dict[str, None] = {}
    for node in (node for tree in trees for node in nodes(tree) if node.type.optional):
        if isinstance(node, Read):
            found[node.name] = None
        elif isinstance(node, Lookup) and not any(key.type.optional for key in node.keys):
            # Not a missing key, but what the table says of a key that it has no row for.
            keys = ", ".join(key.name if isinstance(key, Read) else "..." for key in node.keys)
            found[f"{node.table}({keys}).{node.column}"] = None
    return ", ".join(found) or "-"
