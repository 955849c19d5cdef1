"""Writes `lint/README.md` and a page for each check on what a text declares and on what rules can do.

From `lint/pages.yaml`, the message catalogue, the malformed documents of the tests and the files in `specs/`. Part of
no package. Run it as `python docs/make_lint.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from cityrules.lint.files import STATED_FILE, Linted, lint
from cityrules.lint.stated.document import SECTIONS, AsStated
from cityrules.scheme.keys import keys, models_of
from cityrules.text.catalogue import catalogue
from cityrules.text.show import show

HERE: Final = Path(__file__).parent
FOLDER: Final = HERE / "lint"
ROOT: Final = HERE.parent
SAMPLES: Final = ROOT / "tests" / "malformed" / "lint"
HEAD: Final = 2
"""Lines that every malformed file begins with, which the pages leave out."""
FIRST_ON_RULES: Final = "L30"
"""From this code on checks look at the rules of a scheme, not at what its text declares."""

OPENING: Final = """# What a text leaves open, and what rules can never do

Made by `python docs/make_lint.py` from `docs/lint/pages.yaml` and the files in `specs/`; do not edit.

`cityrules lint` looks at two things: at what a text declares, in an `as-stated.yaml` (L01 to L24), and at the rules of
a scheme, in a `scheme.yaml` (from L30 on). It takes such a file, a folder (all of them below it), a scheme (with the
statement beside it) or a shipped name, and ends with 1 where it has found something. In Python it is
`cityrules.findings(path)`.

## What a text declares

An `as-stated.yaml` says what a text declares, before anybody has decided anything: totals and their parts, counts and
what is listed, limits, weights, lists, the words that rules hang on. It judges nothing; `cityrules lint` computes what
does not fit or is missing:

```text
SAMPLE
```

Keywords may be Chinese: `cityrules fmt --lang zh as-stated.yaml` writes them. The schema for editors is
`cityrules schema --stated`.

```yaml
cityrules-stated: 1
texts: {"3": 主城区垃圾清理管控考核办法（试行）}  # of several texts each entry names its own: `text: 4b`
intervals:
  size:
    clause: 三（三）2
    quote: 3立方米以上          # a few words, in which vague ones are looked for
    of: volume in cubic metres
    parts: {small: "<= 3", large: ">= 3"}
silenced:
  L03: {size: the annex says that 3 is small}
```

`unstated` stands where the text says nothing; a key that asks for it cannot be left out. A finding that is known is
silenced by code and entry, with the reason; a silence without a finding is told as well.

### What can be declared

| section | an entry | keys |
|---|---|---|
"""
TABLE: Final = """
### What was found in the sources

The texts that the digest of the sources lists for a check, and in which it has found something. `+` marks what the
digest does not list; the page of the check says what it is.

| check | says | listed | found |
|---|---|---|---|
"""
ON_RULES: Final = """
## What rules can never do

A scheme that checks clean can hold rules that never fire, grades that nobody can get and points that nobody can lose.
These checks look at the compiled rules: every value that types, ranges, choices, grades and parameters allow, missing
ones included, on exact scaled numbers. What they tell is proved, and what they show as an example has been evaluated by
the reference engine; where neither can be done they are silent (with the extra `analysis` z3 tries, too).
What is known and meant is silenced in the scheme itself, by code and address:

```yaml
silenced:
  L36: {measures.score.rules.late: the points are stated by an order of the bureau}
```

