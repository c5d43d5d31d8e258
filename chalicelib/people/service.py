"""What people do with themselves, and what other capabilities ask about them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.kernel.call import Call, require_version, written
from chalicelib.kernel.errors import Conflict, DomainError, Invalid, NotFound, StaleVersion
from chalicelib.kernel.ids import new_id
from chalicelib.people import store
from chalicelib.people.checks import checked_profile
from chalicelib.people.errors import EmailTaken
from chalicelib.people.model import (
    Claim,
    MailStop,
    Parting,
    Person,
    PersonStatus,
    Profile,
    Standing,
    normalised_email,
)
from chalicelib.people.model import (
    ClaimState as ClaimState,
)  # callers read it here, beside what answers with it
from chalicelib.platform import outbox
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Row, Write, audit

PERSON_RENAMED = "person-renamed"
"""The news that somebody has another name: `person_id`."""
PROFILE_CHANGED = "profile-changed"
"""The news of a mentor's changed profile: `person_id`."""

PAIR_BLOCKED = "pair-blocked"
"""The news that somebody has blocked another: `blocker`, `blocked`, and what becomes of their mentorships, `then`."""


MAIL_REACH_CHANGED = "mail-reach-changed"
"""The news that mail to somebody is stopped, goes out again, or was kept back once more: `person_id`."""


@dataclass(frozen=True)
class SignUp:
    """What a person says of themselves when they create an account."""

    email: str
    given_name: str
    family_name: str
    locale: str


def me(call: Call) -> Person:
    """Return the actor's own person."""
    person = store.get_person(call.actor_id)
    if person is None:
        raise NotFound
    return person


def change_me(call: Call, changes: dict[str, Any]) -> Person:
    """Change the actor's own name or locale."""
    person = me(call)
    require_version(call, person.version)
    changed = replace(person, **changes)
    writes = [store.put_person(changed, call.now), _audit(call, "change_me", after=_named(changes))]
    if changed.name != person.name:
        message_id = f"{PERSON_RENAMED}:{person.id}:{person.version}"
        news = {"person_id": person.id}
        writes.append(outbox.message(message_id, outbox.Topic.FOLLOW_UP, PERSON_RENAMED, news, now=call.now))
    return commit(call, writes, written(changed))


def my_profile(call: Call) -> Profile:
    """Return the actor's own profile."""
    profile = store.get_profile(call.actor_id)
    if profile is None:
        raise NotFound
    return profile


def change_profile(call: Call, changes: dict[str, Any]) -> Profile:
    """Change some fields of the actor's own profile; what is not named stays."""
    before = my_profile(call)
    require_version(call, before.version)
    changed = checked_profile(replace(before, **changes))
    writes = [
        store.put_profile(changed, call.now),
        *_news(changed, call.now),
        _audit(call, "change_profile", after=_named(changes)),
    ]
    return commit(call, writes, written(changed))


def block(call: Call, other: str, then: Parting = Parting.PAUSE) -> None:
    """Keep `other` away from the actor from this instant on: each transaction that would bring the two together checks
    that neither has blocked the other. `other` is not told.

    What there is between them already is parted by the news, within seconds.
    """
    if other == call.actor_id:
        raise Invalid.field("/person", "You cannot block yourself.")
    if store.get_person(other) is None:
        raise NotFound
    news = {"blocker": call.actor_id, "blocked": other, "then": then.value}
    writes = [
        store.add_block(call.actor_id, other, call.now),
        # Each block is news of its own: who blocks again may have chosen otherwise.
        outbox.message(
            f"{PAIR_BLOCKED}:{call.new_id()}", outbox.Topic.FOLLOW_UP, PAIR_BLOCKED, news, now=call.now
        ),
        _audit(call, "block", after=other),
    ]
    commit(call, writes, None)


def my_blocks(call: Call) -> tuple[Person, ...]:
    """Return whom the actor has blocked, by name, as far as they still are."""
    blocked = store.get_blocks(call.actor_id)
    found = store.get_people(sorted(blocked)) if blocked else {}
    return tuple(sorted(found.values(), key=lambda one: (one.name, one.id)))


