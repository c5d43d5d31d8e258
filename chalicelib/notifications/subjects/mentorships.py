"""Mails about mentorships, and about what the two agreed on, aim at and are asked."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime

from chalicelib.kernel.clock import from_text
from chalicelib.mentorships import service as mentorships
from chalicelib.mentorships.running import (
    NOT_ENDED,
    UNDER_WAY,
    EndReason,
    Mentorship,
    MentorshipStatus,
    is_under_way,
)
from chalicelib.notifications.letters import (
    AgreementFacts,
    FeedbackFacts,
    GoalFacts,
    HealthFacts,
    Letter,
    MentorshipFacts,
    Partner,
    Sender,
)
from chalicelib.notifications.model import Kind
from chalicelib.notifications.subjects.common import (
    Reader,
    letter,
    of_pair,
    sender_of,
)
from chalicelib.platform.outbox import Message
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import EnrolmentStatus, Side


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
        found = of_pair(message, programme_id, other, place_key)
        if found is None:
            return None
        recipient, programme, (place_row,) = found
        enrolment = programmes.enrolment_of(place_row) if place_row is not None else None
        facts = _mentorship_facts(mentorship, side, sender_of(programme))
        facts = replace(
            facts,
            was_held=told.get("was_held", False),
            is_matched_anew=mentorship.is_closed
            and not facts.has_proposal
            and programme.is_running(now)
            and enrolment is not None
            and enrolment.status is EnrolmentStatus.ACTIVE,
        )
        return letter(message, recipient, facts)

    return read


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
        found = of_pair(message, mentorship.programme_id, mentorship.card(side.other))
        if found is None:
            return None
        recipient, programme, _ = found
        facts = GoalFacts(
            sender_of(programme), side.value, Partner(mentorship.card(side.other).name), mentorship.id,
            own.goal.title, date.fromisoformat(told["due_on"]),
        )  # fmt: skip
        return letter(message, recipient, facts)

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
    found = of_pair(message, mentorship.programme_id, other)
    if found is None:
        return None
    recipient, programme, _ = found
    facts = HealthFacts(
        sender_of(programme), own.side.value, Partner(other.name), mentorship.id, findings, len(goals)
    )
    return letter(message, recipient, facts)


def _feedback(message: Message, now: datetime) -> Letter | None:
    """Read the mail that a pulse or a survey waits, sent while it is open and its reader has not answered."""
    person_id, told = message.payload["recipient"], message.payload
    asked = mentorships.feedback_asked_of(person_id, told["mentorship_id"], told["round"], now)
    if asked is None:
        return None
    other = asked.mentorship.card(asked.side.other)
    found = of_pair(message, asked.mentorship.programme_id, other)
    if found is None:
        return None
    recipient, programme, _ = found
    facts = FeedbackFacts(
        sender_of(programme), asked.side.value, Partner(other.name), asked.mentorship.id, asked.round.name,
        asked.round.kind.value, asked.until,
    )  # fmt: skip
    return letter(message, recipient, facts)


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
        found = of_pair(message, mentorship.programme_id, mentorship.card(side.other))
        if found is None:
            return None
        recipient, programme, _ = found
        changed = mentorships.changed_since_signed(agreement, side) if kind is Kind.AGREEMENT_CHANGED else ()
        other = side.other
        facts = AgreementFacts(
            sender_of(programme), side.value, Partner(mentorship.card(other).name), mentorship.id,
            other in wording.signed_at, changed,
        )  # fmt: skip
        return letter(message, recipient, facts)

    return read


READERS: Mapping[Kind, Reader] = {
    Kind.MENTORSHIP_IN_GRACE: _mentorship(_lapsed(*UNDER_WAY)),
    Kind.MENTORSHIP_PAUSED: _mentorship(_lapsed(MentorshipStatus.PAUSED)),
    Kind.MENTORSHIP_RESUMED: _mentorship(_goes_on),
    Kind.MENTORSHIP_HELD: _mentorship(_is_held),
    Kind.EXTENSION_ASKED: _mentorship(_more_is_asked),
    Kind.MENTORSHIP_EXTENDED: _mentorship(_has_not_ended),
    Kind.MENTORSHIP_ENDS_SOON: _mentorship(_ends_then),
    Kind.MENTORSHIP_ENDING: _mentorship(_has_ending(MentorshipStatus.CLOSING)),
    Kind.MENTORSHIP_CLOSED: _mentorship(_has_ending(MentorshipStatus.CLOSED)),
    Kind.GOAL_DUE: _goal(is_overdue=False),
    Kind.GOAL_OVERDUE: _goal(is_overdue=True),
    Kind.PULSE_DUE: _feedback,
    Kind.SURVEY_DUE: _feedback,
    Kind.AGREEMENT_UNSIGNED: _agreement(Kind.AGREEMENT_UNSIGNED),
    Kind.AGREEMENT_CHANGED: _agreement(Kind.AGREEMENT_CHANGED),
    Kind.AGREEMENT_SIGNED: _agreement(Kind.AGREEMENT_SIGNED),
    Kind.MENTORSHIP_NUDGE: _health,
    Kind.REVIEW_DUE: _health,
}
