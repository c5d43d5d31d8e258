"""The schemes that the installation knows itself, with the days from which their rules held and where these were read.

They are read from `data/schemes.json`, once a process. What no source says is not there: of EACCME's second criteria,
from 2016 to May 2023, we found none that says what they gave a day, and no rule holds then.
"""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.credits.model import Rounding, Rule, Scheme

DATA = Path(__file__).parent / "data" / "schemes.json"


@cache
def known() -> Mapping[str, Scheme]:
    """Return the schemes by their ids."""
    raw = json.loads(DATA.read_text(encoding="utf-8"))
    return {
        name: Scheme(name, one["name"], tuple(rule_of(rule) for rule in one["rules"]))
        for name, one in raw.items()
    }


def rule_of(raw: Mapping[str, Any]) -> Rule:
    """Read a rule; what it leaves out is as `Rule` has it."""
    days = {name: date.fromisoformat(raw[name]) for name in _DAYS if raw.get(name) is not None}
    plain = {name: value for name, value in raw.items() if name not in _DAYS and name != "rounding"}
    return Rule(**{**plain, **days, "rounding": Rounding(raw["rounding"])})


def raw_rule(rule: Rule) -> dict[str, Any]:
    """Write a rule as `rule_of` reads it."""
    return {
        "valid_from": rule.valid_from.isoformat(),
        "valid_to": rule.valid_to.isoformat() if rule.valid_to else None,
        "minutes_per_credit": rule.minutes_per_credit,
        "steps_per_credit": rule.steps_per_credit,
        "rounding": rule.rounding.value,
        "daily_maximum": rule.daily_maximum,
        "needs_feedback": rule.needs_feedback,
        "faculty_percent": rule.faculty_percent,
        "teaching_excludes_learning": rule.teaching_excludes_learning,
        "teaching_once": rule.teaching_once,
        "source": rule.source,
        "read_on": rule.read_on.isoformat() if rule.read_on else None,
    }


_DAYS = ("valid_from", "valid_to", "read_on")
