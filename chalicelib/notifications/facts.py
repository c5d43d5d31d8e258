"""What each kind of mail is written from: read when it is sent, from the capabilities below.

A reader returns None where the reason for its mail has gone: the message is then done without a mail.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from chalicelib.certificates import service as certificates
from chalicelib.certificates.model import Certificate
from chalicelib.certificates.wording import title_of as certificate_title
from chalicelib.circles import service as circles
from chalicelib.circles.meetings.model import MeetingState as CircleMeetingState
from chalicelib.circles.model import Circle, CircleStatus
from chalicelib.circles.model import Place as CirclePlace
from chalicelib.circles.model import PlaceState as CirclePlaceState
from chalicelib.credentials import service as credentials
from chalicelib.credentials.evidence.reasons import sentence_of
from chalicelib.credentials.model import Credential
from chalicelib.credentials.model import Status as CredentialStatus
from chalicelib.credentials.notices import days_left
from chalicelib.kernel.clock import from_text
from chalicelib.mentorships import service as mentorships
from chalicelib.mentorships.introductions.model import Face, Introduction, Part, Reply
from chalicelib.mentorships.introductions.model import Status as IntroductionStatus
from chalicelib.mentorships.model import Card, Proposal, ProposalStatus, Source
from chalicelib.mentorships.running import (
    NOT_ENDED,
    UNDER_WAY,
    EndReason,
    Mentorship,
    MentorshipStatus,
    is_under_way,
)
from chalicelib.mentorships.sessions.invitations import invitation
from chalicelib.mentorships.sessions.model import OwnSession, SessionOutcome, SessionStatus
from chalicelib.mentorships.sessions.series import clock_changes
from chalicelib.notifications import digests
from chalicelib.notifications.model import (
    AccountFacts,
    AdminFacts,
    AgreementFacts,
    CertificateFacts,
    CircleFacts,
    ConcernFacts,
    CredentialFacts,
    Facts,
    FeedbackFacts,
    GoalFacts,
    HealthFacts,
    IntroductionFacts,
    InvitationFacts,
    Kind,
    Letter,
    MentorshipFacts,
    OverdueFacts,
    Partner,
    ProgrammeDigestFacts,
    ProposalFacts,
    Recipient,
    Sender,
    SeriesFacts,
    SessionFacts,
    SimulationFacts,
    UnverifiedFacts,
    WeeklySlot,
)
from chalicelib.organisations import service as organisations
from chalicelib.people import codes
from chalicelib.people import service as people
from chalicelib.people.model import WEEKDAYS, Person, PersonStatus, Profile
from chalicelib.platform import tables
from chalicelib.platform.outbox import Message
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import EnrolmentStatus, Programme, Side
from chalicelib.safety import service as safety
from chalicelib.safety.model import ConcernStatus
from chalicelib.series import service as series
from chalicelib.series.cases.model import CaseState
from chalicelib.series.evaluation.model import Phase
from chalicelib.series.model import SeriesPlace
from chalicelib.series.sessions.model import SessionState as SeriesSessionState
from chalicelib.simulations import service as simulations
from chalicelib.simulations.results.model import SimulationMoment
from chalicelib.words.formats import formats_of

SPOKEN_FROM: codes.Cefr = "B2"  # the level at which a match counts a language as shared

MOST_NAMES = 10  # of mentors in one mail; the list of tasks has them all

OF_AN_END = frozenset(
    {
        Kind.PROPOSAL_DECLINED,
        Kind.MENTORSHIP_HELD,
        Kind.MENTORSHIP_CLOSED,
        Kind.SESSION_CANCELLED,
        Kind.CALENDAR_ENTRY,
    }
)
"""What is told of the other also where one of the two has blocked the other: that something stops. It reads the same as
where nobody has."""

Reader = Callable[[Message, datetime], Letter | None]


def letter_for(message: Message, now: datetime) -> Letter | None:
    """Return what a message's mail is written from, or None if there is no reason for it any more.

    Raises
    ------
    ValueError
        For a kind that is none of ours.
    """
    return READERS[Kind(message.kind)](message, now)


def _account(message: Message, _: datetime) -> Letter | None:
    found = _recipient(message, [])
    return _letter(message, found[0], AccountFacts()) if found else None


def _invitation(person: PersonStatus, *places: EnrolmentStatus) -> Reader:
    """Return the reader of a mail that invites into a programme, sent while person and place are as named."""

    def read(message: Message, now: datetime) -> Letter | None:
        person_id, programme_id = message.payload["recipient"], message.payload["programme_id"]
        keys = [
            programmes.enrolment_key(programme_id, side, person_id) for side in (Side.MENTOR, Side.MENTEE)
        ]
        found = _recipient(message, [programmes.programme_key(programme_id), *keys])
        if found is None or found[1].status is not person:
            return None
        recipient, _person, (programme_row, *rows) = found
        enrolments = [programmes.enrolment_of(row) for row in rows if row is not None]
        side = next((one.side for one in enrolments if one.status in places), None)
        if programme_row is None or side is None:
            return None
        programme = programmes.programme_of(programme_row)
        if programme.is_over(now):
            return None
        return _letter(message, recipient, InvitationFacts(_sender(programme), side.value, programme_id))

    return read


def _certificate(held: Callable[[str, str], Certificate | None]) -> Reader:
    """Return the reader of a mail about a certificate, sent while `held(holder, certificate)` finds it."""

    def read(message: Message, _: datetime) -> Letter | None:
        found = _recipient(message, [])
        if found is None:
            return None
        recipient = found[0]
        certificate = held(recipient.person_id, message.payload["certificate_id"])
        if certificate is None:
            return None
        title = certificate_title(certificate, formats_of(recipient.locale))
        sender = Sender(certificate.organisation_name, certificate.programme_name)
        return _letter(message, recipient, CertificateFacts(sender, title))

    return read


def _credential(status: CredentialStatus) -> Reader:
    """Return the reader of a mail about a credential, sent while it is in a state."""

    def read(message: Message, now: datetime) -> Letter | None:
        credential = credentials.get_credential(message.payload["credential_id"])
        if credential is None or credential.status_at(now) is not status:
            return None
        found = _recipient(message, [])
        if found is None or credential.person_id != found[0].person_id:
            return None
        sender = Sender(_organisation_name(credential.organisation_id))
        return _letter(message, found[0], _credential_facts(credential, sender))

    return read


def _credential_facts(credential: Credential, sender: Sender) -> CredentialFacts:
    facts = CredentialFacts(sender, credential.claim.kind.value, credential.claim.authority)
    decision, wanted = credential.decision, credential.wanted
    if credential.status is CredentialStatus.MORE_WANTED and wanted is not None:
        return replace(
            facts, reason_text=wanted.text, missing=tuple(one.value for one in wanted.missing)
        )  # fmt: skip
    if decision is None:
        return facts
    return replace(
        facts,
        valid_until=decision.valid_until,
        reason=decision.reason.value if decision.reason else "",
        reason_text=decision.reason_text or "",
    )


def _ends(*, has_ended: bool) -> Reader:
    """Return the reader of a mail that a credential is about to expire, or that it has: while it counts up to the
    instant that the mail is about."""

    def read(message: Message, now: datetime) -> Letter | None:
        credential = credentials.get_credential(message.payload["credential_id"])
        if credential is None:
            return None
        ends_at = from_text(message.payload["ends_at"])
        if credential.verified_until != ends_at or (ends_at <= now) is not has_ended:
            return None
        found = _recipient(message, [])
        if found is None or credential.person_id != found[0].person_id:
            return None
        facts = _credential_facts(credential, Sender(_organisation_name(credential.organisation_id)))
        return _letter(message, found[0], replace(facts, days_left=days_left(ends_at, now)))

    return read


def _file(message: Message, _: datetime) -> Letter | None:
    """Read the mail that a file was refused, sent while it is there and nobody has taken it back."""
    credential = credentials.get_credential(message.payload["credential_id"])
    file = credentials.rejected_file(credential, message.payload["evidence_id"]) if credential else None
    found = _recipient(message, [])
    if credential is None or file is None or found is None or credential.person_id != found[0].person_id:
        return None
    sender = Sender(_organisation_name(credential.organisation_id))
    facts = CredentialFacts(sender, credential.claim.kind.value, credential.claim.authority)
    told = sentence_of(file, found[0].locale)
    return _letter(message, found[0], replace(facts, reason_text=told, file_name=file.name))


def _overdue(message: Message, _: datetime) -> Letter | None:
    person_id, organisation_id = message.payload["recipient"], message.payload["organisation_id"]
    if person_id not in organisations.coordinators_of(organisation_id):
        return None
    found = _recipient(message, [])
    if found is None:
        return None
    fresh, waiting = int(message.payload["fresh"]), int(message.payload["waiting"])
    facts = OverdueFacts(Sender(_organisation_name(organisation_id)), fresh, waiting)
    return _letter(message, found[0], facts)


def _waits_for(proposal: Proposal, side: Side, now: datetime) -> bool:
    return (
        proposal.status is ProposalStatus.OPEN
        and not proposal.is_due(now)
        and proposal.accepted_at(side) is None
    )


def _other_agrees(proposal: Proposal, side: Side, now: datetime) -> bool:
    return _waits_for(proposal, side, now) and proposal.accepted_at(side.other) is not None


def _is(*statuses: ProposalStatus) -> Callable[[Proposal, Side, datetime], bool]:
    return lambda proposal, _side, _now: proposal.status in statuses


def _proposal(holds: Callable[[Proposal, Side, datetime], bool]) -> Reader:
    """Return the reader of a mail about a proposal, sent while `holds(proposal, recipient's side, now)`."""

    def read(message: Message, now: datetime) -> Letter | None:
        person_id = message.payload["recipient"]
        proposal = mentorships.proposal_for(person_id, message.payload["proposal_id"])
        side = proposal.side_of(person_id) if proposal else None
        if proposal is None or side is None or not holds(proposal, side, now):
            return None
        found = _of_pair(message, proposal.programme_id, proposal.card(side.other))
        if found is None:
            return None
        recipient, programme, _ = found
        return _letter(message, recipient, _proposal_facts(proposal, side, _sender(programme)))

    return read


def _mentorship(holds: Callable[[Mentorship, datetime, datetime], bool]) -> Reader:
    """Return the reader of a mail about a mentorship, sent while `holds(mentorship, since, now)`: it is as it was when
    the mail was written, and has been since the same instant."""

    def read(message: Message, now: datetime) -> Letter | None:
        person_id, told = message.payload["recipient"], message.payload
        mentorship = mentorships.mentorship_for(person_id, told["mentorship_id"])
        side = mentorship.side_of(person_id) if mentorship else None
        if mentorship is None or side is None or not holds(mentorship, from_text(told["since"]), now):
            return None
        programme_id, other = mentorship.programme_id, mentorship.card(side.other)
        place_key = programmes.enrolment_key(programme_id, mentorship.kind.place_of(side), person_id)
        found = _of_pair(message, programme_id, other, place_key)
        if found is None:
            return None
        recipient, programme, (place_row,) = found
        enrolment = programmes.enrolment_of(place_row) if place_row is not None else None
        facts = _mentorship_facts(mentorship, side, _sender(programme))
        facts = replace(
            facts,
            was_held=told.get("was_held", False),
            is_matched_anew=mentorship.is_closed
            and not facts.has_proposal
            and programme.is_running(now)
            and enrolment is not None
            and enrolment.status is EnrolmentStatus.ACTIVE,
        )
        return _letter(message, recipient, facts)

    return read


def _goal(*, is_overdue: bool) -> Reader:
    """Return the reader of a mail that a goal's day is near, or over: sent to the one whose goal it is while it is open
    and has that day."""

    def read(message: Message, now: datetime) -> Letter | None:
        person_id, told = message.payload["recipient"], message.payload
        own = mentorships.goal_for(person_id, told["mentorship_id"], told["goal_id"], now)
        if own is None or own.is_overdue is not is_overdue or str(own.goal.due_on) != told["due_on"]:
            return None
        mentorship, side = own.mentorship, own.mentorship.side_of(person_id)
        if side is None:
            return None
        found = _of_pair(message, mentorship.programme_id, mentorship.card(side.other))
        if found is None:
            return None
        recipient, programme, _ = found
        facts = GoalFacts(
            _sender(programme), side.value, Partner(mentorship.card(side.other).name), mentorship.id,
            own.goal.title, date.fromisoformat(told["due_on"]),
        )  # fmt: skip
        return _letter(message, recipient, facts)

    return read


def _health(message: Message, now: datetime) -> Letter | None:
    """Read the mail that something of a mentorship wants mending, or goals a review: sent while something that it was
    written for is still so."""
    person_id, told = message.payload["recipient"], message.payload
    own = mentorships.health_for(person_id, told["mentorship_id"], now)
    if own is None:
        return None
    findings = tuple(one for one in own.findings if one.reason in told.get("reasons", ()))
    goals = [one for one in own.reviews if one.id in told.get("goals", ())]
    if not (findings or goals):
        return None
    mentorship, other = own.mentorship, own.mentorship.card(own.side.other)
    found = _of_pair(message, mentorship.programme_id, other)
    if found is None:
        return None
    recipient, programme, _ = found
    facts = HealthFacts(
        _sender(programme), own.side.value, Partner(other.name), mentorship.id, findings, len(goals)
    )
    return _letter(message, recipient, facts)


def _feedback(message: Message, now: datetime) -> Letter | None:
    """Read the mail that a pulse or a survey waits, sent while it is open and its reader has not answered."""
    person_id, told = message.payload["recipient"], message.payload
    asked = mentorships.feedback_asked_of(person_id, told["mentorship_id"], told["round"], now)
    if asked is None:
        return None
    other = asked.mentorship.card(asked.side.other)
    found = _of_pair(message, asked.mentorship.programme_id, other)
    if found is None:
        return None
    recipient, programme, _ = found
    facts = FeedbackFacts(
        _sender(programme), asked.side.value, Partner(other.name), asked.mentorship.id, asked.round.name,
        asked.round.kind.value, asked.until,
    )  # fmt: skip
    return _letter(message, recipient, facts)


def _agreement(kind: Kind) -> Reader:
    """Return the reader of a mail about an agreement: that it waits for the recipient's signature, as long as it does
    and can be signed, or that both have signed, while that version is the present one."""

    def read(message: Message, now: datetime) -> Letter | None:
        person_id, mentorship_id = message.payload["recipient"], message.payload["mentorship_id"]
        mentorship = mentorships.mentorship_for(person_id, mentorship_id)
        side = mentorship.side_of(person_id) if mentorship else None
        agreement = mentorships.agreement_for(mentorship_id) if side else None
        if mentorship is None or side is None or agreement is None:
            return None
        wording = agreement.wording
        if kind is Kind.AGREEMENT_SIGNED:
            holds = wording.is_signed and wording.number == int(message.payload["number"])
        else:
            holds = side not in wording.signed_at and is_under_way(mentorship, now)
        if not holds:
            return None
        found = _of_pair(message, mentorship.programme_id, mentorship.card(side.other))
        if found is None:
            return None
        recipient, programme, _ = found
        changed = mentorships.changed_since_signed(agreement, side) if kind is Kind.AGREEMENT_CHANGED else ()
        other = side.other
        facts = AgreementFacts(
            _sender(programme), side.value, Partner(mentorship.card(other).name), mentorship.id,
            other in wording.signed_at, changed,
        )  # fmt: skip
        return _letter(message, recipient, facts)

    return read


def _introduction(holds: Callable[[Introduction, Part, IntroductionStatus], bool]) -> Reader:
    """Return the reader of a mail about an introduction, sent while `holds(introduction, recipient's role, its state)`;
    with the other's address where it is made."""

    def read(message: Message, now: datetime) -> Letter | None:
        person_id = message.payload["recipient"]
        seen = mentorships.introduction_for(person_id, message.payload["introduction_id"], now)
        if seen is None or not holds(seen.introduction, seen.role, seen.status):
            return None
        one, other = seen.introduction, seen.introduction.other_of(seen.role)
        is_made = seen.status is IntroductionStatus.MADE
        more = [people.person_key(other.person_id)] if is_made and other is not None else []
        if other is None:
            found = _in_programme(message, one.programme_id)
        else:
            found = _of_pair(message, one.programme_id, other, *more)
        if found is None or (more and found[2][0] is None):
            return None
        recipient, programme, rows = found
        facts = IntroductionFacts(
            _sender(programme), seen.role.value, one.id, Partner(one.mentor.name), _met(other), one.asked_until,
            people.person_of(rows[0]).email if more else None,
        )  # fmt: skip
        return _letter(message, recipient, facts)

    return read


