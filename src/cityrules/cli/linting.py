"""`lint`: what texts leave open, as text or JSON."""

from __future__ import annotations

import json

import typer

from cityrules.cli.failures import ERRORS, told_in, usage
from cityrules.lint.files import STATED_FILE, Linted, lint
from cityrules.loaded import SCHEME_FILE
from cityrules.results.wording import wording
from cityrules.text.diagnostic import Language
from cityrules.text.show import show, to_json


def run_lint(things: list[str], language: Language, as_json: bool, follow: bool) -> int:
    """Look at what was named, write what was found, and return the exit code: 1 where anything was.

    With `follow` findings in a file in Chinese keywords are told in Chinese, whatever `language` is.
    """
    results: list[Linted] = []
    for thing in things:
        linted = lint(thing)
        if not linted:
            raise usage("CR988", found=thing, file=f"{STATED_FILE} / {SCHEME_FILE}")
        results.extend(linted)
    every = [found for one in results for found in one.found]
    wrong = [found for found in every if found.severity != "warning"]
    if as_json:
        data = [
            {"document": str(one.path), "found": [to_json(d, told_in(d, language, follow)) for d in one.found]}
            for one in results
        ]
        typer.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return ERRORS if wrong else 0
    for found in every:
        typer.echo(show(found, told_in(found, language, follow)) + "\n")
    silenced = sum(len(names) for one in results for names in one.silenced.values())
    values = {"documents": str(len(results)), "findings": str(len(wrong)), "silenced": str(silenced)}
    spoken: Language = "zh" if follow and every and all(found.words == "zh" for found in every) else language
    typer.echo(wording("wording.yaml", "cityrules.cli").say("lint_summary", values, spoken))
    return ERRORS if wrong else 0
