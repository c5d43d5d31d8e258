"""Agreements: read, changed, signed and tried out by their two people.

Every change is one transaction on condition that the agreement is as it was read and the mentorship is under way. Where
somebody else's came in between, all is read and decided anew: so of two signatures at the same moment the second one
finds the first, and of a signature and a change one is refused.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from chalicelib.kernel.call import Call, require_version, written
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.pages import Page, PageRequest, every
from chalicelib.kernel.tries import again
from chalicelib.mentorships import access, moving, running_store, task_store
from chalicelib.mentorships.agreements import mails, programme_store, store
from chalicelib.mentorships.agreements.drafting import first_terms
from chalicelib.mentorships.agreements.errors import AgreementMoved
from chalicelib.mentorships.agreements.model import (
    TASK_AFTER,
    AboutSelf,
    Agreement,
    Terms,
    Wording,
    checked_terms,
    differing,
)
from chalicelib.mentorships.errors import MentorshipMoved, MentorshipNotUnderWay
from chalicelib.mentorships.running import Mentorship, is_under_way
from chalicelib.mentorships.tasks import TaskEnd, TaskStatus, unsigned_task
from chalicelib.organisations import service as organisations
from chalicelib.people import service as people
from chalicelib.people.model import Channel, Profile
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write
from chalicelib.programmes.model import PairKind, Side

# The two may write at the same moment, one of them twice, and the daily look with them.
_TRIES = 4
BUSY = "The agreement is being changed at this moment."


@dataclass(frozen=True)
class SeenAgreement:
    """An agreement as somebody reads it, in the language of their `locale`; `side` is None to a coordinator."""

    agreement: Agreement
    mentorship: Mentorship
    side: Side | None
    locale: str

    @property
    def version(self) -> int:
        return self.agreement.wording.number


@dataclass(frozen=True)
class SeenWording:
    """An earlier version as somebody reads it."""

    wording: Wording
    locale: str
    kind: PairKind


_Move = Callable[[Call, SeenAgreement], tuple[Agreement, list[Write]]]


def read(call: Call, mentorship_id: str) -> SeenAgreement:
    """Return a mentorship's agreement to its two people and the programme's coordinators; the first look at one that
    has none makes its draft."""
    mentorship, locale, row = _readable(call, mentorship_id)
    agreement = store.agreement_of(row) if row is not None else drafted(call, mentorship)
    return SeenAgreement(agreement, mentorship, mentorship.side_of(call.actor_id), locale)


def language_of(call: Call) -> str:
    """Return the actor's locale, in which they read what can be agreed on."""
    return people.me(call).locale


def earlier_versions(call: Call, mentorship_id: str, page: PageRequest) -> Page[SeenWording]:
    """Return the versions before the present one, the newest first, to whom `read` shows that."""
    mentorship, locale, _ = _readable(call, mentorship_id)
    found = store.older_versions(mentorship_id, page)
    return Page(tuple(SeenWording(one, locale, mentorship.kind) for one in found.items), found.next)


def change(call: Call, mentorship_id: str, terms: Terms) -> SeenAgreement:
    """Write another version of the terms over the one named by `If-Match` (the two). Nobody has signed that yet, and
    who had signed the one before is told. The same terms again make no version.

    Raises
    ------
    MentorshipNotUnderWay, Invalid, StaleVersion
    """

    def rewritten(call: Call, seen: SeenAgreement) -> tuple[Agreement, list[Write]]:
        before, side = seen.agreement, _own(seen)
        require_version(call, before.wording.number)
        after = before.rewritten(side, checked_terms(terms), call.now)
        if after is before:
            return before, []
        number = after.wording.number
        bereft = [one for one in Side if one is not side and one in before.wording.signed_at]
        return after, [
            running_store.check_under_way(mentorship_id),
            store.keep_older(mentorship_id, before.wording, call.now),
            *mails.to_sides(mails.CHANGED, seen.mentorship, bereft, number, str(number), call.now),
            _audit(call, mentorship_id, "change_agreement", str(before.wording.number), str(number)),
        ]

    return _changed(call, mentorship_id, rewritten)


def sign(call: Call, mentorship_id: str, number: int) -> SeenAgreement:
    """Sign a version, which has to be the present one (the two). Again, it does nothing.

    When both have, both are told, and a coordinator's task about it is done.

    Raises
    ------
    MentorshipNotUnderWay, AgreementRewritten, AgreementIncomplete
    """

    def signed(call: Call, seen: SeenAgreement) -> tuple[Agreement, list[Write]]:
        before = seen.agreement
        after = before.signed(_own(seen), number, call.now)
        if after is before:
            return before, []
        writes = [_audit(call, mentorship_id, "sign_agreement", None, str(number))]
        if not after.wording.is_signed:
            return after, [*writes, running_store.check_under_way(mentorship_id)]
        writes += mails.to_sides(mails.SIGNED, seen.mentorship, Side, number, str(number), call.now)
        if before.raised_at is not None and before.unsigned_since is not None:
            since = before.unsigned_since
            task = unsigned_task(seen.mentorship, since, since + TASK_AFTER)
            done = replace(task, status=TaskStatus.DONE, end=TaskEnd.SIGNED, done_at=call.now)
            writes.append(task_store.put_task(done, call.now))
        # One transaction takes no two writes of the same row.
        formed = moving.agreed(call, seen.mentorship)
        return after, [*writes, *(formed or [running_store.check_under_way(mentorship_id)])]

    return _changed(call, mentorship_id, signed)


