"""L19: a measure against a person that this text cannot take: law reserves it to others, or does not know it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final

import yaml

from cityrules.lint.stated.document import AsStated
from cityrules.lint.stated.notation import UNSTATED
from cityrules.lint.stated.teller import Teller

CODE: Final = "L19"
NONE: Final = "none"


@cache
def reserved_words() -> Mapping[str, Mapping[str, str]]:
    """The words of measures with their `basis` in law, `none` for those that have none."""
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    # Our own data, and this loader makes nothing but texts, lists and dicts.
    found: dict[str, dict[str, str]] = yaml.load(
        (resources.files("cityrules.lint.stated") / "reserved.yaml").read_text("utf-8"), Loader=loader
    )
    return found


def check(stated: AsStated, teller: Teller) -> None:
    for name, sanction in stated.sanctions.items():
        word = next((word for word in reserved_words() if word in sanction.word), None)
        if word is None:
            continue
        basis, path = reserved_words()[word]["basis"], ("sanctions", name, "word")
        if basis == NONE:
            teller.tell(CODE, path, word=word, basis="-", lack_type="lint_no_basis")
        elif sanction.does == "decides":
            teller.tell(CODE, path, word=word, basis=basis, lack_type="lint_reserved")
        elif sanction.decided_by == UNSTATED:
            teller.tell(CODE, path, word=word, basis=basis, lack_type="lint_to_nobody")
