"""The people table: persons, profiles, address claims, blocks and the directory's facets."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from functools import reduce
from operator import and_
from typing import Any

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from pynamodb.expressions.condition import size

from chalicelib.kernel.clock import from_text, instant_of, text_of, to_text
from chalicelib.kernel.errors import DomainError, NotFound, StaleVersion
from chalicelib.people.errors import EmailTaken, TooManyBlocks
from chalicelib.people.model import (
    MAX_BLOCKS,
    Badge,
    CareerStage,
    Channel,
    Claim,
    ClaimState,
    Connection,
    CrossBorder,
    LanguageSkill,
    MailStop,
    MailStopReason,
    NegativeWishes,
    Person,
    PersonStatus,
    Preferences,
    Profile,
    Standing,
    Unwanted,
    Weekday,
    Window,
    normalised_email,
)
from chalicelib.platform import tables
from chalicelib.platform.tables import Write


class PersonRow(tables.Row):
    class Meta:
        capability = "people"

    email = UnicodeAttribute()
    given_name = UnicodeAttribute()
    family_name = UnicodeAttribute()
    locale = UnicodeAttribute()
    status = UnicodeAttribute()
    verified_until = UnicodeAttribute(null=True)
    badges = JSONAttribute(null=True)
    standing_revision = NumberAttribute(default=0)
    confirmed_at = UnicodeAttribute(null=True)
    mail_stopped_since = UnicodeAttribute(null=True)
    mail_stopped_by = UnicodeAttribute(null=True)


class ProfileRow(tables.Row):
    class Meta:
        capability = "people"

    data = JSONAttribute()
    is_mentor = BooleanAttribute(default=False)


class EmailRow(tables.Row):
    """The claim of a person on an address; its key is a digest, so that no address stands in keys or traces."""

    class Meta:
        capability = "people"

    person_id = UnicodeAttribute()
    state = UnicodeAttribute()
    pending = JSONAttribute(null=True)
    sign_ups = NumberAttribute(default=0)


class BlocksRow(tables.Row):
    """Whom a person does not want to be matched with: one row a person, so that a snapshot reads it with the rest."""

    class Meta:
        capability = "people"

    others = UnicodeSetAttribute(null=True)


class TieRow(tables.Row):
    """Two people have or had a mentorship together: neither judges the other. It is never taken back."""

    class Meta:
        capability = "people"


def person_pk(person_id: str) -> str:
    return f"PERSON#{person_id}"


def person_key(person_id: str) -> tuple[type[PersonRow], str, str]:
    """Return the key of a person for `tables.get_many`."""
    return PersonRow, person_pk(person_id), "PERSON"


def profile_key(person_id: str) -> tuple[type[ProfileRow], str, str]:
    """Return the key of a profile for `tables.get_many`."""
    return ProfileRow, person_pk(person_id), "PROFILE"


def email_pk(email: str) -> str:
    return "EMAIL#" + hashlib.sha256(normalised_email(email).encode()).hexdigest()


def get_person(person_id: str) -> Person | None:
    row = tables.get(*person_key(person_id))
    return person_of(row) if row else None


def get_profile(person_id: str) -> Profile | None:
    row = tables.get(*profile_key(person_id))
    return profile_of(row) if row else None


def get_person_and_profile(person_id: str) -> tuple[Person, Profile] | None:
    """Read both in one round trip."""
    person, profile = tables.get_many([person_key(person_id), profile_key(person_id)])
    if person is None or profile is None:
        return None
    return person_of(person), profile_of(profile)


def get_people_and_profiles(person_ids: list[str]) -> dict[str, tuple[Person, Profile]]:
    """Read persons with their profiles, fifty a round trip."""
    unique = list(dict.fromkeys(person_ids))
    rows = tables.get_many([key for one in unique for key in (person_key(one), profile_key(one))])
    return {
        one: (person_of(person), profile_of(profile))
        for one, person, profile in zip(unique, rows[::2], rows[1::2], strict=True)
        if person is not None and profile is not None
    }


def get_people(person_ids: list[str]) -> dict[str, Person]:
    """Read persons, a hundred a round trip."""
    unique = list(dict.fromkeys(person_ids))
    rows = tables.get_many([person_key(one) for one in unique])
    return {one: person_of(row) for one, row in zip(unique, rows, strict=True) if row is not None}


def put_person(person: Person, now: datetime) -> Write:
    row = PersonRow(
        person_pk(person.id), "PERSON", email=person.email, given_name=person.given_name,
        family_name=person.family_name, locale=person.locale, status=person.status.value,
        verified_until=text_of(person.standing.verified_until),
        badges=[_badge_data(one) for one in person.standing.badges] or None,
        standing_revision=person.standing.revision,
        confirmed_at=text_of(person.confirmed_at),
        mail_stopped_since=text_of(person.mail_stop.since) if person.mail_stop else None,
        mail_stopped_by=person.mail_stop.reason.value if person.mail_stop else None,
        **tables.stamps(to_text(now), text_of(person.created_at), version=person.version),
    )  # fmt: skip
    return tables.put(row)


def check_invited(person: Person) -> Write:
    """Let a transaction through only while a person is as they were read, and invited."""
    same: Any = PersonRow.version == person.version
    return tables.check(
        *person_key(person.id),
        condition=same & (PersonRow.status == PersonStatus.INVITED.value),
        conflict=StaleVersion(),
    )


def set_standing(person_id: str, standing: Standing, now: datetime) -> Write:
    """Change a mentor's standing without having read the person."""
    until, badges = text_of(standing.verified_until), [_badge_data(one) for one in standing.badges]
    actions = [
        PersonRow.verified_until.set(until) if until else PersonRow.verified_until.remove(),
        PersonRow.badges.set(badges) if badges else PersonRow.badges.remove(),
        PersonRow.standing_revision.add(1),
    ]
    return tables.update(
        PersonRow, person_pk(person_id), "PERSON", actions, condition=PersonRow.pk.exists(), now=to_text(now),
        conflict=NotFound(),
    )  # fmt: skip