def _met(face: Face | None) -> Partner | None:
    return Partner(face.name, face.profession, country=face.country) if face is not None else None


def _is_offered_to_mentee(one: Introduction, role: Part, status: IntroductionStatus) -> bool:
    return status is IntroductionStatus.OPEN and role is Part.MENTEE and one.mentee_reply is None


def _is_asked_of_third(one: Introduction, role: Part, status: IntroductionStatus) -> bool:
    return status is IntroductionStatus.OPEN and role is Part.THIRD and one.third_reply is not Reply.NO


def _is_made(_one: Introduction, role: Part, status: IntroductionStatus) -> bool:
    return status is IntroductionStatus.MADE and role is not Part.MENTOR


def _session(holds: Callable[[OwnSession, datetime], bool]) -> Reader:
    """Return the reader of a mail about a session, sent while nothing of the session was changed since, and
    `holds(the recipient's session, now)`.

    What tells of several of a series tells of it as it is now, and is not void because one of them was changed since:
    the mail of that one says nothing of the others.
    """

    def read(message: Message, now: datetime) -> Letter | None:
        person_id, told = message.payload["recipient"], message.payload
        has_file, of_several = Kind(message.kind) in _IN_CALENDARS, int(told.get("sessions", 1)) > 1
        own = mentorships.session_for(
            person_id, told["mentorship_id"], told["session_id"], now, with_series=has_file or of_several
        )
        if own is None:
            return None
        if of_several and own.series:
            own = _first(own, lambda one: holds(one, now))
        elif own.session.sequence != told["sequence"] or not holds(own, now):
            own = None
        return _session_letter(message, own) if own is not None else None

    return read


