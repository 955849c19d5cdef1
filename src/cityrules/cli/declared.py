"""The arguments and options that several commands share, as they are declared. What they mean is read elsewhere."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Annotated

import typer


class Lang(enum.StrEnum):
    EN = "en"
    ZH = "zh"


class Engines(enum.StrEnum):
    PYTHON = "python"
    DUCKDB = "duckdb"


class ExampleEngines(enum.StrEnum):
    PYTHON = "python"
    DUCKDB = "duckdb"
    BOTH = "both"


class Chains(enum.StrEnum):
    DURABLE = "durable"
    PLAIN = "plain"


class Formats(enum.StrEnum):
    CSV = "csv"
    PARQUET = "parquet"
    JSON = "json"
    XLSX = "xlsx"


class ReadingsFormats(enum.StrEnum):
    TEXT = "text"
    CSV = "csv"
    JSON = "json"


class DiffFormats(enum.StrEnum):
    TEXT = "text"
    JSON = "json"
    OVERLAY = "overlay"


class CompareFormats(enum.StrEnum):
    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    HTML = "html"


class CoverageFormats(enum.StrEnum):
    TEXT = "text"
    JSON = "json"
    HTML = "html"


class Shown(enum.StrEnum):
    TEXT = "text"
    JSON = "json"


SchemeArgument = Annotated[str, typer.Argument(help="A scheme file, a folder with scheme.yaml, or a shipped name.")]


LangOption = Annotated[
    Lang | None, typer.Option("--lang", envvar="CITYRULES_LANG", help="Language; without it that of the system.")
]


RecordsOption = Annotated[list[str] | None, typer.Option("--records", metavar="KIND=FILE", help="Rows of a kind.")]


TargetsOption = Annotated[list[str] | None, typer.Option("--targets", metavar="KIND=FILE", help="Targets of a kind.")]


BindingOption = Annotated[
    Path | None, typer.Option("--binding", help="How the tables of a host become records and targets.")
]


TableOption = Annotated[list[str] | None, typer.Option("--table", metavar="NAME=FILE", help="A table of the binding.")]


PeriodOption = Annotated[str, typer.Option("--period", help="2015, 2015-03, 2015-Q1, 2015-H1 or 2008-08..2009-02.")]


OpeningOption = Annotated[
    Path | None, typer.Option("--opening", help="The table `values` of an earlier assessment, to go on from.")
]


CorrectionsOption = Annotated[
    list[str] | None,
    typer.Option("--corrections", metavar="FILE", help="Records corrected or annulled since, and why."),
]


AsOfOption = Annotated[
    str | None, typer.Option("--as-of", help="What was known then, local time; without it the end of the period.")
]


EngineOption = Annotated[Engines, typer.Option("--engine", help="The results are the same.")]


UnderOption = Annotated[
    list[str] | None, typer.Option("--under", metavar="PATH=VALUE", help="A change of the document, by its address.")
]


ReadingOption = Annotated[
    list[str] | None, typer.Option("--reading", metavar="NAME=OPTION", help="Another reading than the chosen one.")
]
