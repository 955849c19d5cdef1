"""A drawn document mended until the plan accepts it: what is refused is stated, said otherwise, or left out.

The checker says what is wrong and where, and that is all that is gone by. So a rule that reads a name which its cell
cannot read keeps all the rest that was drawn of it, and nothing of the language is repeated here.
"""

from __future__ import annotations

import copy
import random
import re
from typing import Any

from cityrules.plan.build import build
from cityrules.plan.model import Plan
from cityrules.scheme.load import document_from
from cityrules.testing.random_schemes.words import NUMBERS, ROUNDINGS, Body, summed
from cityrules.text.diagnostic import Diagnostic, Report

DRAWN = ("is", "policy", "label")
"""What is noted beside a drawn measure for those who draw the next ones, and is no part of the document."""

Address = tuple[str, ...]

# What to say where something is not said or said wrongly, by the key.
SAYINGS: dict[str, tuple[object, ...]] = {
    "empty": ("error", "null", "0", "7"),
    "round": ROUNDINGS,
    "together": ("all", "highest", "first"),
    "each": ("finding",),
    "over": ("finding",),
    "count": ("finding",),
    "via": ("squad", "helper"),
    "window": ("ever",),
    "deduct": ("1", "0.5", "2.25"),
    "add": ("1", "0.5", "2.25"),
    "times": ("2", "3"),
    "of": (["add"], ["deduct"]),
    "new_year": ("continues", "breaks"),
    "otherwise": ("0",),
    "restarts": ("no",),
    "surplus": ("carried", "dropped"),
}
PLAINLY = {
    **dict.fromkeys(("when", "where", "applies", "portion", "run", "that"), "line > 2"),
    **dict.fromkeys(("formula", "bands", "tiers", "sum", "mean", "min", "max"), "line"),
    **dict.fromkeys(("first", "last", "distinct", "give", "is", "value", "worth", "from", "at"), "line"),
    **dict.fromkeys(("starts", "before", "done"), "limit_day"),
    "rank": "high line",
}
"""What can stand at keys that cannot be left out."""
QUOTIENTS = ("CR263", "CR266", "CR267", "CR463")
UNREADABLE = ("CR250", "CR441", "CR444", "CR445", "CR448", "CR452", "CR478", "CR813", "CR980")
"""A name that cannot be read here, or must not be."""
IDLE = ("CR301", "CR341", "CR437", "CR438", "CR462", "CR471", "CR475", "CR487", "CR491", "CR858")
"""What says nothing where it stands."""
BESIDE = ("CR323", "CR324")
"""A key that does not go with others of the body."""
UNSAID = {"CR470": "missing", "CR474": "empty", "CR484": "together"}
"""The key that is missing in the body."""


def plain(document: Body) -> Body:
    """The document without what is only noted beside its measures."""
    measures = {
        name: {key: value for key, value in body.items() if key not in DRAWN}
        for name, body in document.get("measures", {}).items()
    }
    return {**document, "measures": measures}


def plan_of(document: Body, report: Report) -> Plan | None:
    """The plan of a document; None where it is refused, as `report` says."""
    loaded = document_from(plain(document), report)
    plan = build(loaded, report) if loaded is not None and not report.failed else None
    return plan if plan is not None and not report.failed else None


def mended(rng: random.Random, document: Body, more: Body, sorts: dict[str, str]) -> Body:
    """The document with what is left of more bodies (by section and name) once all that is refused is mended.

    `sorts`: of every measure that a body may name whether it is a number, a flag, a date or a text.
    """
    attempt = {**document}
    for section, bodies in more.items():
        attempt[section] = {**document.get(section, {}), **copy.deepcopy(bodies)}
    struck: dict[str, int] = {}
    for _ in range(12):
        report = Report()
        if plan_of(attempt, report) is not None:
            return attempt
        for found in report:
            if found.severity == "error":
                struck[found.path] = struck.get(found.path, 0) + 1
                _mend(rng, attempt, more, found, struck[found.path], sorts)
        attempt = {section: body for section, body in attempt.items() if body != {} or section == "measures"}
    return document