def set_mail_stop(person: Person, stop: MailStop | None, now: datetime) -> Write:
    """Note that mail to a person is stopped or goes out again, as long as they have the address they were read with."""
    since, by = PersonRow.mail_stopped_since, PersonRow.mail_stopped_by
    same: Any = PersonRow.email == person.email
    return tables.update(
        *person_key(person.id),
        [since.set(to_text(stop.since)), by.set(stop.reason.value)] if stop else [since.remove(), by.remove()],
        condition=same, now=to_text(now), conflict=StaleVersion(),
    )  # fmt: skip


def _badge_data(badge: Badge) -> dict[str, str]:
    return {**asdict(badge), "verified_at": to_text(badge.verified_at), "until": to_text(badge.until)}


def _badge_of(data: dict[str, Any]) -> Badge:
    instants = {name: from_text(data[name]) for name in ("verified_at", "until")}
    return Badge(**{**data, **instants})


def put_profile(profile: Profile, now: datetime, conflict: DomainError | None = None) -> Write:
    row = ProfileRow(
        person_pk(profile.person_id), "PROFILE", data=profile_data(profile), is_mentor=profile.is_mentor,
        **tables.stamps(to_text(now), text_of(profile.created_at), version=profile.version),
    )  # fmt: skip
    return tables.put(row, conflict=conflict)


def check_profile(profile: Profile, conflict: DomainError) -> Write:
    """Let a transaction through only while a profile is as it was read."""
    same: Any = ProfileRow.version == profile.version
    return tables.check(*profile_key(profile.person_id), condition=same, conflict=conflict)


def email_key(email: str) -> tuple[type[EmailRow], str, str]:
    """Return the key of the claim on an address for `tables.get_many`."""
    return EmailRow, email_pk(email), "EMAIL"


def get_claim(email: str) -> Claim | None:
    row = tables.get(*email_key(email))
    return claim_of(row) if row else None


def claim_of(row: EmailRow) -> Claim:
    return Claim(
        row.person_id, ClaimState(row.state), row.pending, from_text(row.created_at), int(row.version),
        int(row.sign_ups),
    )  # fmt: skip