def _first(own: OwnSession, holds: Callable[[OwnSession], bool]) -> OwnSession | None:
    """Return a session, or the first other of its series, of which what a mail tells still holds."""
    others = (one for one in own.series if one.id != own.session.id)
    return next((one for one in (own, *(replace(own, session=each) for each in others)) if holds(one)), None)


def _session_letter(message: Message, own: OwnSession) -> Letter | None:
    told, partner = message.payload, own.mentorship.card(own.side.other)
    found = _of_pair(message, own.mentorship.programme_id, partner, people.profile_key(partner.person_id))
    if found is None:
        return None
    (recipient, programme, (profile_row,)), kind = found, Kind(message.kind)
    partner_zone = people.profile_of(profile_row).time_zone if profile_row else None
    session, offer = own.session, own.session.offer
    span = offer.span if offer else session.span
    # A session of its own is written on the clock of who organised it.
    zone = recipient.time_zone if session.booked_by is own.side else partner_zone
    was_booked = bool(told.get("was_booked", True))
    to_tell = kind in _IN_CALENDARS and (was_booked or session.status is SessionStatus.BOOKED)
    facts = SessionFacts(
        _sender(programme), own.side.value, Partner(partner.name), partner_zone,
        session.mentorship_id, session.id, span.starts_at, span.minutes, int(told["sessions"]),
        session.span.starts_at if session.status is SessionStatus.BOOKED else None, told["due"],
        None if session.status is SessionStatus.CANCELLED else session.place,
        invitation(
            session, own.series, zone or "UTC", is_whole=int(told["sessions"]) > 1 or not was_booked
        ) if to_tell else None,
        _clock_changes(own, recipient.time_zone or "UTC") if int(told["sessions"]) > 1 else (),
    )  # fmt: skip
    return _letter(message, recipient, facts)


