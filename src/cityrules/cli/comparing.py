"""`compare`: what two documents come to on the same records, as text, JSON, a page or a folder of tables."""

from __future__ import annotations

import json
import sys
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rich.console import Console

from cityrules.cli.console import onto, plain, show_table, table
from cityrules.cli.failures import usage
from cityrules.cli.files import check_report, put_report
from cityrules.compare.documents.page import as_page
from cityrules.compare.documents.telling import told
from cityrules.compare.documents.words import Grid, Heading
from cityrules.io.write import make_folder
from cityrules.text.diagnostic import Language

if TYPE_CHECKING:
    from cityrules.compare.documents.comparison import Comparison

CompareFormat = Literal["text", "json", "csv", "html"]


def check_asked(format: CompareFormat, out: Path | None) -> None:
    """Raises UsageError for tables that nobody says where to write, and for a file that would be lost; makes the folder
    for tables. Before the work, so that none is lost."""
    if format != "csv":
        check_report(out)
    elif out is None:
        raise usage("CR1110")
    else:
        make_folder(out)


def tell(found: Comparison, language: Language, format: CompareFormat, out: Path | None, most: int) -> None:
    """Write what was found. `most`: how many rows of each table text and page show, 0 for all."""
    if format == "csv":
        if out is not None:
            found.write(out, "csv")
    elif format == "json":
        put_report(json.dumps(found.to_json(), ensure_ascii=False, indent=2) + "\n", out)
    elif format == "html":
        put_report(as_page(told(found, language, most), language), out)
    elif out is None:
        _show(found, language, most, onto(sys.stdout))
    else:
        written = StringIO()
        _show(found, language, most, onto(written))
        put_report(written.getvalue(), out)


def _show(found: Comparison, language: Language, most: int, console: Console) -> None:
    for number, part in enumerate(told(found, language, most)):
        if isinstance(part, Grid):
            if part.title is not None:
                console.print(plain(part.title), soft_wrap=True)
            show_table(console, table(part.columns, part.rows))
            if part.more is not None:
                console.print(plain(part.more), soft_wrap=True)
                console.print("")
        else:
            if isinstance(part, Heading) and number:
                console.print("")
            console.print(plain(part.text), soft_wrap=True)
