"""A document without what nothing in it reads, and without readings of which one option would be refused."""

from __future__ import annotations

import copy
import re

from cityrules.testing.random_schemes.mending import plan_of
from cityrules.testing.random_schemes.words import Body
from cityrules.text.diagnostic import Report


def with_sound_readings(document: Body) -> Body:
    """The document without readings under an option of which it would be refused."""
    sound = {}
    for name, reading in document.get("readings", {}).items():
        options = [copy.deepcopy(document) for _ in reading["others"]]
        for changed, changes in zip(options, reading["others"].values(), strict=True):
            for address, value in changes.items():
                *around, last = address.split(".")
                body = changed
                for key in around:
                    body = body[key]
                body[last] = value
        if all(plan_of(changed, Report()) is not None for changed in options):
            sound[name] = reading
    return {**document, "readings": sound} if sound else {k: v for k, v in document.items() if k != "readings"}


def without_idle(document: Body) -> Body:
    """The document without the records, tables, parameters and fields that nothing in it reads: what is read of inputs
    costs more than what is computed of them."""
    kept = copy.deepcopy(document)
    for _ in range(2):
        for section in ("tables", "parameters", "records", "periods", "targets"):
            for name in list(kept.get(section, {})):
                others = {key: body for key, body in kept.items() if key != section}
                others["same"] = {key: body for key, body in kept[section].items() if key != name}
                if not re.search(rf"(?<!\w){name}s?(?!\w)", str(others)) and not _read_of(kept[section][name], others):
                    del kept[section][name]
    for name, record in kept.get("records", {}).items():
        held = {record.get("dated"), record.get("latest_by"), *record.get("key", []), *record.get("event", [])}
        others = {**kept, "records": {key: body for key, body in kept["records"].items() if key != name}}
        others["own"] = record.get("accepted_if")
        for field, type_ in list(record["fields"].items()):
            kind = type_.removeprefix("optional ")
            if (
                field not in held
                and kind not in kept["targets"]
                and not re.search(rf"(?<!\w){field}(?!\w)", str(others))
            ):
                del record["fields"][field]
    return kept if plan_of(kept, Report()) is not None else document


def _read_of(body: Body, others: Body) -> bool:
    """Whether a field that only this body has is read."""
    fields = [field for field in body.get("fields", {}) if len(field) > 2]
    return any(re.search(rf"(?<!\w){field}(?!\w)", str(others)) for field in fields)