def put_email(
    email: str,
    person_id: str,
    state: str,
    pending: dict[str, Any] | None,
    before: Claim | None,
    now: datetime,
    *,
    sign_ups: int = 0,
) -> Write:
    """Return the write of a claim: the first on its address, or over the one that was read."""
    row = EmailRow(
        email_pk(email), "EMAIL", person_id=person_id, state=state, pending=pending, sign_ups=sign_ups,
        **tables.stamps(
            to_text(now), text_of(before.created_at if before else None), version=before.version if before else None
        ),
    )  # fmt: skip
    return tables.put(row, conflict=EmailTaken("Another request is claiming this address. Try again."))


def blocks_key(person_id: str) -> tuple[type[BlocksRow], str, str]:
    """Return the key of a person's blocks for `tables.get_many`."""
    return BlocksRow, person_pk(person_id), "BLOCKS"


def blocks_of(row: BlocksRow | None) -> frozenset[str]:
    return frozenset(row.others or ()) if row else frozenset()


def get_blocks(person_id: str) -> frozenset[str]:
    return blocks_of(tables.get(*blocks_key(person_id)))


def add_block(person_id: str, other: str, now: datetime) -> Write:
    others = BlocksRow.others
    room: Any = others.does_not_exist() | (size(others) < MAX_BLOCKS) | others.contains(other)
    return tables.update(
        *blocks_key(person_id), [others.add({other}), BlocksRow.created_at.set(BlocksRow.created_at | to_text(now))],
        condition=room, now=to_text(now),
        conflict=TooManyBlocks(f"You can block at most {MAX_BLOCKS} people; ask a coordinator for help."),
    )  # fmt: skip


def remove_block(person_id: str, other: str, now: datetime) -> Write:
    return tables.update(
        *blocks_key(person_id), [BlocksRow.others.delete({other})], condition=BlocksRow.others.contains(other),
        now=to_text(now), conflict=NotFound(),
    )  # fmt: skip


def check_can_mentor(person_id: str, now: datetime, conflict: DomainError) -> Write:
    """Let a transaction through only if a mentor may be matched at `now`, as `Person.can_mentor` has it."""
    row: Any = PersonRow
    condition = (row.status == PersonStatus.ACTIVE.value) & (row.verified_until > to_text(now))
    return tables.check(*person_key(person_id), condition=condition, conflict=conflict)


def check_cannot_mentor(person_id: str, now: datetime, conflict: DomainError) -> Write:
    """Let a transaction through only if nobody may be matched with a mentor at `now`: the opposite of the above."""
    row: Any = PersonRow
    condition = (
        row.pk.does_not_exist()
        | (row.status != PersonStatus.ACTIVE.value)
        | row.verified_until.does_not_exist()
        | (row.verified_until <= to_text(now))
    )
    return tables.check(*person_key(person_id), condition=condition, conflict=conflict)


def check_standing(person: Person, conflict: DomainError) -> Write:
    """Let a transaction through only while somebody has the status and the standing with which they were read."""
    row: Any = PersonRow
    same = row.standing_revision == person.standing.revision
    if not person.standing.revision:
        same |= row.standing_revision.does_not_exist()
    condition = (row.status == person.status.value) & same
    return tables.check(*person_key(person.id), condition=condition, conflict=conflict)


def check_not_blocked(person_id: str, other: str, conflict: DomainError) -> Write:
    """Let a transaction through only while a person has not blocked another."""
    row: Any = BlocksRow
    condition = row.others.does_not_exist() | ~row.others.contains(other)
    return tables.check(*blocks_key(person_id), condition=condition, conflict=conflict)


def check_none_blocked(person_id: str, others: Iterable[str], conflict: DomainError) -> Write:
    """Let a transaction through only while a person has blocked none of some others: of a row one check is made."""
    row: Any = BlocksRow
    none = reduce(and_, [~row.others.contains(one) for one in others])
    return tables.check(
        *blocks_key(person_id), condition=row.others.does_not_exist() | none, conflict=conflict
    )


def put_tie(one: str, other: str, now: datetime) -> Write:
    return tables.put_entry(TieRow(*_tie(one, other), **tables.stamps(to_text(now))))


def check_no_tie(one: str, other: str, conflict: DomainError) -> Write:
    """Let a transaction through only while two people have never had a mentorship together."""
    return tables.check(TieRow, *_tie(one, other), condition=TieRow.pk.does_not_exist(), conflict=conflict)