def unblock(call: Call, other: str) -> None:
    """Take a block back."""
    writes = [store.remove_block(call.actor_id, other, call.now), _audit(call, "unblock", before=other)]
    commit(call, writes, None)


# What other capabilities ask. None of these checks who asks: the capability that calls has done so.


def person_key(person_id: str) -> tuple[type[Row], str, str]:
    """Return the key of a person, for a read of several rows in one round trip."""
    return store.person_key(person_id)


def profile_key(person_id: str) -> tuple[type[Row], str, str]:
    """Return the key of a profile, for a read of several rows in one round trip."""
    return store.profile_key(person_id)


def person_of(row: Any) -> Person:
    """Read a person from the row at `person_key`."""
    return store.person_of(row)


def locale_of(row: Any) -> str:
    """Read the locale of the person in the row at `person_key`; empty for nobody."""
    return store.person_of(row).locale if row is not None else ""


def profile_of(row: Any) -> Profile:
    """Read a profile from the row at `profile_key`."""
    return store.profile_of(row)


def get_person(person_id: str) -> Person | None:
    return store.get_person(person_id)


def get_people(person_ids: list[str]) -> dict[str, Person]:
    """Return the persons that exist, a hundred a round trip."""
    return store.get_people(person_ids)


def get_people_and_profiles(person_ids: list[str]) -> dict[str, tuple[Person, Profile]]:
    """Return the persons that exist with their profiles, fifty a round trip."""
    return store.get_people_and_profiles(person_ids)


def get_person_and_profile(person_id: str) -> tuple[Person, Profile]:
    """Return a person and their profile in one round trip; raises `NotFound`."""
    found = store.get_person_and_profile(person_id)
    if found is None:
        raise NotFound
    return found


def snapshot_of(person_ids: list[str]) -> dict[str, tuple[Person, Profile, frozenset[str]]]:
    """Return the persons that exist, with their profiles and whom each has blocked; thirty a round trip."""
    return store.snapshot_of(person_ids)


def blocks_key(person_id: str) -> tuple[type[Row], str, str]:
    """Return the key of a person's blocks, for a read of several rows in one round trip."""
    return store.blocks_key(person_id)


def blocks_of(row: Any) -> frozenset[str]:
    """Read whom a person has blocked from the row at `blocks_key`, or None."""
    return store.blocks_of(row)


def check_can_mentor(person_id: str, now: datetime, conflict: DomainError) -> Write:
    """Return the write that fails with `conflict` unless a mentor may be matched at `now`."""
    return store.check_can_mentor(person_id, now, conflict)


def check_cannot_mentor(person_id: str, now: datetime, conflict: DomainError) -> Write:
    """Return the write that fails with `conflict` if a mentor may be matched at `now`."""
    return store.check_cannot_mentor(person_id, now, conflict)


def check_standing(person: Person, conflict: DomainError) -> Write:
    """Return the write that fails with `conflict` unless a person's status and standing are as they were read."""
    return store.check_standing(person, conflict)


def check_profile(profile: Profile, conflict: DomainError) -> Write:
    """Return the write that fails with `conflict` unless a profile is as it was read."""
    return store.check_profile(profile, conflict)


def has_blocked(person_id: str, other: str) -> bool:
    """Tell whether somebody has blocked another, as it stands now."""
    return other in store.get_blocks(person_id)


def check_not_blocked(one: str, other: str, conflict: DomainError) -> list[Write]:
    """Return the writes that fail with `conflict` if either of two people has blocked the other."""
    return [store.check_not_blocked(one, other, conflict), store.check_not_blocked(other, one, conflict)]


def check_no_blocks(together: Sequence[str], conflict: DomainError) -> list[Write]:
    """Return the writes that fail with `conflict` if anybody of some people has blocked another of them: one each."""
    if len(together) < 2:
        return []
    return [
        store.check_none_blocked(one, [other for other in together if other != one], conflict)
        for one in together
    ]


def put_tie(one: str, other: str, now: datetime) -> Write:
    """Return the write which says that two people have a mentorship together; again, it changes nothing."""
    return store.put_tie(one, other, now)


