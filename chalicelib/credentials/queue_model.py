"""Where a case stands in its organisation's lists, and what is counted of them.

A case is listed once for each set of filters that it fits: with three facets there are eight, so that a page by any of
them is one read of one partition, however many cases there are. What a row shows is read from the cases themselves.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import product

from chalicelib.credentials.model import Credential, Status
from chalicelib.kernel.clock import to_text

_ANY = "*"


class Listed(StrEnum):
    """The lists of an organisation. What time alone makes of a state is listed with it."""

    SUBMITTED = "submitted"
    MORE_WANTED = "more_wanted"
    VERIFIED = "verified"
    REJECTED = "rejected"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"


_LISTS: Mapping[Status, Listed] = {
    Status.SUBMITTED: Listed.SUBMITTED,
    Status.IN_REVIEW: Listed.SUBMITTED,
    Status.MORE_WANTED: Listed.MORE_WANTED,
    Status.VERIFIED: Listed.VERIFIED,
    Status.EXPIRED: Listed.VERIFIED,
    Status.REJECTED: Listed.REJECTED,
    Status.REVOKED: Listed.REVOKED,
    Status.WITHDRAWN: Listed.WITHDRAWN,
}


@dataclass(frozen=True)
class Filter:
    """What cases are looked for; None asks for nothing.

    Attributes
    ----------
    waiting_over
        Cases that came to the reviewers longer ago than this.
    """

    country: str | None = None
    profession: str | None = None
    authority: str | None = None
    waiting_over: timedelta | None = None


@dataclass(frozen=True)
class Counts:
    """How many cases each list has, and how long those wait that wait for reviewers.

    Attributes
    ----------
    longest
        Of the case that has waited longest; None where none waits.
    median_days
        Half of them have waited for at least this many whole days (UTC); None where none waits.
    """

    by_list: Mapping[Listed, int]
    longest: timedelta | None
    median_days: int | None


def list_of(credential: Credential) -> Listed | None:
    """Return the list that a case stands in; None for what was never submitted."""
    return _LISTS.get(credential.status) if credential.submitted_at is not None else None


def place(credential: Credential) -> str:
    """Return a case's place within each of its lists: in the order in which they came to the reviewers."""
    if credential.submitted_at is None:
        raise ValueError("a draft has no place")
    return f"{to_text(credential.submitted_at)}#{credential.id}"


def id_at(place: str) -> str:
    return place.rpartition("#")[2]


def partitions(credential: Credential) -> list[str]:
    """Return the partitions that a case is listed in, one for each set of filters that it fits; none for a draft."""
    listed, claim = list_of(credential), credential.as_handed_in.claim
    if listed is None:
        return []
    facets = product(
        (_ANY, claim.country), (_ANY, credential.profession or "-"), (_ANY, _authority(claim.authority))
    )
    return [_partition(credential.organisation_id, listed, *one) for one in facets]


def partition(organisation_id: str, listed: Listed, wanted: Filter) -> str:
    """Return the partition that has exactly the cases of a list that fit a filter."""
    authority = _authority(wanted.authority) if wanted.authority is not None else _ANY
    return _partition(organisation_id, listed, wanted.country or _ANY, wanted.profession or _ANY, authority)


def _partition(organisation_id: str, listed: Listed, country: str, profession: str, authority: str) -> str:
    return f"ORG#{organisation_id}#LIST#{listed}#{country}#{profession}#{authority}"


def _authority(name: str) -> str:
    """Return what stands for an authority in a key, whatever the spaces and capitals of its name."""
    return hashlib.sha256("".join(name.casefold().split()).encode()).hexdigest()[:16]


def median_days(waiting: Mapping[date, int], now: datetime) -> int | None:
    """Return for how many days the median case has waited, from how many came on each day."""
    days = sorted((day, count) for day, count in waiting.items() if count > 0)
    left = (sum(count for _, count in days) + 1) // 2
    for day, count in days:
        left -= count
        if left <= 0:
            return max((now - datetime.combine(day, time(), UTC)).days, 0)
    return None
