"""Bars, printed alike: what was reached, what is allowed, the ratio of the two, and whether it holds."""

from __future__ import annotations

HOLDS, BROKEN = "holds ", "BROKEN"


def most(what: str, value: float, limit: float, form: str = ",.2f", unit: str = "") -> bool:
    """Print a bar that ``value`` may reach and not pass; tell whether it holds."""
    return _bar(what, value, limit, form, unit, "at most", holds=value <= limit)


def least(what: str, value: float, limit: float, form: str = ",.2f", unit: str = "") -> bool:
    """Print a bar that ``value`` must reach; tell whether it holds."""
    return _bar(what, value, limit, form, unit, "at least", holds=value >= limit)


def told(what: str, *, holds: bool) -> bool:
    """Print something that holds or does not, without a number."""
    print(f"{HOLDS if holds else BROKEN} {what}", flush=True)
    return holds


def _bar(what: str, value: float, limit: float, form: str, unit: str, bound: str, *, holds: bool) -> bool:
    ratio = f" ({value / limit:.2f} of it)" if limit else ""
    return told(f"{what}: {value:{form}}{unit}, {bound} {limit:{form}}{unit}{ratio}", holds=holds)
