"""The overlay that makes some of the differences between two documents, and no other. Checks nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, cast

from cityrules.scheme.difference import Difference, is_ordered, merged, tree_at
from cityrules.scheme.places import Path


class Amendment:
    """The plain tree of a document with some differences from another, and the overlay that makes it."""

    def __init__(self, before: Mapping[str, Any], after: Mapping[str, Any], chosen: Collection[Difference]) -> None:
        self._before = before
        self._after = after
        self._chosen = chosen
        self._tree = dict(before)
        self._own: set[Path] = {()}  # Maps that were copied already.
        for one in chosen:
            if not one.order:
                body = self._body(one.path[:-1])
                if one.after is None:
                    body.pop(one.path[-1], None)
                else:
                    body[one.path[-1]] = one.after
        for path in self._in_order():
            self._sort(path)

    def changes(self) -> dict[Path, object]:
        """The overlay: every difference at its own address, but where only a whole map can be replaced."""
        whole = self._whole()
        found: dict[Path, object] = {}
        for one in self._chosen:
            path = next((one.path[:at] for at in range(len(one.path) + 1) if one.path[:at] in whole), None)
            if path is not None:
                found[path] = tree_at(self._tree, path)
            elif not one.order:
                found[one.path] = one.after
        return found

    def _whole(self) -> set[Path]:
        """The maps in which a name has no address, or that an overlay would leave in another order."""
        found = {one.path[:at] for one in self._chosen for at, name in enumerate(one.path) if "." in name}
        for path in self._in_order():
            before = cast("Mapping[str, Any]", tree_at(self._before, path))
            after = cast("Mapping[str, Any]", tree_at(self._tree, path))
            added = [one.path[-1] for one in self._inside(path) if one.path[-1] not in before]
            if [*(name for name in before if name in after), *added] != list(after):
                found.add(path)
        return found

    def _in_order(self) -> list[Path]:
        """The maps in which order has a meaning and names are added or moved."""
        moved = [one.path for one in self._chosen if one.order]
        added = [one.path[:-1] for one in self._chosen if not one.order and one.before is None]
        return list(dict.fromkeys(path for path in [*moved, *added] if is_ordered(path, self._after)))

    def _inside(self, path: Path) -> list[Difference]:
        """The chosen differences that are about one name of a map."""
        return [one for one in self._chosen if one.path[:-1] == path and not one.order]

    def _sort(self, path: Path) -> None:
        body = self._body(path)
        before, after = (list(cast("Mapping[str, Any]", tree_at(raw, path))) for raw in (self._before, self._after))
        both = set(before) & set(after)
        moved = [name for name in before if name in both] != [name for name in after if name in both]
        chosen = any(one.order and one.path == path for one in self._chosen)
        names = merged(before, after) if moved and not chosen else merged(after, before)
        entries = {name: body[name] for name in names if name in body}
        body.clear()
        body.update(entries)

    def _body(self, path: Path) -> dict[str, Any]:
        """The map at a path, copied where it is still that of the document before; a section it has not is begun."""
        body = self._tree
        for length, name in enumerate(path, 1):
            if path[:length] not in self._own:
                body[name] = dict(body.get(name) or {})
                self._own.add(path[:length])
            body = body[name]
        return body
