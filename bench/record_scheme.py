"""The scheme of the record benchmark: twenty rules on findings, each also as zen-engine writes it.

The conditions are of the kind that city schemes have: late clearing, repeated notices, volumes, seasons, media.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Rule:
    name: str
    clause: str
    when: str
    deduct: str
    zen_when: str
    zen_points: str
    times: str | None = None


# `days_open` is missing where nobody was notified; nothing is known of such a finding but what was seen.
DERIVED_FOR_ZEN = {
    "size": "volume > 5 ? 'large' : volume > 1 ? 'medium' : 'small'",
    "days_open": "notified_on == null ? null : (cleared_on == null ? 19900 : cleared_on) - notified_on",
    "days_late": "$.days_open == null ? 0 : max([0, $.days_open - ($.size == 'large' ? 5 : 3)])",
}

RULES = (
    Rule("found", "3.1", "volume >= 0", "0.01", "volume >= 0", "-0.01"),
    Rule("medium", "3.2.1", 'size = "medium"', "0.02", "size == 'medium'", "-0.02"),
    Rule("large", "3.2.2", 'size = "large"', "0.05", "size == 'large'", "-0.05"),
    Rule("by_volume", "3.2.3", "volume > 3", "0.01", "volume > 3", "-0.01 * volume", "volume"),
    Rule("late", "3.3.1", "days_late > 0", "0.02", "days_late > 0", "-0.02"),
    Rule("very_late", "3.3.2", "days_late > 5", "0.05", "days_late > 5", "-0.05"),
    Rule(
        "late_days", "3.3.3", "days_late in [1..30]", "0.01", "days_late in [1..30]", "-0.01 * days_late", "days_late"
    ),
    Rule("notified_twice", "3.4.1", "notices = 2", "0.03", "notices == 2", "-0.03"),
    Rule("notified_often", "3.4.2", "notices >= 3", "0.1", "notices >= 3", "-0.1"),
    Rule("not_notified", "3.4.3", "notified_on = null", "0.01", "notified_on == null", "-0.01"),
    Rule(
        "never_cleared", "3.4.4", "notified_on != null and cleared_on = null", "0.05",
        "notified_on != null and cleared_on == null", "-0.05",
    ),
    Rule("media", "3.5", "media", "0.2", "media", "-0.2"),
    Rule("media_late", "3.5.1", "media and days_late > 0", "0.3", "media and days_late > 0", "-0.3"),
    Rule(
        "street_order", "3.6.1", 'category in ("stall", "parking", "advert")', "0.02",
        "category in ['stall', 'parking', 'advert']", "-0.02",
    ),
    Rule(
        "dust", "3.6.2", 'category = "dust" and volume >= 2.5', "0.08", "category == 'dust' and volume >= 2.5", "-0.08"
    ),
    Rule(
        "water", "3.6.3", 'category = "water" or category = "road"', "0.03",
        "category == 'water' or category == 'road'", "-0.03",
    ),
    Rule(
        "litter_left", "3.6.4", 'category = "litter" and size != "small" and days_late > 2', "0.06",
        "category == 'litter' and size != 'small' and days_late > 2", "-0.06",
    ),
    Rule(
        "summer", "3.7",
        'found_on >= date("2024-06-01") and found_on < date("2024-09-01") and category = "litter"', "0.02",
        "found_on >= 19875 and found_on < 19967 and category == 'litter'", "-0.02",
    ),
    Rule(
        "cleared_at_once", "3.8", "cleared_on != null and days_late = 0 and notices <= 1", "0.01",
        "cleared_on != null and days_late == 0 and notices <= 1", "-0.01",
    ),
    Rule(
        "heap", "3.9", "volume between 6 and 9 and not(media)", "0.04",
        "volume >= 6 and volume <= 9 and not media", "-0.04",
    ),
)  # fmt: skip


def document() -> dict[str, Any]:
    """The scheme as a document."""
    rules = {rule.name: _rule(rule) for rule in RULES}
    return _document(rules)


def many_rules(number: int) -> dict[str, Any]:
    """The same scheme with so many rules, each with bounds of its own."""
    rules = {}
    for place in range(number):
        rule = RULES[place % len(RULES)]
        body = _rule(rule)
        body["when"] = f"({rule.when}) and notices <= {place}"
        rules[f"{rule.name}_{place}"] = body
    return _document(rules)


def _rule(rule: Rule) -> dict[str, Any]:
    body = {"each": "finding", "when": rule.when, "deduct": rule.deduct, "clause": rule.clause}
    return body if rule.times is None else {**body, "times": rule.times}


def _document(rules: dict[str, Any]) -> dict[str, Any]:
    return {
        "cityrules": "1",
        "scheme": "bench",
        "title": "Findings of the record benchmark",
        "in_force": {"from": "2020-01-01"},
        "targets": {"squad": {"members": "registered"}},
        "records": {
            "finding": {
                "dated": "found_on",
                "key": ["no"],
                "fields": {
                    "no": "text",
                    "squad": "squad",
                    "category": "one of litter, water, road, advert, stall, parking, dust, green",
                    "found_on": "date",
                    "volume": "number(1) [0, 500]",
                    "notices": "count [0, 99]",
                    "notified_on": "optional date",
                    "cleared_on": "optional date",
                    "media": "flag",
                },
            }
        },
        "measures": {
            "size": {
                "for": "finding", "clause": "2.1", "bands": "volume",
                "above": {"5": "large", "1": "medium"}, "otherwise": "small",
            },
            "days_open": {
                "for": "finding", "clause": "2.2", "missing": "null",
                "formula": 'days_between(notified_on, default(cleared_on, date("2024-06-26")))',
            },
            "days_late": {
                "for": "finding", "clause": "2.3",
                "formula": 'if days_open = null then 0 else max(0, days_open - (if size = "large" then 5 else 3))',
            },
            "score": {"for": "squad each month", "clause": "3", "from": "100", "floor": "0", "rules": rules},
        },
    }  # fmt: skip
