"""Ready models of the targets that city schemes assess, for hosts to import and pass as rows. Knows no scheme, no plan.

A scheme names its kinds as it likes; what a row is for is decided by where it is passed
(`targets={"street": [Street(name="East Street")]}`). Besides what stands here a model takes whatever attributes the
scheme asks for (`Street(name="East Street", quota=3)`); names and values are checked when the rows are read.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, ClassVar, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cityrules.io.grammar import MAX_TEXT

Named = Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]


class Target(BaseModel):
    """One target, or one version of it: its place and attributes hold from `since` to before `until` (nothing: open).

    Raises pydantic's ValidationError for an empty name, or an `until` that is not after `since`.
    """

    model_config = ConfigDict(frozen=True, extra="allow", defer_build=True)

    en: ClassVar[str] = "target"
    zh: ClassVar[str] = "考核对象"

    name: Named
    since: dt.date | None = None
    until: dt.date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since is not None and self.until is not None and self.until <= self.since:
            raise ValueError("until is not after since")
        return self


class City(Target):
    en, zh = "city", "市"


class District(Target):
    en, zh = "district", "区"
    city: Named | None = None


class County(Target):
    en, zh = "county", "县"
    city: Named | None = None


class Zone(Target):
    en, zh = "development zone", "开发区"
    city: Named | None = None


class Street(Target):
    en, zh = "street", "街道"
    district: Named | None = None


class Township(Target):
    en, zh = "township", "乡镇"
    county: Named | None = None


class Community(Target):
    en, zh = "community", "社区"
    street: Named | None = None


class Village(Target):
    en, zh = "village", "村"
    township: Named | None = None


class Grid(Target):
    en, zh = "grid", "网格"
    community: Named | None = None


class Department(Target):
    en, zh = "department", "部门"
    city: Named | None = None


class Squad(Target):
    en, zh = "squad", "中队"
    department: Named | None = None


class SanitationOffice(Target):
    en, zh = "sanitation office", "环卫所"
    district: Named | None = None


class Market(Target):
    en, zh = "market", "农贸市场"
    street: Named | None = None


class Operator(Target):
    en, zh = "operator", "运营单位"


class PropertyCompany(Target):
    en, zh = "property company", "物业企业"


class Officer(Target):
    en, zh = "officer", "执法人员"
    squad: Named | None = None


class Inspector(Target):
    en, zh = "inspector", "督查员"
    department: Named | None = None


KINDS: Final[tuple[type[Target], ...]] = (
    City, District, County, Zone, Street, Township, Community, Village, Grid, Department, Squad, SanitationOffice,
    Market, Operator, PropertyCompany, Officer, Inspector,
)  # fmt: skip
"""All of them, from the widest to single persons."""