def _clock_changes(own: OwnSession, zone: str) -> tuple[datetime, ...]:
    """Return from when on a series, from a session of it on, is at another time on a clock; never of what is off."""
    session = own.session
    if session.status is SessionStatus.CANCELLED:
        return ()
    alike = [one for one in own.series if one.status is session.status and one.span >= session.span]
    return clock_changes(alike, zone)


_IN_CALENDARS = {
    Kind.SESSION_BOOKED, Kind.SESSION_MOVED, Kind.SESSION_CANCELLED, Kind.SESSION_PLACE, Kind.CALENDAR_ENTRY,
}  # fmt: skip


def _mentorship_facts(mentorship: Mentorship, side: Side, sender: Sender) -> MentorshipFacts:
    renewal, ending, asked = mentorship.renewal, mentorship.ending, mentorship.extension
    until = ending.until if ending is not None else renewal.until if renewal is not None else None
    return MentorshipFacts(
        sender, side.value, Partner(mentorship.card(side.other).name), mentorship.id, until, mentorship.ends_on,
        asked.ends_on if asked is not None else None,
        has_proposal=side is Side.MENTEE and ending is not None and ending.reason is EndReason.REASSIGNED,
    )  # fmt: skip


def _lapsed(*statuses: MentorshipStatus) -> Callable[[Mentorship, datetime, datetime], bool]:
    """Hold while the mentor's verification is being renewed since the instant, and the mentorship is in a state."""
    return lambda one, since, now: (
        one.status_at(now) in statuses and one.renewal is not None and one.renewal.since == since
    )


def _goes_on(one: Mentorship, since: datetime, now: datetime) -> bool:
    """Hold while nothing that was since the instant keeps it from going on."""
    return one.status_at(now) in UNDER_WAY and (one.renewal is None or one.renewal.since != since)


def _is_held(one: Mentorship, since: datetime, now: datetime) -> bool:
    return one.status_at(now) is MentorshipStatus.PAUSED and one.hold is not None and one.hold.since == since


