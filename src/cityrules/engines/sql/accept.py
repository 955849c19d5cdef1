"""The inputs of an assessment to a world: targets before records, parents before children. Knows no measures."""

from __future__ import annotations

from dataclasses import dataclass

from cityrules.engines.base import Inputs, Question, check_number, with_stated
from cityrules.engines.columns import check_inputs
from cityrules.engines.sql.accept_records import cell_form, kept_records, known_records, record_form
from cityrules.engines.sql.accept_targets import appearing, listed, paired, registered, target_form
from cityrules.engines.sql.intake import Taken, take
from cityrules.engines.sql.session import Session
from cityrules.engines.sql.world import Records, Targets, World
from cityrules.plan.model import Plan
from cityrules.plan.references import in_order


@dataclass(frozen=True, slots=True)
class Accepted:
    """The world without any results, and what was taken of each kind (for rejects)."""

    world: World
    taken: tuple[Taken, ...]


def take_in(session: Session, plan: Plan, inputs: Inputs, question: Question) -> Accepted:
    """Read all inputs. Raises DataError for inputs without the columns that the plan declares."""
    check_inputs(plan, inputs)
    inputs = with_stated(plan, inputs)
    taken: list[Taken] = []
    targets: dict[str, Targets] = {}
    for kind in sorted(plan.kinds.values(), key=lambda kind: len(kind.ancestors)):
        if kind.in_rows:
            found = take(session, target_form(plan, kind, targets), inputs.targets.get(kind.name, ()))
            taken.append(found)
            targets[kind.name] = registered(session, plan, kind, found, targets)
        elif not isinstance(kind.members, str) and not kind.parts:
            targets[kind.name] = listed(session, kind.members)
    records: dict[str, Records] = {}
    known: dict[str, Records] = {}
    accepted: dict[str, str] = {}
    for name in in_order(plan.records, {record.name: record.references for record in plan.records.values()}):
        record = plan.records[name]
        form = cell_form if record.one_per is not None else record_form
        asked = form(World(session, plan, question, targets, known), record)
        # What others refer to is read for each of them.
        once = record.one_per is None and not record.references and name not in plan.referred
        found = take(session, asked, inputs.records.get(record.name, ()), afresh=once)
        taken.append(found)
        if found.number is None:
            accepted[record.name] = found.accepted
        else:
            check_number(record.name, found.number, of_targets=False)
        records[record.name] = kept_records(session, record, found, known)
        known[record.name] = records[record.name]
        if found.referents is not None:
            known[record.name] = known_records(session, record, found, known)
    records = {name: records[name] for name in plan.records}
    for kind in plan.kinds.values():
        if kind.members == "as they appear":
            targets[kind.name] = appearing(session, kind.name, records)
    for kind in plan.kinds.values():
        if kind.parts:
            targets[kind.name] = paired(session, [targets[part] for part in kind.parts])
    rows = session.counts([*accepted.values(), *(of_kind.names for of_kind in targets.values())])
    for place, (name, count) in enumerate(zip((*accepted, *targets), rows, strict=True)):
        check_number(name, count, of_targets=place >= len(accepted))
    return Accepted(World(session, plan, question, targets, records), tuple(taken))
