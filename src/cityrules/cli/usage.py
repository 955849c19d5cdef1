"""Wrong usage as diagnostics: what the parser of the command line complains about, in our own words and both languages.

Which package the parser's exceptions come from differs between versions of typer; they are told by name and content.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from cityrules.text.diagnostic import Diagnostic
from cityrules.text.suggest import nearest

NO_OPTION: Final = "CR630"
NO_VALUE: Final = "CR631"
BAD_VALUE: Final = "CR632"
MISSING: Final = "CR633"
NO_COMMAND: Final = "CR634"
TOO_MUCH: Final = "CR635"
OTHER: Final = "CR636"
NO_NUMBER: Final = "CR637"

_QUOTED: Final = re.compile(r"'([^']*)'")
_BRACKETS: Final = re.compile(r"\(([^()]*)\)\s*\Z")


def is_usage_error(problem: BaseException) -> bool:
    """Whether an exception is the parser's complaint about how it was called."""
    return any(made.__name__ == "UsageError" for made in type(problem).__mro__) and hasattr(problem, "format_message")


def diagnosed(problem: Any, commands: Sequence[str], arguments: Sequence[str]) -> Diagnostic:
    """The diagnostic of a complaint. `commands`: those that there are; `arguments`: what was written."""
    kind, message = type(problem).__name__, str(getattr(problem, "message", ""))
    name = _name(getattr(problem, "param", None))
    if kind == "NoSuchOption":
        return _unknown(NO_OPTION, str(problem.option_name), getattr(problem, "possibilities", None) or ())
    if kind == "BadOptionUsage":
        return Diagnostic(NO_VALUE, values={"found": str(problem.option_name)})
    if kind == "MissingParameter":
        return Diagnostic(MISSING, values={"found": name})
    if kind == "BadParameter":
        # The parser says the value and the choices in quotes, or a bound, in English.
        quoted = _QUOTED.findall(message)
        if len(quoted) > 1:
            return _unknown(BAD_VALUE, quoted[0], quoted[1:], option=name)
        # All other options with a form of their own take whole numbers.
        return Diagnostic(NO_NUMBER, values={"option": name, "found": _value(name, arguments)})
    if "command" in message and (quoted := _QUOTED.findall(message)):
        return _unknown(NO_COMMAND, quoted[0], commands)
    if (found := _BRACKETS.search(message)) is not None:
        return Diagnostic(TOO_MUCH, values={"found": found[1]})
    return Diagnostic(OTHER, values={"reason": message or kind})


def _unknown(code: str, found: str, known: Iterable[str], **values: str) -> Diagnostic:
    names = list(known)
    meant = nearest(found, names)
    expected = ", ".join(names) or "-"
    more = {"suggestion": meant} if meant else {}
    return Diagnostic(code, values={"found": found, "expected": expected, **values, **more})


def _value(option: str, arguments: Sequence[str]) -> str:
    """What was written for an option."""
    for place, text in enumerate(arguments):
        if text.startswith(f"{option}="):
            return text.removeprefix(f"{option}=")
        if text == option and place + 1 < len(arguments):
            return arguments[place + 1]
    return "-"


def _name(parameter: Any) -> str:
    """An option as it is written, an argument by its name in the help."""
    names = [str(name) for name in getattr(parameter, "opts", ())]
    option = next((name for name in names if name.startswith("--")), None)
    return option or str(getattr(parameter, "name", None) or "-").upper()
