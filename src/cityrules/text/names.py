"""What a name may look like, whatever it names. Grammar of expressions aside: this is about being read by people."""

from __future__ import annotations

import unicodedata
from typing import Final

from cityrules.text.diagnostic import Diagnostic, Report
from cityrules.text.source import Span

NOT_NFC: Final = "CR170"
MIXED_SCRIPTS: Final = "CR171"
WITH_SPACE: Final = "CR172"
WITH_QUESTION: Final = "CR173"
TAKEN_BY_YAML: Final = "CR174"
WITH_HIDDEN: Final = "CR175"

_ALIKE: Final = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"})
"""Scripts whose letters can be taken for one another. A Chinese name with Latin letters in it is no danger."""


def check_name(name: str) -> str | None:
    """The code of the first thing wrong with `name`, or None.

    A name is in Unicode's form NFC, mixes no scripts with look-alike letters, has no space and no invisible
    character, does not end in `?`, and is not `on` (which other YAML readers take for true).
    """
    if name.isascii():
        # Most names are; only what ASCII can do wrong is looked for.
        if not name.isprintable():
            return WITH_SPACE if any(c.isspace() for c in name) else WITH_HIDDEN
        if " " in name:
            return WITH_SPACE
        if name.endswith("?"):
            return WITH_QUESTION
        return TAKEN_BY_YAML if name.lower() == "on" else None
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co") for c in name):
        return WITH_HIDDEN
    if any(c.isspace() for c in name):
        return WITH_SPACE
    if name.endswith(("?", "\uff1f")):
        return WITH_QUESTION
    if not unicodedata.is_normalized("NFC", name):
        return NOT_NFC
    return MIXED_SCRIPTS if len(scripts(name)) > 1 else None


def scripts(name: str) -> list[str]:
    """The scripts with look-alike letters that occur in `name`, sorted: `["CYRILLIC", "LATIN"]` is a trap."""
    found = {unicodedata.name(c, "").split(" ", 1)[0] for c in name if c.isalpha()}
    return sorted(found & _ALIKE)


def note_name(name: str, at: Span | None, report: Report, path: str = "") -> bool:
    """Put what `check_name` finds into `report`, with all the values its sentence needs. True if the name is good."""
    code = check_name(name)
    if code is None:
        return True
    values = {"found": name}
    if code == NOT_NFC:
        values["suggestion"] = unicodedata.normalize("NFC", name)
    elif code == MIXED_SCRIPTS:
        values["scripts"] = " + ".join(script.capitalize() for script in scripts(name))
    elif code == WITH_SPACE:
        values["suggestion"] = "_".join(name.split())
    elif code == WITH_QUESTION:
        values["suggestion"] = name.rstrip("?\uff1f")
    elif code == WITH_HIDDEN:
        hidden = next(c for c in name if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co"))
        values["sign"] = f"U+{ord(hidden):04X}"
    report.put(Diagnostic(code, at, path, values))
    return False
