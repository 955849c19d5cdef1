"""Live sessions: events come in as they happen, consequences are raised and withdrawn as they become due.

`Session` takes events of a loaded scheme and answers what follows now. Knows schemes and assessments, no engine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cityrules.live.session import Session

__all__ = ["Session"]


def __getattr__(name: str) -> Any:
    # The child process lives in this package, too, and needs none of what sessions are made of.
    if name != "Session":
        raise AttributeError(f"module 'cityrules.live' has no attribute {name!r}")
    from cityrules.live.session import Session

    return Session
