"""The plan: a checked scheme with every name resolved, every type and scale known, every measure in order.

This is all that engines, explanation and comparison see; nothing here knows YAML, and nothing here knows an engine.
Policies (`missing`, `empty`, ...) are stated wherever they can matter and absent (None) where the types prove that they
cannot. What each node means, to the last row, is written in `docs/engines.md`.
"""

from cityrules.plan.model.axes import Axis, Dated, KindAxis, PeriodAxis, RecordAxis, Standing
from cityrules.plan.model.consequences import ActPlan, Between, Check, Consequence, Duty, Ending, Step, Withheld
from cityrules.plan.model.expressions import Constant, Expr
from cityrules.plan.model.inputs import Condition, Kind, ParameterPlan, RecordKind, Route, TablePlan
from cityrules.plan.model.ledgers import Cap, Discretion, Item, Ledger, Rule
from cityrules.plan.model.measures import Measure, Rank, Run, Share
from cityrules.plan.model.values import (
    DEADLINE_PARTS,
    Alike,
    Bands,
    Base,
    Branch,
    Choice,
    Deadline,
    DeadlinePart,
    Element,
    Empty,
    Fold,
    FoldOp,
    Formula,
    Missing,
    Overridden,
    Pauses,
    Quotient,
    Tier,
    Tiers,
    Weighted,
)
from cityrules.plan.model.whole import Plan

__all__ = [
    "DEADLINE_PARTS",
    "ActPlan",
    "Alike",
    "Axis",
    "Bands",
    "Base",
    "Between",
    "Branch",
    "Cap",
    "Check",
    "Choice",
    "Condition",
    "Consequence",
    "Constant",
    "Dated",
    "Deadline",
    "DeadlinePart",
    "Discretion",
    "Duty",
    "Element",
    "Empty",
    "Ending",
    "Expr",
    "Fold",
    "FoldOp",
    "Formula",
    "Item",
    "Kind",
    "KindAxis",
    "Ledger",
    "Measure",
    "Missing",
    "Overridden",
    "ParameterPlan",
    "Pauses",
    "PeriodAxis",
    "Plan",
    "Quotient",
    "Rank",
    "RecordAxis",
    "RecordKind",
    "Route",
    "Rule",
    "Run",
    "Share",
    "Standing",
    "Step",
    "TablePlan",
    "Tier",
    "Tiers",
    "Weighted",
    "Withheld",
]
