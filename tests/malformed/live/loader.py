"""How the lives here are loaded: events in order for one session of a small scheme, or a journal to go on from.

`behind`: lines of a journal behind the first one, which sessions of that scheme write; `beside`: while another session
has the journal open.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import yaml

import cityrules as cr
from cityrules.io.rows import DataError
from cityrules.live import Session
from cityrules.text.diagnostic import Report

SCHEME = {
    "cityrules": 1,
    "scheme": "small",
    "title": "Small",
    "issuer": "tests",
    "source": "tests",
    "clause": "1",
    "in_force": {"from": "2024-01-01"},
    "targets": {"squad": {"members": "registered"}},
    "records": {
        "finding": {
            "dated": "found_on",
            "key": ["no"],
            "fields": {"no": "text", "squad": "squad", "found_on": "date"},
        }
    },
    "measures": {"findings": {"for": "squad each month", "count": "finding"}},
}


def load(path: Path, report: Report) -> None:
    """Live through the events of one file, and put every complaint into `report`."""
    document = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        journal = Path(folder) / "journal.jsonl"

        def session() -> Session:
            return Session(cr.load(SCHEME), period="2024", chain="plain", journal=journal)

        if "behind" in document:
            session().close()
            journal.write_text(journal.read_text("utf-8") + document["behind"], "utf-8")
        if "journal" in document:
            journal.write_text(document["journal"], "utf-8")
        if "beside" in document:
            opened.enter_context(session())
        try:
            with session() as living:
                for event in document.get("events", ()):
                    living.take(event)
        except DataError as problem:
            for found in problem.diagnostics:
                # The folder is another one each time.
                values = {name: text.replace(str(journal), journal.name) for name, text in found.values.items()}
                report.put(replace(found, values=values))
