"""Which rules of a ledger stand against each other: groups and their policies, replacements. Knows names and axes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from cityrules.plan.drafts import Draft
from cityrules.plan.order import ordered
from cityrules.plan.reporting import Reporter, listed
from cityrules.plan.sheets import Entry, entries
from cityrules.scheme.document import LedgerBody, RuleBody

Policy = Literal["all", "highest", "first"]


def _written(draft: Draft, body: LedgerBody) -> dict[str, Entry]:
    """The rules as they stand in the document, by name."""
    return {entry.written: entry for entry in entries(body, draft.path)}


def group_policies(reporter: Reporter, draft: Draft, body: LedgerBody) -> Mapping[str, Policy]:
    """The policy of each group, '' for rules outside of one, which always add up.

    Complains where two rules of a group can hit one element and nobody says what then, and about `together` where there
    is no group it could be about.
    """
    rules = _written(draft, body)
    groups: dict[str, list[Entry]] = {}
    for entry in rules.values():
        if entry.body.group is not None:
            groups.setdefault(entry.body.group, []).append(entry)
    given = body.together
    if isinstance(given, str):
        stated: Mapping[str, Policy] = dict.fromkeys(groups, given)
        if not groups and given != "all":
            reporter.refuse("CR491", (*draft.path, "together"), found=given)
    else:
        stated = given or {}
    policies: dict[str, Policy] = {}
    for group, of_group in groups.items():
        # Two fields of one record can name the same target, so that `via` keeps nothing apart.
        meets = {entry.body.each for entry in of_group}
        if group not in stated and len(meets) < len(of_group):
            reporter.refuse("CR484", draft.path, group=group, rules=listed(entry.written for entry in of_group))
        policies[group] = stated.get(group, "all")
        for entry in of_group:
            if entry.body.split and policies[group] != "all":
                reporter.refuse("CR855", (*entry.path, "split"), group=group, policy=policies[group])
    if any(entry.body.group is None for entry in rules.values()):
        policies[""] = "all"
    return policies


def check_replaces(reporter: Reporter, draft: Draft, body: LedgerBody) -> None:
    """Complain about replacements of rules that are not there, cannot hit the same element, or replace in a circle."""
    rules = _written(draft, body)
    for entry in rules.values():
        for number, other in enumerate(entry.body.replaces or ()):
            path = (*entry.path, "replaces")
            path = path if reporter.loaded.locate(path) is not None else (*path, str(number))
            found = rules.get(entry.sibling(other))
            if found is None:
                known = [one.path[-1] for one in rules.values() if one.item == entry.item and one is not entry]
                reporter.refuse_name("CR486", path, other, known)
            elif _meets(found.body) != _meets(entry.body):
                reporter.refuse("CR487", path, found=other, name=entry.path[-1])
    reads = {name: tuple(entry.sibling(other) for other in entry.body.replaces or ()) for name, entry in rules.items()}
    _, circles = ordered(reads)
    for circle in circles:
        reporter.refuse("CR488", (*rules[circle[0]].path, "replaces"), circle=" → ".join((*circle, circle[0])))


def _meets(rule: RuleBody) -> tuple[object, ...]:
    """What two rules have in common that hit the same elements of the same cells, in one group."""
    return rule.each, rule.via, tuple(rule.split or ()), rule.group