def check_no_tie(one: str, other: str, conflict: DomainError) -> Write:
    """Return the write that fails with `conflict` if two people have or had a mentorship together."""
    return store.check_no_tie(one, other, conflict)


def tied_to(person_id: str, others: Iterable[str]) -> frozenset[str]:
    """Return those of some people with whom somebody has or had a mentorship, a hundred a round trip."""
    return store.tied_to(person_id, others)


def find_by_email(email: str) -> tuple[str, ClaimState] | None:
    """Return the id of the person who holds an address, and how far the claim is."""
    claim = store.get_claim(email)
    return (claim.person_id, claim.state) if claim else None


def find_claim(email: str) -> Claim | None:
    """Return the claim on an address, for what is decided on it as it was read."""
    return store.get_claim(email)


def claim_key(email: str) -> tuple[type[Row], str, str]:
    """Return the key of the claim on an address, for a read of several rows in one round trip."""
    return store.email_key(email)


def claim_of(row: Any) -> Claim:
    """Read a claim from the row at `claim_key`."""
    return store.claim_of(row)


def claim_email(person_id: str, sign_up: SignUp, before: Claim | None, now: datetime) -> tuple[Claim, Write]:
    """Return a claim with one more sign-up, and its write; an invitation stays one.

    The write fails with `EmailTaken` once the claim is no longer as read.

    Parameters
    ----------
    before
        The claim on the address; None if there is none.
    """
    pending = {
        "given_name": sign_up.given_name, "family_name": sign_up.family_name, "locale": sign_up.locale,
    }  # fmt: skip
    if before is None:
        claim = Claim(person_id, ClaimState.PENDING, pending, now, version=1, sign_ups=1)
    else:
        claim = replace(before, pending=pending, version=before.version + 1, sign_ups=before.sign_ups + 1)
    write = store.put_email(
        sign_up.email, claim.person_id, claim.state, pending, before, now, sign_ups=claim.sign_ups
    )
    return claim, write


def activate(email: str, held: Claim, now: datetime) -> list[Write]:
    """Return the writes by which the holder of a confirmed address becomes an active person.

    What the person said at sign-up takes the place of what an invitation said of them. The writes fail with
    `EmailTaken` once the claim is no longer as read, and with `StaleVersion` once the person invited is not.
    """
    said = held.pending or {}
    claim = store.put_email(email, held.person_id, ClaimState.CONFIRMED, None, held, now)
    invited = store.get_person(held.person_id)
    if invited is not None:
        active = replace(invited, status=PersonStatus.ACTIVE, confirmed_at=now, **said)
        return [claim, store.put_person(active, now), _activated(held.person_id, PersonStatus.INVITED, now)]
    person = Person(
        held.person_id, normalised_email(email), said["given_name"], said["family_name"], said["locale"],
        PersonStatus.ACTIVE, confirmed_at=now, created_at=now,
    )  # fmt: skip
    profile = store.put_profile(Profile(held.person_id), now)
    return [claim, store.put_person(person, now), profile, _activated(held.person_id, None, now)]


def _activated(person_id: str, before: PersonStatus | None, now: datetime) -> Write:
    return audit(
        "people", store.person_pk(person_id), row_id=new_id(now), at=now, actor=person_id, action="activate",
        before=before, after=PersonStatus.ACTIVE,
    )  # fmt: skip


def set_standing(person_id: str, standing: Standing, now: datetime) -> Write:
    """Return the write of a mentor's standing, with the badges that others see."""
    return store.set_standing(person_id, standing, now)


def mail_stops(person: Person, stop: MailStop | None, news: str, now: datetime) -> list[Write]:
    """Return the writes which note that mail to a person is stopped, or goes out again (None), with the news of it.
    They fail with `StaleVersion` once the person has another address, or is no more.

    Parameters
    ----------
    news
        Names the occasion: one that was told of before fails with `WrittenBefore`.
    """
    told = outbox.message(
        f"{MAIL_REACH_CHANGED}:{person.id}:{news}", outbox.Topic.FOLLOW_UP, MAIL_REACH_CHANGED,
        {"person_id": person.id}, now=now,
    )  # fmt: skip
    return [told] if person.mail_stop == stop else [store.set_mail_stop(person, stop, now), told]


