"""The typed models of a scheme as the source of a Python module that a host keeps and imports. Knows no engine.

What it writes behaves as `model.typed` does: the same attributes, types, bounds and aliases. It is for reading, too: a
type checker and an editor see the fields.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from cityrules.calendar.periods import Periods
from cityrules.io.grammar import MAX_TEXT, scaled_range
from cityrules.model.typed import MODEL_NAMES, attributes, record_columns, target_columns
from cityrules.plan.model import Kind, Plan, RecordKind
from cityrules.scheme.notation import MAX_SCALE, FieldType
from cityrules.text.width import width

_WIDE: Final = 120
_INDENT: Final = "    "


def models_source(plan: Plan) -> str:
    """The module: a model for each kind of registered targets and each kind of records, named after it."""
    names: dict[str, str] = {}
    bodies: list[str] = []
    kinds: list[Kind | RecordKind] = [kind for kind in plan.kinds.values() if kind.members == "registered"]
    for kind in [*kinds, *plan.records.values()]:
        names[kind.name] = _class_name(kind.name, {*names.values(), *MODEL_NAMES})
        bodies.append("\n".join(_model(kind, names[kind.name], plan.periods)))
    text = "\n\n\n".join([_base(bodies), *bodies]) + "\n"
    return f"{_head(plan.scheme, text)}\n\n{text}"


def _head(scheme: str, text: str) -> str:
    """The docstring and the imports that the text needs."""
    typing = ["Annotated", "ClassVar", "Literal"]
    used = [name for name in typing if f"{name}[" in text]
    lines = [
        f'"""{_quiet(f"Typed rows of the scheme {scheme}, made by `cityrules models`: change the scheme instead.")}"""',
        "",
        *(["import datetime as dt"] if "dt.date" in text else []),
        *(["from decimal import Decimal"] if "Decimal(" in text else []),
        *([f"from typing import {', '.join(used)}"] if used else []),
        "",
        f"from pydantic import BaseModel, ConfigDict{', Field' if 'Field(' in text else ''}",
    ]
    return "\n".join(lines)


def _base(bodies: list[str]) -> str:
    """What the models are made of: the types of texts and of numbers without bounds of their own, and their base."""
    scales = [scale for scale in range(1, MAX_SCALE + 1) if any(f": Number{scale}" in body for body in bodies)]
    numbers = "".join(f"\nNumber{scale} = {_decimal(FieldType('number', scale=scale))}" for scale in scales)
    return f'''Text = Annotated[str, Field(min_length=1, max_length={MAX_TEXT})]{numbers}


class Row(BaseModel):
    """What all rows have in common: they do not change, and have no other fields than these."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)'''


def _model(kind: Kind | RecordKind, name: str, periods: Periods) -> Iterator[str]:
    columns = target_columns(kind) if isinstance(kind, Kind) else record_columns(kind)
    named = attributes(columns)
    yield f"class {name}(Row):"
    yield f'{_INDENT}"""{_quiet(_about(kind))}"""'
    yield ""
    if any(column != attribute for column, attribute in named.items()):
        yield f"{_INDENT}__cityrules_attributes__: ClassVar[dict[str, str]] = {{"
        yield from (f"{_INDENT * 2}{_quoted(column)}: {_quoted(attribute)}," for column, attribute in named.items())
        yield f"{_INDENT}}}"
    for column, type_ in columns.items():
        annotation = _period(kind, periods) if type_ is None else _annotation(type_)
        yield from _field(named[column], column, annotation, type_)


def _about(kind: Kind | RecordKind) -> str:
    if isinstance(kind, Kind):
        return f"A target of the kind `{kind.name}`."
    label = f": {kind.label}" if kind.label else ""
    return f"A record of the kind `{kind.name}`{label}{f' ({kind.clause})' if kind.clause else ''}."


def _field(attribute: str, column: str, annotation: str, type_: FieldType | None) -> Iterator[str]:
    optional = type_ is not None and type_.optional
    default = ""
    if attribute != column:
        default = f" = Field({'None, ' if optional else ''}alias={_quoted(column)})"
    elif optional:
        default = " = None"
    more = " | None" if optional else ""
    unit = f"  # {_quiet(type_.unit)}" if type_ is not None and type_.unit else ""
    line = f"{_INDENT}{attribute}: {annotation}{more}{default}"
    if _fits(line) or type_ is None or not type_.labels:
        yield line + (unit if _fits(line + unit) else "" if _fits(line) else "  # noqa: E501")
        return
    labels = [f"{_quoted(label)}," for label in type_.labels]
    if not optional:
        yield from _block(1, f"{attribute}: Literal[", labels, f"]{default}")
        return
    yield f"{_INDENT}{attribute}: ("
    yield from _block(2, "Literal[", labels, "]")
    yield f"{_INDENT * 2}| None"
    yield f"{_INDENT}){default}"


def _block(depth: int, first: str, inside: list[str], last: str) -> Iterator[str]:
    yield _INDENT * depth + first
    yield from (_INDENT * (depth + 1) + line for line in inside)
    yield _INDENT * depth + last


def _fits(line: str) -> bool:
    """Whether a line is short enough for linters, which count wide characters twice."""
    return width(line) <= _WIDE


def _period(kind: Kind | RecordKind, periods: Periods) -> str:
    assert isinstance(kind, RecordKind)
    assert kind.one_per is not None
    assert kind.one_per.period is not None
    return f'Annotated[str, Field(pattern=r"^{periods[kind.one_per.period].pattern}$")]'


def _annotation(type_: FieldType) -> str:
    match type_.base:
        case "number" | "count":
            low, high = scaled_range(type_)
            if type_.scale == 0:
                return f"Annotated[int, Field(ge={low}, le={high})]"
            if type_.low is type_.high is None:
                return f"Number{type_.scale}"
            return _decimal(type_)
        case "flag":
            return "bool"
        case "date":
            return "dt.date"
        case "datetime":
            return "dt.datetime"
        case "enumeration":
            return f"Literal[{', '.join(map(_quoted, type_.labels))}]"
    return "Text"


def _decimal(type_: FieldType) -> str:
    low, high = (f'Decimal("{Decimal(bound).scaleb(-type_.scale):f}")' for bound in scaled_range(type_))
    return f"Annotated[Decimal, Field(ge={low}, le={high}, decimal_places={type_.scale})]"


def _class_name(kind: str, taken: set[str]) -> str:
    """`street_order` becomes `StreetOrder`; no two kinds have the same, and none that of something else."""
    name = "".join(part[:1].upper() + part[1:] for part in kind.split("_")) or "Kind"
    while name in taken:
        name += "_"
    return name


def _quoted(text: str) -> str:
    """A text as a literal of the source."""
    inner = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(sign if sign.isprintable() else _escaped(sign) for sign in inner) + '"'


def _quiet(text: str) -> str:
    """A text inside a docstring or a comment: in one line, and nothing in it ends where it stands."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return plain.replace("\\", "＼").replace('"', "'")


def _escaped(sign: str) -> str:
    return f"\\U{ord(sign):08x}"
