"""One namespace for everything an expression can name: no name twice, none hidden, none that the language has taken."""

from __future__ import annotations

from typing import Final

from cityrules.feel.functions import FUNCTIONS, OVER_NAMES
from cityrules.feel.lexer import KEYWORDS
from cityrules.scheme.document import Document
from cityrules.scheme.notation import PERIODS, parts_of
from cityrules.scheme.places import Path
from cityrules.scheme.reporting import Reporter
from cityrules.text.names import check_name, note_name

TWICE: Final = "CR328"
RESERVED: Final = "CR329"
HIDES: Final = "CR339"
COLUMN: Final = "CR340"

NAMESPACE: Final = ("periods", "parameters", "tables", "targets", "records", "measures", "consequences")
SECTIONS: Final = (*NAMESPACE, "checks", "readings", "uncomputed", "examples")

WORDS: Final = frozenset({*KEYWORDS, *PERIODS, "as_of", "whole"})
"""What no name at all may be: words of the expression language, periods, and the two names that are always there."""

DIRECTIONS: Final = frozenset({"add", "deduct"})
"""What no rule may be called: a cap names all rules of one direction so."""

CALLED: Final = frozenset(
    {*FUNCTIONS, *OVER_NAMES, "count_true", "fired", "in_force", "sum_of", "working_days_between", "minutes_between"}
)
"""What is called like a function, in this version of the language or a coming one. Fields may be named so."""

# The places of an example where these words stand beside names of the document.
_IN_EXAMPLES: Final = {
    "records": {"targets", "values"},
    "measures": {"rejects", "problems", "movements", "diagnostics"},
    "consequences": {"rejects", "problems", "movements", "diagnostics"},
}
_TARGET_COLUMNS: Final = frozenset({"name", "since", "until"})


def check_names(document: Document, reporter: Reporter) -> None:
    """Complain about every name of the document that is not its own."""
    owners: dict[str, Path] = {}
    for section in SECTIONS:
        for name in reporter.names((section,)):
            path = (section, name)
            if section == "periods" and name in PERIODS:
                continue  # The body says more of a period that is built in.
            _check(path, name, reporter, WORDS | CALLED | _IN_EXAMPLES.get(section, set()))
            if section in NAMESPACE:
                owner = owners.setdefault(name, path)
                if owner is not path:
                    reporter.refuse_key(TWICE, path, found=name, other=_said(owner, reporter))
    for name in document.measures:
        _check_rules(("measures", name), reporter)
        for cap in reporter.names(("measures", name, "caps")):
            _check(("measures", name, "caps", cap), cap, reporter, WORDS)
    for name in document.consequences:
        for step in reporter.names(("consequences", name, "steps")):
            _check(("consequences", name, "steps", step), step, reporter, WORDS)
    for name in document.tables:
        for column in reporter.names(("tables", name, "columns")):
            _check(("tables", name, "columns", column), column, reporter, WORDS)
    _check_fields(document, reporter, owners)


def _check_rules(path: Path, reporter: Reporter) -> None:
    """The names of the rules and items of a ledger, or of an item."""
    for key in ("rules", "items"):
        for name in reporter.names((*path, key)):
            _check((*path, key, name), name, reporter, WORDS | DIRECTIONS)
            if key == "items":
                _check_rules((*path, key, name), reporter)


def _check_fields(document: Document, reporter: Reporter, owners: dict[str, Path]) -> None:
    for kind, target in document.targets.items():
        taken = _TARGET_COLUMNS | ({target.in_} if target.in_ else set())
        for field in target.fields:
            path = ("targets", kind, "fields", field)
            if field in taken:
                reporter.refuse_key(COLUMN, path, found=field)
            else:
                _check_field(path, target.fields[field].kind, reporter, owners)
    for name, record in document.records.items():
        columns = {"period", *parts_of(record.one_per.kind)} if record.one_per else set()
        for field in record.fields:
            path = ("records", name, "fields", field)
            if field in columns:
                reporter.refuse_key(COLUMN, path, found=field)
            else:
                _check_field(path, record.fields[field].kind, reporter, owners)


def _check_field(path: Path, refers_to: str | None, reporter: Reporter, owners: dict[str, Path]) -> None:
    """A field may carry the name of the kind it refers to, and no other name of the document."""
    name = path[-1]
    owner = owners.get(name)
    kinds = {*reporter.names(("targets",)), *reporter.names(("records",))}
    of_kind = owner is not None and owner[0] in ("targets", "records")
    if of_kind and refers_to is not None and refers_to not in kinds:
        return  # It means to refer to a kind; that there is none of this name is said with the types.
    if owner is not None and not (of_kind and refers_to == name):
        reporter.refuse_key(HIDES, path, found=name, other=_said(owner, reporter))
    else:
        _check(path, name, reporter, WORDS)


def _check(path: Path, name: str, reporter: Reporter, reserved: frozenset[str] | set[str]) -> None:
    if check_name(name) is not None:
        note_name(name, reporter.places.key_span(path), reporter.report, ".".join(path))
    elif name in reserved:
        reporter.refuse_key(RESERVED, path, found=name)


def _said(path: Path, reporter: Reporter) -> str:
    """An address for a sentence, with its line where it stands in a text."""
    key = reporter.places.key(path)
    return f"{'.'.join(path)} ({key.span})" if key is not None else ".".join(path)
