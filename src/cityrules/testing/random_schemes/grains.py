"""The cells that random measures are of, and the lengths of their periods."""

from __future__ import annotations

MONTHLY = ("squad each month", "bureau each month", "whole each month", "market each month", "crew each month")
GRAINS = (
    *MONTHLY,
    *MONTHLY[:2],
    "squad each quarter",
    "bureau each quarter",
    "bureau each half_year",
    "bureau each year",
    "squad each year",
    "whole each year",
    "whole each quarter",
    "squad",
    "bureau",
    "whole",
    "squad each month per market",
    "squad each month per market",
    "bureau each month per market",
    "bureau each quarter per market",
    "bureau each month per crew, market",
    "squad per crew",
    "finding",
    "finding",
    "finding",
    "visit",
    "visit",
    "letter",
)
BY_LENGTH = ("day", "week", "ten_days", "round", "closing", "month", "quarter", "heating", "half_year", "year")
OTHERS = (
    *("squad each week", "bureau each week", "whole each week", "squad each ten_days", "bureau each round"),
    *("squad each closing", "bureau each closing", "squad each heating", "whole each heating", "whole each day"),
    *("bureau each tenure", "bureau each tenure", "bureau each term", "bureau each tenure per market"),
)
TENURES = ("tenure", "term")
