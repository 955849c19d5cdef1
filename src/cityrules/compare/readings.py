"""Every option of every reading on the same records: runs them, one after the other, and compares nothing itself."""

from __future__ import annotations

from cityrules.compare.basis import Basis, Variant, varied
from cityrules.io.rows import DataError
from cityrules.plan.model import Plan
from cityrules.plan.withheld import UNSTATED
from cityrules.results.dependence import CHOSEN, Dependence, Run, compared
from cityrules.results.verdicts import VerdictKind, kinds_of, labels_of, reads, verdicts
from cityrules.scheme.load import Loaded
from cityrules.scheme.telling import told


def depend(basis: Basis) -> Dependence:
    """Run the document as it is and under each option of each reading, varied alone; and say what differs.

    A reading that nobody has chosen has no run of its own as chosen: its options are compared with each other. An
    option that cannot be run on these records is told as such. Raises DataError where the document as it is cannot.
    """
    loaded, plan = basis.loaded, basis.plan
    readings = loaded.document.readings
    options = {
        name: [varied(loaded, {f"readings.{name}": option}, option) for option in body.others]
        for name, body in readings.items()
    }
    plans = [one.plan for found in options.values() for one in found if one.plan is not None]
    kinds = verdicts_of(loaded, plan, plans)
    labels = {name: label for one in (*reversed(plans), plan) for name, label in labels_of(one).items()}

    def run(option: str, of: Plan) -> Run:
        withheld = frozenset(one.name for one in of.withheld)
        own = {name: kind for name, kind in kinds.items() if name not in withheld}
        return Run(option, verdicts(basis.run(of).tables, own), withheld=withheld)

    def tried(option: Variant) -> Run:
        if option.plan is None:
            return Run(option.name, {}, option.failed)
        try:
            return run(option.name, option.plan)
        except DataError as problem:
            return Run(option.name, {}, told(problem.diagnostics, loaded.language))

    first = run(CHOSEN, plan)
    ran = [
        (name, body, [*([] if body.chosen == UNSTATED else [first]), *map(tried, options[name])])
        for name, body in readings.items()
    ]
    return compared(ran, kinds, labels, UNSTATED, first)


def verdicts_of(loaded: Loaded, plan: Plan, others: list[Plan]) -> dict[str, VerdictKind]:
    """The names that give verdicts in a document (`plan`) or in any of the `others`. A measure is judged by who reads
    it in the document as it is; what is withheld there reads what it reads where it is computed. What only one of the
    others has counts if nothing reads it."""
    withheld = {one.name for one in plan.withheld}
    read = reads(plan) | {name for other in others for name in reads(other, withheld)}
    kinds = kinds_of(plan, read)
    for other in others:
        own = reads(other)
        for name, kind in kinds_of(other, own).items():
            written = name in plan.measures or name.partition(".")[0] in loaded.document.measures
            if name not in kinds and name not in plan.measures and (name not in own or written):
                kinds[name] = kind
    return kinds
