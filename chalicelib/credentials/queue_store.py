"""The organisations' lists of cases in the credentials table, their counters, and who holds which case."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from chalicelib.credentials.model import Credential
from chalicelib.credentials.queue_model import Filter, Listed, id_at, list_of, partition, partitions, place
from chalicelib.kernel.clock import from_text, to_text
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform import tables
from chalicelib.platform.tables import Write

SHARDS = 32
"""Rows that share each counter, so that as many reviewers may decide at once without waiting for one another."""


class EntryRow(tables.Row):
    """A case's place in one list; it carries nothing, so nothing in it can be out of date."""

    class Meta:
        capability = "credentials"


class CountRow(tables.Row):
    """Counters of an organisation: by list, or by day of those that wait. Its attributes are the counters' names."""

    class Meta:
        capability = "credentials"


def listing(before: Credential | None, after: Credential, now: datetime) -> list[Write]:
    """Return the writes by which a case changes its places and is counted there; none if it stays where it is."""
    was, is_ = _places(before) if before else set(), _places(after)
    moves = [change for one, by in ((before, -1), (after, 1)) if one for change in _counted(one, by)]
    gone = [tables.delete_entry(EntryRow, *key) for key in sorted(was - is_)]
    come = [tables.put_entry(EntryRow(*key, **tables.stamps(to_text(now)))) for key in sorted(is_ - was)]
    known = [] if before else [_known(after, now)]
    counted = count(after.organisation_id, moves, now)
    return [*known, *gone, *come, *counted, *_holding(before, after, now)]


def places(credential: Credential, now: datetime) -> list[Write]:
    """Return the writes of a new case's places, without counting it."""
    keys = sorted(_places(credential))
    return [
        _known(credential, now),
        *(tables.put_entry(EntryRow(*key, **tables.stamps(to_text(now)))) for key in keys),
    ]


def counted(credentials: Iterable[Credential], now: datetime) -> list[Write]:
    """Return the writes by which new cases of one organisation are counted, each counter once."""
    cases = list(credentials)
    changes = [change for one in cases for change in _counted(one, 1)]
    return count(cases[0].organisation_id, changes, now) if cases else []


def count(organisation_id: str, changes: list[tuple[str, str, int]], now: datetime) -> list[Write]:
    """Return the writes of counters, from row, name and difference of each; what cancels out is not written."""
    by_row: dict[str, Counter[str]] = {}
    for row, name, by in changes:
        by_row.setdefault(row, Counter())[name] += by
    shard = f"{random.randrange(SHARDS):02d}"  # noqa: S311 - any of them will do
    found = []
    for row, names in by_row.items():
        left = {name: by for name, by in names.items() if by}
        if left:
            found.append(
                tables.add(CountRow, _counts_pk(organisation_id), f"{row}#{shard}", left, to_text(now))
            )
    return found


def page(
    organisation_id: str, listed: Listed, wanted: Filter, request: PageRequest, now: datetime
) -> Page[str]:
    """Return the ids of the cases of a list that fit a filter, longest submitted first: one query."""
    before = now - wanted.waiting_over if wanted.waiting_over is not None else None
    pk = partition(organisation_id, listed, wanted)
    between = ("0", to_text(before)) if before is not None else None
    return tables.page_of(EntryRow, pk, request, lambda row: id_at(str(row.sk)), between=between)


def waiting_since(organisation_id: str) -> datetime | None:
    """Return since when the case waits that has waited longest; None where none does."""
    found = tables.query(EntryRow, partition(organisation_id, Listed.SUBMITTED, Filter()), limit=1)
    return from_text(found.items[0]["sk"]["S"].partition("#")[0]) if found.items else None


def counts(organisation_id: str) -> tuple[dict[Listed, int], dict[date, int]]:
    """Return how many cases each list has, and how many of those that wait came on each day."""
    by_list: Counter[Listed] = Counter()
    by_day: Counter[date] = Counter()
    known = {listed.value for listed in Listed}
    for raw in tables.query_all(CountRow, _counts_pk(organisation_id)):
        kind, month = raw["sk"]["S"].split("#")[:2]
        for name, value in raw.items():
            if kind == "TOTAL" and name in known:
                by_list[Listed(name)] += int(value["N"])
            elif kind == "WAITING" and name[:1] == "d" and name[1:].isdigit():
                by_day[date.fromisoformat(f"{month}-{name[1:]}")] += int(value["N"])
    return dict(by_list), dict(by_day)


def all_cases(organisation_id: str, after: str = "") -> Iterator[str]:
    """Yield the ids of all credentials that were ever given to an organisation, in their order, drafts among them.

    Parameters
    ----------
    after
        Leaves out the ids up to this one.
    """
    for raw in tables.query_all(EntryRow, _all_pk(organisation_id), between=(f"{after}0", "~")):
        yield raw["sk"]["S"]


def held_by(organisation_id: str, person_id: str, request: PageRequest) -> Page[str]:
    """Return the ids of the cases that a reviewer claimed last; a claim among them may have lapsed."""
    pk = _holder_pk(organisation_id, person_id)
    return tables.page_of(EntryRow, pk, request, lambda row: str(row.sk))


def _places(credential: Credential) -> set[tuple[str, str]]:
    return {(pk, place(credential)) for pk in partitions(credential)}


def _counted(credential: Credential, by: int) -> list[tuple[str, str, int]]:
    listed, since = list_of(credential), credential.submitted_at
    if listed is None or since is None:
        return []
    total = [("TOTAL", listed.value, by)]
    return [*total, (f"WAITING#{since:%Y-%m}", f"d{since:%d}", by)] if listed is Listed.SUBMITTED else total


def _holding(before: Credential | None, after: Credential, now: datetime) -> list[Write]:
    was = before.lease.by if before and before.lease else None
    is_ = after.lease.by if after.lease else None
    if was == is_:
        return []
    writes = []
    if was is not None:
        writes.append(tables.delete_entry(EntryRow, _holder_pk(after.organisation_id, was), after.id))
    if is_ is not None:
        row = EntryRow(_holder_pk(after.organisation_id, is_), after.id, **tables.stamps(to_text(now)))
        writes.append(tables.put_entry(row))
    return writes


def _known(credential: Credential, now: datetime) -> Write:
    row = EntryRow(_all_pk(credential.organisation_id), credential.id, **tables.stamps(to_text(now)))
    return tables.put_entry(row)


def _all_pk(organisation_id: str) -> str:
    return f"ORG#{organisation_id}#ALL"


def _holder_pk(organisation_id: str, person_id: str) -> str:
    return f"ORG#{organisation_id}#HOLDER#{person_id}"


def _counts_pk(organisation_id: str) -> str:
    return f"ORG#{organisation_id}#COUNTS"
