"""`overrides`: a measure whose form gives the raw value (`score.raw`), and beside it the value that holds (`score`).

Both are measures of the plan, so that nothing that reads, shows or checks measures knows overrides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from cityrules.feel.check import ANY, CONDITION, Checked
from cityrules.feel.facts import when_false
from cityrules.feel.tree import Literal_, Tree
from cityrules.feel.types import Flag, Number, Text
from cityrules.plan.choices import branches
from cityrules.plan.common import common
from cityrules.plan.context import Context, Under, missing_names
from cityrules.plan.drafts import Draft, EffectiveBody
from cityrules.plan.model import Expr, Overridden
from cityrules.plan.policies import stated
from cityrules.plan.trees import Unfit, chosen, default
from cityrules.plan.views import raw_of
from cityrules.scheme.document import MeasureBody
from cityrules.scheme.notation import EXACT

YES: Final = "yes"
WORDS: Final = (YES, "no")


def with_raw(measures: Mapping[str, MeasureBody]) -> dict[str, MeasureBody]:
    """Every measure by name; those with overrides twice, the raw one first."""
    found: dict[str, MeasureBody] = {}
    for name, body in measures.items():
        if body.overrides is None:
            found[name] = body
            continue
        found[raw_of(name)] = body.model_copy(update={"overrides": None})
        kept = {key: getattr(body, key) for key in ("for_", "applies", "clause", "label", "overrides")}
        found[name] = EffectiveBody.model_construct(**kept, raw=raw_of(name))
    return found


def build_overridden(context: Context, draft: Draft, body: EffectiveBody, under: Under) -> Overridden | None:
    """The overrides, and the expression that they and the raw value say together."""
    raw = context.check(draft.parts["raw"], ANY, under=under)
    given = body.overrides or {}
    found: list[tuple[str, Checked, Checked]] = []
    conditions: list[Tree] = []
    known = under.present
    for name, override in given.items():
        path = (*draft.path, "overrides", name)
        condition = context.check(draft.parts.get(f"overrides.{name}.when"), CONDITION, under=under, present=known)
        present = known | condition.proves if condition else known
        part = draft.parts.get(f"overrides.{name}.is")
        value = context.check(part, ANY, under=under, present=present)
        if condition is None or value is None or part is None or not context.scaled(part, value.tree):
            return None
        can_be = condition.tree.type.optional
        word = stated(context, path, override.missing, can_be, missing_names(condition.tree), WORDS)
        conditions.append(_certain(condition.tree, word))
        found.append((name, condition, value))
        if not can_be:
            known |= when_false(condition.tree).present
    if raw is None:
        return None
    if isinstance(raw.tree.type, Number) and raw.tree.type.scale is None:
        context.reporter.refuse("CR974", (*draft.path, "round"), found=EXACT)
        return None
    tree = raw.tree
    for (name, _, value), condition_tree in zip(reversed(found), reversed(conditions), strict=True):
        try:
            tree = chosen(condition_tree, value.tree, tree)
        except Unfit as unfit:
            part = draft.parts[f"overrides.{name}.is"]
            context.refuse(unfit.refusal.code, part, value.tree, **unfit.refusal.values)
            return None
    _note_labels(context, draft, raw.tree, found)
    span = context.reporter.loaded.span((*draft.path, "overrides"))
    return Overridden(
        **common(context, draft, under, tree.type),
        value=Expr(body.raw, ".".join((*draft.path, "overrides")), tree, (), span),
        missing=None,
        empty=None,
        round=None,
        round_default=False,
        raw=body.raw,
        overrides=branches(context, draft.parts, "overrides", "is", found, given),
        unknown=tuple(override.missing == YES for override in given.values()),
    )


def _certain(condition: Tree, word: str | None) -> Tree:
    """The condition with what is stated for not knowing."""
    if not condition.type.optional:
        return condition
    return default(condition, Literal_(Flag(), condition.start, condition.end, word == YES))


def _note_labels(context: Context, draft: Draft, raw: Tree, found: Iterable[tuple[str, Checked, Checked]]) -> None:
    """A label that the form never gives may be meant, but is more often a slip; in quotes it is meant."""
    labels = raw.type.labels if isinstance(raw.type, Text) else None
    for name, _, value in found:
        part = draft.parts[f"overrides.{name}.is"]
        said = value.tree.value if isinstance(value.tree, Literal_) else None
        if labels and isinstance(said, str) and said not in labels and '"' not in part.text:
            context.reporter.refuse_name("CR845", part.path, said, labels)
