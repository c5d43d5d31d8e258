"""What coordinators set for the reviews of their organisation, and what breaks it."""

from dataclasses import replace

from chalicelib.credentials import policy_store, store
from chalicelib.credentials.model import Seen
from chalicelib.credentials.policies import ReviewPolicy, canonical
from chalicelib.credentials.queue import readable
from chalicelib.kernel.call import Call, require_version
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import StaffRole
from chalicelib.platform import tables
from chalicelib.platform.commit import commit

_STAFF = (StaffRole.COORDINATOR, StaffRole.REVIEWER)


def read_policy(call: Call, organisation_id: str) -> ReviewPolicy:
    """Return an organisation's rules of review to its staff."""
    rights_row, row = tables.get_many(
        [organisations.rights_key(call), policy_store.policy_key(organisation_id)]
    )
    organisations.rights_of(call, rights_row).require(organisation_id, *_STAFF)
    return policy_store.policy_of(organisation_id, row)


def change_policy(call: Call, wanted: ReviewPolicy) -> ReviewPolicy:
    """Set an organisation's rules of review (its coordinators). They count for what is decided and submitted from now.

    Raises
    ------
    Invalid
        If a country is none.
    StaleVersion
        If they were changed since they were read.
    """
    organisation_id = wanted.organisation_id
    rights_row, row = tables.get_many(
        [organisations.rights_key(call), policy_store.policy_key(organisation_id)]
    )
    rights = organisations.rights_of(call, rights_row)
    rights.require(organisation_id, StaffRole.COORDINATOR)
    if rights.admin and organisations.get_organisation(organisation_id) is None:
        raise NotFound
    before = policy_store.policy_of(organisation_id, row)
    require_version(call, before.version)
    days = wanted.target_days_by_country.items()
    changed = replace(
        wanted,
        countries=frozenset(canonical(one, "/countries") for one in wanted.countries),
        target_days_by_country={canonical(one, "/target_days_by_country"): number for one, number in days},
        created_at=before.created_at,
        version=before.version,
    )
    writes = [
        policy_store.put_policy(changed, call.now),
        tables.audit(
            "credentials", policy_store.policy_key(organisation_id)[1], row_id=call.new_id(), at=call.now,
            actor=call.actor_id, action="change_review_policy", before=_summary(before), after=_summary(changed),
        ),
    ]  # fmt: skip
    return commit(call, writes, replace(changed, version=before.version + 1))


def overdue(call: Call, organisation_id: str, page: PageRequest) -> Page[Seen]:
    """Return what waits past the day by which the organisation wants it decided, longest overdue first (its staff).

    What the reader may not read as a reviewer is left out.
    """
    organisations.rights(call).require(organisation_id, *_STAFF)
    found = store.overdue(organisation_id, call.now, page)
    return Page(readable(call, [Seen.at(one, call.now) for one in found.items]), found.next)


def _summary(policy: ReviewPolicy) -> str:
    days = ",".join(
        f"{country}:{number}" for country, number in sorted(policy.target_days_by_country.items())
    )
    months = ",".join(f"{kind}:{number}" for kind, number in sorted(policy.recheck_months.items()))
    evidence = f"{','.join(sorted(policy.needs_evidence))} {policy.evidence_days}"
    return f"{policy.two_persons} {','.join(sorted(policy.countries))} {policy.target_days} {days} {months} {evidence}"