def tied_to(person_id: str, others: Iterable[str]) -> frozenset[str]:
    """Return those of some people with whom somebody has or had a mentorship."""
    asked = sorted(set(others) - {person_id})
    rows = tables.get_many([(TieRow, *_tie(person_id, other)) for other in asked]) if asked else []
    return frozenset(other for other, row in zip(asked, rows, strict=True) if row is not None)


def _tie(one: str, other: str) -> tuple[str, str]:
    first, second = sorted((one, other))
    return f"TIE#{first}#{second}", "TIE"


def snapshot_of(person_ids: list[str]) -> dict[str, tuple[Person, Profile, frozenset[str]]]:
    """Read persons, profiles and blocks, thirty persons a round trip."""
    found: dict[str, tuple[Person, Profile, frozenset[str]]] = {}
    unique = list(dict.fromkeys(person_ids))
    for start in range(0, len(unique), 30):
        part = unique[start : start + 30]
        rows = tables.get_many(
            [key for one in part for key in (person_key(one), profile_key(one), blocks_key(one))]
        )
        for n, one in enumerate(part):
            person, profile, blocks = rows[3 * n : 3 * n + 3]
            if person is not None and profile is not None:
                found[one] = person_of(person), profile_of(profile), blocks_of(blocks)
    return found


def person_of(row: PersonRow) -> Person:
    return Person(
        id=row.pk.removeprefix("PERSON#"),
        email=row.email,
        given_name=row.given_name,
        family_name=row.family_name,
        locale=row.locale,
        status=PersonStatus(row.status),
        standing=Standing(
            instant_of(row.verified_until),
            tuple(_badge_of(one) for one in row.badges or ()),
            int(row.standing_revision),
        ),
        confirmed_at=instant_of(row.confirmed_at),
        created_at=from_text(row.created_at),
        version=int(row.version),
        mail_stop=_mail_stop_of(row),
    )


def _mail_stop_of(row: PersonRow) -> MailStop | None:
    if row.mail_stopped_since is None or row.mail_stopped_by is None:
        return None
    return MailStop(from_text(row.mail_stopped_since), MailStopReason(row.mail_stopped_by))


def profile_of(row: ProfileRow) -> Profile:
    profile = profile_from_data(row.pk.removeprefix("PERSON#"), row.data)
    return replace(
        profile,
        is_mentor=bool(row.is_mentor),
        created_at=from_text(row.created_at),
        version=int(row.version),
    )


def profile_data(profile: Profile) -> dict[str, Any]:
    """Return a profile as JSON values, without its key and version."""
    data = asdict(profile)
    for name in ("person_id", "version", "created_at", "is_mentor"):
        del data[name]
    return data


def profile_from_data(person_id: str, data: dict[str, Any]) -> Profile:
    """Read what `profile_data` wrote."""
    simple: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
    simple["career_stage"] = CareerStage(data["career_stage"]) if data.get("career_stage") else None
    simple["connection"] = Connection(data["connection"]) if data.get("connection") else None
    simple["channels"] = tuple(Channel(one) for one in data.get("channels", ()))
    simple["languages"] = tuple(LanguageSkill(**one) for one in data.get("languages", ()))
    simple["availability"] = tuple(
        Window(Weekday(one["weekday"]), one["start"], one["end"]) for one in data.get("availability", ())
    )
    wishes = data.get("preferences", {})
    simple["preferences"] = Preferences(
        cross_border=CrossBorder(wishes.get("cross_border", "no_preference")),
        same_profession=wishes.get("same_profession", False),
        career_stages=tuple(CareerStage(one) for one in wishes.get("career_stages", ())),
        countries=tuple(wishes.get("countries", ())),
        genders=tuple(wishes.get("genders", ())),
        genders_required=wishes.get("genders_required", False),
    )
    negative = NegativeWishes.upgraded(data.get("negative_wishes", {}))
    simple["negative_wishes"] = NegativeWishes(
        *_unwanted(negative), Unwanted(*_unwanted(negative.get("if_possible", {})))
    )
    return Profile(person_id=person_id, **simple)


def _unwanted(data: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    return tuple(data.get("countries", ())), tuple(data.get("employers", ())), data.get("own_employer", False)
