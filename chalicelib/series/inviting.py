"""Inviting people to a series, many at once: each is invited, or the report says why not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import Conflict, StaleVersion
from chalicelib.people import service as people
from chalicelib.people.model import Claim, ClaimState, Profile, is_email, normalised_email
from chalicelib.platform import outbox, tables
from chalicelib.platform.commit import AnsweredBefore, commit
from chalicelib.platform.tables import Write
from chalicelib.series import access, store
from chalicelib.series.errors import SeriesRoleRefused
from chalicelib.series.model import JOINABLE, Deed, Membership, Series, SeriesPlace, SeriesRole

SERIES_INVITATION = "series-invitation"
"""The mail of an invitation: `recipient`, `series_id`."""

_A_TRANSACTION = 15
"""Invitations in one: six writes each at most, of the hundred that a transaction takes."""


@dataclass(frozen=True)
class Invitation:
    """Whom to invite, and as what."""

    email: str
    given_name: str
    family_name: str
    role: SeriesRole
    locale: str
    site_id: str | None = None


class InvitationOutcome(StrEnum):
    """INVITED, with a mail. What failed: ALREADY_IN, or invited before; REPEATED in this list; ADDRESS_MALFORMED;
    SITE_UNKNOWN; PLACE_TAKEN: they were removed, and the owner alone invites them again; CHANGED_MEANWHILE:
    somebody changed the same person's account or place at this moment."""

    INVITED = "invited"
    ALREADY_IN = "already_in"
    REPEATED = "repeated"
    ADDRESS_MALFORMED = "address_malformed"
    SITE_UNKNOWN = "site_unknown"
    PLACE_TAKEN = "place_taken"
    CHANGED_MEANWHILE = "changed_meanwhile"


@dataclass(frozen=True)
class Invited:
    """What became of one invitation."""

    email: str
    outcome: InvitationOutcome


@dataclass(frozen=True)
class _Known:
    """What is known of whom an invitation names."""

    person_id: str
    claim: Claim | None
    has_person: bool
    member: Membership | None


def invite(call: Call, series_id: str, invitations: Sequence[Invitation]) -> tuple[Invited, ...]:
    """Invite people by their addresses (those who run the series; hub roles are given by its owner).

    Who has no account is made known by the name given, as by a roster, and invited to make one. Each invitation stands
    or fails by itself: the report has all, in their order, and what failed can be sent again alone. A repeat invites
    nobody twice.

    Raises
    ------
    NotFound, SeriesRoleRefused
    """
    site_ids = sorted({one.site_id for one in invitations if one.site_id})
    claims = [people.claim_key(one.email) for one in invitations]
    sites = [store.site_key(series_id, one) for one in site_ids]
    reader, rows = access.reader_of(call, series_id, Deed.PEOPLE, *claims, *sites)
    if not reader.may(Deed.OWN) and any(one.role not in JOINABLE for one in invitations):
        raise SeriesRoleRefused
    known_sites = {
        site for site, row in zip(site_ids, rows[len(claims) :], strict=True) if store.is_open(row)
    }
    known = _known(call, series_id, rows[: len(claims)])
    outcomes: dict[int, InvitationOutcome] = {}
    waiting: list[int] = []
    seen: set[str] = set()
    for n, one in enumerate(invitations):
        address = normalised_email(one.email)
        outcome = _refusal(
            one, known[n], known_sites, is_repeated=address in seen, may_bring_back=reader.may(Deed.OWN)
        )
        seen.add(address)
        if outcome is None:
            waiting.append(n)
        else:
            outcomes[n] = outcome
    groups = list(_groups(waiting)) or [[]]
    for group in groups[:-1]:
        outcomes |= _committed(call, reader.series, invitations, known, group)
    return _last(call, reader.series, invitations, known, groups[-1], outcomes)


def _groups(waiting: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(waiting), _A_TRANSACTION):
        yield waiting[start : start + _A_TRANSACTION]


