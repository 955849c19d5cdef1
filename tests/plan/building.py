"""Plans for tests: documents from YAML text, a small scheme to add to, and the codes of what is wrong."""

from __future__ import annotations

import textwrap

from cityrules.plan.build import build
from cityrules.plan.model import Plan
from cityrules.scheme.load import read_document
from cityrules.text.diagnostic import Diagnostic, Report
from cityrules.text.source import Source

SCHEME = """
cityrules: 1
scheme: s
title: t
clause: 1
in_force: {from: 2024-01-01}
parameters:
  pass_line: {value: 60}
  rising_line: {values: {2023-01-01: 60, 2025-01-01: 70}}
  fee: {value: 1.5元}
  deadline: {value: 2024-06-30}
  open_line: {value: unstated}
targets:
  bureau: {members: registered, fields: {quota: count, head: optional text}}
  squad: {in: bureau, members: registered, fields: {area: "number(1) [1, 50]"}}
  market: {members: [north, south]}
records:
  finding:
    dated: found_on
    key: [no]
    fields:
      no: text
      squad: squad
      helper: optional market
      found_on: date
      volume: number(1) [0, 100] m3
      notices: count [0, 9]
      cleared_on: optional date
      size: one of 大, 小
      media: flag
  rating: {one_per: squad each month, absent: "null", fields: {mark: "number(1) [0, 100]"}}
  plan_figure: {one_per: bureau each year, absent: error, fields: {buildings: count}}
"""


def checked(measures: str, rest: str = "", scheme: str = SCHEME) -> tuple[Plan | None, list[Diagnostic]]:
    """The plan of the small scheme with these measures, and every complaint."""
    text = scheme.lstrip() + ("measures:\n" + textwrap.indent(textwrap.dedent(measures).strip("\n"), "  ") + "\n")
    report = Report()
    loaded = read_document(Source("scheme.yaml", text + textwrap.dedent(rest)), report)
    assert loaded is not None, [(d.code, d.path, d.values) for d in report]
    return build(loaded, report), list(report)


def plan(measures: str, rest: str = "", scheme: str = SCHEME) -> Plan:
    """The plan of the small scheme with these measures, which has to be good."""
    made, complaints = checked(measures, rest, scheme)
    assert made is not None, [(d.code, d.path, d.values) for d in complaints]
    assert not complaints
    return made


def codes(measures: str, rest: str = "", scheme: str = SCHEME) -> list[tuple[str, str]]:
    """What is wrong with the small scheme with these measures: codes and addresses."""
    made, complaints = checked(measures, rest, scheme)
    assert (made is None) is any(d.severity == "error" for d in complaints)
    return [(d.code, d.path) for d in complaints]