def _more_is_asked(one: Mentorship, since: datetime, _now: datetime) -> bool:
    return one.status in NOT_ENDED and one.extension is not None and one.extension.asked_at == since


def _has_not_ended(one: Mentorship, _since: datetime, _now: datetime) -> bool:
    return one.status in NOT_ENDED


def _ends_then(one: Mentorship, since: datetime, now: datetime) -> bool:
    """Hold while the instant is that of its end, which lies ahead."""
    return one.status in NOT_ENDED and one.ends_at == since and now < since


def _has_ending(status: MentorshipStatus) -> Callable[[Mentorship, datetime, datetime], bool]:
    return lambda one, since, now: (
        one.status_at(now) is status and one.ending is not None and one.ending.since == since
    )


def _is_to_come(own: OwnSession, now: datetime) -> bool:
    return own.may_meet and own.session.status is SessionStatus.BOOKED and now < own.session.span.starts_at


def _is_offered(own: OwnSession, now: datetime) -> bool:
    offer = own.session.offer
    return own.may_meet and offer is not None and now < offer.span.starts_at


def _is_cancelled(own: OwnSession, _now: datetime) -> bool:
    return own.session.status is SessionStatus.CANCELLED


def _is_known(own: OwnSession, now: datetime) -> bool:
    return _is_to_come(own, now) or _is_cancelled(own, now)


def _is_refused(own: OwnSession, _now: datetime) -> bool:
    return own.may_meet and own.session.offer is None


def _is_unsaid(own: OwnSession, _now: datetime) -> bool:
    return own.session.status is SessionStatus.BOOKED and own.side not in own.session.accounts


def _is_without_notes(own: OwnSession, _now: datetime) -> bool:
    met = own.session.outcome is SessionOutcome.MET
    return met and not (own.session.shared_notes or own.session.actions)


def _unverified(message: Message, now: datetime) -> Letter | None:
    person_id, told = message.payload["recipient"], message.payload
    found = _in_programme(message, told["programme_id"])
    if found is None:
        return None
    recipient, programme, _ = found
    if person_id not in organisations.coordinators_of(programme.organisation_id):
        return None
    names = tuple(
        person.name
        for person, profile, _ in people.snapshot_of(told["mentors"]).values()
        if not programme.takes_as_mentor(person, profile, now)
    )
    if not (names or told["paused"] or told["ready"]):
        return None
    facts = UnverifiedFacts(
        _sender(programme), names[:MOST_NAMES], max(len(names) - MOST_NAMES, 0), int(told["paused"]),
        int(told["ready"]),
    )  # fmt: skip
    return _letter(message, recipient, facts)


def _programme_digest(message: Message, now: datetime) -> Letter | None:
    """Read how a programme stands, while its recipient coordinates it and there is something to say."""
    person_id, told = message.payload["recipient"], message.payload
    found = _in_programme(message, told["programme_id"])
    if found is None:
        return None
    recipient, programme, _ = found
    if programme.is_over(now) or person_id not in organisations.coordinators_of(programme.organisation_id):
        return None
    sums = mentorships.sums_of(programme.id, person_id, now)
    if not any(asdict(sums).values()):
        return None
    return _letter(message, recipient, ProgrammeDigestFacts(_sender(programme), programme.id, **asdict(sums)))


def _admin_added(message: Message, _: datetime) -> Letter | None:
    who, told = message.payload["recipient"], message.payload
    found = _recipient(message, [organisations.admin_rights_key(one) for one in (who, told["person_id"])])
    if found is None:
        return None
    recipient, _person, (own_row, their_row) = found
    if not (organisations.is_admin(who, own_row) and organisations.is_admin(told["person_id"], their_row)):
        return None
    known = people.get_people([told["person_id"], told["by"]])
    name, by = (known[one].name if one in known else None for one in (told["person_id"], told["by"]))
    return _letter(message, recipient, AdminFacts(name, by))


def _concern(*statuses: ConcernStatus, to_reporter: bool = False) -> Reader:
    """Return the reader of a mail that something waits, or is answered, sent while the concern is in a state: to an
    admin who may handle it at this moment, or its reporter."""

    def read(message: Message, _: datetime) -> Letter | None:
        who, concern_id = message.payload["recipient"], message.payload["concern_id"]
        ask = safety.concern_by if to_reporter else safety.concern_for_admin
        concern = ask(who, concern_id)
        if concern is None or concern.status not in statuses:
            return None
        found = _recipient(message, [])
        return _letter(message, found[0], ConcernFacts()) if found else None

    return read


def _proposal_facts(proposal: Proposal, side: Side, sender: Sender) -> ProposalFacts:
    partner = proposal.card(side.other)
    pair = proposal.explanation
    return ProposalFacts(
        sender=sender,
        side=side.value,
        proposal_id=proposal.id,
        partner=Partner(partner.name, partner.profession, partner.specialties, partner.country),
        languages=pair.spoken_by_both if pair else _shared(proposal),
        slots=_slots(proposal, side),
        expires_at=proposal.expires_at,
        asked_by_mentee=proposal.source is Source.MENTEE,
        pair=pair,
    )


def _slots(proposal: Proposal, side: Side) -> tuple[WeeklySlot, ...]:
    windows = proposal.explanation.overlap.windows if proposal.explanation else ()
    spans = [window.mentee if side is Side.MENTEE else window.mentor for window in windows]
    return tuple(WeeklySlot(WEEKDAYS.index(span.weekday), span.start, span.end) for span in spans)