def _mend(
    rng: random.Random, document: Body, more: Body, found: Diagnostic, strikes: int, sorts: dict[str, str]
) -> None:
    """One complaint met in place; the more often it has come, the less is kept."""
    path = _address(document, found.path)
    if len(path) < 2 or path[1] not in more.get(path[0], {}):
        # Not what was drawn last: something there does not go together with what stands already.
        for section, bodies in more.items():
            for name in bodies:
                document.get(section, {}).pop(name, None)
        return
    around: Any = _at(document, path[:-1])
    body = _at(document, path)
    if found.code in (*BESIDE, "CR305") and isinstance(body, dict) and len(path) > 1:
        key = found.values["key"]
        if body.pop(key, None) is None and key in SAYINGS:
            body[key] = _said(rng, key, found)
        if body:
            return
    if not isinstance(around, dict | list) or (len(path) == 2 and found.code not in UNSAID):
        _leave_out(document, path[: 2 if not around else len(path)])
        return
    key = path[-1]
    if path[-2] == "rank" and isinstance(around, list):
        # What decides between equals is left out, what comes first said plainly.
        around[int(key) :] = [PLAINLY["rank"]] if key == "0" else []
    elif strikes > 3:
        _leave_out(document, path[: max(2, len(path) - strikes + 3)])
    elif found.code in UNSAID:
        body, key = _at(document, path), UNSAID[found.code]
        if isinstance(body, dict):
            body[key] = _said(rng, key, found)
    elif isinstance(around, dict) and found.code in ("CR472", "CR473"):
        around[key] = _said(rng, key, found) if found.code == "CR472" else "error"
    elif isinstance(around, dict) and found.code == "CR435":
        around["via"] = rng.choice(SAYINGS["via"])
    elif found.code in IDLE or not isinstance(around, dict) or key not in around:
        _leave_out(document, path if isinstance(around, dict) else path[:-1])
    elif path[-2] == "weighted":
        _leave_out(document, path)
        body = _at(document, path[:-2])
        body["total"] = summed(map(str, body["weighted"].values()))
    elif (
        isinstance(around[key], str) and strikes < 3 and (text := _otherwise(around[key], found, sorts)) != around[key]
    ):
        around[key] = text
    elif found.code == "CR855":
        around.pop("group", None)
    elif key in SAYINGS:
        around[key] = _said(rng, key, found)
    elif key in PLAINLY and strikes < 4:
        around[key] = PLAINLY[key]
    else:
        _leave_out(document, path)


def _otherwise(text: str, found: Diagnostic, sorts: dict[str, str]) -> str:
    """An expression without what was refused in it."""
    values = dict(found.values)
    if found.code in QUOTIENTS:
        return text.replace("/", "*")
    if found.code in ("CR476", "CR863"):
        return f"default({text}, 2)"
    if found.code in UNREADABLE:
        for name in str(values.get("names") or values.get("found")).split(", "):
            text = _without(text, name, sorts)
    return text


def _without(text: str, name: str, sorts: dict[str, str]) -> str:
    """An expression in which something of the same sort stands for a name."""
    plainly = name.removeprefix("previous(").removeprefix("year_before(").removeprefix("tied(").rstrip(")")
    start = plainly.split(".")[0]
    pattern = rf"(?:\b(?:previous|year_before|tied)\()?(?<![\w.]){re.escape(start)}(?!\w)((?:\.\w+)*)\)?"

    def instead(match: re.Match[str]) -> str:
        whole, member = match.group(0), match.group(1)
        closed = whole.endswith(")") and not re.match(r"(previous|year_before|tied)\(", whole)
        sort = _sort(start, member, sorts)
        return {"flag": "(line > 2)", "date": "limit_day", "text": '"x"'}.get(sort, "line") + (")" if closed else "")

    return re.sub(pattern, instead, text)


def _sort(name: str, member: str, sorts: dict[str, str]) -> str:
    if member in (".start", ".last_day", ".due", ".started", ".done"):
        return "date"
    if member == ".late":
        return "flag"
    return "number" if member and member != ".raw" else sorts.get(name, "number")


def _said(rng: random.Random, key: str, found: Diagnostic) -> object:
    """One of the words that the complaint offers, else one that the key can have."""
    values = dict(found.values)
    if key == "missing":
        words = str(values.get("words") or values.get("expected") or "error").split(", ")
        word = rng.choice(words)
        return rng.choice(["2", "0.25", "3"]) if word == "VALUE" else word
    if key == "window" and "expected" in values:
        return str(values["expected"])
    return rng.choice(SAYINGS.get(key, NUMBERS))


def _address(document: Body, path: str) -> Address:
    """The keys of a dotted path; keys with a dot in them (`2.5`) stay whole."""
    rest = path.split(".")
    at: Any = document
    found: list[str] = []
    while rest:
        for length in range(1, len(rest) + 1):
            key = ".".join(rest[:length])
            if isinstance(at, dict) and key in at:
                at = at[key]
                break
        else:
            length = 1
            at = at[int(rest[0])] if isinstance(at, list) and rest[0].isdigit() and int(rest[0]) < len(at) else None
        found.append(".".join(rest[:length]))
        rest = rest[length:]
    return tuple(found)


def _at(document: Body, path: Address) -> Any:
    at: Any = document
    for key in path:
        at = at.get(key) if isinstance(at, dict) else None
    return at


def _leave_out(document: Body, path: Address) -> None:
    around = _at(document, path[:-1])
    if isinstance(around, dict):
        around.pop(path[-1], None)
