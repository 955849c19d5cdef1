"""The child process in which durable-rules runs: questions on stdin, answers on stdout, a line each. Ends with stdin.

Started as `python -m cityrules.live.child` by `forward.py`, and by nobody else. It may die at any moment.
"""

from __future__ import annotations

import os
import sys
from typing import Any, BinaryIO

from cityrules.live.wire import LONGEST, cells_of, line, message_of, shape_of


def main() -> int:
    """Answer until stdin ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # durable-rules prints what goes wrong in it; answers have a pipe of their own.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    if hasattr(sys, "setdlopenflags"):
        # Built for a Python that still had names which are gone (3.13), it can be loaded only like this.
        sys.setdlopenflags(os.RTLD_LAZY)
    try:
        from cityrules.live.machine import Lost, Machine
    except ImportError as problem:
        _say(answers, {"missing": str(problem)})
        return 1
    _say(answers, {"ready": os.getpid()})
    machine = Machine()
    while question := message_of(sys.stdin.buffer.readline(LONGEST + 1)):
        answer: dict[str, Any]
        try:
            shape, cells = shape_of(question["shape"]), cells_of(question["cells"])
            answer = {"moves": machine.moves(question["thread"], shape, question["start"], cells)}
        except Lost:
            answer = {"lost": True}
        _say(answers, {**answer, "number": question["number"], "spent": machine.spent})
    return 0


def _say(answers: BinaryIO, message: dict[str, Any]) -> None:
    answers.write(line(message))
    answers.flush()


if __name__ == "__main__":
    sys.exit(main())