def _shared(proposal: Proposal) -> tuple[str, ...]:
    """Return the languages that both sides speak well enough, in the order of the mentee's."""
    mentors = _spoken(proposal.mentor)
    return tuple(one for one in _spoken(proposal.mentee) if one in mentors)


def _spoken(card: Card) -> list[str]:
    levels = codes.CEFR[codes.CEFR.index(SPOKEN_FROM) :]
    return [one.language.partition("-")[0] for one in card.languages if one.level in levels]


def _series_invitation(message: Message, _: datetime) -> Letter | None:
    """Read the invitation to a series, sent while it stands and has not been accepted."""
    told = message.payload
    found = series.place_for(told["recipient"], told["series_id"])
    reader = _recipient(message, [])
    if found is None or reader is None or found[1].place is not SeriesPlace.INVITED:
        return None
    (one, member), (recipient, person, _rows) = found, reader
    sender = Sender(_organisation_name(one.organisation_id), one.title)
    is_new = person.status is PersonStatus.INVITED
    return _letter(message, recipient, SeriesFacts(sender, one.id, member.role.value, is_new))


def _series_session(message: Message, now: datetime) -> Letter | None:
    """Read the mail that a session of a series is near, or cancelled, sent while it is so and would begin at the same
    instant, to somebody who takes part."""
    told = message.payload
    found = series.session_near(told["recipient"], told["series_id"], told["session_id"])
    reader = _recipient(message, [])
    if found is None or reader is None:
        return None
    one, member, session = found
    is_off = Kind(message.kind) is Kind.SERIES_SESSION_CANCELLED
    if session.starts_at != from_text(told["starts_at"]) or session.starts_at <= now:
        return None
    if (session.status is SeriesSessionState.CANCELLED) is not is_off:
        return None
    facts = SeriesFacts(
        Sender(_organisation_name(one.organisation_id), one.title), one.id, member.role.value,
        session_id=session.id, title=session.title, starts_at=session.starts_at, minutes=session.minutes,
    )  # fmt: skip
    return _letter(message, reader[0], facts)


def _series_case(message: Message, _: datetime) -> Letter | None:
    """Read a mail about a case of a series, sent while it is in the state that it was written for, to somebody who
    takes part. Of the case it tells the title of the series alone."""
    told = message.payload
    case = series.case_for(told["series_id"], told["case_id"])
    place = series.place_for(told["recipient"], told["series_id"])
    reader = _recipient(message, [])
    if case is None or place is None or reader is None or case.state is not CaseState(told["state"]):
        return None
    one, member = place
    facts = SeriesFacts(
        Sender(_organisation_name(one.organisation_id), one.title), one.id, member.role.value, case_id=case.id,
        state=case.state.value, due_at=case.due_at, asks_outcome=bool(told.get("asks_outcome")),
    )  # fmt: skip
    return _letter(message, reader[0], facts)


def _series_evaluation(message: Message, _: datetime) -> Letter | None:
    """Read the mail that a series asks how confident somebody is, sent while they have not said so."""
    told = message.payload
    found = series.asked_of(told["recipient"], told["series_id"], Phase(told["phase"]))
    reader = _recipient(message, [])
    if found is None or reader is None:
        return None
    one, member = found
    sender = Sender(_organisation_name(one.organisation_id), one.title)
    return _letter(message, reader[0], SeriesFacts(sender, one.id, member.role.value, phase=told["phase"]))


def _simulation_asks(message: Message, now: datetime) -> Letter | None:
    """Read the mail that a simulation is near, sent while it has not begun, or that it asks somebody something, sent
    until they have answered."""
    told = message.payload
    moment = SimulationMoment(told.get("moment", SimulationMoment.BEFORE))
    asked = simulations.asked_of(told["recipient"], told["simulation_id"], moment, now)
    found = _recipient(message, [])
    is_reminder = moment is SimulationMoment.BEFORE
    if asked is None or found is None or (asked.has_answered and not is_reminder):
        return None
    simulation = asked.simulation
    if is_reminder and simulation.starts_at <= now:
        return None
    facts = SimulationFacts(
        Sender(_organisation_name(simulation.organisation_id)), asked.place.first_role.value, simulation.id,
        simulation.title, simulation.starts_at, len(simulation.rounds), simulation.minutes,
        asks="" if asked.has_answered else moment.value,
    )  # fmt: skip
    return _letter(message, found[0], facts)


def _simulation(message: Message, _: datetime) -> Letter | None:
    """Sent while the recipient has a place in a simulation that has not begun."""
    who, simulation_id = message.payload["recipient"], message.payload["simulation_id"]
    simulation, place = simulations.place_in(simulation_id, who)
    if simulation is None or place is None or not simulation.is_ahead:
        return None
    found = _recipient(message, [])
    if found is None:
        return None
    facts = SimulationFacts(
        Sender(_organisation_name(simulation.organisation_id)), place.first_role.value, simulation_id,
        simulation.title, simulation.starts_at, len(simulation.rounds), simulation.minutes,
    )  # fmt: skip
    return _letter(message, found[0], facts)


def _circle_place(message: Message, now: datetime) -> Letter | None:
    """Read the offer of a place in a circle, sent while it can be taken."""
    found, reader = _in_circle(message), _recipient(message, [])
    if found is None or reader is None:
        return None
    circle, place = found
    if place.state is not CirclePlaceState.OFFERED or circle.is_closed:
        return None
    if place.offer_ends_at is not None and place.offer_ends_at <= now:
        return None
    facts = CircleFacts(_circle_sender(circle), circle.id, circle.topic, until=place.offer_ends_at)
    return _letter(message, reader[0], facts)


