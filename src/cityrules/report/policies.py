"""What the document decides where its source says nothing: every such key of every body, as the rows of one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import BaseModel

from cityrules.report.names import plain, say, word
from cityrules.report.values import Values
from cityrules.results.wording import wording
from cityrules.scheme.document import Document
from cityrules.scheme.keys import speech

_MEASURE: Final = {"missing": "missing", "round": "round"}
_FOLD: Final = {**_MEASURE, "empty": "empty", "itself": "itself"}
_LEDGER: Final = {**_MEASURE, "together": "together"}

POLICIES: Final[Mapping[str, Mapping[str, str]]] = {
    "Document": {"rounding": "rounding"},
    "CalendarBody": {
        "start_day": "start_day",
        "last_day_off": "last_day_off",
        "day_before": "day_before",
        "day_before_off": "day_before_off",
    },
    "UnitBody": {"start_day": "start_day", "last_day_off": "last_day_off"},
    "PeriodBody": {"in_": "in_"},
    "TableBody": {"absent": "absent_key"},
    "RecordBody": {"absent": "absent", "latest_by": "latest_by"},
    "ConditionBody": {"missing": "condition"},
    "FormulaBody": {**_MEASURE, "empty": "empty"},
    "LedgerBody": _LEDGER,
    "ItemLedgerBody": {**_LEDGER, "absent_items": "absent_items"},
    "RuleBody": {"missing": "condition"},
    "CapBody": {"short": "short"},
    **dict.fromkeys(
        ("CountBody", "SumBody", "MeanBody", "MinBody", "MaxBody", "FirstBody", "LastBody", "DistinctBody"), _FOLD
    ),
    "PortionBody": _FOLD,
    "BandsBody": _MEASURE,
    "ChooseBody": _MEASURE,
    "TiersBody": _MEASURE,
    "WeightedBody": {**_MEASURE, "empty": "empty"},
    "RankBody": {**_MEASURE, "ties": "ties"},
    "ShareBody": {**_MEASURE, "empty": "empty"},
    "RunBody": {**_MEASURE, "new_year": "new_year"},
    "DeadlineBody": _MEASURE,
    "OverrideBody": {"missing": "condition"},
    "ConsequenceBody": {
        "missing": "condition",
        "restarts": "restarts",
        "surplus": "surplus",
        "together": "steps_together",
    },
    "StepBody": {"missing": "condition", "fires": "fires"},
    "CheckBody": {"missing": "condition"},
}
"""By model: the fields that are such decisions, and what each is about (a word of the list `matters`)."""


Decision = tuple[str, str, str]
"""What it is about, the matter, and the rule."""


class Policies:
    """The decisions of one document in one language."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._names = values.names
        self._language = values.language

    def rows(self, document: Document) -> Iterator[str]:
        """The table, line by line; nothing where the document decides nothing."""
        alike: dict[tuple[str, str], dict[str, None]] = {}
        for about, matter, rule in self._all(document):
            alike.setdefault((matter, rule), {})[about] = None
        if alike:
            yield say("policy_head", self._language)
        for (matter, rule), every in alike.items():
            yield say("policy_row", self._language, about=self._names.joined(list(every)), matter=matter, rule=rule)

    def _all(self, document: Document) -> Iterator[Decision]:
        yield from self._of(document, say("everything", self._language), "")
        if document.calendar is not None:
            yield from self._of(document.calendar, say("everything", self._language), "")
        for section in ("periods", "tables", "records", "measures", "consequences", "checks"):
            for name, body in getattr(document, section).items():
                yield from self._within(body, self._names.of(name), name)

    def _within(self, body: BaseModel, about: str, owner: str) -> Iterator[Decision]:
        """The decisions of a body and of all that stand in it."""
        yield from self._of(body, about, owner)
        for field in type(body).model_fields:
            inner = getattr(body, field)
            if not isinstance(inner, Mapping):
                continue
            for name, one in inner.items():
                if isinstance(one, BaseModel):
                    label = getattr(one, "label", None) or getattr(one, "do", None)
                    called = plain(self._names.called(name, label))
                    yield from self._within(one, say("policy_of", self._language, of=about, part=called), owner)

    def _of(self, body: BaseModel, about: str, owner: str) -> Iterator[Decision]:
        for field, matter in POLICIES.get(type(body).__name__, {}).items():
            value = getattr(body, field)
            if value is None:
                continue
            if isinstance(value, Mapping):
                rules = [
                    say(
                        "together_group",
                        self._language,
                        group=self._names.of(group),
                        how=self._rule(field, how, body, owner),
                    )
                    for group, how in value.items()
                ]
            else:
                rules = [self._rule(field, value, body, owner)]
            for rule in rules:
                yield about, matter, rule

    def _rule(self, field: str, value: object, body: BaseModel, owner: str) -> str:
        """What is decided."""
        text = str(value)
        words = wording("wording.yaml", "cityrules.report").lists.get(f"policy_{field}", {})
        if text in words:
            return word(f"policy_{field}", text, self._language)
        if field == "restarts":
            step = self._names.member(owner, text.removeprefix("after ").strip())
            return say("restart_after", self._language, step=step)
        if field == "latest_by":
            return say("latest_by", self._language, latest_by=self._names.of(text))
        if field in ("round", "rounding"):
            return self._values.notation(text, speech(type(body), field))
        return say("stand_in", self._language, value=self._values.label(text))
