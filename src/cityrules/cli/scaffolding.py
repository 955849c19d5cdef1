"""`new`: the folder of a new scheme that passes the check, with one worked example and a README; `template`: a workbook
for the tables of a scheme; what `read` says of names without a word."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Final

import typer

from cityrules.cli.failures import usage
from cityrules.loaded import SCHEME_FILE, Scheme
from cityrules.results.wording import wording
from cityrules.scheme.notation import NotationError, checked_name
from cityrules.text.diagnostic import Language
from cityrules.text.names import check_name
from cityrules.text.vocabulary import vocabulary

_MOST: Final = 30
_MARK: Final = "@NAME@"
_FILES: Final = {SCHEME_FILE: "scheme.{language}.yaml", "README.md": "README.{language}.md"}


def run_new(folder: Path, words: Language, language: Language) -> int:
    """Make the folder, whose last part names the scheme; the exit code. Raises UsageError, and OSError."""
    name = folder.name
    try:
        checked_name(name.replace("-", "_"))
    except NotationError:
        raise usage("CR618", found=name) from None
    if check_name(name) is not None or not name[0].isalpha():
        raise usage("CR618", found=name)
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise usage("CR619", found=str(folder)) from None
    there = resources.files("cityrules.cli") / "scaffold"
    for file, template in _FILES.items():
        text = (there / template.format(language=words)).read_text("utf-8").replace(_MARK, name)
        (folder / file).write_text(text, "utf-8", newline="\n")
    values = {"folder": str(folder), "files": ", ".join(_FILES)}
    typer.echo(wording("wording.yaml", "cityrules.cli").say("written", values, language))
    return 0


def run_template(scheme: Scheme, out: Path, language: Language) -> None:
    """Write the workbook, and say how a table reads its sheet. Raises DataError, and OSError."""
    words = wording("wording.yaml", "cityrules.cli")
    forms = scheme.template(out, language)
    typer.echo(words.say("template_written", {"file": str(out)}, language))
    for form in forms:
        kind = "template_kept" if form.kept else "template_sheet"
        values = {"table": form.table, "sheet": form.sheet, "form": form.rows(out.name, scheme.language)}
        typer.echo(words.say(kind, values, language))


def hint_at_labels(scheme: Scheme, language: Language) -> None:
    """Say on stderr which names stand in a regulation text as they are, and where words for them are written."""
    names = scheme.unlabelled(language)
    if not names:
        return
    spoken = vocabulary().keys if scheme.language == "zh" else {}
    where = f"{spoken.get('labels', 'labels')}: {{{spoken.get(language, language)}: {{{names[0]}: …}}}}"
    shown = ", ".join(names[:_MOST]) + (" …" if len(names) > _MOST else "")
    values = {"number": str(len(names)), "names": shown, "where": where}
    typer.echo(wording("wording.yaml", "cityrules.cli").say("unlabelled", values, language), err=True)
