"""Which rules of a ledger stand against each other: groups and their policies, replacements. Knows names and axes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from cityrules.plan.drafts import Draft
from cityrules.plan.order import ordered
from cityrules.plan.reporting import Reporter, listed
from cityrules.scheme.document import LedgerBody, RuleBody

Policy = Literal["all", "highest", "first"]


def group_policies(reporter: Reporter, draft: Draft, body: LedgerBody) -> Mapping[str, Policy]:
    """The policy of each group, '' for rules outside of one, which always add up.

    Complains where two rules of a group can hit one element and nobody says what then, and about `together` where there
    is no group it could be about.
    """
    groups: dict[str, list[str]] = {}
    for name, rule in body.rules.items():
        if rule.group is not None:
            groups.setdefault(rule.group, []).append(name)
    given = body.together
    if isinstance(given, str):
        stated: Mapping[str, Policy] = dict.fromkeys(groups, given)
        if not groups and given != "all":
            reporter.refuse("CR491", (*draft.path, "together"), found=given)
    else:
        stated = given or {}
    policies: dict[str, Policy] = {}
    for group, names in groups.items():
        # Two fields of one record can name the same target, so that `via` keeps nothing apart.
        meets = {body.rules[name].each for name in names}
        if group not in stated and len(meets) < len(names):
            reporter.refuse("CR484", draft.path, group=group, rules=listed(names))
        policies[group] = stated.get(group, "all")
        for name in names:
            if body.rules[name].split and policies[group] != "all":
                reporter.refuse("CR855", (*draft.path, "rules", name, "split"), group=group, policy=policies[group])
    if any(rule.group is None for rule in body.rules.values()):
        policies[""] = "all"
    return policies


def check_replaces(reporter: Reporter, draft: Draft, body: LedgerBody) -> None:
    """Complain about replacements of rules that are not there, cannot hit the same element, or replace in a circle."""
    for name, rule in body.rules.items():
        for number, other in enumerate(rule.replaces or ()):
            path = (*draft.path, "rules", name, "replaces")
            path = path if reporter.loaded.locate(path) is not None else (*path, str(number))
            found = body.rules.get(other)
            if found is None:
                reporter.refuse_name("CR486", path, other, [known for known in body.rules if known != name])
            elif _meets(found) != _meets(rule):
                reporter.refuse("CR487", path, found=other, name=name)
    _, circles = ordered({name: rule.replaces or () for name, rule in body.rules.items()})
    for circle in circles:
        reporter.refuse("CR488", (*draft.path, "rules", circle[0], "replaces"), circle=" → ".join((*circle, circle[0])))


def _meets(rule: RuleBody) -> tuple[object, ...]:
    """What two rules have in common that hit the same elements of the same cells, in one group."""
    return rule.each, rule.via, tuple(rule.split or ()), rule.group
