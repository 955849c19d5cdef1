"""Consequences, checks and duties in words: conditions, ladders with their steps, acts."""

from __future__ import annotations

from collections.abc import Iterator

from cityrules.report.bodies import COMMON, Bodies
from cityrules.report.names import say
from cityrules.scheme.document import Act, CheckBody, ConsequenceBody, StepBody

ACT = frozenset(Act.model_fields) - COMMON


class Acts:
    """What follows in one document in one language."""

    def __init__(self, bodies: Bodies) -> None:
        self._bodies = bodies
        self._language = bodies.language

    def consequence(self, body: ConsequenceBody) -> Iterator[str]:
        """A consequence: a paragraph, and its steps."""
        with self._bodies.names.about(body.for_.kind):
            yield from self._consequence(body)

    def _consequence(self, body: ConsequenceBody) -> Iterator[str]:
        told = self._bodies.sentence(body, **dict.fromkeys((*ACT, "steps")))
        act = self._act(body)
        if body.steps:
            # What is said of all steps alike stands before them.
            yield self._bodies.noted(f"{told}{act}{'：' if self._language == 'zh' else ':'}", body)
            yield ""
            for name, step in body.steps.items():
                yield f"- {self._step(name, step)}"
        else:
            yield self._bodies.noted(f"{told}{act}{'。' if self._language == 'zh' else '.'}", body)

    def _step(self, name: str, step: StepBody) -> str:
        when = self._bodies.sentence(step, **dict.fromkeys(ACT))
        told = say(
            "step",
            self._language,
            # What is done says what step it is, where it has no label.
            name=self._bodies.names.titled(name, step.label) if step.label or not (step.do or step.pick) else None,
            clause=self._bodies.clause(step),
            when=when,
            act=self._act(step),
        )
        return self._bodies.noted(told, step)

    def _act(self, body: Act) -> str:
        """The act of a consequence or step; empty where it has none of its own."""
        own = {name for name in ACT if getattr(body, name) is not None}
        if not own:
            return ""
        skip = frozenset(type(body).model_fields) - ACT
        told = say("Act", self._language, **self._bodies.values.of(body, skip | {"ends"}))
        if body.ends is not None:
            told += ("；" if self._language == "zh" else "; ") + self._bodies.sentence(body.ends)
        return told

    def check(self, name: str, body: CheckBody) -> str:
        """A check or duty, as one line."""
        every = None
        if isinstance(body.every, str):
            every = say("each_period", self._language, period=self._bodies.names.of(body.every))
        more = {} if every is None else {"every": every}
        over = body.over if isinstance(body.over, str) else None
        with self._bodies.names.about(over, body.for_.kind if body.for_ is not None else None):
            return self._bodies.named(name, body, self._bodies.sentence(body, **more))