| check | says | found in | silenced in |
|---|---|---|---|
"""


def data() -> Mapping[str, Any]:
    """What is written by hand for each check."""
    found: Mapping[str, Any] = yaml.safe_load((FOLDER / "pages.yaml").read_text("utf-8"))
    return found


def found_in() -> dict[str, dict[str, Path]]:
    """For each check the texts in which it finds something, with the file that says what they declare."""
    texts: dict[str, dict[str, Path]] = {code: {} for code in data() if code < FIRST_ON_RULES}
    for linted in looked_at():
        if linted.stated is None:
            continue
        for found in linted.found:
            if found.code in texts:
                texts[found.code].setdefault(linted.stated.text_of(found.path), linted.path)
    return {code: dict(sorted(of_code.items(), key=lambda item: _order(item[0]))) for code, of_code in texts.items()}


@cache
def looked_at() -> tuple[Linted, ...]:
    """Every statement and scheme of `specs/` and what is found in it."""
    every = lint(ROOT / "specs")
    for linted in every:
        assert linted.stated or linted.scheme, linted.found
    return every


def _of_rules(code: str) -> Iterator[tuple[str, str, str, str]]:
    """What a check finds in the schemes and what is silenced there: scheme, line in the file, address, reason."""
    for linted in looked_at():
        if linted.scheme is None:
            continue
        folder = linted.path.parent.relative_to(ROOT / "specs").as_posix()
        for found in linted.found:
            if found.code == code:
                yield folder, str(found.at.position.line if found.at else "-"), found.path, ""
        for address, reason in linted.silenced.get(code, {}).items():
            at = linted.scheme.places.span(tuple(address.split(".")))
            yield folder, str(at.position.line if at else "-"), address, reason


def _order(text: str) -> tuple[bool, int, str]:
    digits = "".join(sign for sign in text if sign.isdigit())
    return (not text.startswith("00"), int(digits or 0), text)


def pages() -> Iterator[tuple[Path, str]]:
    """Every page with its text."""
    found = found_in()
    yield (
        FOLDER / "README.md",
        "".join([OPENING.replace("SAMPLE", _sample()), *_sections(), TABLE, *_rows(found), ON_RULES, *_rules()]),
    )
    for code, entry in data().items():
        sources = _in_schemes(code) if code >= FIRST_ON_RULES else _in_sources(entry, found[code])
        yield FOLDER / f"{code}.md", "\n".join((*_page(code, entry), *sources)) + "\n"


def _sample() -> str:
    """The first finding in a shipped statement, as the command prints it from the root of a checkout."""
    linted = next(one for one in looked_at() if one.path == ROOT / "specs" / "village-upkeep" / STATED_FILE)
    return show(linted.found[0]).replace(f"{ROOT.as_posix()}/", "", 1)


def _sections() -> Iterator[str]:
    for section in SECTIONS:
        (model,) = models_of(keys(AsStated)[section].annotation)[:1]
        names = ", ".join(f"`{key}`" for key in keys(model) if key not in ("note", "clause", "quote", "text"))
        yield f"| `{section}` | {' '.join((model.__doc__ or '').split())} | {names} |\n"


def _rows(found: Mapping[str, Mapping[str, Path]]) -> Iterator[str]:
    for code, of_code in found.items():
        entry = data()[code]
        listed = sorted(entry["listed"], key=_order)
        said = [f"{text}{'' if text in listed else '+'}" for text in of_code]
        name = catalogue()[code].name.replace("-", " ")
        yield f"| [{code}]({code}.md) | {name} | {', '.join(listed) or 'none'} | {', '.join(said) or 'none'} |\n"


def _rules() -> Iterator[str]:
    for code in data():
        if code >= FIRST_ON_RULES:
            told = list(_of_rules(code))
            found = ", ".join(dict.fromkeys(folder for folder, _, _, reason in told if not reason))
            silenced = ", ".join(dict.fromkeys(folder for folder, _, _, reason in told if reason))
            name = catalogue()[code].name.replace("-", " ")
            yield f"| [{code}]({code}.md) | {name} | {found or 'none'} | {silenced or 'none'} |\n"


def _page(code: str, entry: Mapping[str, Any]) -> Iterator[str]:
    message = catalogue()[code]
    yield f"# {code} {message.name}\n"
    yield "Made by `python docs/make_lint.py`; do not edit.\n"
    yield f"{entry['why']['en']}\n\n{entry['why']['zh']}\n"
    avoid = (SAMPLES / f"{code}-{message.name}.yaml").read_text("utf-8").splitlines()[HEAD:]
    yield "## Avoid\n\n```yaml\n" + "\n".join(avoid) + "\n```\n"
    for language in ("en", "zh"):
        told = (SAMPLES / f"{code}-{message.name}.{language}.txt").read_text("utf-8").strip("\n").split("\n\n")
        one = next(each for each in told if f" {code}" in each.partition("\n")[0])
        yield f"```text\n{one}\n```\n"
    yield f"## Prefer\n\n```yaml\n{entry['prefer']}```\n"
    name = _silenceable(code, avoid)
    yield "## Silence\n\nWith the reason, where what is found is known and meant:\n"
    yield f"```yaml\nsilenced:\n  {code}: {{{name}: because …}}\n```\n"


def _in_schemes(code: str) -> Iterator[str]:
    yield "## In the schemes\n"
    told = list(_of_rules(code))
    if not told:
        yield "Nothing found."
    for folder, line, address, reason in told:
        said = f": silenced, {reason}" if reason else ""
        yield f"* [{folder}](../../specs/{folder}/scheme.yaml), line {line}, `{address}`{said}"


def _in_sources(entry: Mapping[str, Any], found: Mapping[str, Path]) -> Iterator[str]:
    yield "## In the sources\n"
    if not found:
        yield "Nothing found.\n"
    for text, path in found.items():
        beyond = entry.get("beyond", {}).get(text)
        said = f": {beyond} (not in the digest)" if beyond else ""
        folder = path.parent.name
        yield f"* {text}, [{folder}](../../specs/{folder}/{STATED_FILE}){said}"


def _silenceable(code: str, avoid: list[str]) -> str:
    """What a silence is written for: the first entry of a statement, or the address of what is found in a scheme."""
    if code >= FIRST_ON_RULES:
        (linted,) = lint(SAMPLES / f"{code}-{catalogue()[code].name}.yaml")
        return next(found.path for found in linted.found if found.code == code)
    sections = yaml.safe_load("\n".join(avoid))
    return next(str(name) for body in sections.values() if isinstance(body, dict) for name in body)


if __name__ == "__main__":
    for path, text in pages():
        path.write_text(text, "utf-8", newline="\n")
