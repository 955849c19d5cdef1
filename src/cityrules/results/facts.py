"""The inputs that were used, as explanation asks for them. A protocol; every engine brings its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from cityrules.feel.tree import Value


class Facts(Protocol):
    """Typed field values of one record, attributes of one target. None for what was not accepted."""

    def record(self, kind: str, key: str) -> Mapping[str, Value] | None: ...

    def target(self, kind: str, name: str) -> Mapping[str, Value] | None:
        """Attributes, and the name of the parent under each ancestor's kind."""
        ...
