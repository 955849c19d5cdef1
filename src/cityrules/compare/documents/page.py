"""A comparison as a page of its own (HTML): no script, nothing loaded, fit to be printed. What is data is escaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from typing import Final

from cityrules.compare.documents.words import Grid, Heading, Line, Told
from cityrules.text.diagnostic import Language

STYLE: Final = """
:root { color-scheme: light; }
body { font: 15px/1.55 system-ui, "Noto Sans CJK SC", sans-serif; margin: 2em auto; max-width: 80em; padding: 0 1em;
  color: #1c1c1c; background: #fff; }
h1 { font-size: 1.5em; line-height: 1.3; }
h2 { font-size: 1.15em; margin: 2em 0 .4em; border-bottom: 2px solid #234a7d; padding-bottom: .15em; }
nav ul { padding: 0; margin: 1em 0; list-style: none; }
nav li { display: inline-block; margin-right: 1.2em; }
a { color: #1d4f91; }
p { margin: .35em 0; max-width: 62em; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: .8em 0 1.4em; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .3em 0; }
th, td { padding: .22em .9em .22em 0; text-align: left; vertical-align: top; border-bottom: 1px solid #dcdcdc; }
thead th, thead td { border-bottom: 2px solid #8a8a8a; }
tbody th { font-weight: 400; }
.n { text-align: right; white-space: nowrap; }
.more { color: #555; }
@media print {
  body { margin: 0; max-width: none; font-size: 10pt; }
  nav { display: none; }
  .wide { overflow: visible; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  h2, caption { break-after: avoid; }
}
"""


def as_page(parts: Sequence[Told], language: Language) -> str:
    """The whole page: the first heading is its title, each other one begins a section that the list on top leads to."""
    title = escape(parts[0].text if isinstance(parts[0], Heading) else "")
    heads = [one.text for one in parts[1:] if isinstance(one, Heading)]
    links = "".join(f'<li><a href="#s{number}">{escape(head)}</a></li>' for number, head in enumerate(heads, 1))
    body = [
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">',
        f'<meta name="viewport" content="width=device-width">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>',
        f"<body>\n<main>\n<h1>{title}</h1>",
        *_sections(parts[1:], f"<nav><ul>{links}</ul></nav>" if links else ""),
        "</main>\n</body>\n</html>\n",
    ]
    return "\n".join(body)


def _sections(parts: Sequence[Told], contents: str) -> Iterator[str]:
    """What stands before the first heading, the list of sections, and these."""
    number = 0
    for headed, some in groupby(parts, key=lambda one: isinstance(one, Heading)):
        if headed:
            for one in some:
                number += 1
                if number == 1:
                    yield contents
                yield f'<h2 id="s{number}">{escape(one.text if isinstance(one, Heading) else "")}</h2>'
            continue
        for one in some:
            if isinstance(one, Line):
                yield f"<p>{escape(one.text)}</p>"
            elif isinstance(one, Grid):
                yield from _table(one)


def _table(grid: Grid) -> Iterator[str]:
    sides = ['class="n"' if side == "right" else "" for _, side in grid.columns]
    yield '<div class="wide"><table>'
    if grid.title is not None:
        yield f"<caption>{escape(grid.title)}</caption>"
    heads = "".join(
        _tag("th", f'scope="col" {side}', name) if name else _tag("td", side, name)
        for (name, _), side in zip(grid.columns, sides, strict=True)
    )
    yield f"<thead><tr>{heads}</tr></thead>\n<tbody>"
    for row in grid.rows:
        first = _tag("th", 'scope="row"', row[0])
        yield "<tr>" + first + "".join(_tag("td", *pair) for pair in zip(sides[1:], row[1:], strict=True)) + "</tr>"
    yield "</tbody></table></div>"
    if grid.more is not None:
        yield f'<p class="more">{escape(grid.more)}</p>'


def _tag(name: str, attributes: str, text: str) -> str:
    return f"<{' '.join((name, attributes.strip())).strip()}>{escape(text)}</{name}>"
