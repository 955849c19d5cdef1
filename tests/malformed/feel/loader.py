"""How the expressions of this folder are checked: against the sample scope, from a document that holds just them."""

from __future__ import annotations

from pathlib import Path

from cityrules.feel.check import Expectation, check
from cityrules.text.diagnostic import Report
from cityrules.text.files import read_file
from cityrules.text.source import Source, Span
from cityrules.text.yaml import Scalar, read
from feel.sample_scope import SampleScope


def load(path: Path, report: Report) -> None:
    """Check the expression of one document. `times` repeats one too long to keep; `as` is what its place wants."""
    source = read_file(path, report)
    root = read(source, report) if source else None
    assert root is not None
    parts = {key.text: node for key, node in root.items if isinstance(node, Scalar)}
    node = parts["expression"]
    text, locate = node.text, node.part
    if "times" in parts:
        text = text * int(parts["times"].text)
        whole = Source(path.name, text)

        def locate(start: int, end: int) -> Span:
            return Span(whole, start, end)

    wanted = parts["as"].text if "as" in parts else "any"
    check(text, SampleScope(), report, locate=locate, path="expression", expect=Expectation(wanted))
