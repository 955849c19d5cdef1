"""Who a worked case can speak of: the members of each kind, and whatever stands in what is given. Runs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from cityrules.engines.base import CellKey, Inputs, with_stated
from cityrules.io.grammar import KEY_JOIN
from cityrules.plan.model import Plan
from cityrules.scheme.notation import Grain, parts_of, split_name
from cityrules.testing.cells import Path, UnreadableError
from cityrules.text.suggest import nearest

NOT_KNOWN: Final = "CR1092"


@dataclass(frozen=True)
class Known:
    """What a case gives, asked for names: nothing is said by a cell of what nobody has heard of."""

    plan: Plan
    inputs: Inputs

    def target(self, key: CellKey, grain: Grain, name: str, path: Path) -> None:
        """Raises `UnreadableError` where a part of the target of a cell of `name` is no member of its kind and stands
        nowhere in what is given."""
        if grain.kind != "whole":
            for said, kind in zip(split_name(key[0]), parts_of(grain.kind), strict=False):
                # The words of rows count before the others: they are many, and nearly always enough.
                if said not in self._texts and said not in (others := self._others(kind)):
                    raise _unheard(said, (*others, *self._texts), name, path)

    def record(self, said: str, kind: str, name: str, path: Path) -> None:
        """Raises `UnreadableError` where no record of this key is given."""
        keys = self._keys(kind)
        if said not in keys:
            raise _unheard(said, keys, name, path)

    @cached_property
    def _texts(self) -> dict[str, None]:
        """Every text of what is given, and of what the document itself holds, in the order of the rows."""
        return dict.fromkeys(self._every_text())

    def _every_text(self) -> Iterator[str]:
        for sources in (*self.inputs.records.values(), *with_stated(self.plan, self.inputs).targets.values()):
            for source in sources:
                for row in source.rows():
                    yield from (text for text in row.texts if text is not None)

    def _others(self, kind: str) -> list[str]:
        """The listed members of a kind, and those that rows call by another name."""
        found = self.plan.kinds.get(kind)
        if found is None:
            return []
        members = [] if isinstance(found.members, str) else [*found.members]
        return [*members, *(name for alias, name in found.aliases.items() if alias in self._texts)]

    def _keys(self, kind: str) -> list[str]:
        """The keys of the records that are given."""
        columns, found = self.plan.records[kind].key, []
        for source in self.inputs.records.get(kind, ()):
            places = [source.columns.index(column) for column in columns if column in source.columns]
            found += [KEY_JOIN.join(row.texts[place] or "" for place in places) for row in source.rows()]
        return found


def _unheard(said: str, there: tuple[str, ...] | list[str], name: str, path: Path) -> UnreadableError:
    meant = nearest(said, there)
    return UnreadableError(
        NOT_KNOWN, path, at_key=True, found=said, name=name, **({"suggestion": meant} if meant else {})
    )