def _known(call: Call, series_id: str, claim_rows: Sequence[object]) -> list[_Known]:
    claims = [people.claim_of(row) if row is not None else None for row in claim_rows]
    ids = [claim.person_id if claim else call.new_id() for claim in claims]
    claimed = [one for one, claim in zip(ids, claims, strict=True) if claim]
    rows = tables.get_many([store.member_key(series_id, one) for one in claimed])
    members = {row.sk.removeprefix("MEMBER#"): store.member_of(row) for row in rows if row is not None}
    return [
        _Known(
            one,
            claim,
            claim is not None and claim.state is not ClaimState.PENDING,
            members.get(one) if claim else None,
        )
        for one, claim in zip(ids, claims, strict=True)
    ]


def _refusal(
    one: Invitation, known: _Known, known_sites: set[str], *, is_repeated: bool, may_bring_back: bool
) -> InvitationOutcome | None:
    if not is_email(one.email):
        return InvitationOutcome.ADDRESS_MALFORMED
    if is_repeated:
        return InvitationOutcome.REPEATED
    if one.site_id is not None and one.site_id not in known_sites:
        return InvitationOutcome.SITE_UNKNOWN
    if known.member is not None and not known.member.is_gone:
        return InvitationOutcome.ALREADY_IN
    if known.member is not None and known.member.place is SeriesPlace.REMOVED and not may_bring_back:
        return InvitationOutcome.PLACE_TAKEN
    return None


def _committed(
    call: Call, series: Series, invitations: Sequence[Invitation], known: Sequence[_Known], group: list[int]
) -> dict[int, InvitationOutcome]:
    """Commit some invitations together, or each by itself where one of them was crossed."""
    plain = replace(call, request_key=None)
    try:
        commit(plain, [w for n in group for w in _writes(call, series, invitations[n], known[n])], None)
    except (Conflict, StaleVersion):
        if len(group) == 1:
            return {group[0]: InvitationOutcome.CHANGED_MEANWHILE}
        found: dict[int, InvitationOutcome] = {}
        for n in group:
            found |= _committed(call, series, invitations, known, [n])
        return found
    return dict.fromkeys(group, InvitationOutcome.INVITED)


def _last(
    call: Call,
    series: Series,
    invitations: Sequence[Invitation],
    known: Sequence[_Known],
    group: list[int],
    outcomes: dict[int, InvitationOutcome],
) -> tuple[Invited, ...]:
    """Commit the last of the invitations with the trail, and with the answer for a repeat of the request."""

    def report(of_group: dict[int, InvitationOutcome]) -> tuple[Invited, ...]:
        whole = outcomes | of_group
        return tuple(Invited(one.email, whole[n]) for n, one in enumerate(invitations))

    def trail(told: tuple[Invited, ...]) -> Write:
        count = sum(one.outcome is InvitationOutcome.INVITED for one in told)
        return access.step(call, series.id, "invite", after=str(count))

    told = report(dict.fromkeys(group, InvitationOutcome.INVITED))
    writes = [w for n in group for w in _writes(call, series, invitations[n], known[n])]
    try:
        return commit(call, [*writes, trail(told)], told)
    except AnsweredBefore:
        raise
    except (Conflict, StaleVersion):
        if not group:
            raise
    told = report(
        {
            n: outcome
            for one in group
            for n, outcome in _committed(call, series, invitations, known, [one]).items()
        }
    )
    return commit(call, [trail(told)], told)


def _writes(call: Call, series: Series, one: Invitation, known: _Known) -> list[Write]:
    person_id = known.person_id
    writes: list[Write] = []
    if not known.has_person:
        profile = Profile(person_id)
        writes += people.invite(
            person_id, one.email, one.given_name, one.family_name, one.locale, profile, known.claim, call.now
        )
    before = known.member
    place = Membership(series.id, person_id, one.role, SeriesPlace.INVITED, one.site_id, since=call.now)
    if before is not None:
        place = replace(place, visits=before.visits, version=before.version)
    again = f":{before.version}" if before else ""
    message_id = f"{SERIES_INVITATION}:{series.id}:{person_id}{again}"
    told = {"recipient": person_id, "series_id": series.id}
    return [
        *writes,
        store.put_member(place, call.now),
        outbox.message(message_id, outbox.Topic.MAIL, SERIES_INVITATION, told, now=call.now),
    ]
