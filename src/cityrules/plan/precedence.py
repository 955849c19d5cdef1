"""Which rules of a ledger stand against each other: groups and their policies, replacements. Knows names and axes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from cityrules.plan.drafts import Draft
from cityrules.plan.model import Ledger, Measure, RecordAxis, RecordKind
from cityrules.plan.order import ordered
from cityrules.plan.reporting import Reporter, listed
from cityrules.plan.sheets import Entry, entries
from cityrules.scheme.document import LedgerBody
from cityrules.text.diagnostic import Diagnostic

Policy = Literal["all", "highest", "first"]
_POLICIES: Final[tuple[Policy, ...]] = get_args(Policy)
PER_EVENT: Final = " per event"
SEVERAL_ROUTES: Final = "CR435"


@dataclass(frozen=True, slots=True)
class Groups:
    """`policies`: of each group, '' for rules outside of one, which always add up. `events`: the groups that are
    settled event by event."""

    policies: Mapping[str, Policy]
    events: frozenset[str]


def _written(draft: Draft, body: LedgerBody) -> dict[str, Entry]:
    """The rules as they stand in the document, by name."""
    return {entry.written: entry for entry in entries(body, draft.path)}


def group_policies(reporter: Reporter, draft: Draft, body: LedgerBody, records: Mapping[str, RecordKind]) -> Groups:
    """What several hits of one group on a record, or on an event, do.

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
        stated: Mapping[str, str] = dict.fromkeys(groups, given)
        if not groups and given != "all":
            reporter.refuse("CR491", (*draft.path, "together"), found=given)
    else:
        stated = given or {}
    policies: dict[str, Policy] = {}
    events = set()
    for group, of_group in groups.items():
        # Two fields of one record can name the same target, so that `via` keeps nothing apart.
        meets = {entry.body.each for entry in of_group}
        if group not in stated and len(meets) < len(of_group):
            reporter.refuse("CR484", draft.path, group=group, rules=listed(entry.written for entry in of_group))
        word = stated.get(group, "all")
        policies[group] = next(policy for policy in _POLICIES if policy == word.removesuffix(PER_EVENT))
        if word.endswith(PER_EVENT):
            _check_events(reporter, draft, group, of_group, records, word)
            events.add(group)
        for entry in of_group:
            if entry.body.split and policies[group] != "all":
                reporter.refuse("CR855", (*entry.path, "split"), group=group, policy=policies[group])
    if any(entry.body.group is None for entry in rules.values()):
        policies[""] = "all"
    return Groups(policies, frozenset(events))


def _check_events(
    reporter: Reporter,
    draft: Draft,
    group: str,
    rules: Sequence[Entry],
    records: Mapping[str, RecordKind],
    word: str,
) -> None:
    """Complain about a group that is to be settled event by event where there are no events, or nothing to settle."""
    path = (*draft.path, "together")
    path = (*path, group) if reporter.loaded.locate(path) is None else path
    kinds = dict.fromkeys(entry.body.each for entry in rules)
    of_events = [kind for kind in kinds if kind is not None and kind in records and records[kind].event]
    if len(kinds) > 1 or not of_events:
        known = [record.name for record in records.values() if record.event]
        rules_of = listed(entry.written for entry in rules)
        reporter.refuse("CR907", path, group=group, rules=rules_of, expected=listed(known))
    elif word.startswith("all") and not any(entry.body.replaces for entry in rules):
        reporter.refuse("CR908", path, group=group, found=word)


def check_used_events(reporter: Reporter, records: Mapping[str, RecordKind], measures: Iterable[Measure]) -> None:
    """Point out events that no ledger asks for."""
    ledgers = [one for one in measures if isinstance(one, Ledger) and one.events]
    used = {
        rule.axis.record
        for ledger in ledgers
        for rule in ledger.rules
        if rule.group in ledger.events and isinstance(rule.axis, RecordAxis)
    }
    for record in records.values():
        if record.event and record.name not in used:
            reporter.warn("CR909", ("records", record.name, "event"), at_key=True, record=record.name)


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
            elif differ := _apart(reporter, entry, found):
                reporter.refuse("CR487", path, found=other, name=entry.path[-1], keys=", ".join(differ))
    reads = {name: tuple(entry.sibling(other) for other in entry.body.replaces or ()) for name, entry in rules.items()}
    _, circles = ordered(reads)
    for circle in circles:
        reporter.refuse("CR488", (*rules[circle[0]].path, "replaces"), circle=" → ".join((*circle, circle[0])))


def _apart(reporter: Reporter, one: Entry, other: Entry) -> list[str]:
    """The keys in which two rules differ that hit different elements or cells, or stand in different groups."""
    found = [key for key in ("each", "via", "group") if getattr(one.body, key) != getattr(other.body, key)]
    if tuple(one.body.split or ()) != tuple(other.body.split or ()):
        found.append("split")
    if "via" in found and any(problem.code == SEVERAL_ROUTES for problem in _about(reporter, one, other)):
        found.remove("via")  # One of the two has to say which way it goes, and it is asked for that already.
    return found


def _about(reporter: Reporter, *rules: Entry) -> Iterator[Diagnostic]:
    paths = [".".join(rule.path) for rule in rules]
    return (problem for problem in reporter.report if any(f"{problem.path}.".startswith(f"{path}.") for path in paths))
