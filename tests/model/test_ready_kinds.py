"""The ready models of targets: what a host passes comes out of an assessment."""

from __future__ import annotations

import datetime as dt

import pytest
from pydantic import ValidationError

import cityrules as cr
from cityrules.model.kinds import KINDS, District, Street, Target

SCHEME = """
cityrules: 1
scheme: ready
title: Ready models
clause: "1"
in_force: {from: 2024-01-01}
targets:
  district: {members: registered}
  street: {in: district, members: registered, fields: {quota: count}}
measures:
  own: {for: street each month, formula: quota}
  all: {for: district each month, sum: own, over: street}
"""


def test_models_are_target_rows_with_attributes_of_the_scheme() -> None:
    streets = [
        Street(name="East", district="A", quota=3, until=dt.date(2024, 2, 1)),
        Street(name="East", district="B", quota=4, since=dt.date(2024, 2, 1)),
        Street(name="West", district="A", quota=5),
    ]
    targets = {"district": [District(name="A"), District(name="B", city="C")], "street": streets}
    found = cr.loads(SCHEME).assess({}, targets=targets, period="2024", as_of=dt.datetime(2025, 1, 1))
    assert found.value("own", "East", "2024-01") == "3"
    assert [found.value("all", name, "2024-01") for name in "AB"] == ["8", "0"]
    assert [found.value("all", name, "2024-02") for name in "AB"] == ["5", "4"]


def test_every_model_is_named_in_both_languages() -> None:
    assert len({model.en for model in KINDS}) == len({model.zh for model in KINDS}) == len(KINDS) == 17
    assert all(model(name="x").name == "x" and model is not Target for model in KINDS)


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {}, {"name": "x", "since": "2024-02-01", "until": "2024-02-01"}, {"name": "x", "since": "soon"}],
)
def test_a_row_that_cannot_be_is_refused_at_once(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Street(**wrong)


def test_rows_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Street(name="x").name = "y"  # type: ignore[misc]