def mark_as_mentor(profile: Profile, now: datetime) -> list[Write]:
    """Return the writes of a person who comes to mentor: from now on changes of their profile are told.

    They hold the transaction back if the profile is no longer as read. One that is new is written by the caller,
    marked.
    """
    if profile.version is None:
        return []
    changed = Conflict("The profile was changed just now. Send the request again.")
    if profile.is_mentor:
        return [store.check_profile(profile, changed)]
    return [store.put_profile(replace(profile, is_mentor=True), now, changed)]


def invite(
    person_id: str,
    email: str,
    given_name: str,
    family_name: str,
    locale: str,
    profile: Profile,
    claim: Claim | None,
    now: datetime,
) -> list[Write]:
    """Return the writes of a person whom a coordinator's roster names and who has not confirmed the address.

    A sign-up that is under way with the address goes on: whoever confirms it becomes the person invited here, under
    the name that they gave. So nobody keeps an address from being invited by signing up with it.

    Parameters
    ----------
    claim
        The claim on the address; None if there is none.

    Raises
    ------
    EmailTaken
        If the claim is more than a sign-up under way, or not this person's.
    """
    if claim is not None and (claim.person_id, claim.state) != (person_id, ClaimState.PENDING):
        raise EmailTaken("This address has its person.")
    person = Person(
        person_id,
        normalised_email(email),
        given_name,
        family_name,
        locale,
        PersonStatus.INVITED,
        created_at=now,
    )
    pending, sign_ups = (claim.pending, claim.sign_ups) if claim else (None, 0)
    return [
        store.put_email(email, person_id, ClaimState.INVITED, pending, claim, now, sign_ups=sign_ups),
        store.put_person(person, now),
        store.put_profile(replace(profile, person_id=person_id, version=None), now),
    ]


def still_invited(person: Person) -> Write:
    """Return the write that holds a transaction back once a person is no longer as read: invited, not themselves.

    It fails with `StaleVersion`.
    """
    return store.check_invited(person)


def change_invited(
    person: Person, profile: Profile, before: tuple[Person, Profile], now: datetime
) -> list[Write]:
    """Return the writes of a roster's newer word on a person who has not become themselves yet.

    Of the person, name and locale may change; of the profile, what they may write themselves. The writes fail with
    `StaleVersion` once the person or a profile to be changed is no longer as read: whoever confirms the address at
    the same moment keeps what is theirs.

    Raises
    ------
    StaleVersion
        If `before` is no invited person.
    """
    was, said = before
    if was.status is not PersonStatus.INVITED:
        raise StaleVersion
    named = replace(was, given_name=person.given_name, family_name=person.family_name, locale=person.locale)
    kept = replace(
        profile, person_id=was.id, is_mentor=said.is_mentor, created_at=said.created_at, version=said.version
    )
    writes = [store.put_person(named, now) if named != was else still_invited(was)]
    return writes + ([store.put_profile(kept, now), *_news(kept, now)] if kept != said else [])


def _news(changed: Profile, now: datetime) -> list[Write]:
    """Return the message that tells higher capabilities of a mentor's change; nobody looks mentees up."""
    if not changed.is_mentor:
        return []
    message_id = f"{PROFILE_CHANGED}:{changed.person_id}:{(changed.version or 0) + 1}"
    payload = {"person_id": changed.person_id}
    return [outbox.message(message_id, outbox.Topic.FOLLOW_UP, PROFILE_CHANGED, payload, now=now)]


def _named(changes: dict[str, Any]) -> str:
    """Return which fields changed; what they were and are is the person's own affair."""
    return ",".join(sorted(changes))


def _audit(call: Call, action: str, *, before: str | None = None, after: str | None = None) -> Write:
    return audit(
        "people", store.person_pk(call.actor_id), row_id=call.new_id(), at=call.now, actor=call.actor_id,
        action=action, before=before, after=after,
    )  # fmt: skip
