"""The credits table: what people took part in, the feedback they gave, and organisations' schemes.

All of a person's is one item collection, so that a statement is one query.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.credits import rules
from chalicelib.credits.errors import ActivityMoved, SchemeMoved
from chalicelib.credits.model import Activity, Claim, Part, Presented, Scheme, Source
from chalicelib.kernel.clock import from_text, instant_of, text_of, to_text
from chalicelib.kernel.intervals import Interval
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform import tables
from chalicelib.platform.tables import Write

_ACTIVITY = "ACTIVITY#"
_FEEDBACK = "FEEDBACK#"


class ActivityRow(tables.IndexedRow):
    """What somebody took part in or taught; gsi1: their own by when it began."""

    class Meta:
        capability = "credits"

    organisation_id = UnicodeAttribute()
    title = UnicodeAttribute()
    part = UnicodeAttribute()
    starts_at = UnicodeAttribute()
    day = UnicodeAttribute()
    time_zone = UnicodeAttribute()
    attended = NumberAttribute()
    learned = JSONAttribute()
    presented = JSONAttribute()
    feedback_by = JSONAttribute()
    scheme_id = UnicodeAttribute(null=True)
    claimed_at = UnicodeAttribute(null=True)


class FeedbackRow(tables.Row):
    """That somebody gave feedback on something, and when; not what they said."""

    class Meta:
        capability = "credits"

    at = UnicodeAttribute()


class SchemeRow(tables.IndexedRow):
    """A scheme that an organisation wrote; gsi1: those of an organisation."""

    class Meta:
        capability = "credits"

    organisation_id = UnicodeAttribute()
    name = UnicodeAttribute()
    rules = JSONAttribute()


@dataclass(frozen=True)
class Kept:
    """All that is kept of a person: their activities, and when they gave feedback on what."""

    activities: tuple[Activity, ...]
    feedback: dict[Source, datetime]


def activity_key(person_id: str, source: Source) -> tuple[type[ActivityRow], str, str]:
    """Return the key of an activity for `tables.get_many`: one a source and person."""
    return ActivityRow, _person(person_id), f"{_ACTIVITY}{source.kind}#{source.id}"


def put_activity(activity: Activity, now: datetime) -> Write:
    """Return the write of an activity, new or over the version that was read."""
    row_class, pk, sk = activity_key(activity.person_id, activity.source)
    claim = activity.claim
    row = row_class(
        pk, sk, organisation_id=activity.organisation_id, title=activity.title, part=activity.part.value,
        starts_at=to_text(activity.starts_at), day=activity.day.isoformat(), time_zone=activity.time_zone,
        attended=activity.attended, learned=[_raw(one) for one in activity.learned],
        presented=[[*_raw(one.when), one.repeats] for one in activity.presented],
        feedback_by=[[one.kind, one.id] for one in activity.feedback_by],
        scheme_id=claim.scheme_id if claim else None, claimed_at=text_of(claim.at if claim else None),
        gsi1pk=_listed(activity.person_id),
        gsi1sk=f"{to_text(activity.starts_at)}#{activity.source.kind}#{activity.source.id}",
        **tables.stamps(to_text(now), version=activity.version),
    )  # fmt: skip
    return tables.put(row, conflict=ActivityMoved())


def activity_of(row: ActivityRow) -> Activity:
    kind, _, source_id = row.sk.removeprefix(_ACTIVITY).partition("#")
    claimed_at = instant_of(row.claimed_at)
    return Activity(
        row.pk.removeprefix("PERSON#"), Source(kind, source_id), row.organisation_id, row.title, Part(row.part),
        from_text(row.starts_at), date.fromisoformat(row.day), row.time_zone, int(row.attended),
        tuple(_interval(*one) for one in row.learned),
        tuple(Presented(_interval(since, until), repeats) for since, until, repeats in row.presented),
        tuple(Source(*one) for one in row.feedback_by),
        Claim(row.scheme_id, claimed_at) if row.scheme_id and claimed_at else None, int(row.version),
    )  # fmt: skip


def activities(person_id: str, page: PageRequest) -> Page[Activity]:
    """Return a person's activities, the latest first."""
    return tables.page_of(ActivityRow, _listed(person_id), page, activity_of, index="gsi1", descending=True)


