"""`python -m cityrules.feel conformance FILE`: run conformance cases and say how many agree."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from cityrules.feel.conformance import UnreadableCasesError, read_cases, run

USAGE = "usage: python -m cityrules.feel conformance FILE"


def main(arguments: list[str]) -> int:
    """0: every accepted case agrees; 1: some disagree; 2: the file, or the command, cannot be read."""
    if len(arguments) != 2 or arguments[0] != "conformance":
        print(USAGE, file=sys.stderr)
        return 2
    try:
        cases = read_cases(Path(arguments[1]))
    except UnreadableCasesError as error:
        print(error, file=sys.stderr)
        return 2
    verdicts: Counter[str] = Counter()
    for outcome in run(cases):
        verdicts[outcome.verdict] += 1
        if outcome.verdict == "disagree":
            print(f"{outcome.file} {outcome.id}: {outcome.expression!r}: {outcome.why}")
    accepted = verdicts["agree"] + verdicts["disagree"]
    print(f"accepted {accepted} agree {verdicts['agree']} refused {verdicts['refused']}")
    return 1 if verdicts["disagree"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
