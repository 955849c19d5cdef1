"""Worked cases in a file of their own, loaded: checked models, with the place of every address. Runs none of them."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cityrules.scheme.cases import check_example
from cityrules.scheme.document import CasesDocument
from cityrules.scheme.forms import formed
from cityrules.scheme.languages import language_of, language_of_text
from cityrules.scheme.load import Loaded, canonical, too_many
from cityrules.scheme.places import Path, Places
from cityrules.scheme.reporting import Reporter
from cityrules.text.diagnostic import Language, Report
from cityrules.text.nodes import Mapping as MapNode
from cityrules.text.nodes import Scalar, plain
from cityrules.text.source import Source, Span
from cityrules.text.suggest import nearest
from cityrules.text.vocabulary import vocabulary
from cityrules.text.yaml import read

VERSION: Final = "CR1040"
NO_CASES: Final = "CR306"
VERSION_KEY: Final = "cityrules-cases"
LANGUAGE: Final = "1"
CASES: Final = "cases"
OUT_OF_REACH: Final = "out_of_reach"
_OWN: Final = ("scheme", CASES)
_ENCODINGS: Final = ("utf-8", "gb18030")
_TOP: Final = re.compile(r"^\ufeff?(['\"]?)([^\s#'\":：\[\]{}-][^:：\n'\"]*)\1[ \t]*[:：]", re.MULTILINE)
"""A key that stands at the margin."""

SchemeOf = Callable[[Scalar, Report], Loaded | None]
"""The scheme that a text names; None after a complaint."""


@dataclass(frozen=True, slots=True)
class Casebook:
    """The cases of a file, the scheme that they are about, and where everything stands."""

    document: CasesDocument
    scheme: Loaded
    raw: Mapping[str, object]
    places: Places
    language: Language

    def span(self, path: Path) -> Span | None:
        """The best place for an address: the text there, else the key, else the nearest place around it."""
        return self.places.span(path)

    def locate_key(self, path: Path) -> Scalar | None:
        """The key at an address, None where there is none."""
        return self.places.key(path)


def is_casebook(text: str) -> bool:
    """Whether a text says at its top that it is a file of cases, in either language."""
    key = "|".join(map(re.escape, _version_keys()))
    return re.search(rf"^\ufeff?(['\"]?)({key})\1[ \t]*[:：]", text, re.MULTILINE) is not None


def meant_as_casebook(data: bytes) -> bool:
    """Whether a file is one of cases, or was to be one: at its top stands the key that says so, in whatever encoding, a
    word like it, or what only a file of cases has beside each other (`scheme` and `cases`). Whether it is good YAML is
    another question."""
    known = vocabulary()
    for encoding in _ENCODINGS:
        # A mark of the encoding at the start of a file is part of no key, nor of a comment.
        text = data.removeprefix(BOM_UTF8).decode(encoding, "replace")
        if is_casebook(text):
            return True
        top = {found.group(2).strip() for found in _TOP.finditer(text)}
        if any(nearest(key, _version_keys()) for key in top):
            return True
        names = (known.key(CasesDocument.__name__, name) or name for name in _OWN)
        if {*_OWN} <= top or {*names} <= top:
            return True
    return False


def read_casebook(source: Source, report: Report, scheme_of: SchemeOf) -> tuple[Casebook | None, Language]:
    """The cases that a YAML text holds, or None, and the language of its keywords; what is wrong with it, and with the
    scheme that it names, goes into `report`."""
    root = read(source, report)
    if root is None:
        return None, language_of_text(source.text, CasesDocument)
    language = language_of(root, CasesDocument)
    scheme = _scheme(root, report, scheme_of)
    if language == "zh":
        root = canonical(root, report, CasesDocument, scheme.root if scheme is not None else None)
    raw = plain(root)
    return _loaded(raw if isinstance(raw, dict) else {}, scheme, Places(root), report, language), language


def with_more_cases(text: str, cases: str) -> str | None:
    """The text of a file of cases with more of them behind its last one (as they stand below the key, two spaces from
    the left); None where they would not be read so, because something else stands there or it is written otherwise."""
    line_break = "\r\n" if "\r\n" in text else "\n"
    joined = text + ("" if text.endswith("\n") else line_break) + cases.replace("\n", line_break)
    before, after = (read(Source("", one), Report()) for one in (text, joined))
    more = read(Source("", f"{CASES}:\n{cases}"), Report())
    if before is None or after is None or more is None:
        return None
    key = next((key.text for key, _ in before.items if key.text in _cases_keys()), None)
    trees: list[Any] = [plain(one) for one in (before, after, more)]
    old, new, added = trees
    if key is None or not isinstance(old[key], dict):
        return None
    wanted = {**old, key: {**old[key], **added[CASES]}}
    return joined if new == wanted and len(wanted[key]) == len(old[key]) + len(added[CASES]) else None


def _version_keys() -> tuple[str, str]:
    return VERSION_KEY, vocabulary().key(CasesDocument.__name__, VERSION_KEY) or VERSION_KEY


def _cases_keys() -> tuple[str, str]:
    return CASES, vocabulary().key(CasesDocument.__name__, CASES) or CASES


def scheme_named(source: Source) -> Scalar | None:
    """The text by which a file of cases names its scheme; None where it cannot be read, or names none."""
    root = read(source, Report())
    return None if root is None else _named(root)


def _named(root: MapNode) -> Scalar | None:
    key = vocabulary().key(CasesDocument.__name__, "scheme") or "scheme"
    named = root.get("scheme") or root.get(key)
    return named if isinstance(named, Scalar) and named.text.strip() else None


def _scheme(root: MapNode, report: Report, scheme_of: SchemeOf) -> Loaded | None:
    named = _named(root)
    return None if named is None else scheme_of(named, report)


def _loaded(
    raw: Mapping[str, Any], scheme: Loaded | None, places: Places, report: Report, language: Language
) -> Casebook | None:
    if too_many(raw, places, report):
        return None
    document = formed(raw, places, CasesDocument, report)
    if document is None:
        return None
    if document.version != LANGUAGE:
        report.add(VERSION, places.span((VERSION_KEY,)), VERSION_KEY, found=document.version, expected=LANGUAGE)
    if not document.cases:
        report.add(NO_CASES, places.key_span((CASES,)), CASES, key=CASES)
    if scheme is None:
        return None
    reporter = Reporter(raw, places, report, CasesDocument)
    for name in document.cases:
        check_example((CASES, name), scheme.document, reporter)
    return None if report.failed else Casebook(document, scheme, raw, places, language)
