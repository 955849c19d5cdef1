"""The rules of a ledger one by one, as they will stand in the plan: split between targets. Knows bodies, no types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from cityrules.plan.reporting import Address
from cityrules.scheme.document import LedgerBody, RuleBody


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule. `name`: unique in its ledger; a rule that splits is there once for each field (`late.squad`), each with
    the field as its way (`via`) and its `share`. `written`: the name of the rule in the document."""

    name: str
    written: str
    path: Address
    body: RuleBody
    via: str | None
    share: Fraction | None = None


def entries(body: LedgerBody, path: Address) -> Iterator[Entry]:
    """The rules of a ledger in order. The shares of one rule sum to 1."""
    for name, rule in body.rules.items():
        address = (*path, "rules", name)
        if not rule.split:
            yield Entry(name, name, address, rule, rule.via)
            continue
        *first, last = rule.split
        left = Fraction(1)
        for field in first:
            share = rule.split[field].value
            left -= share
            yield Entry(f"{name}.{field}", name, address, rule, field, share)
        yield Entry(f"{name}.{last}", name, address, rule, last, left)


def parts_of(rules: Sequence[Entry]) -> Mapping[str, tuple[str, ...]]:
    """The rules of the plan by the name of the rule in the document that they come from."""
    found: dict[str, tuple[str, ...]] = {}
    for entry in rules:
        found[entry.written] = (*found.get(entry.written, ()), entry.name)
    return found
