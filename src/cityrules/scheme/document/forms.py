"""All forms of measures, told apart by the one key that names the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Discriminator, Tag

from cityrules.scheme.document.ledgers import ItemLedgerBody, LedgerBody
from cityrules.scheme.document.measures import (
    BandsBody,
    ChooseBody,
    CountBody,
    DeadlineBody,
    DistinctBody,
    FirstBody,
    FormulaBody,
    LastBody,
    MaxBody,
    MeanBody,
    MeasureBody,
    MinBody,
    PortionBody,
    RankBody,
    RunBody,
    ShareBody,
    SumBody,
    TiersBody,
    WeightedBody,
)

# The key that gives a measure its form. The order is the order of the reference documentation.
FORMS: dict[str, type[MeasureBody]] = {
    "formula": FormulaBody,
    "items": ItemLedgerBody,
    "rules": LedgerBody,
    "count": CountBody,
    "sum": SumBody,
    "mean": MeanBody,
    "min": MinBody,
    "max": MaxBody,
    "first": FirstBody,
    "last": LastBody,
    "distinct": DistinctBody,
    "portion": PortionBody,
    "bands": BandsBody,
    "choose": ChooseBody,
    "tiers": TiersBody,
    "weighted": WeightedBody,
    "rank": RankBody,
    "apportion": ShareBody,
    "run": RunBody,
    "deadline": DeadlineBody,
}


def _form(value: object) -> str | None:
    """The tag of a measure's form by the one key that names it; None when it has none (or, from YAML, several)."""
    if isinstance(value, MeasureBody):
        return next(f"{key} form" for key, body in FORMS.items() if isinstance(value, body))
    if not isinstance(value, Mapping):
        return None
    found = [key for key in FORMS if key in value]
    return f"{found[0]} form" if len(found) == 1 else None


Measure = Annotated[
    Annotated[FormulaBody, Tag("formula form")]
    | Annotated[ItemLedgerBody, Tag("items form")]
    | Annotated[LedgerBody, Tag("rules form")]
    | Annotated[CountBody, Tag("count form")]
    | Annotated[SumBody, Tag("sum form")]
    | Annotated[MeanBody, Tag("mean form")]
    | Annotated[MinBody, Tag("min form")]
    | Annotated[MaxBody, Tag("max form")]
    | Annotated[FirstBody, Tag("first form")]
    | Annotated[LastBody, Tag("last form")]
    | Annotated[DistinctBody, Tag("distinct form")]
    | Annotated[PortionBody, Tag("portion form")]
    | Annotated[BandsBody, Tag("bands form")]
    | Annotated[ChooseBody, Tag("choose form")]
    | Annotated[TiersBody, Tag("tiers form")]
    | Annotated[WeightedBody, Tag("weighted form")]
    | Annotated[RankBody, Tag("rank form")]
    | Annotated[ShareBody, Tag("apportion form")]
    | Annotated[RunBody, Tag("run form")]
    | Annotated[DeadlineBody, Tag("deadline form")],
    Discriminator(_form, custom_error_type="CR303", custom_error_message="no form, or more than one"),
]