def _circle_news(message: Message, _: datetime) -> Letter | None:
    """Read what became of a circle, sent to somebody who takes part while it is still so."""
    found, reader = _in_circle(message), _recipient(message, [])
    if found is None or reader is None:
        return None
    circle, place = found
    what = message.payload["what"]
    status = _CIRCLE_NEWS.get(what, CircleStatus.RUNNING)
    if not place.is_active or circle.status is not status:
        return None
    return _letter(
        message, reader[0], CircleFacts(_circle_sender(circle), circle.id, circle.topic, what=what)
    )


_CIRCLE_NEWS = {"held": CircleStatus.HELD, "closed": CircleStatus.CLOSED}


def _circle_without_lead(message: Message, _: datetime) -> Letter | None:
    """Read that nobody leads a circle, sent to its coordinators while it is held for that."""
    who = message.payload["recipient"]
    circle, reader = circles.without_lead(message.payload["circle_id"]), _recipient(message, [])
    if circle is None or reader is None or who not in organisations.coordinators_of(circle.organisation_id):
        return None
    return _letter(message, reader[0], CircleFacts(_circle_sender(circle), circle.id, circle.topic))


def _circle_meeting(message: Message, now: datetime) -> Letter | None:
    """Read that a meeting of a circle is near, was moved or is cancelled, sent while it is to begin at the same
    instant, to somebody who takes part."""
    told = message.payload
    found = circles.meeting_for(told["recipient"], told["circle_id"], told["meeting_id"])
    reader = _recipient(message, [])
    if found is None or reader is None:
        return None
    circle, (meeting, turns) = found[0], (found[1].meeting, found[1].turns)
    if meeting.starts_at != from_text(told["starts_at"]) or meeting.starts_at <= now:
        return None
    is_off = meeting.status is CircleMeetingState.CANCELLED
    if is_off and Kind(message.kind) is Kind.CIRCLE_MEETING:
        return None
    who = told["recipient"]
    facts = CircleFacts(
        _circle_sender(circle), circle.id, circle.topic, starts_at=meeting.starts_at, minutes=meeting.minutes,
        is_cancelled=is_off, presents=turns.presenter_id == who, hosts=turns.host_id == who,
    )  # fmt: skip
    return _letter(message, reader[0], facts)


def _in_circle(message: Message) -> tuple[Circle, CirclePlace] | None:
    return circles.place_for(message.payload["recipient"], message.payload["circle_id"])


def _circle_sender(circle: Circle) -> Sender:
    programme = programmes.get_programme(circle.programme_id)
    return Sender(_organisation_name(circle.organisation_id), programme.name if programme else circle.topic)