def try_out(call: Call, mentorship_id: str, results: Mapping[Channel, bool]) -> SeenAgreement:
    """Say of ways to meet whether they work for the actor (the two); what they said of others stays.

    Raises
    ------
    MentorshipNotUnderWay, Invalid
    """

    def tried(call: Call, seen: SeenAgreement) -> tuple[Agreement, list[Write]]:
        after = seen.agreement.tried(_own(seen), results, call.now)
        if after is seen.agreement:
            return after, []
        told = ",".join(f"{channel}:{'works' if works else 'does_not'}" for channel, works in results.items())
        audit = _audit(call, mentorship_id, "try_out_channels", None, told)
        return after, [running_store.check_under_way(mentorship_id), audit]

    return _changed(call, mentorship_id, tried)


def tell_of_self(call: Call, mentorship_id: str, about: AboutSelf) -> SeenAgreement:
    """Say how the actor likes to be addressed, and of customs of theirs, for the other to read (the two).

    Raises
    ------
    MentorshipNotUnderWay
    """

    def told(call: Call, seen: SeenAgreement) -> tuple[Agreement, list[Write]]:
        after = seen.agreement.told_of(_own(seen), about)
        if after is seen.agreement:
            return after, []
        audit = _audit(call, mentorship_id, "tell_of_self", None, None)
        return after, [running_store.check_under_way(mentorship_id), audit]

    return _changed(call, mentorship_id, told)


def drafted(call: Call, mentorship: Mentorship) -> Agreement:
    """Return the agreement of a mentorship that has none, its draft made: from the programme's template and what both
    profiles say at this moment."""
    mentee_id, mentor_id = mentorship.mentee.person_id, mentorship.mentor.person_id
    template_row, *profile_rows = tables.get_many(
        [
            programme_store.template_key(mentorship.programme_id),
            people.profile_key(mentee_id),
            people.profile_key(mentor_id),
        ]
    )
    template = programme_store.template_of(mentorship.programme_id, template_row)
    mentee, mentor = (
        people.profile_of(row) if row is not None else Profile(person_id)
        for row, person_id in zip(profile_rows, (mentee_id, mentor_id), strict=True)
    )
    draft = Agreement(
        mentorship.id,
        Wording(1, first_terms(template.rules, mentee, mentor), None, call.now),
        unsigned_since=mentorship.started_at,
        created_at=call.now,
    )
    writes = [
        *store.put_agreement(draft, call.now),
        _audit(call, mentorship.id, "draft_agreement", None, "1"),
    ]
    # The request's own answer goes with what it asked for.
    alone = replace(call, request_key=None)
    with suppress(AgreementMoved):
        return commit(alone, writes, written(draft))
    made = store.get_agreement(mentorship.id)
    if made is None:
        raise Unavailable("The agreement is being made at this moment.")
    return made


# What other capabilities ask. None of these checks who asks.


def agreement_for(mentorship_id: str) -> Agreement | None:
    """Return the agreement of a mentorship as it is now, if it has one."""
    return store.get_agreement(mentorship_id)


def changed_since_signed(agreement: Agreement, side: Side) -> tuple[str, ...]:
    """Return the fields of the terms that are others than in the last version that a side had signed; empty if they
    have signed none."""
    for older in every(lambda page: store.older_versions(agreement.mentorship_id, page)):
        if side in older.signed_at:
            return differing(older.terms, agreement.wording.terms)
    return ()


def _readable(call: Call, mentorship_id: str) -> tuple[Mentorship, str, store.AgreementRow | None]:
    """Return a mentorship that the actor may read, their language, and the row of its agreement."""
    rights_row, reader_row, row, agreement_row = tables.get_many(
        [
            organisations.rights_key(call), people.person_key(call.actor_id),
            running_store.mentorship_key(mentorship_id), store.agreement_key(mentorship_id),
        ]
    )  # fmt: skip
    mentorship, _ = access.readable_of(call, row, rights_row)
    return mentorship, people.locale_of(reader_row), agreement_row


def _changed(call: Call, mentorship_id: str, move: _Move) -> SeenAgreement:
    """Read, make a move, commit it: again from the start if somebody else's came in between."""
    return again(
        lambda: _changed_once(call, mentorship_id, move),
        AgreementMoved,
        MentorshipMoved,
        busy=BUSY,
        tries=_TRIES,
    )


def _changed_once(call: Call, mentorship_id: str, move: _Move) -> SeenAgreement:
    reader_row, row, agreement_row = tables.get_many(
        [
            people.person_key(call.actor_id), running_store.mentorship_key(mentorship_id),
            store.agreement_key(mentorship_id),
        ]
    )  # fmt: skip
    mentorship, side = access.own_of(call, row)
    if not is_under_way(mentorship, call.now):
        raise MentorshipNotUnderWay("It can be done once the mentorship goes on.")
    agreement = store.agreement_of(agreement_row) if agreement_row is not None else drafted(call, mentorship)
    seen = SeenAgreement(agreement, mentorship, side, people.locale_of(reader_row))
    after, writes = move(call, seen)
    if after is agreement:
        return commit(call, [], seen)
    return commit(
        call, [*store.put_agreement(after, call.now), *writes], replace(seen, agreement=written(after))
    )


def _own(seen: SeenAgreement) -> Side:
    """Return the side of one of the two."""
    if seen.side is None:
        raise ValueError("only one of the two changes an agreement")
    return seen.side


def _audit(call: Call, mentorship_id: str, action: str, before: str | None, after: str | None) -> Write:
    return running_store.audit(
        mentorship_id, row_id=call.new_id(), at=call.now, actor=call.actor_id, action=action, before=before,
        after=after,
    )  # fmt: skip
