"""The command line as a whole: its commands, what a call that cannot be understood is told, and the exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Final

import typer

from cityrules.cli.asked import language_of
from cityrules.cli.commands import assessments, cases, differences, documents, doubts, questions, sealed
from cityrules.cli.console import drop_output, ready_streams
from cityrules.cli.declared import Lang
from cityrules.cli.failures import DEFECT, INTERRUPTED, USAGE, warn
from cityrules.cli.usage import diagnosed, is_usage_error
from cityrules.text.diagnostic import Language

app = typer.Typer(
    name="cityrules",
    help="Check, score and explain assessment schemes. 检查、计算并说明考核办法。",
    epilog="Exit codes: 0 all is well; 1 the document or the data has errors; 2 wrong usage; 3 a defect.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_PANELS: Final = {
    "Documents": documents.COMMANDS,
    "Assessments": assessments.COMMANDS,
    "What would change": {**differences.COMMANDS, **questions.COMMANDS, **doubts.COMMANDS, **sealed.COMMANDS},
    "Worked cases": cases.COMMANDS,
}

for _panel, _commands in _PANELS.items():
    for _name, _command in _commands.items():
        app.command(_name, rich_help_panel=_panel)(_command)


def run() -> int:
    """The command line as a whole; returns the exit code. No exception leaves, save for the interrupt of a user."""
    ready_streams()
    try:
        code = app(standalone_mode=False)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0 if end.code is None else DEFECT
    except typer.Abort:
        return INTERRUPTED
    except BrokenPipeError:
        drop_output()
        return 0
    except Exception as problem:
        if not is_usage_error(problem):
            raise
        if type(problem).__name__ == "NoArgsIsHelpError":
            app(["--help"], standalone_mode=False)
        else:
            commands = [command.name for command in app.registered_commands if command.name]
            warn([diagnosed(problem, commands, sys.argv[1:])], _spoken(sys.argv[1:]))
        return USAGE
    return code if isinstance(code, int) else 0


def _spoken(arguments: Sequence[str]) -> Language:
    """The language that a call asks for which could not be understood."""
    said = " ".join(arguments).replace("--lang=", "--lang ").split()
    after = said[said.index("--lang") + 1 :][:1] if "--lang" in said else [os.environ.get("CITYRULES_LANG", "")]
    return language_of(Lang(after[0]) if after and after[0] in list(Lang) else None)