def kept_of(person_id: str) -> Kept:
    """Return all that is kept of a person, strongly consistent: some two thousand activities a round trip."""
    found: list[Activity] = []
    feedback: dict[Source, datetime] = {}
    raws: Iterable[dict[str, Any]] = tables.query_all(ActivityRow, _person(person_id))
    for raw in raws:
        sk = raw["sk"]["S"]
        if sk.startswith(_ACTIVITY):
            found.append(activity_of(ActivityRow.parse(raw)))
        elif sk.startswith(_FEEDBACK):
            kind, _, source_id = sk.removeprefix(_FEEDBACK).partition("#")
            feedback[Source(kind, source_id)] = from_text(FeedbackRow.parse(raw).at)
    return Kept(tuple(found), feedback)


def feedback_key(person_id: str, source: Source) -> tuple[type[FeedbackRow], str, str]:
    """Return the key of feedback for `tables.get_many`."""
    return FeedbackRow, _person(person_id), f"{_FEEDBACK}{source.kind}#{source.id}"


def put_feedback(person_id: str, source: Source, now: datetime) -> Write:
    """Return the write that feedback was given; again, the later instant holds."""
    row_class, pk, sk = feedback_key(person_id, source)
    return tables.put_entry(row_class(pk, sk, at=to_text(now), **tables.stamps(to_text(now))))


def given_at(row: FeedbackRow | None) -> datetime | None:
    """Read when feedback was given from the row at `feedback_key`, or None."""
    return from_text(row.at) if row is not None else None


def scheme_key(scheme_id: str) -> tuple[type[SchemeRow], str, str]:
    """Return the key of an organisation's scheme for `tables.get_many`."""
    return SchemeRow, f"SCHEME#{scheme_id}", "SCHEME"


def put_scheme(scheme: Scheme, now: datetime) -> Write:
    """Return the write of an organisation's scheme, new or over the version that was read."""
    row_class, pk, sk = scheme_key(scheme.id)
    row = row_class(
        pk, sk, organisation_id=scheme.organisation_id, name=scheme.name,
        rules=[rules.raw_rule(one) for one in scheme.rules],
        gsi1pk=f"ORGANISATION#{scheme.organisation_id}", gsi1sk=scheme.id,
        **tables.stamps(to_text(now), version=scheme.version),
    )  # fmt: skip
    return tables.put(row, conflict=SchemeMoved())


def scheme_of(row: SchemeRow) -> Scheme:
    return Scheme(
        row.pk.removeprefix("SCHEME#"), row.name, tuple(rules.rule_of(one) for one in row.rules),
        row.organisation_id, int(row.version),
    )  # fmt: skip


def schemes_of(organisation_id: str, page: PageRequest) -> Page[Scheme]:
    """Return an organisation's schemes, the oldest first."""
    return tables.page_of(SchemeRow, f"ORGANISATION#{organisation_id}", page, scheme_of, index="gsi1")


def claim_audit(person_id: str, **what: Any) -> Write:
    """Return the write of a row of the trail of a person's claims; see `tables.audit`."""
    # Beside their activities, so that a statement reads none of it.
    return tables.audit("credits", f"{_person(person_id)}#CLAIMS", **what)


def scheme_audit(scheme_id: str, **what: Any) -> Write:
    """Return the write of a row of a scheme's trail; see `tables.audit`."""
    return tables.audit("credits", f"SCHEME#{scheme_id}", **what)


def _person(person_id: str) -> str:
    return f"PERSON#{person_id}"


def _listed(person_id: str) -> str:
    return f"PERSON#{person_id}#ACTIVITIES"


def _raw(one: Interval) -> list[str]:
    return [to_text(one.starts_at), to_text(one.ends_at)]


def _interval(since: str, until: str) -> Interval:
    return Interval(from_text(since), from_text(until))
