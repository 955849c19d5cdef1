"""A scheme with a field of every type, for rows that mean harm."""

from __future__ import annotations

DOCUMENT = """
cityrules: 1
scheme: hostile-rows
title: 行
in_force: {from: 2024-01-01}
rounding: half up to 2
parameters:
  line: {value: 3, clause: 1}
targets:
  bureau: {members: registered, fields: {quota: count, since_when: optional date}}
  squad: {in: bureau, members: registered, fields: {size: number(1), note: optional text}}
  spot: {members: as they appear}
  area: {members: [north, south]}
records:
  finding:
    dated: found_on
    key: [no, part]
    fields:
      no: text
      part: count
      squad: squad
      spot: optional spot
      area: optional area
      found_on: date
      volume: number(2) [0, 1000]
      depth: optional number(3)
      media: flag
      matter: one of 垃圾, 占道, other
      seen_at: optional datetime
      remark: optional text
  call:
    dated: at
    key: [id]
    fields: {id: text, at: datetime, squad: squad, late: optional flag}
  rating:
    one_per: squad each month
    absent: null
    fields: {points: "number(2) [0, 100]", remark: optional text}
measures:
  large: {for: finding, formula: volume > line, clause: 1}
  score:
    for: squad each month
    clause: 2
    from: 100
    rules:
      found: {each: finding, deduct: 0.5, times: volume, cap: 60, clause: 2.1}
      media: {each: finding, when: media and large, deduct: 2, group: g, clause: 2.2}
      late: {each: call, when: late, deduct: 0.05, missing: undecided, clause: 2.3}
    floor: 0
  share: {for: bureau each month, portion: large, over: finding, empty: null, unit: '%', clause: 3}
  mean: {for: bureau each month, mean: score, over: squad, empty: null, clause: 3}
  rated: {for: squad each month, formula: points, missing: 0, clause: 4}
  grade: {for: squad each month, bands: score, at_least: {90: A, 60: B}, otherwise: C, clause: 5}
  place: {for: squad each month, rank: high rated, among: bureau, ties: share, clause: 6}
  bad: {for: squad each month, run: grade = "C", new_year: continues, clause: 7}
consequences:
  talk: {for: squad each month, when: bad >= 2, do: 约谈, kind: talk, clause: 8}
"""
