"""How the documents of the scheme room are loaded: read, then under every reading and every example.

Some complaints are about documents built in Python. They are read with another YAML library's habits (numbers as
binary floats, anchors), as a developer's program might.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from cityrules.io.annex import Annexes
from cityrules.loaded.bases import Bases
from cityrules.scheme.based import read_scheme
from cityrules.scheme.load import Loaded, document_from, read_document
from cityrules.scheme.overlay import under
from cityrules.text import limits
from cityrules.text.diagnostic import Report
from cityrules.text.files import read_file

BUILT = ("CR315", "CR355", "CR356", "CR357", "CR843", "CR945")


def load(path: Path, report: Report) -> None:
    """Load one document and put every complaint into `report`."""
    source = read_file(path, report)
    assert source is not None
    if path.name.startswith(BUILT):
        document_from(yaml.safe_load(source.text), report)
    elif path.name.startswith("CR338"):
        rules = "".join(f"      r{number}: {{deduct: 1}}\n" for number in range(10_001))
        read_document(type(source)(source.name, source.text.replace("      a: {deduct: 1}\n", rules)), report)
    elif path.name.startswith("CR938"):
        with TemporaryDirectory() as folder:
            Path(folder, "large.csv").write_bytes(b"class,rate\n" + b"A,0.5\n" * limits.BYTES)
            read_document(source, report, Annexes(Path(folder)))
    elif (loaded := read_scheme(source, report, Annexes(path.parent), Bases(path.parent)).loaded) is not None:
        _under_all(loaded, report)


def _under_all(loaded: Loaded, report: Report) -> None:
    for name, reading in loaded.document.readings.items():
        for option in reading.others:
            under(loaded, {f"readings.{name}": option}, report)
    for name, example in loaded.document.examples.items():
        if example.under:
            under(loaded, example.under, report, ("examples", name, "under"))
