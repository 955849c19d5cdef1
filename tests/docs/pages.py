"""Pages of the documentation as blocks that can be run. Knows Markdown fences and a shell, and nothing of schemes.

Blocks are told by their info string; a page is run from top to bottom in one folder:

* `LANGUAGE file=NAME` is written to the file NAME, `LANGUAGE append=NAME` to its end;
* `console` holds commands after `$ `, each followed by what it prints (`$ echo $?` prints the exit code of the last);
* `python` runs in one namespace for the whole page; a `text` block right behind it holds what it prints;
* every other block is for reading.

Outputs are compared exactly, but for blanks at the ends of lines, which editors remove. `# ...` alone on a line of an
output stands for any number of lines, also none.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_FENCE: Final = re.compile(r"^```(?P<info>.*)\n(?P<body>(?:(?!```).*\n)*)```$", re.M)
_FILE: Final = re.compile(r"\b(file|append)=(\S+)")
_REST: Final = "# ..."
_PLAIN: Final = {"LANG": "C.UTF-8", "NO_COLOR": "1", "TERM": "dumb", "PYTHONIOENCODING": "utf-8"}
_NOT_OURS: Final = ("CITYRULES_LANG", "CITYRULES_TRACEBACK", "COLUMNS", "LC_ALL", "LC_MESSAGES")


@dataclass(frozen=True)
class Block:
    """One fenced block: its info string, its text, and where its text stands in the page."""

    info: str
    body: str
    start: int
    end: int

    @property
    def language(self) -> str:
        return self.info.split(" ", 1)[0]

    @property
    def file(self) -> tuple[str, str] | None:
        """How the block is put into which file: `w` anew, `a` at the end."""
        found = _FILE.search(self.info)
        return ({"file": "w", "append": "a"}[found[1]], found[2]) if found else None


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a page in order."""
    return [
        Block(match["info"].strip(), match["body"], match.start("body"), match.end("body"))
        for match in _FENCE.finditer(text)
    ]


def run(text: str, folder: Path) -> str:
    """Run a page in `folder` (the current one): the page with the outputs that were really printed."""
    return _put(text, list(_outputs(blocks(text), folder)))


def _outputs(of_page: list[Block], folder: Path) -> Iterator[tuple[Block, str]]:
    """Each block whose text is an output, and the text that it should have."""
    shell = _Shell(folder)
    space: dict[str, Any] = {"__name__": "__page__"}
    printed: str | None = None
    for block in of_page:
        if printed is not None and block.language == "text":
            yield block, same_or_new(block.body, printed)
            printed = None
            continue
        assert not printed, f"a python block prints, and no text block shows it:\n{printed}"
        printed = None
        if block.file:
            mode, name = block.file
            with (folder / name).open(mode, encoding="utf-8", newline="\n") as file:
                file.write(block.body)
        elif block.language == "console":
            yield block, shell.session(block.body)
        elif block.language == "python":
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(compile(block.body, "<page>", "exec"), space)  # noqa: S102 -- our own page
            printed = out.getvalue()
    assert not printed, f"a python block prints, and no text block shows it:\n{printed}"


def same_or_new(shown: str, printed: str) -> str:
    """What the page shows, where it agrees with what was printed; else what was printed."""
    printed = "".join(f"{line.rstrip()}\n" for line in printed.splitlines())
    parts = [re.escape(part) for part in re.split(rf"^{re.escape(_REST)}\n", shown, flags=re.M)]
    return shown if re.fullmatch("(?:.*\n)*".join(parts), printed) else printed


class _Shell:
    """A folder, and the commands `cityrules` and `pytest` in it that run the sources under test."""

    def __init__(self, folder: Path) -> None:
        tools = folder.parent / "tools"
        tools.mkdir(exist_ok=True)
        for name, module in (("cityrules", "cityrules"), ("pytest", "pytest -p no:cacheprovider")):
            command = tools / name
            command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {module} "$@"\n', "utf-8")
            command.chmod(0o755)
        kept = {name: value for name, value in os.environ.items() if name not in _NOT_OURS}
        path = f"{tools}{os.pathsep}{kept.get('PATH', '')}"
        self._environment = {**kept, **_PLAIN, "PATH": path, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self._folder = folder
        self._code = 0

    def session(self, body: str) -> str:
        """The session with the outputs that the commands really print."""
        said: list[str] = []
        for part in re.split(r"^(?=\$ )", body, flags=re.M):
            if not part:
                continue
            assert part.startswith("$ "), f"a console block begins with a command:\n{body}"
            command, shown = self._cut(part)
            said += [command, same_or_new(shown, self._run(command[2:]))]
        return "".join(said)

    @staticmethod
    def _cut(part: str) -> tuple[str, str]:
        """The command, with the lines that a backslash joins to it, and the output below it."""
        match = re.match(r"(?:.*\\\n)*.*\n", part)
        assert match
        return match[0], part[match.end() :]

    def _run(self, command: str) -> str:
        done = subprocess.run(
            ["sh", "-c", f"(exit {self._code}); {command}"],
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            encoding="utf-8",
            check=False,
        )
        self._code = done.returncode
        return done.stdout


def _put(text: str, outputs: list[tuple[Block, str]]) -> str:
    for block, new in reversed(outputs):
        text = text[: block.start] + new + text[block.end :]
    return text
