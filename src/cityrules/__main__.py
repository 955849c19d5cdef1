"""`python -m cityrules` and the command `cityrules`: starts the command line, or says how to install it."""

from __future__ import annotations

import sys

_NEEDED = ("typer", "rich", "click")
_SENTENCE = (
    'The command line needs two packages that are not installed: pip install "cityrules[cli]"\n'
    '命令行需要尚未安装的两个软件包：pip install "cityrules[cli]"'
)


def main() -> None:
    """Run the command line; ends the process with its exit code."""
    try:
        from cityrules.cli.app import run

        sys.exit(run())
    except ModuleNotFoundError as problem:
        if (problem.name or "").partition(".")[0] not in _NEEDED:
            raise
        print(_SENTENCE, file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        # Also while the command line itself is still being imported.
        sys.exit(130)


if __name__ == "__main__":
    main()
