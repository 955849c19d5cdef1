"""The binding as frozen pydantic models: its keys and notations, nothing of any scheme or table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from cityrules.io.csv import Encoding
from cityrules.scheme.document import MAP, WORD
from cityrules.scheme.texts import Name, NumeralText, Texts, Words

VERSION_KEY: Final = "cityrules-binding"


def _word_or_map(value: object) -> str:
    return MAP if isinstance(value, (Mapping, BaseModel)) else WORD


class Part(BaseModel):
    """What every part of a binding may carry: a note for readers."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)

    note: Words | None = None


class BindingTable(Part):
    """A table of the host, and how its file is read. `unlisted`: what becomes of rows that no `when` takes."""

    encoding: Encoding | None = None
    sheet: Words | None = None
    header: Words | None = None
    unlisted: Literal["reject", "ignore"] | None = None


class BindingWhen(Part):
    """Only the rows in which a column holds one of these texts."""

    column: Words
    is_: Texts = Field(alias="is")


class BindingField(Part):
    """Where a field comes from (`column`, `join` or `value`), and how its texts are understood."""

    column: Words | None = None
    join: Texts | None = None
    with_: Words | None = Field(None, alias="with")
    value: Words | None = None
    empty: Texts | None = None
    codes: Mapping[Words, Words] | None = None
    otherwise: Literal["reject", "keep", "missing"] | None = None
    date: Texts | None = None
    times: NumeralText | None = None


FieldText = Annotated[Annotated[Words, Tag(WORD)] | Annotated[BindingField, Tag(MAP)], Discriminator(_word_or_map)]


class BindingRows(Part):
    """Rows of one table that become rows of one kind. A field that is not listed is in the column of its name."""

    from_: Name = Field(alias="from")
    to: Name
    when: BindingWhen | None = None
    fields: Mapping[Name, FieldText] = {}
    absent: Texts = ()


class BindingDocument(Part):
    """A binding, as written."""

    version: Words = Field(alias=VERSION_KEY)
    scheme: Words
    title: Words | None = None
    tables: Mapping[Name, BindingTable]
    rows: Mapping[Name, BindingRows]
