"""Each organisation's rules of review in the credentials table."""

from dataclasses import dataclass
from datetime import datetime

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.credentials.evidence.model import KEEP_DAYS
from chalicelib.credentials.kinds import Kind
from chalicelib.credentials.policies import ReviewPolicy, TwoPersons
from chalicelib.kernel.clock import from_text, to_text
from chalicelib.platform import tables
from chalicelib.platform.tables import Write


class PolicyRow(tables.Row):
    class Meta:
        capability = "credentials"

    two_persons = UnicodeAttribute()
    countries = JSONAttribute()
    target_days = NumberAttribute()
    target_days_by_country = JSONAttribute()
    recheck_months = JSONAttribute(null=True)
    needs_evidence = JSONAttribute(null=True)
    evidence_days = NumberAttribute(null=True)


def policy_key(organisation_id: str) -> tuple[type[PolicyRow], str, str]:
    """Return the key of an organisation's policy for `tables.get_many`."""
    return PolicyRow, f"ORG#{organisation_id}#POLICY", "POLICY"


def policy_of(organisation_id: str, row: PolicyRow | None) -> ReviewPolicy:
    if row is None:
        return ReviewPolicy(organisation_id)
    return ReviewPolicy(
        organisation_id,
        TwoPersons(row.two_persons),
        frozenset(row.countries),
        int(row.target_days),
        row.target_days_by_country,
        {Kind(kind): months for kind, months in (row.recheck_months or {}).items()},
        frozenset(Kind(kind) for kind in row.needs_evidence or ()),
        int(row.evidence_days) if row.evidence_days is not None else KEEP_DAYS,
        from_text(row.created_at),
        int(row.version),
    )


def get_policy(organisation_id: str) -> ReviewPolicy:
    return policy_of(organisation_id, tables.get(*policy_key(organisation_id)))


def put_policy(policy: ReviewPolicy, now: datetime) -> Write:
    row_class, pk, sk = policy_key(policy.organisation_id)
    row = row_class(
        pk, sk, two_persons=policy.two_persons.value, countries=sorted(policy.countries),
        target_days=policy.target_days, target_days_by_country=dict(policy.target_days_by_country),
        recheck_months={kind.value: months for kind, months in policy.recheck_months.items()} or None,
        needs_evidence=sorted(policy.needs_evidence) or None, evidence_days=policy.evidence_days,
        **tables.stamps(to_text(now), to_text(policy.created_at or now), version=policy.version or None),
    )  # fmt: skip
    return tables.put(row)


@dataclass(frozen=True)
class Told:
    """Up to when an organisation's coordinators were told of what is overdue; None if they never were."""

    organisation_id: str
    until: datetime | None = None
    created_at: datetime | None = None
    version: int | None = None


class ToldRow(tables.Row):
    class Meta:
        capability = "credentials"

    until = UnicodeAttribute()


def get_told(organisation_id: str) -> Told:
    row = tables.get(ToldRow, _told_pk(organisation_id), "TOLD")
    if row is None:
        return Told(organisation_id)
    return Told(organisation_id, from_text(row.until), from_text(row.created_at), int(row.version))


def put_told(before: Told, until: datetime) -> Write:
    """Return the write that they were told up to an instant, if nobody has told them since it was read."""
    row = ToldRow(
        _told_pk(before.organisation_id), "TOLD", until=to_text(until),
        **tables.stamps(to_text(until), to_text(before.created_at or until), version=before.version),
    )  # fmt: skip
    return tables.put(row)


def _told_pk(organisation_id: str) -> str:
    return f"ORG#{organisation_id}#TOLD"