READERS: Mapping[Kind, Reader] = {
    Kind.ACCOUNT_EXISTS: _account,
    Kind.ROSTER_INVITATION: _invitation(
        PersonStatus.INVITED, EnrolmentStatus.ACTIVE, EnrolmentStatus.PAUSED, EnrolmentStatus.INVITED
    ),
    # Of people who have their account: it was another organisation's list that named them.
    Kind.ENROLMENT_INVITATION: _invitation(PersonStatus.ACTIVE, EnrolmentStatus.INVITED),
    Kind.CREDENTIAL_VERIFIED: _credential(CredentialStatus.VERIFIED),
    Kind.CREDENTIAL_REJECTED: _credential(CredentialStatus.REJECTED),
    Kind.CREDENTIAL_MORE_WANTED: _credential(CredentialStatus.MORE_WANTED),
    Kind.CREDENTIAL_REVOKED: _credential(CredentialStatus.REVOKED),
    Kind.CREDENTIAL_EXPIRING: _ends(has_ended=False),
    Kind.CREDENTIAL_EXPIRED: _ends(has_ended=True),
    Kind.EVIDENCE_REJECTED: _file,
    Kind.REVIEWS_OVERDUE: _overdue,
    Kind.PROPOSAL_MADE: _proposal(_waits_for),
    Kind.PROPOSAL_ACCEPTED: _proposal(_other_agrees),
    Kind.PROPOSAL_AGREED: _proposal(_is(ProposalStatus.AGREED)),
    # The mentor who was asked reads the same when the mentee takes it back.
    Kind.PROPOSAL_DECLINED: _proposal(_is(ProposalStatus.DECLINED, ProposalStatus.WITHDRAWN)),
    Kind.PROPOSAL_EXPIRING: _proposal(_waits_for),
    Kind.PROPOSAL_EXPIRED: _proposal(_is(ProposalStatus.EXPIRED)),
    Kind.MENTORSHIP_IN_GRACE: _mentorship(_lapsed(*UNDER_WAY)),
    Kind.MENTORSHIP_PAUSED: _mentorship(_lapsed(MentorshipStatus.PAUSED)),
    Kind.MENTORSHIP_RESUMED: _mentorship(_goes_on),
    Kind.MENTORSHIP_HELD: _mentorship(_is_held),
    Kind.EXTENSION_ASKED: _mentorship(_more_is_asked),
    Kind.MENTORSHIP_EXTENDED: _mentorship(_has_not_ended),
    Kind.MENTORSHIP_ENDS_SOON: _mentorship(_ends_then),
    Kind.MENTORSHIP_ENDING: _mentorship(_has_ending(MentorshipStatus.CLOSING)),
    Kind.MENTORSHIP_CLOSED: _mentorship(_has_ending(MentorshipStatus.CLOSED)),
    Kind.MENTORS_UNVERIFIED: _unverified,
    Kind.GOAL_DUE: _goal(is_overdue=False),
    Kind.GOAL_OVERDUE: _goal(is_overdue=True),
    Kind.PULSE_DUE: _feedback,
    Kind.SURVEY_DUE: _feedback,
    Kind.AGREEMENT_UNSIGNED: _agreement(Kind.AGREEMENT_UNSIGNED),
    Kind.AGREEMENT_CHANGED: _agreement(Kind.AGREEMENT_CHANGED),
    Kind.CERTIFICATE_REVOKED: _certificate(certificates.revoked_for),
    Kind.CERTIFICATE_AWARDED: _certificate(certificates.awarded_to),
    Kind.AGREEMENT_SIGNED: _agreement(Kind.AGREEMENT_SIGNED),
    Kind.SESSION_BOOKED: _session(_is_to_come),
    Kind.SESSION_PROPOSED: _session(_is_offered),
    Kind.SESSION_MOVED: _session(_is_to_come),
    Kind.SESSION_CANCELLED: _session(_is_cancelled),
    Kind.SESSION_DECLINED: _session(_is_refused),
    Kind.SESSION_PLACE: _session(_is_to_come),
    Kind.CALENDAR_ENTRY: _session(_is_known),
    Kind.SESSION_REMINDER: _session(_is_to_come),
    Kind.SESSION_UNSAID: _session(_is_unsaid),
    Kind.INTRODUCTION_OFFERED: _introduction(_is_offered_to_mentee),
    Kind.INTRODUCTION_ASKED: _introduction(_is_asked_of_third),
    Kind.INTRODUCTION_MADE: _introduction(_is_made),
    Kind.MENTORSHIP_NUDGE: _health,
    Kind.REVIEW_DUE: _health,
    Kind.NOTES_MISSING: _session(_is_without_notes),
    Kind.ADMIN_ADDED: _admin_added,
    Kind.CONCERN_RAISED: _concern(ConcernStatus.OPEN),
    Kind.CONCERN_WAITING: _concern(ConcernStatus.OPEN, ConcernStatus.HANDLED),
    Kind.CONCERN_UNDONE: _concern(*ConcernStatus),
    Kind.CONCERN_CLOSED: _concern(ConcernStatus.CLOSED, to_reporter=True),
    Kind.WEEKLY_DIGEST: digests.reader(letter_for),
    Kind.PROGRAMME_DIGEST: _programme_digest,
    Kind.SERIES_INVITATION: _series_invitation,
    Kind.SERIES_SESSION: _series_session,
    Kind.SERIES_SESSION_CANCELLED: _series_session,
    Kind.SERIES_CASE: _series_case,
    Kind.SERIES_RECOMMENDATIONS_DUE: _series_case,
    Kind.SERIES_CASE_DUE: _series_case,
    Kind.SERIES_EVALUATION_DUE: _series_evaluation,
    Kind.SIMULATION_REMINDER: _simulation_asks,
    Kind.SIMULATION_ANSWERS_DUE: _simulation_asks,
    Kind.SIMULATION_PLANNED: _simulation,
    Kind.CIRCLE_PLACE: _circle_place,
    Kind.CIRCLE_SEAT_FREE: _circle_place,
    Kind.CIRCLE_NEWS: _circle_news,
    Kind.CIRCLE_WITHOUT_LEAD: _circle_without_lead,
    Kind.CIRCLE_MEETING: _circle_meeting,
    Kind.CIRCLE_MEETING_CHANGED: _circle_meeting,
}


def _recipient(message: Message, more: list[Any]) -> tuple[Recipient, Person, list[Any]] | None:
    """Read the recipient with further rows in one round trip; None if there is no such person any more."""
    person_id = message.payload["recipient"]
    person_row, profile_row, *rows = tables.get_many(
        [people.person_key(person_id), people.profile_key(person_id), *more]
    )
    if person_row is None:
        return None
    person = people.person_of(person_row)
    profile = people.profile_of(profile_row) if profile_row else Profile(person_id)
    recipient = Recipient(
        person.id, person.email, person.name, person.locale, profile.country, profile.time_zone
    )
    return recipient, person, rows


def _in_programme(
    message: Message, programme_id: str, *more: Any
) -> tuple[Recipient, Programme, list[Any]] | None:
    """Read the recipient and the programme in whose name they are written to, with further rows in one round trip; None
    if either is gone."""
    found = _recipient(message, [programmes.programme_key(programme_id), *more])
    if found is None or found[2][0] is None:
        return None
    recipient, _, (programme_row, *rows) = found
    return recipient, programmes.programme_of(programme_row), rows


def _of_pair(
    message: Message, programme_id: str, other: Card | Face, *more: Any
) -> tuple[Recipient, Programme, list[Any]] | None:
    """Read the same of a mail that tells the recipient of another; None, too, where one of the two has blocked the
    other, unless it tells that something between them stops."""
    ids = (message.payload["recipient"], other.person_id)
    found = _in_programme(message, programme_id, *(people.blocks_key(one) for one in ids), *more)
    if found is None:
        return None
    recipient, programme, (mine, theirs, *rows) = found
    apart = ids[1] in people.blocks_of(mine) or ids[0] in people.blocks_of(theirs)
    return None if apart and Kind(message.kind) not in OF_AN_END else (recipient, programme, rows)


def _letter(message: Message, recipient: Recipient, facts: Facts) -> Letter:
    return Letter(Kind(message.kind), recipient, facts)


def _sender(programme: Programme) -> Sender:
    return Sender(_organisation_name(programme.organisation_id), programme.name, programme.kind.value)


def _organisation_name(organisation_id: str) -> str:
    found = organisations.get_organisation(organisation_id)
    return found.name if found else "Crossward"
