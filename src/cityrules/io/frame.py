"""Data frames of pandas as input rows. Uses what a frame says of itself; pandas is never imported, nor pyarrow.

Not read as Arrow: columns of mixed Python objects, which are usual in pandas, have no Arrow type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from cityrules.io.columns import check_header
from cityrules.io.files import failure
from cityrules.io.listed import NOT_A_NAME
from cityrules.io.normal import float_text, to_text
from cityrules.io.rows import DataError, RawRow

_SHORT_FLOATS: Final = ("float16", "float32", "Float32")
_BATCH: Final = 16_384


def is_frame(thing: object) -> bool:
    """Whether a thing is a data frame of pandas, by its real type."""
    made = type(thing)
    return made.__module__.partition(".")[0] == "pandas" and all(hasattr(made, sign) for sign in ("iloc", "isna"))


class FrameRows:
    """A data frame. What pandas counts as missing (NaN, NaT, None, NA) is nothing; the index is not read.

    Raises `DataError` for columns whose names are no texts, or stand twice.
    """

    def __init__(self, frame: Any, name: str) -> None:
        self.name = name
        self._frame = frame
        labels = list(frame.columns)
        for label in labels:
            if not isinstance(label, str):
                raise failure(NOT_A_NAME, source=name, row="-", type=type(label).__name__)
        if problems := check_header(labels, name):
            raise DataError(problems)
        zoned = {label: str(dtype) for label, dtype in frame.dtypes.items() if getattr(dtype, "tz", None) is not None}
        self.unreadable_columns: Mapping[str, str] = zoned
        self.columns = tuple(label for label in labels if label not in zoned)
        # A frame has a header like a file; only one without any column may stand for no rows at all.
        self.optional_columns = not labels

    def rows(self) -> Iterator[RawRow]:
        """The rows in their order, whatever the index says."""
        for start in range(0, len(self._frame), _BATCH):
            part = self._frame.iloc[start : start + _BATCH]
            cells = [list(_cells(part[column])) for column in self.columns]
            for number, row in enumerate(zip(*cells, strict=True), start + 1):
                reasons = [reason for _, reason in row if reason is not None]
                bad = None if not reasons else "encoding" if "encoding" in reasons else reasons[0]
                yield RawRow(number, tuple([text for text, _ in row]), bad)


def _cells(series: Any) -> Iterator[tuple[str | None, Any]]:
    """The text of each value and the reason for which it has none."""
    short = str(series.dtype) in _SHORT_FLOATS
    for value, missing in zip(series.tolist(), series.isna().tolist(), strict=True):
        if missing:
            yield None, None
        elif short:
            # The digits of a small float are those that give it back as a small float.
            yield float_text(float(value), single=True)
        else:
            yield to_text(value)
