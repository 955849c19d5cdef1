"""Measures in words: one sentence for each form, and a line for each rule, item, band, branch and limit of it."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping
from typing import Final

from cityrules.report.names import plain, say
from cityrules.report.policies import POLICIES
from cityrules.report.values import Values
from cityrules.scheme.document import (
    BandsBody,
    Body,
    CapBody,
    ChooseBody,
    DeadlineBody,
    Document,
    FoldBody,
    ItemBody,
    ItemLedgerBody,
    LedgerBody,
    Measure,
    OverrideBody,
    RankBody,
    RuleBody,
    ShareBody,
    StandingBody,
    TiersBody,
    WeightedBody,
)
from cityrules.scheme.notation import NotationError, parse_grain

COMMON: Final = frozenset({"clause", "label", "note", "by"})
"""What every body may carry; told round the sentence of the body."""

FOLDED: Final = frozenset({"where", "via", "dated", "standing", "among", "window"})
"""What all folds have alike; told behind the sentence of the fold."""

BANDS: Final = ("at_least", "above", "up_to", "below")

Lines = Iterator[str]


class Bodies:
    """The bodies of one document in one language. `whole`: the document that what is told is a part of."""

    def __init__(self, values: Values, whole: Document | None = None) -> None:
        self.values = values
        self.names = values.names
        self.language = values.language
        ledgers = [body for body in whole.measures.values() if isinstance(body, LedgerBody)] if whole else []
        self._rules = {name: label for body in ledgers for name, label in self._labels(body).items()}

    # ------------------------------------------------------------------------------------------ for all bodies

    def sentence(self, body: Body, **more: str | None) -> str:
        """The sentence about a body: its own fields, but for what is told elsewhere, and `more`."""
        name = type(body).__name__
        left_out = COMMON | POLICIES.get(name, {}).keys() | {key for key, value in more.items() if value is None}
        given = {**self.values.of(body, frozenset(left_out)), **more}
        return say(name, self.language, **given)

    def clause(self, body: Body) -> str:
        """Where it stands in the source, in brackets."""
        return say("at_clause", self.language, clause=None if body.clause is None else plain(body.clause))

    def noted(self, told: str, body: Body) -> str:
        """A sentence with who assesses, and the note."""
        by, note = (None if text is None else plain(text) for text in (body.by, body.note))
        return say("noted", self.language, told=told, by=by, note=note)

    def named(self, name: str, body: Body, told: str) -> str:
        """One line of a list: what it is called, its clause, and what it says."""
        called = self.names.titled(name, body.label)
        return self.noted(say("named", self.language, name=called, clause=self.clause(body), told=told), body)

    # ------------------------------------------------------------------------------------------ measures

    def measure(self, body: Measure) -> Lines:
        """A measure: a paragraph, and lists below it."""
        with self.names.about(_axis(body), body.for_.kind):
            yield from self._measure(body)

    def _measure(self, body: Measure) -> Lines:
        applies = getattr(body, "applies", None)
        told = "" if applies is None else say("applies", self.language, applies=self.values.expression(applies))
        told += self._form(body)
        unit = None if body.unit is None else self.names.value(body.unit)
        grain = self.values.grain(body.for_)
        yield self.noted(say("measure", self.language, for_=grain, told=told, unit=unit), body)
        below = list(self._below(body))
        if below:
            yield ""
            yield from below
        if body.overrides:
            yield ""
            yield say("overrides", self.language)
            yield ""
            yield from (f"- {self._override(name, one)}" for name, one in body.overrides.items())

    def _override(self, name: str, body: OverrideBody) -> str:
        return self.named(name, body, self.sentence(body))

    def _form(self, body: Measure) -> str:
        left_out = dict.fromkeys(("for_", "applies", "unit", "overrides"))
        if isinstance(body, FoldBody):
            return self.sentence(body, **left_out, **dict.fromkeys(FOLDED)) + self._folded(body)
        if isinstance(body, BandsBody):
            upward = body.at_least is not None or body.above is not None
            return self.sentence(body, **left_out, otherwise=None, direction="upward" if upward else "downward")
        if isinstance(body, ChooseBody):
            return self.sentence(body, **left_out, otherwise=None)
        if isinstance(body, TiersBody):
            return self.sentence(body, **left_out, beyond=None)
        if isinstance(body, (RankBody, ShareBody)):
            what = "among" if isinstance(body, RankBody) else "shared"
            among = (
                say(f"{what}_whole", self.language)
                if body.among == ("whole",)
                else say(f"{what}_by", self.language, names=self.names.listed(body.among))
            )
            return self.sentence(body, **left_out, among=among)
        return self.sentence(body, **left_out)

    def _folded(self, body: FoldBody) -> str:
        told = self.values.of(body)
        given = {name: told[name] for name in FOLDED if name in told}
        if body.standing is not None:
            given["standing"] = self._standing(body.standing, body)
        whole = body.among == ("whole",)
        if whole:
            given.pop("among")
        said = say("folded", self.language, **given)
        return said + (say("among_all", self.language) if whole else "")

    def _standing(self, body: StandingBody, of: Body) -> str:
        columns = self.values.over_rows(of)
        first, last = (self.values.told(end, "axis", columns) for end in (body.from_, body.until))
        return say("StandingBody", self.language, from_=first, until=last)

    def _below(self, body: Measure) -> Lines:
        if isinstance(body, LedgerBody):
            yield from self._ledger(body)
        elif isinstance(body, BandsBody):
            yield from self._bands(body)
        elif isinstance(body, ChooseBody):
            for name, branch in body.choose.items():
                yield f"- {self.named(name, branch, self.sentence(branch))}"
            yield f"- {say('choose_otherwise', self.language, otherwise=self.values.expression(body.otherwise))}"
        elif isinstance(body, TiersBody):
            for bound, rate in body.up_to.items():
                tier = {"bound": self.values.expression(bound), "rate": self.values.expression(rate)}
                yield f"- {say('tier', self.language, **tier)}"
            yield f"- {say('tier_beyond', self.language, beyond=self.values.expression(body.beyond))}"
        elif isinstance(body, WeightedBody):
            for name, weight in body.weighted.items():
                told = {"name": self.names.of(name), "weight": self.values.expression(weight)}
                yield f"- {say('weight', self.language, **told)}"
        elif isinstance(body, DeadlineBody) and body.paused is not None:
            over = None if body.paused.among != ("whole",) else {"among": None}
            yield f"- {self.noted(self.sentence(body.paused, **(over or {})), body.paused)}{self.clause(body.paused)}"

    def _bands(self, body: BandsBody) -> Lines:
        for key in BANDS:
            for bound, result in (getattr(body, key) or {}).items():
                told = {"bound": self.values.expression(bound), "result": self.values.result(result)}
                yield f"- {say('band', self.language, word=key, **told)}"
        yield f"- {say('band_otherwise', self.language, otherwise=self.values.result(body.otherwise))}"

    # ------------------------------------------------------------------------------------------ ledgers

    def _ledger(self, body: LedgerBody) -> Lines:
        called = ChainMap(self._labels(body), self._rules)
        points = say("default_points", self.language) if body.unit is None else self.names.value(body.unit)
        for name, rule in body.rules.items():
            yield f"- {self._rule(name, rule, called, points)}"
        if isinstance(body, ItemLedgerBody):
            yield from self._items(body.items, called, points, "")
        if body.caps:
            yield ""
            yield say("caps", self.language)
            yield ""
            yield from (f"- {self._cap(name, cap, called)}" for name, cap in body.caps.items())

    def _labels(self, body: LedgerBody) -> dict[str, str]:
        """What the rules of a ledger are called."""
        return {name: plain(self.names.called(name, label)) for name, label in _called(body)}

    def _items(self, items: Mapping[str, ItemBody], called: Mapping[str, str], points: str, indent: str) -> Lines:
        for name, item in items.items():
            yield f"{indent}- {self.named(name, item, self.sentence(item))}"
            for rule_name, rule in (item.rules or {}).items():
                yield f"{indent}  - {self._rule(rule_name, rule, called, points)}"
            yield from self._items(item.items or {}, called, points, indent + "  ")

    def _rule(self, name: str, rule: RuleBody, called: Mapping[str, str], points: str) -> str:
        with self.names.about(rule.each):
            return self._said(name, rule, called, points)

    def _said(self, name: str, rule: RuleBody, called: Mapping[str, str], points: str) -> str:
        replaces = self.names.joined([called.get(one) or self.names.of(one) for one in rule.replaces or ()]) or None
        shares = [
            say("share", self.language, name=self.names.of(field), share=str(share))
            for field, share in (rule.split or {}).items()
        ]
        more = {
            "replaces": replaces,
            "split": self.names.joined(shares) or None,
            "standing": None if rule.standing is None else self._standing(rule.standing, rule),
            # A number that is set by name has its unit with it.
            "points": "" if self.names.sets((rule.deduct or rule.add or "").strip()) else points,
            "group": None if rule.group is None else self.names.of(rule.group),
        }
        # Without an axis the sentence begins in its middle.
        return self.named(name, rule, self.sentence(rule, **more).lstrip("，,: "))

    def _cap(self, name: str, cap: CapBody, called: Mapping[str, str]) -> str:
        moved = {"deduct": "all_deductions", "add": "all_additions"}
        of = [
            say(moved[one], self.language) if one in moved else called.get(one) or self.names.of(one) for one in cap.of
        ]
        return self.named(name, cap, self.sentence(cap, of=self.names.joined(of), per=self._per(cap.per)))

    def _per(self, per: str | None) -> str | None:
        """Of what there is one limit each: a grain, or the values of a name."""
        if per is None:
            return None
        try:
            grain = parse_grain(per)
        except NotationError:
            return self.names.of(per)
        if grain.period is None and " " not in grain.kind:
            return say("each", self.language, kind=self.names.of(grain.kind))
        return self.values.grain(grain)


def _axis(body: Measure) -> str | None:
    """What a fold runs over."""
    axes = (getattr(body, name, None) for name in ("over", "count"))
    return next((axis for axis in axes if isinstance(axis, str)), None)


def _called(body: LedgerBody) -> Iterator[tuple[str, str | None]]:
    """The rules of a ledger with their labels, those of its items too."""
    stack: list[tuple[Mapping[str, RuleBody], Mapping[str, ItemBody]]] = [
        (body.rules, body.items if isinstance(body, ItemLedgerBody) else {})
    ]
    while stack:
        rules, items = stack.pop()
        yield from ((name, rule.label) for name, rule in rules.items())
        stack += [(item.rules or {}, item.items or {}) for item in items.values()]
