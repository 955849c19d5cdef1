"""How the documents of the text room are read. A document that cannot be kept in a repository is made here."""

from __future__ import annotations

from pathlib import Path

from cityrules.text import limits
from cityrules.text.diagnostic import Report
from cityrules.text.files import read_file
from cityrules.text.names import note_name
from cityrules.text.source import Source
from cityrules.text.yaml import read


def load(path: Path, report: Report) -> None:
    """Read one document and put every complaint into `report`."""
    code = path.name[:5]
    elsewhere = {"CR101": "absent.yaml", "CR102": "..", "CR103": "locked\0.yaml"}
    source = read_file(elsewhere.get(code, path), report)
    if code == "CR105":
        source = Source(path.name, "a" * (limits.BYTES + 1))
    elif code == "CR113":
        source = Source(path.name, "rows: [" + "1," * limits.NODES + "]")
    if source is None:
        return
    root = read(source, report)
    if code >= "CR170" and root is not None:
        for key, _ in root.items:
            note_name(key.text, key.span, report, key.text)
