"""Each organisation's rules of review in the credentials table."""

from datetime import datetime

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

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
        **tables.stamps(to_text(now), to_text(policy.created_at or now), version=policy.version or None),
    )  # fmt: skip
    return tables.put(row)
