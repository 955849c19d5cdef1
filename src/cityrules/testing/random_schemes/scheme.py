"""Random small scheme documents over the constructs of the language, and plans of them.

A document grows by a few measures at a time, drawn at random and mended until the plan accepts them; so the plan's own
checks decide what is a scheme, and nothing here repeats them. The seed is the only thing drawn.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import yaml

from cityrules.plan.model import Plan
from cityrules.testing.drawing.drawn import Printer
from cityrules.testing.random_schemes.accepting import conditions
from cityrules.testing.random_schemes.acts import acts
from cityrules.testing.random_schemes.followers import followers
from cityrules.testing.random_schemes.head import head
from cityrules.testing.random_schemes.measures import measure
from cityrules.testing.random_schemes.mending import mended, plain, plan_of
from cityrules.testing.random_schemes.tables import tabled
from cityrules.testing.random_schemes.trimming import with_sound_readings, without_idle
from cityrules.testing.random_schemes.wishes import graded, wished
from cityrules.testing.random_schemes.words import SORTS, Body
from cityrules.text.diagnostic import Report


class Written(yaml.SafeDumper):
    """Writes a part that stands in two places out twice: a scheme may not be built from copies (CR121)."""

    def ignore_aliases(self, data: object) -> bool:
        return True


@dataclass(frozen=True, slots=True, repr=False)
class RandomScheme:
    """A document and its plan. It shows itself as the text of the document."""

    document: Body
    plan: Plan

    def __repr__(self) -> str:
        return self.text

    def _repr_pretty_(self, printer: Printer, cycle: bool) -> None:
        # What hypothesis shows of an example.
        printer.text("\n" + self.text)

    @property
    def text(self) -> str:
        return yaml.dump(self.document, Dumper=Written, allow_unicode=True, sort_keys=False, width=150)


def make_scheme(seed: int, most: int = 6) -> RandomScheme:
    """The scheme of a seed, with so many measures at most that chance alone draws; those that are wished for, and what
    reads them, come on top. The same seed gives the same document as long as the language is the same."""
    rng = random.Random(seed)
    document = head(rng)
    sorts = {**SORTS}
    wanted = rng.randint(1, most)
    for turn in range(wanted):
        measures = document["measures"]
        if len(measures) == wanted:
            break
        # Two at a time, of which the second can read the first.
        drawn: Body = {}
        for number in range(min(2, wanted - len(measures))):
            name = f"m{turn}{'ab'[number]}"
            drawn[name] = measure(rng, {**measures, **drawn})
            sorts[name] = drawn[name]["is"]
        document = mended(rng, document, {"measures": drawn}, sorts)
    # Those who read what may be left out come last, so that they are mended with it.
    extra = wished(rng, document["measures"])
    sorts |= {name: body["is"] for name, body in extra.items()}
    document = mended(rng, document, {"measures": extra}, sorts)
    if "w_grade" in document["measures"] and rng.random() < 0.8:
        document = mended(rng, document, graded(rng, document), sorts)
    document = mended(rng, document, followers(rng, document["measures"]), sorts)
    if document.get("consequences") and rng.random() < 0.4:
        rest = acts(rng, document["consequences"], document["measures"])
        document = mended(rng, document, rest, sorts | {name: body["is"] for name, body in rest["measures"].items()})
    if rng.random() < 0.4:
        document = mended(rng, document, conditions(rng, document, document["measures"]), sorts)
    document = tabled(random.Random(f"{seed} tables"), document, sorts)
    if rng.random() < 0.9:
        document = without_idle(document)
    document = with_sound_readings(document)
    report = Report()
    plan = plan_of(document, report)
    assert plan is not None, yaml.safe_dump(document, allow_unicode=True)
    of_cells = {name for name, body in document.get("checks", {}).items() if "for" in body}
    lost = {*document["measures"], *document.get("consequences", {}), *of_cells}
    lost -= {name.partition(".")[0] for name in (*plan.measures, *plan.consequences, *plan.checks)}
    assert not lost - {one.name for one in plan.withheld}, lost
    return RandomScheme(plain(document), plan)
